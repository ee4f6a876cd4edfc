"""Rank correlation of a structural quantity with a dynamical one, species by species."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from vitreous.errors import InputError

__all__ = ["Correlation", "spearman"]

_RESAMPLES = 1000


@dataclass(frozen=True)
class Correlation:
    """A signed rank correlation.

    Attributes
    ----------
    rho : float
        Spearman's ρ, with its sign.
    low, high : float
        95 % percentile interval over bootstrap resamples of the particles. Neighbouring particles are not
        independent, so it is a lower bound of the uncertainty of one snapshot.
    particles : int
        Pairs of values without NaN.
    """

    rho: float
    low: float
    high: float
    particles: int


def spearman(structure: ArrayLike, dynamics: ArrayLike, seed: int = 0) -> Correlation:
    """Spearman's rank correlation with a bootstrap interval over particles.

    Parameters
    ----------
    structure, dynamics : (N,) array_like
        Particles of ONE species: mixing species measures composition. Pairs with a NaN are left out.
    seed : int
        Of the 1,000 bootstrap resamples.

    Returns
    -------
    Correlation
        NaN throughout if either side is constant.

    Raises
    ------
    InputError
        If the shapes differ or fewer than 10 pairs are left.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904); Efron, Tibshirani, An Introduction to the Bootstrap (1993).
    """
    x, y = np.asarray(structure, dtype=np.float64), np.asarray(dynamics, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(f"spearman: expected two arrays of one length, got {x.shape} and {y.shape}")
    whole = ~(np.isnan(x) | np.isnan(y))
    x, y = x[whole], y[whole]
    if len(x) < 10:
        raise InputError(f"spearman: {len(x)} pairs of values are too few, at least 10 are needed")
    rng = np.random.default_rng(seed)
    resampled = np.empty(_RESAMPLES)
    for k in range(_RESAMPLES):
        chosen = rng.integers(0, len(x), len(x))
        resampled[k] = _rho(x[chosen], y[chosen])
    rho = _rho(x, y)
    if np.isnan(rho):
        return Correlation(np.nan, np.nan, np.nan, len(x))
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Correlation(rho, float(low), float(high), len(x))


def _rho(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    a, b = rankdata(x), rankdata(y)
    a -= a.mean()
    b -= b.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale > 0 else np.nan
