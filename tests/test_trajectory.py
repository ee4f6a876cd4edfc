from __future__ import annotations

import numpy as np
import pytest

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.trajectory import Trajectory

RNG = np.random.default_rng(0)
POSITIONS = RNG.random((4, 6, 3)) * 5
TIMES = [0.0, 1.0, 2.0, 4.0]
SPECIES = list("AABABB")


def frames(**options):
    return [
        Configuration(x, 5.0, SPECIES, unwrapped=True, time=t, step=int(10 * t), **options)
        for x, t in zip(POSITIONS, TIMES, strict=True)
    ]


def test_what_it_holds():
    found = Trajectory(POSITIONS, TIMES, 5.0, SPECIES, {"A": 1.0, "B": 0.8}, "x.gsd")
    assert len(found) == 4
    assert (found.n_particles, found.duration, found.species_names) == (6, 4.0, ("A", "B"))
    assert found.number_density == pytest.approx(6 / 125)
    np.testing.assert_array_equal(found.members("B"), [False, False, True, False, True, True])
    assert found.members().all()
    assert "T=4" in repr(found)
    assert "A: 3" in repr(found)
    last = found[-1]
    np.testing.assert_array_equal(last.positions, POSITIONS[3])
    assert (last.time, last.unwrapped, last.source) == (4.0, True, "x.gsd")
    np.testing.assert_array_equal(last.diameters, [1, 1, 0.8, 1, 0.8, 0.8])
    with pytest.raises(IndexError):
        found[4]
    with pytest.raises(ValueError, match="read-only"):
        found.positions[0] = 0.0


def test_the_part_since_a_time():
    part = Trajectory(POSITIONS, TIMES, 5.0, SPECIES).since(1.5)
    np.testing.assert_array_equal(part.times, [2.0, 4.0])
    np.testing.assert_array_equal(part.positions, POSITIONS[2:])
    with pytest.raises(InputError, match="no frame is as late as 5; the last is at 4"):
        part.since(5.0)


def test_images_are_undone_and_steps_are_times():
    images = RNG.integers(-2, 3, (4, 6, 3))
    wrapped = [
        Configuration(x, (5.0, 6.0, 7.0), images=n, step=k)
        for k, (x, n) in enumerate(zip(POSITIONS, images, strict=True))
    ]
    found = Trajectory.of(wrapped, timestep=0.5)
    np.testing.assert_allclose(found.positions, POSITIONS + images * [5.0, 6.0, 7.0], atol=1e-12)
    np.testing.assert_array_equal(found.times, [0.0, 0.5, 1.0, 1.5])


@pytest.mark.parametrize(
    ("change", "saying"),
    [
        (lambda f: Configuration(f.positions[:5], f.box, SPECIES[:5], unwrapped=True, time=f.time),
         "f.x: frame 2: it has 5 particles, frame 0 has 6"),
        (lambda f: Configuration(f.positions, f.box, SPECIES[::-1], unwrapped=True, time=f.time),
         "f.x: frame 2: the species are not those of frame 0"),
        (lambda f: Configuration(f.positions, 5.1, SPECIES, unwrapped=True, time=f.time),
         "f.x: frame 2: the box is not that of frame 0"),
        (lambda f: Configuration(f.positions, f.box, SPECIES, time=f.time), "f.x: frame 2: .*carry no image flags"),
        (lambda f: Configuration(f.positions, f.box, SPECIES, unwrapped=True), "f.x: frame 2: .* neither a time"),
        (lambda f: Configuration(f.positions, f.box, SPECIES, unwrapped=True, step=3),
         "f.x: frame 2: it has a step but no time; .*--timestep"),
        (lambda f: Configuration(f.positions, f.box, SPECIES, unwrapped=True, time=1.0),
         "f.x: trajectory: times must increase, but frame 2 at 1 follows frame 1 at 1"),
    ],
)  # fmt: skip
def test_frames_that_do_not_fit(change, saying):
    given = frames()
    given[2] = change(given[2])
    with pytest.raises(InputError, match=saying):
        Trajectory.of(given, source="f.x")


def test_ids_in_another_order():
    given = frames(columns={"id": np.arange(6)})
    Trajectory.of(given)
    given[1] = given[1].with_columns(id=[1, 0, 2, 3, 4, 5])
    with pytest.raises(InputError, match="frame 1: the particle ids"):
        Trajectory.of(given)


def test_refused():
    with pytest.raises(InputError, match="there are no frames"):
        Trajectory.of([])
    with pytest.raises(InputError, match="timestep: must be positive"):
        Trajectory.of(frames(), timestep=0.0)
    without = [Configuration(x, 5.0, unwrapped=True) for x in POSITIONS]
    with pytest.raises(InputError, match="frame 0: it has no step"):
        Trajectory.of(without, timestep=1.0)
    with pytest.raises(InputError, match=r"expected positions \(T, N, 3\)"):
        Trajectory(POSITIONS, TIMES[:3], 5.0)
    with pytest.raises(InputError, match="positions must be an array of numbers"):
        Trajectory([["a"]], TIMES, 5.0)
    broken = POSITIONS.copy()
    broken[1, 2, 0] = np.nan
    with pytest.raises(InputError, match="frame 1 has NaN"):
        Trajectory(broken, TIMES, 5.0)
    with pytest.raises(InputError, match="species: unknown 'C'; the trajectory has A, B"):
        Trajectory(POSITIONS, TIMES, 5.0, SPECIES).members("C")
