"""The command `explain`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["explain"]

_METHOD, _READING, _OUTPUT = "Order parameter", "What the file says", "Output"


def explain(
    file: Annotated[Path, typer.Argument(help="LAMMPS text dump, GSD, extxyz, xyz or .sph, also .gz.")],
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.vtm",
            help="Explain this trained model only.",
            show_default="one with SANN and one with a cutoff, trained here",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    cutoff: Annotated[
        float | None,
        typer.Option(
            help="Of the one trained with a cutoff.",
            show_default="the first minimum of g(r)",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    radius: Annotated[
        float | None,
        typer.Option(
            help="Of the local average.", show_default="two large diameters", rich_help_panel=_METHOD
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.", rich_help_panel=_METHOD)] = 0,
    frame: Annotated[
        int,
        typer.Option(help="Frame of a trajectory; negative counts from the end.", rich_help_panel=_READING),
    ] = -1,
    format: Annotated[
        str | None,
        typer.Option(
            help="gsd, extxyz, xyz, lammps-dump or sph, where the suffix does not say it.",
            rich_help_panel=_READING,
        ),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="LX,LY,LZ",
            help="Cell, where the file has none or a wrong one; also LX,LY,LZ,XY,XZ,YZ.",
            rich_help_panel=_READING,
        ),
    ] = None,
    periodic: Annotated[
        str | None,
        typer.Option(
            metavar="AXES",
            help="Periodic axes: xyz, xy, ..., or none for particle-tracking data.",
            rich_help_panel=_READING,
        ),
    ] = None,
    unwrapped: Annotated[
        bool,
        typer.Option(
            "--unwrapped",
            help="The coordinates follow particles through the boundaries.",
            rich_help_panel=_READING,
        ),
    ] = False,
    species: Annotated[
        str | None, typer.Option(metavar="1=A,2=B", help="New names for species.", rich_help_panel=_READING)
    ] = None,
    diameters: Annotated[
        str | None,
        typer.Option(
            metavar="A=1,B=0.85",
            help="Diameters by species, where the file has none.",
            rich_help_panel=_READING,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of PREFIX.explanation.json and PREFIX.explanation.png.",
            show_default="FILE",
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
    """Say what red and white particles are made of: bond order, topological clusters, inputs that matter."""
    from vitreous.cli import parse
    from vitreous.cli.explaining import explain_file

    explain_file(
        str(file),
        parse.reading(frame, format, box, periodic, unwrapped, species, diameters),
        model=model,
        cutoff=cutoff,
        radius=radius,
        seed=seed,
        prefix=output,
        quiet=quiet,
        json=json,
    )
