"""The command `correlate`: options, and the table of what came out."""

from __future__ import annotations

import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from vitreous.correlation_curves import CorrelationCurves

__all__ = ["correlate"]

_METHOD, _READING, _OUTPUT = "Order parameter", "What the file says", "Output"


def correlate(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Written by `propensity`, or with propensities of others as a column; one a snapshot."
        ),
    ],
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.vtm",
            help="Apply this trained model.",
            show_default="one trained on each snapshot",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    neighbors: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="sann; cutoff, the first minimum of g(r); a distance; or A-A=1.4,A-B=1.2,B-B=1.3.",
            show_default="sann",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    radius: Annotated[
        float | None,
        typer.Option(help="Of local averages.", show_default="two large diameters", rich_help_panel=_METHOD),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.", rich_help_panel=_METHOD)] = 0,
    pearson: Annotated[
        bool,
        typer.Option("--pearson", help="Linear correlation, not that of ranks.", rich_help_panel=_METHOD),
    ] = False,
    glass: Annotated[
        str | None,
        typer.Option(
            "--glass-former",
            help="wahnstrom or kob-andersen: adds the potential energy to the controls.",
            show_default="as the file says",
            rich_help_panel=_READING,
        ),
    ] = None,
    column: Annotated[
        str,
        typer.Option(
            help="Of the propensity; NAME_half1 and NAME_half2 from half the runs.", rich_help_panel=_READING
        ),
    ] = "propensity",
    diameters: Annotated[
        str | None,
        typer.Option(
            metavar="A=1,B=0.85", help="By species, where the file has none.", rich_help_panel=_READING
        ),
    ] = None,
    species: Annotated[
        str | None, typer.Option(metavar="1=A,2=B", help="New names for species.", rich_help_panel=_READING)
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of the files written.",
            show_default="FILE.correlation",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print all numbers as JSON.", rich_help_panel=_OUTPUT)
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_OUTPUT)
    ] = False,
) -> None:
    """Compare the order parameter of snapshots, found without dynamics, with where their particles go."""
    import json as json_module

    from vitreous.cli import parse
    from vitreous.cli.commands import check_target, stem
    from vitreous.cli.console import stages
    from vitreous.correlation_curves import correlate as correlate_fields
    from vitreous.correlation_curves import pool, structural_fields
    from vitreous.ensemble.propensity import Propensity
    from vitreous.errors import InputError
    from vitreous.glassformers import glass_former
    from vitreous.io import atomic_path
    from vitreous.order_parameter import OrderParameter
    from vitreous.plot import save_figure
    from vitreous.plot.correlation import correlation_figure

    begun = clock.monotonic()
    prefix = f"{stem(str(files[0]))}.correlation" if output is None else output
    check_target(prefix)
    given = parse.reading(0, None, None, None, False, species, diameters)
    rule = parse.neighbors(neighbors)
    if model is not None:
        trained = OrderParameter.load(model)
        trained.require(neighbors=rule, symmetry=None)
    curves, averaged_over = [], 0.0
    with stages(quiet or json) as stage:
        for file in files:
            name = file.name
            stage(f"{name}: reading")
            dynamics = Propensity.load(file, column, species=given["species"], diameters=given["diameters"])
            kind = glass or dynamics.about.get("model")
            former = None if kind is None else glass_former(str(kind))
            stage(f"{name}: order parameter and controls")
            parameter = trained if model is not None else OrderParameter(
                random_state=seed, **({} if rule is None else {"neighbors": rule})
            )  # fmt: skip
            fields, averaged_over = structural_fields(
                dynamics.snapshot, parameter, radius=radius, former=former
            )
            stage(f"{name}: correlations")
            curves.append(
                correlate_fields(
                    fields,
                    dynamics,
                    method="pearson" if pearson else "spearman",
                    radius=averaged_over,
                    seed=seed,
                )
            )
        try:
            pooled = pool(curves)
        except InputError as error:
            raise InputError(f"these snapshots cannot be pooled: {error}") from None
        facts = {**pooled.as_dict(), "files": [str(file) for file in files], "radius": averaged_over}
        if len(curves) > 1:
            facts["each"] = [one.as_dict() for one in curves]
        written = [f"{prefix}.json", f"{prefix}.png"]
        stage("figure and files")
        with atomic_path(written[0]) as numbers, atomic_path(written[1]) as picture:
            numbers.write_text(json_module.dumps(facts, ensure_ascii=False, indent=1) + "\n")
            save_figure(correlation_figure(pooled), picture)
    if json:
        print(json_module.dumps(facts, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(pooled, averaged_over, [str(file) for file in files], written, clock.monotonic() - begun)


def _summary(
    curves: CorrelationCurves, radius: float, files: list[str], written: list[str], seconds: float
) -> None:
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    known = len(curves.times) > 1 and np.isfinite(curves.times).all()
    tau = curves.relaxation_time
    at = len(curves.times) - 1
    when = "the time of the file"
    if known and np.isfinite(tau) and curves.times[0] <= tau <= curves.times[-1]:
        at = curves.at(tau)
        when = f"δt = {curves.times[at]:.4g}, the nearest to τ_α = {tau:.4g}"
    elif known:
        when = f"δt = {curves.times[at]:.4g}, the last; τ_α is not known"
    name = "Spearman's ρ" if curves.method == "spearman" else "Pearson's r"
    several = curves.snapshots > 1
    console.print()
    console.print(f"[bold]{name} with the propensity at {when}[/]")
    how = (
        f"mean over {curves.snapshots} snapshots ± standard error"
        if several
        else "in parentheses 95 % of resamples of blocks of the box"
    )
    console.print(f"averages over {radius:.4g}; {how}\n")
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


_NAMES = {"p_red": "P_red", "p_red_averaged": "P̄_red"}


def _cell(curves: CorrelationCurves, f: int, s: int, at: int, several: bool) -> str:
    rho, low, high = curves.rho[f, s, at], curves.low[f, s, at], curves.high[f, s, at]
    if several:
        return f"{rho:+.3f} ± {high - rho:.3f}"
    return f"{rho:+.3f} ({low:+.2f} to {high:+.2f})"
