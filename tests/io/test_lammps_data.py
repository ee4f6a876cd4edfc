from __future__ import annotations

import gzip

import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileError
from vitreous.io import read_frames

HEAD = (
    "LAMMPS data file via write_data, version 2 Aug 2023, timestep = 1200, units = lj\n\n3 atoms\n2 atom types\n\n"
    "-1 9 xlo xhi\n0 8.5 ylo yhi\n0.0 7 zlo zhi\n"
)
ROWS = {
    "atomic": "{id} {type} {x}",
    "charge": "{id} {type} 0.5 {x}",
    "molecular": "{id} 7 {type} {x}",
    "full": "{id} 7 {type} -0.5 {x}",
    "sphere": "{id} {type} 1.5 0.9 {x}",
    "dipole": "{id} {type} 0.0 {x} 1.0 0.0 0.5",
}
PLACES = {3: "1.5 2.5 3.25", 1: "-0.5 4 5", 2: "6 7.5 1"}
TYPES = {1: 1, 2: 2, 3: 1}


def data(style="atomic", hint="", images=False, extra="", head=HEAD):
    text = f"{head}{extra}\nAtoms{hint}\n\n"
    for i, place in PLACES.items():
        text += ROWS[style].format(id=i, type=TYPES[i], x=place) + (f" {i} 0 -1" if images else "") + "\n"
    return text


@pytest.mark.parametrize("style", ROWS)
@pytest.mark.parametrize("images", [False, True])
@pytest.mark.parametrize("hinted", [False, True])
def test_styles(put, style, images, hinted):
    if style == "dipole" and not hinted:
        pytest.skip("has as many words as others")
    snapshot = vt.read(put("a.lmp", data(style, f"  # {style}" if hinted else "", images)))
    assert snapshot.positions.tolist() == [[-0.5, 4, 5], [6, 7.5, 1], [1.5, 2.5, 3.25]]
    assert snapshot.species.tolist() == [1, 2, 1]
    assert snapshot.box.origin.tolist() == [-1, 0, 0]
    assert snapshot.box.lengths.tolist() == [10, 8.5, 7]
    assert snapshot.periodic == (True, True, True)
    assert snapshot.step == 1200
    assert snapshot.columns["id"].tolist() == [1, 2, 3]
    assert (snapshot.images is None) is not images
    if images:
        assert snapshot.images.tolist() == [[1, 0, -1], [2, 0, -1], [3, 0, -1]]
    if style == "sphere":
        assert snapshot.diameters.tolist() == [1.5, 1.5, 1.5]


def test_sections_of_all_kinds(put):
    extra = "\nMasses\n\n1 1.0\n2 2.5 # B\n\nPair Coeffs # lj/cut\n\n1 1.0 1.0\n2 0.5 0.88\n"
    text = (
        data("atomic", " # atomic", True, extra)
        + "\nVelocities\n\n"
        + "".join(f"{i} {i} 0.5 0\n" for i in (2, 3, 1))
    )
    text += "\nBonds\n\n1 1 1 2\n"
    snapshot = vt.read(put("a.lmp.gz", gzip.compress(text.encode())))
    assert snapshot.columns["mass"].tolist() == [1.0, 2.5, 1.0]
    assert snapshot.columns["velocity"].tolist() == [[1, 0.5, 0], [2, 0.5, 0], [3, 0.5, 0]]
    path = put("b.data", text)
    assert len(list(read_frames(path))) == 1
    assert vt.read(path, frame=-1).step == 1200
    with pytest.raises(FileError, match="there is no frame 1; a data file has one"):
        vt.read(path, frame=1)


def test_labels_of_types(put):
    extra = "\nAtom Type Labels\n\n1 A\n2 B\n"
    assert vt.read(put("a.lmp", data("atomic", extra=extra))).species.tolist() == ["A", "B", "A"]
    text = data("atomic", extra=extra).replace("\n3 1 1.5", "\n3 A 1.5").replace("\n1 1 -0.5", "\n1 A -0.5")
    assert vt.read(put("b.lmp", text.replace("\n2 2 6", "\n2 B 6"))).species.tolist() == ["A", "B", "A"]


def test_triclinic(put):
    snapshot = vt.read(put("a.lmp", data(head=HEAD + "1.0 -0.5 0.25 xy xz yz\n")))
    assert snapshot.box.vectors.tolist() == [[10, 0, 0], [1, 8.5, 0], [-0.5, 0.25, 7]]
    general = HEAD.split("-1 9")[0] + "0 10 0 avec\n-9 0 0 bvec\n0 1 8 cvec\n-4 -1 0 abc origin\n"
    general = vt.read(put("b.lmp", data(head=general)), unwrapped=True)
    assert general.box.vectors.tolist() == [[0, 10, 0], [-9, 0, 0], [0, 1, 8]]
    assert general.box.origin.tolist() == [-4, -1, 0]


def test_found_by_its_content(put):
    assert len(vt.read(put("data.kob", data()))) == 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("3 atoms", "4 atoms", "ends after 3 of the 4 particles"),
        ("3 atoms", "1000000000000 atoms", "ends after 3 of the 1000000000000 particles"),
        ("3 atoms\n", "", "has to give atoms"),
        ("0 8.5 ylo yhi\n", "", "has to give atoms, xlo xhi"),
        ("0 8.5 ylo", "9 8.5 ylo", "no extent along y"),
        ("0 8.5 ylo", "0 inf ylo", "expected a number|expected a header"),
        ("6 7.5 1\n", "6 nan 1\n", "atom id 2: .* not finite"),
        ("6 7.5 1\n", "6 7.5\n", "expected 5 columns, got 4"),
        ("2 2 6", "1 2 6", "atom id 1 occurs more than once"),
        ("2 2 6 7.5 1", "2 2 60 7.5 1", "outside the box"),
        ("Atoms", "Atoms # template", "style of the atoms is 'template'"),
        ("Atoms", "Nothing", "no section Atoms"),
    ],
)
def test_damage(put, old, new, words):
    text = data()
    assert old in text
    with pytest.raises(FileError, match=words):
        vt.read(put("a.lmp", text.replace(old, new)))


def test_images_give_unwrapped_positions(put):
    snapshot = vt.read(put("a.lmp", data("atomic", images=True)))
    np.testing.assert_allclose(snapshot.unwrapped_positions[0], [-0.5 + 10, 4, 5 - 7])


def test_rows_with_comments(put):
    plain = vt.read(put("a.data", data("full", " # full", images=True)))
    rows = data("full", " # full", images=True).replace("1 0 -1\n", "1 0 -1 # the first, of 3\n")
    found = vt.read(put("b.data", rows.replace("3 0 -1\n", "3 0 -1#\n")))
    assert found.positions.tolist() == plain.positions.tolist()
    assert found.images.tolist() == plain.images.tolist()
    assert list(found.columns) == list(plain.columns)


def test_a_style_of_a_thousand_letters_is_not_repeated(put):
    with pytest.raises(FileError, match=r"the style of the atoms is .*known are atomic") as told:
        vt.read(put("a.data", data("atomic", " # f" + 5000 * "9")))
    assert len(str(told.value)) < 600
