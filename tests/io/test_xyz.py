from __future__ import annotations

import gzip
from io import StringIO

import numpy as np
import pytest

import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import FileError
from vitreous.io.comment import format_pair, parse_pairs

LATTICE = 'Lattice="10 0 0 0 10 0 0 0 10"'


def test_plain_with_cell_in_the_comment(put):
    snapshot = io.read(put("a.xyz", "2\nstep:12 time:1.5 cell:10,11,12 dt:0.5\nA 1 2 3\nB 4 5 6\n"))
    assert snapshot.box.lengths.tolist() == [10, 11, 12]
    assert snapshot.species.tolist() == ["A", "B"]
    assert (snapshot.step, snapshot.time) == (12, 1.5)
    assert dict(snapshot.metadata) == {"dt": 0.5}


def test_plain_with_lattice_and_more_columns(put):
    snapshot = io.read(put("a.xyz", f"2\n{LATTICE} note='two words'\n1 1 2 3 7 a\n2 4 5 6 8.5 1_0\n"))
    assert snapshot.species.tolist() == [1, 2]
    assert snapshot.columns["column5"].tolist() == [7, 8.5]
    assert snapshot.columns["column6"].tolist() == ["a", "1_0"]
    assert snapshot.metadata["note"] == "two words"


def test_plain_with_named_columns(put):
    text = "1\ncolumns:name,pos,vel,radius,n cell:9\nA 1 2 3 .1 .2 .3 0.5 4\n"
    snapshot = io.read(put("a.xyz", text))
    assert snapshot.columns["vel"].tolist() == [[0.1, 0.2, 0.3]]
    assert snapshot.columns["n"].tolist() == [4]
    assert snapshot.diameters.tolist() == [1.0]


def test_mixed_labels_are_text(put):
    assert io.read(put("a.xyz", "2\ncell:9\n1 1 2 3\n1.0 1 2 4\n")).species.tolist() == ["1", "1.0"]


def test_plain_without_cell(put):
    path = put("a.xyz", "2\nsome words\nA 1 2 3\nA 4 5 7\n")
    with pytest.raises(FileError, match=r"no cell .* give box .*--box Lx,Ly,Lz.*--periodic none"):
        io.read(path)
    with pytest.raises(FileError, match="no cell"):
        io.read(path, periodic=(True, False, False))
    given = io.read(path, box=(10, 10, 12), periodic=(True, True, False))
    assert given.box.lengths.tolist() == [10, 10, 12]
    assert given.periodic == (True, True, False)
    assert dict(given.metadata) == {"comment": "some words"}
    bounding = io.read(path, periodic=(False, False, False))
    fractional = bounding.box.fractional(bounding.positions)
    assert (fractional > 0).all()
    assert (fractional < 1).all()
    assert bounding.periodic == (False, False, False)


def test_a_single_particle_has_a_bounding_box(put):
    assert io.read(put("a.xyz", "1\n\nA 1 2 3\n"), periodic=[False] * 3).box.volume == 1.0


def test_extended_properties_and_metadata(put):
    comment = (
        f'{LATTICE} Properties=type:I:1:pos:R:3:velo:R:3:tag:S:2:hot:L:1:n:I:1:radius:R:1 pbc="T F 1" '
        'Origin="-5 0 1" time=2.5 step=40 temperature=0.44 runs=32 good=T flag \'quoted key\'="a \\"b\\" c" '
        'list=[1, 2.5] braces={1 2 3} empty="" stress="1 2 3"'
    )
    snapshot = io.read(
        put("a.extxyz", f"1\n{comment.replace('T F 1', 'T F T')}\n3 1 2 3 4 5 6 a b T 7 0.25\n")
    )
    assert snapshot.species.tolist() == [3]
    assert snapshot.columns["velo"].tolist() == [[4, 5, 6]]
    assert snapshot.columns["tag"].tolist() == [["a", "b"]]
    assert snapshot.columns["hot"].tolist() == [True]
    assert snapshot.columns["n"].dtype == np.int64
    assert snapshot.diameters.tolist() == [0.5]
    assert snapshot.periodic == (True, False, True)
    assert snapshot.box.origin.tolist() == [-5, 0, 1]
    assert (snapshot.time, snapshot.step) == (2.5, 40)
    metadata = dict(snapshot.metadata)
    for key, value in (("list", [1, 2.5]), ("braces", [1, 2, 3]), ("stress", [1, 2, 3])):
        assert metadata.pop(key).tolist() == value
    assert metadata == {
        "temperature": 0.44, "runs": 32, "good": True, "flag": True, "quoted key": 'a "b" c', "empty": "",
    }  # fmt: skip


@pytest.mark.parametrize("label", ["species", "element", "type"])
def test_names_of_the_species_column(put, label):
    text = f"1\n{LATTICE} Properties={label}:S:1:pos:R:3\n7 1 2 3\n"
    assert io.read(put("a.extxyz", text)).species.tolist() == ["7"]


def test_open_boundaries_without_lattice(put):
    snapshot = io.read(put("a.extxyz", '2\nProperties=species:S:1:pos:R:3 pbc="F F F"\nA 1 2 3\nA 2 3 4\n'))
    assert snapshot.periodic == (False, False, False)


def test_overrides(put):
    path = put("a.extxyz", f"1\n{LATTICE} Properties=species:S:1:pos:R:3\nA 1 2 3\n")
    assert io.read(path, periodic=np.array([True, True, False])).periodic == (True, True, False)
    assert io.read(path, box=20.0).box.lengths.tolist() == [20, 20, 20]
    assert io.read(path, diameters=1.5).diameters.tolist() == [1.5]
    assert io.read(path, species={"A": 4}).species.tolist() == [4]


@pytest.mark.parametrize("suffix", ["extxyz", "extxyz.gz"])
def test_frames_of_changing_size(put, suffix):
    text = "".join(
        f"{n}\n{LATTICE} Properties=species:S:1:pos:R:3 step={n}\n" + "A 1 2 3\n" * n + "\n" * (n % 2)
        for n in (1, 2, 3)
    )
    path = put(f"a.{suffix}", gzip.compress(text.encode()) if suffix.endswith("gz") else text)
    assert [io.read(path, frame=frame).step for frame in (-3, -2, -1, 0, 1, 2)] == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(
    "value",
    [
        1, -3, 10**30, 1.5, 1e-300, float("inf"), float("nan"), True, False, "word", "two words", "",
        "12", "T",
        "nan", "1 2 3", 'a"b', "back\\slash", "a=b", "[1, 2]", "{x", "_JSON 1", "ligne é", "a\nb",
        "\ud800", "'",
        {"a": [1, None, "x"]}, [1, 2], None,
    ],
)  # fmt: skip
def test_metadata_values_survive(value):
    pairs = parse_pairs(f"first=1 {format_pair('key', value)} last=2")
    assert list(pairs) == ["first", "key", "last"]
    assert type(pairs["key"]) is type(value)
    assert pairs["key"] == value or value != value


@pytest.mark.parametrize(
    "value",
    [np.arange(3), np.array([0.1]), np.array([np.nan, 1]), np.eye(2), np.array(["a b", "c"]), np.ones(0)],
)
def test_metadata_arrays_survive(value):
    back = parse_pairs(format_pair("key", value))["key"]
    assert back.dtype == value.dtype
    np.testing.assert_array_equal(back, value)


def test_real_wahnstrom_snapshot(shared):
    snapshot = io.read(shared / "wahn_N1000.xyz")
    assert len(snapshot) == 1000
    assert snapshot.step == 1433
    assert snapshot.columns["signature"][0] == "1_3_4_6_1"
    assert snapshot.columns["neighbors"][0].startswith("981,902")


def test_real_kob_andersen_snapshots_and_ase(shared):
    ase_io = pytest.importorskip("ase.io")
    for path in sorted(shared.glob("*.extxyz")):
        snapshot = io.read(path)
        assert len(snapshot) == 4096
        assert list(snapshot.columns) == ["propensity", "propensity_half1", "propensity_half2"]
        assert snapshot.metadata["time"] == "tau_alpha"
    # ase knows chemical elements only, so the labels are exchanged before it reads
    text = path.read_text().replace("\nA ", "\nNi ").replace("\nB ", "\nP ")
    atoms = ase_io.read(StringIO(text), format="extxyz")
    assert (atoms.positions == snapshot.positions).all()
    assert (atoms.arrays["propensity"] == snapshot.columns["propensity"]).all()
    assert (atoms.cell[:] == snapshot.box.vectors).all()


def test_ase_reads_what_we_write(tmp_path):
    ase_io = pytest.importorskip("ase.io")
    rng = np.random.default_rng(5)
    snapshot = Configuration(
        positions=rng.random((6, 3)), box=[[4, 0, 0], [1, 5, 0], [0, 1, 6]], species=["Ni", "P"] * 3,
        periodic=(True, True, False), diameters=1.1, images=rng.integers(-2, 3, (6, 3)),
        columns={"p_red": rng.random(6), "q": rng.random((6, 8)), "hot": rng.random(6) < 0.5},
        metadata={"temperature": 0.5, "model": "a b", "weights": np.array([0.5, 1.5])},
    )  # fmt: skip
    atoms = ase_io.read(io.write(tmp_path / "a.extxyz", snapshot))
    assert (atoms.positions == snapshot.positions).all()
    assert (atoms.cell[:] == snapshot.box.vectors).all()
    assert atoms.pbc.tolist() == [True, True, False]
    assert atoms.get_chemical_symbols() == snapshot.species.tolist()
    assert (atoms.arrays["q"] == snapshot.columns["q"]).all()
    assert (atoms.arrays["hot"] == snapshot.columns["hot"]).all()
    assert atoms.info["model"] == "a b"
    assert atoms.info["weights"].tolist() == [0.5, 1.5]


@pytest.mark.parametrize("n", [1, 70000])
def test_compressed_output_is_the_same_every_time(tmp_path, n):
    snapshot = Configuration(positions=np.random.default_rng(0).random((n, 3)), box=2.0)
    first = io.write(tmp_path / "a.extxyz.gz", snapshot).read_bytes()
    assert io.write(tmp_path / "b.extxyz.gz", snapshot).read_bytes() == first
    assert (io.read(tmp_path / "b.extxyz.gz").positions == snapshot.positions).all()


def test_a_text_column_called_id_is_the_species(put):
    path = put("atooms.xyz", "2\nstep:0 columns:id,pos cell:9,9,9\nA 1 2 3\nB 4 5 6\n")
    assert io.read(path).species.tolist() == ["A", "B"]
