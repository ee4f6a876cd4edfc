"""Rank correlation of per-particle quantities with membership in each type of topological cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.associate import associate, without_gaps
from vitreous.correlation.rank import FEWEST_PAIRS
from vitreous.diameter_classes import particle_groups
from vitreous.errors import InputError
from vitreous.records import Json, to_object

__all__ = ["ALL", "ClusterCorrelation", "Clusters", "cluster_correlation", "groups_of"]

ALL = "all"
"""Name of the group of all particles, beside the groups of each species."""


class Clusters(Protocol):
    """What is needed of a topological cluster classification, as `vitreous.topological_clusters` returns it."""

    @property
    def types(self) -> tuple[str, ...]:
        """Names of the K types."""

    @property
    def membership(self) -> NDArray[np.bool_]:
        """(N, K): whether a particle is in at least one cluster of a type."""


@dataclass(frozen=True, eq=False)
class ClusterCorrelation:
    """Correlations of F quantities with membership in K types of cluster, in G groups of particles.

    Attributes
    ----------
    fields : tuple of str, F names
    groups : tuple of str, G names
        ``"all"`` and, if there are several, each species: a mixture of species correlates by composition too.
    types : tuple of str, K names
    particles : (G,) int64
        With a value of every quantity.
    members : (G, K) int64
        Those of them that are in at least one cluster of the type.
    rho : (F, G, K) float64
        Spearman's ρ of the quantity with membership (0 or 1, ties share their rank), with its sign. NaN where none
        or all of the particles are members, or the quantity is constant. It cannot reach 1: at best, with half
        of the particles members, 0.87, and less the rarer the type.
    low, high : (F, G, K) float64
        95 % interval, see `cluster_correlation`; NaN where ρ is, where fewer than 10 particles are members
        or fewer than 10 are not, and in a box that is not periodic along all axes.
    """

    fields: tuple[str, ...]
    groups: tuple[str, ...]
    types: tuple[str, ...]
    particles: NDArray[np.int64]
    members: NDArray[np.int64]
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def resolved(self) -> NDArray[np.bool_]:
        """(F, G, K) whether the interval is known and does not hold 0."""
        return np.asarray((self.low > 0.0) | (self.high < 0.0))

    def order(self, field: int = 0, group: int = 0) -> NDArray[np.int64]:
        """Numbers of the types that have a ρ, from the largest to the smallest."""
        rho = self.rho[field, group]
        ranked = np.argsort(-rho, kind="stable")
        return np.asarray(ranked[np.isfinite(rho[ranked])])

    def remark(self, group: int, kind: int) -> str:
        """Why there is no ρ or no interval for a type in a group; empty where there are both."""
        members, particles = int(self.members[group, kind]), int(self.particles[group])
        if members == 0:
            return "in no particle"
        if members == particles:
            return "in every particle"
        if min(members, particles - members) < FEWEST_PAIRS:
            some, what = (members, "in") if members < FEWEST_PAIRS else (particles - members, "not in")
            return f"{what} only {some} particle{'s' if some > 1 else ''}"
        if np.isnan(self.low[:, group, kind]).any():
            return "no interval: the box is open, or a quantity constant"
        return ""

    def as_dict(self) -> list[dict[str, Json]]:
        """One entry for each type and group, ready for JSON; None for NaN."""
        return [
            to_object(
                {
                    "type": name,
                    "group": group,
                    "particles": int(self.particles[g]),
                    "members": int(self.members[g, k]),
                    **{
                        field: {
                            what: values[f, g, k]
                            for what, values in (("rho", self.rho), ("low", self.low), ("high", self.high))
                        }
                        for f, field in enumerate(self.fields)
                    },
                    "remark": self.remark(g, k),
                }
            )
            for k, name in enumerate(self.types)
            for g, group in enumerate(self.groups)
        ]


def cluster_correlation(
    configuration: Configuration,
    fields: Mapping[str, ArrayLike],
    clusters: Clusters,
    *,
    seed: int = 0,
) -> ClusterCorrelation:
    r"""Correlate quantities with membership in each type of topological cluster, for all particles and by species.

    The interval is that of `associate`. Single particles would promise too much, and far too much for a type in few
    places. ``benchmarks/interval_coverage.py`` measures how often such intervals
    miss a zero that is true. It tells of one type. Of 41 types without any correlation about two lie outside of it.

    Parameters
    ----------
    configuration : Configuration
        N particles.
    fields : mapping of str to (N,) array_like
        Particles without a value in one of them are left out of all.
    clusters : Clusters
        Of the same particles.
    seed : int
        Of the translations.

    Returns
    -------
    ClusterCorrelation

    Raises
    ------
    InputError
        If shapes differ.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904).
    """
    n, types = len(configuration), tuple(clusters.types)
    membership = np.asarray(clusters.membership, dtype=bool)
    if membership.shape != (n, len(types)):
        raise InputError(
            f"clusters: expected membership of {n} particles in {len(types)} types, got shape "
            f"{membership.shape}; were they found in another snapshot?"
        )
    values = np.empty((len(fields), n))
    for f, (name, given) in enumerate(fields.items()):
        array = np.asarray(given, dtype=np.float64)
        if array.shape != (n,):
            raise InputError(f"{name}: expected {n} values, one for each particle, got shape {array.shape}")
        values[f] = array
    groups = groups_of(configuration)
    values = without_gaps(values)
    found = associate(configuration, values, membership.T.astype(np.float64), groups=groups, seed=seed)
    whole = ~np.isnan(values).any(axis=0)
    rows = [mine & whole for mine in groups.values()]
    particles = np.array([mine.sum() for mine in rows])
    members = np.array([membership[mine].sum(axis=0) for mine in rows])
    few = np.minimum(members, particles[:, None] - members) < FEWEST_PAIRS
    low, high = (np.where(few, np.nan, end) for end in (found.low, found.high))
    return ClusterCorrelation(tuple(fields), tuple(groups), types, particles, members, found.rho, low, high)


def groups_of(configuration: Configuration) -> dict[str, NDArray[np.bool_]]:
    """(N,) masks of all particles and, if there are several, of each of `particle_groups`."""
    groups = {ALL: np.ones(len(configuration), bool)}
    several = particle_groups(configuration).masks
    if len(several) > 1:
        groups |= several
    return groups
