"""Topological cluster classification: bonds, rings, pairs of rings, and what is built on them."""

from vitreous.structure.tcc.classification import TopologicalClusters, topological_clusters

__all__ = ["TopologicalClusters", "topological_clusters"]
