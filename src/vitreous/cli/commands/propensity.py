"""The command `propensity`: many runs from one snapshot, and what is seen meanwhile."""

from __future__ import annotations

import math
import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import vitreous as vt
from vitreous.cli import parse
from vitreous.cli.console import LiveLine, add_ending, facts_table
from vitreous.cli.files import check_target, print_json, stem
from vitreous.cli.liquids import AllowShell, liquid_of, liquid_option
from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    Scheduler,
    TlsAuthority,
    TlsCertificate,
    TlsKey,
    output_option,
)
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.errors import InputError, Interrupted
from vitreous.formatting import with_error
from vitreous.io import read
from vitreous.simulate.equilibration_report import recorded_tau_1e

if TYPE_CHECKING:
    from vitreous.ensemble.campaign import Campaign
    from vitreous.glassformers import GlassFormer

__all__ = ["propensity"]

_RELAXATION_TIMES = 3.2  # that the longest δt is by default
_PER_DECADE = 8


_SYSTEM, _RUNS = "System", "Runs"


@reads(*SNAPSHOT)
def propensity(
    file: Annotated[Path, typer.Argument(help="An equilibrated snapshot, as `simulate` records it.")],
    liquid: Annotated[str | None, liquid_option("What moves", _SYSTEM)] = None,
    model: Annotated[str | None, typer.Option("--model", hidden=True)] = None,  # the former name of --liquid
    allow_shell: AllowShell = False,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            "-T",
            help="Of all but hard spheres.",
            show_default="as the file says",
            rich_help_panel=_SYSTEM,
        ),
    ] = None,
    timestep: Annotated[
        float | None,
        typer.Option(
            help="In the model's time unit.", show_default="that of the model", rich_help_panel=_SYSTEM
        ),
    ] = None,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
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
    scheduler: Scheduler = None,
    tls_ca: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only every N-th run, from the I-th.", rich_help_panel=_RUNS),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where each run has its file.", show_default="NAME.propensity", rich_help_panel=OUTPUT
        ),
    ] = None,
    output: Annotated[
        Path | None,
        output_option("FILE.gsd", "The propensities, one frame for each time.", "NAME.propensity.gsd"),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure how far each particle of a snapshot goes: many runs, each with velocities of its own.

    A campaign that was stopped goes on with the same command; no run that is in the folder is repeated.
    """
    from vitreous.ensemble.campaign import Campaign
    from vitreous.ensemble.propensity import combine, run_campaign

    begun = clock.monotonic()
    part, asked = parse.shard(shard), parse.times(times)
    certificates = parse.certificates(scheduler, tls_ca, tls_cert, tls_key)
    target = Path(f"{stem(file)}.propensity.gsd") if output is None else output
    if target.suffix.lower() != ".gsd":
        raise InputError(f"{target}: propensities need the suffix .gsd")
    check_target(str(target))
    place = Path(f"{stem(file)}.propensity") if folder is None else folder
    snapshot = read(file, **reading)
    told = snapshot.metadata.get("simulation")
    told = told if isinstance(told, dict) else {}
    former = liquid_of(liquid or model, told, allow_shell)
    if former is None:
        raise InputError(f"--liquid: {file} does not say of which liquid it is; give it")
    if temperature is None and not former.is_hard:
        temperature = told.get("temperature")
    if asked is None:
        asked = _times(snapshot, former, str(file))
    campaign = Campaign(snapshot, former, asked, temperature, seed, timestep)
    with _Watcher(quiet or json) as watcher:
        try:
            done = run_campaign(
                campaign,
                place,
                runs,
                workers=workers,
                scheduler=scheduler,
                certificates=certificates,
                shard=part,
                watcher=watcher,
            )
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted; what is finished is kept in {place}, and the same command goes on from there"
            ) from None
        result = None
        if part[1] == 1:
            watcher.stage("combining the runs")
            result = combine(campaign, place, runs)
            result.save(target)
    facts = _facts(campaign, result, runs, done, part)
    files = [str(place)] if result is None else [str(target), str(place)]
    if json:
        print_json(facts, files)
    elif not quiet:
        _summary(campaign, snapshot, result, facts, files, clock.monotonic() - begun)


def _times(snapshot: vt.Configuration, model: GlassFormer, file: str) -> Any:
    tau = recorded_tau_1e(snapshot)
    if math.isnan(tau):
        raise InputError(
            f"--times: {file} does not tell its relaxation time; give for instance log:0.01:1000:40, the last of "
            f"three relaxation times or more"
        )
    first, last = model.shortest_time, float(f"{_RELAXATION_TIMES * tau:.2g}")
    return vt.log_times(first, last, 1 + round(_PER_DECADE * math.log10(last / first)))


class _Watcher(LiveLine):
    """Shows runs as they end."""

    def __init__(self, quiet: bool) -> None:
        super().__init__(quiet)
        self._there = self._done = self._total = self._retried = 0

    def stage(self, what: str) -> None:
        """Something without a count begins."""
        self.begin(what)
        if self.live is None:
            self.say(what)

    def runs(self, there: int, total: int, workers: int) -> None:
        """Runs begin."""
        self._there, self._total, self._since = there, total, clock.monotonic()
        self._who = f"{workers} worker{'s' if workers != 1 else ''}"
        self.begin("runs", total, there, self._facts())
        if self.live is None:
            kept = f", {there} of them were there" if there else ""
            self.say(f"{total} runs{kept}, {self._who}")

    def finished(self, number: int) -> None:
        """One more run is in its file."""
        self._done += 1
        self.update(self._facts(), self._there + self._done)
        if self.live is None:
            self.say(self._facts())

    def failed(self, number: int, reason: str) -> None:
        """A run was lost."""
        self._retried += 1
        text = f"run {number}: {reason}; it is done again"
        if self.live is None:
            self.say(text)
        else:
            self.live.console.print(f"[yellow]{text}[/]")

    def _facts(self) -> str:
        text = f"{self._there + self._done} of {self._total}, {self._who}"
        if self._done:
            each = (clock.monotonic() - self._since) / self._done
            left = each * (self._total - self._there - self._done)
            text += f", {_rate(each)}, {_duration(left)} left" if left else f", {_rate(each)}"
        return text + (f", {self._retried} done again" if self._retried else "")


def _rate(seconds_each: float) -> str:
    if seconds_each < 1.0:
        return f"{1.0 / seconds_each:.1f} runs/s"
    return f"{60.0 / seconds_each:.3g} runs/min" if seconds_each < 120 else f"{seconds_each / 60:.1f} min/run"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _facts(
    campaign: Campaign, result: vt.Propensity | None, runs: int, done: int, part: tuple[int, int]
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
        tau = result.tau_1e
        facts["tau_1e"] = {
            "value": tau.value if tau.found else None,
            "error": tau.error if tau.found else None,
            "reason": tau.reason,
        }
    return facts


def _summary(
    campaign: Campaign,
    snapshot: vt.Configuration,
    result: vt.Propensity | None,
    facts: dict[str, Any],
    files: list[str],
    seconds: float,
) -> None:
    table = facts_table()
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
        from vitreous.diameter_classes import particle_groups, phrase

        tau = result.tau_1e
        if tau.found:
            table.add_row(
                "τ_1e", f"{with_error(tau.value, tau.error)}, F_s of all particles at 1/e, these runs"
            )
            k = int(abs(t - tau.value).argmin())
            groups = particle_groups(snapshot)
            for s, (name, chosen) in enumerate(groups.masks.items()):
                mine = result.mean[k, chosen]
                table.add_row(
                    "propensity at τ_1e" if s == 0 else "",
                    f"{phrase(name)}: {mine.mean():.4g} on average, from {mine.min():.3g} to {mine.max():.3g}",
                )
        else:
            table.add_row("τ_1e", f"unknown: {tau.reason}")
    table.add_row("units", str(campaign.model.units))
    add_ending(table, seconds, files)
    if result is not None:
        table.add_row("next", f"vitreous correlate {files[0]}")
    console = Console(highlight=False)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
