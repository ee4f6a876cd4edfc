"""Options that several commands share, so that they read alike everywhere."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "CLUSTER",
    "OUTPUT",
    "Debug",
    "Json",
    "Quiet",
    "Scheduler",
    "SnapshotFile",
    "TlsAuthority",
    "TlsCertificate",
    "TlsKey",
]

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
