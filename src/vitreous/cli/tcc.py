"""The command `tcc`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitreous.errors import InputError

__all__ = ["tcc"]

_BONDS, _READING, _OUTPUT = "Bonds", "What the file says", "Output"


def tcc(
    file: Annotated[Path, typer.Argument(help="LAMMPS text dump, GSD, extxyz, xyz or .sph, also .gz.")],
    bonds: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="voronoi, the modified Voronoi construction; or simple, all pairs within the cutoff.",
            rich_help_panel=_BONDS,
        ),
    ] = "voronoi",
    cutoff: Annotated[
        str,
        typer.Option(
            metavar="DISTANCE",
            help="Longest bond, in the length unit of the positions; or A-A=1.4,A-B=1.2,B-B=1.3. 1.8 fits systems "
            "whose large spheres (Kob-Andersen and Wahnström: A) have diameter 1.",
            rich_help_panel=_BONDS,
        ),
    ] = "1.8",
    fc: Annotated[
        float,
        typer.Option(
            help="Of voronoi: above 0, at most 1; smaller values give fewer bonds.", rich_help_panel=_BONDS
        ),
    ] = 0.82,
    frame: Annotated[
        int | None,
        typer.Option(
            help="Frame of a trajectory; negative counts from the end.",
            show_default="-1, the last",
            rich_help_panel=_READING,
        ),
    ] = None,
    frames: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:STEP",
            help="Several frames: all, or a slice as in Python (STOP is left out): 20:80, -50: or ::2.",
            show_default="one frame",
            rich_help_panel=_READING,
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
    types: Annotated[
        str | None,
        typer.Option(
            metavar="6A,13A,...",
            help="Types of clusters to show and to write.",
            show_default="all 41",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of PREFIX.tcc.gsd and PREFIX.tcc.json.",
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
    """Find the 41 topological clusters in a snapshot or several: how many, and which particles are in them."""
    from vitreous.cli import parse
    from vitreous.cli.classifying import classify_file

    if frame is not None and frames is not None:
        raise InputError("--frames: --frame chooses one frame; leave one out")
    classify_file(
        str(file),
        parse.reading(-1 if frame is None else frame, format, box, periodic, unwrapped, species, diameters),
        frames=parse.frames(frames),
        bonds={"bonds": bonds, "cutoff": parse.distances("--cutoff", cutoff), "fc": fc},
        types=parse.names(types),
        prefix=output,
        quiet=quiet,
        json=json,
    )
