"""The command `correlate`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import OUTPUT, Debug, Json, Quiet
from vitreous.cli.reading import ANY, READING, reads

__all__ = ["correlate"]

_METHOD = "Order parameter"
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
    everything: Annotated[
        bool,
        typer.Option(
            "--league",
            help="Compare everything that is known to predict mobility, in pairs; takes some short runs.",
            rich_help_panel=_LEAGUE,
        ),
    ] = False,
    temperature: Annotated[
        float | None,
        typer.Option(
            help="Of Lennard-Jones models.", show_default="as the file says", rich_help_panel=_LEAGUE
        ),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            metavar="1,1,2,2",
            help="One for each file; those from one independent run share theirs.",
            show_default="all independent",
            rich_help_panel=_LEAGUE,
        ),
    ] = None,
    at: Annotated[
        float | None,
        typer.Option(help="δt of the propensity.", show_default="τ_1e of its runs", rich_help_panel=_LEAGUE),
    ] = None,
    liquid: Annotated[
        str | None,
        typer.Option(
            help="hard-spheres, wahnstrom or kob-andersen: decides the neighbours, adds the energy.",
            show_default="as the file says",
            rich_help_panel=READING,
        ),
    ] = None,
    glass: Annotated[str | None, typer.Option("--glass-former", hidden=True)] = None,
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
            show_default="FILE.correlation, with --league FILE",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Compare the order parameter of snapshots, found without dynamics, with where their particles go."""
    from vitreous.cli import parse
    from vitreous.errors import InputError

    if liquid is not None and glass is not None:
        raise InputError("--glass-former: it is the former name of --liquid; leave it out")
    names = [str(file) for file in files]
    if everything:
        _refuse(
            "it is not for --league, which compares fixed quantities; leave it out",
            model=model, neighbors=neighbors, radius=radius, pearson=pearson or None,
        )  # fmt: skip
        from vitreous.cli.comparing import league_of_files

        league_of_files(
            names,
            reading,
            column=column,
            liquid=liquid or glass,
            temperature=temperature,
            groups=parse.names(groups),
            at=at,
            seed=seed,
            prefix=output,
            quiet=quiet,
            json=json,
        )
        return
    _refuse("it is for --league", temperature=temperature, groups=groups, at=at)
    from vitreous.cli.correlating import correlate_files

    correlate_files(
        names,
        reading,
        column=column,
        model=model,
        neighbors=parse.neighbors(neighbors),
        radius=radius,
        seed=seed,
        method="pearson" if pearson else "spearman",
        former=liquid or glass,
        prefix=output,
        quiet=quiet,
        json=json,
    )


def _refuse(why: str, **options: object) -> None:
    from vitreous.errors import InputError

    for name, value in options.items():
        if value is not None:
            raise InputError(f"--{name}: {why}")
