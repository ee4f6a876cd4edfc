"""What the command `propensity` does, and what is seen meanwhile."""

from __future__ import annotations

import json as json_module
import math
import time as clock
from pathlib import Path
from typing import Any

from rich.console import Console

from vitreous.cli.console import LiveLine, facts_table
from vitreous.cli.files import check_target, stem
from vitreous.configuration import Configuration
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.certificates import Certificates
from vitreous.ensemble.propensity import Propensity, combine, run_campaign
from vitreous.errors import InputError, Interrupted
from vitreous.formatting import with_error
from vitreous.glassformers import GlassFormer, glass_former, model_of_record
from vitreous.io import read
from vitreous.simulate.equilibration_report import recorded_tau_1e
from vitreous.simulate.schedule import log_times

__all__ = ["measure"]

_RELAXATION_TIMES = 3.2  # that the longest δt is by default
_PER_DECADE = 8


def measure(
    file: str,
    reading: dict[str, Any],
    *,
    model: str | None,
    temperature: float | None,
    timestep: float,
    runs: int,
    times: Any,
    seed: int,
    workers: int | None,
    scheduler: str | None,
    certificates: Certificates,
    shard: tuple[int, int],
    folder: Path | None,
    output: Path | None,
    quiet: bool,
    json: bool,
) -> None:
    """Carry out the campaign, or what is still to be done of it; None is what the person did not say."""
    begun = clock.monotonic()
    target = Path(f"{stem(file)}.propensity.gsd") if output is None else output
    if target.suffix.lower() != ".gsd":
        raise InputError(f"{target}: propensities need the suffix .gsd")
    check_target(str(target))
    place = Path(f"{stem(file)}.propensity") if folder is None else folder
    snapshot = read(file, **reading)
    told = snapshot.metadata.get("simulation")
    told = told if isinstance(told, dict) else {}
    if model is None and "model" not in told:
        raise InputError(f"--model: {file} does not say of which model it is; give it")
    former = model_of_record(told) if model is None else glass_former(model)
    if temperature is None and not former.is_hard:
        temperature = told.get("temperature")
    if times is None:
        times = _times(snapshot, former, file)
    campaign = Campaign(snapshot, former, times, temperature, seed, timestep)
    with _Watcher(quiet or json) as watcher:
        try:
            done = run_campaign(
                campaign,
                place,
                runs,
                workers=workers,
                scheduler=scheduler,
                certificates=certificates,
                shard=shard,
                watcher=watcher,
            )
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted; what is finished is kept in {place}, and the same command goes on from there"
            ) from None
        result = None
        if shard[1] == 1:
            watcher.stage("combining the runs")
            result = combine(campaign, place, runs)
            result.save(target)
    facts = _facts(campaign, result, runs, done, shard)
    files = [str(place)] if result is None else [str(target), str(place)]
    if json:
        print(json_module.dumps({**facts, "files": files}, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(campaign, snapshot, result, facts, files, clock.monotonic() - begun)


def _times(snapshot: Configuration, model: GlassFormer, file: str) -> Any:
    tau = recorded_tau_1e(snapshot)
    if math.isnan(tau):
        raise InputError(
            f"--times: {file} does not tell its relaxation time; give for instance log:0.01:1000:40, the last of "
            f"three relaxation times or more"
        )
    first, last = model.shortest_time, float(f"{_RELAXATION_TIMES * tau:.2g}")
    return log_times(first, last, 1 + round(_PER_DECADE * math.log10(last / first)))


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
        tau = result.tau_1e
        facts["tau_1e"] = {
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
        tau = result.tau_1e
        if tau.found:
            table.add_row(
                "τ_1e", f"{with_error(tau.value, tau.error)}, F_s of all particles at 1/e, these runs"
            )
            k = int(abs(t - tau.value).argmin())
            for s, name in enumerate(snapshot.species_names):
                mine = result.mean[k, snapshot.species_index == s]
                table.add_row(
                    "propensity at τ_1e" if s == 0 else "",
                    f"species {name}: {mine.mean():.4g} on average, from {mine.min():.3g} to {mine.max():.3g}",
                )
        else:
            table.add_row("τ_1e", f"unknown: {tau.reason}")
    table.add_row("units", str(campaign.model.units))
    table.add_row("time", f"{seconds:.1f} s")
    for k, name in enumerate(files):
        table.add_row("written" if k == 0 else "", name)
    if result is not None:
        table.add_row("next", f"vitreous correlate {files[0]}")
    console = Console(highlight=False)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
