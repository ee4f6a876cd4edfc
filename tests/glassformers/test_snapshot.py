"""Whether a snapshot is one of a model."""

from __future__ import annotations

import re

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileWarning, InputError
from vitreous.glassformers import as_model, glass_former, packing_fraction


def liquid(name, n=1000, density=1.2):
    model = glass_former(name)
    first = round(n * model.fractions[0])
    species = np.repeat(model.species, [first, n - first])
    side = (n / density) ** (1 / 3)
    points = (np.stack(np.unravel_index(np.arange(n), (10, 10, 10)), axis=1) + 0.5) / 10 * side
    return vt.Configuration(points, side, species)


def test_packing_fraction():
    spheres = vt.Configuration(np.zeros((3, 3)), 2.0, ["A", "A", "B"], {"A": 1.0, "B": 0.5})
    assert packing_fraction(spheres) == pytest.approx(np.pi / 6 * 2.125 / 8, rel=1e-14)
    with pytest.raises(InputError, match="has none"):
        packing_fraction(liquid("hard-spheres"))


def test_what_is_missing_is_the_model_s():
    taken = as_model(liquid("hard-spheres", density=0.9), glass_former("hard-spheres"))
    assert set(taken.diameters) == {1.0, 0.85}
    large = taken.species == "A"
    assert (taken.diameters[large] == 1.0).all()
    assert large.sum() == 300
    as_model(taken, glass_former("hard-spheres"), packing_fraction(taken) * (1 + 5e-5))
    taken = as_model(liquid("wahnstrom", density=0.81), glass_former("wahnstrom"), 0.7)
    assert set(taken.diameters) == {1.0, 1.2}


def test_rounding_and_one_percent_are_not_worth_a_word():
    start = liquid("kob-andersen", density=1.20005)
    assert len(as_model(start, glass_former("kob-andersen"))) == 1000
    species = start.species.copy()
    species[:9] = "B"
    as_model(vt.Configuration(start.positions, start.box, species), glass_former("kob-andersen"))


@pytest.mark.parametrize(
    ("start", "name", "saying"),
    [
        # 1,000 Kob-Andersen particles in a box 9.4 wide, as in the paper of 1995
        (
            liquid("kob-andersen", density=1000 / 9.4**3),
            "kob-andersen",
            r"density: .* 1\.20397, kob-andersen 1\.2 \(particles per σ_AA³\)",
        ),
        (liquid("kob-andersen", density=1.0), "kob-andersen", "density: the snapshot has 1,"),
        (liquid("kob-andersen", density=1.5), "kob-andersen", "density: the snapshot has 1.5,"),
        (liquid("wahnstrom", density=0.81), "kob-andersen", "50 % of the particles are A, in .* 80 % are"),
        (liquid("wahnstrom", density=0.9), "hard-spheres", "50 % of the particles are A, in .* 30 % are"),
    ],
)
def test_other_densities_and_compositions_are_taken_and_told(start, name, saying):
    with pytest.warns(FileWarning) as told:
        taken = as_model(start, glass_former(name), None)
    assert any(re.search(saying, str(one.message)) for one in told)
    np.testing.assert_array_equal(taken.positions, start.positions)
    assert taken.box.volume == start.box.volume
    assert set(taken.diameters) == set(glass_former(name).diameters)


def test_one_species_of_the_model_alone():
    start = liquid("kob-andersen", density=1.0)
    alone = vt.Configuration(start.positions, start.box, ["B"] * 1000)
    with pytest.warns(FileWarning, match="species: 0 % of the particles are A|density: the snapshot has 1,"):
        taken = as_model(alone, glass_former("kob-andersen"))
    assert set(taken.diameters) == {0.88}


@pytest.mark.filterwarnings("ignore::vitreous.FileWarning")
@pytest.mark.parametrize(
    ("start", "name", "saying"),
    [
        # σ of the large species as the unit of length: the same liquid, every distance 1.2 times smaller
        (liquid("wahnstrom", density=1.4), "wahnstrom", "energy is .* per particle, .* in the model's units"),
        (liquid("kob-andersen", density=2.5), "kob-andersen", "energy is .* per particle"),
        # Å where the model has nm, and the reverse
        (liquid("kob-andersen", density=1.2e-3), "kob-andersen", "no neighbour within 2 diameters"),
        (liquid("kob-andersen", density=1.2e3), "kob-andersen", "overlap"),
        (liquid("hard-spheres", density=1e-3), "hard-spheres", "no neighbour within 2 diameters"),
        (
            liquid("hard-spheres").with_diameters({"A": 1.0, "B": 0.8}),
            "hard-spheres",
            r"diameters of B: .* 0\.8,",
        ),
        (liquid("hard-spheres").with_diameters(np.linspace(1, 2, 1000)), "hard-spheres", "diameters of A"),
    ],
)
def test_other_units(start, name, saying):
    with pytest.raises(InputError, match=saying):
        as_model(start, glass_former(name))


@pytest.mark.parametrize(
    ("name", "density", "nearest"), [("hard-spheres", 0.9, 1 - 1e-6), ("kob-andersen", 1.2, 0.5)]
)
def test_overlaps(name, density, nearest):
    model = glass_former(name)
    start = liquid(name, density=density)
    first = np.flatnonzero(start.species == "A")[0]
    # the neighbour along z comes nearer, away from all others
    second = first + 1
    for distance, fine in ((nearest * (1 + 1e-7), True), (nearest * (1 - 1e-7), False)):
        x = start.positions.copy()
        x[second] = x[first] + [0.0, 0.0, distance]
        moved = vt.Configuration(x, start.box, start.species)
        if fine:
            as_model(moved, model)
        else:
            with pytest.raises(InputError, match=f"particles {first} and {second} overlap"):
                as_model(moved, model)
