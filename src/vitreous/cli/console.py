"""What a person sees on the terminal: what is going on, a summary, where things are."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn
from rich.table import Table

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.correlation.associate import Correlation
from vitreous.jobs.reveal import Revelation

__all__ = ["NO_INTERVAL", "LiveLine", "Stages", "correlation_rows", "facts_table", "stages", "summary"]

NO_INTERVAL = "intervals are not known: there are no translations in a box that is open along an axis"
_NAMES = {P_RED: "P_red", P_RED_AVERAGED: "P̄_red"}


class Stages:
    """Tells which stage is running and for how long; silent when quiet, one line a stage off a terminal."""

    def __init__(self, quiet: bool) -> None:
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self.quiet = quiet
        self._status = self.console.status("") if self.console.is_terminal and not quiet else None
        self._begun = time.monotonic()

    def __call__(self, stage: str) -> None:
        """Say that `stage` begins."""
        if self._status is not None:
            self._status.update(f"{stage} …")
        elif not self.quiet:
            elapsed = time.monotonic() - self._begun
            print(f"[{elapsed:6.1f} s] {stage}", file=sys.stderr, flush=True)


@contextmanager
def stages(quiet: bool) -> Iterator[Stages]:
    """Show stages as long as the block runs."""
    shown = Stages(quiet)
    if shown._status is None:
        yield shown
    else:
        with shown._status:
            yield shown


class LiveLine:
    """One line that changes, on a terminal; a line now and then elsewhere; nothing when quiet.

    Parameters
    ----------
    quiet : bool
    *columns : ProgressColumn
        Behind what is going on, a bar, and the facts of the moment.
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

    def begin(self, what: str, total: float | None = None, completed: float = 0.0, facts: str = "") -> None:
        """Something begins, with a measure of its end or without."""
        if self.live is not None:
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


def facts_table() -> Table:
    """The table of names and facts at the end of a command."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def correlation_rows(
    correlations: Mapping[tuple[str, str], Correlation],
    noise_ceilings: Mapping[str, float],
    names: Mapping[str, str],
    remark: str = "",
) -> list[tuple[str, str]]:
    """Rows of a summary about the propensity in the file, by quantity and species, with a remark on the intervals."""
    width = max(len(name) for name in names.values())
    rows = []
    for (quantity, kind), value in correlations.items():
        interval = "" if math.isnan(value.low) else f" ({value.low:+.3f} to {value.high:+.3f})"
        rows.append(
            f"Spearman's ρ with {names[quantity]:{width}s} of species {kind}: {value.rho:+.3f}{interval}"
        )
    if any(math.isnan(value.low) and not math.isnan(value.rho) for value in correlations.values()):
        rows.append(NO_INTERVAL)
    elif correlations and remark:
        rows.append(remark)
    if noise_ceilings:
        reached = ", ".join(f"{value:.2f} of species {kind}" for kind, value in noise_ceilings.items())
        rows.append(f"a perfect predictor would reach {reached}: the rest is noise of the runs")
    return [("" if k or not correlations else "propensity in the file", row) for k, row in enumerate(rows)]


def summary(
    revelation: Revelation, files: list[str], seconds: float, beside: Sequence[tuple[str, str]] = ()
) -> None:
    """Print the table at the end of `reveal`, with further rows `beside` it."""
    console = Console(highlight=False)
    facts: dict[str, Any] = revelation.as_dict()
    model = revelation.model
    table = facts_table()
    species = ", ".join(f"{n:,} {name}" for name, n in facts["species"].items())
    table.add_row("snapshot", Path(str(facts["source"])).name)
    table.add_row(
        "particles", f"{facts['particles']:,} ({species}), number density {facts['number_density']:.4g}"
    )
    lonely = facts["without_neighbors"]
    note = f"; {lonely:,} particles without neighbours have no value" if lonely else ""
    table.add_row("neighbours", f"{model.rule}, {facts['mean_neighbors']:.2f} on average{note}")
    trained = "this snapshot" if revelation.trained_here else str(model.source_)
    table.add_row("trained on", f"{trained}, {model.reducer}, seed {model.random_state_}")
    for name, report in model.reports_.items():
        table.add_row("", "") if len(model.reports_) > 1 else None
        if len(model.reports_) > 1:
            table.add_row("model for", f"species {name}")
        table.add_row(
            "variance explained",
            "   ".join(
                f"c={c}: {value:.2f}" + (" (used)" if c == report.bottleneck else "")
                for c, value in report.fve.items()
            ),
        )
        table.add_row(
            "two components",
            f"red holds {100 * report.red_weight:.0f} %, separation {report.separation:.2f} s.d., "
            f"BIC of two minus one {report.bic_two - report.bic_one:+.0f}",
        )
        ways = (
            ("between seeds", report.seed_agreement),
            ("with principal components", report.pca_agreement),
            ("with the likeliest mixture", report.mixture_agreement),
        )
        table.add_row(
            "agreement", ", ".join(f"{way} {value:.2f}" for way, value in ways if value is not None)
        )
        for remark in report.remarks:
            style = "green" if remark.startswith("The answer is stable") else "yellow"
            table.add_row("", f"[{style}]{remark}[/]")
    table.add_row("mean P_red", f"{facts['mean_p_red']:.4f}")
    table.add_row("P̄_red averaged over", f"{facts['radius']:.4g} ({facts['radius_origin']})")
    for row in (*correlation_rows(revelation.correlations, revelation.noise_ceilings, _NAMES), *beside):
        table.add_row(*row)
    table.add_row("time", f"{seconds:.1f} s")
    for k, file in enumerate(files):
        table.add_row("written" if k == 0 else "", file)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
