from __future__ import annotations

import gzip

import numpy as np
import pytest

import vitreous.io as io
from vitreous.errors import FileError


def dump(
    columns: str, rows: str, bounds: str = "pp pp pp\n0 10\n0 10\n0 10", before: str = "", step: int = 7
) -> str:
    count = len(rows.strip().splitlines())
    return (
        f"{before}ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{count}\nITEM: BOX BOUNDS {bounds}\n"
        f"ITEM: ATOMS {columns}\n{rows.strip()}\n"
    )


def test_particles_come_sorted_by_id_with_their_columns(put):
    text = dump("id type x y z q c_e v_name", "3 1 1 2 3 0 1.5 c\n1 2 4 5 6 1 2 a\n2 1 7 8 9 2 3 b")
    snapshot = io.read(put("a.dump", text))
    assert snapshot.positions.tolist() == [[4, 5, 6], [7, 8, 9], [1, 2, 3]]
    assert snapshot.species.tolist() == [2, 1, 1]
    assert snapshot.columns["id"].tolist() == [1, 2, 3]
    assert snapshot.columns["q"].tolist() == [1, 2, 0]
    assert snapshot.columns["q"].dtype == np.int64
    assert snapshot.columns["c_e"].tolist() == [2.0, 3.0, 1.5]
    assert snapshot.columns["v_name"].tolist() == ["a", "b", "c"]
    assert list(snapshot.columns) == ["id", "q", "c_e", "v_name"]
    assert snapshot.step == 7
    assert snapshot.time is None
    assert not snapshot.unwrapped
    assert snapshot.source.endswith("a.dump")


@pytest.mark.parametrize(
    ("columns", "row", "position", "unwrapped"),
    [
        ("x y z", "1 2 3", [1, 2, 3], False),
        ("xs ys zs", "0.1 0.2 0.3", [2, 2, -1], False),
        ("xu yu zu", "41 2 -23", [41, 2, -23], True),
        ("xsu ysu zsu", "4.1 0.2 -2.3", [42, 2, -27], True),
        ("x y z xu yu zu", "1 2 3 11 2 3", [11, 2, 3], True),
    ],
)
def test_all_kinds_of_coordinates(put, columns, row, position, unwrapped):
    text = dump(f"id type {columns}", f"1 1 {row}", "pp pp pp\n1 11\n0 10\n-4 6")
    snapshot = io.read(put("a.lammpstrj", text))
    np.testing.assert_allclose(snapshot.positions, [position], rtol=1e-14)
    assert snapshot.unwrapped is unwrapped
    assert snapshot.box.origin.tolist() == [1, 0, -4]


def test_images_give_unwrapped_positions(put):
    snapshot = io.read(put("a.dump", dump("id type x y z ix iy iz", "1 1 1 2 3 -1 0 2")))
    assert snapshot.images.tolist() == [[-1, 0, 2]]
    assert snapshot.unwrapped_positions.tolist() == [[-9, 2, 23]]


def test_images_beside_unwrapped_coordinates_are_not_counted_twice(put):
    snapshot = io.read(put("a.dump", dump("id xu yu zu ix iy iz", "1 11 2 3 1 0 0")))
    assert snapshot.images is None
    assert snapshot.columns["ix"].tolist() == [1]
    assert snapshot.unwrapped_positions.tolist() == [[11, 2, 3]]


def test_restricted_triclinic_bounds_are_undone(put):
    # xlo=1 xhi=11 ylo=2 yhi=12 zlo=3 zhi=13 with xy=-2 xz=3 yz=-4, printed as LAMMPS prints them
    bounds = "xy xz yz pp pp pp\n-1 14 -2\n-2 12 3\n3 13 -4"
    snapshot = io.read(put("a.dump", dump("id xs ys zs", "1 0.5 0.25 0.75", bounds)))
    assert snapshot.box.origin.tolist() == [1, 2, 3]
    assert snapshot.box.vectors.tolist() == [[10, 0, 0], [-2, 10, 0], [3, -4, 10]]
    expected = np.array([0.5, 0.25, 0.75]) @ snapshot.box.vectors + [1, 2, 3]
    np.testing.assert_allclose(snapshot.positions, [expected])
    np.testing.assert_allclose(snapshot.positions, [[7.75, 1.5, 10.5]])


def test_general_triclinic_box(put):
    bounds = "abc origin pp pp fm\n0 10 0 1\n-9 0 0 2\n0 1 8 3"
    snapshot = io.read(put("a.dump", dump("id x y z", "1 -2 4 5", bounds)))
    assert snapshot.box.vectors.tolist() == [[0, 10, 0], [-9, 0, 0], [0, 1, 8]]
    assert snapshot.box.origin.tolist() == [1, 2, 3]
    assert snapshot.periodic == (True, True, False)


@pytest.mark.parametrize(
    ("flags", "periodic"),
    [("pp pp pp", (True,) * 3), ("pp ff fs", (True, False, False)), ("ss mm pp", (False, False, True))],
)
def test_boundary_flags(put, flags, periodic):
    text = dump("id x y z", "1 1 2 3", f"{flags}\n0 10\n0 10\n0 10")
    assert io.read(put("a.dump", text)).periodic == periodic


def test_element_names_the_species_and_type_stays(put):
    snapshot = io.read(put("a.dump", dump("id type element x y z", "1 1 Ni 1 2 3\n2 2 P 4 5 6")))
    assert snapshot.species.tolist() == ["Ni", "P"]
    assert snapshot.columns["type"].tolist() == [1, 2]


@pytest.mark.parametrize(("column", "value"), [("radius", "0.5 0.6"), ("diameter", "1.0 1.2")])
def test_sizes(put, column, value):
    first, second = value.split()
    text = dump(f"id x y z {column}", f"1 1 2 3 {first}\n2 4 5 6 {second}")
    snapshot = io.read(put("a.dump", text))
    assert snapshot.diameters.tolist() == [1.0, 1.2]
    assert column not in snapshot.columns


def test_units_and_time_sections(put):
    before = "ITEM: UNITS\nlj\nITEM: TIME\n2.5\n"
    snapshot = io.read(put("a.dump", dump("id x y z", "1 1 2 3", before=before)))
    assert snapshot.time == 2.5
    assert dict(snapshot.metadata) == {"units": "lj"}


def test_vector_columns_get_plain_names(put):
    snapshot = io.read(put("a.dump", dump("id x y z c_q[4] c_q[6]", "1 1 2 3 0.5 0.25")))
    assert list(snapshot.columns) == ["id", "c_q_4", "c_q_6"]


def test_without_ids_and_types_the_order_stays(put):
    snapshot = io.read(put("a.dump", dump("x y z", "4 5 6\n1 2 3")))
    assert snapshot.positions.tolist() == [[4, 5, 6], [1, 2, 3]]
    assert snapshot.species.tolist() == ["A", "A"]


@pytest.mark.parametrize("suffix", ["dump", "dump.gz"])
def test_frames(put, suffix):
    text = "".join(dump("id x y z", f"1 {step} 2 3\n2 5 5 5", step=step) for step in range(4))
    path = put(f"a.{suffix}", gzip.compress(text.encode()) if suffix.endswith("gz") else text)
    for frame in range(-4, 4):
        snapshot = io.read(path, frame=frame)
        assert snapshot.step == frame % 4
        assert snapshot.positions[0, 0] == frame % 4
    assert io.read(path).step == 3


def test_columns_that_change_kind_far_down(put):
    rows = [f"{i + 1} 1 2 3 {i} {i} {i:03d}" for i in range(20000)]
    rows[15000] = "15001 1 2 3 0.5 word word"
    snapshot = io.read(put("a.dump", dump("id x y z a b c", "\n".join(rows))))
    assert snapshot.columns["a"].dtype == np.float64
    assert snapshot.columns["a"][[0, 14999, 15000, 19999]].tolist() == [0, 14999, 0.5, 19999]
    assert snapshot.columns["b"][[0, 15000, 19999]].tolist() == ["0", "word", "19999"]
    assert snapshot.columns["c"][[1, 15000]].tolist() == ["001", "word"]


def test_the_same_snapshot_as_extxyz_and_dump(shared):
    scaled = io.read(shared / "ka_T0.44_N4096_1.lammpstrj")
    plain = io.read(shared / "ka_T0.44_N4096_1.extxyz")
    np.testing.assert_allclose(scaled.positions, plain.positions, atol=1e-5)
    assert (np.where(scaled.species == 1, "A", "B") == plain.species).all()
    assert (scaled.box.vectors == plain.box.vectors).all()


def test_mapped_species_and_diameters(shared):
    snapshot = io.read(
        shared / "ka_T0.44_N4096_1.lammpstrj", species={"1": "A", 2: "B"}, diameters={"A": 1.0, "B": 0.88}
    )
    assert snapshot.species_names == ("A", "B")
    assert set(snapshot.diameters[snapshot.species == "B"]) == {0.88}


@pytest.mark.parametrize(
    ("columns", "row", "bounds", "words"),
    [
        ("id x y z", "5 25.5 1 1", "pp pp pp\n0 10\n0 10\n0 10", "atom id 5"),
        ("id xs ys zs", "5 1.6 0 0", "pp pp pp\n0 10\n0 10\n0 10", "atom id 5"),
    ],
)
def test_wrapped_coordinates_outside_the_box(put, columns, row, bounds, words):
    path = put("a.dump", dump(columns, row, bounds))
    with pytest.raises(FileError, match=rf"a\.dump: {words} .*outside the box"):
        io.read(path)
    assert io.read(path, unwrapped=True).unwrapped


def test_a_skin_outside_the_box_is_allowed(put):
    text = dump("id x y z", "1 -0.4 5 10.001\n2 10.3 5 5", "pp pp ff\n0 10\n0 10\n0 10")
    assert len(io.read(put("a.dump", text))) == 2
