"""The command `correlate`: the order parameter against where particles go, or, with --league, everything against it."""

from __future__ import annotations

import math
import time as clock
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import vitreous as vt
from vitreous.cli import parse
from vitreous.cli.console import NO_INTERVAL, stages
from vitreous.cli.files import prefix_of, print_json, write_with_figure
from vitreous.cli.liquids import AllowShell, liquid_of, liquid_option
from vitreous.cli.options import (
    METHOD,
    Debug,
    Json,
    Quiet,
    Radius,
    Seed,
    neighbors_option,
    option,
    output_option,
)
from vitreous.cli.reading import ANY, READING, reads
from vitreous.errors import FileWarning, InputError
from vitreous.io.keywords import FileKeywords

__all__ = ["correlate"]

_NAMES = {"p_red": "P_red", "p_red_averaged": "P̄_red"}


_LEAGUE = "With --league"


@reads(*ANY)
def correlate(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Written by `propensity`, or with propensities of others as a column; one a snapshot."
        ),
    ],
    model: Annotated[
        Path | None,
        option(
            METHOD, "Apply this trained model.", default="one trained on each snapshot", metavar="FILE.vtm"
        ),
    ] = None,
    neighbors: Annotated[str | None, neighbors_option("as the paper for the model, else sann")] = None,
    radius: Radius = None,
    seed: Seed = 0,
    pearson: Annotated[bool, option(METHOD, "Linear correlation, not that of ranks.", "--pearson")] = False,
    everything: Annotated[
        bool,
        option(
            _LEAGUE,
            "Compare everything that is known to predict mobility, in pairs; takes some short runs.",
            "--league",
        ),
    ] = False,
    temperature: Annotated[
        float | None, option(_LEAGUE, "Temperature of Lennard-Jones models.", default="as the file says")
    ] = None,
    groups: Annotated[
        str | None,
        option(
            _LEAGUE,
            "One for each file; those from one independent run share theirs.",
            default="all independent",
            metavar="1,1,2,2",
        ),
    ] = None,
    at: Annotated[float | None, option(_LEAGUE, "δt of the propensity.", default="τ_1e of its runs")] = None,
    liquid: Annotated[str | None, liquid_option("Decides the neighbours, adds the energy", READING)] = None,
    allow_shell: AllowShell = False,
    glass: Annotated[str | None, typer.Option("--glass-former", hidden=True)] = None,
    column: Annotated[
        str, option(READING, "Column of the propensity; NAME_half1 and NAME_half2 from half the runs.")
    ] = "propensity",
    reading: FileKeywords = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        output_option(
            "PREFIX", "Start of the names of the files written.", "FILE.correlation, with --league FILE"
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Compare the order parameter of snapshots, found without dynamics, with where their particles go."""
    if liquid is not None and glass is not None:
        raise InputError("--glass-former: it is the former name of --liquid; leave it out")
    liquid = liquid or glass
    names = [str(file) for file in files]
    if everything:
        parse.refuse(
            "it is not for --league, which compares fixed quantities; leave it out",
            model=model, neighbors=neighbors, radius=radius, pearson=pearson or None,
        )  # fmt: skip
        from vitreous.cli.league import league_of_files

        league_of_files(
            names,
            reading,
            column=column,
            liquid=liquid_of(liquid, {}, allow_shell),
            temperature=temperature,
            groups=parse.names(groups),
            at=at,
            seed=seed,
            prefix=output,
            quiet=quiet,
            json=json,
        )
        return
    parse.refuse("it is for --league", temperature=temperature, groups=groups, at=at)
    from vitreous.correlation.curves import Method, pool
    from vitreous.plot.correlation import correlation_figure

    begun = clock.monotonic()
    prefix = prefix_of(files[0], output, ".correlation")
    rule = parse.neighbors(neighbors)
    method: Method = "pearson" if pearson else "spearman"
    trained = None
    if model is not None:
        trained = vt.OrderParameter.load(model)
        trained.require(neighbors=rule, symmetry=None)
    curves, rules, averaged_over = [], set(), 0.0
    with stages(quiet or json) as stage:
        for file in files:
            name = file.name
            stage(f"{name}: reading")
            dynamics = vt.Propensity.load(file, column, **reading)
            model_of_matter = liquid_of(liquid, dynamics.about, allow_shell)
            parameter = trained or _untrained(rule, model_of_matter, seed)
            stage(f"{name}: order parameter and controls")
            fields, averaged_over = vt.structural_fields(
                dynamics.snapshot, parameter, radius=radius, former=model_of_matter
            )
            rules.add(str(parameter.neighbors))
            stage(f"{name}: correlations")
            curves.append(vt.correlate(fields, dynamics, method=method, radius=averaged_over, seed=seed))
        try:
            pooled = pool(curves)
        except InputError as error:
            raise InputError(f"these snapshots cannot be pooled: {error}") from None
        if len({len(one.times) for one in curves}) > 1:
            warnings.warn(
                f"some propensities go on for longer than others; they are pooled as far as all go, "
                f"δt = {pooled.times[-1]:.4g}",
                FileWarning,
                stacklevel=1,
            )
        facts: dict[str, object] = {
            **pooled.as_dict(),
            "sources": names,
            "neighbors": sorted(rules),
            "radius": averaged_over,
            "seed": seed,
            "vitreous": version("vitreous"),
        }
        if len(curves) > 1:
            facts["each"] = [one.as_dict() for one in curves]
        stage("figure and files")
        written = write_with_figure(facts, correlation_figure(pooled), prefix)
    if json:
        print_json(facts, written)
    elif not quiet:
        _summary(pooled, averaged_over, ", ".join(sorted(rules)), written, clock.monotonic() - begun)


def _untrained(neighbors: Any, former: vt.GlassFormer | None, seed: int) -> vt.OrderParameter:
    """A model with the rule that was said, or that of the paper for the model."""
    if neighbors is None and former is not None:
        neighbors = former.neighbors
    return vt.OrderParameter(random_state=seed, **({} if neighbors is None else {"neighbors": neighbors}))


def _summary(
    curves: vt.CorrelationCurves, radius: float, rule: str, written: list[str], seconds: float
) -> None:
    import numpy as np

    from vitreous.diameter_classes import told_ranges

    console = Console(highlight=False)
    known = len(curves.times) > 1 and np.isfinite(curves.times).all()
    tau = curves.tau_1e
    at = len(curves.times) - 1
    when = "the time of the file"
    if known and np.isfinite(tau) and curves.times[0] <= tau <= curves.times[-1]:
        at = curves.at(tau)
        when = f"δt = {curves.times[at]:.4g}, the nearest to τ_1e = {tau:.4g}"
    elif known:
        when = f"δt = {curves.times[at]:.4g}, the last; τ_1e is not known"
    name = "Spearman's ρ" if curves.method == "spearman" else "Pearson's r"
    several = curves.snapshots > 1
    console.print()
    console.print(f"[bold]{name} with the propensity at {when}[/]")
    how = (
        f"mean over {curves.snapshots} snapshots ± standard error"
        if several
        else NO_INTERVAL
        if np.isnan(curves.low).all()
        else "in parentheses 95 % intervals, by translating one field against the other"
    )
    console.print(f"neighbours: {rule}; averages over {radius:.4g}; {how}")
    classes = told_ranges(curves.species, curves.diameter_ranges)
    console.print(f"{classes}\n" if classes else "")
    table = Table(box=None, padding=(0, 3, 0, 0))
    table.add_column("")
    for s, kind in enumerate(curves.species):
        table.add_column(f"{kind} ({curves.particles[s]:,})", justify="left", no_wrap=True)
    for f, field in enumerate(curves.fields):
        cells = [_cell(curves, f, s, at, several) for s in range(len(curves.species))]
        style = "bold" if field.startswith("p_red") else ""
        table.add_row(_NAMES.get(field, field.replace("_", " ")), *cells, style=style)

    def row(label: str, values: Any, form: str = "{:+.3f}") -> None:
        if np.isfinite(values[:, at]).any():
            table.add_row(label, *(form.format(value) for value in values[:, at]))

    table.add_section()
    table.add_row("", *([""] * len(curves.species)))
    row("both halves of the runs", curves.half)
    row("noise ceiling", curves.ceiling)
    if "p_red_averaged" in curves.fields:
        row("P̄_red without noise", curves.disattenuated[curves.fields.index("p_red_averaged")])
    if np.isfinite(curves.chance_high[:, at]).any():
        ranges = (f"{low:+.3f} to {high:+.3f}" for low, high in zip(curves.chance_low[:, at], curves.chance_high[:, at],
                                                                    strict=True))  # fmt: skip
        table.add_row("random, averaged", *ranges)
    if known and "p_red_averaged" in curves.fields:
        curve = curves.rho[curves.fields.index("p_red_averaged")]
        peaks = (f"{one.max():+.3f} at δt = {curves.times[int(one.argmax())]:.3g}" for one in curve)
        table.add_row("P̄_red, peak", *peaks)
    console.print(table)
    console.print(f"\n{seconds:.1f} s; written {', '.join(written)}\n", soft_wrap=True)


def _cell(curves: vt.CorrelationCurves, f: int, s: int, at: int, several: bool) -> str:
    rho, low, high = curves.rho[f, s, at], curves.low[f, s, at], curves.high[f, s, at]
    if several:
        return f"{rho:+.3f} ± {high - rho:.3f}"
    return f"{rho:+.3f}" + (f" ({low:+.2f} to {high:+.2f})" if math.isfinite(low) else "")
