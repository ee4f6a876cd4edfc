"""What a person sees on the terminal: what is going on, a summary, where things are."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn
from rich.table import Table

__all__ = ["NO_INTERVAL", "LiveLine", "add_ending", "duration", "facts_table", "show", "stages"]

NO_INTERVAL = "intervals are not known: there are no translations in a box that is open along an axis"


@contextmanager
def stages(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Tell which stage is running as long as the block runs; silent when quiet, one line a stage off a terminal."""
    console = Console(stderr=True, quiet=quiet, highlight=False)
    begun = time.monotonic()

    def say(stage: str) -> None:
        if not quiet:
            print(f"[{time.monotonic() - begun:6.1f} s] {stage}", file=sys.stderr, flush=True)

    if console.is_terminal and not quiet:
        with console.status("") as status:
            yield lambda stage: status.update(f"{stage} …")
    else:
        yield say


class LiveLine:
    """One line that changes, on a terminal; a line now and then elsewhere; nothing when quiet.

    Further columns stand behind what is going on, a bar, and the facts of the moment.
    """

    def __init__(self, quiet: bool, *columns: ProgressColumn) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self.live: Progress | None = None
        if self.console.is_terminal and not quiet:
            self.live = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[facts]}"),
                *columns,
                console=self.console,
            )
        self._task: TaskID | None = None
        self._begun = self.said = time.monotonic()

    def __enter__(self) -> Self:
        if self.live is not None:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live is not None:
            self.clear()
            self.live.stop()

    def begin(
        self, what: str, total: float | None = None, completed: float = 0.0, facts: str = "", said: str = ""
    ) -> None:
        """Something begins, with a measure of its end or without; off a terminal it is `said` in other words."""
        if self.live is None:
            self.say(said or what)
        else:
            self.clear()
            text = what if total is not None else f"{what} …"
            self._task = self.live.add_task(text, total=total, completed=completed, facts=facts)  # type: ignore[arg-type]

    def update(self, facts: str, completed: float | None = None) -> None:
        """Show the facts of now, on a terminal."""
        if self.live is not None and self._task is not None:
            self.live.update(self._task, completed=completed, facts=facts)

    def clear(self) -> None:
        """Take the line away."""
        if self.live is not None and self._task is not None:
            self.live.remove_task(self._task)
            self._task = None

    def say(self, text: str) -> None:
        """Print a line, with the seconds since the beginning."""
        self.said = time.monotonic()
        if not self.quiet:
            print(f"[{self.said - self._begun:7.1f} s] {text}", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def show(*tables: Table) -> None:
    """Print tables, with an empty line around each."""
    console = Console(highlight=False)
    console.print()
    for table in tables:
        console.print(table)
        console.print()


def facts_table() -> Table:
    """The table of names and facts at the end of a command."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def add_ending(table: Table, seconds: float, files: Sequence[str]) -> None:
    """The last facts of a table: how long it took, and where things are."""
    table.add_row("time", f"{seconds:.1f} s")
    for k, file in enumerate(files):
        table.add_row("written" if k == 0 else "", file)
