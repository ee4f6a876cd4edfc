from __future__ import annotations

import numpy as np
import pytest

from vitreous.errors import InputError
from vitreous.glassformers import glass_former, pair_energy_force

KA = glass_former("kob-andersen")
WAHNSTROM = glass_former("wahnstrom")
ALL = [(model, a, b) for model in (KA, WAHNSTROM) for a, b, _ in model.pair_potentials]


def test_textbook_values():
    energy, force = pair_energy_force(KA, "A", "A", [1.0, 2 ** (1 / 6)])
    shift = 4 * (2.5**-12 - 2.5**-6)
    np.testing.assert_allclose(energy, [-shift, -1 - shift], rtol=1e-14)
    np.testing.assert_allclose(force, [24, 0], atol=1e-13)
    energy, _ = pair_energy_force(KA, "B", "A", 0.8 * 2 ** (1 / 6))
    assert energy == pytest.approx(1.5 * (-1 - shift), rel=1e-14)
    energy, _ = pair_energy_force(WAHNSTROM, "B", "B", 1.2)
    assert energy == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(("model", "a", "b"), ALL)
def test_the_force_is_the_slope_of_the_energy(model, a, b):
    pair = model.pair(a, b)
    r = np.linspace(0.8 * pair.sigma, 0.999 * pair.cutoff, 50)
    h = 1e-5
    slope = (pair_energy_force(model, a, b, r + h)[0] - pair_energy_force(model, a, b, r - h)[0]) / (2 * h)
    np.testing.assert_allclose(pair_energy_force(model, a, b, r)[1], -slope, rtol=2e-7, atol=1e-7)


@pytest.mark.parametrize(("model", "a", "b"), ALL)
def test_nothing_is_left_at_the_cutoff(model, a, b):
    cutoff = model.pair(a, b).cutoff
    energy, force = pair_energy_force(
        model, a, b, [cutoff * (1 - 1e-9), cutoff, np.nextafter(cutoff, 9), 50.0]
    )
    assert abs(energy[0]) < 1e-8
    assert not energy[1:].any()
    assert not force[1:].any()


@pytest.mark.parametrize(("a", "b", "sigma"), [("A", "A", 1.0), ("A", "B", 1.1), ("B", "B", 1.2)])
def test_wahnstrom_only_repels(a, b, sigma):
    pair = WAHNSTROM.pair(a, b)
    assert pair.sigma == sigma
    assert pair.cutoff == pytest.approx(2 ** (1 / 6) * sigma, rel=1e-15)
    r = np.concatenate([np.linspace(0.5, 2, 1000), pair.cutoff * (1 - np.geomspace(1e-16, 0.1, 200))])
    energy, force = pair_energy_force(WAHNSTROM, a, b, r)
    assert energy.min() >= -1e-30
    assert force.min() >= -1e-13


def test_the_order_of_the_species_does_not_matter():
    assert KA.pair("A", "B") == KA.pair("B", "A")


def test_the_shape_is_that_of_the_distances():
    energy, force = pair_energy_force(KA, "A", "B", np.ones((2, 3)))
    assert energy.shape == force.shape == (2, 3)


@pytest.mark.parametrize("r", [0.0, -1.0, np.nan, [1.0, 0.0]])
def test_impossible_distances(r):
    with pytest.raises(InputError, match="positive"):
        pair_energy_force(KA, "A", "A", r)


def test_unknown_species_and_hard_spheres():
    with pytest.raises(InputError, match=r"no pair A-C; the species are A, B"):
        pair_energy_force(KA, "A", "C", 1.0)
    with pytest.raises(InputError, match="only contact"):
        pair_energy_force(glass_former("hard-spheres"), "A", "A", 1.0)
