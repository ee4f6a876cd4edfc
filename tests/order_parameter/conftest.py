from __future__ import annotations

from importlib.resources import as_file, files

import pytest

import vitreous as vt


@pytest.fixture(scope="session")
def hard_spheres():
    """The bundled snapshot: 2,000 binary hard spheres at packing fraction 0.58."""
    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.sph.gz") as path:
        return vt.read(path)
