"""The command `vitreous`: parse, call, print."""

from __future__ import annotations

import os
import sys

from vitreous.errors import InputError, VitreousError

__all__ = ["main"]


def main() -> None:
    """Run the command line; a person's error is one line and exit status 2, an interrupt is status 130."""
    debug = "--debug" in sys.argv
    try:
        _run()
        sys.stdout.flush()  # while an error still finds someone to tell
    except VitreousError as error:
        if debug:
            raise
        _fail(str(error), 2)
    except KeyboardInterrupt:
        if debug:
            raise
        _fail("interrupted; nothing half-written was left behind", 130)
    except BrokenPipeError:
        _discard_output()
        sys.exit(0)
    except OSError as error:  # those of files are VitreousErrors by now
        if debug:
            raise
        _discard_output()
        _fail(f"{error.filename or 'standard output'}: {error.strerror or error}", 2)
    except MemoryError:
        if debug:
            raise
        _fail("out of memory; a smaller system or a machine with more memory is needed", 2)


def _run() -> None:
    import typer

    from vitreous.cli.app import app

    try:
        app(standalone_mode=False)
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


def _fail(message: str, status: int) -> None:
    line = " ".join(message.split())
    print(f"vitreous: {line}", file=sys.stderr)
    sys.exit(status)
