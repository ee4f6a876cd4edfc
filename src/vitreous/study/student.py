"""Student's distribution, and that of sums of independent variables of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln, kve
from scipy.stats import t

__all__ = ["student_quantile"]

_NORMAL = 200.0  # degrees of freedom from which the normal distribution stands for Student's in a sum
_STEP, _REACH = 0.02, 25.0  # of the inversion, in units of the inverse of the whole width


def student_quantile(widths: Sequence[float], freedoms: Sequence[float], level: float = 0.95) -> float:
    """Half of the two-sided interval of a sum of independent Student variables, each times its width.

    Of one term that is t times its width. The error of the difference of two means of few values each, whose spreads
    are not alike, is such a sum (Behrens and Fisher); in two stages it is exactly that.

    Parameters
    ----------
    widths : sequence of float
        Standard errors; their signs do not matter.
    freedoms : sequence of float
        Degrees of freedom, at least 1, or infinite.
    level : float

    Returns
    -------
    float
        Good to 1e-4 of itself. 0 if all widths are 0.

    References
    ----------
    Inversion of the characteristic function: Gil-Pelaez, Biometrika 38, 481 (1951), doi:10.1093/biomet/38.3-4.481.
    Chapman, Ann. Math. Stat. 21, 601 (1950), doi:10.1214/aoms/1177729755, for differences in two stages.
    """
    terms = [(abs(width), freedom) for width, freedom in zip(widths, freedoms, strict=True) if width != 0.0]
    if not terms:
        return 0.0
    if len(terms) == 1:
        width, freedom = terms[0]
        return width * float(t.ppf(0.5 + level / 2.0, freedom))
    total = math.sqrt(sum(width**2 for width, _ in terms))
    widest = 1.001 * sum(width * float(t.ppf(0.5 + level / 2.0, freedom)) for width, freedom in terms) / total
    step = min(_STEP, 1.0 / widest)  # fine enough for the oscillation of the widest interval
    u = np.arange(0.5 * step, _REACH, step)
    characteristic = np.exp(sum(_log_characteristic(width / total * u, freedom) for width, freedom in terms))

    def excess(reach: float) -> float:
        return 2.0 / math.pi * step * float((characteristic * np.sin(reach * u) / u).sum()) - level

    if excess(widest) < 0.0:  # it is the widest, to the accuracy of the sum
        return total * widest
    return total * float(brentq(excess, 0.0, widest, xtol=1e-6))


def _log_characteristic(u: NDArray[np.float64], freedom: float) -> NDArray[np.float64]:
    """Logarithm of the characteristic function of a Student variable at positive u."""
    if freedom > _NORMAL:
        return -0.5 * u**2
    half, x = 0.5 * freedom, math.sqrt(freedom) * u
    bessel = kve(
        half, x
    )  # of many degrees of freedom it is too large for a number near 0, where the variance is enough
    with np.errstate(invalid="ignore"):
        found = np.log(bessel) - x + half * np.log(x) - gammaln(half) - (half - 1.0) * math.log(2.0)
    return np.asarray(np.where(np.isfinite(bessel), found, -0.5 * u**2 * freedom / max(freedom - 2.0, 1.0)))
