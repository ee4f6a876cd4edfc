"""The command `propensity`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    Scheduler,
    TlsAuthority,
    TlsCertificate,
    TlsKey,
)
from vitreous.cli.reading import SNAPSHOT, reads

__all__ = ["propensity"]

_SYSTEM, _RUNS = "System", "Runs"


@reads(*SNAPSHOT)
def propensity(
    file: Annotated[Path, typer.Argument(help="An equilibrated snapshot, as `simulate` records it.")],
    model: Annotated[
        str | None,
        typer.Option(
            help="hard-spheres, wahnstrom or kob-andersen.",
            show_default="as the file says",
            rich_help_panel=_SYSTEM,
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            "-T",
            help="Of Lennard-Jones models.",
            show_default="as the file says",
            rich_help_panel=_SYSTEM,
        ),
    ] = None,
    timestep: Annotated[
        float, typer.Option(help="Of Lennard-Jones models.", rich_help_panel=_SYSTEM)
    ] = 0.005,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    runs: Annotated[
        int, typer.Option(help="From the same positions, with fresh velocities.", rich_help_panel=_RUNS)
    ] = 32,
    times: Annotated[
        str | None,
        typer.Option(
            metavar="TIMES",
            help="log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...",
            show_default="to 3.2 relaxation times, if the file tells that",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all velocities.", rich_help_panel=_RUNS)] = 0,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes on this machine.", show_default="as many as cores", rich_help_panel=_RUNS
        ),
    ] = None,
    scheduler: Scheduler = None,
    tls_ca: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only every N-th run, from the I-th.", rich_help_panel=_RUNS),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Where each run has its file.", show_default="NAME.propensity", rich_help_panel=OUTPUT
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.gsd",
            help="The propensities, one frame for each time.",
            show_default="NAME.propensity.gsd",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure how far each particle of a snapshot goes: many runs from it, each with velocities of its own.

    A campaign that was stopped goes on with the same command; no run that is in the folder is repeated.
    """
    from vitreous.cli import parse
    from vitreous.cli.measuring import measure

    measure(
        str(file),
        reading,
        model=model,
        temperature=temperature,
        timestep=timestep,
        runs=runs,
        times=parse.times(times),
        seed=seed,
        workers=workers,
        scheduler=scheduler,
        certificates=parse.certificates(scheduler, tls_ca, tls_cert, tls_key),
        shard=parse.shard(shard),
        folder=folder,
        output=output,
        quiet=quiet,
        json=json,
    )
