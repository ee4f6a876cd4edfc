from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt


@pytest.fixture(scope="session")
def gas():
    """20,000 particles of two species anywhere."""
    rng = np.random.default_rng(0)
    return vt.Configuration(rng.random((20_000, 3)) * 27, 27.0, species=rng.choice(["A", "B"], 20_000))
