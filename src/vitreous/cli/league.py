"""What `correlate --league` does, and the table of what came out."""

from __future__ import annotations

import math
import time as clock
from contextlib import ExitStack
from typing import Any, cast

import numpy as np
from rich.console import Console
from rich.table import Table

from vitreous.cli.console import NO_INTERVAL, stages
from vitreous.cli.files import prefix_of, print_json, write_json
from vitreous.ensemble.result import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.glassformers.catalogue import temperature_text
from vitreous.io import atomic_path
from vitreous.io.keywords import FileKeywords
from vitreous.plot import save_figure
from vitreous.plot.league import league_figure
from vitreous.predictors.catalogue import GROUPS, REFERENCE, predictor
from vitreous.predictors.comparison import league
from vitreous.predictors.result import League
from vitreous.predictors.text import to_csv, to_markdown

__all__ = ["league_of_files"]

_AVERAGED = ("sphere", "exponential")
_WIDTH = 100  # of the whole table


def league_of_files(
    files: list[str],
    reading: FileKeywords,
    *,
    column: str,
    liquid: GlassFormer | None,
    temperature: float | None,
    groups: list[str] | None,
    at: float | None,
    seed: int,
    prefix: str | None,
    quiet: bool,
    json: bool,
) -> None:
    """Compare all predictors on the snapshots of some files; None is what was not said."""
    begun = clock.monotonic()
    prefix = prefix_of(files[0], prefix)
    if groups is not None and len(groups) != len(files):
        raise InputError(f"--groups: expected one for each of {len(files)} files, got {len(groups)}")
    with stages(quiet or json) as stage:
        stage("reading")
        propensities = [Propensity.load(file, column, **reading) for file in files]
        found = league(
            [one.snapshot for one in propensities],
            propensities,
            liquid=liquid,
            temperature=temperature,
            groups=groups,
            at=at,
            random_state=seed,
            progress=stage,
        )
        stage("figure and files")
        facts = found.as_dict()
        written = _write_all(found, facts, prefix)
    if json:
        print_json(facts, written)
    elif not quiet:
        _summary(found, written, clock.monotonic() - begun)


def _write_all(found: League, facts: dict[str, Any], prefix: str) -> list[str]:
    texts = {"csv": to_csv(found), "md": to_markdown(found)}
    names = [f"{prefix}.league.{suffix}" for suffix in ("json", *texts, "png")]
    with ExitStack() as stack:
        paths = [stack.enter_context(atomic_path(name)) for name in names]
        write_json(paths[0], facts)
        for path, text in zip(paths[1:-1], texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        save_figure(league_figure(found), paths[-1])
    return names


def _summary(found: League, written: list[str], seconds: float) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH
    single = len(found) == 1
    whole = console.width >= _WIDTH  # a narrow terminal leaves out the differences, which are in the files
    shown = 3 if not whole else 5 if single else 6
    how = (
        NO_INTERVAL
        if single and np.isnan(found.low).all()
        else "in parentheses 95 % intervals, by translating one field against the other"
        if single
        else f"means over {len(found)} snapshots ± 95 % by Student over {found.independent} independent runs"
        if found.independent > 1
        else f"means over {len(found)} snapshots that are not independent"
    )
    state = (
        found.liquid
        if found.temperature is None
        else f"{found.liquid}, T = {temperature_text(found.liquid, found.temperature)}"
    )
    times = ", ".join(dict.fromkeys(f"{time:.4g}" for time in found.times if not math.isnan(time)))
    console.print()
    when = f" at δt = {times}" if times else ""
    console.print(f"[bold]Spearman's ρ with the propensity{when}, times the expected sign: {state}[/]")
    console.print(how)
    console.print(
        f"averages: sphere of radius {found.radius:g}; exponential, exp(-r/{found.length:g}), within species first"
    )
    cells = {(row["species"], row["predictor"], row["kernel"]): row for row in found.table()}
    for s, species in enumerate(found.species):
        counts = "/".join(dict.fromkeys(f"{n:,}" for n in found.particles[:, s].tolist()))
        ceiling = found.ceiling[s]
        reach = "" if math.isnan(ceiling) else f"; noise ceiling {ceiling:.2f}"
        console.print(f"\n[bold]species {species}[/] ({counts} particles){reach}")
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column("", no_wrap=True)
        titles = ("bare", *_AVERAGED, "- P̄_red", "- P̄_red", "better on")[:shown]
        for title in titles:
            table.add_column(
                title, justify="left" if title in _AVERAGED and single else "right", no_wrap=True
            )
        group = None
        for name in found.predictors:
            known = predictor(name)
            if known.group != group:
                group = known.group
                table.add_row(GROUPS[group], style="dim")
            rows = {kernel: cells[species, name, kernel] for kernel in found.kernels}
            style = "bold" if name in (REFERENCE[0], "cage") else ""
            mark = " †" if known.needs_runs else ""
            table.add_row(f"  {known.label}{mark}", *_cells(name, rows, single)[:shown], style=style)
        console.print(table)
    console.print("\n† needs short runs of the snapshot")
    if whole:
        console.print("- P̄_red: less that of P_red averaged over the sphere, on the same snapshots")
    for name, reason in found.absent.items():
        console.print(f"without {predictor(name).label}: {reason}", style="dim", soft_wrap=True)
    for remark in cast("list[str]", found.about.get("remarks", [])):
        console.print(remark, style="yellow", soft_wrap=True)
    console.print(f"\n{seconds:.1f} s; written {', '.join(written)}\n", soft_wrap=True)


def _cells(name: str, rows: dict[str, dict[str, Any]], single: bool) -> list[str]:
    differences, better = [], []
    for kernel in _AVERAGED:
        row = rows[kernel]
        if (name, kernel) == REFERENCE:
            differences.append("")
            better.append("")
        else:
            value, low, high = (row[f"difference{suffix}"] for suffix in ("", "_low", "_high"))
            differences.append(f"{value:+.2f}" if single else _with_margin(value, low, high))
            better.append(f"{row['better']}/{row['snapshots']}")
    averaged = [
        _with_interval(rows[kernel]["rho"], rows[kernel]["low"], rows[kernel]["high"])
        if single
        else _with_margin(rows[kernel]["rho"], rows[kernel]["low"], rows[kernel]["high"])
        for kernel in _AVERAGED
    ]
    return [f"{rows['bare']['rho']:.2f}", *averaged, *differences, " ".join(filter(None, better))]


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{value:5.2f}" + ("" if math.isnan(low) else f" ({low:.2f} to {high:.2f})")


def _with_margin(value: float, low: float, high: float) -> str:
    return f"{value:.2f}" + ("" if math.isnan(low) else f" ±{0.5 * (high - low):.2f}")
