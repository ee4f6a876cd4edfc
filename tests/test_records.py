"""The codec between dataclasses and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.io.record_file import read_record, write_record
from vitreous.records import RecordError, from_json, from_text, to_json, to_text


@dataclass(frozen=True)
class Inner:
    value: float
    error: float = math.nan
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Outer:
    format: ClassVar = 2
    told: ClassVar = ("double",)

    name: str
    number: int
    flag: bool
    rule: Literal["sann", "cutoff"] | float
    inner: Inner
    known: float | None
    array: NDArray[np.float64]
    counts: NDArray[np.int64]
    masks: NDArray[np.bool_]
    pair: tuple[str, float]
    several: tuple[Inner, ...]
    by_number: Mapping[int, float]
    later: dict[str, Inner] = field(default_factory=dict)

    @property
    def double(self):
        return 2 * self.number


def outer(**changes):
    values = {
        "name": "Wahnström",
        "number": 3,
        "flag": True,
        "rule": "sann",
        "inner": Inner(0.1),
        "known": None,
        "array": np.array([[0.1, np.nan], [np.inf, 1 / 3]]),
        "counts": np.array([2**60, 0]),
        "masks": np.array([True, False]),
        "pair": ("a", 1.5),
        "several": (Inner(1.0, 0.5), Inner(math.nan, math.nan, "too short")),
        "by_number": {2: 0.25},
    }
    return Outer(**{**values, **changes})


def test_there_and_back():
    one = outer(later={"x": Inner(1e-300)})
    text = to_text(one)
    assert json.loads(text)["format"] == 2
    assert json.loads(text)["double"] == 6
    assert json.loads(text)["array"] == [[0.1, None], [None, 1 / 3]]
    back = from_text(Outer, text)
    assert to_json(back) == to_json(one)
    assert back.array.dtype == np.float64
    np.testing.assert_array_equal(back.array, [[0.1, np.nan], [np.nan, 1 / 3]])
    assert (back.counts.dtype, back.masks.dtype) == (np.int64, np.bool_)
    assert back.counts[0] == 2**60
    assert back.by_number == {2: 0.25}
    assert isinstance(back.several, tuple)
    assert math.isnan(back.several[1].value)
    assert back.known is None


@given(st.floats(), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_every_bit(one, two):
    back = from_text(Inner, to_text(Inner(one, two)))
    assert back.error == two
    assert back.value == one if math.isfinite(one) else math.isnan(back.value)


def test_what_a_class_does_not_know_is_passed_over_and_defaults_may_be_missing():
    assert from_json(Inner, {"value": 1, "colour": "red"}).value == 1.0
    assert isinstance(from_json(Inner, {"value": 1}).value, float)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("number", 1.5, "number: expected a whole number, got 1.5"),
        ("number", True, "number: expected a whole number, got true"),
        ("flag", 1, "flag: expected true or false, got 1"),
        ("name", None, "name: expected a text, got null"),
        ("rule", "voronoi", "rule: expected 'sann' or 'cutoff', got \"voronoi\""),
        ("inner", {"error": 1.0}, "inner.value: is missing"),
        ("several", [{"value": "x"}], r"several\[0\].value: expected a number"),
        ("pair", ["a"], "pair: expected 2 values"),
        ("array", [[1.0], [1.0, 2.0]], "array: expected numbers"),
        ("counts", [1.5], "counts: expected whole numbers"),
        ("inner", [], "inner: expected an object"),
    ],
)
def test_what_is_something_else_is_told_where(name, value, message):
    with pytest.raises(RecordError, match=message):
        from_json(Outer, {**to_json(outer()), name: value})


def test_files(tmp_path):
    path = tmp_path / "inner.json"
    write_record(path, Inner(2.0))
    assert read_record(path, Inner) == Inner(2.0) or math.isnan(read_record(path, Inner).error)
    path.write_text('{"value": 4.0}')  # of the time before there were versions
    assert read_record(path, Inner).value == 4.0
    with pytest.raises(FileNotFoundError):
        read_record(tmp_path / "none.json", Inner)
    for text, message in (
        ('{"format": 2, "value": 1}', "has format 2, this vitreous knows 1; take a later one"),
        ("{", "is no JSON"),
        ("[]", "expected an object"),
    ):
        path.write_text(text)
        with pytest.raises(FileError, match=f"inner.json: cannot be read: .*{message}"):
            read_record(path, Inner)


def test_what_has_no_form_in_json():
    with pytest.raises(TypeError, match="set has no form in JSON"):
        to_json({"a": {1, 2}})
