"""The commands `study ...`: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitreous.cli.options import (
    Debug,
    Json,
    Quiet,
    Scheduler,
    TlsAuthority,
    TlsCertificate,
    TlsKey,
    option,
)

__all__ = ["app"]

app = typer.Typer(
    name="study",
    help="The whole experiment from one file, for the three glass formers of the paper or for your own liquids.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_WHO = "Who computes"
_MORE = "Further snapshots"

PlanFile = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN.toml",
        help="What is to be done. quick.toml, laptop.toml and paper.toml come along: where there is no such file, "
        "run puts it there.",
        show_default=False,
    ),
]


@app.command()
def run(
    plan: PlanFile,
    workers: Annotated[
        int | None, option(_WHO, "Processes on this machine.", default="one a core", min=1)
    ] = None,
    scheduler: Scheduler = None,
    tls_ca: TlsAuthority = None,
    tls_cert: TlsCertificate = None,
    tls_key: TlsKey = None,
    shard: Annotated[
        str | None, option(_WHO, "Only every N-th state, from the I-th on.", metavar="I/N")
    ] = None,
    decide: Annotated[
        bool,
        option(
            _MORE,
            "Then add the further snapshots that the paper's claims need, by how much they scatter.",
            "--decide",
        ),
    ] = False,
    budget: Annotated[
        str | None,
        option(
            _MORE,
            "Time of one core that further snapshots may take, as 8h, 90m or 600s.",
            default="whatever they need",
            metavar="TIME",
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make what is not made yet. Stop it whenever you like: the same command goes on from there."""
    from vitreous.cli import parse, studying

    studying.run(
        plan,
        workers=workers,
        scheduler=scheduler,
        certificates=parse.certificates(scheduler, tls_ca, tls_cert, tls_key),
        shard=parse.shard(shard),
        budget=parse.budget(decide, budget),
        quiet=quiet,
        json=json,
    )


@app.command()
def status(
    plan: PlanFile,
    why: Annotated[
        bool,
        typer.Option("--why", help="Say of each step that is not made why it is to be made: what differs."),
    ] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what is done, running and failed, and the time that is left."""
    from vitreous.cli import studying

    studying.status(plan, why=why, json=json)


@app.command()
def report(plan: PlanFile, quiet: Quiet = False, json: Json = False, debug: Debug = False) -> None:
    """Make the figures, the tables and the page of what is there so far."""
    from vitreous.cli import studying

    studying.report(plan, quiet=quiet, json=json)
