"""The command `tcc`: its options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    SnapshotFile,
)
from vitreous.cli.reading import ANY, SEVERAL, reads

__all__ = ["tcc"]

_BONDS = "Bonds"


@reads("frame", *SEVERAL, *ANY)
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
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
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

    classify_file(
        str(file),
        reading,
        bonds={"bonds": bonds, "cutoff": parse.distances("--cutoff", cutoff), "fc": fc},
        types=parse.names(types),
        prefix=output,
        quiet=quiet,
        json=json,
    )
