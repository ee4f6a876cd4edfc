"""Height and place of the peak of a noisy curve."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["CurvePeak", "curve_peak"]

_REACH = 0.5  # decades to either side that a fit looks at
_BEYOND = 2  # points on the far side that a peak needs to be one
_ROUNDS = 60
_SETTLED = 1e-6  # decades


class CurvePeak(NamedTuple):
    """The peak of a curve; NaN if it is not within the curve.

    Attributes
    ----------
    log_time : float
        log₁₀ of δt, in the unit of the times.
    height : float
    edge : "", "first" or "last"
        At which end of the curve it is largest, if it has no peak inside; empty as well if nothing is known.
    """

    log_time: float
    height: float
    edge: str

    @property
    def time(self) -> float:
        """δt of the peak."""
        return float(10.0**self.log_time)


def curve_peak(times: ArrayLike, curve: ArrayLike) -> CurvePeak:
    """Find the peak of a curve by a parabola in log δt through about a decade around it.

    The place of the largest of many noisy values is hardly a number: it jumps, and its height is too large. Here the
    vertex of a weighted parabola is moved until it lies in the middle of its own window; the weights, (1 - |u|³)³ with
    u from -1 to 1 over a decade, let points enter and leave smoothly. A curve that falls twice as fast as it rises has
    its vertex a tenth of a decade early; one that falls as a stretched exponential, a fiftieth.

    Parameters
    ----------
    times : (T,) array_like
        δt, positive and increasing.
    curve : (T,) array_like
        Points with NaN are left out.

    Returns
    -------
    CurvePeak
        A peak with fewer than two points beyond it on either side is no peak: `edge` tells which.

    References
    ----------
    Cleveland, J. Am. Stat. Assoc. 74, 829 (1979), doi:10.1080/01621459.1979.10481038, for the weights.
    """
    x, y = np.log10(np.asarray(times, dtype=np.float64)), np.asarray(curve, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 2 * _BEYOND + 1:
        return CurvePeak(math.nan, math.nan, "")
    weights = _weights(x - x[:, None])
    centre = float(x[np.argmax(weights @ y / weights.sum(axis=1))])  # of weighted means around every point
    height = math.nan
    for _ in range(_ROUNDS):
        level, slope, curvature = _parabola(x - centre, y)
        # Where it is hollow, uphill; where it is flat, no further than the window.
        step = -slope / (2.0 * curvature) if curvature < 0.0 else math.copysign(math.inf, slope)
        step = min(max(step, -0.5 * _REACH), 0.5 * _REACH)
        height = level + step * (slope + step * curvature)
        centre += step
        if centre < x[_BEYOND - 1]:
            return CurvePeak(math.nan, math.nan, "first")
        if centre > x[-_BEYOND]:
            return CurvePeak(math.nan, math.nan, "last")
        if abs(step) < _SETTLED:
            break
    return CurvePeak(centre, height, "")


def _weights(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((1.0 - np.minimum(np.abs(distance) / _REACH, 1.0) ** 3) ** 3)


def _parabola(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Level, slope and curvature at 0 of the parabola through the points around 0; a line where these are too few."""
    root = np.sqrt(_weights(x))
    degree = min(2, int((root > 0.0).sum()) - 1)
    design = root[:, None] * np.vander(x, degree + 1, increasing=True)
    found = np.linalg.lstsq(design, root * y, rcond=None)[0]
    level, slope, curvature = (*map(float, found), 0.0, 0.0)[:3]
    return level, slope, curvature
