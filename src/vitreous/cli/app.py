"""The commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli import correlate, explain, propensity, relax, simulate, study, tcc
from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    SnapshotFile,
)
from vitreous.cli.reading import SNAPSHOT, reads

__all__ = ["app"]

app = typer.Typer(
    name="vitreous",
    help="See structure in glass: one snapshot of a supercooled liquid in, its own order parameter out.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(simulate.app)
app.command()(relax.relax)
app.command()(propensity.propensity)
app.command()(correlate.correlate)
app.command()(explain.explain)
app.command()(tcc.tcc)
app.add_typer(study.app)

_METHOD = "Order parameter"
_CAGES = "With --by cage"


@app.command()
@reads(*SNAPSHOT)
def reveal(
    file: SnapshotFile,
    by: Annotated[
        str | None,
        typer.Option(
            help="paper: bond order of one snapshot, no dynamics; cage: what structure says of its cages, seen in a "
            "few short runs.",
            show_default="paper",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.vtm",
            help="Apply this trained model of either kind unchanged; hard-spheres, kob-andersen and wahnstrom come "
            "along, for positions without any run.",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    liquid: Annotated[
        str | None,
        typer.Option(
            help="hard-spheres, kob-andersen or wahnstrom: whose forces move the particles.",
            show_default="as the file says",
            rich_help_panel=_CAGES,
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(help="Of the snapshot.", show_default="as the file says", rich_help_panel=_CAGES),
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option(min=4, help="Short runs, an even number.", show_default="16", rich_help_panel=_CAGES),
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option(
            help="Of the short runs.",
            show_default="where the mean squared displacement rises least",
            rich_help_panel=_CAGES,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that share them.", show_default="1", rich_help_panel=_CAGES),
    ] = None,
    length: Annotated[
        float | None,
        typer.Option(
            help="ξ of the average with weights exp(-r/ξ).",
            show_default="0.8 large diameters",
            rich_help_panel=_CAGES,
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Apply --model to another density or composition.", rich_help_panel=_CAGES
        ),
    ] = False,
    neighbors: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="sann; cutoff, the first minimum of g(r); a distance; or A-A=1.4,A-B=1.2,B-B=1.3.",
            show_default="sann",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    symmetry: Annotated[
        str | None,
        typer.Option(
            help="One-sided SANN pairs: mutual removes, union adds, none keeps them.",
            show_default="mutual",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    reducer: Annotated[
        str | None,
        typer.Option(help="autoencoder or pca.", show_default="autoencoder", rich_help_panel=_METHOD),
    ] = None,
    bottleneck: Annotated[
        str | None,
        typer.Option(
            help="Dimension, or auto: the smallest with 75 % of the variance.",
            show_default="2",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    per_species: Annotated[
        bool, typer.Option("--per-species", help="Train one model for each species.", rich_help_panel=_METHOD)
    ] = False,
    radius: Annotated[
        float | None,
        typer.Option(
            help="Of the local average.", show_default="two large diameters", rich_help_panel=_METHOD
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Of everything random.", show_default="0", rich_help_panel=_METHOD),
    ] = None,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of all files written.",
            show_default="FILE.vitreous",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Find the order parameter of a snapshot: files for OVITO, a picture, a model, a summary."""
    from vitreous.cli import commands, parse

    commands.reveal(
        str(file),
        reading,
        by=by,
        model=model,
        training={
            "neighbors": parse.neighbors(neighbors),
            "symmetry": symmetry,
            "reducer": reducer,
            "bottleneck": parse.bottleneck(bottleneck),
            "per_species": per_species or None,
            "radius": radius,
        },
        sampling={
            "liquid": liquid,
            "temperature": temperature,
            "runs": runs,
            "duration": duration,
            "workers": workers,
            "length": length,
            "force": force or None,
        },
        seed=seed,
        prefix=output,
        quiet=quiet,
        json=json,
    )


@app.command()
@reads(*SNAPSHOT)
def view(
    file: Annotated[Path, typer.Argument(help="Any readable file; best what reveal has written.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PAGE.html",
            help="The page.",
            show_default="FILE.html",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    color: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column to colour by at first.", rich_help_panel=OUTPUT),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.", rich_help_panel=OUTPUT)
    ] = False,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make an interactive 3D page of a snapshot: one file, no network needed."""
    from vitreous.cli import commands

    commands.view(
        str(file),
        reading,
        page=output,
        color=color,
        browser=browser,
        quiet=quiet,
    )


@app.command()
def demo(
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of all files written.",
            rich_help_panel=OUTPUT,
        ),
    ] = "vitreous-demo",
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Reveal a bundled snapshot of 2,000 hard spheres at packing fraction 0.58, in seconds."""
    from vitreous.cli import commands

    commands.demo(prefix=output, quiet=quiet, json=json)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vitreous {version('vitreous')}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
