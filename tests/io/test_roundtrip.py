from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import vitreous.io as io
from vitreous.box import Box
from vitreous.configuration import Configuration

SETTINGS = settings(max_examples=250, deadline=None, derandomize=True, database=None)

INTEGERS = st.integers(-(2**63), 2**63 - 1)
SMALL = st.floats(-1e6, 1e6)
LENGTHS = st.floats(0.1, 1e4)
LABELS = st.text(
    st.characters(exclude_categories=("Z", "C"), exclude_characters="\x1c\x1d\x1e\x1f\x85"),
    min_size=1,
    max_size=6,
)
NAMES = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=8).filter(
    lambda name: (
        name not in {"species", "pos", "image", "radius", "diameter", "position64", "image64", "diameter64"}
    )
)
RESERVED_KEYS = {"Lattice", "Properties", "pbc", "Origin", "time", "step", "unwrapped"}


@st.composite
def boxes(draw):
    vectors = np.diag(draw(st.tuples(LENGTHS, LENGTHS, LENGTHS)))
    kind = draw(st.sampled_from(["orthorhombic", "restricted", "general", "left-handed"]))
    scale = vectors.max() * 1e-1
    if kind == "restricted":
        vectors[np.tril_indices(3, -1)] = draw(hnp.arrays(np.float64, 3, elements=st.floats(-5, 5))) * scale
    if kind in ("general", "left-handed"):
        vectors = (
            np.eye(3) * scale * 10 + draw(hnp.arrays(np.float64, (3, 3), elements=st.floats(-3, 3))) * scale
        )
    if kind == "left-handed":
        vectors = vectors[[1, 0, 2]]
    lengths = np.linalg.norm(vectors, axis=1)
    if lengths.min() < 1e-2 or abs(np.linalg.det(vectors / lengths[:, None])) < 1e-3:
        vectors = np.diag([1.0, 2.0, 3.0])
    origin = draw(st.one_of(st.just((0.0, 0.0, 0.0)), st.tuples(SMALL, SMALL, SMALL)))
    return Box(vectors, draw(st.tuples(st.booleans(), st.booleans(), st.booleans())), np.array(origin))


def columns(n):
    shape = st.one_of(st.just((n,)), st.integers(2, 4).map(lambda k: (n, k)))
    elements = [
        (np.float64, st.floats(width=64)),
        (np.float32, st.floats(width=32)),
        (np.int64, INTEGERS),
        (np.uint8, st.integers(0, 255)),
        (np.bool_, st.booleans()),
        ("U6", LABELS),
    ]
    return st.one_of([hnp.arrays(dtype, shape, elements=values) for dtype, values in elements])


METADATA = st.one_of(
    st.booleans(),
    INTEGERS,
    st.floats(),
    st.text(max_size=12),
    hnp.arrays(np.float64, st.integers(1, 4), elements=st.floats()),
    hnp.arrays(np.int64, st.integers(1, 4), elements=INTEGERS),
)


@st.composite
def configurations(draw):
    n = draw(st.integers(1, 6))
    box = draw(boxes())
    unwrapped = draw(st.booleans())
    reach = 30.0 if unwrapped else 1.0
    fractional = draw(hnp.arrays(np.float64, (n, 3), elements=st.floats(0, reach)))
    images = hnp.arrays(np.int64, (n, 3), elements=st.integers(-(10**6), 10**6))
    species = st.one_of(
        hnp.arrays(np.int64, n, elements=INTEGERS), hnp.arrays("U6", n, elements=LABELS), st.just(["A"] * n)
    )
    diameters = hnp.arrays(np.float64, n, elements=st.floats(1e-3, 1e3))
    return Configuration(
        positions=fractional @ box.vectors + box.origin,
        box=box,
        species=draw(species),
        diameters=draw(st.none() | diameters),
        unwrapped=unwrapped,
        images=None if unwrapped else draw(st.none() | images),
        time=draw(st.none() | st.floats(allow_nan=False)),
        step=draw(st.none() | INTEGERS),
        columns=draw(st.dictionaries(NAMES, columns(n), max_size=3)),
        metadata=draw(
            st.dictionaries(
                st.text(string.printable, max_size=8).filter(lambda key: key not in RESERVED_KEYS),
                METADATA,
                max_size=3,
            )
        ),
    )


@pytest.mark.parametrize("suffix", ["gsd", "extxyz", "extxyz.gz"])
def test_every_configuration_comes_back_to_the_bit(folder, assert_same, suffix):
    @SETTINGS
    @given(configurations())
    def check(snapshot):
        path = io.write(folder / f"a.{suffix}", snapshot)
        back = io.read(path)
        assert_same(back, snapshot)
        assert_same(io.read(io.write(folder / f"b.{suffix}", back)), snapshot)

    check()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint64", "bool", ">f8", ">i4"])
@pytest.mark.parametrize("shape", [(5,), (5, 1), (5, 3), (5, 2, 3)])
def test_gsd_keeps_type_and_shape_of_columns(tmp_path, dtype, shape):
    values = (np.arange(np.prod(shape)) % 2).reshape(shape).astype(dtype)
    snapshot = Configuration(positions=np.zeros((5, 3)), box=1.0, columns={"x": values})
    back = io.read(io.write(tmp_path / "a.gsd", snapshot)).columns["x"]
    assert back.shape == shape
    assert back.dtype == values.dtype.newbyteorder("=")
    assert (back == values).all()


def test_gsd_keeps_any_text(tmp_path):
    words = ["", "two words", "é\n", "x\0y", "12"]
    snapshot = Configuration(positions=np.zeros((5, 3)), box=1.0, columns={"x": words, "y": [words[:2]] * 5})
    back = io.read(io.write(tmp_path / "a.gsd", snapshot))
    assert back.columns["x"].tolist() == words
    assert back.columns["y"].tolist() == [words[:2]] * 5


def test_a_dump_goes_through_gsd_and_extxyz(tmp_path, shared, assert_same):
    snapshot = io.read(shared / "ka_T0.44_N4096_1.lammpstrj")
    through = io.read(io.write(tmp_path / "a.gsd", snapshot))
    assert_same(through, snapshot)
    assert_same(io.read(io.write(tmp_path / "a.extxyz.gz", through)), snapshot)
