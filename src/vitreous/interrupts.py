"""Ctrl-C where it would do harm: kept until a moment at which it can be let in."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["held_interrupts"]


@contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Keep ctrl-C out of what runs inside, but at the moments that are named.

    Python raises `KeyboardInterrupt` between any two operations of the main thread. What shares locks with other
    threads does not stand that: an interrupt while `threading.Condition` takes its lock leaves it taken, and the
    other thread waits for ever; one in a `__del__` is printed and lost. So while the block runs ctrl-C is remembered.

    Yields
    ------
    callable
        Lets in a ctrl-C that has come, as whoever listened before takes it; without one it does nothing.

    Notes
    -----
    The end of the block lets it in too. A second ctrl-C does not wait. Outside of the main thread, and where nothing
    listens to ctrl-C, there is nothing to keep.
    """
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    listener = before
    came: list[int] = []

    def keep(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            listener(number, frame)

    def let_in() -> None:
        if came:
            number = came[0]
            came.clear()
            listener(number, None)

    signal.signal(signal.SIGINT, keep)
    try:
        yield let_in
    finally:
        signal.signal(signal.SIGINT, listener)
        let_in()
