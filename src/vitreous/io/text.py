"""Read text files forward, line by line, and turn tables of numbers and labels into arrays.

Every format here is a sequence of frames, a frame is a short header that says how many particles follow, and
then one line a particle. Only the chosen frame is parsed; the others are skipped by counting lines.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError

__all__ = ["Field", "Table", "TextFile", "each_frame", "find_frame", "shorten"]

_ROWS_AT_ONCE = 8192
_LARGEST_COORDINATE = 1e100
_FLAGS = {b"T": True, b"F": False, b"True": True, b"False": False, b"true": True, b"false": False}
_KIND_NAMES = {"i": "a 64-bit integer", "f": "a number", "b": "T or F", "s": "UTF-8 text"}


@dataclass(frozen=True)
class Field:
    """What one property of a particle looks like in a row.

    Attributes
    ----------
    name : str
        Name of the column.
    kinds : str
        What its words may be, tried in this order for the column as a whole: ``i`` integer, ``f`` float,
        ``b`` flag, ``s`` text. ``"ifs"`` leaves it to the file, ``"f"`` accepts only numbers.
    width : int
        Number of words in a row.
    """

    name: str
    kinds: str = "ifs"
    width: int = 1


@dataclass(frozen=True)
class Table:
    """Columns of one frame, (N,) or (N, width) arrays by name, and the line of its first row."""

    columns: dict[str, NDArray[Any]]
    first_line: int


class _Header(Protocol):
    @property
    def count(self) -> int: ...


HeaderT = TypeVar("HeaderT", bound=_Header)


class _TurnedIntoTextError(Exception):
    """A column that began with numbers holds a word; its numbers must be read again as text."""

    def __init__(self, column: int) -> None:
        self.column = column


class TextFile:
    """A stream of lines that knows its name and its line number.

    Parameters
    ----------
    stream : binary file
        Must be seekable.
    name : str
        File name for messages.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self.line_number = 0
        self._stream = stream

    def error(self, message: str, line: int | None = None) -> FileError:
        """An error that names the file and a line, by default the one just read."""
        return FileError(f"{self.name}: line {self.line_number if line is None else line}: {message}")

    def mark(self) -> tuple[int, int]:
        """The present place, for `reset`."""
        return self._stream.tell(), self.line_number

    def reset(self, mark: tuple[int, int]) -> None:
        """Go back to a place given by `mark`."""
        offset, self.line_number = mark
        self._stream.seek(offset)

    def line(self, what: str) -> str:
        """The next line, without white space at its ends; `what` it should hold, for the message."""
        raw = self._stream.readline()
        if not raw:
            raise self.error(f"the file ends where {what} should follow")
        self.line_number += 1
        try:
            return raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise self.error(f"expected {what}, got bytes that are not UTF-8 text") from None

    def peek(self, size: int) -> bytes:
        """Up to `size` of the next bytes, which stay unread."""
        place = self.mark()
        head = self._stream.read(size)
        self.reset(place)
        return head

    def at_end(self) -> bool:
        """Whether nothing but blank lines is left; passes over blank lines."""
        while True:
            place = self.mark()
            raw = self._stream.readline()
            if not raw:
                return True
            if raw.strip():
                self.reset(place)
                return False
            self.line_number += 1

    def count(self) -> int:
        """Read a line that holds the number of particles."""
        words = self.line("the number of particles")
        if not (words.isascii() and words.isdigit() and len(words) <= 18):
            raise self.error(f"expected the number of particles, got {shorten(words)}")
        if int(words) == 0:
            raise self.error("the frame has no particles")
        return int(words)

    def numbers(self, what: str, count: int) -> list[float]:
        """Read a line of exactly `count` finite numbers."""
        words = self.line(what).split()
        try:
            values = [float(word) for word in words if "_" not in word]
        except ValueError:
            values = []
        if len(words) != count or len(values) != count or not np.isfinite(values).all():
            raise self.error(f"expected {what} ({count} numbers), got {shorten(' '.join(words))}")
        return values

    def skip(self, count: int) -> None:
        """Pass over the rows of `count` particles."""
        passed = 0
        while passed < count:
            rows = len(list(islice(self._stream, min(_ROWS_AT_ONCE, count - passed))))
            self.line_number += rows
            if not rows:
                raise self._ends_early(passed, count)
            passed += rows

    def table(self, count: int, fields: Sequence[Field]) -> Table:
        """Read the rows of `count` particles.

        Raises
        ------
        FileError
            Naming the line: a row with too few or too many words, a word of the wrong kind, an early end.
        """
        for name, times in Counter(field.name for field in fields).items():
            if times > 1:
                raise self.error(f"the column {shorten(name)} is named twice")
        start = self.mark()
        width = self.row_width()
        expected = sum(field.width for field in fields)
        if width == 0 and self.at_end():
            raise self._ends_early(0, count)
        if width != expected:
            raise self._wrong_width(width, expected, start[1] + 1)
        layout = [Field(field.name, field.kinds) for field in fields for _ in range(field.width)]
        while True:
            try:
                arrays = iter(self._columns(count, layout))
                break
            except _TurnedIntoTextError as turned:
                layout[turned.column] = Field(layout[turned.column].name, "s")
                self.reset(start)
        columns = {}
        for field in fields:
            parts = list(islice(arrays, field.width))
            columns[field.name] = parts[0] if field.width == 1 else np.stack(parts, axis=1)
        return Table(columns, start[1] + 1)

    def positions(self, table: Table, names: Sequence[str]) -> NDArray[np.float64]:
        """(N, 3) coordinates taken out of a table, from one column of three numbers or three of one.

        Raises
        ------
        FileError
            Naming the line of the first coordinate that is NaN, infinite or beyond any sensible range.
        """
        parts = [table.columns.pop(name) for name in names]
        positions = np.ascontiguousarray(parts[0] if len(parts) == 1 else np.stack(parts, axis=1))
        bad = ~(np.abs(positions) < _LARGEST_COORDINATE).all(axis=1)
        if bad.any():
            row = int(np.argmax(bad))
            raise self.error(
                f"the coordinates {positions[row].tolist()} are not finite numbers of a sensible size",
                table.first_line + row,
            )
        return positions

    def row_width(self) -> int:
        """Number of words in the next line, which stays unread; 0 at the end of the file."""
        place = self.mark()
        width = len(self._stream.readline().split())
        self.reset(place)
        return width

    def _columns(self, count: int, layout: Sequence[Field]) -> list[NDArray[Any]]:
        kinds = [field.kinds for field in layout]
        parts: list[list[NDArray[Any]]] = [[] for _ in layout]
        done = 0
        while done < count:
            lines = list(islice(self._stream, min(_ROWS_AT_ONCE, count - done)))
            if not lines:
                raise self._ends_early(done, count)
            words = self._words(lines, len(layout))
            suspicious = b"_" in b"".join(lines)
            for index, column in enumerate(words):
                while (values := _convert(column, kinds[index][0], suspicious)) is None:
                    kinds[index] = kinds[index][1:]
                    if not kinds[index]:
                        raise self._wrong_word(column, layout[index], suspicious)
                    if kinds[index] == "s" and parts[index]:
                        raise _TurnedIntoTextError(index)
                parts[index].append(values)
            self.line_number += len(lines)
            done += len(lines)
        return [np.concatenate(arrays) for arrays in parts]

    def _words(self, lines: list[bytes], width: int) -> list[list[bytes]]:
        # A NUL byte marks the end of a row, so that one split of the whole block also checks every row.
        words = (b" \0 ".join(lines) + b" \0").split()
        ends = words[width :: width + 1]
        if len(words) != len(lines) * (width + 1) or ends.count(b"\0") != len(lines):
            wrong = next(row for row, line in enumerate(lines) if len(line.split()) != width or b"\0" in line)
            if b"\0" in lines[wrong]:
                raise self.error(
                    "the row holds NUL bytes; is this a text file?", self.line_number + wrong + 1
                )
            raise self._wrong_width(len(lines[wrong].split()), width, self.line_number + wrong + 1)
        return [words[column :: width + 1] for column in range(width)]

    def _wrong_width(self, width: int, expected: int, line: int) -> FileError:
        return self.error(f"expected {expected} columns, got {width}", line)

    def _wrong_word(self, words: list[bytes], field: Field, suspicious: bool) -> FileError:
        kind = field.kinds[-1]
        row = next(row for row, word in enumerate(words) if _convert([word], kind, suspicious) is None)
        word = shorten(words[row].decode("utf-8", "backslashreplace"))
        message = f"column {field.name!r} should be {_KIND_NAMES[kind]}, got {word}"
        return self.error(message, self.line_number + row + 1)

    def _ends_early(self, found: int, count: int) -> FileError:
        return self.error(
            f"the file ends after {found} of the {count} particles of this frame; it is truncated"
        )


def _convert(words: list[bytes], kind: str, suspicious: bool) -> NDArray[Any] | None:
    """Array of one column, or None if some word is not of this kind."""
    if suspicious and kind in "if" and any(b"_" in word for word in words):
        return None  # Python would read 1_000 as a number
    try:
        if kind == "i":
            return np.fromiter(map(int, words), np.int64, len(words))
        if kind == "f":
            return np.fromiter(map(float, words), np.float64, len(words))
        if kind == "b":
            return np.fromiter((_FLAGS[word] for word in words), np.bool_, len(words))
        labels = np.array([word.decode("utf-8") for word in words], dtype=np.str_)
        return None if any(b"\0" in word for word in words) else labels
    except (ValueError, OverflowError, KeyError):
        return None


def shorten(words: str) -> str:
    """Quoted text for a message, at most about 40 characters of it."""
    return repr(words if len(words) <= 40 else words[:37] + "...")


def each_frame(text: TextFile, read_header: Callable[[TextFile], HeaderT]) -> Iterator[HeaderT]:
    """The headers of all frames; whoever takes one reads the rows that follow before taking the next.

    Raises
    ------
    FileError
        If there is no frame.
    """
    if text.at_end():
        raise FileError(f"{text.name}: the file is empty")
    while not text.at_end():
        yield read_header(text)


def find_frame(text: TextFile, frame: int, read_header: Callable[[TextFile], HeaderT]) -> HeaderT:
    """Go to a frame and read its header, so that its rows come next.

    Parameters
    ----------
    text : TextFile
        At its beginning.
    frame : int
        Index of the frame; negative numbers count from the end.
    read_header : callable
        Reads a header, which has a ``count`` of the rows that follow.

    Raises
    ------
    FileError
        If there is no such frame, or a frame that has to be passed on the way is damaged.
    """
    if text.at_end():
        raise FileError(f"{text.name}: the file is empty")
    places: deque[tuple[int, int]] = deque(maxlen=min(max(-frame, 1), sys.maxsize))
    number = 0
    while not text.at_end():
        places.append(text.mark())
        header = read_header(text)
        if number == frame:
            return header
        text.skip(header.count)
        number += 1
    if not -number <= frame < 0:
        raise FileError(f"{text.name}: there is no frame {frame}; the file has {number} (0 to {number - 1})")
    text.reset(places[0])
    return read_header(text)
