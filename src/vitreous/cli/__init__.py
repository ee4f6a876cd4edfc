"""The command `vitreous`: parse, call, print."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; a person's error is one line and exit status 2, an interrupt is status 130."""
    from vitreous.cli.app import app
    from vitreous.errors import VitreousError

    debug = "--debug" in sys.argv
    try:
        app(standalone_mode=False)
    except VitreousError as error:
        if debug:
            raise
        _fail(str(error), 2)
    except KeyboardInterrupt:
        if debug:
            raise
        _fail("interrupted; nothing half-written was left behind", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except MemoryError:
        if debug:
            raise
        _fail("out of memory; a smaller system or a machine with more memory is needed", 2)
    except Exception as error:
        import click

        if isinstance(error, click.exceptions.Abort):
            _fail("interrupted; nothing half-written was left behind", 130)
        if isinstance(error, click.ClickException):
            where = getattr(error, "ctx", None)
            hint = f"; see {where.command_path} --help" if where is not None else ""
            _fail(error.format_message().rstrip(".") + hint, 2)
        if isinstance(error, click.exceptions.Exit):
            sys.exit(error.exit_code)
        raise


def _fail(message: str, status: int) -> None:
    line = " ".join(message.split())
    print(f"vitreous: {line}", file=sys.stderr)
    sys.exit(status)
