"""`Universe` and `AtomGroup` of MDAnalysis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.convert.gate import configuration_of
from vitreous.errors import InputError
from vitreous.io.cell import complete_cell
from vitreous.io.frame import Frame

if TYPE_CHECKING:
    from vitreous.io.keywords import SaidOfObject

__all__ = ["from_mdanalysis"]

_LABELS = ("types", "names", "elements")


def from_mdanalysis(
    atoms: Any, *, images: ArrayLike | None = None, **says: Unpack[SaidOfObject]
) -> Configuration:
    """A snapshot from the current frame of an MDAnalysis `Universe`, or of a group of its atoms.

    Positions are in MDAnalysis's length unit (Å, where it knows the unit of the file) and in its single precision.
    Labels are the `types`, else the `names`, else the `elements`; ``species="names"`` asks for others. Radii are left
    aside, since files mean different things by them.

    Parameters
    ----------
    atoms : MDAnalysis.Universe or AtomGroup
        N atoms. A frame without dimensions, or of edges that are zero, is open along these.
    images : (N, 3) array_like of int, optional
        Periodic images, which MDAnalysis does not keep.
    **says
        `box`, `periodic`, `unwrapped`, `species` and `diameters` in place of what the atoms say, as in `vitreous.read`.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        If this is neither, or its positions and dimensions do not pass the gate of `Configuration`.
    """
    try:
        group = atoms.atoms
        frame = group.universe.trajectory.ts
        positions = np.array(group.positions, dtype=np.float64)
        dimensions = frame.dimensions
        edges = (
            np.zeros((3, 3)) if dimensions is None else edge_vectors(np.array(dimensions, dtype=np.float64))
        )
    except (AttributeError, TypeError, ValueError):
        raise InputError(
            f"from_mdanalysis: expected a Universe or an AtomGroup with coordinates, got {type(atoms).__name__}"
        ) from None
    wanted = says.get("species")
    if isinstance(wanted, str):
        says = {**says, "species": None}
        labels = _attribute(group, wanted)
        if labels is None:
            raise InputError(f"species: the atoms have no {wanted!r}; usual are {', '.join(_LABELS)}")
    else:
        found = (_attribute(group, name) for name in _LABELS)
        labels = next((some for some in found if some is not None), None)
    periodic = tuple(bool(edge.any()) for edge in edges)
    box = complete_cell(edges, periodic, None, positions) if len(positions) else None  # type: ignore[arg-type]
    file = getattr(group.universe.trajectory, "filename", None)
    step = frame.data.get("step")
    return configuration_of(
        Frame(
            positions,
            box,
            periodic,  # type: ignore[arg-type]
            labels,
            images=None if images is None else np.asarray(images),
            time=float(frame.time),
            step=None if step is None else int(step),
        ),
        os.fspath(file) if isinstance(file, str | os.PathLike) else "MDAnalysis atoms",
        says,
    )


def edge_vectors(dimensions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3) edges as rows, a along x and b in the plane of x and y, from three lengths and three angles in degrees."""
    lengths, angles = dimensions[:3], dimensions[3:]
    # Right angles have a cosine of zero, not of 6e-17.
    alpha, beta, gamma = np.where(angles == 90.0, 0.0, np.cos(np.radians(angles)))
    sine = np.sqrt(1.0 - gamma**2)
    y = (alpha - beta * gamma) / sine if sine else 0.0
    unit = np.array([[1, 0, 0], [gamma, sine, 0], [beta, y, np.sqrt(max(0.0, 1.0 - beta**2 - y**2))]])
    return np.asarray(lengths[:, None] * unit)


def _attribute(group: Any, name: str) -> NDArray[Any] | None:
    """Labels of that name, integers where all are integers; None if the topology has none."""
    try:
        values = np.array(getattr(group, name))
    except (AttributeError, ValueError):  # MDAnalysis's NoDataError is both
        return None
    if values.shape != (len(group),):
        return None
    texts = values.astype(str)
    whole = all(text.isascii() and text.isdigit() and str(int(text)) == text for text in set(texts.tolist()))
    return texts.astype(np.int64) if whole else texts
