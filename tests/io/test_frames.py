"""Which frames are read, what damaged ones do to the others, and what their times are."""

from __future__ import annotations

import bz2
import gzip

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileError, FileWarning, InputError
from vitreous.io import frame_numbers, read_frames


def frame(step, rows=3, columns="id type xu yu zu", shift=0.0, head=""):
    text = f"{head}ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{rows}\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
    text += f"ITEM: ATOMS {columns}\n"
    return text + "".join(f"{i + 1} 1 {i + shift:.4f} {2 * i % 7:.4f} {i + 0.5:.4f}\n" for i in range(rows))


def xyz(step, rows=3, shift=0.0):
    text = f"{rows}\nstep:{step} cell:9,9,9\n"
    return text + "".join(f"A {i + shift:.4f} {2 * i % 7:.4f} {i + 0.5:.4f}\n" for i in range(rows))


def sph(step, rows=3, shift=0.0):
    return f"{rows}\n9 9 9\n" + "".join(
        f"a {i + shift:.4f} {2 * i % 7:.4f} {step:.4f} 0.5\n" for i in range(rows)
    )


MAKERS = {"a.dump": frame, "a.xyz": xyz, "a.sph": sph}


def steps(path, name, **options):
    found = list(read_frames(path, **options))
    return [int(one.positions[0, 2]) if name == "a.sph" else one.step for one in found]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("1.0000 2.0000", "1.0000 oops"),
        lambda text: text.replace("1.0000", "nan", 1),
        lambda text: text[: -len(text) // 3],  # the writer was killed, and the next one appended
        lambda text: text[: text.rindex("\n", 0, -2) + 1],  # one row less
        lambda text: text + text.splitlines(keepends=True)[-1],  # one row more
        lambda text: text.replace("3\n", "1000000000000\n", 1) if "ITEM" not in text else text.replace(
            "ATOMS\n3\n", "ATOMS\n1000000000000\n"),
        lambda text: text.replace("3\n", "many\n", 1) if "ITEM" not in text else text.replace(
            "ATOMS\n3\n", "ATOMS\nmany\n"),
    ],
)  # fmt: skip
def test_a_damaged_frame_blocks_nothing_but_itself(put, name, damage):
    make = MAKERS[name]
    whole = [make(step) for step in range(1, 7)]
    bad = damage(whole[2])
    assert bad != whole[2]
    text = "".join([*whole[:2], bad if bad.endswith("\n") else bad + "\n", *whole[3:]])
    path = put(name, text)
    with pytest.warns(FileWarning, match="left out"):
        found = steps(path, name)
    assert set(found) - {3} == {1, 2, 4, 5, 6}
    assert vt.read(path, frame=1).positions[0, 1] == vt.read(path).positions[0, 1] == 0.0
    assert steps(path, name, frames=slice(0, 2)) == [1, 2]
    assert steps(path, name, frames=slice(-3, None)) == [4, 5, 6]


def test_empty_and_larger_frames(put):
    text = frame(0) + frame(1, rows=0) + frame(2) + frame(3, rows=5) + frame(4)
    path = put("a.dump", text)
    assert [len(vt.read(path, frame=k)) for k in (0, 2, 3, 4, -2)] == [3, 3, 5, 3, 5]
    with pytest.raises(FileError, match="no particles"):
        vt.read(path, frame=1)
    with pytest.warns(FileWarning, match="frame 1 is left out"):
        assert [len(one) for one in read_frames(path)] == [3, 3, 5, 3]
    with pytest.raises(InputError, match=r"frame 2: it has 5 particles|5 particles, frame 0 has 3"):
        vt.read_trajectory(path, timestep=1.0, frames=slice(2, None))
    assert len(vt.read_trajectory(path, timestep=1.0, frames=slice(2, 3))) == 1


def test_what_is_not_chosen_is_not_looked_at(put):
    text = frame(0) + frame(1) + frame(7, columns="id type x y w") + frame(3).replace("0 9", "0 x")
    path = put("a.dump", text)
    assert len(vt.read_trajectory(path, timestep=1.0, frames=slice(0, 2))) == 2
    assert len(vt.read_trajectory(path, timestep=1.0, end=1.0)) == 2
    assert vt.read(path, frame=1).step == 1
    assert frame_numbers(path, slice(None, None, 2)) == range(0, 4, 2)


@pytest.mark.parametrize(
    ("options", "times"),
    [
        ({"timestep": 0.5}, [0, 5, 10, 15, 20]),
        ({"interval": 2.0}, [0, 2, 4, 6, 8]),
        ({"timestep": 0.5, "frames": slice(1, None, 2)}, [5, 15]),
        ({"interval": 2.0, "frames": slice(1, None, 2)}, [2, 6]),
        ({"timestep": 0.5, "begin": 5.0, "end": 15.0}, [5, 10, 15]),
        ({"timestep": 0.5, "begin": 4.0, "frames": slice(0, 3)}, [5, 10]),
    ],
)
def test_times(put, options, times):
    path = put("a.dump", "".join(frame(10 * k) for k in range(5)))
    np.testing.assert_allclose(vt.read_trajectory(path, **options).times, times)


def test_a_file_cut_off_is_told_where_its_end_was_wanted(put):
    path = put("a.dump", frame(0) + frame(1) + frame(2) + frame(3)[:-40])
    with pytest.warns(FileWarning, match="this last frame is left out"):
        assert steps(path, "a.dump", frames=slice(None, None, 2)) == [0, 2]
    assert steps(path, "a.dump", frames=slice(0, 3, 2)) == [0, 2]


def test_times_of_the_file_and_their_choice(put):
    path = put("a.dump", "".join(frame(10 * k, head=f"ITEM: TIME\n{k}.5\n") for k in range(5)))
    np.testing.assert_allclose(vt.read_trajectory(path).times, np.arange(5) + 0.5)
    np.testing.assert_allclose(vt.read_trajectory(path, begin=1.5, end=3.4).times, [1.5, 2.5])
    with pytest.raises(
        FileError, match=r"no frame is in the part that --from and --to leave; the last is at 4\.5"
    ):
        vt.read_trajectory(path, begin=9.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timestep": 0.0}, "timestep: must be positive"),
        ({"interval": -1.0}, "interval: must be positive"),
        ({"timestep": 1.0, "interval": 1.0}, "leave one out"),
        ({"timestep": 1.0, "begin": 3.0, "end": 2.0}, "begin: 3 is later than end, 2"),
        (
            {"begin": 3.0},
            "its time is not known, so that no part can be chosen by time .*--timestep.*--interval",
        ),
        ({"frames": slice(9, None)}, r"--frames: START is 9, but .* has 2 frames \(0 to 1\)"),
        ({"frames": slice(2, 1)}, "START is 2|START is not before STOP"),
        ({"frames": slice(None, None, -1)}, "step must be 1 or more"),
        ({"frames": 3}, "expected a slice"),
    ],
)
def test_choices_that_make_no_sense(put, options, words):
    with pytest.raises(InputError, match=words):
        vt.read_trajectory(put("a.dump", frame(0) + frame(1)), **options)


def test_neither_time_nor_step(put):
    path = put(
        "a.extxyz", 2 * '2\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3\nA 1 2 3\nB 3 4 5\n'
    )
    with pytest.raises(FileError, match=r"neither a time nor a step; .*--interval"):
        vt.read_trajectory(path, unwrapped=True)
    with pytest.raises(FileError, match=r"no step to multiply by the timestep; give --interval"):
        vt.read_trajectory(path, timestep=1.0, unwrapped=True)
    np.testing.assert_array_equal(vt.read_trajectory(path, interval=0.5, unwrapped=True).times, [0, 0.5])


def test_a_step_that_stands_twice_is_dropped(put):
    path = put("a.dump", frame(0) + frame(10) + frame(10) + frame(20))
    np.testing.assert_array_equal(vt.read_trajectory(path, timestep=1.0).times, [0, 10, 20])
    assert len(list(read_frames(path))) == 4


def test_a_step_that_stands_twice_on_both_sides_of_a_boundary(put):
    rows = ["1 1 0 1 2 1 0 0\n2 1 3 4 6 0 0 0\n", "1 1 9 1 2 0 0 0\n2 1 3 4 6 0 0 0\n"]
    head = frame(5, rows=2).split("ITEM: ATOMS")[0] + "ITEM: ATOMS id type x y z ix iy iz\n"
    path = put("a.dump", head + rows[0] + head + rows[1])
    assert len(vt.read_trajectory(path, timestep=1.0)) == 1


def test_a_step_that_stands_twice_and_differs(put):
    path = put("a.dump", frame(0) + frame(10) + frame(10, shift=0.1) + frame(20))
    with pytest.raises(
        FileError,
        match=r"step 10 stands twice, in frames 1 and 2, and they differ; .*--frames :2 or --frames 2:",
    ):
        vt.read_trajectory(path, timestep=1.0)
    np.testing.assert_array_equal(
        vt.read_trajectory(path, timestep=1.0, frames=slice(2, None)).times, [10, 20]
    )


def test_times_that_begin_anew(put):
    path = put("a.dump", frame(0) + frame(10) + frame(20) + frame(0) + frame(10))
    with pytest.raises(
        FileError, match=r"begin anew: frame 3 at 0 follows frame 2 at 20 .*--frames :3 or --frames 3:"
    ):
        vt.read_trajectory(path, timestep=1.0)
    assert len(vt.read_trajectory(path, timestep=1.0, frames=slice(None, 3))) == 3
    assert len(vt.read_trajectory(path, timestep=1.0, frames=slice(3, None))) == 2


def test_ids_are_asked_for_only_where_particles_are_followed(put):
    path = put("a.dump", 2 * frame(0, columns="mol type xu yu zu"))
    assert len(list(read_frames(path))) == 2
    with pytest.raises(
        FileError, match="the dump has no ids; dump the column id; so particles cannot be followed"
    ):
        vt.read_trajectory(path, interval=1.0)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_compressed_file_that_is_cut_off(put, pack):
    rng = np.random.default_rng(0)
    text = "".join(
        f"50\nstep:{k} cell:9,9,9\n"
        + "".join(f"A {x} {y} {z}\n" for x, y, z in (9 * rng.random((50, 3))).tolist())
        for k in range(400)
    )
    suffix = ".gz" if pack is gzip.compress else ".bz2"
    packed = pack(text.encode())
    path = put(f"a.xyz{suffix}", packed[: len(packed) * 2 // 3])
    if suffix == ".gz":
        with pytest.warns(
            FileWarning, match="compressed file is truncated or damaged; this last frame is left out"
        ):
            found = [one.step for one in read_frames(path)]
        assert found == list(range(len(found)))
        assert 200 < len(found) < 300
        with pytest.warns(FileWarning, match="truncated"):
            assert vt.read(path).step == found[-1]
    else:
        with pytest.raises(FileError, match="truncated or damaged"):
            vt.read(path)


def test_a_last_line_without_its_end(put):
    text = "".join(frame(k, rows=6) for k in range(3))
    with pytest.warns(FileWarning, match="ends in the middle of this line"):
        assert len(list(read_frames(put("a.dump", text[:-3])))) == 2
    assert len(list(read_frames(put("b.dump", text[:-1])))) == 3  # whole, but for the last line feed


def test_the_clock_of_a_gsd_without_steps(tmp_path):
    import gsd.hoomd

    path = tmp_path / "a.gsd"
    with gsd.hoomd.open(path, "w") as file:
        for k in range(3):
            one = gsd.hoomd.Frame()
            one.configuration.box = [9, 9, 9, 0, 0, 0]
            one.particles.N = 2
            one.particles.position = [[0.1 * k, 0, 0], [1, 2, 3]]
            one.particles.image = [[0, 0, 0], [0, 0, 1]]
            file.append(one)
    with pytest.raises(
        FileError, match=r"frames 0 and 1 are both at step 0|neither a time nor a step; .*--interval"
    ):
        vt.read_trajectory(path)
    np.testing.assert_allclose(vt.read_trajectory(path, interval=0.5).times, [0, 0.5, 1.0])
