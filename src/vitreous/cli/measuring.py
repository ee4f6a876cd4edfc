"""Telling what was measured of a snapshot's propensity, and measuring it from runs that are there already."""

from __future__ import annotations

import time as clock
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rich.markup import escape
from rich.table import Table

import vitreous as vt
from vitreous.cli.console import LiveLine, add_ending, facts_table, show
from vitreous.cli.files import check_target, print_json, stem
from vitreous.cli.liquids import liquid_of, told_of
from vitreous.errors import InputError
from vitreous.formatting import with_error

if TYPE_CHECKING:
    from vitreous.io.keywords import SnapshotKeywords, TrajectoryKeywords

__all__ = ["add_mobility", "measure_from_runs", "propensity_target", "tau_facts"]

# What an option says in place of a file counts for the snapshot, for the runs, or for both.
_OF_START = ("frame", "box", "periodic", "species", "diameters")
_OF_RUNS = ("interval", "unwrap", "long_steps", "format", "box", "periodic", "unwrapped")


def propensity_target(file: Path, output: Path | None) -> Path:
    """Where the propensities go; refused before the work where they could not be written."""
    target = Path(f"{stem(file)}.propensity.gsd") if output is None else output
    if target.suffix.lower() != ".gsd":
        raise InputError(f"{target}: propensities need the suffix .gsd")
    check_target(str(target))
    return target


def measure_from_runs(
    start: Path,
    patterns: Sequence[str],
    liquid: str | None,
    allow_shell: bool,
    temperature: float | None,
    timestep: float | None,
    wave_number: float | None,
    reading: Mapping[str, object],
    output: Path | None,
    *,
    quiet: bool,
    json: bool,
    begun: float,
) -> None:
    """`propensity --from-runs`: read the runs, write the result, print what it is."""
    from vitreous.ensemble.run_files import by_numbers, find_runs

    target = propensity_target(start, output)
    of_start = {name: reading[name] for name in _OF_START if name in reading}
    snapshot = vt.read(start, **cast("SnapshotKeywords", of_start))
    of_runs = cast("TrajectoryKeywords", {name: reading[name] for name in _OF_RUNS if name in reading})
    if timestep is not None:
        of_runs["timestep"] = timestep
    paths = sorted(find_runs(patterns), key=lambda path: by_numbers(str(path)))
    if any(path.samefile(start) for path in paths):
        raise InputError(f"{start}: is the start, but --from-runs takes it for a run too")
    told = told_of(snapshot)
    with _Reading(quiet or json) as line:
        result = vt.propensity_from_runs(
            snapshot,
            paths,
            model=liquid_of(liquid, told, allow_shell),
            temperature=told.get("temperature") if temperature is None else temperature,
            wave_number=wave_number,
            progress=line.run,
            **of_runs,
        )
        result.save(target)
    if json:
        facts = {
            **result.about,
            "runs": result.runs,
            "particles": len(snapshot),
            "times": result.times.tolist(),
        }
        print_json({**facts, "tau_1e": tau_facts(result)}, [str(target)])
    elif not quiet:
        _summary(result, str(target), clock.monotonic() - begun)


class _Reading(LiveLine):
    """Shows which run is read."""

    def run(self, name: str, done: int) -> None:
        self.begin(f"reading {name}, {done} runs read", said=f"reading {name}")


def _summary(result: vt.Propensity, file: str, seconds: float) -> None:
    table = facts_table()
    table.add_row("start", escape(f"{result.snapshot.source}, {len(result.snapshot):,} particles"))
    table.add_row("runs", f"{result.runs}")
    t = result.times
    table.add_row("time differences", f"{len(t)}, from {t[0]:.4g} to {t[-1]:.4g}")
    add_mobility(table, result)
    for k, remark in enumerate(cast("list[str]", result.about["remarks"])):
        table.add_row("remarks" if k == 0 else "", f"[yellow]{escape(remark)}[/]")
    add_ending(table, seconds, [file])
    table.add_row("next", f"vitreous correlate {file}")
    show(table)


def add_mobility(table: Table, result: vt.Propensity) -> None:
    """The relaxation time, and how far particles of each species, or class of diameters, are then."""
    from vitreous.diameter_classes import particle_groups, phrase

    tau = result.tau_1e
    if not tau.found:
        table.add_row("τ_1e", f"unknown: {tau.reason}")
        return
    table.add_row("τ_1e", f"{with_error(tau.value, tau.error)}, F_s of all particles at 1/e, these runs")
    k = int(abs(result.times - tau.value).argmin())
    for s, (name, chosen) in enumerate(particle_groups(result.snapshot).masks.items()):
        mine = result.mean[k, chosen]
        table.add_row(
            "propensity at τ_1e" if s == 0 else "",
            f"{phrase(name)}: {mine.mean():.4g} on average, from {mine.min():.3g} to {mine.max():.3g}",
        )


def tau_facts(result: vt.Propensity) -> dict[str, Any]:
    """The relaxation time for `--json`."""
    tau = result.tau_1e
    return {
        "value": tau.value if tau.found else None,
        "error": tau.error if tau.found else None,
        "reason": tau.reason,
    }
