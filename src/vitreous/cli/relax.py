"""The command `relax`: options only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["relax"]

_METHOD, _READING, _OUTPUT = "Dynamics", "What the file says", "Output"


def relax(
    file: Annotated[
        Path, typer.Argument(help="Trajectory: GSD, extxyz or LAMMPS text dump, unwrapped or with images.")
    ],
    wave_number: Annotated[
        float | None,
        typer.Option(help="q of F and F_s.", show_default="the first peak of S(q)", rich_help_panel=_METHOD),
    ] = None,
    since: Annotated[
        float | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="Leave out what is earlier, an equilibration for instance.",
            show_default="the first frame",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    timestep: Annotated[
        float | None,
        typer.Option(
            help="Time of one step, where the file has steps but no times.", rich_help_panel=_READING
        ),
    ] = None,
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
    unwrapped: Annotated[
        bool,
        typer.Option(
            "--unwrapped",
            help="The coordinates follow particles through the boundaries.",
            rich_help_panel=_READING,
        ),
    ] = False,
    species: Annotated[
        str | None,
        typer.Option(metavar="1=A,2=B", help="New names for species.", rich_help_panel=_READING),
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
            help="Start of the names of PREFIX.relaxation.json and PREFIX.relaxation.png.",
            show_default="FILE",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)
    ] = False,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print all numbers and curves as JSON.", rich_help_panel=_OUTPUT),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_OUTPUT)
    ] = False,
) -> None:
    """Structure factor, relaxation times and diffusion of a trajectory: S(q), F(q,t), τ_α, MSD, D, τ_D."""
    from vitreous.cli import parse
    from vitreous.cli.relaxing import carry_out

    reading = parse.reading(-1, format, box, None, unwrapped, species, diameters)
    del reading["frame"], reading["periodic"]
    carry_out(
        str(file),
        {**reading, "timestep": timestep},
        wave_number=wave_number,
        since=since,
        prefix=output,
        quiet=quiet,
        json=json,
    )
