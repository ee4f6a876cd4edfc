"""How much of a snapshot is found again in another: the collective overlap asks for places, not for particles."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError

__all__ = ["collective_overlap"]


def collective_overlap(
    first: Configuration, later: Configuration, radius: float = 0.3, *, kinds: ArrayLike | None = None
) -> float:
    r"""Share of the particles at whose place a particle of the same kind is later, less what chance would give.

    .. math:: Q = \frac{q - q_0}{1 - q_0}, \quad
              q = \frac1N \sum_i \min\Bigl(1, \sum_j \delta_{s_i s_j} \theta(a - |r_i - r'_j|)\Bigr), \quad
              q_0 = \frac1N \sum_i \frac{4\pi}{3} a^3 \rho_{s_i}

    1 for the same snapshot and 0 on average for independent ones. Whoever exchanges particles, as swap moves do, cannot
    tell by displacements whether a liquid is another than before; this does not ask who came.

    Parameters
    ----------
    first, later : Configuration
        N particles each, in the same rectangular periodic box. Drift of the centre of mass is not removed.
    radius : float
        a, in the unit of length, below half the distance of near particles: then at most one particle can be there and
        q_0 is exact.
    kinds : (N,) array_like, optional
        Kind of each particle, the same in both snapshots. By default all are of one kind.

    Returns
    -------
    float

    Raises
    ------
    InputError
        If boxes, numbers or kinds do not fit.
    """
    from scipy.spatial import cKDTree

    n, box = len(first), first.box
    if len(later) != n or not np.array_equal(box.vectors, later.box.vectors):
        raise InputError("overlap: the two snapshots need the same box and the same number of particles")
    if not (box.is_orthorhombic and all(box.periodic)):
        raise InputError("overlap: the box has to be rectangular and periodic along x, y and z")
    labels = np.zeros(n, dtype=np.int64) if kinds is None else np.asarray(kinds)
    if labels.shape != (n,):
        raise InputError(f"kinds: expected shape ({n},), got {labels.shape}")
    if not (math.isfinite(radius) and 0.0 < radius < 0.5 * float(box.lengths.min())):
        raise InputError(f"radius: expected a positive number below half of the box, got {radius}")

    def places(snapshot: Configuration, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        wrapped = box.wrap(snapshot.positions[chosen])[0] - box.origin
        return np.asarray(wrapped % box.lengths)

    found, by_chance = 0.0, 0.0
    ball = 4.0 * math.pi / 3.0 * radius**3
    for kind in np.unique(labels):
        chosen = labels == kind
        tree = cKDTree(places(later, chosen), boxsize=box.lengths)
        nearest = tree.query(places(first, chosen))[0]
        found += float((nearest < radius).sum())
        by_chance += float(chosen.sum() ** 2) * ball / box.volume
    q, q0 = found / n, by_chance / n
    return (q - q0) / (1.0 - q0)
