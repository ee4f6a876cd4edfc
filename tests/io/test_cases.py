"""Small files that others' programs write, with the right answer to each (``../shared/cases``), and their relatives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileError, FileWarning

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"


@pytest.fixture
def case():
    """The path of a file by the number at its beginning."""
    if not CASES.is_dir():
        pytest.skip("the folder ../shared/cases is not here")

    def find(number: str) -> Path:
        (path,) = CASES.glob(f"{number}-*")
        return path

    return find


def test_03_atooms_calls_the_species_id(case):
    snapshot = vt.read(case("03"))
    assert snapshot.species.tolist() == [1, 1, 2, 1, 2]
    assert "id" not in snapshot.columns


def test_04_rumd(case):
    snapshot = vt.read(case("04"))
    assert snapshot.box.lengths.tolist() == [4, 5, 6]
    assert snapshot.box.origin.tolist() == [-2, -2.5, -3]
    assert snapshot.species.tolist() == [0, 0, 1, 0]
    assert snapshot.images.tolist() == [[0, 0, 1], [0, 0, 0], [-1, 0, 0], [0, 2, 0]]
    assert snapshot.step == 200
    assert snapshot.time == pytest.approx(0.8)
    assert list(snapshot.columns) == ["pe", "vir"]


def test_06_flat(case):
    with pytest.raises(FileError, match="two-dimensional: all particles have the same z, 0"):
        vt.read(case("06"))


def test_07_shrink_wrapped(case):
    snapshot = vt.read(case("07"))
    assert snapshot.positions[0].tolist() == [0.1, 0.1, -0.15]
    assert snapshot.periodic == (True, True, False)


def test_08_first_frame_empty(case):
    path = case("08")
    assert len(vt.read(path)) == len(vt.read(path, frame=1)) == 2
    with pytest.raises(FileError, match="the frame has no particles"):
        vt.read(path, frame=0)
    with pytest.warns(
        FileWarning, match="frame 0 is left out, because it cannot be read: line 9: .* no particles"
    ):
        assert [len(frame) for frame in vt.io.read_frames(path)] == [2]
    assert [len(frame) for frame in vt.io.read_frames(path, frames=slice(1, 2))] == [2]


def test_10_time_with_a_capital(case):
    np.testing.assert_array_equal(vt.read_trajectory(case("10")).times, 0.25 * np.arange(12))


def test_10b_steps(case):
    with pytest.raises(FileError, match=r"a step but no time; .*--timestep"):
        vt.read_trajectory(case("10b"))
    np.testing.assert_allclose(vt.read_trajectory(case("10b"), timestep=0.025).times, 0.25 * np.arange(11))


def test_11_plain_lammps(case):
    found = vt.read_trajectory(case("11"), timestep=0.005, box=5.0, unwrapped=True)
    np.testing.assert_allclose(found.times, 0.25 * np.arange(12))


def test_12_killed_in_the_last_frame(case):
    path = case("12")
    with pytest.warns(FileWarning, match="13 of the 20 particles .* last frame is left out"):
        assert len(vt.read_trajectory(path, timestep=0.025)) == 11
    with pytest.warns(FileWarning, match="last frame is left out"):
        assert vt.read(path).step == 100
    assert len(vt.read_trajectory(path, timestep=0.025, frames=slice(0, 11))) == 11
    with pytest.raises(FileError, match="13 of the 20 particles"):
        vt.read(path, frame=11)
    with pytest.raises(FileError, match=r"no frame 12; the file has 11 \(0 to 10\); one more is cut off"):
        vt.read(path, frame=12)


def test_15_species_as_atomic_numbers(case):
    assert vt.read(case("15")).species.tolist() == [28, 28, 15]


def test_16_cell_with_equals_and_commas(case):
    assert vt.read(case("16")).box.lengths.tolist() == [5, 5, 5]


def test_21_trackpy(case):
    snapshot = vt.read(case("21"))
    np.testing.assert_allclose(snapshot.positions, [[10.2, 5.1, 3.3], [11.3, 5.4, 3.2], [10.8, 6.3, 3.9]])
    assert snapshot.periodic == (False, False, False)
    assert snapshot.columns["id"].tolist() == [0, 1, 2]
    assert snapshot.columns["size"].tolist() == [2.1, 2.1, 2.1]
    assert snapshot.step == 0
