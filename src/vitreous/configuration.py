"""One snapshot of particles, and the one gate through which every snapshot enters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.box import Box
from vitreous.errors import InputError

__all__ = ["Configuration"]

# Codes leave atoms a skin outside the cell between two rebuilds of their neighbour lists, and centred
# coordinates start at -L/2: wrapped coordinates may span this many cells, and no more.
_LARGEST_WRAPPED_SPAN = 1.25


Diameters: TypeAlias = "ArrayLike | Mapping[str, float] | Mapping[int, float]"
"""One for all particles, one for each, or one for each species by its label."""


@dataclass(frozen=True, eq=False)
class Configuration:
    """Particles in a box at one instant; immutable, checked once, here.

    Parameters
    ----------
    positions : (N, 3) array_like of float
        Cartesian positions. Stored as float64.
    box : Box or array_like
        The cell, in any form that `Box.of` takes: L, (Lx, Ly, Lz), (Lx, Ly, Lz, xy, xz, yz) or (3, 3) rows.
    species : (N,) array_like of int or str, optional
        A label per particle, kept as given. Without it all particles are of one species, ``"A"``.
    diameters : (N,) array_like, float or mapping, optional
        Particle diameters in the length unit of the positions: one per particle, one for all, or one per
        species label. None where they are not known.
    periodic : three bool, optional
        Periodicity per axis; by default that of `box`.
    unwrapped : bool
        Whether the positions follow particles through the periodic boundaries. Coordinates that are not
        declared unwrapped may not span more than 1.25 cells along a periodic axis.
    images : (N, 3) array_like of int, optional
        Periodic image of each particle: unwrapped position = position + images @ box.vectors.
    time : float, optional
        Physical time of the snapshot.
    step : int, optional
        Time step of the simulation that wrote it.
    columns : mapping of str to (N, ...) array_like, optional
        Any further numbers or labels per particle; they survive reading and writing.
    metadata : mapping of str to value, optional
        Anything a file said about the frame as a whole.
    source : str, optional
        Where the snapshot came from, for messages and provenance.

    Raises
    ------
    InputError
        Naming the first offending particle (counted from 0): wrong shapes, non-finite numbers, a box
        without volume, diameters that are not positive, wrapped coordinates that do not fit the box.
    """

    positions: NDArray[np.float64]
    box: Box
    species: NDArray[np.int64] | NDArray[np.str_] = None  # type: ignore[assignment]
    diameters: NDArray[np.float64] | None = None
    periodic: Sequence[bool] | None = None
    unwrapped: bool = False
    images: NDArray[np.int64] | None = None
    time: float | None = None
    step: int | None = None
    columns: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
    source: str | None = None

    species_names: tuple[str, ...] = field(init=False)
    species_index: NDArray[np.int64] = field(init=False)

    if TYPE_CHECKING:  # what the gate takes, which is more than what it keeps

        def __init__(
            self,
            positions: ArrayLike,
            box: Box | ArrayLike,
            species: ArrayLike | None = None,
            diameters: Diameters | None = None,
            periodic: Sequence[bool] | None = None,
            unwrapped: bool = False,
            images: ArrayLike | None = None,
            time: float | None = None,
            step: int | None = None,
            columns: Mapping[str, ArrayLike] = ...,
            metadata: Mapping[str, object] = ...,
            source: str | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        put = object.__setattr__
        positions = _numbers("positions", self.positions, np.float64)
        if positions.ndim == 2 and positions.shape[1] == 2:
            raise InputError("positions: two-dimensional data; vitreous needs x, y and z of every particle")
        if positions.ndim != 2 or positions.shape[1] != 3:
            raise InputError(f"positions: expected shape (N, 3), got {positions.shape}")
        n = len(positions)
        if n == 0:
            raise InputError("positions: there are no particles")
        _finite("positions", positions)
        box = Box.of(self.box, self.periodic)
        put(self, "positions", _frozen(positions))
        put(self, "box", box)
        put(self, "periodic", box.periodic)
        put(self, "unwrapped", bool(self.unwrapped))
        self._check_span()

        labels = _labels(self.species, n)
        unique, index = _sorted_labels(labels)
        put(self, "species", _frozen(labels))
        put(self, "species_names", tuple(str(name) for name in unique))
        put(self, "species_index", _frozen(index.reshape(n).astype(np.int64)))
        put(self, "diameters", _diameters(self.diameters, n, unique, self.species_index))

        if self.images is not None:
            if self.unwrapped:
                raise InputError(
                    "images: unwrapped positions already follow the particles; give image flags or declare "
                    "the positions unwrapped, not both"
                )
            given = np.asarray(self.images)
            images = _numbers("images", given, np.int64)
            if given.dtype.kind not in "iu" and not np.array_equal(images, given):
                raise InputError("images: must be whole numbers")
            if images.shape != (n, 3):
                raise InputError(f"images: expected shape ({n}, 3), got {images.shape}")
            put(self, "images", _frozen(images))
        put(self, "columns", _columns(self.columns, n))
        put(self, "metadata", MappingProxyType(dict(self.metadata)))
        for name, kind in (("time", float), ("step", int)):
            value = getattr(self, name)
            if value is not None:
                try:
                    put(self, name, kind(value))
                except (TypeError, ValueError, OverflowError):
                    raise InputError(f"{name}: expected a number, got {value!r}") from None

    def _check_span(self) -> None:
        if self.unwrapped:
            return
        with np.errstate(all="ignore"):
            fractional = self.box.fractional(self.positions)
            span = np.nan_to_num(fractional.max(axis=0) - fractional.min(axis=0), nan=np.inf)
        for axis in range(3):
            if self.box.periodic[axis] and span[axis] > _LARGEST_WRAPPED_SPAN:
                center = np.median(fractional[:, axis])
                worst = int(np.argmax(np.abs(fractional[:, axis] - center)))
                raise InputError(
                    f"positions: particle {worst} lies outside the box: along {'xyz'[axis]} the particles "
                    f"span {span[axis]:.3g} periodic box lengths; correct the box, or declare the "
                    f"coordinates unwrapped"
                )

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def n_particles(self) -> int:
        """Number of particles N."""
        return len(self.positions)

    @property
    def number_density(self) -> float:
        """Particles per volume of the box; along non-periodic axes the extent of the particles counts."""
        fractional = self.box.fractional(self.positions)
        span = fractional.max(axis=0) - fractional.min(axis=0)
        share = np.where(self.box.periodic, 1.0, np.maximum(span, 1e-12))
        return float(len(self) / (self.box.volume * share.prod()))

    @property
    def unwrapped_positions(self) -> NDArray[np.float64]:
        """(N, 3) positions followed through the boundaries.

        Raises
        ------
        InputError
            If the configuration knows neither images nor unwrapped coordinates and a periodic axis exists.
        """
        if self.images is not None:
            return np.asarray(self.positions + self.images @ self.box.vectors)
        if self.unwrapped or not any(self.box.periodic):
            return self.positions
        raise InputError(
            "positions are wrapped into the periodic box and carry no image flags, so displacements are "
            "ambiguous; write unwrapped coordinates (LAMMPS: xu yu zu) or images (ix iy iz)"
        )

    def with_columns(self, **columns: ArrayLike) -> Configuration:
        """A copy with per-particle columns added or replaced, each (N,) or (N, k)."""
        # What was checked once is shared: to check it again takes seconds where particles are millions.
        copy = object.__new__(Configuration)
        vars(copy).update(vars(self))
        added = _columns(columns, len(self))
        object.__setattr__(copy, "columns", MappingProxyType({**self.columns, **added}))
        return copy

    def with_diameters(self, diameters: Diameters) -> Configuration:
        """A copy with diameters set: (N,) array, one number, or a mapping from species label."""
        return self._replace(diameters=diameters)

    def _replace(self, **changes: Any) -> Configuration:
        return replace(self, **changes)

    def __repr__(self) -> str:
        species = ", ".join(
            f"{name}: {count}"
            for name, count in zip(self.species_names, np.bincount(self.species_index), strict=True)
        )
        return f"Configuration(N={len(self)}, species {{{species}}}, {self.box!r})"


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def _numbers(name: str, values: Any, dtype: Any) -> NDArray[Any]:
    try:
        with np.errstate(invalid="ignore"):
            array = np.array(values, dtype=dtype, order="C")
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name}: must be an array of numbers") from None
    return array


def _finite(name: str, array: NDArray[np.float64]) -> None:
    if not np.isfinite(array).all():
        rows = ~np.isfinite(array.reshape(len(array), -1)).all(axis=1)
        first = int(np.flatnonzero(rows)[0])
        raise InputError(
            f"{name}: {int(rows.sum())} of {len(array)} particles have NaN or infinite values, the first is "
            f"particle {first}: {array[first].tolist()}"
        )


def _labels(species: Any, n: int) -> NDArray[Any]:
    if species is None:
        return np.full(n, "A")
    labels = np.array(species)
    if labels.shape != (n,):
        raise InputError(f"species: expected one label for each of {n} particles, got shape {labels.shape}")
    if labels.dtype.kind in "iu" and not (labels.dtype.kind == "u" and (labels > 2**63 - 1).any()):
        return labels.astype(np.int64)
    if labels.dtype.kind == "U":
        return labels
    if labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels):
        return labels.astype(str)
    raise InputError(f"species: labels must be all integers or all strings, got {labels.dtype}")


def _sorted_labels(labels: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The different labels in their order, and which of them each particle has."""
    codes = labels.view(np.uint32) if labels.dtype == np.dtype("U1") else labels
    if codes.dtype.kind == "U" or codes.min() < 0 or codes.max() >= 2**16:
        unique, index = np.unique(labels, return_inverse=True)
        return unique, index.astype(np.int64)
    # Letters and small numbers are counted, not sorted.
    used = np.bincount(codes) > 0
    place = np.cumsum(used) - 1
    unique = np.flatnonzero(used).astype(codes.dtype)
    return unique.view(labels.dtype) if labels.dtype.kind == "U" else unique, place[codes]


def _columns(given: Mapping[str, Any], n: int) -> Mapping[str, NDArray[Any]]:
    columns = {}
    for name, values in dict(given).items():
        try:
            column = np.array(values)
        except ValueError:
            raise InputError(f"column {name!r}: its rows differ in length") from None
        if column.ndim < 1 or len(column) != n:
            raise InputError(f"column {name!r}: expected {n} rows, got shape {column.shape}")
        if column.dtype == object:
            raise InputError(f"column {name!r}: must be numbers, flags or strings")
        columns[str(name)] = _frozen(column)
    return MappingProxyType(columns)


def _diameters(
    values: Any, n: int, labels: NDArray[Any], index: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    if values is None:
        return None
    if isinstance(values, Mapping):
        given = {str(label): value for label, value in values.items()}
        missing = [str(label) for label in labels if str(label) not in given]
        if missing:
            raise InputError(f"diameters: none given for species {', '.join(missing)}")
        unknown = sorted(set(given) - {str(label) for label in labels})
        if unknown:
            present = ", ".join(str(label) for label in labels)
            raise InputError(
                f"diameters: unknown species {', '.join(unknown)}; the configuration has {present}"
            )
        values = _numbers("diameters", [given[str(label)] for label in labels], np.float64)[index]
    diameters = _numbers("diameters", values, np.float64)
    if diameters.ndim == 0:
        diameters = np.full(n, float(diameters))
    if diameters.shape != (n,):
        raise InputError(f"diameters: expected {n} values, got shape {diameters.shape}")
    _finite("diameters", diameters)
    if not (diameters > 0).all():
        first = int(np.flatnonzero(diameters <= 0)[0])
        raise InputError(f"diameters: must be positive; particle {first} has {diameters[first]}")
    return _frozen(diameters)
