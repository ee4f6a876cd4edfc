"""The energy of every particle against a plain sum over pairs."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from strategies import shaken_lattice
from vitreous.errors import InputError
from vitreous.glassformers import glass_former, local_energy, pair_energy_force


@pytest.fixture(scope="module", name="liquid")
def _liquid():
    return shaken_lattice()


@pytest.mark.parametrize("name", ["kob-andersen", "wahnstrom"])
def test_energy(liquid, name):
    model = glass_former(name)
    d = liquid.positions[:, None] - liquid.positions
    d -= liquid.box.lengths * np.rint(d / liquid.box.lengths)
    r = np.linalg.norm(d, axis=-1)
    expected = np.zeros(len(liquid))
    for i in range(len(liquid)):
        for j in range(len(liquid)):
            if i != j:
                expected[i] += (
                    0.5 * pair_energy_force(model, liquid.species[i], liquid.species[j], r[i, j])[0]
                )
    np.testing.assert_allclose(local_energy(liquid, model), expected, rtol=1e-12, atol=1e-12)


def test_no_energy_of_hard_or_unknown_particles(liquid):
    with pytest.raises(InputError, match="no pair potential"):
        local_energy(liquid, glass_former("hard-spheres"))
    strange = vt.Configuration(liquid.positions, liquid.box, ["C"] * len(liquid))
    with pytest.raises(InputError, match="no pair C-C"):
        local_energy(strange, glass_former("kob-andersen"))
