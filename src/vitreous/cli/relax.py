"""The command `relax`: options only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitreous.cli.options import (
    OUTPUT,
    READING,
    BoxOption,
    Debug,
    Diameters,
    Format,
    Json,
    Quiet,
    Species,
    Unwrapped,
)

__all__ = ["relax"]

_METHOD = "Dynamics"


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
            help="Time of one step, where the file has steps but no times.", rich_help_panel=READING
        ),
    ] = None,
    format: Format = None,
    box: BoxOption = None,
    unwrapped: Unwrapped = False,
    species: Species = None,
    diameters: Diameters = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of PREFIX.relaxation.json and PREFIX.relaxation.png.",
            show_default="FILE",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
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
