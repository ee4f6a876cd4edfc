"""Whether a distance is one that a box of this size can be asked for."""

from __future__ import annotations

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import InputError

__all__ = ["check_reach"]

_MOST_IMAGES, _MOST_PARTICLES = 1e3, 1e6


def check_reach(configuration: Configuration, radius: float, name: str) -> None:
    """Refuse a radius that takes in thousands of periodic images, as one in another length unit does.

    Parameters
    ----------
    configuration : Configuration
    radius : float
        In the length unit of the positions.
    name : str
        The parameter that the message is to begin with.

    Raises
    ------
    InputError
        If a sphere of `radius` holds more than 1,000 images of the box with, together, more than a million particles.
    """
    box = configuration.box
    across = np.where(box.periodic, np.maximum(2.0 * radius / box.heights, 1.0), 1.0)
    images = float(across.prod())
    if images > _MOST_IMAGES and images * len(configuration) > _MOST_PARTICLES:
        raise InputError(
            f"{name}: neighbours up to {radius:.6g} would be looked for in about {images:.2g} periodic images of the "
            f"box, whose smallest height is {box.heights.min():.6g}; are the length units the same?"
        )
