"""Tables of particle tracking, as trackpy and programs after Crocker and Grier write them: CSV, or parquet.

One row is one particle in one frame. Lengths are what they are, pixels or microns; there is no box.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.io.cell import bounding_box
from vitreous.io.frame import Entry, Frame, clean_name, take_diameters
from vitreous.io.labels import take_species
from vitreous.io.streams import open_text, reading
from vitreous.io.text import TextFile, shorten

__all__ = ["HOLDS", "PARQUET_MAGIC", "looks_like_table", "read", "read_all", "read_all_parquet",
           "read_parquet"]  # fmt: skip

HOLDS = {
    "species": "`species`, `type`, `label`, ...",
    "sizes": "`diameter`, `radius`; `size` of trackpy is a column",
    "cell": "none: the box around the particles",
    "faces": "all open",
    "images": "not needed",
    "time": "`frame` as the step; `t`, `time`",
    "identity": "`particle`, `track`, `id`",
    "columns": "all others",
}

PARQUET_MAGIC = b"PAR1"
_ROWS_AT_ONCE = 8192
_DELIMITERS = (",", ";", "\t")
_NAMES = {
    "x": ("x", "xpos", "posx", "positionx", "centroidx", "xum", "xpx", "xmicron"),
    "y": ("y", "ypos", "posy", "positiony", "centroidy", "yum", "ypx", "ymicron"),
    "z": ("z", "zpos", "posz", "positionz", "centroidz", "zum", "zpx", "zmicron"),
    "frame": ("frame", "framenumber", "frameid", "frameno", "framenr"),
    "time": ("time", "t", "times", "positiont"),
    "particle": ("particle", "particleid", "track", "trackid", "trajectory", "trajectoryid", "traj", "tracknumber"),
    "id": ("id",),
    "diameter": ("diameter",),
    "radius": ("radius",),
}  # fmt: skip


def looks_like_table(head: bytes) -> bool:
    """Whether the first line names x and y between commas, semicolons or tabs."""
    first = head.lstrip(b"\xef\xbb\xbf# ").split(b"\n", 1)[0].decode("utf-8", "replace")
    delimiter = _delimiter(first)
    if delimiter is None:
        return False
    names = {_plain(word) for word in first.split(delimiter)}
    return any(name in names for name in _NAMES["x"]) and any(name in names for name in _NAMES["y"])


def read(path: Path, name: str, frame: int) -> tuple[Frame, None]:
    """Read one frame of a table in text; the first line names its columns.

    ``x``, ``y`` and ``z`` are the positions, ``frame`` tells the frames apart and is their step, ``particle`` names
    the particles, by which they are sorted, ``t`` or ``time`` is the time. Frames are numbered from 0 in the order of
    their values. All else is a column.
    """
    return _Table(_read_text(path, name), name).pick(frame), None


def read_all(path: Path, name: str) -> Iterator[Entry]:
    """All frames in the order of their values, which takes the whole table into memory."""
    yield from _Table(_read_text(path, name), name).entries()


def read_parquet(path: Path, name: str, frame: int) -> tuple[Frame, None]:
    """Read one frame of a table in a parquet file, by pandas."""
    return _Table(_read_parquet(path, name), name).pick(frame), None


def read_all_parquet(path: Path, name: str) -> Iterator[Entry]:
    """All frames in the order of their values."""
    yield from _Table(_read_parquet(path, name), name).entries()


class _Table:
    """The columns of a table, and which rows are those of each frame."""

    def __init__(self, columns: dict[str, NDArray[Any]], name: str) -> None:
        self.name = name
        known = _known(list(columns), name)
        self.columns = {known.get(column, column): values for column, values in columns.items()}
        for axis in "xyz":
            self.columns[axis] = self._numbers(axis)
        places = np.stack([self.columns[axis] for axis in "xyz"], axis=1)
        places = places[(np.abs(places) < 1e100).all(axis=1)]
        self.surroundings = bounding_box(places) if len(places) else None  # the same for all frames
        frames = self._numbers("frame") if "frame" in self.columns else self._times()
        if not np.isfinite(frames).all():
            row = int(np.argmin(np.isfinite(frames)))
            raise FileError(f"{name}: row {row + 1} of the table has no frame")
        self.values, index = np.unique(frames, return_inverse=True)
        order = np.argsort(index.reshape(-1), kind="stable")
        self.rows = np.split(order, np.cumsum(np.bincount(index.reshape(-1)))[:-1])

    def _numbers(self, column: str) -> NDArray[np.float64]:
        values = self.columns[column]
        if values.dtype.kind in "iuf":
            return values.astype(np.float64)
        bad = next((value for value in values.tolist() if not _is_number(value)), values[0])
        raise FileError(f"{self.name}: the column {column!r} should hold numbers, got {shorten(str(bad))}")

    def _times(self) -> NDArray[np.float64]:
        if "time" in self.columns:
            return self._numbers("time")
        return np.zeros(len(self.columns["x"]))

    def entries(self) -> Iterator[Entry]:
        for k in range(len(self.rows)):
            step, time = self._clock(k)
            yield Entry(k, lambda k=k: self.frame(k), step, time)  # type: ignore[misc]

    def pick(self, number: int) -> Frame:
        count = len(self.rows)
        if not -count <= number < count:
            raise FileError(
                f"{self.name}: there is no frame {number}; the file has {count} (0 to {count - 1})"
            )
        return self.frame(number % count)

    def _clock(self, k: int) -> tuple[int | None, float | None]:
        step = None
        if (
            "frame" in self.columns
            and abs(self.values[k]) < 2**53
            and self.values[k] == np.rint(self.values[k])
        ):
            step = int(self.values[k])
        if "time" not in self.columns:
            return step, None
        times = self._times()[self.rows[k]]
        same = np.isfinite(times).all() and np.ptp(times) <= 1e-9 * np.abs(times).max()
        return step, float(times[0]) if same else None

    def frame(self, k: int) -> Frame:
        """The rows of a frame, sorted by particle."""
        columns = {name: values[self.rows[k]] for name, values in self.columns.items()}
        step, time = self._clock(k)
        for name in ("frame", "time"):
            if name == "frame" or time is not None:
                columns.pop(name, None)
        ids = columns.get("particle", columns.get("id"))
        if (
            ids is not None
            and ids.dtype.kind == "f"
            and (ids == np.rint(ids)).all()
            and (np.abs(ids) < 2**53).all()
        ):
            ids = ids.astype(np.int64)
        named = ids is not None and ids.dtype.kind in "iu" and len(np.unique(ids)) == len(ids)
        if named:
            columns.pop("particle" if "particle" in columns else "id")
            if "id" in columns:  # of the row: TrackMate and Imaris number what is found in a frame, too
                columns["id_of_row"] = columns.pop("id")
            order = np.argsort(ids, kind="stable")  # type: ignore[arg-type]
            columns = {name: values[order] for name, values in columns.items()}
            columns = {"id": ids[order], **columns}  # type: ignore[index]
        positions = np.stack([columns.pop(axis) for axis in "xyz"], axis=1)
        bad = ~(np.abs(positions) < 1e100).all(axis=1)
        if bad.any():
            raise FileError(
                f"{self.name}: the coordinates {positions[int(np.argmax(bad))].tolist()} of frame {k} are not finite "
                f"numbers of a sensible size"
            )
        own = columns.pop("id") if named else None
        species = take_species(columns)
        if own is not None:
            columns = {"id": own, **columns}
        return Frame(
            positions=positions,
            periodic=(False, False, False),
            species=species,
            diameters=_positive(take_diameters(columns)),
            time=time,
            step=step,
            columns={clean_name(name): values for name, values in columns.items()},
            ids=own,
            surroundings=self.surroundings,
            unordered=None if named else "the table does not name its particles; link them (column particle)",
            number=k,
        )


def _positive(diameters: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    """Diameters, where a tracker found them all."""
    return diameters if diameters is not None and (diameters > 0).all() else None


def _known(names: list[str], name: str) -> dict[str, str]:
    """What the columns are called here by what the file calls them."""
    found: dict[str, str] = {}
    for ours, others in _NAMES.items():
        for other in others:
            column = next((one for one in names if _plain(one) == other and one not in found), None)
            if column is not None:
                found[column] = ours
                break
    missing = [axis for axis in "xyz" if axis not in found.values()]
    if missing == ["z"]:
        raise FileError(
            f"{name}: the table has x and y but no z: two-dimensional; vitreous needs three dimensions"
        )
    if missing:
        known = ", ".join(names[:12])
        raise FileError(
            f"{name}: the table has no columns x, y and z; its first line names {shorten(known)}, and has to name the "
            f"columns, as x,y,z,frame,particle"
        )
    return found


def _plain(word: str) -> str:
    """A name in lower-case letters: ``X (µm)`` is ``xum``, ``POSITION_X`` is ``positionx``."""
    return re.sub(r"[^a-z]", "", word.lower().replace("µ", "u").replace("μ", "u"))


def _delimiter(line: str) -> str | None:
    counts = {one: line.count(one) for one in _DELIMITERS}
    best = max(counts, key=lambda one: counts[one])
    return best if counts[best] else None


def _read_text(path: Path, name: str) -> dict[str, NDArray[Any]]:
    with open_text(path, name) as text:
        if text.at_end():
            raise FileError(f"{name}: the file is empty")
        head = text.line("the names of the columns").lstrip("# ")
        delimiter = _delimiter(head)
        names = _split(text, [head], delimiter)[0]
        if all(_is_number(word) for word in names):
            raise text.error(
                "the first line has to name the columns, as x,y,z,frame,particle; it holds numbers only"
            )
        blocks: list[list[NDArray[Any]]] = [[] for _ in names]
        while lines := text.lines(_ROWS_AT_ONCE):
            _add_rows(text, lines, delimiter, blocks)
            text.line_number += len(lines)
        if text.cut_off:
            raise text.cut("the table is cut off")
    if not blocks or not blocks[0]:
        raise FileError(f"{name}: the table has no rows")
    columns: dict[str, NDArray[Any]] = {}
    for k, (column, parts) in enumerate(zip(names, blocks, strict=True)):
        if column in columns:
            raise FileError(f"{name}: the column {shorten(column)} is named twice")
        if column.strip() or k:  # pandas writes the number of the row first, without a name
            values = np.concatenate(parts)
            columns[column or f"column{k + 1}"] = values
    return columns


def _split(text: TextFile, lines: list[str], delimiter: str | None) -> list[list[str]]:
    if delimiter is None:
        return [line.split() for line in lines]
    try:
        return [[word.strip() for word in row] for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error as error:
        raise text.error(f"cannot read the table: {error}") from None


def _add_rows(
    text: TextFile, lines: list[bytes], delimiter: str | None, blocks: list[list[NDArray[Any]]]
) -> None:
    try:
        decoded = [line.decode("utf-8") for line in lines]
        rows = _split(text, [line for line in decoded if line.strip()], delimiter)
    except UnicodeDecodeError:
        raise text.error(
            "expected a table, got bytes that are not UTF-8 text", text.line_number + 1
        ) from None
    # Programs that explain their columns in further lines do so above the first row of numbers.
    if not blocks[0]:
        rows = _without_explanations(rows, len(blocks))
    for k, row in enumerate(rows):
        if len(row) != len(blocks):
            raise text.error(f"expected {len(blocks)} columns, got {len(row)}", text.line_number + k + 1)
    if not rows:
        return
    for part, words in zip(blocks, zip(*rows, strict=True), strict=True):
        part.append(_column(words, delimiter == ";"))


def _without_explanations(rows: list[list[str]], width: int) -> list[list[str]]:
    for k, row in enumerate(rows[:4]):
        if len(row) == width and any(_is_number(word) for word in row):
            return rows[k:]
    return rows


def _column(words: tuple[str, ...], comma: bool) -> NDArray[Any]:
    """Numbers, with NaN where nothing stands; else text. Where semicolons separate, a comma may be the decimal one."""
    if comma:
        words = tuple(
            word.replace(",", ".") if _is_number(word.replace(",", ".")) else word for word in words
        )
    for kind in (int, float):
        try:
            if not any("_" in word for word in words):
                return np.array(
                    [kind(word or "nan") for word in words], dtype=np.int64 if kind is int else np.float64
                )
        except (ValueError, OverflowError):
            continue
    if any("\0" in word for word in words):
        words = tuple(word.replace("\0", "") for word in words)
    return np.array(words, dtype=np.str_)


def _is_number(word: Any) -> bool:
    try:
        float(word)
    except (TypeError, ValueError):
        return False
    return "_" not in str(word)


def _read_parquet(path: Path, name: str) -> dict[str, NDArray[Any]]:
    try:
        import pandas
    except ImportError:
        raise FileError(
            f"{name}: parquet files need the package pandas: pip install pandas pyarrow, or save the table as CSV"
        ) from None
    with reading(name):
        try:
            table = pandas.read_parquet(path)
        except ImportError:
            raise FileError(
                f"{name}: pandas needs pyarrow to read parquet: pip install pyarrow, or save the table as CSV"
            ) from None
        except (OSError, MemoryError):
            raise
        except Exception as error:  # whatever the libraries make of damaged bytes
            raise FileError(f"{name}: the parquet file is damaged: {shorten(str(error))}") from None
    if not len(table):
        raise FileError(f"{name}: the table has no rows")
    columns: dict[str, NDArray[Any]] = {}
    for column in table.columns:
        values = np.asarray(table[column])
        if values.dtype.kind not in "biufU":
            values = np.array([str(value) for value in values.tolist()])
        columns[str(column)] = values
    return columns
