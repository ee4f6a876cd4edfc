"""Radical Voronoi cells: the part of space that belongs to each particle, and the neighbours that it touches there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.neighbors import NeighborList

__all__ = ["VoronoiCells", "voronoi_cells"]

# Of the box: how well the volumes of the cells have to fill it.
_TOLERANCE = 1e-9
# Faces whose periodic images are looked up at a time, which bounds the memory for it.
_FACES_AT_ONCE = 100_000


@dataclass(frozen=True, eq=False)
class VoronoiCells:
    """Voronoi cells of N particles with M faces, each face counted from both sides.

    Attributes
    ----------
    volume : (N,) float64
        The sum is the volume of the box. 0 for a particle without a cell, as one inside a much larger one can be.
    area : (N,) float64
        Surface of the cell.
    neighbors : NeighborList
        One for each face, however small it is, in the sense of `sann` and `within`.
    face_areas : (M,) float64
        In the order of the neighbours.
    """

    volume: NDArray[np.float64]
    area: NDArray[np.float64]
    neighbors: NeighborList
    face_areas: NDArray[np.float64]

    @property
    def asphericity(self) -> NDArray[np.float64]:
        r"""(N,) :math:`S^3 / 36 \pi V^2` of surface S and volume V: 1 for a sphere, else more; NaN without cell."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.area**3 / (36.0 * np.pi * self.volume**2))

    def __repr__(self) -> str:
        return f"VoronoiCells(N={len(self.volume)}, {len(self.face_areas)} faces)"


def voronoi_cells(configuration: Configuration, radical: bool = True) -> VoronoiCells:
    r"""Volume, surface and neighbours of each particle's cell in the radical Voronoi tessellation.

    The cell of i is where its power distance is the least: all points **x** with

    .. math:: |\mathbf x - \mathbf r_i|^2 - (d_i / 2)^2 \le |\mathbf x - \mathbf r_j|^2 - (d_j / 2)^2

    for all other particles and images j. No plane between two cells cuts a sphere, as long as spheres do not overlap;
    between equal spheres it lies halfway. The radical tessellation is also called power diagram, or Laguerre's.

    Parameters
    ----------
    configuration : Configuration
        In a box that is periodic along all axes, orthorhombic or triclinic, and of any size.
    radical : bool
        If not, all particles count as equal: the ordinary Voronoi tessellation, which needs no diameters.

    Returns
    -------
    VoronoiCells
        Lengths in the unit of the positions. Time and memory are linear in N: a quarter of a millisecond and, while it
        runs, 30 kB a particle.

    Raises
    ------
    InputError
        If pyvoro2, which does the geometry, is not installed (``pip install "vitreous[voronoi]"``); if diameters are
        missing; if an axis is not periodic, so that cells at the surface have no end; if two particles coincide.

    References
    ----------
    Gellatly, Finney, J. Non-Cryst. Solids 50, 313 (1982), doi:10.1016/0022-3093(82)90093-X; computed by Voro++:
    Rycroft, Chaos 19, 041111 (2009), doi:10.1063/1.3215722.
    """
    box = configuration.box
    if not all(box.periodic):
        raise InputError(
            f"box: Voronoi cells at an open surface have no end; the box must be periodic along x, y and z, "
            f"but periodic is {box.periodic}"
        )
    if not radical:
        weights = np.zeros(len(configuration))
    elif configuration.diameters is None:
        raise InputError(
            "diameters: the radical Voronoi tessellation needs them; give diameters, or take radical=False"
        )
    else:
        weights = (0.5 * configuration.diameters) ** 2
    # The library has absolute tolerances, so it gets lengths in units of the mean spacing.
    unit = float(np.cbrt(box.volume / len(configuration)))
    lattice = _reduced(box.vectors) / unit
    cells = _tessellate(configuration.positions / unit, weights / unit**2, lattice)
    volume = np.array([cell["volume"] for cell in cells])
    if not abs(volume.sum() / len(cells) - 1.0) < _TOLERANCE:
        raise InputError(
            f"diameters: Voronoi cells fill {volume.sum() / len(cells):.12g} of the box, not all of it; are the "
            f"diameters, up to {2.0 * weights.max() ** 0.5:.6g}, in the length unit of the positions?"
        )
    return _measured(cells, volume, lattice, unit)


def _tessellate(
    positions: NDArray[np.float64], weights: NDArray[np.float64], lattice: NDArray[np.float64]
) -> Sequence[Mapping[str, Any]]:
    """The cells in the order of the particles, as the library gives them."""
    try:
        import pyvoro2
    except ImportError:
        raise InputError(
            'Voronoi cells need the package pyvoro2, which is not installed: pip install "vitreous[voronoi]"'
        ) from None
    try:
        cells = pyvoro2.compute(
            positions,
            domain=pyvoro2.PeriodicCell(tuple(map(tuple, lattice.tolist()))),
            mode="power",
            weights=weights,
            output="cells",
            include_empty=True,
            return_adjacency=False,
        )
    except pyvoro2.DuplicateError as error:
        i, j = error.pairs[0].i, error.pairs[0].j
        raise InputError(
            f"positions: particles {i} and {j} are at the same place, so nothing parts their cells; remove "
            f"duplicates or correct the box"
        ) from None
    return sorted(cells, key=lambda cell: int(cell["id"]))


def _measured(
    cells: Sequence[Mapping[str, Any]], volume: NDArray[np.float64], lattice: NDArray[np.float64], unit: float
) -> VoronoiCells:
    """Areas of the faces, and what lies behind them."""
    faces = [face for cell in cells for face in cell.get("faces", ())]
    counts = np.array([len(cell.get("faces", ())) for cell in cells])
    owner = np.repeat(np.arange(len(cells)), counts)
    sites = np.array([cell["site"] for cell in cells])
    # Corners of all faces in one row, seen from the particle of the cell.
    sizes = np.array([len(face["vertices"]) for face in faces])
    base = np.concatenate([[0], np.cumsum([len(cell.get("vertices", ())) for cell in cells])])[owner]
    which = np.fromiter(chain.from_iterable(face["vertices"] for face in faces), np.int64, sizes.sum())
    vertices = np.concatenate([np.reshape(cell.get("vertices", ()), (-1, 3)) for cell in cells])
    corners = vertices[which + np.repeat(base, sizes)] - sites[np.repeat(owner, sizes)]
    first = np.cumsum(sizes) - sizes
    following = np.arange(len(which)) + 1
    following[first + sizes - 1] = first
    doubled = np.add.reduceat(np.cross(corners, corners[following]), first)
    face_areas = 0.5 * np.linalg.norm(doubled, axis=1) * unit**2
    middles = np.add.reduceat(corners, first) / sizes[:, None]

    behind = np.array([face["adjacent_cell"] for face in faces])
    bonds = np.concatenate(
        [
            _nearest_images(sites[behind[part]] - sites[owner[part]], middles[part], lattice)
            for part in np.array_split(np.arange(len(faces)), len(faces) // _FACES_AT_ONCE + 1)
        ]
    )
    neighbors = NeighborList(
        np.concatenate([[0], np.cumsum(counts)]),
        behind,
        bonds * unit,
        np.linalg.norm(bonds, axis=1) * unit,
        np.empty(0, np.int64),
    )
    area = np.asarray(np.bincount(owner, face_areas, len(cells)), np.float64)
    return VoronoiCells(volume * unit**3, area, neighbors, face_areas)


def _nearest_images(
    bonds: NDArray[np.float64], middles: NDArray[np.float64], lattice: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The image of each bond (M, 3) whose end is nearest to the middle of the face, but not zero.

    On the face between i and an image of j, that image is nearer than all others.
    """
    images = np.array(list(product((-1, 0, 1), repeat=3)))
    whole = np.rint((middles - bonds) @ np.linalg.inv(lattice))
    candidates = bonds[:, None] + (whole[:, None] + images) @ lattice
    distances = ((candidates - middles[:, None]) ** 2).sum(axis=2)
    distances[(candidates**2).sum(axis=2) < 1e-10] = np.inf
    best = distances.argmin(axis=1)
    return np.asarray(candidates[np.arange(len(bonds)), best])


def _reduced(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges (3, 3), right-handed, of a less oblique cell of the same lattice."""
    edges = np.array(vectors)
    steps = True
    while steps:
        steps = False
        for a, b in permutations(range(3), 2):
            times = np.rint(edges[a] @ edges[b] / (edges[b] @ edges[b]))
            edges[a] -= times * edges[b]
            steps = steps or times != 0.0
    return edges if np.linalg.det(edges) > 0 else edges[[1, 0, 2]]
