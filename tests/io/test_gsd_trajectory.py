"""Trajectories that grow, and what is left of them when their writer dies."""

from __future__ import annotations

from dataclasses import replace

import gsd.hoomd
import numpy as np
import pytest

import vitreous as vt
from vitreous.io.gsd_trajectory import TrajectoryFile


def frames(count, n=50):
    rng = np.random.default_rng(3)
    first = vt.Configuration(
        rng.random((n, 3)) * 5,
        5.0,
        species=["A"] * 20 + ["B"] * 30,
        diameters={"A": 1.0, "B": 0.85},
        images=np.zeros((n, 3), int),
        time=0.0,
        columns={"velocity": rng.standard_normal((n, 3))},
        metadata={"simulation": {"seed": 3}},
    )
    return [
        replace(
            first,
            positions=rng.random((n, 3)) * 5,
            images=rng.integers(-2, 3, (n, 3)),
            time=0.1 * k,
            columns={"velocity": rng.standard_normal((n, 3))},
        )
        for k in range(count)
    ]


def same(a, b):
    assert np.array_equal(a.positions, b.positions)
    assert np.array_equal(a.images, b.images)
    assert np.array_equal(a.columns["velocity"], b.columns["velocity"])
    assert np.array_equal(a.diameters, b.diameters)
    assert np.array_equal(a.species, b.species)
    assert (a.time, dict(a.metadata)) == (b.time, dict(b.metadata))


def test_frames_and_states_come_back_to_the_bit(tmp_path):
    written = frames(4)
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    for k, frame in enumerate(written):
        trajectory.append(frame, {"counter": np.array([k, 7])})
        if k == 1:
            trajectory = TrajectoryFile(tmp_path / "t.gsd")  # as another process would
    assert len(trajectory) == 4
    for k, frame in enumerate(written):
        same(trajectory.read(k), frame)
        same(vt.read(tmp_path / "t.gsd", frame=k), frame)
        assert trajectory.state(k)["counter"].tolist() == [k, 7]
    assert trajectory.state(-1)["counter"][0] == 3


def test_light_frames_have_no_state(tmp_path):
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    written = frames(4)
    for k, frame in enumerate(written):
        trajectory.append(frame, None if k in (1, 3) else {"counter": np.array([k])})
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    assert trajectory.last_whole == 2
    same(trajectory.read(2), written[2])
    assert trajectory.state(3) == {}
    for k in (1, 3):
        same(trajectory.read(k), written[k])


def test_other_programs_read_every_frame(tmp_path):
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    written = frames(3)
    for frame in written:
        trajectory.append(frame)
    with gsd.hoomd.open(tmp_path / "t.gsd") as file:
        assert len(file) == 3
        for k, frame in enumerate(written):
            particles = file[k].particles
            assert particles.types == ["A", "B"]
            np.testing.assert_allclose(
                particles.position + particles.image * 5.0 + 2.5,
                frame.unwrapped_positions,
                atol=1e-5,
            )
            np.testing.assert_allclose(particles.diameter, frame.diameters, rtol=1e-6)


@pytest.mark.parametrize("length", [40, 400, 3000])
def test_a_frame_that_was_cut_off_is_dropped_and_written_again(tmp_path, length):
    """The writer died after some chunks: they are in the file, but the frame was not finished."""
    path = tmp_path / "t.gsd"
    written = frames(3)
    trajectory = TrajectoryFile(path)
    for frame in written[:2]:
        trajectory.append(frame)
    with gsd.fl.open(str(path), "r+") as file:
        file.write_chunk("particles/position", np.zeros((length, 3), np.float32))
        file.end_frame()
    again = TrajectoryFile(path)
    assert len(again) == 2
    again.append(written[2])
    for k, frame in enumerate(written):
        same(vt.read(path, frame=k), frame)
    with gsd.fl.open(str(path), "r") as file:
        assert file.nframes == 3


def test_bytes_at_the_end_that_no_index_names_do_no_harm(tmp_path):
    path = tmp_path / "t.gsd"
    written = frames(2)
    TrajectoryFile(path).append(written[0])
    with path.open("ab") as file:
        file.write(b"\x55" * 1000)
    trajectory = TrajectoryFile(path)
    trajectory.append(written[1])
    same(trajectory.read(1), written[1])


def test_a_foreign_file_is_refused(tmp_path):
    vt.write(tmp_path / "other.gsd", frames(1)[0])
    with pytest.raises(vt.FileError, match="no trajectory of vitreous"):
        TrajectoryFile(tmp_path / "other.gsd")
    (tmp_path / "text.gsd").write_text("no")
    with pytest.raises(vt.FileError, match="not a GSD file"):
        TrajectoryFile(tmp_path / "text.gsd")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(vt.FileError, match="does not exist"):
        TrajectoryFile(tmp_path / "no" / "t.gsd").append(frames(1)[0])


def test_images_of_frame_0_are_not_lent_to_others(tmp_path):
    inside = vt.Configuration([[1.0, 1, 1], [2.1, 2, 2]], 5.0)
    outside = replace(inside, positions=inside.positions + np.array([0, 0, 3.5]))
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    for frame in (outside, inside, outside):
        trajectory.append(frame)
    for k, frame in enumerate((outside, inside, outside)):
        assert np.array_equal(trajectory.read(k).positions, frame.positions)
        assert trajectory.read(k).images is None


@pytest.mark.parametrize("lacking", [{"columns": {}}, {"diameters": None}])
def test_what_only_frame_0_has_cannot_be_said(tmp_path, lacking):
    first = frames(1)[0]
    trajectory = TrajectoryFile(tmp_path / "t.gsd")
    trajectory.append(first)
    with pytest.raises(vt.FileError, match=r"frame 1 has no (velocity|diameter), but frame 0 has"):
        trajectory.append(replace(first, **lacking))
    same(trajectory.read(-1), first)
