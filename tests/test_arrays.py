"""The gate of numbers and arrays: what is refused, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.arrays import curve, finite, numbers, one_each, positive, rows, whole
from vitreous.errors import InputError


@pytest.mark.parametrize("value", [2, 0.5, np.float64(3.0), np.int64(1), np.array(4.0)])
def test_positive(value):
    assert positive("radius", value) == value
    assert type(positive("radius", value)) is float


@pytest.mark.parametrize("value", [0, -1.0, np.nan, np.inf, "2", None, [1.0, 2.0]])
def test_not_positive(value):
    with pytest.raises(InputError, match="radius: must be positive and finite, got "):
        positive("radius", value)


@pytest.mark.parametrize("value", [4, 7, np.int32(4), np.array(5), 2**70])
def test_whole(value):
    assert whole("runs", value, 4) == value
    assert type(whole("runs", value, 4)) is int


@pytest.mark.parametrize(
    "value", [3, -4, 4.0, np.float64(4.0), "4", None, True, np.True_, [4], np.array([4, 5])]
)
def test_not_whole(value):
    with pytest.raises(InputError, match="runs: expected a whole number of at least 4, got ") as caught:
        whole("runs", value, 4)
    assert "\n" not in str(caught.value)


def test_arrays_are_not_copied_but_made():
    given = np.array([1.0, np.nan])
    assert numbers("a", given) is given
    assert one_each("a", given, 2) is given
    assert numbers("a", [[1, 2]]).dtype == np.float64


@pytest.mark.parametrize("values", ["many", [[1.0], [1.0, 2.0]], [object()]])
def test_no_numbers(values):
    with pytest.raises(InputError, match="a: must be an array of numbers"):
        numbers("a", values)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_not_finite(bad):
    with pytest.raises(InputError, match="a: must be finite"):
        finite("a", [1.0, bad])


@pytest.mark.parametrize("values", [1.0, [1.0], np.zeros((2, 1))])
def test_not_one_each(values):
    with pytest.raises(InputError, match="a: expected 2 values, one for each particle, got shape"):
        one_each("a", values, 2)


def test_rows():
    assert rows("a", [1, 2], 2).shape == (2,)
    assert rows("a", np.zeros((2, 0)), 2).shape == (2, 0)
    for values in (1.0, [1.0], np.zeros((2, 1, 1))):
        with pytest.raises(InputError, match="a: expected 2 rows, one for each particle, got shape"):
            rows("a", values, 2)


def test_a_curve():
    t, y, e, c = curve("fit", [1, 2], [3, np.nan])
    np.testing.assert_array_equal(t, [1.0, 2.0])
    np.testing.assert_array_equal(y, [3.0, np.nan])
    assert np.isnan(e).all()
    np.testing.assert_array_equal(c, np.eye(2))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2], [1]), r"fit: expected arrays of one length, got \(2,\), \(1,\) and \(1,\)"),
        (([1, 2], [1, 2], [1]), r"fit: expected arrays of one length, got \(2,\), \(2,\) and \(1,\)"),
        (([1, 2], [1, 2], None, np.eye(3)), r"fit: .* \(2,\) and \(3, 3\)"),
        (([[1, 2]], [[1, 2]]), "fit: expected arrays of one length"),
        (([0, 1], [1, 2]), "fit: times must be positive and increasing"),
        (([1, 1], [1, 2]), "fit: times must be positive and increasing"),
        (([1, np.inf], [1, 2]), "fit: times must be positive and increasing"),
        (([1, 2], [1, "b"]), "value: must be an array of numbers"),
    ],
)
def test_no_curve(arguments, words):
    with pytest.raises(InputError, match=words):
        curve("fit", *arguments)
