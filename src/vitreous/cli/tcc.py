"""The command `tcc`: its options."""

from __future__ import annotations

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
    Periodic,
    Quiet,
    SnapshotFile,
    Species,
    Unwrapped,
)
from vitreous.errors import InputError

__all__ = ["tcc"]

_BONDS = "Bonds"


def tcc(
    file: SnapshotFile,
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
            help="Longest bond, in the length unit of the positions; or A-A=1.4,A-B=1.2,B-B=1.3. 1.8 fits the "
            "three models of the paper in their units.",
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
            rich_help_panel=READING,
        ),
    ] = None,
    frames: Annotated[
        str | None,
        typer.Option(
            metavar="START:STOP:STEP",
            help="Several frames: all, or a slice as in Python (STOP is left out): 20:80, -50: or ::2.",
            show_default="one frame",
            rich_help_panel=READING,
        ),
    ] = None,
    format: Format = None,
    box: BoxOption = None,
    periodic: Periodic = None,
    unwrapped: Unwrapped = False,
    species: Species = None,
    diameters: Diameters = None,
    types: Annotated[
        str | None,
        typer.Option(
            metavar="6A,13A,...",
            help="Types of clusters to show and to write.",
            show_default="all 41",
            rich_help_panel=OUTPUT,
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
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
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
