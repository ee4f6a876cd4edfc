"""The command `explain`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import (
    OUTPUT,
    Debug,
    Json,
    Quiet,
    SnapshotFile,
)
from vitreous.cli.reading import SNAPSHOT, reads

__all__ = ["explain"]

_METHOD = "Order parameter"


@reads(*SNAPSHOT)
def explain(
    file: SnapshotFile,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.vtm",
            help="Explain this trained model only.",
            show_default="one with SANN and one with a cutoff, trained here",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    cutoff: Annotated[
        float | None,
        typer.Option(
            help="Of the one trained with a cutoff.",
            show_default="the first minimum of g(r)",
            rich_help_panel=_METHOD,
        ),
    ] = None,
    radius: Annotated[
        float | None,
        typer.Option(
            help="Of the local average.", show_default="two large diameters", rich_help_panel=_METHOD
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of everything random.", rich_help_panel=_METHOD)] = 0,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PREFIX",
            help="Start of the names of PREFIX.explanation.json and PREFIX.explanation.png.",
            show_default="FILE",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Say what red and white particles are made of: bond order, topological clusters, inputs that matter."""
    from vitreous.cli.explaining import explain_file

    explain_file(
        str(file),
        reading,
        model=model,
        cutoff=cutoff,
        radius=radius,
        seed=seed,
        prefix=output,
        quiet=quiet,
        json=json,
    )
