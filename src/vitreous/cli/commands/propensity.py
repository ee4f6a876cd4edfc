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
from vitreous.cli.console import LiveLine, add_ending, duration, facts_table, show
from vitreous.cli.files import print_json, stem
from vitreous.cli.liquids import AllowShell, liquid_of, liquid_option, told_of
from vitreous.cli.measuring import add_mobility, measure_from_runs, propensity_target, tau_facts
from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    Scheduler,
    TlsAuthority,
    TlsCertificate,
    TlsKey,
    option,
    output_option,
)
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.errors import InputError, Interrupted
from vitreous.io.keywords import SnapshotKeywords

if TYPE_CHECKING:
    from vitreous.ensemble.campaign import Campaign
    from vitreous.glassformers import GlassFormer

__all__ = ["propensity"]

_RELAXATION_TIMES = 3.2  # that the longest δt is by default
_PER_DECADE = 8


_SYSTEM, _RUNS, _ELSEWHERE = "System", "Runs", "Runs made elsewhere"


@reads("interval", "unwrap", "long_steps", *SNAPSHOT)
def propensity(
    snapshots: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="An equilibrated snapshot, as `simulate` records it. With --start: more runs, as an unquoted pattern "
            "of --from-runs has them.",
            show_default=False,
        ),
    ] = None,
    liquid: Annotated[str | None, liquid_option("What moves", _SYSTEM)] = None,
    model: Annotated[str | None, typer.Option("--model", hidden=True)] = None,  # the former name of --liquid
    allow_shell: AllowShell = False,
    temperature: Annotated[
        float | None,
        option(
            _SYSTEM, "Temperature of all but hard spheres.", "--temperature", "-T", default="as the file says"
        ),
    ] = None,
    timestep: Annotated[
        float | None,
        option(
            _SYSTEM,
            "In the model's time unit; with --from-runs, time of one step, where files have steps but no times.",
            default="that of the model",
        ),
    ] = None,
    reading: SnapshotKeywords = {},  # noqa: B006  # the options of `reads`
    runs: Annotated[
        int | None, option(_RUNS, "From the same positions, with fresh velocities.", default="32")
    ] = None,
    times: Annotated[
        str | None,
        option(
            _RUNS,
            "log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...",
            default="to 3.2 relaxation times, if the file tells that",
            metavar="TIMES",
        ),
    ] = None,
    seed: Annotated[int | None, option(_RUNS, "Seed of all velocities.", default="0", min=0)] = None,
    workers: Annotated[
        int | None, option(_RUNS, "Processes on this machine.", default="as many as cores")
    ] = None,
    scheduler: Scheduler = None,
    tls_ca: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    shard: Annotated[str | None, option(_RUNS, "Only every N-th run, from the I-th.", metavar="I/N")] = None,
    write_inputs: Annotated[
        Path | None,
        option(_ELSEWHERE, "Write input files for LAMMPS and HOOMD-blue, and run nothing.", metavar="FOLDER"),
    ] = None,
    from_runs: Annotated[
        list[str] | None,
        option(
            _ELSEWHERE,
            "Trajectories made by any program, as 'run_*/traj.*' in quotes, or one; may be repeated.",
            metavar="'PATTERN'",
        ),
    ] = None,
    start: Annotated[
        Path | None, option(_ELSEWHERE, "The snapshot that they begin at, in place of FILE.")
    ] = None,
    wave_number: Annotated[
        float | None,
        option(
            _ELSEWHERE, "q of F_s of these runs.", default="that of the model, else the first peak of S(q)"
        ),
    ] = None,
    folder: Annotated[
        Path | None, option(OUTPUT, "Where each run has its file.", default="NAME.propensity")
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
    Runs may also be made elsewhere: --write-inputs is for LAMMPS and HOOMD-blue, --from-runs for any program.
    """
    from vitreous.ensemble.campaign import Campaign
    from vitreous.ensemble.propensity import combine, run_campaign
    from vitreous.ensemble.run_inputs import write_run_inputs

    begun = clock.monotonic()
    part, asked = parse.shard(shard), parse.times(times)
    certificates = parse.certificates(scheduler, tls_ca, tls_cert, tls_key)
    ours = {"workers": workers, "scheduler": scheduler, "shard": shard, "folder": folder}
    if from_runs:
        parse.refuse(
            "means nothing with --from-runs; leave it out",
            write_inputs=write_inputs, runs=runs, times=times, seed=seed, **ours,
        )  # fmt: skip
        if start is None:
            if not snapshots or len(snapshots) > 1:
                raise InputError("--start: give the snapshot at which the runs of --from-runs begin")
            start, snapshots = snapshots[0], []
        measure_from_runs(
            start, [*from_runs, *map(str, snapshots or ())], liquid or model, allow_shell, temperature, timestep,
            wave_number, reading, output, quiet=quiet, json=json, begun=begun,
        )  # fmt: skip
        return
    of_runs = {name: reading.get(name) for name in ("interval", "unwrap", "long_steps")}
    why = "is for runs that are there already; give --from-runs too"
    parse.refuse(why, start=start, wave_number=wave_number, **of_runs)
    if not snapshots:
        raise InputError(
            "FILE: which snapshot? give its file, or runs that are there already (--from-runs, --start)"
        )
    if len(snapshots) > 1:
        raise InputError(
            f"FILE: one snapshot at a time, got {len(snapshots)}; are they runs? see --from-runs"
        )
    (file,) = snapshots
    snapshot = vt.read(file, **reading)
    told = told_of(snapshot)
    former = liquid_of(liquid or model, told, allow_shell)
    if former is None:
        raise InputError(f"--liquid: {file} does not say of which liquid it is; give it")
    if temperature is None and not former.is_hard:
        temperature = told.get("temperature")
    if asked is None:
        asked = _times(snapshot, former, str(file))
    count = 32 if runs is None else runs
    if write_inputs is not None:
        parse.refuse("means nothing with --write-inputs; leave it out", **ours, output=output)
        campaign = Campaign(snapshot, former, asked, temperature, seed or 0, timestep)
        _tell_inputs(campaign, write_run_inputs(campaign, write_inputs, count), count, quiet=quiet, json=json)
        return
    target = propensity_target(file, output)
    place = Path(f"{stem(file)}.propensity") if folder is None else folder
    campaign = Campaign(snapshot, former, asked, temperature, seed or 0, timestep)
    with _Watcher(quiet or json) as watcher:
        try:
            done = run_campaign(
                campaign,
                place,
                count,
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
            result = combine(campaign, place, count)
            result.save(target)
    facts = _facts(campaign, result, count, done, part)
    files = [str(place)] if result is None else [str(target), str(place)]
    if json:
        print_json(facts, files)
    elif not quiet:
        _summary(former, campaign, snapshot, result, facts, files, clock.monotonic() - begun)


def _tell_inputs(campaign: Campaign, folder: Path, runs: int, *, quiet: bool, json: bool) -> None:
    if json:
        print_json({**campaign.as_dict(), "runs": runs, "campaign": campaign.digest}, [str(folder)])
    elif not quiet:
        console = Console(highlight=False, soft_wrap=True)
        console.print(
            f"{runs} runs: scripts, velocities and a job array are in {folder}; in that folder, run 0 is"
        )
        console.print("  lmp -in run.in -var run 0", markup=False)
        console.print("and when all have ended")
        console.print("  vitreous propensity --from-runs 'run-*.lammpstrj' --start start.gsd", markup=False)


def _times(snapshot: vt.Configuration, model: GlassFormer, file: str) -> Any:
    from vitreous.simulate.equilibration_report import recorded_tau_1e

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

    def runs(self, there: int, total: int, workers: int) -> None:
        """Runs begin."""
        self._there, self._total, self._since = there, total, clock.monotonic()
        self._who = f"{workers} worker{'s' if workers != 1 else ''}"
        kept = f", {there} of them were there" if there else ""
        self.begin("runs", total, there, self._facts(), said=f"{total} runs{kept}, {self._who}")

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
            text += f", {_rate(each)}, {duration(left)} left" if left else f", {_rate(each)}"
        return text + (f", {self._retried} done again" if self._retried else "")


def _rate(seconds_each: float) -> str:
    if seconds_each < 1.0:
        return f"{1.0 / seconds_each:.1f} runs/s"
    return f"{60.0 / seconds_each:.3g} runs/min" if seconds_each < 120 else f"{seconds_each / 60:.1f} min/run"


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
        facts["tau_1e"] = tau_facts(result)
    return facts


def _summary(
    former: GlassFormer,
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
        else f"temperature {former.units.at_temperature(campaign.temperature or 0.0)}"
    )
    table.add_row("model", f"{former.name}, {state}")
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
        add_mobility(table, result)
    table.add_row("units", str(former.units))
    add_ending(table, seconds, files)
    if result is not None:
        table.add_row("next", f"vitreous correlate {files[0]}")
    show(table)
