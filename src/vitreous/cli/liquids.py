"""The option `--liquid`: a model of the library by its name, or a person's own by its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vitreous.cli.options import option
from vitreous.glassformers.catalogue import library, liquid, model_of_record

if TYPE_CHECKING:
    from vitreous.configuration import Configuration
    from vitreous.glassformers import GlassFormer

__all__ = ["AllowShell", "complete_liquid", "liquid_of", "liquid_option", "model_files", "told_of"]

AllowShell = Annotated[
    bool,
    typer.Option(
        "--allow-shell",
        help="Let LAMMPS commands in the file of a liquid do whatever a program can; only if you trust it.",
    ),
]


def model_files(incomplete: str = "") -> list[str]:
    """TOML files, and folders, whose paths begin so."""
    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    names = [
        f"{path}/" if path.is_dir() else str(path)
        for path in found
        if path.is_dir() or path.suffix == ".toml"
    ]
    return [name for name in names if name.startswith(incomplete) and not Path(name).name.startswith(".")]


def complete_liquid(incomplete: str) -> list[str]:
    """Names of the library and files that begin so."""
    return [name for name in library() if name.startswith(incomplete)] + model_files(incomplete)


def liquid_option(help: str, panel: str) -> Any:
    """An option for a liquid."""
    return option(
        panel,
        f"{help}: {', '.join(library()[:3])}, another one of the library, or your own my.toml.",
        "--liquid",
        default="as the file says",
        metavar="LIQUID",
        autocompletion=complete_liquid,
    )


def told_of(snapshot: Configuration) -> dict[str, Any]:
    """What a file of `simulate` says of the model and its state."""
    told = snapshot.metadata.get("simulation")
    return told if isinstance(told, dict) else {}


def liquid_of(name: str | None, told: Mapping[str, Any], allow_shell: bool) -> GlassFormer | None:
    """What the person says, else what a file tells of the liquid that it is of; None if neither does."""
    if name is not None:
        return liquid(name, allow_shell=allow_shell)
    return model_of_record(told, allow_shell) if "model" in told else None
