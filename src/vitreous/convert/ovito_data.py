"""`DataCollection` of OVITO."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.convert.gate import configuration_of, three_flags
from vitreous.errors import InputError
from vitreous.io.ase_file import columns_of
from vitreous.io.cell import complete_cell
from vitreous.io.frame import Frame

if TYPE_CHECKING:
    from vitreous.io.keywords import SaidOfObject

__all__ = ["from_ovito"]

_POSITION, _TYPE, _IMAGE, _RADIUS = "Position", "Particle Type", "Periodic Image", "Radius"
_LEAVE = frozenset({_POSITION, _TYPE, _IMAGE, _RADIUS, "Color", "Transparency", "Selection"})


def from_ovito(data: Any, **says: Unpack[SaidOfObject]) -> Configuration:
    """A snapshot from what a pipeline of OVITO computes.

    Parameters
    ----------
    data : ovito.data.DataCollection or ovito.pipeline.Pipeline
        N particles in a cell; a pipeline is computed at its first frame. Species are the names of the particle types
        where all have one, else their numbers. The property ``Radius`` gives the diameters where all are above zero,
        ``Periodic Image`` the images. Other properties become columns, the attributes ``Timestep`` and ``Time`` step
        and time.
    **says
        `box`, `periodic`, `unwrapped`, `species` and `diameters` in place of what the data say, as in `vitreous.read`.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        If there are no particles, the cell is two-dimensional, or they do not pass the gate of `Configuration`.
    """
    if not hasattr(data, "particles") and hasattr(data, "compute"):
        data = data.compute()
    try:
        particles, cell, attributes = data.particles, data.cell, dict(data.attributes)
        properties = {} if particles is None else {name: particles[name] for name in particles.keys()}  # noqa: SIM118
    except (AttributeError, TypeError):
        raise InputError(
            f"from_ovito: expected a DataCollection of OVITO, got {type(data).__name__}"
        ) from None
    if _POSITION not in properties:
        raise InputError("from_ovito: there are no particles in the data")
    positions = np.array(properties[_POSITION], dtype=np.float64)
    box, periodic = None, (False, False, False)
    if cell is not None:
        if cell.is2D:
            raise InputError("from_ovito: the cell is two-dimensional; vitreous needs three dimensions")
        matrix = np.array(cell[...] if hasattr(cell, "__getitem__") else cell, dtype=np.float64)
        periodic = three_flags(cell.pbc)
        box = complete_cell(matrix[:, :3].T.copy(), periodic, matrix[:, 3].copy(), positions)
    radii = properties.get(_RADIUS)
    radii = None if radii is None else np.array(radii, dtype=np.float64)
    images = properties.get(_IMAGE)
    source = attributes.get("SourceFile")
    step, time = attributes.get("Timestep"), attributes.get("Time")
    return configuration_of(
        Frame(
            positions,
            box,
            periodic,
            _labels(properties.get(_TYPE)),
            None if radii is None or not (radii > 0).all() else 2 * radii,
            None if images is None else np.array(images, dtype=np.int64),
            time=float(time) if isinstance(time, int | float) else None,
            step=int(step) if isinstance(step, int | float) else None,
            columns=columns_of(properties, len(positions), _LEAVE),
        ),
        os.path.basename(source) if isinstance(source, str) and source else "OVITO data",
        says,
    )


def _labels(types: Any) -> NDArray[Any] | None:
    """Names of the particle types that there are, or numbers if one has no name of its own; None without types."""
    if types is None:
        return None
    numbers = np.array(types, dtype=np.int64)
    names = {int(one.id): str(one.name) for one in types.types}
    present, index = np.unique(numbers, return_inverse=True)
    called = [names.get(number, "") for number in present.tolist()]
    if not all(called) or len(set(called)) < len(called):
        return numbers
    return np.array(called)[index.reshape(-1)]
