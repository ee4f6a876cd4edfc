"""What red and white particles are made of: their bond order, their topological clusters, the inputs that matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.configuration import Configuration
from vitreous.correlation.clusters import ClusterCorrelation, Clusters, cluster_correlation, groups_of
from vitreous.jobs.reveal import Revelation, reveal
from vitreous.order_parameter import OrderParameter
from vitreous.order_parameter.relevance import Relevance, input_relevance
from vitreous.records import Json, to_object
from vitreous.structure.bond_order import averaged_bond_order

__all__ = ["COLORS", "Explanation", "explain"]

COLORS = ("white", "red")
_HALF = 0.5


@dataclass(frozen=True, eq=False)
class Explanation:
    """What `explain` found, of one order parameter on one snapshot.

    Red is a particle with P_red > 1/2, white one with less: the likelier of both components. Arrays by colour have
    white first. Groups of particles are ``"all"`` and, if there are several, each species.

    Attributes
    ----------
    revelation : Revelation
        The snapshot with its P_red and P̄_red (N,), the model, and the radius of the average.
    l : tuple of int, L degrees
    groups : tuple of str, G names
    particles : (G, 2) int64
        White and red ones; those without neighbours are neither.
    mean, deviation : (G, 2, L) float64
        Mean and standard deviation of q̄_l over the white and the red particles, with the neighbours that the model
        sees; the deviation divides by their number. NaN where there is none.
    clusters : ClusterCorrelation
        Correlation of P_red and P̄_red with membership in each type of topological cluster.
    relevance : dict of str to Relevance
        Relevance of each input to the model, under "all species" or under each species' name.
    """

    revelation: Revelation
    l: tuple[int, ...]
    groups: tuple[str, ...]
    particles: NDArray[np.int64]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    clusters: ClusterCorrelation
    relevance: dict[str, Relevance]

    @property
    def contrast(self) -> NDArray[np.float64]:
        """(G, L) mean q̄_l of red less that of white particles, in root mean squares of both deviations."""
        pooled = np.sqrt((self.deviation**2).mean(axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((self.mean[:, 1] - self.mean[:, 0]) / pooled)

    def as_dict(self) -> dict[str, Json]:
        """Everything but the per-particle arrays, ready for JSON; None for NaN."""
        return to_object(
            {
                "order_parameter": self.revelation.as_dict(),
                "l": self.l,
                "bond_order": [
                    {
                        "group": group,
                        **{
                            color: {
                                "particles": int(self.particles[g, k]),
                                "mean": self.mean[g, k],
                                "deviation": self.deviation[g, k],
                            }
                            for k, color in enumerate(COLORS)
                        },
                        "contrast": self.contrast[g],
                    }
                    for g, group in enumerate(self.groups)
                ],
                "cluster_correlations": self.clusters.as_dict(),
                "relevance": self.relevance,
            }
        )


def explain(
    configuration: Configuration,
    model: OrderParameter | None = None,
    *,
    revelation: Revelation | None = None,
    clusters: Clusters | None = None,
    radius: float | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda message: None,
) -> Explanation:
    """Say what the red and the white particles of an order parameter are made of.

    Three answers: the mean q̄_l of either colour with its spread; the correlation of P_red, and of its local average,
    with membership in each type of topological cluster; and which of its inputs the order parameter needs. No dynamics
    enters. To see neighbours by SANN and by a cutoff side by side, explain two models, with the same clusters.

    Parameters
    ----------
    configuration : Configuration
        N particles.
    model : OrderParameter, optional
        Fitted, it is applied unchanged; else it is fitted to this snapshot. By default one with SANN neighbours.
    revelation : Revelation, optional
        What `reveal` found in this snapshot, in place of the model.
    clusters : optional
        What `topological_clusters` gave for this snapshot, or anything with ``types``, K names, and
        ``membership``, (N, K) bool; by default found with the defaults of `topological_clusters`.
    radius : float, optional
        Radius of the local average, as in `reveal`.
    seed : int
        Seed of the default model, the shuffles, the networks trained anew, and the translations of the interval.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError, ModelError
        If the snapshot cannot be used, clusters are of another one, or the model does not fit.

    References
    ----------
    Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8; clusters: Malins, Williams, Eggers,
    Royall, J. Chem. Phys. 139, 234506 (2013), doi:10.1063/1.4832897; relevance: see `Relevance`.
    """
    if clusters is None:
        from vitreous.structure.tcc import topological_clusters

        progress("topological clusters")
        clusters = topological_clusters(configuration)
    found = revelation or reveal(
        configuration, model or OrderParameter(random_state=seed), radius=radius, progress=progress
    )
    fields = {P_RED: found.p_red, P_RED_AVERAGED: found.p_red_averaged}
    progress("correlation with clusters")
    correlations = cluster_correlation(configuration, fields, clusters, seed=seed)
    q = averaged_bond_order(found.neighbors, found.model.l)
    groups = groups_of(configuration)
    particles, mean, deviation = _by_color(q, found.p_red, list(groups.values()))
    relevance = input_relevance(
        found.model, configuration, neighbors=found.neighbors, seed=seed, progress=progress
    )
    return Explanation(
        found,
        tuple(int(l) for l in found.model.l),
        tuple(groups),
        particles,
        mean,
        deviation,
        correlations,
        relevance,
    )


def _by_color(
    q: NDArray[np.float64], p_red: NDArray[np.float64], groups: list[NDArray[np.bool_]]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Numbers (G, 2), means and deviations (G, 2, L) of q̄_l of white and red particles."""
    shape = (len(groups), len(COLORS), q.shape[1])
    particles, mean, deviation = np.zeros(shape[:2], np.int64), np.full(shape, np.nan), np.full(shape, np.nan)
    for g, group in enumerate(groups):
        for k, color in enumerate((p_red <= _HALF, p_red > _HALF)):  # neither, if it is NaN
            mine = q[group & color]
            particles[g, k] = len(mine)
            if len(mine):
                mean[g, k], deviation[g, k] = mine.mean(axis=0), mine.std(axis=0)
    return particles, mean, deviation
