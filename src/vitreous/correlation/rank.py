"""Scores, whose sums of products are correlations; reliability of a mean over many runs, and the noise ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FEWEST_PAIRS", "correlation_of_rows", "noise_ceiling", "reliability", "scores"]

FEWEST_PAIRS = 10
"""Pairs of values below which nothing is said of a correlation."""


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
    compared = _ranks(array) if ranks else array
    found = compared - compared.mean(axis=-1, keepdims=True)
    length = np.sqrt((found**2).sum(axis=-1, keepdims=True))
    constant = length <= 1e-12 * np.abs(compared).max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(constant, np.nan, found / length))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., n) ranks from 1 within each row; NaN in rows with NaN."""
    if not values.size:
        return np.empty(values.shape)
    order = values.argsort(axis=-1)
    ordered = np.take_along_axis(values, order, axis=-1)
    begins = np.ones(values.shape, dtype=bool)
    begins[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    first = np.flatnonzero(begins)
    lengths = np.diff(first, append=values.size)
    shared = np.repeat(first % values.shape[-1] + (lengths + 1) / 2, lengths).reshape(values.shape)
    shared[np.isnan(ordered[..., -1])] = np.nan  # NaN are sorted to the end
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, shared, axis=-1)
    return ranks


def correlation_of_rows(x: ArrayLike, y: ArrayLike, *, ranks: bool = True) -> NDArray[np.float64]:
    """(...) correlation of each row of x with the same row of y, (..., n) both; NaN where either is constant."""
    products = scores(x, ranks=ranks) * scores(y, ranks=ranks)
    return np.asarray(np.clip(products.sum(axis=-1), -1.0, 1.0))


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
