"""Every collision is the one that looking at all pairs and images finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from event_driven_oracle import assert_exact, engine_of, fcc, grown

pytestmark = pytest.mark.skipif(
    np.finfo(np.longdouble).eps > 1e-18, reason="needs numbers of more than double precision here"
)


@st.composite
def starts(draw, largest=40):
    """Spheres of one to three species, or all different, in more or less elongated boxes."""
    n = draw(st.integers(2, largest))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    species = draw(st.sampled_from([1, 1, 2, 3, n]))
    ratio = draw(st.floats(1.0, 3.0))
    kind = rng.integers(0, species, n) if species < n else np.arange(n)
    diameters = rng.uniform(1.0, ratio, species)[kind] * draw(st.sampled_from([1.0, 1.0, 1e-3, 40.0]))
    masses = (draw(st.sampled_from([1.0, 10.0, 100.0])) ** rng.random(species))[kind]
    shape = [draw(st.floats(1.0, 2.5)) for _ in range(3)]
    packing_fraction = draw(st.floats(0.02, 0.5))
    note(f"{n} spheres of {species} species, packing fraction {packing_fraction}")
    return grown(diameters, packing_fraction, masses=masses, shape=shape, seed=n)


@settings(max_examples=90)
@given(starts())
def test_every_collision_is_the_next(engine):
    for _ in range(4):
        assert_exact(engine, 30, tolerance=1e-11)
        engine.rebase()
