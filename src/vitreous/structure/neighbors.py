"""Neighbour lists: SANN and fixed cutoffs, in any periodic, partly periodic or open box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _neighbors_kernel as kernel

__all__ = ["NeighborList", "Symmetry", "cutoff_matrix", "sann", "within"]

Symmetry = Literal["mutual", "union", "none"]

# Candidates that the first attempt of SANN expects around a particle; most need no second attempt.
_CANDIDATES = 26.0
_PARTICLES_PER_RANGE = 8192


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
    grid = _grid(configuration, None)
    n = len(configuration)
    radii = np.empty(n)
    found = _Found(
        configuration, grid, kernel.search_sann, (grid.heights, grid.radius, radii), np.empty(n, np.int64)
    )
    neighbors = found.neighbor_list(radii, symmetry)
    unresolved = np.sort(grid.order[radii == 0.0]).astype(np.int64)
    return NeighborList(*neighbors, unresolved)


def within(configuration: Configuration, cutoff: Any) -> NeighborList:
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
        If two particles coincide, or a cutoff is missing, unknown, not positive or not finite.
    """
    matrix = cutoff_matrix(cutoff, configuration.species_names)
    grid = _grid(configuration, float(matrix.max()))
    kinds = configuration.species_index if len(matrix) > 1 else np.zeros(len(configuration), np.int64)
    kinds = kinds[grid.order]
    counts = np.empty(len(configuration), np.int64)
    found = _Found(configuration, grid, kernel.search_within, (grid.heights, kinds, matrix), counts)
    return NeighborList(*found.neighbor_list(np.empty(0), "none"), np.empty(0, np.int64))


def cutoff_matrix(cutoff: Any, names: tuple[str, ...]) -> NDArray[np.float64]:
    """The (S, S) matrix of cutoffs over species `names`, (1, 1) if one number serves all; see `within`.

    Raises
    ------
    InputError
        If a pair is missing or unknown, or a number is not positive and finite.
    """
    if isinstance(cutoff, Mapping):
        matrix = np.full((len(names), len(names)), np.nan)
        for pair, value in cutoff.items():
            labels = [str(label) for label in pair]
            if len(labels) != 2 or not set(labels) <= set(names):
                raise InputError(
                    f"cutoff: unknown species pair {tuple(labels)}; the configuration has {', '.join(names)}"
                )
            a, b = names.index(labels[0]), names.index(labels[1])
            matrix[a, b] = matrix[b, a] = _as_floats(value).item()
        if np.isnan(matrix).any():
            a, b = np.argwhere(np.isnan(matrix))[0]
            raise InputError(f"cutoff: none given for the species pair {names[a]}, {names[b]}")
    else:
        matrix = _as_floats(cutoff)
        if matrix.size == 1:
            matrix = matrix.reshape(1, 1)
        elif matrix.shape != (len(names), len(names)):
            raise InputError(
                f"cutoff: expected one number or a {len(names)} × {len(names)} matrix for species "
                f"{', '.join(names)}, got shape {matrix.shape}"
            )
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        raise InputError(f"cutoff: must be positive and finite, got {np.ravel(matrix).tolist()}")
    if not (matrix == matrix.T).all():
        raise InputError(f"cutoff: the matrix over species pairs must be symmetric, got {matrix.tolist()}")
    return matrix


def _as_floats(value: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"cutoff: expected numbers, got {value!r}") from None


class _Grid(NamedTuple):
    """Particles sorted by cell; heights are the distances between the faces of one cell."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    order: NDArray[np.int32]
    start: NDArray[np.int64]
    cells: NDArray[np.int64]
    heights: NDArray[np.float64]
    radius: float


def _grid(configuration: Configuration, radius: float | None) -> _Grid:
    """Sort the particles into cells as wide as `radius`, or as a sphere of _CANDIDATES particles."""
    box = configuration.box
    n = len(configuration)
    periodic = np.array(box.periodic)
    low, extent = np.zeros(3), np.ones(3)
    if not periodic.all():
        fractional = box.fractional(configuration.positions)
        low = np.where(periodic, 0.0, fractional.min(axis=0))
        span = fractional.max(axis=0) - low
        # A little wider than the particles, so that the last one is inside, and never of zero width.
        extent = np.where(periodic, 1.0, span * (1.0 + 1e-9) + 1e-9)
    heights = box.heights * extent
    density = n / max(box.volume * float(extent.prod()), 1e-300)
    inverse = np.linalg.inv(box.vectors)
    candidates = _CANDIDATES if radius is None else None
    while True:
        width = radius if radius is not None else float(np.cbrt(_CANDIDATES / (4.18879 * density)))
        # Cells beyond 4 N would cost memory and time without parting particles any more.
        most = np.cbrt(4.0 * n) * heights / np.cbrt(heights.prod())
        cells = np.maximum(1, np.minimum(np.floor(heights / width), np.maximum(most, 1))).astype(np.int64)
        x, y, z, order, start = kernel.bin_particles(
            configuration.positions, box.origin, inverse, box.vectors, periodic, low, cells / extent, cells
        )
        crowd = float((np.diff(start).astype(np.float64) ** 2).sum()) / n
        # Where particles crowd in a part of the box, the density that they see counts, not the mean.
        seen = crowd * cells.prod() / (box.volume * float(extent.prod()))
        if candidates is None or crowd < 4 * _CANDIDATES or (cells >= np.maximum(most, 1).astype(int)).all():
            break
        density = seen
    return _Grid(x, y, z, order, start, cells, heights / cells, width)


class _Found:
    """One-sided neighbours as the search leaves them, one part per range of cells."""

    def __init__(
        self,
        configuration: Configuration,
        grid: _Grid,
        search: Any,
        arguments: tuple[Any, ...],
        counts: NDArray[np.int64],
    ) -> None:
        box = configuration.box
        self.grid, self.counts, self.vectors = grid, counts, box.vectors
        wanted = np.arange(0, len(counts), _PARTICLES_PER_RANGE)
        cuts = np.unique(np.append(np.searchsorted(grid.start, wanted), len(grid.start) - 1))
        cells = list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)) or [(0, 1)]
        self.parts = [(int(grid.start[first]), int(grid.start[last])) for first, last in cells]
        periodic = np.array(box.periodic)
        self.found = map_ranges(
            search, cells, grid.x, grid.y, grid.z, grid.start, grid.cells, periodic, box.vectors,
            *arguments, counts,
        )  # fmt: skip
        for *_, coinciding in self.found:
            if coinciding >= 0:
                raise _coincidence(configuration, grid, coinciding)

    def neighbor_list(self, radii: NDArray[np.float64], symmetry: Symmetry) -> tuple[Any, Any, Any, Any]:
        grid, counts = self.grid, self.counts
        n = len(counts)
        kept = counts
        pairs = dict(zip(self.parts, self.found, strict=True))
        extra: list[Any] = []
        if symmetry == "mutual":
            kept = np.empty_like(counts)
            map_ranges(
                lambda a, b: kernel.count_mutual(
                    a, b, pairs[a, b][0], pairs[a, b][2], counts, radii, kept
                ),
                self.parts,
            )
        elif symmetry == "union":
            for (a, b), (entries, images, distances, _) in pairs.items():
                extra.append(kernel.one_sided(a, b, entries, images, distances, counts, radii))
            kept = counts + sum(np.bincount(others, minlength=n) for _, others, _, _ in extra)
        per_particle = np.empty(n, np.int64)
        per_particle[grid.order] = kept
        offsets = np.concatenate([[0], np.cumsum(per_particle)])
        indices = np.empty(offsets[-1], np.int64)
        vectors = np.empty((offsets[-1], 3))
        lengths = np.empty(offsets[-1])
        common = (grid.x, grid.y, grid.z, grid.order, self.vectors)

        def fill(a: int, b: int) -> None:
            entries, images, distances, _ = pairs[a, b]
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


def _coincidence(configuration: Configuration, grid: _Grid, place: int) -> InputError:
    cell = int(np.searchsorted(grid.start, place, side="right")) - 1
    same = range(int(grid.start[cell]), int(grid.start[cell + 1]))
    here = (grid.x[place], grid.y[place], grid.z[place])
    others = [k for k in same if k != place and (grid.x[k], grid.y[k], grid.z[k]) == here]
    i = int(grid.order[place])
    j = f"particle {int(grid.order[others[0]])}" if others else "the image of another particle"
    position = np.round(configuration.positions[i], 6).tolist()
    return InputError(
        f"positions: particle {i} and {j} are at the same place {position}, so no bond between them has a "
        f"direction; remove duplicates or correct the box"
    )
