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
    "option",
    "output_option",
]


def option(panel: str, help: str, *names: str, default: str | bool = True, **more: Any) -> Any:
    """An option of a command: the panel of the help it stands in, what it is for, and what is taken without it."""
    return typer.Option(*names, help=help, rich_help_panel=panel, show_default=default, **more)


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


Quiet = Annotated[bool, option(OUTPUT, "Say nothing but errors.", "--quiet", "-q", callback=_without_remarks)]
Json = Annotated[bool, option(OUTPUT, "Print the numbers as JSON.", "--json")]
Debug = Annotated[bool, option(OUTPUT, "Show the traceback of an error.", "--debug")]
Radius = Annotated[float | None, option(METHOD, "Radius of local averages.", default="two large diameters")]
Seed = Annotated[int, option(METHOD, "Seed of everything random.", min=0)]
Scheduler = Annotated[
    str | None,
    option(CLUSTER, "A running Dask scheduler, whose workers see the same files.", metavar="tls://HOST:PORT"),
]
TlsAuthority = Annotated[
    Path | None,
    option(
        CLUSTER,
        "Authority that signed the certificates of the cluster.",
        "--tls-ca",
        default="as Dask is configured",
        metavar="FILE.pem",
    ),
]
TlsCertificate = Annotated[
    Path | None,
    option(CLUSTER, "Our certificate.", "--tls-cert", default="as Dask is configured", metavar="FILE.pem"),
]
TlsKey = Annotated[
    Path | None,
    option(CLUSTER, "Its key.", "--tls-key", default="in the file of the certificate", metavar="FILE.pem"),
]


def neighbors_option(default: str) -> Any:
    """`--neighbors RULE`, with what is taken where it is not given."""
    return option(
        METHOD,
        "sann; cutoff, the first minimum of g(r); a distance; or A-A=1.4,A-B=1.2,B-B=1.3.",
        default=default,
        metavar="RULE",
    )


def output_option(metavar: str, help: str, default: str | bool = "FILE") -> Any:
    """`--output`, also `-o`: what it names, and what is taken where it is not given."""
    return option(OUTPUT, help, "--output", "-o", default=default, metavar=metavar)
