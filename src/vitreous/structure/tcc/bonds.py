"""Bonds between particles, as topological clusters take them."""

from __future__ import annotations

import warnings
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.structure.neighbors import Lengths, cutoff_matrix, within
from vitreous.structure.tcc import _bonds_kernel as kernel
from vitreous.structure.tcc._sets_kernel import LANES

__all__ = ["BondRule", "Bonds", "bonds_of"]

BondRule = Literal["voronoi", "simple"]

# Kernels keep a set of neighbours as the bits of one integer.
_MOST_BONDS = 63


class Bonds(NamedTuple):
    """Symmetric bonds: those of particle i are partners[offsets[i]:offsets[i + 1]], ascending."""

    offsets: NDArray[np.int64]
    partners: NDArray[np.int32]

    @property
    def pairs(self) -> NDArray[np.int32]:
        """(M, 2) each bond once, i < j, ascending."""
        owners = np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), np.diff(self.offsets))
        once = owners < self.partners
        return np.column_stack([owners[once], self.partners[once]])

    @property
    def table(self) -> NDArray[np.int32]:
        """(N, W) the partners of each particle, then -1; W is a multiple of what kernels compare at a time."""
        counts = np.diff(self.offsets)
        width = LANES * (int(counts.max(initial=0)) // LANES + 1)
        table = np.full((len(counts), width), -1, np.int32)
        table[np.arange(width) < counts[:, None]] = self.partners
        return table


def bonds_of(configuration: Configuration, rule: BondRule, cutoff: Lengths, fc: float) -> Bonds:
    """The bonds of `topological_clusters`, by distance alone or by the modified Voronoi construction."""
    if rule not in ("voronoi", "simple"):
        raise InputError(f"bonds: expected 'voronoi' or 'simple', got {rule!r}")
    if isinstance(fc, bool) or not isinstance(fc, int | float | np.number) or not 0.0 < fc <= 1.0:
        raise InputError(f"fc: must be a number above 0 and at most 1, got {fc!r}")
    reach = float(cutoff_matrix(cutoff, configuration.species_names).max())
    box = configuration.box
    lengths = np.where(box.periodic, box.heights, np.inf)
    axis, length = "xyz"[int(lengths.argmin())], float(lengths.min())
    if length <= 2.0 * reach:
        raise InputError(
            f"cutoff: {reach:.6g} is too long for a box of {length:.6g} along {axis}: two particles could be bonded "
            f"to each other across both of its sides; take a box longer than two cutoffs, or a smaller cutoff"
        )
    small = length < 4.0 * reach
    neighbors = within(configuration, cutoff)
    kept = np.ones(len(neighbors), np.bool_)
    if rule == "voronoi":
        vectors = np.where(np.array(box.periodic)[:, None], box.vectors, 0.0)
        map_ranges(
            kernel.unshielded, ranges(neighbors.n_particles),
            neighbors.offsets, neighbors.vectors, neighbors.distances,
            vectors, np.linalg.inv(box.vectors), small, float(fc), kept,
        )  # fmt: skip
    bonds = Bonds(*kernel.either_way(neighbors.offsets, neighbors.indices, kept))
    counts = np.diff(bonds.offsets)
    if counts.max(initial=0) > _MOST_BONDS:
        i = int(counts.argmax())
        raise InputError(
            f"cutoff: within {reach:.6g} particle {i} has {counts[i]} bonds, but clusters are those of nearest "
            f"neighbours, at most {_MOST_BONDS}; take a smaller cutoff, or bonds 'voronoi'"
        )
    if small:
        warnings.warn(
            f"the box is {length:.6g} long along {axis}, less than four cutoffs of {reach:.6g}: some clusters may "
            f"close around the box",
            UserWarning,
            stacklevel=3,
        )
    return bonds
