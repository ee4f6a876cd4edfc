"""Pair potentials as text: rows of a distance, an energy and a force."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vitreous.errors import FileError, InputError
from vitreous.glassformers.potentials import Table

__all__ = ["table_of", "table_text"]

# Between two rows the energy has to fall by the mean of their forces times the distance. How far it may be off, of the
# sum of their sizes: a coarse table of a steep potential, yes; a wrong sign or another unit, no.
_MISMATCH = 0.3


def table_of(folder: Path, name: str, sigma: float) -> Table:
    """Read a table in the folder of a model file: r, u(r) and -du/dr in columns, # before comments.

    InputError if it is not there or lies elsewhere; FileError if it cannot be read, is no table, or its forces are not
    the slope of its energies.
    """
    path = folder / name
    if path.resolve().parent != folder.resolve():
        raise InputError(f"file: {name} has to be in the folder of the model")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(f"file: there is no {name} beside the model") from None
    except UnicodeDecodeError:
        raise FileError(f"{path}: is not a text file") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror or error}") from None
    rows: list[tuple[float, ...]] = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            row = tuple(map(float, words))
        except ValueError:
            row = ()
        if len(row) != 3 or not np.isfinite(row).all():
            raise FileError(f"{path}: line {number}: expected three numbers: distance, energy and force")
        if row[0] <= (rows[-1][0] if rows else 0.0):
            raise FileError(f"{path}: line {number}: distances must be positive and increase")
        if rows:
            _require_slope(f"{path}: line {number}", rows[-1], row)
        rows.append(row)
    if len(rows) < 2:
        raise FileError(f"{path}: expected at least two rows: distance, energy and force")
    return Table(sigma, *(tuple(column) for column in zip(*rows, strict=True)))


def table_text(table: Table) -> str:
    """The text of which `table_of` makes that table."""
    rows = zip(table.distances, table.energies, table.forces, strict=True)
    return "# r u(r) -du/dr\n" + "".join(f"{r!r} {u!r} {f!r}\n" for r, u, f in rows)


def _require_slope(where: str, before: tuple[float, ...], row: tuple[float, ...]) -> None:
    step = row[0] - before[0]
    fall, expected = before[1] - row[1], 0.5 * step * (before[2] + row[2])
    size = 0.5 * step * (abs(before[2]) + abs(row[2])) + abs(fall)
    if abs(fall - expected) > _MISMATCH * size:
        raise FileError(
            f"{where}: the energy falls by {fall:.4g}, the forces say {expected:.4g}; the third column is -du/dr"
        )
