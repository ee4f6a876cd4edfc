"""Correlation with the propensity of infinitely many runs, from that of a few."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.correlation.rank import noise_ceiling

__all__ = ["at_infinitely_many_runs"]


def at_infinitely_many_runs(rho: ArrayLike, half: ArrayLike) -> NDArray[np.float64]:
    """Mean correlation over snapshots, without what the noise of a finite number of runs takes from it.

    The noise of the propensity lowers every correlation with it by the same factor, the noise ceiling. That is taken
    from the mean agreement of halves over the snapshots, since that of one snapshot is noisy itself.

    Parameters
    ----------
    rho : (n, ...) array_like
        Correlations in n snapshots.
    half : (n, ...) array_like
        Correlation of the propensities from both halves of the runs of the same snapshots with each other.

    Returns
    -------
    (...) float64
        Mean of ρ over the ceiling; NaN where the halves do not agree on average. For its error see `jackknife`.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159.
    """
    mean, agreement = (np.asarray(values, dtype=np.float64).mean(axis=0) for values in (rho, half))
    return np.asarray(mean / noise_ceiling(agreement))
