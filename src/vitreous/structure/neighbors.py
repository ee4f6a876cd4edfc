"""Neighbour lists: SANN and fixed cutoffs, in any periodic, partly periodic or open box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _neighbors_kernel as kernel
from vitreous.structure._cells_kernel import IMAGE_LIMIT
from vitreous.structure.cells import CellList, cell_list

__all__ = ["NeighborList", "OneSided", "Symmetry", "cutoff_matrix", "sann", "within"]

Symmetry = Literal["mutual", "union", "none"]
Lengths: TypeAlias = "ArrayLike | Mapping[tuple[str, str], float]"
"""One for all pairs of species, a matrix, or one for each pair by its labels."""
NeighborRule: TypeAlias = "Lengths | Literal['sann', 'cutoff']"
"""SANN, the first minimum of g(r), or cutoffs that are given."""


@dataclass(frozen=True, eq=False)
class NeighborList:
    """Neighbours of every particle in compressed-sparse-row form.

    The neighbours of particle i are rows offsets[i] to offsets[i + 1] - 1 of the other arrays, in no
    particular order (the same in every run). In a box smaller than the neighbourhood one particle can be a
    neighbour more than once, under different periodic images, and particle i can be its own neighbour.

    Attributes
    ----------
    offsets : (N + 1,) int64
    indices : (M,) int64
        The neighbour j.
    vectors : (M, 3) float64
        From i to the image of j that is meant, in the length unit of the positions.
    distances : (M,) float64
        Length of the vectors.
    unresolved : (K,) int64
        Particles for which SANN has no answer, because fewer than three other particles exist. They have no
        neighbours of their own.
    """

    offsets: NDArray[np.int64]
    indices: NDArray[np.int64]
    vectors: NDArray[np.float64]
    distances: NDArray[np.float64]
    unresolved: NDArray[np.int64]

    @property
    def n_particles(self) -> int:
        """Number of particles N."""
        return len(self.offsets) - 1

    @property
    def counts(self) -> NDArray[np.int64]:
        """(N,) number of neighbours of each particle."""
        return np.diff(self.offsets)

    def of(self, i: int) -> NDArray[np.int64]:
        """Numbers of the neighbours of particle i, (counts[i],)."""
        return self.indices[self.offsets[i] : self.offsets[i + 1]]

    def __len__(self) -> int:
        return len(self.indices)

    def __repr__(self) -> str:
        return f"NeighborList(N={self.n_particles}, {len(self)} neighbours)"


def sann(configuration: Configuration, symmetry: Symmetry = "mutual") -> NeighborList:
    """Solid-angle nearest neighbours.

    With the distances of the others sorted, r_1 ≤ r_2 ≤ ..., the neighbours of i are the first m ≥ 3 for
    which R_i = Σ_{j≤m} r_j / (m - 2) ≤ r_{m+1}: those nearer than R_i. The search grows until the criterion
    is met, whatever the density; there is no maximum number of neighbours.

    Parameters
    ----------
    configuration : Configuration
    symmetry : "mutual", "union" or "none"
        What happens to a pair of which only one takes the other for a neighbour: it is removed (the paper's
        choice), added to the other, or left one-sided.

    Returns
    -------
    NeighborList
        Its `unresolved` names particles without an answer (fewer than three others in an open box).

    Raises
    ------
    InputError
        If two particles coincide, or `symmetry` is not one of the three.

    References
    ----------
    van Meel, Filion, Valeriani, Frenkel, J. Chem. Phys. 136, 234107 (2012), doi:10.1063/1.4729313.
    Symmetry by removal: Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8.
    """
    if symmetry not in ("mutual", "union", "none"):
        raise InputError(f"symmetry: expected 'mutual', 'union' or 'none', got {symmetry!r}")
    found = OneSided.sann(configuration)
    neighbors = found.neighbor_list(symmetry)
    unresolved = np.sort(found.grid.order[found.radii == 0.0]).astype(np.int64)
    return NeighborList(*neighbors, unresolved)


def within(configuration: Configuration, cutoff: Lengths) -> NeighborList:
    """All pairs nearer than a cutoff.

    Parameters
    ----------
    configuration : Configuration
    cutoff : float, (S, S) array_like or mapping
        One distance; or a symmetric matrix over the S species in the order of
        `configuration.species_names`; or a mapping from pairs of labels, {("A", "A"): 1.4, ("A", "B"): 1.2,
        ...}, one order of each pair is enough. Neighbours have r < cutoff, strictly.

    Returns
    -------
    NeighborList

    Raises
    ------
    InputError
        If two particles coincide, a cutoff is missing, unknown, not positive or not finite, or it reaches
        over more than 500 periodic images of the box.
    """
    found = OneSided.within(configuration, cutoff)
    return NeighborList(*found.neighbor_list("none"), np.empty(0, np.int64))


def cutoff_matrix(cutoff: Lengths, names: tuple[str, ...], what: str = "cutoff") -> NDArray[np.float64]:
    """The (S, S) matrix of cutoffs over species `names`, (1, 1) if one number serves all; see `within`.

    InputError, which begins with `what`, if a pair is missing or unknown, or a number is not positive and finite.
    """
    if isinstance(cutoff, Mapping):
        matrix = np.full((len(names), len(names)), np.nan)
        for pair, value in cutoff.items():
            labels = [str(label) for label in pair]
            if len(labels) != 2 or not set(labels) <= set(names):
                raise InputError(
                    f"{what}: unknown species pair {tuple(labels)}; the configuration has {', '.join(names)}"
                )
            a, b = names.index(labels[0]), names.index(labels[1])
            given = _floats(what, value)
            if given.size != 1:
                raise InputError(
                    f"{what}: expected one number for the pair {', '.join(labels)}, got {value!r}"
                )
            matrix[a, b] = matrix[b, a] = given.item()
        if np.isnan(matrix).any():
            a, b = np.argwhere(np.isnan(matrix))[0]
            raise InputError(f"{what}: none given for the species pair {names[a]}, {names[b]}")
    else:
        matrix = _floats(what, cutoff)
        if matrix.size == 1:
            matrix = matrix.reshape(1, 1)
        elif matrix.shape != (len(names), len(names)):
            raise InputError(
                f"{what}: expected one number or a {len(names)} × {len(names)} matrix for species "
                f"{', '.join(names)}, got shape {matrix.shape}"
            )
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        raise InputError(f"{what}: must be positive and finite, got {np.ravel(matrix).tolist()}")
    if not (matrix == matrix.T).all():
        raise InputError(f"{what}: the matrix over species pairs must be symmetric, got {matrix.tolist()}")
    return matrix


def _check_images(configuration: Configuration, radius: float) -> None:
    """Refuse what the ten bits of an image could not hold."""
    box = configuration.box
    for axis in range(3):
        if box.periodic[axis] and radius > IMAGE_LIMIT * box.heights[axis]:
            raise InputError(
                f"cutoff: {radius:.6g} reaches over more than {IMAGE_LIMIT} periodic images of the box, "
                f"which is {box.heights[axis]:.6g} along {'xyz'[axis]}; are the length units the same?"
            )


def _floats(what: str, value: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{what}: expected numbers, got {value!r}") from None


class OneSided:
    """One-sided neighbours as the search leaves them, sorted by cell, one part per range of cells.

    Attributes
    ----------
    grid : CellList
    counts : (N,) int64
        Neighbours of each particle, in sorted order.
    radii : (N,) float64
        SANN radii in sorted order; empty with cutoffs.
    parts : list of (first, last)
        Ranges of sorted particles.
    found : dict of (first, last) to tuple
        What the kernel of the search returned for each.
    """

    def __init__(
        self,
        configuration: Configuration,
        grid: CellList,
        search: Any,
        arguments: tuple[Any, ...],
        radii: Any,
    ) -> None:
        self.grid, self.radii, self.vectors = grid, radii, configuration.box.vectors
        self.counts = np.empty(len(configuration), np.int64)
        cells = grid.ranges()
        self.parts = [(int(grid.start[first]), int(grid.start[last])) for first, last in cells]
        found = map_ranges(search, cells, *grid.arrays, *arguments, self.counts)
        grid.refuse_coincidence(configuration, (coinciding for *_, coinciding in found))
        self.found = dict(zip(self.parts, found, strict=True))

    @classmethod
    def sann(cls, configuration: Configuration) -> OneSided:
        """As the search of `sann` leaves them."""
        grid = cell_list(configuration, None)
        radii = np.empty(len(configuration))
        return cls(configuration, grid, kernel.search_sann, (grid.radius, radii), radii)

    @classmethod
    def within(cls, configuration: Configuration, cutoff: Lengths) -> OneSided:
        """Those within a cutoff, which are neighbours of each other anyway."""
        matrix = cutoff_matrix(cutoff, configuration.species_names)
        _check_images(configuration, float(matrix.max()))
        grid = cell_list(configuration, float(matrix.max()))
        kinds = configuration.species_index if len(matrix) > 1 else np.zeros(len(configuration), np.int64)
        return cls(configuration, grid, kernel.search_within, (kinds[grid.order], matrix), np.empty(0))

    def kept(self, symmetry: Symmetry) -> NDArray[np.int64]:
        """(N,) how many stay when pairs that are one-sided are removed, in sorted order; else all."""
        if symmetry != "mutual":
            return self.counts
        kept = np.empty_like(self.counts)

        def count(a: int, b: int) -> None:
            entries, _, distances, _ = self.found[a, b]
            kernel.count_mutual(a, b, entries, distances, self.counts, self.radii, kept)

        map_ranges(count, self.parts)
        return kept

    def neighbor_list(self, symmetry: Symmetry) -> tuple[Any, Any, Any, Any]:
        """Arrays of a `NeighborList`, in the order of the configuration."""
        grid, counts, radii = self.grid, self.counts, self.radii
        kept = self.kept(symmetry)
        extra: list[Any] = []
        if symmetry == "union":
            for (a, b), (entries, images, distances, _) in self.found.items():
                extra.append(kernel.one_sided(a, b, entries, images, distances, counts, radii))
            kept = counts + sum(np.bincount(others, minlength=len(counts)) for _, others, _, _ in extra)
        offsets = np.concatenate([[0], np.cumsum(grid.unsorted(kept))])
        indices = np.empty(offsets[-1], np.int64)
        vectors = np.empty((offsets[-1], 3))
        lengths = np.empty(offsets[-1])
        common = (grid.x, grid.y, grid.z, grid.order, self.vectors)

        def fill(a: int, b: int) -> None:
            entries, images, distances, _ = self.found[a, b]
            kernel.fill(
                a, b, entries, images, distances, counts, radii, symmetry == "mutual",
                *common, offsets, indices, vectors, lengths,
            )  # fmt: skip

        map_ranges(fill, self.parts)
        if extra:
            place = offsets[:-1].copy()
            place[grid.order] += counts
            for owners, others, codes, distances in extra:
                kernel.fill_reverse(
                    owners, others, codes, distances, place, *common, indices, vectors, lengths
                )
        return offsets, indices, vectors, lengths
