"""The library of models: files that come with the package, and models by name or by file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vitreous.errors import FileError, InputError
from vitreous.toml_document import read_toml

if TYPE_CHECKING:  # the command line lists the library without loading what reads it
    from vitreous.glassformers.model import GlassFormer
    from vitreous.records import Json

__all__ = [
    "glass_former",
    "glass_formers",
    "library",
    "liquid",
    "liquid_and_derived",
    "looked_at",
    "model_of_record",
    "model_record",
    "temperature_text",
]

_FOLDER = Path(__file__).parent / "library"
_OF_THE_PAPER = ("hard-spheres", "wahnstrom", "kob-andersen")


def library() -> tuple[str, ...]:
    """Names of the models that come along: those of the paper in its order, then all others."""
    others = {path.stem for path in _FOLDER.glob("*.toml")} - set(_OF_THE_PAPER)
    return (*_OF_THE_PAPER, *sorted(others))


def looked_at(model: str) -> tuple[str, bool]:
    """What a model is called, and whether it is hard; its file is looked at, but not checked.

    FileError if there is no such file, or it is not TOML.
    """
    tree = read_toml(model if model.endswith(".toml") else _FOLDER / f"{model}.toml").tree
    interaction = tree.get("interaction")
    kind = interaction.get("kind") if isinstance(interaction, dict) else None
    return str(tree.get("title", tree.get("name", model))), kind == "hard"


def glass_formers() -> tuple[GlassFormer, ...]:
    """The models of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8."""
    return tuple(_of_library(name)[0] for name in _OF_THE_PAPER)


def liquid(model: str | os.PathLike[str] | GlassFormer, *, allow_shell: bool = False) -> GlassFormer:
    """A model: of the library by its name, or your own by its file.

    Parameters
    ----------
    model : str, path or GlassFormer
        A name, for instance "kob-andersen"; the path of a TOML file, with its suffix; a `GlassFormer` is given back as
        it is.
    allow_shell : bool
        Let the LAMMPS commands of a file do whatever a program can. Only for files that you trust.

    Returns
    -------
    GlassFormer

    Raises
    ------
    InputError
        If there is no such model; the message lists those there are.
    FileError
        If the file cannot be read or anything in it is wrong, with the line.
    """
    if isinstance(model, str | os.PathLike):
        return liquid_and_derived(model, allow_shell=allow_shell)[0]
    return model


def liquid_and_derived(
    model: str | os.PathLike[str], *, allow_shell: bool = False
) -> tuple[GlassFormer, tuple[str, ...]]:
    """`liquid`, and the names of the fields that its file does not say, so that they were derived."""
    path = Path(model)
    if path.suffix == ".toml":
        from vitreous.glassformers.model_document import model_of

        return model_of(read_toml(path), allow_shell)
    if str(model) not in library():
        raise InputError(
            f"liquid {str(model)!r}: there is no such model; known are {', '.join(library())}, and files of your own, "
            f"such as my.toml"
        )
    return _of_library(str(model))


def glass_former(model: str | os.PathLike[str] | GlassFormer) -> GlassFormer:
    """The former name of `liquid`."""
    return liquid(model)


@cache
def _of_library(name: str) -> tuple[GlassFormer, tuple[str, ...]]:
    return liquid_and_derived(_FOLDER / f"{name}.toml")


def temperature_text(model: str | None, temperature: float) -> str:
    """A temperature with the unit that this model has for it; a number alone where the library knows no such model."""
    known = model in library()
    return _of_library(model)[0].units.at_temperature(temperature) if known else f"{temperature:g}"


def model_record(model: GlassFormer) -> dict[str, Json]:
    """What files say of a model: its name, and all of it unless it comes along."""
    if model.name in library() and _of_library(model.name)[0] == model:
        return {"model": model.name}
    from vitreous.records import to_object

    return {"model": model.name, "definition": to_object(model)}


def model_of_record(told: Mapping[str, Json], allow_shell: bool = False) -> GlassFormer:
    """The model of which a file says what `model_record` gave.

    Parameters
    ----------
    told : mapping
    allow_shell : bool
        Take LAMMPS commands that can do whatever a program can, if the model was read with them.

    Raises
    ------
    InputError
        If it is no model that comes along, and not all of it is told; if its commands are more than an interaction.
    """
    if told.get("definition") is None:
        name = str(told["model"])
        if name not in library():
            raise InputError(f"model {name!r}: the file does not describe it, and it does not come along")
        return _of_library(name)[0]
    from vitreous.glassformers.model import GlassFormer
    from vitreous.records import from_json

    found = from_json(GlassFormer, told["definition"])
    if getattr(found.interaction, "allow_shell", False) and not allow_shell:
        raise FileError(
            f"{found.name}: its LAMMPS commands can do whatever a program can, so they are not taken from this file; "
            f"give --allow-shell if you trust it"
        )
    return found
