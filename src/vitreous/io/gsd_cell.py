"""The cell as the GSD schema wants it: restricted triclinic, centred at zero, particles inside, float32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.errors import InputError

__all__ = ["StandardForm", "box_of", "standard_form"]

_PADDING = 1e-5  # of the extent, added where particles leave a non-periodic box
_INSIDE = 0.5 - 1e-6  # particles that rounding to float32 pushes out of the cell are put here
_TOLERANCE = 2e-5  # of the largest edge


@dataclass(frozen=True)
class StandardForm:
    """A configuration as standard GSD chunks hold it.

    Attributes
    ----------
    box : (6,) float32 array
        Lx, Ly, Lz, xy, xz, yz, with dimensionless tilt factors.
    positions : (N, 3) float32 array
        Inside the cell centred at zero.
    images : (N, 3) int64 array
        Periodic images, those of the configuration included.
    """

    box: NDArray[np.float32]
    positions: NDArray[np.float32]
    images: NDArray[np.int64]

    def agrees_with(self, other: StandardForm) -> bool:
        """Whether both say the same but for rounding, whatever side of a boundary a particle is on."""
        if self.positions.shape != other.positions.shape or not np.allclose(self.box, other.box, rtol=1e-5):
            return False
        vectors = box_of(self.box).vectors
        allowed = _TOLERANCE * np.abs(vectors).max()
        apart = (self.positions.astype(np.float64) - other.positions) + (self.images - other.images) @ vectors
        return bool((np.abs(apart) <= allowed).all())


def box_of(numbers: NDArray[np.float32], periodic: tuple[bool, bool, bool] = (True, True, True)) -> Box:
    """The box centred at zero that the six numbers of GSD describe."""
    lx, ly, lz, xy, xz, yz = (float(number) for number in numbers)
    vectors = np.array([[lx, 0.0, 0.0], [xy * ly, ly, 0.0], [xz * lz, yz * lz, lz]])
    return Box(vectors, periodic, -0.5 * vectors.sum(axis=0))


def standard_form(positions: NDArray[np.float64], box: Box, images: NDArray[np.int64] | None) -> StandardForm:
    """Rotate, shift, wrap and round what a configuration holds.

    A left-handed cell is described by the opposite third edge; a non-periodic one that particles leave is
    made larger.

    Raises
    ------
    InputError
        If the box or the images are out of the range of GSD's number types.
    """
    vectors, origin, flipped = _cell_around(positions, box)
    cell, rotation = _restricted(vectors)
    lx, ly, lz = np.diag(cell)
    numbers = np.array([lx, ly, lz, cell[1, 0] / ly, cell[2, 0] / lz, cell[2, 1] / lz], dtype=np.float32)
    rounded = box_of(numbers).vectors
    periodic = np.array(box.periodic)

    centred = (positions - origin - 0.5 * vectors.sum(axis=0)) @ rotation
    wraps = np.floor(centred @ np.linalg.inv(cell) + 0.5) * periodic
    single = (centred - wraps @ cell).astype(np.float32)
    total = wraps if images is None else wraps + images * np.array([1, 1, -1 if flipped else 1])
    if not (np.abs(total) < 2**31).all():
        raise InputError("the particles are more periodic images away than GSD can count")

    fractional = single @ np.linalg.inv(rounded)
    outside = (periodic & ~(np.abs(fractional) < _INSIDE)).any(axis=1)
    inside = np.where(periodic, np.clip(fractional[outside], -_INSIDE, _INSIDE), fractional[outside])
    single[outside] = inside @ rounded
    return StandardForm(numbers, single, total.astype(np.int64))


def _cell_around(
    positions: NDArray[np.float64], box: Box
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Right-handed edges and corner of a cell that holds the particles along open axes; whether flipped."""
    fractional = box.fractional(positions)
    low = np.minimum(fractional.min(axis=0), 0.0)
    high = np.maximum(fractional.max(axis=0), 1.0)
    margin = _PADDING * (high - low) * ((low < 0) | (high > 1))
    open_axis = ~np.array(box.periodic)
    low = np.where(open_axis, low - margin, 0.0)
    high = np.where(open_axis, high + margin, 1.0)
    vectors = box.vectors * (high - low)[:, None]
    origin = box.origin + low @ box.vectors
    flipped = bool(np.linalg.det(vectors / np.linalg.norm(vectors, axis=1)[:, None]) < 0)
    if flipped:
        origin = origin + vectors[2]
        vectors = vectors * np.array([[1.0], [1.0], [-1.0]])
    return vectors, origin, flipped


def _restricted(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower triangular cell with positive diagonal, and the rotation: cell = vectors @ rotation."""
    if (np.triu(vectors, 1) == 0).all() and (np.diag(vectors) > 0).all():
        return vectors, np.eye(3)
    orthogonal, upper = np.linalg.qr(vectors.T)
    rotation = orthogonal * np.where(np.diag(upper) < 0, -1.0, 1.0)
    return np.tril(vectors @ rotation), rotation
