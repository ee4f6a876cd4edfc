"""The chunks of one frame of a GSD file, and what of them stands for the step and the diameters."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError

__all__ = ["Chunks", "diameters_of", "step_of"]


class Chunks:
    """The chunks of one frame; as the schema says, frame 0 provides what the frame itself lacks."""

    def __init__(self, file: Any, frame: int, name: str) -> None:
        self.file, self.frame, self._name = file, frame, name

    def own(self, chunk: str) -> NDArray[Any] | None:
        """A chunk of this very frame, or None."""
        return self._read(self.frame, chunk)

    def get(self, chunk: str) -> NDArray[Any] | None:
        """A chunk of this frame, else of frame 0, or None."""
        values = self._read(self.frame, chunk)
        return self._read(0, chunk) if values is None else values

    def per_particle(self, chunk: str, n: int, *shape: int) -> NDArray[Any] | None:
        """A chunk with a row for each of n particles; one of frame 0 counts only if it fits."""
        values = self.own(chunk)
        if values is None:
            values = self._read(0, chunk)
            if values is None or len(values) != n:
                return None
        if len(values) != n or (shape and values.shape != (n, *shape)):
            raise FileError(
                f"{self._name}: chunk {chunk} has shape {values.shape} for {n} particles; it is damaged"
            )
        return values

    def names(self, prefix: str) -> list[str]:
        """Names, without the prefix, of all chunks of the file that begin with it."""
        return [name.removeprefix(prefix) for name in self.file.find_matching_chunk_names(prefix)]

    def _read(self, frame: int, chunk: str) -> NDArray[Any] | None:
        if not self.file.chunk_exists(frame=frame, name=chunk):
            return None
        values = self.file.read_chunk(frame=frame, name=chunk)
        return np.frombuffer(values.encode(), np.uint8) if isinstance(values, str) else np.asarray(values)


def step_of(chunks: Chunks) -> int | None:
    """The step of the frame; None where no frame of a trajectory has one, as others than HOOMD write them."""
    step = chunks.get("configuration/step")
    if step is not None and step.size == 1:
        return int(step[0])
    return None if chunks.file.nframes > 1 and "" not in chunks.names("configuration/step") else 0


def diameters_of(chunks: Chunks, n: int, typeid: NDArray[Any]) -> NDArray[Any] | None:
    """Diameters of the particles, else those of the shapes of their types, where all of these are spheres."""
    known = chunks.per_particle("particles/diameter", n)
    shapes = chunks.get("particles/type_shapes")
    if known is not None or shapes is None or shapes.ndim != 2:
        return known
    sizes = np.full(max(len(shapes), int(typeid.max()) + 1), np.nan)
    for k, row in enumerate(shapes):
        sizes[k] = _sphere(bytes(row.astype(np.uint8)).split(b"\0")[0])
    found = sizes[typeid]
    return found if (np.isfinite(found) & (found > 0)).all() else None


def _sphere(text: bytes) -> float:
    """Diameter of the sphere that the JSON text describes; NaN if it is another shape."""
    try:
        shape = json.loads(text)
        if shape["type"] == "Sphere":
            return float(shape["diameter"])
        if shape["type"] == "Ellipsoid" and shape["a"] == shape["b"] == shape["c"]:
            return 2.0 * float(shape["a"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    return math.nan
