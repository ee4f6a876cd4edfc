"""What cannot be simulated is refused in one line that says why."""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.event_driven import HardSphereMD

PLACES = np.array([[1.0, 1, 1], [4, 1, 1], [1, 4, 1], [4, 4, 4]])
BOX = (8.0, 8.0, 8.0)


def start(**changes):
    return Configuration(**{"positions": PLACES, "box": BOX, "diameters": 1.0, **changes})


def refused(message, action, *arguments, **options):
    with pytest.raises(InputError, match=message) as caught:
        action(*arguments, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"diameters": None}, "diameters: hard spheres need them, and the configuration has none"),
        ({"positions": [[1.0, 1, 1]]}, "positions: there is one sphere only"),
        ({"diameters": [1.0, 0.0, 1.0, 1.0]}, "diameter"),
        ({"diameters": [1.0, 1.0, -1.0, 1.0]}, "diameter"),
        ({"diameters": [1.0, 1.0, np.nan, 1.0]}, "diameter"),
        ({"diameters": np.inf}, "diameter"),
        ({"diameters": 3.9}, "box: its shortest side, 8, is less than 2.1 times the largest diameter, 3.9"),
        ({"diameters": [1, 1, 1, 9.0]}, "box: its shortest side"),
        ({"box": (8, 8, 8, 1, 0, 0)}, "box: .* cubic or orthorhombic box; this one is tilted"),
        ({"periodic": (True, True, False)}, "box: .* periodic along x, y and z"),
        ({"positions": np.where(PLACES == 4.0, np.nan, PLACES)}, "positions: .* NaN"),
    ],
)
def test_bad_starts(changes, message):
    refused(message, lambda: HardSphereMD(start(**changes)))


def test_overlaps_name_the_pair_as_given():
    """The worst pair, counted as in the input though the engine has its own order, also through a boundary."""
    rng = np.random.default_rng(0)
    cells = np.array(list(np.ndindex(6, 6, 6)))[rng.permutation(216)]
    positions = 1.2 * cells + 0.05
    one = int(np.flatnonzero((cells == (0, 3, 3)).all(axis=1))[0])
    other = int(np.flatnonzero((cells == (5, 3, 3)).all(axis=1))[0])
    positions[one, 0] -= 0.04
    positions[other, 0] += 0.26  # 0.9 apart
    i, j = sorted((one, other))
    refused(
        f"positions: spheres {i} and {j} overlap: their distance is 0.9, contact 1;",
        HardSphereMD,
        Configuration(positions, (7.2,) * 3, diameters=1.0),
    )


def test_spheres_at_one_place():
    refused(
        "spheres 1 and 3 overlap: their distance is 0, contact 1",
        HardSphereMD,
        start(positions=PLACES[[0, 1, 2, 1]]),
    )


def test_many_overlaps():
    """A wrong unit of the diameters: thousands of neighbours each."""
    positions = np.random.default_rng(1).random((600, 3)) * 40
    refused("overlap", HardSphereMD, Configuration(positions, (40.0,) * 3, diameters=10.0))


def test_rounding_is_no_overlap():
    for gap, fits in ((-0.5e-6, True), (-2e-6, False)):
        pair = np.array([[1.0, 1, 1], [2.0 + gap, 1, 1]])
        if fits:
            HardSphereMD(start(positions=pair)).run(1.0)
        else:
            refused("spheres 0 and 1 overlap", HardSphereMD, start(positions=pair))


@pytest.mark.parametrize(
    ("masses", "message"),
    [
        (0.0, "masses: must be positive and finite; sphere 0 has 0.0"),
        ([1.0, 1.0, -1.0, 1.0], "masses: must be positive and finite; sphere 2 has -1.0"),
        ([1.0, np.nan, 1.0, 1.0], "sphere 1 has nan"),
        ([1.0, 1.0, 1.0, np.inf], "sphere 3 has inf"),
        ([1.0, 1.0], "masses: expected 4 numbers, one number or one per species"),
        ("heavy", "masses: expected 4 numbers"),
        ([[1.0] * 4] * 4, "masses: expected 4 numbers"),
        ({"A": 1.0}, "masses: expected one for each species, A, B; got A"),
        ({"A": 1.0, "B": 1.0, "C": 1.0}, "masses: expected one for each species, A, B; got A, B, C"),
        ({}, "masses: expected one for each species"),
        ({"A": 1.0, "B": -2.0}, "masses: must be positive and finite; sphere 2 has -2.0"),
        pytest.param(
            {"A": 1.0, "B": "heavy"},
            "masses: ",
        ),
        pytest.param(
            {"A": 1.0, "B": [1.0, 2.0]},
            "masses: ",
        ),
    ],
)
def test_bad_masses(masses, message):
    refused(message, HardSphereMD, start(species=list("AABB")), masses=masses)


def test_bad_mass_column():
    refused("masses: must be positive", HardSphereMD, start(columns={"mass": [1.0, 0.0, 1.0, 1.0]}))


@pytest.mark.parametrize(
    ("velocities", "message"),
    [
        (None, "velocity: the frame has no velocities"),
        (np.ones((4, 2)), "velocity: the frame has no velocities"),
        (np.ones(4), "velocity: the frame has no velocities"),
        (np.where(PLACES == 4.0, np.nan, PLACES), "velocity: there are NaN or infinite velocities"),
        (np.where(PLACES == 4.0, np.inf, PLACES), "velocity: there are NaN or infinite velocities"),
    ],
)
def test_bad_velocities(velocities, message):
    refused(
        message, HardSphereMD.restore, start(columns={} if velocities is None else {"velocity": velocities})
    )


@pytest.fixture(scope="module")
def engine():
    return HardSphereMD(start())


@pytest.mark.parametrize("duration", [-1.0, np.nan, np.inf, -np.inf])
def test_bad_durations(engine, duration):
    refused("duration: expected a time of 0 or more", engine.run, duration)


@pytest.mark.parametrize("time", [-1.0, np.nan, np.inf])
def test_bad_times(engine, time):
    refused("time: cannot go on until", engine.advance, time)


def test_the_past(engine):
    engine.run(1.0)
    refused("time: cannot go on until 0.5; it is 1.0 now", engine.advance, 0.5)


@pytest.mark.parametrize("thermostat", ["langevin", "", 3])
def test_bad_thermostats(engine, thermostat):
    refused("thermostat: expected 'andersen', 'rescaling' or None", engine.run, 1.0, thermostat=thermostat)


@pytest.mark.parametrize("interval", [0.0, -1.0, np.nan, np.inf])
def test_bad_intervals(engine, interval):
    refused("interval: expected a positive time", engine.run, 1.0, thermostat="andersen", interval=interval)


@pytest.mark.parametrize("thermostat", [None, "rescaling"])
def test_spheres_at_rest(thermostat):
    frame = start(columns={"velocity": np.zeros((4, 3))})
    refused("velocity: ", lambda: HardSphereMD.restore(frame).run(1.0, thermostat=thermostat))


def test_bad_seeds():
    refused("seed: ", HardSphereMD, start(), seed=-1)


def test_a_state_of_something_else():
    engine = HardSphereMD(start())
    refused("state: ", HardSphereMD.restore, engine.frame(), {"lammps": np.zeros(2)})


def test_a_left_handed_box():
    """Edges that point backwards are refused, not followed."""
    box = Box(np.diag([-8.0, 8.0, 8.0]))
    refused("box: ", HardSphereMD, Configuration(PLACES * [-1, 1, 1], box, diameters=1.0))
