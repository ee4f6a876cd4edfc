"""Rank correlation of a structural quantity with a dynamical one, species by species."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from vitreous.errors import InputError

__all__ = ["FEWEST_PAIRS", "Correlation", "noise_ceiling", "reliability", "scores", "spearman"]

FEWEST_PAIRS = 10
_RESAMPLES = 1000


@dataclass(frozen=True)
class Correlation:
    """A signed rank correlation.

    Attributes
    ----------
    rho : float
        Spearman's ρ, with its sign.
    low, high : float
        95 % interval, as whoever made it says.
    particles : int
        Pairs of values without NaN.
    """

    rho: float
    low: float
    high: float
    particles: int


def spearman(structure: ArrayLike, dynamics: ArrayLike, seed: int = 0) -> Correlation:
    """Spearman's rank correlation with a percentile interval over bootstrap resamples of the pairs.

    Neighbouring particles are not independent, which pairs of numbers do not show: of a snapshot the interval is too
    narrow, far too narrow for local averages. `reveal` and `correlate`, which know where the particles are, have
    wider ones.

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
    if len(x) < FEWEST_PAIRS:
        raise InputError(
            f"spearman: {len(x)} pairs of values are too few, at least {FEWEST_PAIRS} are needed"
        )
    places = np.unique(x, return_inverse=True)[1], np.unique(y, return_inverse=True)[1]
    rho = _rho(*places, np.ones(len(x)))
    if np.isnan(rho):
        return Correlation(np.nan, np.nan, np.nan, len(x))
    rng = np.random.default_rng(seed)
    resampled = np.empty(_RESAMPLES)
    for k in range(_RESAMPLES):
        chosen = rng.integers(0, len(x), len(x))
        resampled[k] = _rho(*places, np.bincount(chosen, minlength=len(x)).astype(np.float64))
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Correlation(rho, float(low), float(high), len(x))


def scores(values: ArrayLike, *, ranks: bool = True) -> NDArray[np.float64]:
    """Ranks or values less their mean, of length 1, so that the sum of products of two scores is a correlation.

    Parameters
    ----------
    values : (..., n) array_like
        Each row by itself; without NaN.
    ranks : bool
        Equal values share the mean of their ranks.

    Returns
    -------
    (..., n) float64
        NaN in rows whose values are all equal.
    """
    array = np.asarray(values, dtype=np.float64)
    compared = rankdata(array, axis=-1) if ranks else array
    found = compared - compared.mean(axis=-1, keepdims=True)
    length = np.sqrt((found**2).sum(axis=-1, keepdims=True))
    constant = length <= 1e-12 * np.abs(compared).max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(constant, np.nan, found / length))


def reliability(half: ArrayLike) -> NDArray[np.float64]:
    """Share of the variance of a mean over many runs that is no noise, by Spearman and Brown.

    Parameters
    ----------
    half : (...) array_like
        Correlation r of the means over both halves of the runs.

    Returns
    -------
    (...) float64
        2r/(1 + r).

    References
    ----------
    Spearman, Br. J. Psychol. 3, 271 (1910); Brown, Br. J. Psychol. 3, 296 (1910).
    """
    r = np.asarray(half, dtype=np.float64)
    return np.asarray(2.0 * r / (1.0 + r))


def noise_ceiling(half: ArrayLike) -> NDArray[np.float64]:
    """Correlation that a perfect predictor would reach: the root of the `reliability`; NaN unless r is positive."""
    r = np.asarray(half, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(reliability(np.where(r > 0.0, r, np.nan))))


def _rho(x: NDArray[np.int64], y: NDArray[np.int64], times: NDArray[np.float64]) -> float:
    """ρ of pairs that occur so many times, given the places of their values among the different ones."""
    a, b = _ranks(x, times), _ranks(y, times)
    scale = np.sqrt((times * a @ a) * (times * b @ b))
    return float(times * a @ b / scale) if scale > 0 else np.nan


def _ranks(places: NDArray[np.int64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks less their mean; equal values share the mean of theirs. No sorting, so resamples are cheap."""
    counts = np.bincount(places, times)
    ranks = np.cumsum(counts) - 0.5 * (counts - 1.0)
    return np.asarray(ranks[places] - 0.5 * (times.sum() + 1.0))
