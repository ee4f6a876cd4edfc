"""Read text files forward, line by line, and turn tables of numbers and labels into arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.io.decimals import cut, decimals

__all__ = ["CutOffError", "Field", "Table", "TextFile", "shorten"]

_ROWS_AT_ONCE = 8192
_LARGEST_COORDINATE = 1e100
_FLAGS = {b"T": True, b"F": False, b"True": True, b"False": False, b"true": True, b"false": False}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ROWS_TO_COMPARE, _DECIMALS_TO_COMPARE = 3, 3  # that show what a whole last word looks like
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


class CutOffError(FileError):
    """A file that ends in the middle of a frame."""


class _TurnedIntoTextError(Exception):
    """A column that began with numbers holds a word; its numbers must be read again as text."""

    def __init__(self, column: int) -> None:
        self.column = column


class TextFile:
    """A stream of lines, which can be gone back in, that knows its name and its line number."""

    def __init__(self, stream: BinaryIO, name: str, is_cut_off: Callable[[], bool] = lambda: False) -> None:
        self.name = name
        self.line_number = 0
        self.last = (0, 0)  # where the line began that was read last
        self.commented = False  # whether rows of tables may end with a comment behind #
        self._stream = stream
        self._pushed: bytes | None = None  # a line that was looked at and stays unread
        self._is_cut_off = is_cut_off
        head = stream.read(len(_BYTE_ORDER_MARK))
        if head.startswith(_UTF16):
            raise FileError(f"{name}: the text is encoded as UTF-16; save it as UTF-8")
        stream.seek(len(head) if head == _BYTE_ORDER_MARK else 0)

    @property
    def cut_off(self) -> bool:
        """Whether the compressed file was found to end before its end."""
        return self._is_cut_off()

    def error(self, message: str, line: int | None = None) -> FileError:
        """An error that names the file and a line, by default the one just read."""
        return FileError(f"{self.name}: line {self.line_number if line is None else line}: {message}")

    def cut(self, message: str, line: int | None = None) -> CutOffError:
        """The error of a file that ends too early."""
        why = "; the compressed file is truncated or damaged" if self.cut_off else ""
        return CutOffError(f"{self.error(message, line)}{why}")

    def mark(self) -> tuple[int, int]:
        """The present place, for `reset`."""
        return self._stream.tell() - len(self._pushed or b""), self.line_number

    def reset(self, mark: tuple[int, int]) -> None:
        """Go back to a place given by `mark`."""
        offset, self.line_number = mark
        self._pushed = None
        self._stream.seek(offset)

    def line(self, what: str) -> str:
        """The next line, without white space at its ends; `what` it should hold, for the message."""
        self.last = self.mark()
        raw = self._take()
        if not raw:
            raise self.cut(f"the file ends where {what} should follow")
        self.line_number += 1
        try:
            return raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise self.error(f"expected {what}, got bytes that are not UTF-8 text") from None

    def peek(self, size: int) -> bytes:
        """Up to `size` of the next bytes, which stay unread."""
        place = self.mark()
        self.reset(place)
        head = self._stream.read(size)
        self.reset(place)
        return head

    def look(self) -> bytes:
        """The next line, which stays unread; empty at the end of the file."""
        if self._pushed is None:
            self._pushed = self._stream.readline() or None
        return self._pushed or b""

    def lines(self, count: int) -> list[bytes]:
        """Up to `count` lines, which do not count until `line_number` is set."""
        if self._pushed is None or count < 1:
            return list(islice(self._stream, count))
        pushed, self._pushed = self._pushed, None
        return [pushed, *islice(self._stream, count - 1)]

    def at_end(self) -> bool:
        """Whether nothing but blank lines is left; passes over blank lines."""
        while line := self.look():
            if line.strip():
                return False
            self._pushed = None
            self.line_number += 1
        return True

    def find(self, begins: Callable[[bytes], bool]) -> None:
        """Go to the next line that `begins` something, or to the end of the file."""
        while (line := self.look()) and not begins(line):
            self._pushed = None
            self.line_number += 1

    def count(self) -> int:
        """Read a line that holds the number of particles."""
        words = self.line("the number of particles")
        if not (words.isascii() and words.isdigit() and len(words) <= 18):
            raise self.error(f"expected the number of particles, got {shorten(words)}")
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
        """Pass over the rows of `count` particles; a `CutOffError` if the file ends before."""
        passed = 0
        while passed < count:
            lines = self.lines(min(_ROWS_AT_ONCE, count - passed))
            self.line_number += len(lines)
            if not lines:
                raise self._ends_early(passed, count)
            self._check_last(lines, self.line_number)
            passed += len(lines)

    def table(self, count: int, fields: Sequence[Field]) -> Table:
        """Read the rows of `count` particles.

        Raises
        ------
        FileError
            Naming the line: a row with too few or too many words, a word of the wrong kind, an early end.
        """
        if count == 0:
            raise self.error("the frame has no particles")
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
        return len(self._bare(self.look()).split())

    def _bare(self, line: bytes) -> bytes:
        """A row of a table without its comment."""
        if not self.commented or b"#" not in line:
            return line
        return line.partition(b"#")[0] + (b"\n" if line.endswith(b"\n") else b"")

    def _take(self) -> bytes:
        line = self.look()
        self._pushed = None
        return line

    def _check_last(self, lines: list[bytes], line: int) -> None:
        """Refuse a last line without its end that lacks words or digits: its writer was killed."""
        if lines[-1].endswith(b"\n"):
            return
        words, others = lines[-1].split(), [other.split() for other in lines[:-1]]
        if not words or len(others) < _ROWS_TO_COMPARE or not all(others):
            return
        digits = {_decimals(other[-1]) for other in others}  # only those of a fixed format tell anything
        if len(words) < len(others[-1]) or (
            len(digits) == 1 and _decimals(words[-1]) < max(digits) >= _DECIMALS_TO_COMPARE
        ):
            raise self.cut("the file ends in the middle of this line; it is truncated", line)

    def _columns(self, count: int, layout: Sequence[Field]) -> list[NDArray[Any]]:
        kinds = [field.kinds for field in layout]
        parts: list[list[NDArray[Any]]] = [[] for _ in layout]
        done = 0
        while done < count:
            lines = self.lines(min(_ROWS_AT_ONCE, count - done))
            if not lines:
                raise self._ends_early(done, count)
            if self.commented:
                lines = [self._bare(line) for line in lines]
            self._check_last(lines, self.line_number + len(lines))
            block = _Block(self, lines, len(layout))
            for index in range(len(layout)):
                while (values := block.convert(index, kinds[index][0])) is None:
                    kinds[index] = kinds[index][1:]
                    if not kinds[index]:
                        raise self._wrong_word(block.column(index), layout[index], block.suspicious)
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

    def _ends_early(self, found: int, count: int) -> CutOffError:
        return self.cut(
            f"the file ends after {found} of the {count} particles of this frame; it is truncated"
        )


class _Block:
    """Some rows of a table, whose columns are converted at once where they are plain numbers, else word by word."""

    def __init__(self, text: TextFile, lines: list[bytes], width: int) -> None:
        self._width = width
        self._cut = cut(lines, width)
        self._words = text._words(lines, width) if self._cut is None else None
        self.suspicious = b"_" in b"".join(lines)

    def column(self, index: int) -> list[bytes]:
        """The words of a column."""
        if self._cut is None:
            assert self._words is not None
            return self._words[index]
        data, starts, ends, _ = self._cut
        places = zip(starts[index :: self._width].tolist(), ends[index :: self._width].tolist(), strict=True)
        return [data[start:end] for start, end in places]

    def convert(self, index: int, kind: str) -> NDArray[Any] | None:
        """A column, or None if some word is not of this kind."""
        found = decimals(self._cut, index, self._width) if self._cut is not None and kind in "if" else None
        if found is None:
            return _convert(self.column(index), kind, self.suspicious)
        values, whole = found
        if kind == "f":
            return values
        return values.astype(np.int64) if whole else None


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


def _decimals(word: bytes) -> int:
    return len(word.partition(b".")[2])


def shorten(words: str) -> str:
    """Quoted text for a message, at most about 40 characters of it."""
    return repr(words if len(words) <= 40 else words[:37] + "...")
