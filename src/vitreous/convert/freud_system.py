"""Box and points as freud takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.convert.gate import configuration_of, three_flags
from vitreous.errors import InputError
from vitreous.io.frame import Frame

if TYPE_CHECKING:
    from vitreous.io.keywords import SaidOfParticles

__all__ = ["from_freud"]


def from_freud(
    box: Any,
    points: ArrayLike | None = None,
    *,
    images: ArrayLike | None = None,
    **says: Unpack[SaidOfParticles],
) -> Configuration:
    """A snapshot from a box and points of freud.

    Parameters
    ----------
    box : freud.box.Box, or a system
        The box, centred at the origin; or, without `points`, what freud's computes take: a pair (box, points), or an
        object with `box` and `points` such as `freud.locality.AABBQuery`.
    points : (N, 3) array_like, optional
    images : (N, 3) array_like of int, optional
        Periodic images.
    **says
        `periodic`, `unwrapped`, `species` (a mapping from ``"A"``, or labels of shape (N,)) and `diameters`.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        If this is no system of freud, is two-dimensional, or does not pass the gate of `Configuration`.
    """
    if points is None:
        try:
            box, points = box if isinstance(box, tuple | list) else (box.box, box.points)
        except (AttributeError, TypeError, ValueError):
            raise InputError(
                f"from_freud: expected a box and points, or a system that has both, got {type(box).__name__}"
            ) from None
    try:
        lengths = [float(box.Lx), float(box.Ly), float(box.Lz)]
        tilts = [float(box.xy), float(box.xz), float(box.yz)]
        periodic, flat = three_flags(box.periodic), bool(box.is2D)
    except (AttributeError, TypeError, ValueError):
        raise InputError(f"from_freud: expected a freud.box.Box, got {type(box).__name__}") from None
    if flat:
        raise InputError("from_freud: the box is two-dimensional; vitreous needs three dimensions")
    lx, ly, lz = lengths
    xy, xz, yz = tilts
    vectors = np.array([[lx, 0.0, 0.0], [xy * ly, ly, 0.0], [xz * lz, yz * lz, lz]])
    labels: Any = says.get("species")
    if labels is not None and np.ndim(labels) == 1:
        says = {**says, "species": None}
    else:
        labels = None
    try:
        positions = np.array(points, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("from_freud: points must be an array of numbers") from None
    return configuration_of(
        Frame(
            positions,
            Box(vectors, periodic, -vectors.sum(axis=0) / 2),
            species=None if labels is None else np.array(labels),
            images=None if images is None else np.asarray(images),
        ),
        "freud system",
        says,
    )
