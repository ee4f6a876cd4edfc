"""Kernels are compiled once after installation; whoever waits for that is told."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vitreous.compilation import (
    cluster_kernels_are_compiled,
    hard_sphere_kernels_are_compiled,
    kernels_are_compiled,
)

if TYPE_CHECKING:
    from vitreous.configuration import Configuration
    from vitreous.structure.tcc import TopologicalClusters

__all__ = ["clusters_of", "compile_clusters", "compile_engine", "compile_kernels"]

_COMPILING = "compiling the kernels (once after installation)"


def compile_kernels(stage: Callable[[str], None]) -> None:
    """Call the kernels of `reveal` once on a small system if they are not compiled, so that the wait is told of."""
    if kernels_are_compiled():
        return
    import numpy as np

    from vitreous.configuration import Configuration
    from vitreous.jobs.reveal import reveal
    from vitreous.order_parameter import OrderParameter
    from vitreous.plot import render_snapshot

    stage(_COMPILING)
    snapshot = Configuration(np.random.default_rng(0).random((200, 3)) * 6.0, box=(6.0, 6.0, 6.0))
    found = reveal(snapshot, OrderParameter(reducer="pca"), radius=2.0)
    render_snapshot(found.configuration, found.p_red, pixels=32)


def compile_engine(stage: Callable[[str], None]) -> None:
    """The same of the engine of hard spheres."""
    if not hard_sphere_kernels_are_compiled():
        from vitreous.simulate.event_driven import HardSphereMD

        stage(_COMPILING)
        HardSphereMD.grow([1.0] * 32, 0.3, rate=1.0).run(0.1)


def compile_clusters(stage: Callable[[str], None]) -> None:
    """The same of topological clusters."""
    if not cluster_kernels_are_compiled():
        import numpy as np

        from vitreous.configuration import Configuration
        from vitreous.structure.tcc import topological_clusters

        stage(_COMPILING)
        topological_clusters(Configuration(np.eye(3), 9.0))


def clusters_of(
    snapshot: Configuration, stage: Callable[[str], None], what: str, **bonds: Any
) -> tuple[TopologicalClusters, list[str]]:
    """The clusters of a snapshot, and what else is to be said of them; tells that the kernels are compiled first."""
    from vitreous.structure.tcc import topological_clusters

    compile_clusters(stage)
    stage(what)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", UserWarning)
        clusters = topological_clusters(snapshot, **bonds)
    return clusters, [str(warning.message) for warning in said]
