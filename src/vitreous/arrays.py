"""The gate for numbers and arrays that functions are given: what cannot be meant is refused, by name, in one line.

Snapshots and trajectories have gates of their own, `Configuration` and `Trajectory`; what is computed from them comes
through here.
"""

from __future__ import annotations

import math
import operator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.errors import InputError

__all__ = ["curve", "finite", "numbers", "one_each", "positive", "rows", "whole"]


def positive(name: str, value: float) -> float:
    """A number that is positive and finite.

    Raises
    ------
    InputError
        If it is not, or no number.
    """
    try:
        good = math.isfinite(value) and value > 0
    except TypeError:
        good = False
    if not good:
        raise InputError(f"{name}: must be positive and finite, got {value}")
    return float(value)


def whole(name: str, value: int, least: int) -> int:
    """A whole number of at least so much; True and False are none.

    Raises
    ------
    InputError
        If it is less, or no whole number.
    """
    try:
        number = least - 1 if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise InputError(f"{name}: expected a whole number of at least {least}, got {value!r}")
    return number


def numbers(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """An array of float64, of any shape, NaN and infinities included; it is not copied where it is one already.

    Raises
    ------
    InputError
        If the values are no numbers, or rows differ in length.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: must be an array of numbers") from None


def finite(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """An array of float64, of any shape, without NaN and infinities.

    Raises
    ------
    InputError
        As for `numbers`, or if a number is not finite.
    """
    array = numbers(name, values)
    if not np.isfinite(array).all():
        raise InputError(f"{name}: must be finite")
    return array


def one_each(name: str, values: ArrayLike, n: int) -> NDArray[np.float64]:
    """(n,) one number for each particle, NaN and infinities included.

    Raises
    ------
    InputError
        As for `numbers`, or if the shape is another.
    """
    array = numbers(name, values)
    if array.shape != (n,):
        raise InputError(f"{name}: expected {n} values, one for each particle, got shape {array.shape}")
    return array


def rows(name: str, values: ArrayLike, n: int) -> NDArray[np.float64]:
    """(n,) or (n, K) numbers, a row for each particle, NaN and infinities included.

    Raises
    ------
    InputError
        As for `numbers`, or if the shape is another.
    """
    array = numbers(name, values)
    if array.ndim not in (1, 2) or len(array) != n:
        raise InputError(f"{name}: expected {n} rows, one for each particle, got shape {array.shape}")
    return array


def curve(
    what: str,
    time: ArrayLike,
    value: ArrayLike,
    error: ArrayLike | None = None,
    correlation: ArrayLike | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Values at T times, with their errors and the correlation of these.

    Parameters
    ----------
    what : str
        What is made of the curve, for messages.
    time : (T,) array_like
        Positive and increasing.
    value : (T,) array_like
    error : (T,) array_like, optional
        By default NaN, unknown.
    correlation : (T, T) array_like, optional
        By default errors know nothing of each other.

    Returns
    -------
    time, value, error : (T,) float64
    correlation : (T, T) float64

    Raises
    ------
    InputError
        If shapes differ, or the times are not positive and increasing.
    """
    t, y = numbers("time", time), numbers("value", value)
    e = np.full(y.shape, np.nan) if error is None else numbers("error", error)
    c = np.eye(t.size) if correlation is None else numbers("correlation", correlation)
    if t.ndim != 1 or t.shape != y.shape or t.shape != e.shape or c.shape != (t.size, t.size):
        shapes = [t.shape, y.shape, e.shape, *([] if correlation is None else [c.shape])]
        raise InputError(
            f"{what}: expected arrays of one length, got {', '.join(map(str, shapes[:-1]))} and {shapes[-1]}"
        )
    if not (np.isfinite(t).all() and (t > 0).all() and (np.diff(t) > 0).all()):
        raise InputError(f"{what}: times must be positive and increasing")
    return t, y, e, c
