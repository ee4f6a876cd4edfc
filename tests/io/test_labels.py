"""The species under whatever name, and what is said if they are lost."""

from __future__ import annotations

import warnings

import pytest

import vitreous as vt
from vitreous.errors import FileWarning, InputError

LATTICE = 'Lattice="9 0 0 0 9 0 0 0 9"'
PLACES = ["1 2 3", "4 5 6", "7 8 1", "3 3 5", "5 1 1"]
LABELS = [1, 2, 1, 1, 2]


def extended(name, kind="I", labels=LABELS, more=""):
    rows = "".join(f"{label} {place}\n" for label, place in zip(labels, PLACES, strict=True))
    return f"5\n{LATTICE} Properties={name}:{kind}:1:pos:R:3 {more}\n{rows}"


@pytest.mark.parametrize(
    "name",
    ["species", "Species", "name", "element", "elements", "type", "Type", "types", "typ", "atom_types", "particle_type",
     "label", "Z", "atomic_numbers", "numbers", "symbol", "kind", "typeid", "id", "particletype"],
)  # fmt: skip
def test_names_of_the_column(put, name):
    assert vt.read(put("a.extxyz", extended(name))).species.tolist() == LABELS


@pytest.mark.parametrize("name", ["type", "Z", "id"])
def test_whole_numbers_stored_as_floats(put, name):
    snapshot = vt.read(put("a.extxyz", extended(name, "R", [f"{label}.0" for label in LABELS])))
    assert snapshot.species.tolist() == LABELS
    assert snapshot.species.dtype.kind == "i"


def test_ids_are_no_species(put):
    snapshot = vt.read(put("a.extxyz", extended("id", labels=[5, 3, 1, 2, 4])))
    assert snapshot.species_names == ("A",)
    assert snapshot.columns["id"].tolist() == [5, 3, 1, 2, 4]


@pytest.mark.parametrize("name", ["type", "typ", "Type"])
def test_types_of_a_dump(put, name):
    text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n5\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n"
    text += f"ITEM: ATOMS id {name} x y z\n"
    text += "".join(
        f"{i} {label} {place}\n" for i, (label, place) in enumerate(zip(LABELS, PLACES, strict=True))
    )
    assert vt.read(put("a.dump", text)).species.tolist() == LABELS


@pytest.mark.parametrize("labels", [LABELS, ["big", "small", "big", "small", "big"]])
def test_lost_labels_are_told(put, labels):
    kind = "I" if labels is LABELS else "S"
    path = put("a.extxyz", extended("population", kind, labels))
    with pytest.warns(
        FileWarning, match=r"one species, but the column 'population' .* --species population\)"
    ):
        assert vt.read(path).species_names == ("A",)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert vt.read(path, species="population").species.tolist() == labels


def test_labels_of_a_name_with_type_are_told(put):
    with pytest.warns(FileWarning, match="the column 'mol_type' .* looks like labels"):
        vt.read(put("a.extxyz", extended("mol_type", "I", LABELS)))


def test_labels_beside_one_species_are_told(put):
    rows = "".join(f"X {place} {label}\n" for label, place in zip(LABELS, PLACES, strict=True))
    path = put("a.extxyz", f"5\n{LATTICE} Properties=species:S:1:pos:R:3:type:I:1\n{rows}")
    with pytest.warns(FileWarning, match="the column 'type' .* looks like labels"):
        vt.read(path)
    assert vt.read(path, species="type").species.tolist() == LABELS


def test_other_columns_raise_no_alarm(put):
    rows = "".join(f"A {place} {i % 2} {0.5 * i} {i}\n" for i, place in enumerate(PLACES))
    text = f"5\n{LATTICE} Properties=species:S:1:pos:R:3:tcc_6A:I:1:q:R:1:n:I:1\n{rows}"
    assert vt.read(put("a.extxyz", text)).species_names == ("A",)


@pytest.mark.parametrize(
    ("column", "words"), [("kind", "there is no column 'kind'"), ("v", "holds no labels")]
)
def test_a_column_that_is_not_there(put, column, words):
    text = f"1\n{LATTICE} Properties=species:S:1:pos:R:3:v:R:1\nA 1 2 3 0.5\n"
    with pytest.raises(InputError, match=words):
        vt.read(put("a.extxyz", text), species=column)
