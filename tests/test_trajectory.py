from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.trajectory import Trajectory

RNG = np.random.default_rng(0)
POSITIONS = RNG.random((6, 3)) * 5 + np.cumsum(RNG.uniform(-1, 1, (4, 6, 3)), axis=0)
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
    box = vt.Box.of((5.0, 6.0, 7.0))
    far = POSITIONS + RNG.integers(-2, 3, (6, 3)) * box.lengths
    wrapped = []
    for k, x in enumerate(far):
        inside, images = box.wrap(x)
        wrapped.append(Configuration(inside, box, images=images, step=k))
    found = Trajectory.of(wrapped, timestep=0.5)
    assert found.unfollowed is None
    np.testing.assert_allclose(found.positions, far, atol=1e-12)
    np.testing.assert_allclose(found.drift, (far - far[0]).mean(axis=1), atol=1e-12)
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
        (lambda f: Configuration(f.box.wrap(f.positions)[0], f.box, SPECIES, time=f.time),
         "f.x: .*carry no image flags"),
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


def test_open_faces_may_follow_the_particles():
    given = [
        Configuration(
            [[1.0, 1.0, 0.1], [2.0, 3.0, top]],
            vt.Box.of([5.0, 5.0, top], (True, True, False)),
            images=[[0] * 3] * 2,
            time=k,
        )
        for k, top in enumerate((2.0, 2.5, 3.0))
    ]
    found = Trajectory.of(given)
    np.testing.assert_array_equal(found.positions[:, 1, 2], [2.0, 2.5, 3.0])
    assert found.box.lengths.tolist() == [5.0, 5.0, 2.0]
    wider = Configuration(
        given[2].positions, vt.Box.of([5.5, 5.0, 3.0], (True, True, False)), images=[[0] * 3] * 2, time=2
    )
    with pytest.raises(InputError, match="frame 2: the box is not that of frame 0"):
        Trajectory.of([*given[:2], wider])


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


def crossing(**options):
    """Frames of three particles that drift over the boundary, wrapped."""
    box = vt.Box.of(5.0)
    x = np.array([[4.0, 1.0, 2.0], [1.0, 3.9, 2.0], [2.0, 2.0, 2.0]])
    frames = [x + k * 0.4 * np.eye(3) for k in range(8)]
    return np.array(frames), [
        Configuration(box.wrap(frame)[0], box, time=k, **options) for k, frame in enumerate(frames)
    ]


def test_wrapped_frames_are_refused_followed_or_taken_as_they_are():
    truth, frames = crossing()
    with pytest.raises(
        InputError, match=r"no image flags.*--unwrap\), by which the longest step is 0\.08 of the box"
    ):
        Trajectory.of(frames)
    found = Trajectory.of(frames, unwrap=True)
    np.testing.assert_allclose(found.positions, truth, atol=1e-12)
    assert found.unfollowed is None
    assert "the longest step is 0.08 of the box" in found.remarks[0]
    for taken in (Trajectory.of(frames, wrapped=True), Trajectory.of(frames, wrapped=True).since(2.0)):
        assert taken.wrapped
        assert not taken.jumps
        assert "no image flags" in taken.unfollowed
        assert not taken[1].unwrapped
        with pytest.raises(InputError, match="MSD: the positions are wrapped"):
            taken.require_followed("MSD")


def test_what_jumps_is_not_unwrapped():
    truth, frames = crossing(unwrapped=True)
    with pytest.raises(
        InputError, match=r"particles jump, 2 steps are longer than half .* 0\.92 of the box along b"
    ):
        Trajectory.of(frames)
    np.testing.assert_allclose(Trajectory.of(frames, unwrap=True).positions, truth, atol=1e-12)
    images = np.ones((3, 3), int)
    stale = [Configuration(frame.positions, frame.box, images=images, time=frame.time) for frame in frames]
    with pytest.raises(InputError, match="images are missing, stale or reset"):
        Trajectory.of(stale)
    taken = Trajectory(np.array([frame.positions for frame in frames]), range(8), 5.0)
    assert taken.jumps
    assert "--unwrap" in taken.unfollowed
    assert Trajectory(taken.positions, range(8), 5.0, long_steps=True).unfollowed is None
    assert Trajectory(truth, range(8), 5.0).unfollowed is None


def test_only_some_frames_have_images():
    truth, frames = crossing()
    frames[0] = Configuration(frames[0].positions, 5.0, images=np.zeros((3, 3), int), time=0.0)
    with pytest.raises(InputError, match="no image flags"):
        Trajectory.of(frames)
    np.testing.assert_allclose(Trajectory.of(frames, unwrap=True).positions, truth, atol=1e-12)


def test_too_far_for_the_nearest_image():
    box, x = vt.Box.of(5.0), np.random.default_rng(2).random((6, 40, 3)) * 5
    frames = [Configuration(frame, box, time=k) for k, frame in enumerate(x)]
    with pytest.raises(
        InputError, match=r"cannot follow particles by the nearest image: the longest step is 0\.\d+"
    ):
        Trajectory.of(frames, unwrap=True)
    with pytest.raises(InputError, match="does not tell where they went"):
        Trajectory.of(frames)


def test_what_vitreous_simulated_may_go_far():
    x = np.random.default_rng(3).random((1, 4, 3)) + np.array([0.0, 3.0])[:, None, None]
    frames = [
        Configuration(frame, 5.0, unwrapped=True, time=k, metadata={"simulation": {}})
        for k, frame in enumerate(x)
    ]
    assert Trajectory.of(frames).unfollowed is None
    with pytest.raises(InputError, match="particles jump"):
        Trajectory(x, [0, 1], 5.0).require_followed("MSD")


def test_frames_in_a_file(monkeypatch):
    _, frames = crossing()
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", 0)
    found = Trajectory.of(frames, unwrap=True)
    assert isinstance(found.positions, np.memmap)
    assert isinstance(found.since(2.0).positions, np.memmap)
    np.testing.assert_allclose(found.positions, crossing()[0], atol=1e-12)
