"""Cells that a file gives in part, or that stand in another file; flat systems."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from vitreous.errors import FileError, InputError
from vitreous.io import read_frames
from vitreous.io.cell import complete_cell

PLACES = "A 0.5 0.5 2\nA 1 2 3.5\nA 3 4 2.5\n"


def slab(lattice, more=""):
    return f'3\nLattice="{lattice}" {more} Properties=species:S:1:pos:R:3\n{PLACES}'


@pytest.mark.parametrize("more", ["", 'pbc="T T F"', 'pbc="T T T"', "pbc=TTF"])
def test_a_slab_whose_third_vector_is_zero(put, more):
    snapshot = vt.read(put("a.extxyz", slab("5 0 0 0 6 0 0 0 0", more)))
    assert snapshot.periodic == (True, True, False)
    assert snapshot.box.vectors[:2].tolist() == [[5, 0, 0], [0, 6, 0]]
    inside = snapshot.box.fractional(snapshot.positions)[:, 2]
    assert (inside > 0).all()
    assert (inside < 1).all()
    assert snapshot.box.lengths[2] == pytest.approx(1.5 + 2 * 0.06)


def test_a_wire_and_no_cell(put):
    snapshot = vt.read(put("a.extxyz", slab("0 0 0 0 0 0 0 0 8")))
    assert snapshot.periodic == (False, False, True)
    with pytest.raises(FileError, match="no cell in the file"):
        vt.read(put("b.extxyz", slab("0 0 0 0 0 0 0 0 0")))
    assert vt.read(put("b.extxyz", slab("0 0 0 0 0 0 0 0 0", 'pbc="F F F"'))).periodic == (False,) * 3


def test_an_open_face_without_extent(put):
    text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp ss\n0 9\n0 9\n2 2\n"
    text += "ITEM: ATOMS id x y z\n"
    snapshot = vt.read(put("a.dump", text + "1 1 2 2.1\n2 3 4 1.9\n"))
    assert snapshot.box.fractional(snapshot.positions)[:, 2].min() > 0


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.sets(st.integers(0, 2), min_size=1, max_size=2))
def test_what_is_completed_holds_the_particles(seed, missing):
    rng = np.random.default_rng(seed)
    vectors = np.linalg.qr(rng.normal(size=(3, 3)))[0] * rng.uniform(0.5, 9, (3, 1)) + 0.2 * rng.normal(
        size=(3, 3)
    )
    positions = rng.normal(size=(12, 3)) * rng.uniform(0.1, 20) + rng.normal(size=3) * 30
    given = vectors.copy()
    given[list(missing)] = 0
    box = complete_cell(given, None, rng.normal(size=3), positions)
    for axis in range(3):
        assert box.periodic[axis] is (axis not in missing)
        if axis in missing:
            others = [box.vectors[k] for k in range(3) if k != axis]
            assert np.abs(np.array(others) @ box.vectors[axis]).max() < 1e-9 * np.abs(box.vectors).max() ** 2
            inside = box.fractional(positions)[:, axis]
            assert inside.min() > 0
            assert inside.max() < 1
        else:
            assert box.vectors[axis].tolist() == vectors[axis].tolist()


def flat(axis, value=0.0, n=8):
    rng = np.random.default_rng(1)
    positions = rng.random((n, 3)) * 5
    positions[:, axis] = value
    return positions


FLAT = ["a.extxyz", "a.xyz", "a.dump", "a.lmp", "a.sph", "a.csv", "a.gsd"]


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize(("axis", "value"), [(2, 0.0), (0, 1.25), (1, 0.0)])
def test_flat_systems_in_every_format(put, tmp_path, name, axis, value):
    rows = [" ".join(map(str, row)) for row in flat(axis, value).tolist()]
    if name == "a.gsd":
        import gsd.hoomd

        path = tmp_path / name
        with gsd.hoomd.open(path, "w") as file:
            one = gsd.hoomd.Frame()
            one.configuration.box = [9, 9, 12, 0, 0, 0]
            one.particles.N = 8
            one.particles.position = flat(axis, value)
            file.append(one)
    else:
        text = {
            "a.extxyz": '8\nLattice="9 0 0 0 9 0 0 0 12" Properties=pos:R:3\n',
            "a.xyz": "8\ncell:9,9,12\n",
            "a.dump": "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n8\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n-6 6\n"
            "ITEM: ATOMS x y z\n",
            "a.lmp": "flat\n\n8 atoms\n1 atom types\n0 9 xlo xhi\n0 9 ylo yhi\n-6 6 zlo zhi\n\nAtoms # atomic\n\n",
            "a.sph": "8\n9 9 12\n",
            "a.csv": "x,y,z\n",
        }[name]
        before = {"a.xyz": "A ", "a.sph": "a "}.get(name, "")
        after = " 0.5" if name == "a.sph" else ""
        for i, row in enumerate(rows):
            text += f"{i + 1} 1 {row}\n" if name == "a.lmp" else f"{before}{row}{after}\n"
        path = put(name, text.replace(" ", ",") if name == "a.csv" else text)
    with pytest.raises(FileError, match=f"two-dimensional: all particles have the same {'xyz'[axis]}"):
        vt.read(path)


def test_flat_on_both_sides_of_a_boundary(put):
    rows = "A 1 2 0\nA 2 5 9\nA 3 1 0\nA 4 3 9\nA 5 4 9\nA 6 6 0\nA 7 1 0\n"
    with pytest.raises(FileError, match="two-dimensional"):
        vt.read(put("a.xyz", f"7\ncell:9,9,9\n{rows}"))
    assert len(vt.read(put("a.xyz", f"7\ncell:9,9,9\n{rows.replace('0', '4')}"))) == 7


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.xyz", "2\ncell:9,9\nA 1 2\nA 2 3\n", "three dimensions"),
        ("a.xyz", "2\ncolumns:id,x,y cell:9,9,9\nA 1 2\nA 2 3\n", "two-dimensional"),
        ("a.extxyz", '1\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:2\nA 1 2\n', "three dimensions"),
        ("a.dump", "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n-0.5 0.5\n"
                   "ITEM: ATOMS id type x y\n1 1 2 3\n", "two-dimensional"),
    ],
)  # fmt: skip
def test_two_coordinates_only(put, name, text, words):
    with pytest.raises(FileError, match=words):
        vt.read(put(name, text))


@pytest.mark.parametrize(
    "comment",
    ["cell=5.0,6,7", "cell:5,6,7", 'cell="5 6 7"', "cell=[5, 6, 7]", "Cell=5;6;7", "cell=5,0,0,0,6,0,0,0,7",
     'lattice="5 0 0 0 6 0 0 0 7"', "box=5,6,7", "boxLengths=5,6,7 columns=type,x,y,z", "step:1 cell:5,6,7"],
)  # fmt: skip
def test_ways_to_write_a_cell(put, comment):
    assert vt.read(put("a.xyz", f"3\n{comment}\n{PLACES}")).box.lengths.tolist() == [5, 6, 7]


@pytest.mark.parametrize("comment", ["box=5.0", "cell:5", "box=5 step=3", "L = 5 box = 5"])
def test_one_length_of_a_cube(put, comment):
    assert vt.read(put("a.xyz", f"3\n{comment}\n{PLACES}")).box.lengths.tolist() == [5, 5, 5]


def test_boxes_of_tcc(put):
    text = "".join(f"3\nframe {k}\n{PLACES}" for k in range(3))
    path = put("a.xyz", text)
    boxes = put("box.txt", "#iter Lx Ly Lz\n0 5 6 7\n1 5.5 6 7 \n2 6 6 7\n\n")
    assert [one.box.lengths[0] for one in read_frames(path, box=boxes)] == [5, 5.5, 6]
    assert [one.box.lengths[0] for one in read_frames(path, box=str(boxes), frames=slice(1, 3))] == [5.5, 6]
    assert vt.read(path, box=boxes).box.lengths[0] == 6
    assert vt.read(path, box=boxes, frame=1).box.lengths[0] == 5.5
    one = put("one.txt", "#iter Lx Ly Lz\n1\t5\t6\t7\t")
    assert [frame.box.lengths[0] for frame in read_frames(path, box=one)] == [5, 5, 5]
    tilted = put("tilt.txt", "Frame_num x y z\n0 5 6 7 0.5\n")
    assert vt.read(path, box=tilted).box.vectors.tolist() == [[5, 0, 0], [0.5, 6, 0], [0, 0, 7]]
    two = put("two.txt", "0 5 6 7\n1 5 6 7\n")
    with pytest.raises(FileError, match=r"two\.txt: there is no box for frame 2; the file has 2 boxes"):
        vt.read(path, box=two)


@pytest.mark.parametrize(
    "text", ["#a\n1 2\n", "0 1 2 x\n", "words\nwords\n", "0 1 2 3 4 5\n", "0 1 -1 2\n", "0 1 nan 2\n"]
)
def test_damaged_boxes(put, text):
    with pytest.raises(FileError, match=r"box\.txt: "):
        vt.read(put("a.xyz", f"3\n\n{PLACES}"), box=put("box.txt", text))


def test_boxes_that_are_not_there(put):
    with pytest.raises(
        InputError, match=r"box: cannot read 'nothing.txt' as lengths, and there is no such file"
    ):
        vt.read(put("a.xyz", f"3\n\n{PLACES}"), box="nothing.txt")
