"""Options that several commands share, so that they read alike everywhere."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = [
    "CLUSTER",
    "METHOD",
    "OUTPUT",
    "Debug",
    "Json",
    "Quiet",
    "Radius",
    "Scheduler",
    "Seed",
    "SnapshotFile",
    "TlsAuthority",
    "TlsCertificate",
    "TlsKey",
    "neighbors_option",
    "output_option",
]

METHOD = "Order parameter"
CLUSTER = "On a cluster"
OUTPUT = "Output"

SnapshotFile = Annotated[
    Path, typer.Argument(help="LAMMPS dump or data, GSD, extxyz, xyz, .sph or a table, also .gz, .bz2, .zst.")
]


def _without_remarks(quiet: bool) -> bool:
    """Errors only; what is said of files, caches and clusters is none."""
    if quiet:
        warnings.simplefilter("ignore", UserWarning)
    return quiet


Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="Say nothing but errors.", rich_help_panel=OUTPUT, callback=_without_remarks
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print the numbers as JSON.",
        rich_help_panel=OUTPUT,
    ),
]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=OUTPUT)
]
Radius = Annotated[
    float | None,
    typer.Option(
        help="Radius of local averages.", show_default="two large diameters", rich_help_panel=METHOD
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random.", rich_help_panel=METHOD)]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="tls://HOST:PORT",
        help="A running Dask scheduler, whose workers see the same files.",
        rich_help_panel=CLUSTER,
    ),
]
TlsAuthority = Annotated[
    Path | None,
    typer.Option(
        "--tls-ca",
        metavar="FILE.pem",
        help="Authority that signed the certificates of the cluster.",
        show_default="as Dask is configured",
        rich_help_panel=CLUSTER,
    ),
]
TlsCertificate = Annotated[
    Path | None,
    typer.Option(
        "--tls-cert",
        metavar="FILE.pem",
        help="Our certificate.",
        show_default="as Dask is configured",
        rich_help_panel=CLUSTER,
    ),
]
TlsKey = Annotated[
    Path | None,
    typer.Option(
        "--tls-key",
        metavar="FILE.pem",
        help="Its key.",
        show_default="in the file of the certificate",
        rich_help_panel=CLUSTER,
    ),
]


def neighbors_option(default: str) -> Any:
    """`--neighbors RULE`, with what is taken where it is not given."""
    return typer.Option(
        metavar="RULE",
        help="sann; cutoff, the first minimum of g(r); a distance; or A-A=1.4,A-B=1.2,B-B=1.3.",
        show_default=default,
        rich_help_panel=METHOD,
    )


def output_option(metavar: str, help: str, default: str | bool = "FILE") -> Any:
    """`--output`, also `-o`: what it names, and what is taken where it is not given."""
    return typer.Option(
        "--output", "-o", metavar=metavar, help=help, show_default=default, rich_help_panel=OUTPUT
    )
