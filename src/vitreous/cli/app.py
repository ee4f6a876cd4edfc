"""The commands: what they are for, and where they are. Each is loaded when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

__all__ = ["COMMANDS", "app", "command", "whole"]

COMMANDS: Mapping[str, str] = {
    "demo": "Reveal a bundled snapshot of 2,000 hard spheres at packing fraction 0.58, in seconds.",
    "reveal": "Find the order parameter of a snapshot: files for OVITO, a picture, a model, a summary.",
    "view": "Make an interactive 3D page of a snapshot: one file, no network needed.",
    "model": "Show what a model file says, in which units, draw its potentials, and check its forces.",
    "simulate": "Make an equilibrated glass former from nothing, and record how it moves.",
    "relax": "Structure factor, relaxation times and diffusion of a trajectory: S(q), F(q,t), τ_α, MSD, D, τ_D.",
    "propensity": "Measure how far each particle of a snapshot goes: many runs, each with velocities of its own.",
    "correlate": "Compare the order parameter of snapshots, found without dynamics, with where their particles go.",
    "explain": "Say what red and white particles are made of: bond order, topological clusters, inputs that matter.",
    "tcc": "Find the 41 topological clusters in a snapshot or several: how many, and which particles are in them.",
    "study": "The whole experiment from one file, for the three glass formers of the paper or for your own liquids.",
}
"""First lines of the help of each command, here so that `vitreous --help` need not load them; a test compares."""


def command(name: str) -> Any:
    """The command in ``cli/commands/<name>.py``: its function of that name, or several that it has in an `app`."""
    module = import_module(f"vitreous.cli.commands.{name}")
    found = getattr(module, "app", None)
    if found is None:
        found = typer.Typer(add_completion=False)
        found.command(name)(getattr(module, name))
    return get_command(found)


def whole() -> Any:
    """The command line with every command loaded, to look into."""
    found = get_command(app)
    found.commands = {name: command(name) for name in COMMANDS}  # type: ignore[attr-defined]
    for one in found.commands.values():  # type: ignore[attr-defined]
        if hasattr(one, "load"):
            one.load()
    return found


class _Unloaded(TyperCommand):
    """Stands for a command until it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return command(str(self.name)).make_context(info_name, args, parent, **extra)


class _Commands(TyperGroup):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = {name: _Unloaded(name, help=help) for name, help in COMMANDS.items()}


app = typer.Typer(
    name="vitreous",
    cls=_Commands,
    help="See structure in glass: one snapshot of a supercooled liquid in, its own order parameter out.\n\n"
    "Begin with vitreous demo. The options of a command: vitreous COMMAND --help.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"vitreous {version('vitreous')}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
