"""Options that several commands share, so that they read alike everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "OUTPUT",
    "READING",
    "BoxOption",
    "Debug",
    "Diameters",
    "Format",
    "Frame",
    "Json",
    "Periodic",
    "Quiet",
    "SnapshotFile",
    "Species",
    "Unwrapped",
]

READING = "What the file says"
OUTPUT = "Output"

SnapshotFile = Annotated[Path, typer.Argument(help="LAMMPS text dump, GSD, extxyz, xyz or .sph, also .gz.")]
Frame = Annotated[
    int, typer.Option(help="Frame of a trajectory; negative counts from the end.", rich_help_panel=READING)
]
Format = Annotated[
    str | None,
    typer.Option(
        help="gsd, extxyz, xyz, lammps-dump or sph, where the suffix does not say it.",
        rich_help_panel=READING,
    ),
]
BoxOption = Annotated[
    str | None,
    typer.Option(
        "--box",
        metavar="LX,LY,LZ",
        help="Cell, where the file has none or a wrong one; also LX,LY,LZ,XY,XZ,YZ.",
        rich_help_panel=READING,
    ),
]
Periodic = Annotated[
    str | None,
    typer.Option(
        metavar="AXES",
        help="Periodic axes: xyz, xy, ..., or none for particle-tracking data.",
        rich_help_panel=READING,
    ),
]
Unwrapped = Annotated[
    bool,
    typer.Option(
        "--unwrapped",
        help="The coordinates follow particles through the boundaries.",
        rich_help_panel=READING,
    ),
]
Species = Annotated[
    str | None, typer.Option(metavar="1=A,2=B", help="New names for species.", rich_help_panel=READING)
]
Diameters = Annotated[
    str | None,
    typer.Option(
        metavar="A=1,B=0.85", help="Diameters by species, where the file has none.", rich_help_panel=READING
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=OUTPUT)]
Json = Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.", rich_help_panel=OUTPUT)]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=OUTPUT)
]
