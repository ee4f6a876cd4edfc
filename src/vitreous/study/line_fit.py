"""A straight line through points whose errors are known in both directions, and whether it goes through them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import f as fisher

__all__ = ["FEWEST_ON_A_LINE", "LineFit", "line_fit"]

FEWEST_ON_A_LINE = 3
"""Points that can show a deviation from a line."""

_ROUNDS = 200


@dataclass(frozen=True)
class LineFit:
    """y = a + b x. NaN throughout if there is no line.

    Attributes
    ----------
    a, b : float
    errors : (float, float)
        Standard errors of a and b, by those of the points.
    chi_squared : float
        Of this fit: squares of the distances over their errors, both directions together.
    freedom : int
        Points less two.
    chance : float
        Of a larger χ² if the line is true, where it is allowed for that errors of few repetitions are uncertain.
    typical_error : float
        Root mean square of the errors of y - b x.
    """

    a: float = math.nan
    b: float = math.nan
    errors: tuple[float, float] = (math.nan, math.nan)
    chi_squared: float = math.nan
    freedom: int = 0
    chance: float = math.nan
    typical_error: float = math.nan

    @property
    def found(self) -> bool:
        """Whether there is a line."""
        return math.isfinite(self.b)


def line_fit(
    x: ArrayLike,
    y: ArrayLike,
    x_error: ArrayLike,
    y_error: ArrayLike,
    x_freedom: ArrayLike = math.inf,
    y_freedom: ArrayLike = math.inf,
) -> LineFit:
    """Fit a line by least squares, every point weighted by its errors in both directions.

    Parameters
    ----------
    x, y : (K,) array_like
        Points in which anything is NaN are left out.
    x_error, y_error : (K,) array_like
        Standard errors, independent of each other; not both zero.
    x_freedom, y_freedom : (K,) array_like
        Degrees of freedom of these errors, by default known well.

    Returns
    -------
    LineFit
        Without a line for fewer than three points, or if all have the same x.

    References
    ----------
    York, Evensen, López Martínez, De Basabe Delgado, Am. J. Phys. 72, 367 (2004), doi:10.1119/1.1632486. The chance:
    Johansen, Biometrika 67, 85 (1980), doi:10.1093/biomet/67.1.85, of which Welch's test of means is the case b = 0.
    """
    given = np.broadcast_arrays(x, y, x_error, y_error, x_freedom, y_freedom)
    table = np.array(given, dtype=np.float64)
    table = table[:, ~np.isnan(table).any(axis=0) & (table[2] + table[3] > 0.0)]
    return _fit(*table)


_Array = NDArray[np.float64]


def _fit(
    x: _Array, y: _Array, x_error: _Array, y_error: _Array, x_freedom: _Array, y_freedom: _Array
) -> LineFit:
    if len(x) < FEWEST_ON_A_LINE or np.ptp(x) <= 1e-12 * np.abs(x).max():
        return LineFit()
    x_variance, y_variance = x_error**2, y_error**2
    slope = float(np.polyfit(x, y, 1)[0])
    for _ in range(_ROUNDS):
        before = slope
        weights, (u, v), adjusted = _york(x, y, x_variance, y_variance, slope)
        slope = float((weights * adjusted * v).sum() / (weights * adjusted * u).sum())
        if abs(slope - before) <= 1e-13 * abs(slope):
            break
    weights, (u, v), adjusted = _york(x, y, x_variance, y_variance, slope)
    x_mean, y_mean = (float((weights * each).sum() / weights.sum()) for each in (x, y))
    level = y_mean - slope * x_mean
    # Errors are those at the adjusted points, which lie on the line.
    middle = float((weights * adjusted).sum() / weights.sum())
    slope_variance = 1.0 / float((weights * (adjusted - middle) ** 2).sum())
    level_variance = 1.0 / float(weights.sum()) + (x_mean + middle) ** 2 * slope_variance
    chi_squared = float((weights * (y - level - slope * x) ** 2).sum())
    leverage = weights * (1.0 / weights.sum() + (adjusted - middle) ** 2 * slope_variance)
    freedom = len(x) - 2
    each = _freedom((y_variance, y_freedom), (slope**2 * x_variance, x_freedom))
    return LineFit(
        level,
        slope,
        (math.sqrt(level_variance), math.sqrt(slope_variance)),
        chi_squared,
        freedom,
        _chance(chi_squared, freedom, float(((1.0 - leverage) ** 2 / each).sum())),
        float(np.sqrt((1.0 / weights).mean())),
    )


def _york(
    x: _Array, y: _Array, x_variance: _Array, y_variance: _Array, slope: float
) -> tuple[_Array, tuple[_Array, _Array], _Array]:
    """Weights, coordinates from the weighted middle, and x of the adjusted points from there."""
    weights = 1.0 / (y_variance + slope**2 * x_variance)
    u, v = (each - (weights * each).sum() / weights.sum() for each in (x, y))
    return weights, (u, v), weights * (u * y_variance + slope * v * x_variance)


def _freedom(*parts: tuple[_Array, _Array]) -> _Array:
    """Degrees of freedom (K,) of sums of variances, by Welch and Satterthwaite."""
    total = np.sum([variance for variance, _ in parts], axis=0)
    inverse = np.sum([(variance / total) ** 2 / freedom for variance, freedom in parts], axis=0)
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / inverse)


def _chance(chi_squared: float, freedom: int, uncertainty: float) -> float:
    """Chance of a larger χ²; `uncertainty` is 0 if the errors are known well."""
    if uncertainty <= 0.0:
        return float(fisher.sf(chi_squared / freedom, freedom, 1e12))
    scale = freedom + 2.0 * uncertainty - 6.0 * uncertainty / (freedom + 2.0)
    return float(fisher.sf(chi_squared / scale, freedom, freedom * (freedom + 2.0) / (3.0 * uncertainty)))
