"""How many snapshots, and how many runs of each, give the narrowest interval for a given time."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Layout", "Variances", "best_runs", "layout", "variances"]


class Variances(NamedTuple):
    """Where the scatter of a number comes from.

    Attributes
    ----------
    between : float
        σ_b² between snapshots, each with infinitely many runs; 0 if the noise of the runs explains all.
    within : float
        σ_w² that a single run would add; of r runs σ_w²/r.
    """

    between: float
    within: float


class Layout(NamedTuple):
    """So many snapshots with so many runs each; what the mean over them has for a variance, and what they cost."""

    snapshots: int
    runs: int
    variance: float
    cost: float


def variances(halves: ArrayLike, runs: int) -> Variances:
    """Separate the scatter between snapshots from the noise of their runs.

    Parameters
    ----------
    halves : (n, 2) array_like
        The number in each of n snapshots, at least two, from the first and from the second half of its runs.
    runs : int
        Of each snapshot, both halves together.

    Returns
    -------
    Variances
        Analysis of variance: unbiased, but for the cut at 0.
    """
    table = np.asarray(halves, dtype=np.float64)
    noise = float(((table[:, 0] - table[:, 1]) ** 2).mean()) / 2.0  # of one half
    between = float(table.mean(axis=1).var(ddof=1)) - noise / 2.0
    return Variances(max(between, 0.0), noise * runs / 2.0)


def best_runs(found: Variances, snapshot_cost: float, run_cost: float, *, fewest: int = 4) -> int:
    """Runs of each snapshot at which a given time gives the narrowest interval: √(c_s σ_w² / (c_r σ_b²)).

    Parameters
    ----------
    found : Variances
    snapshot_cost, run_cost : float
        Of one more snapshot without its runs, and of one run; in any unit.
    fewest : int
        Never fewer; halves need two, and each half should be a mean itself.

    Returns
    -------
    int
        An even number, because of the halves. Where snapshots differ by nothing but noise a single one would be best,
        and no number of runs is too large: `fewest` then, for that is not believed.
    """
    if found.between <= 0.0:
        return fewest
    best = math.sqrt(snapshot_cost * found.within / (run_cost * found.between))
    return max(fewest, 2 * round(best / 2.0))


def layout(
    found: Variances, snapshot_cost: float, run_cost: float, budget: float, *, fewest: int = 4
) -> Layout:
    """Spend a budget where the error is.

    Parameters
    ----------
    found : Variances
    snapshot_cost, run_cost, budget : float
        In one unit.
    fewest : int
        Runs.

    Returns
    -------
    Layout
        At least one snapshot, even where that costs more.
    """
    runs = best_runs(found, snapshot_cost, run_cost, fewest=fewest)
    each = snapshot_cost + runs * run_cost
    snapshots = max(1, math.floor(budget / each * (1.0 + 1e-12)))
    return Layout(snapshots, runs, (found.between + found.within / runs) / snapshots, snapshots * each)
