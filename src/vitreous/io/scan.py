"""Find the frames of a text file one after the other, past damaged ones, and read only those that are asked for.

Every format here is a sequence of frames, a frame is a short header that says how many particles follow, and
then one line a particle. Frames that nobody asks for are skipped by counting lines; where the count does not lead
to the next frame, that is looked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from vitreous.errors import FileError
from vitreous.io.frame import Entry, Frame
from vitreous.io.streams import open_text
from vitreous.io.text import CutOffError, TextFile

__all__ = ["Layout"]


class _Header(Protocol):
    @property
    def count(self) -> int: ...

    @property
    def clock(self) -> tuple[int | None, float | None]: ...


HeaderT = TypeVar("HeaderT", bound=_Header)


@dataclass(frozen=True)
class Layout(Generic[HeaderT]):
    """How a text format separates its frames; with it, they are read.

    Attributes
    ----------
    header : callable
        Reads a header, which has the ``count`` of the rows that follow, and step and time as its ``clock``.
    content : callable
        Reads the rows that follow a header, and makes the frame.
    begins : callable, optional
        Whether a line can be the first of a frame; by default one that is the number of particles.
    """

    header: Callable[[TextFile], HeaderT]
    content: Callable[[TextFile, HeaderT], Frame]
    begins: Callable[[bytes], bool] = lambda line: line.strip().isdigit()

    def read(self, path: Path, name: str, frame: int) -> tuple[Frame, FileError | None]:
        """One frame, counted from the end if its number is negative; and what a last one lacks that does not count.

        Raises
        ------
        FileError
            If there is no such frame, or it is damaged.
        """
        with open_text(path, name) as text:
            return _pick(text, self, frame)

    def read_all(self, path: Path, name: str) -> Iterator[Entry]:
        """All frames, of which there has to be one; each can be loaded until the next one is taken."""
        with open_text(path, name) as text:
            yield from _entries(text, self)


class _Visit(Generic[HeaderT]):
    """One frame on the way through the file."""

    def __init__(self, text: TextFile, layout: Layout[HeaderT]) -> None:
        self.start = text.mark()
        self.damage: FileError | None = None
        self._text, self._layout = text, layout
        self._header: HeaderT | None = None
        self._passed = False
        try:
            self._header = layout.header(text)
        except FileError as error:
            self.damage = error
        # The line that was none of this header may begin the next frame.
        again = self.damage is not None and text.last[0] > self.start[0]
        self._rows = text.last if again else text.mark()

    @property
    def clock(self) -> tuple[int | None, float | None]:
        """Step and time."""
        return (None, None) if self._header is None else self._header.clock

    def load(self) -> Frame:
        """Read the rows."""
        if self._header is None:
            assert self.damage is not None
            raise self.damage
        frame = self._layout.content(self._text, self._header)
        self._passed = True
        return frame

    def leave(self) -> CutOffError | None:
        """Go to the next frame; what the file lacks if it ends in this one."""
        if self._passed:
            return None
        text, begins = self._text, self._layout.begins
        text.reset(self._rows)
        cut = self.damage if isinstance(self.damage, CutOffError) else None
        if self._header is not None:
            try:
                text.skip(self._header.count)
            except CutOffError as error:
                cut = error
            if cut is None and (text.at_end() or begins(text.look())):
                return None
            text.reset(self._rows)
        text.find(begins)
        return cut if text.at_end() else None


def _entries(text: TextFile, layout: Layout[HeaderT]) -> Iterator[Entry]:
    if text.at_end() and not text.cut_off:
        raise FileError(f"{text.name}: the file is empty")
    number = 0
    while not text.at_end():
        visit = _Visit(text, layout)
        step, time = visit.clock
        entry = Entry(number, visit.load, step, time)
        yield entry
        entry.cut_off = visit.leave()
        number += 1
    if text.cut_off and (number == 0 or entry.cut_off is None):

        def load() -> Frame:
            raise text.cut("the file ends where another frame should follow")

        yield Entry(number, load, cut_off=text.cut("the file ends where another frame should follow"))


def _pick(text: TextFile, layout: Layout[HeaderT], number: int) -> tuple[Frame, CutOffError | None]:
    places: deque[tuple[int, int]] = deque(maxlen=min(max(-number, 1), 2**40) + 1)
    count, cut = 0, None
    if text.at_end() and not text.cut_off:
        raise FileError(f"{text.name}: the file is empty")
    while not text.at_end():
        visit = _Visit(text, layout)
        if count == number:
            return _numbered(visit.load(), number), None
        places.append(visit.start)
        cut = visit.leave()
        if cut is not None:
            places.pop()
            break
        count += 1
    if cut is None and text.cut_off:
        cut = text.cut("the file ends where another frame should follow")
    if count == 0 and cut is not None:
        raise cut
    if not -count <= number < 0:
        more = "" if cut is None else "; one more is cut off"
        raise FileError(
            f"{text.name}: there is no frame {number}; the file has {count} (0 to {count - 1}){more}"
        )
    text.reset(places[number])
    return _numbered(_Visit(text, layout).load(), count + number), cut


def _numbered(frame: Frame, number: int) -> Frame:
    frame.number = number
    return frame
