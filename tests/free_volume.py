"""One sphere among others that do not move: where its centre can go, on a fine grid, and the moments of that region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

_EXTENT = 0.6  # from the start, along each axis
_COARSE = 61  # points along each axis of the grid on which its extent is found
_NARROW = 0.003  # of the distance of contact: what opens or closes by so little is a neck


@dataclass(frozen=True)
class FreeVolume:
    """Where a centre can go: mean (3,), variance ⟨|x - mean|²⟩, fourth moment ⟨|x - mean|⁴⟩, covariance (3, 3).

    `clear` tells that there is no neck, which a sphere would pass rarely and the grid may not see.
    """

    mean: np.ndarray
    covariance: np.ndarray
    fourth: float
    clear: bool

    @property
    def variance(self):
        return float(np.trace(self.covariance))


def free_volume(others, contact, points=101):
    """Of a sphere whose centre is at 0 now; others (m, 3) are the centres around, contact (m,) the distances kept.

    None if it is not closed. The grid has so many points along each axis.
    """
    near = np.linalg.norm(others, axis=1) < contact + 2.0 * _EXTENT
    others, contact = others[near], contact[near]
    axis = np.linspace(-_EXTENT, _EXTENT, _COARSE)
    step = axis[1] - axis[0]
    # With contact nearer by a step, so that no corner falls between the points of the coarse grid.
    inside = _component([axis] * 3, _nearest([axis] * 3, others, contact - step) > 1.0)
    if any(face.any() for k in range(3) for face in np.moveaxis(inside, k, 0)[[0, -1]]):
        return None  # it is open
    places = [np.flatnonzero(inside.any(axis=tuple({0, 1, 2} - {k}))) for k in range(3)]
    axes = [np.linspace(axis[p[0]] - step, axis[p[-1]] + step, points) for p in places]
    nearest = _nearest(axes, others, contact)
    wide, inside = (_component(axes, nearest > limit) for limit in (1.0 - _NARROW, 1.0))
    rooms, _ = ndimage.label((nearest > 1.0 + _NARROW) & inside)
    sizes = np.bincount(rooms.ravel())[1:]
    if not inside.any():
        return None  # so small that the grid does not see it
    clear = wide.sum() < 2.0 * inside.sum() and len(sizes) > 0 and sizes.max() > 0.98 * sizes.sum()
    x = np.stack([axes[k][places] for k, places in enumerate(np.nonzero(inside))], axis=1)
    mean = x.mean(axis=0)
    centered = x - mean
    return FreeVolume(
        mean, centered.T @ centered / len(x), float(((centered**2).sum(axis=1) ** 2).mean()), bool(clear)
    )


def _nearest(axes, others, contact):
    """At each point the distance of the nearest other, in distances of contact."""
    x, y, z = np.meshgrid(*axes, indexing="ij", sparse=True)
    square = np.full(tuple(len(axis) for axis in axes), np.inf)
    for (a, b, c), d in zip(others, contact, strict=True):
        np.minimum(square, ((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2) / d**2, out=square)
    return np.sqrt(square)


def _component(axes, free):
    """Free points that are connected with the one next to 0."""
    rooms, _ = ndimage.label(free)
    start = tuple(int(np.abs(axis).argmin()) for axis in axes)
    return (rooms == rooms[start]) & free[start]
