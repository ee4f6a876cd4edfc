"""The command `vitreous`: parse, call, print."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from _thread import interrupt_main, start_new_thread
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TextIO

from vitreous.cli.encoding import lose_characters_only
from vitreous.errors import InputError, Interrupted, VitreousError

__all__ = ["main"]


def main() -> None:
    """Run the command line; a person's error is one line and exit status 2, an interrupt is status 130."""
    with _recorded_interrupts() as interrupts, _told_warnings():
        try:
            lose_characters_only()
            _run()
            sys.stdout.flush()  # while an error still finds someone to tell
        except (Exception, KeyboardInterrupt) as error:
            if "--debug" in sys.argv:
                raise
            if interrupts or isinstance(error, KeyboardInterrupt):
                said = str(error) if isinstance(error, Interrupted) else ""
                _fail(said or "interrupted; nothing half-written was left behind", 130)
            if isinstance(error, VitreousError):
                _fail(str(error), 2)
            if isinstance(error, BrokenPipeError):
                _discard_output()
                sys.exit(1)
            if isinstance(error, OSError):  # those of files are VitreousErrors by now
                _discard_output()
                _fail(f"{error.filename or 'standard output'}: {error.strerror or error}", 2)
            if isinstance(error, MemoryError):
                _fail("out of memory; a smaller system or a machine with more memory is needed", 2)
            raise


@contextmanager
def _recorded_interrupts() -> Iterator[list[int]]:
    """Remember a ctrl-C, because compiled modules that are just being loaded make other errors of it, and send one that
    came in a ``__del__`` or the like, where it would be lost, once more.
    """
    interrupts: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    def once_more() -> None:
        time.sleep(0.02)  # until the `__del__` is over
        interrupt_main()

    def unraisable(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            start_new_thread(once_more, ())
        else:
            told(lost)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # ignored, or someone else's
        yield interrupts
        return
    told = sys.unraisablehook
    signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = unraisable
    try:
        yield interrupts
    finally:
        sys.unraisablehook = told
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def _told_warnings() -> Iterator[None]:
    """Tell what a person is warned of in one line, without the place in the program."""
    before = warnings.showwarning
    said: set[str] = set()  # several steps may stumble over the same thing

    def tell(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, UserWarning):
            text = " ".join(str(message).split())
            if text not in said:
                print(f"vitreous: {text}", file=file or sys.stderr)
            said.add(text)
        else:
            before(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():  # whose filters `--quiet` changes
        warnings.showwarning = tell
        yield


def _run() -> None:
    import typer

    from vitreous.cli.app import app

    try:
        if app(prog_name="vitreous", standalone_mode=False) == 130:  # what newer Typers make of an interrupt
            raise KeyboardInterrupt
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        # Click's errors, known by this method: Typer may carry a click of its own.
        if not hasattr(error, "format_message"):
            raise
        where = getattr(error, "ctx", None)
        hint = f"; see {where.command_path} --help" if where is not None else ""
        raise InputError(error.format_message().rstrip(".") + hint) from error


def _discard_output() -> None:
    """Let nobody stumble at exit over what could not be printed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int) -> NoReturn:
    line = " ".join(message.split())
    print(f"vitreous: {line}", file=sys.stderr)
    sys.exit(status)
