"""What the red and white particles of a state are made of, averaged over its snapshots."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.correlation.clusters import ALL
from vitreous.correlation.rank import FEWEST_PAIRS
from vitreous.study.kinds.explain import ClusterRow, Explanation
from vitreous.study.results import StateResults

__all__ = ["BondOrderMeans", "ClusterMeans", "bond_order_means", "cluster_means"]


@dataclass(frozen=True, eq=False)
class ClusterMeans:
    """Correlation of P_red with membership in K types of topological cluster, over the snapshots of a state.

    Attributes
    ----------
    types : tuple of str, K names
        From the largest ρ to the smallest; those of which every snapshot has at least 10 members among all
        particles, and 10 particles that are none.
    rho : (K,) float64
        Spearman's ρ, mean over the snapshots.
    error : (K,) float64
        Its standard error over the snapshots; NaN for one snapshot.
    low, high : (K,) float64
        ρ ± its standard error; for one snapshot its 95 % interval, NaN where that is not known.
    share : (K,) float64
        Share of all particles that are members, mean over the snapshots.
    left_out : tuple of str
        The other types.
    snapshots : int
    """

    types: tuple[str, ...]
    rho: NDArray[np.float64]
    error: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    share: NDArray[np.float64]
    left_out: tuple[str, ...]
    snapshots: int


@dataclass(frozen=True, eq=False)
class BondOrderMeans:
    """Averaged bond order q̄_l of white and of red particles, over the snapshots of a state.

    Attributes
    ----------
    l : tuple of int, L degrees
    mean : (2, L) float64
        Mean of white and of red particles, mean over the snapshots; NaN where there is none.
    error : (2, L) float64
        Its standard error over the snapshots; NaN for one snapshot.
    deviation : (2, L) float64
        Standard deviation over the particles of a snapshot, mean over the snapshots.
    contrast, contrast_error : (L,) float64
        Mean of red less that of white in root mean squares of both deviations: mean over the snapshots and its
        standard error, NaN for one snapshot.
    snapshots : int
    """

    l: tuple[int, ...]
    mean: NDArray[np.float64]
    error: NDArray[np.float64]
    deviation: NDArray[np.float64]
    contrast: NDArray[np.float64]
    contrast_error: NDArray[np.float64]
    snapshots: int


def cluster_means(state: StateResults) -> ClusterMeans | None:
    """Average the correlations of P_red with clusters among all particles, with the plan's neighbour rule.

    None if no snapshot is explained.
    """
    explained = _explained(state)
    if not explained:
        return None
    tables = [{row.type: row for row in one.cluster_correlations if row.group == ALL} for one in explained]
    names = list(tables[0])
    enough = [name for name in names if all(_enough(table.get(name)) for table in tables)]
    rows = [[table[name] for name in enough] for table in tables]
    values = np.array([[astuple(row.p_red) for row in of_snapshot] for of_snapshot in rows]).reshape(
        len(rows), len(enough), 3
    )
    share = np.array([[row.members / row.particles for row in of_snapshot] for of_snapshot in rows])
    rho, error = _mean_and_error(values[:, :, 0])
    order = np.argsort(-rho, kind="stable")
    low, high = rho - error, rho + error
    if len(tables) == 1:
        low, high = values[0, :, 1], values[0, :, 2]
    return ClusterMeans(
        tuple(enough[k] for k in order),
        rho[order],
        error[order],
        low[order],
        high[order],
        share.mean(axis=0)[order],
        tuple(name for name in names if name not in enough),
        len(tables),
    )


def bond_order_means(state: StateResults) -> BondOrderMeans | None:
    """Average q̄_l of the white and red among all particles, likewise."""
    explained = _explained(state)
    if not explained:
        return None
    rows = [next(row for row in one.bond_order if row.group == ALL) for one in explained]
    mean, error = _mean_and_error(np.array([[row.white.mean, row.red.mean] for row in rows]))
    contrast, contrast_error = _mean_and_error(np.array([row.contrast for row in rows]))
    return BondOrderMeans(
        explained[0].l,
        mean,
        error,
        np.array([[row.white.deviation, row.red.deviation] for row in rows]).mean(axis=0),
        contrast,
        contrast_error,
        len(rows),
    )


def _explained(state: StateResults) -> list[Explanation]:
    return [one.explained.explanations[0] for one in state.snapshots if one.explained is not None]


def _enough(row: ClusterRow | None) -> bool:
    if row is None or np.isnan(row.p_red.rho):
        return False
    return min(row.members, row.particles - row.members) >= FEWEST_PAIRS


def _mean_and_error(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Along the first axis."""
    mean, count = values.mean(axis=0), len(values)
    if count < 2:
        return mean, np.full_like(mean, np.nan)
    return mean, values.std(axis=0, ddof=1) / np.sqrt(count)
