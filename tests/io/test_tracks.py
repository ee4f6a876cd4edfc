"""Tables of particle tracking."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileError
from vitreous.io import read_frames

HEADER = "x,y,z,mass,size,frame,particle"
ROWS = [
    "1.5,2.5,3.5,251.0,2.1,4,7",
    "4.5,5.5,6.5,252.0,2.2,4,3",
    "1.6,2.5,3.5,251.0,2.1,5,7",
    "4.5,5.6,6.5,252.0,2.2,5,3",
    "4.5,5.6,6.7,252.0,2.2,7,3",
    "1.6,2.7,3.5,251.0,2.1,7,7",
]


def table(header=HEADER, rows=ROWS, delimiter=","):
    return "\n".join([header, *rows, ""]).replace(",", delimiter)


def check(snapshot):
    np.testing.assert_allclose(snapshot.positions[0, :2], [4.5, snapshot.positions[0, 1]])
    assert snapshot.columns["id"].tolist() == [3, 7]
    assert snapshot.periodic == (False, False, False)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", ", "])
def test_frames_and_particles(put, delimiter):
    path = put("a.csv", table(delimiter=delimiter))
    frames = list(read_frames(path))
    assert [one.step for one in frames] == [4, 5, 7]
    for one in frames:
        check(one)
    assert frames[2].positions.tolist() == [[4.5, 5.6, 6.7], [1.6, 2.7, 3.5]]
    assert vt.read(path, frame=0).positions.tolist() == [[4.5, 5.5, 6.5], [1.5, 2.5, 3.5]]
    assert vt.read(path).step == 7
    assert list(frames[0].columns) == ["id", "mass", "size"]


def test_particles_are_followed_without_a_box(put):
    found = vt.read_trajectory(put("a.csv", table()), timestep=0.1)
    np.testing.assert_allclose(found.times, [0.4, 0.5, 0.7])
    np.testing.assert_allclose(found.positions[:, 1, 1], [2.5, 2.5, 2.7])


def test_rows_sorted_by_particle(put):
    assert vt.read_trajectory(
        put("a.csv", table(rows=sorted(ROWS, key=lambda row: row[-1]))), timestep=1.0
    ).positions[:, 0, 2].tolist() == [6.5, 6.5, 6.7]


def test_a_box_that_is_given(put):
    path = put("a.csv", table())
    snapshot = vt.read(path, box=10.0, periodic=(True, True, True))
    assert snapshot.box.lengths.tolist() == [10, 10, 10]
    assert snapshot.periodic == (True, True, True)
    assert vt.read(path, box=10.0).periodic == (False, False, False)


def test_an_index_of_pandas_and_text(put):
    text = ',frame,x,y,z,type,note\n0,0,1,2,3,big,a b\n1,0,2,3,4,small,"c, d"\n'
    snapshot = vt.read(put("a.csv", text))
    assert snapshot.species.tolist() == ["big", "small"]
    assert snapshot.columns["note"].tolist() == ["a b", "c, d"]


@pytest.mark.parametrize(
    "header",
    ["X,Y,Z", "x (um),y (um),z (um)", "POSITION_X,POSITION_Y,POSITION_Z", "x_um,y_um,z_um", "xpos,ypos,zpos"],
)
def test_names_of_the_coordinates(put, header):
    text = f"\ufeff{header},FRAME,TRACK_ID\n1,2,3,0,5\n2,3,5,0,4\n"
    assert vt.read(put("a.csv", text)).positions.tolist() == [[2, 3, 5], [1, 2, 3]]


def test_lines_that_explain_the_columns(put):
    text = "LABEL,TRACK_ID,POSITION_X,POSITION_Y,POSITION_Z,POSITION_T,FRAME,RADIUS\n"
    text += 2 * "Label,Track ID,X,Y,Z,T,Frame,R\n" + ",,(micron),(micron),(micron),(sec),,(micron)\n"
    text += "ID1,0,1.5,2.5,3.5,0.25,1,0.5\nID2,1,2.5,3.5,1.5,0.25,1,0.6\n"
    snapshot = vt.read(put("a.csv", text))
    assert snapshot.positions.tolist() == [[1.5, 2.5, 3.5], [2.5, 3.5, 1.5]]
    assert snapshot.diameters.tolist() == [1.0, 1.2]
    assert (snapshot.time, snapshot.step) == (0.25, 1)


def test_decimal_commas(put):
    snapshot = vt.read(put("a.csv", "x;y;z\n1,5;2;3\n2,5;3;4\n"))
    assert snapshot.positions.tolist() == [[1.5, 2, 3], [2.5, 3, 4]]


def test_cells_without_a_value(put):
    snapshot = vt.read(put("a.csv", "x,y,z,ecc\n1,2,3,\n2,3,4,0.5\n"))
    np.testing.assert_array_equal(snapshot.columns["ecc"], [np.nan, 0.5])
    with pytest.raises(FileError, match=r"coordinates .* of frame 0 are not finite"):
        vt.read(put("b.csv", "x,y,z\n1,,3\n2,3,4\n"))


def test_compressed(put):
    assert len(list(read_frames(put("a.csv.gz", gzip.compress(table().encode()))))) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y,frame\n1,2,0\n", "two-dimensional"),
        ("a,b,c\n1,2,3\n", "no columns x, y and z; its first line names 'a, b, c'"),
        ("1.5,2.5,3.5,0\n1,2,3,0\n", "first line has to name the columns"),
        ("x,y,z\n", "no rows"),
        ("x,y,z\n1,2\n", "line 2: expected 3 columns, got 2"),
        ("x,y,z\n1,2,many\n", "column 'z' should hold numbers, got 'many'"),
        ("x,y,z,frame\n1,2,3,\n1,2,4,1\n", "row 1 of the table has no frame"),
        ("x,y,z,x\n1,2,3,4\n", "'x' is named twice"),
    ],
)
def test_damage(put, text, words):
    with pytest.raises(FileError, match=words):
        vt.read(put("a.csv", text))


def test_no_such_frame(put):
    with pytest.raises(FileError, match=r"no frame 3; the file has 3 \(0 to 2\)"):
        vt.read(put("a.csv", table()), frame=3)


def test_particles_without_a_name_are_not_followed(put):
    text = "x,y,z,frame\n1,2,3,0\n2,3,5,0\n1,2,3,1\n2,3,5,1\n"
    assert len(list(read_frames(put("a.csv", text)))) == 2
    with pytest.raises(FileError, match="the table does not name its particles; link them"):
        vt.read_trajectory(put("a.csv", text), interval=1.0)


def test_parquet(put, tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    text = put("a.csv", table())
    pandas.read_csv(text).to_parquet(path)
    for one, other in zip(read_frames(path), read_frames(text), strict=True):
        assert (one.positions == other.positions).all()
        assert one.step == other.step
        assert one.columns["id"].tolist() == [3, 7]
    with pytest.raises(FileError, match="parquet file is damaged"):
        vt.read(put("b.parquet", path.read_bytes()[:200]))


def test_parquet_without_pandas(put, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(FileError, match="need the package pandas"):
        vt.read(put("a.parquet", b"PAR1" + bytes(50)))


def test_what_is_found_has_a_number_and_belongs_to_a_track(put):
    """As TrackMate and Imaris write: the track is the particle, and a label for every row is no species."""
    header = "LABEL,ID,TRACK_ID,QUALITY,POSITION_X,POSITION_Y,POSITION_Z,POSITION_T,FRAME,RADIUS"
    rows = [
        f"ID{10 * k + i},{10 * k + i},{5 - i},1.5,{i + 0.1 * k},{i},{0.5 * i},{0.25 * k},{k},0.5"
        for k in range(3)
        for i in range(4)
    ]
    path = put("spots.csv", table(header, rows))
    last = vt.read(path)
    assert last.species_names == ("A",)
    assert last.columns["id"].tolist() == [2, 3, 4, 5]
    assert last.columns["id_of_row"].tolist() == [23, 22, 21, 20]
    assert last.diameters.tolist() == [1.0] * 4
    found = vt.read_trajectory(path)
    assert found.times.tolist() == [0.0, 0.25, 0.5]
    np.testing.assert_allclose(found.positions[:, 3, 0], [0.0, 0.1, 0.2])
