"""Where the picture is taken from: a turntable camera with z up, in parallel or mild perspective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError

__all__ = ["Camera"]


@dataclass(frozen=True)
class Camera:
    """A view of the whole scene; the interactive page opens with the same one.

    Camera coordinates are (u, v, w): u to the right, v up, w towards the eye, with the origin at the
    centre of the scene. A point is seen at (u, v) / (1 - g w) on the plane w = 0, where g is one over the
    distance of the eye, and 0 in parallel projection.

    Parameters
    ----------
    azimuth : float
        Degrees by which the eye is turned about z; at 0 it looks along +y, with x to the right.
    elevation : float
        Degrees by which the eye is raised above the xy plane, -90 to 90.
    distance : float or None
        Distance of the eye from the centre in units of the radius of the scene, at least 1.5. None is
        parallel projection, in which sizes can be measured.

    Raises
    ------
    InputError
        If a number is out of its range.
    """

    azimuth: float = 28.0
    elevation: float = 20.0
    distance: float | None = 6.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.azimuth):
            raise InputError(f"camera: azimuth must be a finite number, got {self.azimuth}")
        if not -90 <= self.elevation <= 90:
            raise InputError(f"camera: elevation must be from -90 to 90 degrees, got {self.elevation}")
        if self.distance is not None and not 1.5 <= self.distance < np.inf:
            raise InputError(f"camera: distance must be at least 1.5 scene radii, got {self.distance}")

    @property
    def axes(self) -> NDArray[np.float64]:
        """(3, 3) rotation whose rows are the directions of u, v and w in the frame of the positions."""
        a, e = np.radians(self.azimuth), np.radians(self.elevation)
        return np.array(
            [
                [np.cos(a), np.sin(a), 0.0],
                [-np.sin(e) * np.sin(a), np.sin(e) * np.cos(a), np.cos(e)],
                [np.cos(e) * np.sin(a), -np.cos(e) * np.cos(a), np.sin(e)],
            ]
        )

    def inverse_distance(self, scene_radius: float) -> float:
        """G, one over the distance of the eye, for a scene of that radius; 0 in parallel projection."""
        return 0.0 if self.distance is None else 1.0 / (self.distance * scene_radius)
