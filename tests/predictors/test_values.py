"""Values of the predictors: those of the functions that are public, bare and averaged."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

import vitreous as vt
from cage_oracles import made_up_cages
from marks import needs_lammps
from vitreous.glassformers import glass_former, local_energy
from vitreous.jobs.reveal import reveal
from vitreous.order_parameter import OrderParameter
from vitreous.predictors.catalogue import KERNELS
from vitreous.predictors.values import Subject, averaged, missing_without, values_of
from vitreous.structure.simple_descriptors import coordination_number, local_density
from vitreous.structure.voronoi_cells import voronoi_cells


@pytest.fixture(scope="module", name="values")
def _values(subjects):
    return values_of(subjects[0], missing_without(subjects[0].liquid))


def test_structure(subjects, values):
    one = subjects[0].snapshot
    np.testing.assert_array_equal(values["density"], local_density(one, 2.0))
    np.testing.assert_array_equal(values["coordination"], coordination_number(one))
    np.testing.assert_array_equal(values["pair_entropy"], vt.pair_entropy(one))
    np.testing.assert_array_equal(values["tetrahedra_count"], vt.tetrahedra_count(one))
    np.testing.assert_array_equal(values["tetrahedral_order"], vt.tetrahedral_order(one))
    assert values["tetrahedra_count"].dtype == np.float64


@pytest.mark.skipif(find_spec("pyvoro2") is None, reason="pyvoro2 is not installed")
def test_cells(subjects, values):
    one = subjects[0].snapshot
    cells = voronoi_cells(one)
    np.testing.assert_allclose(values["voronoi_volume"], cells.volume, rtol=1e-12)
    np.testing.assert_allclose(values["asphericity"], cells.asphericity, rtol=1e-12)
    np.testing.assert_allclose(values["packing_imperfection"], vt.packing_imperfection(one), rtol=1e-9)


def test_cages(subjects, values):
    one = subjects[0]
    np.testing.assert_array_equal(values["log_variance"], np.log(one.cages.variance))
    np.testing.assert_array_equal(values["short_distance"], one.cages.distance)
    model = vt.CageOrderParameter().fit(one.snapshot, one.cages)
    np.testing.assert_array_equal(values["cage"], model.predict(one.snapshot, one.cages))
    np.testing.assert_array_equal(values["p_red_learned"], one.regression_to(values["p_red"]))
    assert not np.array_equal(values["p_red_learned"], values["cage"])


def test_the_reference_is_that_of_the_paper(subjects, values):
    one = subjects[0].snapshot
    found = reveal(one, OrderParameter(reducer="pca", neighbors="sann", random_state=0))
    np.testing.assert_array_equal(values["p_red"], found.p_red)
    of_kernel = averaged(one, values["p_red"][:, None], subjects[0].radius)
    np.testing.assert_array_equal(of_kernel[KERNELS.index("sphere"), :, 0], found.p_red_averaged)


def test_kernels(subjects, values):
    one = subjects[0].snapshot
    table = np.column_stack([values["density"], values["log_variance"]])
    bare, sphere, exponential = averaged(one, table, 2.0)
    np.testing.assert_array_equal(bare, table)
    np.testing.assert_array_equal(sphere, vt.local_average(one, table, radius=2.0))
    np.testing.assert_array_equal(exponential, vt.neighborhood_average(one, table))


def test_hard_spheres_have_no_energies(values):
    assert not [name for name in values if name.startswith("energy")]


def test_what_is_missing_is_not_computed(subjects, monkeypatch):
    monkeypatch.setattr("vitreous.predictors.values.pair_entropy", None)  # calling it would be an error
    missing = {**missing_without(subjects[0].liquid), "pair_entropy": "for a reason"}
    assert "pair_entropy" not in values_of(subjects[0], missing)


@needs_lammps
def test_energies():
    liquid = glass_former("kob-andersen")
    frame = vt.LammpsMD.liquid(liquid, 450, 0.8, seed=1).frame()
    wrapped, _ = frame.box.wrap(frame.positions)
    snapshot = vt.Configuration(wrapped, frame.box, frame.species, frame.diameters)
    cages = made_up_cages(snapshot, liquid="kob-andersen", temperature=0.8)
    one = Subject("a", snapshot, liquid, cages, 0)
    found = values_of(one, {})
    np.testing.assert_array_equal(found["energy_thermal"], local_energy(snapshot, liquid))
    np.testing.assert_array_equal(found["energy_mean"], local_energy(cages.at_mean_positions, liquid))
    assert found["energy_inherent"].mean() < found["energy_thermal"].mean() - 0.5
    assert one.contact == {("A", "A"): 1.0, ("A", "B"): 0.8, ("B", "B"): 0.88}
    theta = vt.packing_imperfection(snapshot, one.contact)
    np.testing.assert_allclose(found["packing_imperfection"], theta, rtol=1e-9)
    assert not np.allclose(theta, vt.packing_imperfection(snapshot))
