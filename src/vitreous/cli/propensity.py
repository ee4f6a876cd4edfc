"""The command `propensity`: options, what is seen meanwhile, the summary."""

from __future__ import annotations

import math
import sys
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from vitreous.configuration import Configuration
    from vitreous.ensemble.campaign import Campaign
    from vitreous.ensemble.propensity import Propensity

__all__ = ["propensity"]

_SYSTEM, _RUNS, _OUTPUT = "System", "Runs", "Output"
_RELAXATION_TIMES = 3.2  # that the longest δt is by default
_PER_DECADE = 8
_FIRST = {"hard-spheres": 0.01, "wahnstrom": 0.02, "kob-andersen": 0.02}  # ballistic still


def propensity(
    file: Annotated[Path, typer.Argument(help="An equilibrated snapshot, as `simulate` records it.")],
    model: Annotated[
        str | None,
        typer.Option(
            help="hard-spheres, wahnstrom or kob-andersen.",
            show_default="as the file says",
            rich_help_panel=_SYSTEM,
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            "-T",
            help="Of Lennard-Jones models.",
            show_default="as the file says",
            rich_help_panel=_SYSTEM,
        ),
    ] = None,
    timestep: Annotated[
        float, typer.Option(help="Of Lennard-Jones models.", rich_help_panel=_SYSTEM)
    ] = 0.005,
    frame: Annotated[
        int,
        typer.Option(help="Of a trajectory; negative counts from the end.", rich_help_panel=_SYSTEM),
    ] = -1,
    species: Annotated[
        str | None, typer.Option(metavar="1=A,2=B", help="New names for species.", rich_help_panel=_SYSTEM)
    ] = None,
    runs: Annotated[
        int, typer.Option(help="From the same positions, with fresh velocities.", rich_help_panel=_RUNS)
    ] = 32,
    times: Annotated[
        str | None,
        typer.Option(
            metavar="TIMES",
            help="log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...",
            show_default="to 3.2 relaxation times, if the file tells that",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all velocities.", rich_help_panel=_RUNS)] = 0,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes on this machine.", show_default="as many as cores", rich_help_panel=_RUNS
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Use a running Dask cluster.", rich_help_panel=_RUNS),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only every N-th run, from the I-th.", rich_help_panel=_RUNS),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where each run has its file.", show_default="NAME.propensity", rich_help_panel=_OUTPUT
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.gsd",
            help="The propensities, one frame for each time.",
            show_default="NAME.propensity.gsd",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON.", rich_help_panel=_OUTPUT)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_OUTPUT)
    ] = False,
) -> None:
    """Measure how far each particle of a snapshot goes: many runs from it, each with velocities of its own.

    A campaign that was stopped goes on with the same command; no run that is in the folder is repeated.
    """
    from vitreous.cli import parse
    from vitreous.cli.commands import check_target, stem
    from vitreous.ensemble.campaign import Campaign
    from vitreous.ensemble.propensity import combine, run_campaign
    from vitreous.errors import InputError, Interrupted
    from vitreous.glassformers import glass_former
    from vitreous.io import read

    begun = clock.monotonic()
    part = _shard(shard)
    target = Path(f"{stem(str(file))}.propensity.gsd") if output is None else output
    if target.suffix.lower() != ".gsd":
        raise InputError(f"{target}: propensities need the suffix .gsd")
    check_target(str(target))
    place = Path(f"{stem(str(file))}.propensity") if folder is None else folder
    snapshot = read(file, **parse.reading(frame, None, None, None, False, species, None))
    told = snapshot.metadata.get("simulation")
    told = told if isinstance(told, dict) else {}
    name = model or told.get("model")
    if name is None:
        raise InputError(f"--model: {file} does not say of which model it is; give it")
    former = glass_former(str(name))
    if temperature is None and former.pairs is not None:
        temperature = told.get("temperature")
    wanted = parse.times(times)
    if wanted is None:
        wanted = _times(snapshot, former.name, str(file))
    campaign = Campaign(snapshot, former, wanted, temperature, seed, timestep)
    with _watching(quiet or json) as watcher:
        try:
            done = run_campaign(
                campaign, place, runs, workers=workers, scheduler=scheduler, shard=part, watcher=watcher
            )
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted; what is finished is kept in {place}, and the same command goes on from there"
            ) from None
        if part[1] > 1:
            result = None
        else:
            watcher.stage("combining the runs")
            result = combine(campaign, place, runs)
            result.save(target)
    facts = _facts(campaign, result, runs, done, part)
    files = [str(place)] if result is None else [str(target), str(place)]
    if json:
        import json as json_module

        print(json_module.dumps({**facts, "files": files}, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(campaign, snapshot, result, facts, files, clock.monotonic() - begun)


def _shard(text: str | None) -> tuple[int, int]:
    from vitreous.errors import InputError

    if text is None:
        return 0, 1
    part, slash, parts = text.partition("/")
    if not (slash and part.isdigit() and parts.isdigit() and int(part) < int(parts)):
        raise InputError(f"--shard: expected I/N with I from 0 to N - 1, as 0/4; got {text!r}")
    return int(part), int(parts)


def _times(snapshot: Configuration, model: str, file: str) -> Any:
    from vitreous.errors import InputError
    from vitreous.simulate.schedule import log_times

    told = snapshot.metadata.get("equilibration")
    tau = told.get("tau_alpha") if isinstance(told, dict) else None
    if not isinstance(tau, float):
        raise InputError(
            f"--times: {file} does not tell its relaxation time; give for instance log:0.01:1000:40, the last of "
            f"three relaxation times or more"
        )
    first, last = _FIRST[model], float(f"{_RELAXATION_TIMES * tau:.2g}")
    return log_times(first, last, 1 + round(_PER_DECADE * math.log10(last / first)))


class _Watcher:
    """Shows runs as they end: a live bar on a terminal, a line each elsewhere."""

    def __init__(self, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.quiet = quiet
        self.console = Console(stderr=True, quiet=quiet, highlight=False)
        self.live: Progress | None = None
        if self.console.is_terminal and not quiet:
            self.live = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[facts]}"),
                console=self.console,
            )
        self._task: Any = None
        self._begun = clock.monotonic()
        self._there = self._done = self._total = self._retried = 0

    def stage(self, what: str) -> None:
        """Something without a count begins."""
        if self.live is None:
            self._say(what)
            return
        self._clear()
        self._task = self.live.add_task(f"{what} …", total=None, facts="")

    def runs(self, there: int, total: int, workers: int) -> None:
        """Runs begin."""
        self._there, self._total, self._since = there, total, clock.monotonic()
        self._who = f"{workers} worker{'s' if workers != 1 else ''}"
        kept = f", {there} of them were there" if there else ""
        if self.live is None:
            self._say(f"{total} runs{kept}, {self._who}")
            return
        self._clear()
        self._task = self.live.add_task("runs", total=total, completed=there, facts=self._facts())

    def finished(self, number: int) -> None:
        """One more run is in its file."""
        self._done += 1
        if self.live is None:
            self._say(self._facts())
        else:
            self.live.update(self._task, completed=self._there + self._done, facts=self._facts())

    def failed(self, number: int, reason: str) -> None:
        """A run was lost."""
        self._retried += 1
        text = f"run {number}: {reason}; it is done again"
        if self.live is None:
            self._say(text)
        else:
            self.live.console.print(f"[yellow]{text}[/]")

    def _facts(self) -> str:
        text = f"{self._there + self._done} of {self._total}, {self._who}"
        if self._done:
            each = (clock.monotonic() - self._since) / self._done
            left = each * (self._total - self._there - self._done)
            text += f", {_rate(each)}, {_duration(left)} left" if left else f", {_rate(each)}"
        return text + (f", {self._retried} done again" if self._retried else "")

    def _clear(self) -> None:
        if self.live is not None and self._task is not None:
            self.live.remove_task(self._task)
            self._task = None

    def _say(self, text: str) -> None:
        if not self.quiet:
            print(f"[{clock.monotonic() - self._begun:7.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def _watching(quiet: bool) -> Iterator[_Watcher]:
    watcher = _Watcher(quiet)
    if watcher.live is None:
        yield watcher
    else:
        with watcher.live:
            yield watcher
            watcher._clear()


def _rate(seconds_each: float) -> str:
    if seconds_each < 1.0:
        return f"{1.0 / seconds_each:.1f} runs/s"
    return f"{60.0 / seconds_each:.3g} runs/min" if seconds_each < 120 else f"{seconds_each / 60:.1f} min/run"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _facts(
    campaign: Campaign, result: Propensity | None, runs: int, done: int, part: tuple[int, int]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        **campaign.as_dict(),
        "runs": runs,
        "shard": None if part[1] == 1 else f"{part[0]}/{part[1]}",
        "asked_for": len(range(part[0], runs, part[1])),
        "carried_out_now": done,
        "campaign": campaign.digest,
    }
    if result is not None:
        tau = result.relaxation_time
        facts["relaxation_time"] = {
            "value": tau.value if tau.found else None,
            "error": tau.error if tau.found else None,
            "reason": tau.reason,
        }
    return facts


def _summary(
    campaign: Campaign,
    snapshot: Configuration,
    result: Propensity | None,
    facts: dict[str, Any],
    files: list[str],
    seconds: float,
) -> None:
    from rich.console import Console
    from rich.table import Table

    from vitreous.simulate.equilibration_report import with_error

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    state = (
        f"packing fraction {facts['packing_fraction']:.4g}"
        if "packing_fraction" in facts
        else f"temperature {campaign.temperature:g}"
    )
    table.add_row("model", f"{campaign.model.name}, {state}")
    table.add_row("particles", f"{len(snapshot):,}, seed {campaign.seed}")
    told = snapshot.metadata.get("equilibration")
    verdict = told.get("verdict") if isinstance(told, dict) else None
    if verdict != "equilibrated":
        table.add_row("", f"[yellow]the file says {verdict!r} of the snapshot[/]" if verdict else
                      "[yellow]the file does not say whether the snapshot is equilibrated[/]")  # fmt: skip
    there = facts["asked_for"] - facts["carried_out_now"]
    of = "" if facts["shard"] is None else f" of {facts['runs']}, shard {facts['shard']}"
    table.add_row("runs", f"{facts['asked_for']}{of}" + (f", {there} of them were there" if there else ""))
    t = campaign.times
    table.add_row("time differences", f"{len(t)}, from {t[0]:.4g} to {t[-1]:.4g}")
    if result is None:
        table.add_row("", "[yellow]run without --shard when all shards are done: that combines them[/]")
    else:
        tau = result.relaxation_time
        if tau.found:
            table.add_row(
                "τ_α", f"{with_error(tau.value, tau.error)}, F_s of all particles at 1/e, these runs"
            )
            k = int(abs(t - tau.value).argmin())
            for s, name in enumerate(snapshot.species_names):
                mine = result.mean[k, snapshot.species_index == s]
                table.add_row(
                    "propensity at τ_α" if s == 0 else "",
                    f"species {name}: {mine.mean():.4g} on average, from {mine.min():.3g} to {mine.max():.3g}",
                )
        else:
            table.add_row("τ_α", f"unknown: {tau.reason}")
    table.add_row("units", campaign.model.units)
    table.add_row("time", f"{seconds:.1f} s")
    for k, name in enumerate(files):
        table.add_row("written" if k == 0 else "", name)
    if result is not None:
        table.add_row("next", f"vitreous correlate {files[0]}")
    console = Console(highlight=False)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
