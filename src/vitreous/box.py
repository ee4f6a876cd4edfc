"""The simulation cell: three edge vectors, an origin, and periodicity per axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.errors import InputError

__all__ = ["Box"]

_AXES = "xyz"


@dataclass(frozen=True, eq=False)
class Box:
    """A parallelepiped, orthorhombic or triclinic, periodic along any of its three edges.

    Parameters
    ----------
    vectors : (3, 3) array
        Edge vectors a, b, c as rows, in the length unit of the positions. Any orientation and handedness.
    periodic : (3,) sequence of bool
        Whether the system repeats along a, b, c.
    origin : (3,) array
        The corner from which the edges start.

    Raises
    ------
    InputError
        If a number is not finite, an edge is zero (a two-dimensional box) or the volume vanishes.
    """

    vectors: NDArray[np.float64]
    periodic: tuple[bool, bool, bool] = (True, True, True)
    origin: NDArray[np.float64] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        try:
            vectors = np.array(self.vectors, dtype=np.float64)
            origin = np.zeros(3) if self.origin is None else np.array(self.origin, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError("box: vectors (3, 3) and origin (3,) must be numbers") from None
        if vectors.shape != (3, 3) or origin.shape != (3,):
            raise InputError(
                f"box: vectors must have shape (3, 3) and origin (3,); got {vectors.shape} and {origin.shape}"
            )
        if not (np.isfinite(vectors).all() and np.isfinite(origin).all()):
            raise InputError("box: edge vectors and origin must be finite numbers")
        lengths = np.abs(vectors).max(axis=1)  # the norm of edges beyond 1e154 would overflow
        if not (lengths > 0).all():
            axis = _AXES[int(np.flatnonzero(~(lengths > 0))[0])]
            raise InputError(
                f"box: the edge along {axis} is zero; two-dimensional and empty boxes are not supported, "
                f"give a three-dimensional cell"
            )
        volume = abs(np.linalg.det(vectors / lengths[:, None]))
        if not (np.isfinite(lengths).all() and volume > 1e-6):
            raise InputError("box: the edge vectors lie in one plane, so the cell has no volume")
        with np.errstate(over="ignore", under="ignore"):
            product = float(lengths.prod())
        if not 1e-280 < product < 1e280:
            raise InputError(f"box: edges {lengths.tolist()} are out of any sensible range")
        if isinstance(self.periodic, str) or np.shape(self.periodic) != (3,):
            raise InputError(f"box: periodic must be three flags, got {self.periodic!r}")
        flags = tuple(bool(flag) for flag in self.periodic)
        vectors.setflags(write=False)
        origin.setflags(write=False)
        object.__setattr__(self, "vectors", vectors)
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "periodic", flags)

    @classmethod
    def of(
        cls,
        box: Box | ArrayLike,
        periodic: Sequence[bool] | None = None,
        origin: ArrayLike | None = None,
    ) -> Box:
        """Make a box from what people write.

        Parameters
        ----------
        box : Box or array_like
            A `Box`; one edge length L; three edge lengths; six numbers (Lx, Ly, Lz, xy, xz, yz) with
            LAMMPS tilt factors *as lengths*; or three edge vectors as the rows of a (3, 3) array.
        periodic : three bool, optional
            Periodicity per axis; by default that of the given `Box`, else all true.
        origin : (3,) array, optional
            Corner of the cell; by default that of the given `Box`, else zero.

        Raises
        ------
        InputError
            If `box` is none of these.
        """
        if isinstance(box, Box):
            return cls(
                box.vectors,
                box.periodic if periodic is None else periodic,  # type: ignore[arg-type]
                box.origin if origin is None else origin,  # type: ignore[arg-type]
            )
        try:
            numbers = np.array(box, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"box: cannot read {box!r} as lengths or edge vectors") from None
        if numbers.shape in ((), (1,)):
            vectors = np.diag(np.repeat(numbers.ravel(), 3))
        elif numbers.shape == (3,):
            vectors = np.diag(numbers)
        elif numbers.shape == (6,):
            lx, ly, lz, xy, xz, yz = numbers
            vectors = np.array([[lx, 0.0, 0.0], [xy, ly, 0.0], [xz, yz, lz]])
        elif numbers.shape == (3, 3):
            vectors = numbers
        else:
            raise InputError(
                f"box: expected 1, 3 or 6 numbers or a (3, 3) array of edge vectors, got shape "
                f"{numbers.shape}"
            )
        if numbers.ndim < 2 and (np.diag(vectors) < 0).any():
            raise InputError(f"box: edge lengths must be positive, got {np.diag(vectors).tolist()}")
        flags = (True, True, True) if periodic is None else periodic
        return cls(vectors, flags, origin)  # type: ignore[arg-type]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """(3,) lengths of the edges a, b, c."""
        return np.asarray(np.linalg.norm(self.vectors, axis=1))

    @property
    def volume(self) -> float:
        """Volume of the cell."""
        return float(abs(np.linalg.det(self.vectors)))

    @property
    def heights(self) -> NDArray[np.float64]:
        """(3,) distances between opposite faces; the edge lengths if the box is orthorhombic."""
        return np.asarray(1.0 / np.linalg.norm(np.linalg.inv(self.vectors), axis=0))

    @property
    def is_orthorhombic(self) -> bool:
        """Whether a, b, c lie along x, y, z."""
        return bool((self.vectors == np.diag(np.diag(self.vectors))).all())

    def fractional(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 3) coordinates in units of the edges, 0 to 1 inside the cell, of (N, 3) positions."""
        inverse = np.linalg.inv(self.vectors)
        if self.is_orthorhombic:  # the same numbers as the product of matrices, ten times as fast
            return np.asarray((positions - self.origin) * np.diag(inverse))
        return np.asarray((positions - self.origin) @ inverse)

    def wrap(self, positions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Bring positions into the cell along its periodic axes.

        Returns
        -------
        positions : (N, 3) array
            Inside the cell, to rounding, along periodic axes, unchanged along the others.
        images : (N, 3) int array
            The image each came from: original = wrapped + images @ vectors.
        """
        images = np.floor(self.fractional(positions)) * np.asarray(self.periodic)
        shifts = images * np.diag(self.vectors) if self.is_orthorhombic else images @ self.vectors
        return positions - shifts, images.astype(np.int64)

    def __repr__(self) -> str:
        shape = self.lengths if self.is_orthorhombic else self.vectors
        return f"Box({np.round(shape, 6).tolist()}, periodic={self.periodic}, origin={self.origin.tolist()})"
