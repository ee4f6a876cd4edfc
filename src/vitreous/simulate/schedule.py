"""When to look: output times, the same for every engine."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import numbers, whole
from vitreous.errors import InputError

__all__ = ["linear_times", "log_times", "output_times", "whole_steps"]


def log_times(first: float, last: float, count: int) -> NDArray[np.float64]:
    """Times with a constant ratio.

    Parameters
    ----------
    first, last : float
        The ends, both included, 0 < first < last.
    count : int
        How many, at least 2.

    Returns
    -------
    (count,) float64

    Raises
    ------
    InputError
        If the ends or the count are others.
    """
    _check(first > 0, first, last, count, "0 < first < last")
    times = np.geomspace(first, last, count)
    times[0], times[-1] = first, last
    return times


def linear_times(first: float, last: float, count: int) -> NDArray[np.float64]:
    """Times with a constant difference.

    Parameters
    ----------
    first, last : float
        The ends, both included, 0 <= first < last.
    count : int
        How many, at least 2.

    Returns
    -------
    (count,) float64

    Raises
    ------
    InputError
        If the ends or the count are others.
    """
    _check(first >= 0, first, last, count, "0 <= first < last")
    return np.linspace(first, last, count)


def output_times(times: ArrayLike) -> NDArray[np.float64]:
    """Check times given one by one.

    Parameters
    ----------
    times : (T,) array_like
        Increasing, not negative.

    Returns
    -------
    (T,) float64

    Raises
    ------
    InputError
        Naming the first time that is wrong.
    """
    checked = numbers("times", times).copy()
    if checked.ndim != 1 or len(checked) == 0:
        raise InputError(f"times: expected shape (T,) with at least one time, got {checked.shape}")
    bad = ~(np.isfinite(checked) & (checked >= 0.0))
    if bad.any():
        raise InputError(f"times: must be finite and not negative, got {checked[np.argmax(bad)]}")
    back = np.diff(checked) <= 0.0
    if back.any():
        k = int(np.argmax(back))
        raise InputError(f"times: must increase, but {checked[k + 1]:g} follows {checked[k]:g}")
    return checked


def whole_steps(times: NDArray[np.float64], timestep: float) -> NDArray[np.float64]:
    """The times at which an engine with a time step can look: each rounded to whole steps, and told once.

    Parameters
    ----------
    times : (T,) array
    timestep : float
        In the same unit.

    Returns
    -------
    (T',) float64
    """
    return np.asarray(np.unique(np.rint(times / timestep)) * timestep)


def _check(first_fits: bool, first: float, last: float, count: int, rule: str) -> None:
    if not (math.isfinite(first) and math.isfinite(last) and first_fits and first < last):
        raise InputError(f"times: expected {rule}, got first {first} and last {last}")
    whole("times: count", count, 2)
