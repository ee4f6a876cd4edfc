"""The time at which a correlation function has fallen to 1/e."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import curve

__all__ = ["RelaxationTime", "relaxation_time"]

_LEVEL = math.exp(-1.0)
# The slope that turns an error of the curve into an error of the time is that over this range about 1/e.
_RANGE = 0.12


@dataclass(frozen=True)
class RelaxationTime:
    """A relaxation time, or why there is none.

    Attributes
    ----------
    value : float
        In the unit of the times; NaN if the curve does not cross 1/e.
    error : float
        Standard error; NaN if the curve came without errors.
    reason : str or None
        Why the value is NaN, one line.
    """

    value: float
    error: float
    reason: str | None = None

    @property
    def found(self) -> bool:
        """Whether there is a value."""
        return self.reason is None


def relaxation_time(time: ArrayLike, value: ArrayLike, error: ArrayLike | None = None) -> RelaxationTime:
    """Time at which a curve first falls to 1/e, interpolated linearly in the logarithm of time.

    Parameters
    ----------
    time : (T,) array_like
        Positive and increasing.
    value : (T,) array_like
        Normalised to 1 at time zero, F_s for instance. NaN are left out.
    error : (T,) array_like, optional
        Standard errors of the values. Neighbouring values are wrong together, so the error of the time is
        that of the curve at the crossing over the slope there, and does not fall with more times.

    Returns
    -------
    RelaxationTime

    Raises
    ------
    InputError
        If the shapes differ, or the times are not positive and increasing.
    """
    t, y, e, _ = curve("relaxation time", time, value, error)
    known = ~np.isnan(y)
    t, y, e = t[known], y[known], e[known]
    if len(t) == 0:
        return RelaxationTime(math.nan, math.nan, "there are no values")
    below = np.flatnonzero(y <= _LEVEL)
    if len(below) == 0:
        return RelaxationTime(
            math.nan, math.nan, f"the curve falls only to {y.min():.2f} within the window of {t[-1]:.4g}"
        )
    k = int(below[0])
    if k == 0:
        return RelaxationTime(math.nan, math.nan, f"the curve is below 1/e from the first time, {t[0]:.4g}")
    share = (y[k - 1] - _LEVEL) / (y[k - 1] - y[k])
    tau = math.exp((1.0 - share) * math.log(t[k - 1]) + share * math.log(t[k]))
    uncertainty = float((1.0 - share) * e[k - 1] + share * e[k])
    return RelaxationTime(tau, tau * uncertainty / _steepness(np.log(t), y, k))


def _steepness(log_time: NDArray[np.float64], y: NDArray[np.float64], k: int) -> float:
    """-dF/d ln t by least squares over the points around the crossing between k - 1 and k."""
    first, last = k - 1, k
    while first > 0 and y[first] < _LEVEL + _RANGE:
        first -= 1
    while last < len(y) - 1 and y[last] > _LEVEL - _RANGE:
        last += 1
    x, z = log_time[first : last + 1], y[first : last + 1]
    x = x - x.mean()
    slope = -float(x @ z / (x @ x))
    return slope if slope > 0 else (y[k - 1] - y[k]) / (log_time[k] - log_time[k - 1])
