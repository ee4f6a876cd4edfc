"""The commands `simulate MODEL`, one for each model that comes along: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vitreous.cli.options import Debug, Json, Quiet
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.glassformers import GlassFormer, glass_formers

__all__ = ["app"]

app = typer.Typer(
    name="simulate",
    help="Make an equilibrated glass former from nothing, and record how it moves.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_SYSTEM, _EQUILIBRIUM, _OUTPUT = "System", "Equilibration", "Output"

Particles = Annotated[
    int | None,
    typer.Option(
        "-N",
        "--particles",
        metavar="N",
        help="Number of particles.",
        show_default="2000, or those of --start",
        rich_help_panel=_SYSTEM,
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of everything random.", rich_help_panel=_SYSTEM)]
Start = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A snapshot to begin with, in place of making one.", rich_help_panel=_SYSTEM
    ),
]
PackingFraction = Annotated[
    float | None,
    typer.Option(
        help="Of all spheres.", show_default="the deepest, or that of --start", rich_help_panel=_SYSTEM
    ),
]
Temperature = Annotated[
    float | None,
    typer.Option(
        "--temperature", "-T", help="In units of ε. With --start it has to be given.", rich_help_panel=_SYSTEM
    ),
]
Timestep = Annotated[
    float | None,
    typer.Option(help="In the model's time unit.", show_default="that of the model", rich_help_panel=_SYSTEM),
]
Multiple = Annotated[
    float,
    typer.Option(
        help="Equilibrate for this many relaxation times, which are measured; 0 leaves it out.",
        rich_help_panel=_EQUILIBRIUM,
    ),
]
Longest = Annotated[
    float, typer.Option(help="Stop equilibrating at this time.", rich_help_panel=_EQUILIBRIUM)
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Write no result unless the check is passed.", rich_help_panel=_EQUILIBRIUM
    ),
]
Times = Annotated[
    str | None,
    typer.Option(
        metavar="TIMES",
        help="Record then at log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...",
        show_default="the equilibrated configuration only",
        rich_help_panel=_OUTPUT,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE.gsd",
        help="The trajectory; its neighbours FILE.equilibration.* show how it came about.",
        show_default="by model and state",
        rich_help_panel=_OUTPUT,
    ),
]


def _add_command(model: GlassFormer) -> None:
    """The command that simulates a model."""
    mixture = zip(model.species, model.fractions, model.diameters, strict=True)
    composition = ", ".join(f"{100 * share:g} % {name} of diameter {size:g}" for name, share, size in mixture)
    how = (
        "by event-driven molecular dynamics"
        if model.is_hard
        else f"density {model.density:g}, by LAMMPS at constant temperature (default {model.deepest:g})"
    )
    help = (
        f"{model.title}: {composition}; {how}.\n\n"
        f"Units: {model.units}. A run that was stopped goes on with the same command."
    )

    def spheres(
        packing_fraction: PackingFraction = None,
        particles: Particles = None,
        seed: Seed = 0,
        start: Start = None,
        reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
        multiple: Multiple = 10.0,
        longest: Longest = 50_000.0,
        strict: Strict = False,
        times: Times = None,
        output: Output = None,
        quiet: Quiet = False,
        json: Json = False,
        debug: Debug = False,
    ) -> None:
        options = {"seed": seed, "multiple": multiple, "longest": longest}
        _simulate(
            model,
            packing_fraction,
            particles,
            start,
            reading,
            options,
            times,
            output,
            strict,
            quiet=quiet,
            json=json,
        )

    def thermal(
        temperature: Temperature = None,
        particles: Particles = None,
        seed: Seed = 0,
        start: Start = None,
        reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
        timestep: Timestep = None,
        multiple: Multiple = 10.0,
        longest: Longest = 50_000.0,
        strict: Strict = False,
        times: Times = None,
        output: Output = None,
        quiet: Quiet = False,
        json: Json = False,
        debug: Debug = False,
    ) -> None:
        options = {"seed": seed, "multiple": multiple, "longest": longest, "timestep": timestep}
        _simulate(
            model,
            temperature,
            particles,
            start,
            reading,
            options,
            times,
            output,
            strict,
            quiet=quiet,
            json=json,
        )

    app.command(model.name, help=help)(reads(*SNAPSHOT)(spheres if model.is_hard else thermal))


def _simulate(
    model: GlassFormer,
    state_point: float | None,
    particles: int | None,
    start: Path | None,
    reading: dict[str, Any],
    options: dict[str, Any],
    times: str | None,
    output: Path | None,
    strict: bool,
    *,
    quiet: bool,
    json: bool,
) -> None:
    from vitreous.cli import parse
    from vitreous.cli.simulating import carry_out
    from vitreous.io import read

    carry_out(
        model,
        state_point,
        particles,
        None if start is None else read(start, **reading),
        options,
        parse.times(times),
        output,
        strict=strict,
        quiet=quiet,
        json=json,
    )


for _model in glass_formers():
    _add_command(_model)
