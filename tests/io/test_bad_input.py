"""Everything a person can do wrong, each with the words that tell what is wrong, where, and what to do."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import FileError, FileWarning, InputError

LATTICE = 'Lattice="10 0 0 0 10 0 0 0 10"'
EXTENDED = f"2\n{LATTICE} Properties=species:S:1:pos:R:3:n:I:1\nA 1 2 3 4\nB 4 5 6 7\n"
PLAIN = "2\ncell:10,10,10\nA 1 2 3\nB 4 5 6\n"
SPH = "2\n10 10 10\na 1 2 3 0.5\nb 4 5 6 0.4\n"
DUMP = (
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
    "ITEM: ATOMS id type x y z\n1 1 1 2 3\n2 2 4 5 6\n"
)
SNAPSHOT = Configuration(positions=np.eye(3), box=2.0)


def bad(path, *words, **options):
    """Reading fails with one line that begins with the file name and has all these words in order."""
    with pytest.raises(FileError) as caught:
        io.read(path, **options)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    place = 0
    for word in words:
        assert word in message[place:], message
        place = message.index(word, place)


def test_missing_file(tmp_path):
    bad(tmp_path / "a.xyz", "No such file")


def test_directory(tmp_path):
    (tmp_path / "a.xyz").mkdir()
    bad(tmp_path / "a.xyz", "this is a directory")


def test_pipe(tmp_path):
    os.mkfifo(tmp_path / "a.xyz")
    bad(tmp_path / "a.xyz", "not a regular file")


@pytest.mark.parametrize("name", ["a.xyz", "a.dump", "a.gsd"])
def test_unreadable_file(put, monkeypatch, name):
    path = put(name, PLAIN)

    def refuse(*args):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    bad(path, "cannot read", "Permission denied")


@pytest.mark.parametrize("name", ["a.xyz", "a.dump", "a.sph", "a.gsd", "a.xyz.gz", "a.unknown"])
def test_empty_file(put, name):
    bad(put(name, ""), "the file is empty")


@pytest.mark.parametrize("name", ["a.xyz", "a.dump", "a.sph", "a.extxyz"])
def test_blank_file(put, name):
    bad(put(name, "\n \n\n"), "the file is empty")


@pytest.mark.parametrize("name", ["a.xyz.gz", "a.dump.gz"])
def test_nothing_inside_gzip(put, name):
    bad(put(name, gzip.compress(b"")), "the file is empty")


def test_unknown_suffix(put):
    bad(put("a.data", PLAIN), "known suffixes are", ".gsd", ".dump", ".sph", "--format")
    assert len(io.read(put("a.data", PLAIN), format="xyz")) == 2


def test_unknown_suffix_with_known_content(put, tmp_path):
    assert len(io.read(put("a.out", DUMP))) == 2
    assert len(io.read(put("b.out", EXTENDED))) == 2
    assert len(io.read(shutil.copy(io.write(tmp_path / "c.gsd", SNAPSHOT), tmp_path / "c"))) == 3


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.gsd"])
def test_a_dump_with_another_suffix(put, name):
    bad(put(name, DUMP), "looks like a LAMMPS text dump", ".dump", "format='lammps-dump'")


@pytest.mark.parametrize("name", ["a.xyz", "a.dump", "a.sph"])
def test_a_gsd_with_another_suffix(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(io.write(tmp_path / "b.gsd", SNAPSHOT).read_bytes())
    bad(path, "looks like a GSD file", "--format gsd")


def test_an_xyz_called_dump(put):
    bad(put("a.dump", PLAIN), "line 1", "expected a line that begins with 'ITEM:'", "'2'")


def test_text_called_gsd(put):
    bad(put("a.gsd", PLAIN), "not a GSD file")


def test_gzip_without_its_suffix(put):
    path = put("a.xyz", gzip.compress(PLAIN.encode()))
    bad(path, "looks compressed with gzip", ".gz")
    assert len(io.read(path, format="xyz")) == 2


def test_gzip_suffix_without_gzip(put):
    bad(put("a.xyz.gz", PLAIN), "looks not compressed")


def test_gsd_inside_gzip(put, tmp_path):
    content = gzip.compress(io.write(tmp_path / "b.gsd", SNAPSHOT).read_bytes())
    bad(put("a.gsd.gz", content), "inside gzip", "gunzip")


def test_damaged_gzip(put):
    rows = np.random.default_rng(0).random((2000, 3)).tolist()
    whole = gzip.compress(("2000\ncell:1\n" + "".join(f"A {x} {y} {z}\n" for x, y, z in rows)).encode())
    assert len(io.read(put("whole.xyz.gz", whole))) == 2000
    bad(put("a.xyz.gz", whole[:20000]), "truncated or damaged")
    bad(put("b.xyz.gz", whole[:-6] + b"\0\0" + whole[-4:]), "gzip file is damaged")
    bad(put("c.xyz.gz", gzip.compress(PLAIN.encode()) + b"trailing"), "gzip file")


@pytest.mark.parametrize("content", [PLAIN, EXTENDED, SPH])
@pytest.mark.parametrize("count", ["-1", "x", "1e3", "2 2", "1_0", "9" * 40])
def test_senseless_counts(put, content, count):
    name = "a.sph" if content is SPH else "a.xyz"
    bad(put(name, content.replace("2\n", f"{count}\n", 1)), "line 1", "expected the number of particles", "'")


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump"])
def test_a_count_beyond_the_file_fails_at_once(put, name):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP}[name]
    before = "ATOMS\n" if name == "a.dump" else ""
    huge = content.replace(f"{before}2\n", f"{before}{10**15}\n", 1)
    bad(put(name, huge), "line", "ends after 2 of the 1000000000000000 particles", "truncated")


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
def test_no_particles(put, name):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    bad(put(name, content.replace("2\n", "0\n", 1)), "no particles")


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
def test_a_truncated_last_frame_is_told(put, name):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    lines = content.splitlines(keepends=True)
    for kept in range(1, len(lines)):
        path = put(name, content + "".join(lines[:kept]))
        with pytest.warns(
            FileWarning, match=rf"line {len(lines) + kept}: the file ends .*last frame is left out"
        ):
            assert len(io.read(path)) == 2
        bad(path, f"line {len(lines) + kept}", "the file ends", frame=1)
        assert len(io.read(path, frame=0)) == 2


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
@pytest.mark.parametrize("frame", [3, -4, 10**30, -(10**30)])
def test_no_such_frame(put, name, frame):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    bad(put(name, content * 3), f"no frame {frame}", "has 3 (0 to 2)", frame=frame)


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "1e999", "1e200"])
@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
def test_coordinates_that_are_no_numbers_one_can_use(put, name, word):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    line = content.count("\n")
    bad(put(name, content.replace(" 4 5 6", f" 4 {word} 6")), f"line {line}", "coordinates", "not finite")


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
@pytest.mark.parametrize("word", ["x", "1_0", "0x10", "1d0", "5,5"])
def test_a_word_among_the_coordinates(put, name, word):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    line = content.count("\n")
    bad(
        put(name, content.replace(" 4 5 6", f" 4 {word} 6")), f"line {line}", "should be a number", repr(word)
    )


@pytest.mark.parametrize("name", ["a.xyz", "a.sph", "a.dump", "a.extxyz"])
@pytest.mark.parametrize("row", [" 4 5", " 4 5 6 7 8 9", ""])
def test_rows_of_the_wrong_length(put, name, row):
    content = {"a.xyz": PLAIN, "a.sph": SPH, "a.dump": DUMP, "a.extxyz": EXTENDED}[name]
    line = content.count("\n")
    bad(put(name, content.replace(" 4 5 6", row)), f"line {line}", "expected", "columns, got")


def test_rows_whose_errors_cancel(put):
    bad(put("a.xyz", "3\ncell:9\nA 1 2 3\nA 1 2 3 4\nA 1 2\n"), "line 4", "expected 4 columns, got 5")


def test_extended_row_narrower_than_the_properties(put):
    text = EXTENDED.replace("n:I:1", "n:I:999999")
    bad(put("a.extxyz", text), "line 3", "expected 1000003 columns, got 5")


@pytest.mark.parametrize(
    "content", [b"2\ncell:9\nA 1 2 3\n\xff\xfe 4 5 6\n", b"2\ncell:9 \xff\nA 1 2 3\nA 4 5 6\n"]
)
def test_text_that_is_not_utf8(put, content):
    bad(put("a.xyz", content), "line", "UTF-8 text")


def test_nul_bytes(put):
    bad(put("a.xyz", PLAIN.replace("B 4", "B\0 4")), "line 4", "UTF-8 text")
    bad(put("b.xyz", PLAIN.replace("B 4", "B \0 4")), "line 4", "NUL bytes")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ("species:S:1", "pos:R:3"),
        ("species:S:1:pos:R:2:n:I:2", "pos:R:3"),
        ("species:S:1:pos:R:3:n:X:1", "triples"),
        ("species:S:1:pos:R:3:n:I", "triples"),
        ("species:S:1:pos:R:3:n:I:0", "triples"),
        ("pos:R:3:n:I:1:n:I:1", "named twice"),
    ],
)
def test_wrong_properties(put, properties, words):
    bad(put("a.extxyz", EXTENDED.replace("species:S:1:pos:R:3:n:I:1", properties)), "line 2", words)


@pytest.mark.parametrize(("kind", "value"), [("I", "4.5"), ("I", str(2**63)), ("L", "yes"), ("R", "T")])
def test_values_of_another_kind_than_declared(put, kind, value):
    text = EXTENDED.replace("n:I:1", f"n:{kind}:1").replace("3 4\n", f"3 {value}\n")
    bad(put("a.extxyz", text), "line 3", "column 'n' should be", value)


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("Lattice", LATTICE, 'Lattice="1 2 3"'),
        ("Lattice", LATTICE, 'Lattice="a b c"'),
        ("Lattice", LATTICE, "Lattice"),
        ("pbc", LATTICE, f'{LATTICE} pbc="T F"'),
        ("Origin", LATTICE, f"{LATTICE} Origin=1"),
    ],
)
def test_wrong_cell_of_extended_xyz(put, key, old, new):
    bad(put("a.extxyz", EXTENDED.replace(old, new)), "line 2", f"{key} must have")


@pytest.mark.parametrize("lattice", ["1 0 0 2 0 0 0 0 1", "nan 0 0 0 1 0 0 0 1", "1e999 0 0 0 1 0 0 0 1"])
def test_cells_without_volume(put, lattice):
    bad(put("a.extxyz", EXTENDED.replace(LATTICE, f'Lattice="{lattice}"')), "box: ")


@pytest.mark.parametrize("cell", ["1,2", "x,y,z", "0,1,1", "-1,2,3", "nan,1,1"])
def test_wrong_cell_of_plain_xyz(put, cell):
    bad(put("a.xyz", PLAIN.replace("cell:10,10,10", f"cell:{cell}")))


def test_columns_of_plain_xyz_without_positions(put):
    bad(put("a.xyz", PLAIN.replace("cell", "columns:name,x,y,w cell")), "line 2", "positions as pos")


def test_no_cell(put):
    bad(put("a.xyz", "1\n\nA 1 2 3\n"), "no cell", "--box Lx,Ly,Lz", "--periodic none")
    bad(put("a.extxyz", EXTENDED.replace(LATTICE, "")), "no cell", "--box Lx,Ly,Lz", "--periodic none")


@pytest.mark.parametrize("box", ["10 10", "10 10 x", "10 10 10 10", "10 10 nan", "10 0 10", "10 -1 10"])
def test_wrong_box_of_sph(put, box):
    bad(put("a.sph", SPH.replace("10 10 10", box)), "box")


def test_radius_that_is_not_positive(put):
    bad(put("a.sph", SPH.replace("0.4", "-0.4")), "diameters", "positive")


def test_particles_that_do_not_fit_the_box(put):
    bad(put("a.xyz", PLAIN.replace("10,10,10", "2,10,10")), "outside the box", "unwrapped")
    assert io.read(put("a.xyz", PLAIN.replace("10,10,10", "2,10,10")), unwrapped=True).unwrapped


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ITEM: TIMESTEP\n0", "ITEM: TIMESTEP\nx", ("line 2", "expected the time step")),
        ("0 10\n0 10\n0 10", "0 10\n0 x\n0 10", ("line 7", "bounds of the box")),
        ("0 10\n0 10\n0 10", "0 10\n0 inf\n0 10", ("line 7", "bounds of the box")),
        ("0 10\n0 10\n0 10", "0 10\n0 10\n10 0", ("line 8", "no extent along z")),
        ("0 10\n0 10\n0 10", "0 10\n0 10\n5 5", ("line 8", "no extent along z")),
        ("0 10\n0 10\n0 10", "0 10\n0 10", ("line 8", "bounds of the box")),
        ("pp pp pp", "pp pp", ("line 5", "cannot read the box")),
        ("pp pp pp", "xy xz pp pp pp", ("line 5", "cannot read the box")),
        ("x y z", "x y w", ("line 9", "no coordinates", "xs ys zs")),
        ("x y z", "x y id", ("named twice",)),
        ("ITEM: NUMBER OF ATOMS\n2\n", "", ("NUMBER OF ATOMS",)),
        ("ITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n", "", ("BOX BOUNDS",)),
        ("ITEM: NUMBER OF ATOMS", "ITEM: NUMBER OF ENTRIES", ("line 3", "unknown section")),
        ("2 2 4", "1 2 4", ("atom id 1 occurs more than once",)),
        ("2 2 4", "2.5 2 4", ("line 11", "column 'id' should be a 64-bit integer", "'2.5'")),
    ],
)  # fmt: skip
def test_damaged_dumps(put, old, new, words):
    assert old in DUMP
    bad(put("a.dump", DUMP.replace(old, new)), *words)


def test_columns_that_become_one_name(put):
    text = DUMP.replace("x y z", "x y z c[1] c_1").replace("1 2 3", "1 2 3 0 0").replace("4 5 6", "4 5 6 0 0")
    bad(put("a.dump", text), "'c_1'")


@pytest.mark.parametrize("kept", [7, 8, 100, 255, 256, 1000, 4000])
def test_truncated_gsd(put, tmp_path, kept):
    content = io.write(tmp_path / "whole.gsd", SNAPSHOT).read_bytes()
    bad(put("a.gsd", content[:kept]), "GSD file")


@pytest.mark.parametrize("offset", [8, 16, 24, 32])
@pytest.mark.parametrize("value", [0, 10**6, 2**63, 2**64 - 1, 2**64 - 4096])
def test_gsd_headers_that_point_nowhere(put, tmp_path, offset, value):
    content = bytearray(io.write(tmp_path / "whole.gsd", SNAPSHOT).read_bytes())
    content[offset : offset + 8] = struct.pack("<Q", value)
    bad(put("a.gsd", bytes(content)))


def test_species_that_the_file_does_not_have(put):
    with pytest.raises(InputError, match=r"species: C not in .*a\.xyz, which has A, B"):
        io.read(put("a.xyz", PLAIN), species={"A": 1, "C": 2})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"periodic": (True, False)}, "periodic must be three flags"),
        ({"periodic": True}, "periodic must be three flags"),
        ({"box": (1, 2)}, "box: expected"),
        ({"box": "wide"}, "box: cannot read"),
        ({"frame": 1.5}, "frame must be an integer"),
        ({"format": "pdb"}, "unknown format 'pdb'; known are gsd, extxyz"),
        ({"diameters": {"A": 1.0}}, "diameters: none given for species B"),
        ({"diameters": -1.0}, "diameters: must be positive"),
    ],
)
def test_wrong_arguments(put, options, words):
    with pytest.raises(InputError, match=words):
        io.read(put("a.xyz", PLAIN), **options)


@pytest.mark.parametrize("path", [3, None, b"a.xyz"])
def test_paths_of_another_type(path):
    with pytest.raises(InputError, match="a file name is needed"):
        io.read(path)


@pytest.mark.parametrize("path", ["", "a\0b.xyz"])
def test_paths_that_cannot_exist(path):
    with pytest.raises(FileError, match="not a file name"):
        io.read(path)


def cannot_write(path, snapshot, words, **options):
    with pytest.raises(InputError, match=words) as caught:
        io.write(path, snapshot, **options)
    assert "\n" not in str(caught.value)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["a.dump", "a.sph", "a.png", "a"])
def test_formats_that_are_not_written(tmp_path, name):
    cannot_write(
        tmp_path / name, SNAPSHOT, r"cannot write this format; use one of the suffixes \.gsd, \.extxyz, \.xyz"
    )


def test_compressed_gsd_is_not_written(tmp_path):
    cannot_write(tmp_path / "a.gsd.gz", SNAPSHOT, "cannot be compressed")


def test_only_configurations_are_written(tmp_path):
    cannot_write(tmp_path / "a.gsd", np.zeros((3, 3)), "takes a Configuration, got ndarray")


@pytest.mark.parametrize("suffix", ["gsd", "extxyz"])
@pytest.mark.parametrize("name", ["two words", "a:b", "", "é", "c_q[1]", "a/b"])
def test_column_names(tmp_path, suffix, name):
    snapshot = SNAPSHOT.with_columns(**{name: [1, 2, 3]})
    cannot_write(tmp_path / f"a.{suffix}", snapshot, "letters, digits and _")


@pytest.mark.parametrize(
    ("suffix", "name"),
    [("extxyz", name) for name in ("species", "pos", "radius", "diameter", "image")]
    + [("gsd", "position64")],
)
def test_reserved_column_names(tmp_path, suffix, name):
    cannot_write(tmp_path / f"a.{suffix}", SNAPSHOT.with_columns(**{name: [1, 2, 3]}), "reserves it")


@pytest.mark.parametrize("suffix", ["gsd", "extxyz"])
@pytest.mark.parametrize(
    "values", [[1j, 2, 3], [b"a", b"b", b"c"], np.zeros((3, 0)), np.zeros(3, np.longdouble)]
)
def test_columns_of_other_types(tmp_path, suffix, values):
    cannot_write(tmp_path / f"a.{suffix}", SNAPSHOT.with_columns(x=values), "cannot write the column 'x'")


@pytest.mark.parametrize(
    "label", ["two words", "", "tab\t", "line\n", "no-break\xa0space", "\ud800", "nul\0x"]
)
def test_labels_that_extended_xyz_cannot_hold(tmp_path, label):
    snapshot = Configuration(positions=np.eye(3), box=2.0, species=["A", label, "A"])
    cannot_write(tmp_path / "a.extxyz", snapshot, "white space")
    cannot_write(tmp_path / "a.extxyz", SNAPSHOT.with_columns(x=["A", label, "A"]), "white space")


@pytest.mark.parametrize("label", ["\ud800", "nul\0x"])
def test_labels_that_gsd_cannot_hold(tmp_path, label):
    snapshot = Configuration(positions=np.eye(3), box=2.0, species=["A", label, "A"])
    cannot_write(tmp_path / "a.gsd", snapshot, "cannot write")


def test_other_columns_that_extended_xyz_cannot_hold(tmp_path):
    path = tmp_path / "a.extxyz"
    cannot_write(path, SNAPSHOT.with_columns(x=np.zeros((3, 2, 2))), r"column of shape \(3, 2, 2\)")
    cannot_write(path, SNAPSHOT.with_columns(x=np.full(3, 2**64 - 1, np.uint64)), "64 bits")


@pytest.mark.parametrize("suffix", ["gsd", "extxyz"])
def test_metadata_that_cannot_be_written(tmp_path, suffix):
    snapshot = Configuration(positions=np.eye(3), box=2.0, metadata={"thing": object()})
    cannot_write(tmp_path / f"a.{suffix}", snapshot, "type object cannot be written")


@pytest.mark.parametrize(
    ("key", "value"), [("Lattice", "x"), ("pbc", 1), ("time", 1.5), ("step", 2), ("unwrapped", True)]
)
def test_metadata_keys_with_a_meaning(tmp_path, key, value):
    snapshot = Configuration(positions=np.eye(3), box=2.0, metadata={key: value})
    cannot_write(tmp_path / "a.extxyz", snapshot, f"metadata '{key}'.*meaning")
