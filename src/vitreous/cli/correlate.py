"""The command `correlate`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import OUTPUT, Debug, Json, Quiet
from vitreous.cli.reading import ANY, READING, reads

__all__ = ["correlate"]

_METHOD = "Order parameter"


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
            show_default="as the paper for the model, else sann",
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
            help="hard-spheres, wahnstrom or kob-andersen: decides the neighbours, adds the energy.",
            show_default="as the file says",
            rich_help_panel=READING,
        ),
    ] = None,
    column: Annotated[
        str,
        typer.Option(
            help="Of the propensity; NAME_half1 and NAME_half2 from half the runs.", rich_help_panel=READING
        ),
    ] = "propensity",
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of the files written.",
            show_default="FILE.correlation",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Compare the order parameter of snapshots, found without dynamics, with where their particles go."""
    from vitreous.cli import parse
    from vitreous.cli.correlating import correlate_files

    correlate_files(
        [str(file) for file in files],
        reading,
        column=column,
        model=model,
        neighbors=parse.neighbors(neighbors),
        radius=radius,
        seed=seed,
        method="pearson" if pearson else "spearman",
        former=glass,
        prefix=output,
        quiet=quiet,
        json=json,
    )
