"""A mean over snapshots, with an interval from how much independent runs differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

__all__ = ["GroupMean", "over_groups"]


@dataclass(frozen=True, eq=False)
class GroupMean:
    """Numbers with their 95 % intervals.

    Attributes
    ----------
    value, low, high : (...) float64
        NaN where they are not known.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def over_groups(values: NDArray[np.float64], groups: Sequence[str]) -> GroupMean:
    r"""Mean over groups of the means over their snapshots, with an interval from the spread of these.

    With G groups of means :math:`m_g`, whose standard deviation is s, the interval is
    :math:`\bar m \pm t_{0.975,\,G-1}\, s / \sqrt G` with the quantile of Student's distribution.

    Parameters
    ----------
    values : (K, ...) float64
        One value, or an array of them, for each of K snapshots.
    groups : sequence of str
        Label of each snapshot. Groups are independent of each other, snapshots of one group may not be.

    Returns
    -------
    GroupMean
        Values of shape (...). NaN where a value is; intervals are NaN with fewer than two groups.
    """
    labels = np.array(list(groups))
    means = np.array([values[labels == label].mean(axis=0) for label in dict.fromkeys(groups)])
    mean, count = means.mean(axis=0), len(means)
    if count < 2:
        unknown = np.full(mean.shape, np.nan)
        return GroupMean(mean, unknown, unknown)
    margin = student.ppf(0.975, count - 1) * means.std(axis=0, ddof=1) / np.sqrt(count)
    return GroupMean(mean, mean - margin, mean + margin)
