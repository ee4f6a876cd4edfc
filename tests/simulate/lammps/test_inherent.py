"""Inherent structures: against another minimiser, and what they may not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

import vitreous as vt
from marks import needs_lammps
from simulate.lammps.models import KA
from vitreous.errors import InputError, VitreousError
from vitreous.glassformers import glass_former, local_energy, pair_energy_force
from vitreous.simulate.inherent import inherent_structure

pytestmark = needs_lammps


def energy_and_gradient(x, start, model):
    """By all pairs, at the nearest image; slow."""
    positions = x.reshape(-1, 3)
    i, j = np.triu_indices(len(start), 1)
    length = start.box.lengths
    bond = positions[j] - positions[i]
    bond -= length * np.rint(bond / length)
    r = np.linalg.norm(bond, axis=1)
    total, gradient = 0.0, np.zeros_like(positions)
    for a, b in (("A", "A"), ("A", "B"), ("B", "A"), ("B", "B")):
        mine = (start.species[i] == a) & (start.species[j] == b)
        energy, force = pair_energy_force(model, a, b, r[mine])
        total += energy.sum()
        push = (force / r[mine])[:, None] * bond[mine]
        np.add.at(gradient, i[mine], push)
        np.add.at(gradient, j[mine], -push)
    return total, gradient.ravel()


def test_it_is_a_minimum(case):
    start, model, _ = case
    found = inherent_structure(start, model)
    energy, gradient = energy_and_gradient(found.positions.ravel(), found, model)
    assert np.abs(gradient).max() < 1e-6
    assert local_energy(found, model).sum() == pytest.approx(energy, rel=1e-10)
    assert energy < local_energy(start, model).sum() - 0.1 * len(start)
    rng = np.random.default_rng(0)
    for _ in range(5):
        shaken = found.positions + 0.01 * rng.standard_normal(found.positions.shape)
        assert energy_and_gradient(shaken.ravel(), found, model)[0] > energy


def test_another_minimiser_goes_to_the_same_place(case):
    """From a little above it: from far above, two paths may lead into different basins."""
    start, model, _ = case
    found = inherent_structure(start, model)
    rng = np.random.default_rng(1)
    shaken = found.positions + 0.02 * rng.standard_normal(found.positions.shape)
    theirs = minimize(
        energy_and_gradient,
        shaken.ravel(),
        (start, model),
        "L-BFGS-B",
        jac=True,
        options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-7},
    )
    near = vt.Configuration(shaken, start.box, start.species, unwrapped=True)
    ours = inherent_structure(near, model)
    assert local_energy(ours, model).sum() == pytest.approx(theirs.fun, abs=1e-3)
    assert local_energy(ours, model).sum() == pytest.approx(local_energy(found, model).sum(), abs=1e-3)


def test_particles_stay_the_same(case):
    start, model, _ = case
    found = inherent_structure(start, model)
    assert np.array_equal(found.species, start.species)
    assert found.unwrapped
    assert not found.columns
    apart = np.linalg.norm(found.positions - start.positions, axis=1)
    assert 0.05 < np.median(apart) < 0.5
    assert apart.max() < 2.0
    again = inherent_structure(found, model)
    np.testing.assert_allclose(again.positions, found.positions, atol=1e-6)


def test_wrapped_and_in_another_place(case):
    start, model, _ = case
    wrapped, _ = start.box.wrap(start.positions)
    folded = inherent_structure(vt.Configuration(wrapped, start.box, start.species), model)
    energies = local_energy(inherent_structure(start, model), model), local_energy(folded, model)
    np.testing.assert_allclose(*energies, atol=1e-6)
    assert np.abs(folded.positions - wrapped).max() < 2.0


@pytest.mark.parametrize(
    ("model", "box", "saying"),
    [
        ("hard-spheres", 6.0, "no potential energy"),
        ("kob-andersen", 2.0, "too short"),
    ],
)
def test_what_is_refused(model, box, saying):
    start = vt.Configuration(np.random.default_rng(0).random((30, 3)) * box, box, ["A"] * 24 + ["B"] * 6)
    with pytest.raises(InputError, match=saying):
        inherent_structure(start, glass_former(model))


def test_no_minimum(liquids, monkeypatch):
    monkeypatch.setattr("vitreous.simulate.inherent._STEPS", 2)
    with pytest.raises(VitreousError, match="no minimum was reached"):
        inherent_structure(liquids[KA.name], KA)
