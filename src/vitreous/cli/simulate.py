"""The commands `simulate hard-spheres | wahnstrom | kob-andersen`: options, what is seen meanwhile, the summary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vitreous.cli.options import Debug, Json, Quiet
from vitreous.cli.reading import SNAPSHOT, reads

if TYPE_CHECKING:
    from vitreous.configuration import Configuration

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
Temperature = Annotated[
    float | None,
    typer.Option(
        "--temperature", "-T", help="In units of ε. With --start it has to be given.", rich_help_panel=_SYSTEM
    ),
]
Timestep = Annotated[float, typer.Option(help="In the model's time unit.", rich_help_panel=_SYSTEM)]
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


@app.command("hard-spheres")
@reads(*SNAPSHOT)
def hard_spheres(
    packing_fraction: Annotated[
        float | None,
        typer.Option(
            help="Of all spheres.", show_default="0.58, or that of --start", rich_help_panel=_SYSTEM
        ),
    ] = None,
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
    """Binary hard spheres, 30 % large, diameters 1 and 0.85, by event-driven molecular dynamics.

    Times are in sqrt(m σ²/kT) of the large spheres. A run that was stopped goes on with the same command.
    """
    _simulate(
        "hard-spheres",
        packing_fraction,
        particles,
        _start(start, reading),
        {"seed": seed, "multiple": multiple, "longest": longest},
        times,
        output,
        strict=strict,
        quiet=quiet,
        json=json,
    )


@app.command()
@reads(*SNAPSHOT)
def wahnstrom(
    temperature: Temperature = None,
    particles: Particles = None,
    seed: Seed = 0,
    start: Start = None,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    timestep: Timestep = 0.005,
    multiple: Multiple = 10.0,
    longest: Longest = 50_000.0,
    strict: Strict = False,
    times: Times = None,
    output: Output = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Wahnström's mixture, 50:50, sizes 1 and 1.2, density 0.81, by LAMMPS at constant temperature (default 0.7).

    Times are in sqrt(m σ²/ε) of the small particles. A run that was stopped goes on with the same command.
    """
    _simulate(
        "wahnstrom",
        temperature,
        particles,
        _start(start, reading),
        {"seed": seed, "multiple": multiple, "longest": longest, "timestep": timestep},
        times,
        output,
        strict=strict,
        quiet=quiet,
        json=json,
    )


@app.command("kob-andersen")
@reads(*SNAPSHOT)
def kob_andersen(
    temperature: Temperature = None,
    particles: Particles = None,
    seed: Seed = 0,
    start: Start = None,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    timestep: Timestep = 0.005,
    multiple: Multiple = 10.0,
    longest: Longest = 50_000.0,
    strict: Strict = False,
    times: Times = None,
    output: Output = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """The Kob-Andersen mixture, 80:20, density 1.2, by LAMMPS at constant temperature (default 0.5).

    Times are in sqrt(m σ²/ε) of the large particles. A run that was stopped goes on with the same command.
    """
    _simulate(
        "kob-andersen",
        temperature,
        particles,
        _start(start, reading),
        {"seed": seed, "multiple": multiple, "longest": longest, "timestep": timestep},
        times,
        output,
        strict=strict,
        quiet=quiet,
        json=json,
    )


def _start(path: Path | None, reading: dict[str, Any]) -> Configuration | None:
    from vitreous.io import read

    return None if path is None else read(path, **reading)


def _simulate(
    name: str,
    state_point: float | None,
    particles: int | None,
    start: Configuration | None,
    options: dict[str, Any],
    times: str | None,
    output: Path | None,
    *,
    strict: bool,
    quiet: bool,
    json: bool,
) -> None:
    from vitreous.cli import parse
    from vitreous.cli.simulating import carry_out

    carry_out(
        name,
        state_point,
        particles,
        start,
        options,
        parse.times(times),
        output,
        strict=strict,
        quiet=quiet,
        json=json,
    )
