"""The command `relax`: options only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
)
from vitreous.cli.reading import FOLLOWED, reads

__all__ = ["relax"]

_METHOD = "Dynamics"


@reads(*FOLLOWED)
def relax(
    file: Annotated[
        Path, typer.Argument(help="Trajectory, unwrapped or with images: GSD, extxyz, LAMMPS text dump, ...")
    ],
    wave_number: Annotated[
        float | None,
        typer.Option(help="q of F and F_s.", show_default="the first peak of S(q)", rich_help_panel=_METHOD),
    ] = None,
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="Also partial quantities of more than ten species.", rich_help_panel=_METHOD
        ),
    ] = False,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
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
    from vitreous.cli.relaxing import carry_out

    carry_out(
        str(file),
        reading,
        wave_number=wave_number,
        partial=partial,
        prefix=output,
        quiet=quiet,
        json=json,
    )
