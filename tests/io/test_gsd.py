from __future__ import annotations

import gsd.fl
import gsd.hoomd
import numpy as np
import pytest

import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import FileError

RNG = np.random.default_rng(11)
POSITIONS = RNG.random((20, 3)) * [8, 9, 10]
TRICLINIC = [[8, 0, 0], [2, 9, 0], [-1, 3, 10]]
ROTATION = np.linalg.qr(RNG.standard_normal((3, 3)))[0]
ROTATION *= np.sign(np.linalg.det(ROTATION))


def hoomd_frame(n: int = 3, step: int = 5) -> gsd.hoomd.Frame:
    frame = gsd.hoomd.Frame()
    frame.configuration.step = step
    frame.configuration.box = [10, 12, 14, 0.5, 0, -0.25]
    frame.particles.N = n
    frame.particles.position = np.linspace(-4, 4, 3 * n).reshape(n, 3)
    frame.particles.types = ["large", "small"]
    frame.particles.typeid = np.arange(n) % 2
    return frame


def write_hoomd(path, *frames):
    with gsd.hoomd.open(path, "w") as trajectory:
        trajectory.extend(frames)
    return path


def read_hoomd(path):
    with gsd.hoomd.open(path, "r") as trajectory:
        return trajectory[0]


def test_foreign_file(tmp_path):
    frame = hoomd_frame()
    frame.particles.mass = [2, 1, 2]
    frame.particles.velocity = np.ones((3, 3))
    frame.log["particles/md/pair/energies"] = np.array([1.5, 2.5, 3.5])
    snapshot = io.read(write_hoomd(tmp_path / "a.gsd", frame))
    assert snapshot.species.tolist() == ["large", "small", "large"]
    assert snapshot.step == 5
    np.testing.assert_allclose(snapshot.box.vectors, [[10, 0, 0], [6, 12, 0], [0, -3.5, 14]])
    np.testing.assert_allclose(snapshot.box.origin, [-8, -4.25, -7])
    assert snapshot.periodic == (True, True, True)
    assert snapshot.diameters is None
    assert snapshot.images is None
    assert snapshot.columns["mass"].tolist() == [2, 1, 2]
    assert snapshot.columns["velocity"].shape == (3, 3)
    assert snapshot.columns["md_pair_energies"].tolist() == [1.5, 2.5, 3.5]


def test_diameters_count_only_where_the_file_has_them(tmp_path):
    frame = hoomd_frame()
    frame.particles.diameter = [1.0, 0.5, 1.0]
    assert io.read(write_hoomd(tmp_path / "a.gsd", frame)).diameters.tolist() == [1.0, 0.5, 1.0]
    snapshot = Configuration(positions=POSITIONS, box=10.0, diameters=1.0)
    assert io.read(io.write(tmp_path / "b.gsd", snapshot)).diameters.tolist() == [1.0] * 20


def test_frames_of_a_trajectory_fall_back_on_the_first(tmp_path):
    frames = [hoomd_frame(step=step) for step in range(3)]
    frames[1].particles.image = np.ones((3, 3))
    frames[0].log["particles/x"] = np.arange(3.0)
    frames.append(hoomd_frame(n=4, step=3))
    path = write_hoomd(tmp_path / "a.gsd", *frames)
    assert [io.read(path, frame=i).step for i in (0, 1, 2, 3, -1, -4)] == [0, 1, 2, 3, 3, 0]
    assert io.read(path, frame=2).columns["x"].tolist() == [0, 1, 2]
    assert dict(io.read(path, frame=3).columns) == {}
    assert io.read(path, frame=0).images.tolist() == [[0, 0, 0]] * 3
    assert io.read(path, frame=1).images.tolist() == [[1, 1, 1]] * 3


@pytest.mark.parametrize("frame", [2, -3])
def test_no_such_frame(tmp_path, frame):
    path = write_hoomd(tmp_path / "a.gsd", hoomd_frame(), hoomd_frame(step=6))
    with pytest.raises(FileError, match=f"no frame {frame}; the file has 2"):
        io.read(path, frame=frame)


@pytest.mark.parametrize("flat", ["dimensions", "box"])
def test_two_dimensions(tmp_path, flat):
    frame = hoomd_frame()
    if flat == "box":
        frame.configuration.box = [10, 12, 0, 0, 0, 0]
    frame.configuration.dimensions = 2 if flat == "dimensions" else 3
    with pytest.raises(FileError, match="two-dimensional"):
        io.read(write_hoomd(tmp_path / "a.gsd", frame))


def test_other_schema(tmp_path):
    path = tmp_path / "a.gsd"
    with gsd.fl.open(str(path), "w", application="x", schema="other", schema_version=[1, 0]) as file:
        file.write_chunk("a", np.zeros(3))
        file.end_frame()
    with pytest.raises(FileError, match="schema 'other'"):
        io.read(path)


def test_no_frames(tmp_path):
    with pytest.raises(FileError, match="no frames"):
        io.read(write_hoomd(tmp_path / "a.gsd"))


def test_other_programs_see_particles_inside_a_centred_cell(tmp_path):
    positions = POSITIONS + RNG.integers(-5, 5, (20, 3)) @ np.array(TRICLINIC)
    snapshot = Configuration(
        positions=positions, box=TRICLINIC, unwrapped=True, species=[1, 2] * 10,
        columns={"p_red": POSITIONS[:, 0], "hot": POSITIONS[:, 0] < 4},
    )  # fmt: skip
    frame = read_hoomd(io.write(tmp_path / "a.gsd", snapshot))
    np.testing.assert_allclose(frame.configuration.box, [8, 9, 10, 2 / 9, -0.1, 0.3], rtol=1e-6)
    assert frame.particles.types == ["1", "2"]
    cell = np.array(TRICLINIC, dtype=float)
    fractional = frame.particles.position @ np.linalg.inv(cell)
    assert (np.abs(fractional) <= 0.5).all()
    unwrapped = frame.particles.position + frame.particles.image @ cell + cell.sum(axis=0) / 2
    np.testing.assert_allclose(unwrapped, positions, atol=2e-5)
    assert frame.log["particles/p_red"].tolist() == POSITIONS[:, 0].tolist()
    assert frame.log["particles/hot"].dtype == np.uint8


@pytest.mark.parametrize("mirror", [1, -1])
def test_a_rotated_cell_looks_the_same_to_other_programs(tmp_path, assert_same, mirror):
    cell = np.array(TRICLINIC) @ ROTATION * [1, 1, mirror]
    positions = RNG.random((20, 3)) @ cell + [5, 6, 7]
    snapshot = Configuration(
        positions=positions, box=io.registry.Box(cell, origin=[5, 6, 7]), images=RNG.integers(-3, 3, (20, 3))
    )
    path = io.write(tmp_path / "a.gsd", snapshot)
    frame = read_hoomd(path)
    seen = io.gsd_file.box_of(frame.configuration.box)
    assert np.isclose(seen.volume, snapshot.box.volume)
    assert (np.abs(seen.fractional(frame.particles.position) - 0.5) <= 0.5).all()
    whole = frame.particles.position + frame.particles.image @ seen.vectors

    def distances(points):
        return np.linalg.norm(points[:, None] - points[None], axis=2)

    np.testing.assert_allclose(distances(whole), distances(snapshot.unwrapped_positions), atol=1e-4)
    assert_same(io.read(path), snapshot)


def test_open_boundaries_get_a_box_around_all_particles(tmp_path, assert_same):
    positions = POSITIONS * [3, 1, 1] - [4, 0, 0]
    snapshot = Configuration(positions=positions, box=(8, 9, 10), periodic=(False, True, True))
    path = io.write(tmp_path / "a.gsd", snapshot)
    frame = read_hoomd(path)
    assert (np.abs(frame.particles.position) <= frame.configuration.box[:3] / 2).all()
    assert_same(io.read(path), snapshot)


@pytest.mark.parametrize("edge", [0.0, 8.0, np.nextafter(8.0, 0), -1e-9, 8 - 1e-7])
def test_particles_on_the_boundary(tmp_path, assert_same, edge):
    snapshot = Configuration(positions=[[edge, 1, 1], [edge, edge, edge]], box=8.0)
    path = io.write(tmp_path / "a.gsd", snapshot)
    assert (np.abs(read_hoomd(path).particles.position) < 4).all()
    assert_same(io.read(path), snapshot)


def edit(path, change):
    """What another program does: read, change, write all chunks."""
    frame = read_hoomd(path)
    change(frame)
    path.unlink()
    return io.read(write_hoomd(path, frame))


@pytest.fixture
def written(tmp_path):
    snapshot = Configuration(
        positions=POSITIONS, box=(8, 9, 10), periodic=(True, True, False), species=[4, 7] * 10,
        diameters=RNG.random(20) + 0.5, columns={"name": ["a", "b"] * 10}, time=1.5, step=3,
        metadata={"note": "x"},
    )  # fmt: skip
    return snapshot, io.write(tmp_path / "a.gsd", snapshot)


def test_copied_by_another_program(written, assert_same):
    snapshot, path = written
    copied = edit(path, lambda frame: None)
    assert_same(copied, snapshot)


def test_positions_edited_by_another_program_count(written):
    snapshot, path = written

    def move(frame):
        frame.particles.position[3] += 0.01

    edited = edit(path, move)
    expected = POSITIONS - [4, 4.5, 5]
    expected[3] += 0.01
    np.testing.assert_allclose(edited.positions, expected, atol=2e-6)
    assert edited.periodic == (True, True, False)
    assert edited.species.tolist() == snapshot.species.tolist()
    assert "position64" not in edited.columns
    assert (edited.diameters == snapshot.diameters).all()


def test_box_diameters_types_and_step_edited_by_another_program_count(written):
    _, path = written

    def change(frame):
        frame.configuration.box = [16, 18, 20, 0, 0, 0]
        frame.configuration.step = 99
        frame.particles.diameter[0] = 7
        frame.particles.types = ["x", "y"]

    edited = edit(path, change)
    assert edited.box.lengths.tolist() == [16, 18, 20]
    assert edited.step == 99
    assert edited.diameters[0] == 7
    assert edited.species.tolist() == ["x", "y"] * 10


def test_images_too_far_away(tmp_path):
    snapshot = Configuration(positions=[[1e12, 0, 0]], box=1.0, unwrapped=True)
    with pytest.raises(FileError, match="periodic images"):
        io.write(tmp_path / "a.gsd", snapshot)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [1e-50, 1e50])
def test_boxes_beyond_single_precision(tmp_path, size):
    snapshot = Configuration(positions=[[0, 0, 0]], box=size)
    with pytest.raises(FileError, match="cannot write"):
        io.write(tmp_path / "a.gsd", snapshot)


def test_damaged_side_chunk(written):
    _, path = written

    def damage(frame):
        frame.log["vitreous/frame"] = np.frombuffer(b"[" * 20000, np.uint8)

    with pytest.raises(FileError, match="log/vitreous/frame is damaged"):
        edit(path, damage)
