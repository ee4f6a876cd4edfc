"""Atoms into a LAMMPS instance and out of it, in the order of their particles."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.simulate._lammps_input import Start

_RESTART_END = b"LammpS RestartT\0"


def place_atoms(lammps: Any, start: Start) -> int:
    """Create the atoms of `start` in a box without atoms; returns how many LAMMPS took."""
    n = len(start.types)
    mask, bits, zero = _image_code(lammps)
    i, j, k = (start.images + zero).T & mask
    made = lammps.create_atoms(
        n,
        range(1, n + 1),
        start.types.tolist(),
        start.positions.ravel().tolist(),
        start.velocities.ravel().tolist(),
        (i | (j << bits) | (k << (2 * bits))).tolist(),
    )
    return int(made)


def atom_order(lammps: Any) -> NDArray[np.int64]:
    """(N,) where each particle stands in the arrays of LAMMPS."""
    n = lammps.extract_setting("nlocal")
    return np.asarray(np.argsort(lammps.numpy.extract_atom("id")[:n]))


def gather_atoms(lammps: Any) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Positions (N, 3), which may be a little outside the box, images (N, 3) and velocities (N, 3)."""
    order = atom_order(lammps)
    position, image, velocity = (lammps.numpy.extract_atom(name)[order] for name in ("x", "image", "v"))
    mask, bits, zero = _image_code(lammps)
    code = image.astype(np.int64)
    images = np.stack([code & mask, (code >> bits) & mask, code >> (2 * bits)], axis=1) - zero
    return position, images, velocity


def rearrange_atoms(lammps: Any, places: NDArray[np.int64], quantities: tuple[str, ...]) -> None:
    """Give atom i the values of "x", "image", "v" that atom places[i] has; the next run has to set up anew."""
    order = atom_order(lammps)
    for name in quantities:
        values = lammps.numpy.extract_atom(name)
        values[order] = values[order][places]


def restart_bytes(lammps: Any) -> bytes:
    """What `write_restart` writes; a `FileError` if the folder for temporary files has no room for it."""
    with temporary_path() as path:
        try:
            lammps.command(f'write_restart "{path}"')
        except Exception as error:  # LAMMPS knows no other class
            raise FileError(
                f"{path.parent}: cannot write a LAMMPS restart: {first_line(str(error))}"
            ) from None
        restart = path.read_bytes()
    if not restart.endswith(_RESTART_END):
        raise FileError(f"{path.parent}: cannot write a LAMMPS restart, it is cut short; is the disk full?")
    return restart


@contextmanager
def temporary_path() -> Iterator[Path]:
    """A file that is removed when the block ends, even by an interrupt; a `FileError` if it cannot be written."""
    try:
        descriptor, name = tempfile.mkstemp(prefix="vitreous-")
        try:
            os.close(descriptor)
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        folder = tempfile.gettempdir()
        raise FileError(f"{folder}: cannot write a temporary file: {error.strerror or error}") from None


def first_line(message: str) -> str:
    """What LAMMPS says in an error, without its "ERROR:" and the place in its sources."""
    return re.sub(r"^ERROR( on proc \d+)?: |\s*\(src/.*", "", message.partition("\n")[0]).strip()


def _image_code(lammps: Any) -> tuple[int, int, int]:
    """Three images are packed into one number: mask and width of a field, and the value that means 0."""
    mask, bits, zero = (int(lammps.extract_setting(f"IMG{name}")) for name in ("MASK", "BITS", "MAX"))
    return mask, bits, zero
