"""Whether a snapshot is one of a model."""

from __future__ import annotations

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


def test_rounding_and_one_percent_are_allowed():
    start = liquid("kob-andersen", density=1.20005)
    assert len(as_model(start, glass_former("kob-andersen"))) == 1000
    species = start.species.copy()
    species[:9] = "B"
    as_model(vt.Configuration(start.positions, start.box, species), glass_former("kob-andersen"))
    species[:11] = "B"
    with pytest.raises(InputError, match=r"78\.9 % of the particles are A"):
        as_model(vt.Configuration(start.positions, start.box, species), glass_former("kob-andersen"))
    few = vt.Configuration(start.positions[797:801], start.box, start.species[797:801])  # 3 A, 1 B
    with pytest.raises(InputError, match="density"):
        as_model(few, glass_former("kob-andersen"))


def test_a_density_that_is_a_little_off_is_told():
    """1,000 Kob-Andersen particles in a box 9.4 wide, as in the paper of 1995."""
    start = liquid("kob-andersen", density=1000 / 9.4**3)
    with pytest.warns(FileWarning, match=r"density: the snapshot has 1\.20397, kob-andersen 1\.2 "):
        taken = as_model(start, glass_former("kob-andersen"))
    assert taken.box.volume == start.box.volume
    with pytest.raises(InputError, match=r"density: the snapshot has 1\.22,"):
        as_model(liquid("kob-andersen", density=1.22), glass_former("kob-andersen"))


@pytest.mark.parametrize(
    ("start", "name", "saying"),
    [
        (
            liquid("wahnstrom", density=1.296),
            "wahnstrom",
            r"density: the snapshot has 1\.296, wahnstrom 0\.81",
        ),
        (liquid("kob-andersen"), "wahnstrom", "80 % of the particles are A, in wahnstrom 50 % are"),
        (
            liquid("hard-spheres").with_diameters({"A": 1.0, "B": 0.8}),
            "hard-spheres",
            r"diameters of B: .* 0\.8,",
        ),
        (liquid("hard-spheres").with_diameters(np.linspace(1, 2, 1000)), "hard-spheres", "diameters of A"),
    ],
)
def test_another_model(start, name, saying):
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
