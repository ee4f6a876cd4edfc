"""What red and white particles of a snapshot are made of, and its topological clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.io import atomic_path
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.explain import explain
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds.order_parameter import revelation_of
from vitreous.study.kinds.trajectory import own_snapshot
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = [
    "KIND",
    "BondOrder",
    "ClusterRow",
    "Clusters",
    "Explained",
    "Explanation",
    "GroupBondOrder",
    "Parameters",
    "Rho",
    "read",
]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the snapshot and the order parameters: those of `topological_clusters`."""

    seed: int
    bonds: Literal["voronoi"] = "voronoi"
    cutoff: float = 1.8
    fc: float = 0.82


@dataclass(frozen=True)
class Rho:
    """A correlation with its 95 % interval; NaN what is not known."""

    rho: float
    low: float
    high: float


@dataclass(frozen=True)
class ClusterRow:
    """Correlation with membership in one type of cluster, among one group of particles."""

    type: str
    group: str
    particles: int
    members: int
    p_red: Rho
    p_red_averaged: Rho


@dataclass(frozen=True, eq=False)
class BondOrder:
    """Bond order (L,) of the particles of one colour."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupBondOrder:
    """Bond order of the white and of the red particles of one group, and (L,) how they differ."""

    group: str
    white: BondOrder
    red: BondOrder
    contrast: NDArray[np.float64]


@dataclass(frozen=True)
class Explanation:
    """What a study takes from `vitreous.jobs.explain.Explanation`."""

    l: tuple[int, ...]
    bond_order: tuple[GroupBondOrder, ...]
    cluster_correlations: tuple[ClusterRow, ...]


@dataclass(frozen=True)
class _Explanations:
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, eq=False)
class Clusters:
    """K names of types of cluster, and (N, K) which particles are members."""

    types: tuple[str, ...]
    membership: NDArray[np.bool_]


@dataclass(frozen=True)
class Explained:
    """Explanations by the neighbour rule of the plan and by the other, and the clusters that they share."""

    explanations: tuple[Explanation, ...]
    clusters: Clusters


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each snapshot of the deepest state."""
    if around.is_deepest:
        for k in range(around.state.followed):
            trained = [one for one in around.here["order-parameter"] if one.snapshot == k]
            yield Planned(Parameters(around.state.settings.seed), (around.source(k), *trained), k)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Find the clusters once, and explain each order parameter by them."""
    from vitreous.structure.tcc import topological_clusters

    asked = step.parameters
    snapshot = own_snapshot(step, folder)
    watcher.stage("topological clusters")
    clusters = topological_clusters(snapshot, asked.bonds, asked.cutoff, asked.fc)
    found = [
        explain(
            snapshot,
            revelation=revelation_of(trained, folder),
            clusters=clusters,
            seed=asked.seed,
            progress=watcher.stage,
        ).as_dict()
        for trained in step.requires[1:]
    ]
    with atomic_path(step.path(folder, ".npz")) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, types=np.array(clusters.types), membership=clusters.membership)
    write_record(step.path(folder, ".json"), {"explanations": found})
    return [".json", ".npz"]


def read(step: Step[object], folder: Path) -> Explained:
    """What they are made of."""
    told = read_record(step.path(folder, ".json"), _Explanations)
    with np.load(step.path(folder, ".npz"), allow_pickle=False) as arrays:
        clusters = Clusters(tuple(str(name) for name in arrays["types"]), arrays["membership"])
    return Explained(told.explanations, clusters)


KIND = Kind("explain", 2, "explain", ("trajectory", "further", "order-parameter"), steps, make, read, 30.0)
