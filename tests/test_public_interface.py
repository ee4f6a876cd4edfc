"""The names and shapes that people's scripts rely on."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from importlib.resources import as_file, files

import numpy as np
import pytest

import vitreous as vt


@pytest.mark.parametrize("name", vt.__all__)
def test_every_name_is_there(name):
    found = getattr(vt, name)
    assert found.__name__ == name
    assert found.__doc__
    assert name in dir(vt)


def test_all_is_sorted_and_complete():
    assert vt.__all__ == sorted(set(vt.__all__))
    assert set(vt.__all__) == {name for names in vt._HOMES.values() for name in names}


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'glass'"):
        _ = vt.glass


def test_the_version():
    assert vt.__version__ == version("vitreous")


def test_errors_are_of_one_family():
    assert issubclass(vt.FileError, vt.InputError)
    assert issubclass(vt.InputError, vt.VitreousError)
    assert issubclass(vt.ModelError, vt.VitreousError)
    assert issubclass(vt.InputError, ValueError)


def loaded_after(statement):
    code = f"import sys\n{statement}\nprint(*sorted(m for m in sys.modules if '.' not in m))"
    command = [sys.executable, "-c", code]
    return set(
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.split()
    )


def test_importing_the_package_costs_little():
    loaded = loaded_after("import vitreous")
    assert "vitreous" in loaded
    assert not loaded & {"numpy", "scipy", "numba", "sklearn", "matplotlib", "gsd", "typer", "rich"}


def test_reading_a_file_needs_no_learning():
    loaded = loaded_after("import vitreous; vitreous.read, vitreous.Configuration")
    assert not loaded & {"scipy", "numba", "sklearn", "matplotlib", "typer", "rich"}


def test_the_help_of_every_command_loads_nothing_that_computes():
    loaded = loaded_after("from vitreous.cli.app import whole; whole()")
    assert "typer" in loaded
    assert not loaded & {"numpy", "scipy", "numba", "sklearn", "matplotlib", "gsd", "dask", "cryptography"}


def test_the_way_from_a_file_to_an_order_parameter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
        bundled = vt.read(path)
    vt.write("snapshot.gsd", bundled)
    n, x, L, s, d = 2000, bundled.positions, bundled.box.lengths[0], bundled.species, bundled.diameters

    snapshot = vt.read("snapshot.gsd")
    assert snapshot.positions.shape == (n, 3)
    assert snapshot.species.shape == snapshot.diameters.shape == (n,)
    assert isinstance(snapshot.box, vt.Box)
    snapshot = vt.Configuration(positions=x, box=(L, L, L), species=s, diameters=d)

    neighbors = vt.sann(snapshot, symmetry="mutual")
    m = len(neighbors)
    assert isinstance(neighbors, vt.NeighborList)
    assert neighbors.offsets.shape == (n + 1,)
    assert neighbors.indices.shape == neighbors.distances.shape == (m,)
    assert neighbors.vectors.shape == (m, 3)
    assert len(vt.within(snapshot, cutoff=1.4)) > 0
    assert len(vt.within(snapshot, cutoff=[[1.5, 1.4], [1.4, 1.3]])) > 0

    q = vt.bond_order(neighbors, l=range(1, 9))
    q_bar = vt.averaged_bond_order(neighbors, l=range(1, 9))
    assert q.shape == q_bar.shape == vt.lechner_dellago(neighbors, l=range(1, 9)).shape == (n, 8)

    model = vt.OrderParameter(neighbors="sann", random_state=1).fit(snapshot)
    p_red = model.p_red(snapshot)
    assert p_red.shape == (n,)
    assert model.predict_proba(snapshot).shape == (n, 2)
    assert model.transform(snapshot).shape == (n, 2)
    p_avg = vt.local_average(snapshot, p_red, radius=2.0)
    assert p_avg.shape == (n,)
    assert p_avg.std() < p_red.std()
    model.save("m.vtm")
    model = vt.OrderParameter.load("m.vtm")
    np.testing.assert_array_equal(model.p_red(snapshot), p_red)
