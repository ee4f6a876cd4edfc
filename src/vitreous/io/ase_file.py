"""Files that we have no reader for and ASE has, where it is installed: POSCAR, CIF, its own trajectories and more."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError, InputError
from vitreous.io.cell import complete_cell
from vitreous.io.frame import Entry, Frame
from vitreous.io.streams import in_file

__all__ = [
    "DIAMETERS",
    "HOLDS",
    "IMAGES",
    "SPECIES",
    "columns_of",
    "frame_of_atoms",
    "is_meant",
    "is_readable",
    "read",
    "read_all",
]

HOLDS = {
    "species": "chemical symbols",
    "sizes": "",
    "cell": "orthogonal or triclinic",
    "faces": "as ASE says",
    "images": "",
    "time": "",
    "identity": "order of the rows",
    "columns": "all further arrays of ASE",
}

# Names of arrays that stand for parts of a snapshot, in what `to_ase` makes.
SPECIES, DIAMETERS, IMAGES = "species", "diameters", "images"
_LEAVE = frozenset({"positions", "numbers", SPECIES, DIAMETERS, IMAGES})
# Formats of ASE in which a file can have programs run when it is read (pickle), or that are no single file; and those
# that we read, and refuse for a reason.
_REFUSED = frozenset({"bundletrajectory", "trj", "extxyz", "xyz", "lammps-data", "lammps-dump-text"})

# Suffixes by which ASE takes any file for one of some program.
_OF_ANYTHING = frozenset({".dat", ".data", ".in", ".json", ".log", ".out", ".txt"})


def is_meant(path: Path) -> bool:
    """Whether a file of no format that we know is one for ASE, without anybody saying so."""
    return path.suffix.lower() not in _OF_ANYTHING and is_readable(path)


def is_readable(path: Path) -> bool:
    """Whether ASE is installed and knows, by its name or content, how to read a file."""
    try:
        from ase.io.formats import filetype, ioformats
    except ImportError:
        return False
    try:
        found = filetype(str(path))
        return found not in _REFUSED and bool(ioformats[found].can_read)
    except Exception:  # whatever a look at any file may raise in there
        return False


def read(path: Path, name: str, frame: int) -> tuple[Frame, None]:
    """Read one frame."""
    atoms = _of_ase(path, name, frame)
    return _frame(atoms[0] if isinstance(atoms, list) else atoms, name, max(frame, 0)), None


def read_all(path: Path, name: str) -> Iterator[Entry]:
    """All frames, which ASE reads one after the other where it can."""
    frames = iter(_of_ase(path, name, None))
    for number in itertools.count():
        try:
            atoms = next(frames)
        except StopIteration:
            return
        except Exception as error:
            raise _failure(name, error) from None
        yield Entry(number, lambda atoms=atoms, number=number: _frame(atoms, name, number))  # type: ignore[misc]


def _of_ase(path: Path, name: str, frame: int | None) -> Any:
    try:
        from ase.io import iread
        from ase.io import read as read_one
    except ImportError:
        raise FileError(f"{name}: is read by ASE, which is not installed; pip install ase") from None
    if not is_readable(path):
        raise FileError(f"{name}: is nothing that ASE would read here")
    try:
        return iread(str(path), index=":") if frame is None else read_one(str(path), index=frame)
    except Exception as error:
        raise _failure(name, error) from None


def _failure(name: str, error: Exception) -> FileError:
    if isinstance(error, FileError):
        return error
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return FileError(f"{name}: ASE cannot read it: {reason}")


def _frame(atoms: Any, name: str, number: int) -> Frame:
    with in_file(name):
        frame = frame_of_atoms(atoms)
    frame.number = number
    return frame


def frame_of_atoms(atoms: Any) -> Frame:
    """What `ase.Atoms` say, before anything is said in place of it; an `InputError` if they are none."""
    try:
        positions = np.array(atoms.positions, dtype=np.float64)
        cell = np.array(atoms.cell, dtype=np.float64).reshape(3, 3)
        a, b, c = np.broadcast_to(np.asarray(atoms.pbc, dtype=bool), 3).tolist()
        arrays, info = dict(atoms.arrays), dict(atoms.info)
        origin = np.array(atoms.get_celldisp(), dtype=np.float64).reshape(3)
    except (AttributeError, TypeError, ValueError):
        raise InputError(f"expected ase.Atoms, got {type(atoms).__name__}") from None
    if not len(positions):
        raise InputError("there are no atoms")
    species = arrays.get(SPECIES)
    labels: NDArray[Any] = np.array(atoms.get_chemical_symbols() if species is None else species)
    time, step, unwrapped = (info.pop(name, None) for name in ("time", "step", "unwrapped"))
    return Frame(
        positions,
        complete_cell(cell, (a, b, c), origin, positions),
        (a, b, c),
        labels,
        arrays.get(DIAMETERS),
        arrays.get(IMAGES),
        unwrapped=bool(unwrapped),
        time=_number(time),
        step=None if (number := _number(step)) is None else int(number),
        columns=columns_of(arrays, len(positions), _LEAVE),
        metadata={str(name): value for name, value in info.items()},
    )


def columns_of(arrays: Any, n: int, leave: frozenset[str]) -> dict[str, NDArray[Any]]:
    """Arrays that can be columns of n particles, but for the names in `leave`."""
    columns = {}
    for name, values in arrays.items():
        array = np.asarray(values)
        if name not in leave and array.ndim >= 1 and len(array) == n and array.dtype.kind in "biufU":
            columns[str(name)] = array
    return columns


def _number(value: Any) -> float | None:
    """A number that is finite, else None."""
    if isinstance(value, bool | str) or np.ndim(value) != 0:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
