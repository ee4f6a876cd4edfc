"""How strongly a structural quantity and a dynamical one go together, and how sure that is."""

from vitreous.correlation.chance import chance_correlation, chance_interval
from vitreous.correlation.clusters import ClusterCorrelation, cluster_correlation
from vitreous.correlation.curves import pool
from vitreous.correlation.rank import noise_ceiling, reliability

__all__ = [
    "ClusterCorrelation",
    "chance_correlation",
    "chance_interval",
    "cluster_correlation",
    "noise_ceiling",
    "pool",
    "reliability",
]
