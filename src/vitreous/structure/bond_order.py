"""Bond-orientational order of every particle's neighbourhood, and its two averages."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.structure import _bond_order_kernel as kernel
from vitreous.structure.neighbors import NeighborList

__all__ = ["averaged_bond_order", "bond_order", "lechner_dellago"]

_LARGEST_DEGREE = 50


def bond_order(neighbors: NeighborList, l: int | Iterable[int] = range(1, 9)) -> NDArray[np.float64]:
    r"""Rotation-invariant bond order q_l of each particle.

    .. math:: q_l(i) = \sqrt{\frac{4\pi}{2l+1} \sum_{m=-l}^{l} \Bigl| \frac{1}{N_b(i)}
              \sum_{j \in N_b(i)} Y_l^m(\mathbf r_{ij}) \Bigr|^2}

    Parameters
    ----------
    neighbors : NeighborList
    l : int or iterable of int
        Degrees, 0 to 50, in the order of the columns wanted.

    Returns
    -------
    (N, len(l)) float64
        Between 0 and 1, dimensionless. NaN for a particle without neighbours.

    Raises
    ------
    InputError
        If a degree is not a whole number from 0 to 50, or none is given.

    References
    ----------
    Steinhardt, Nelson, Ronchetti, Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784;
    Eqs. 3 and 4 of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8.
    """
    degrees = checked_degrees(l)
    q = np.empty((neighbors.n_particles, len(degrees)))
    map_ranges(
        kernel.bond_order, ranges(len(q)),
        neighbors.offsets, neighbors.vectors, neighbors.distances, degrees, q,
    )  # fmt: skip
    return q


def averaged_bond_order(
    neighbors: NeighborList, l: int | Iterable[int] = range(1, 9), *, q: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    r"""Mean of the scalar q_l over a particle and its neighbours.

    .. math:: \bar q_l(i) = \frac{1}{N_b(i) + 1} \Bigl[ q_l(i) + \sum_{k \in N_b(i)} q_l(k) \Bigr]

    This is not the average of Lechner and Dellago; see `lechner_dellago`.

    Parameters
    ----------
    neighbors : NeighborList
    l : int or iterable of int
        Degrees, as for `bond_order`.
    q : (N, len(l)) array, optional
        What `bond_order` gave for the same neighbours and degrees, if it is at hand.

    Returns
    -------
    (N, len(l)) float64
        NaN where the particle has no neighbours, or one of its (one-sided) neighbours has none.

    Raises
    ------
    InputError
        As `bond_order`, and if `q` has another shape.

    References
    ----------
    Eq. 5 of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8.
    """
    degrees = checked_degrees(l)
    shape = (neighbors.n_particles, len(degrees))
    own = bond_order(neighbors, degrees) if q is None else np.ascontiguousarray(q, dtype=np.float64)
    if own.shape != shape:
        raise InputError(f"q: expected shape {shape}, got {own.shape}")
    averaged = np.empty(shape)
    map_ranges(kernel.average, ranges(len(own)), neighbors.offsets, neighbors.indices, own, averaged)
    return averaged


def lechner_dellago(neighbors: NeighborList, l: int | Iterable[int] = range(1, 9)) -> NDArray[np.float64]:
    r"""Bond order built from the complex q_lm averaged over a particle and its neighbours.

    Parameters
    ----------
    neighbors : NeighborList
    l : int or iterable of int
        Degrees, as for `bond_order`.

    Returns
    -------
    (N, len(l)) float64
        NaN where the particle has no neighbours, or one of its (one-sided) neighbours has none.

    Raises
    ------
    InputError
        As `bond_order`.

    References
    ----------
    Lechner, Dellago, J. Chem. Phys. 129, 114707 (2008), doi:10.1063/1.2977970.
    """
    degrees = checked_degrees(l)
    n = neighbors.n_particles
    l_max = int(degrees.max())
    q_lm = np.empty((n, 2, l_max + 1, l_max + 1))
    parts = ranges(n)
    map_ranges(
        kernel.components, parts, neighbors.offsets, neighbors.vectors, neighbors.distances, l_max, q_lm
    )
    q = np.empty((n, len(degrees)))
    map_ranges(kernel.lechner_dellago, parts, neighbors.offsets, neighbors.indices, q_lm, degrees, q)
    return q


def checked_degrees(l: int | Iterable[int]) -> NDArray[np.int64]:
    """The degrees as an array, or an InputError; see `bond_order`."""
    values = np.array([l] if isinstance(l, int | np.integer) else list(l))
    if values.size == 0 or values.ndim != 1 or values.dtype.kind not in "iu":
        raise InputError(f"l: expected whole numbers from 0 to {_LARGEST_DEGREE}, got {values.tolist()}")
    if values.min() < 0 or values.max() > _LARGEST_DEGREE:
        raise InputError(f"l: degrees must lie from 0 to {_LARGEST_DEGREE}, got {values.tolist()}")
    return values.astype(np.int64)
