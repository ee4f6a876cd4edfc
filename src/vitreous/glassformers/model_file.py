"""Models as TOML files: a person writes one, a program too, and both are read alike."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vitreous.glassformers.interaction import PairPotentials, RawLammps
from vitreous.glassformers.model import GlassFormer
from vitreous.glassformers.model_document import known_keys, model_of
from vitreous.glassformers.potential_table import table_text
from vitreous.glassformers.potentials import Harmonic, InversePower, LennardJones, PairPotential, Table
from vitreous.glassformers.units import UNIT_STYLES
from vitreous.io.atomic import atomic_path
from vitreous.toml_document import read_toml

__all__ = ["read_model", "write_model"]


def read_model(path: str | os.PathLike[str], *, allow_shell: bool = False) -> GlassFormer:
    """Read a model from a TOML file.

    Parameters
    ----------
    path : path
        See the page on models for its keys.
    allow_shell : bool
        Let the commands of an interaction of the kind "lammps" do whatever a program can. Only for files that you
        trust.

    Returns
    -------
    GlassFormer

    Raises
    ------
    FileError
        If anything is wrong: one line with the file and the line in it.
    """
    return model_of(read_toml(path), allow_shell)[0]


def write_model(model: GlassFormer, path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write a model as a TOML file, of which `read_model` makes the same object.

    Parameters
    ----------
    model : GlassFormer
    path : path
        What it needs beside it, tables and files of LAMMPS, is written into the same folder.

    Returns
    -------
    tuple of Path
        The files written, the model first.

    Raises
    ------
    FileError
        If one cannot be written.
    """
    target = Path(path)
    lines = [
        f"name = {_value(model.name)}",
        f"title = {_value(model.title)}",
        f"source = {_value(model.source)}",
    ]
    for name in ("density", "timestep"):
        if (value := getattr(model, name)) is not None:
            lines.append(f"{name} = {_value(value)}")
    for k, label in enumerate(model.species):
        lines += ["", f"[species.{label}]"]
        distribution = model.distributions[k] if model.distributions else None
        if distribution is not None:
            told = {key: value for key, value in asdict(distribution).items() if value is not None}
            keys = (f"{key} = {value if key == 'levels' else _value(value)}" for key, value in told.items())
            lines.append(f"diameters = {{ {', '.join(keys)} }}")
        lines += [
            f"{name} = {_value(values[k])}"
            for name, values in (
                ("fraction", model.fractions),
                ("diameter", model.diameters),
                ("mass", model.masses),
                ("charge", model.charges),
            )
            if values and not (name == "diameter" and distribution is not None)
        ]
    texts: dict[str, str] = {}
    lines += ["", "[interaction]"]
    if isinstance(model.interaction, RawLammps):
        lines += _raw(model.interaction)
        texts = dict(model.interaction.files)
    elif isinstance(model.interaction, PairPotentials):
        kinds = {_kind(pair) for _, _, pair in model.pair_potentials}
        lines.append(f"kind = {_value(min(kinds))}")
        if model.interaction.nonadditivity:
            lines.append(f"nonadditivity = {_value(model.interaction.nonadditivity)}")
        for a, b, pair in model.pair_potentials:
            file = f"{target.stem}-{a}-{b}.table"
            own = [
                line for line in _pair(pair, file) if not (model.is_polydisperse and line.startswith("sigma"))
            ]
            lines += ["", "[[interaction.pairs]]", f"between = {_value([a, b])}", *own]
            if isinstance(pair, Table):
                texts[file] = table_text(pair)
    else:
        lines.append('kind = "hard"')
    style = model.interaction.unit_style if isinstance(model.interaction, RawLammps) else "lj"
    if style == "lj":
        names = known_keys(("units", ""))
        lines += ["", "[units]", *(f"{name} = {_value(getattr(model.units, name))}" for name in names)]
    assert style == "lj" or model.units == UNIT_STYLES[style]
    lines += ["", "[study]"]
    for name in known_keys(("study", "")):
        if (value := getattr(model, name)) is not None:
            lines.append(f"{name} = {_value(value)}")
    files = {target: "\n".join(lines) + "\n", **{target.parent / name: text for name, text in texts.items()}}
    for written, text in files.items():
        with atomic_path(written) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return tuple(files)


def _kind(pair: PairPotential) -> str:
    return "lennard-jones" if isinstance(pair, LennardJones) else str(pair.kind)


def _pair(pair: PairPotential, file: str) -> list[str]:
    told: dict[str, Any] = {"kind": _kind(pair), "sigma": pair.sigma}
    if isinstance(pair, Table):
        told["file"] = file
    else:
        told["epsilon"] = pair.epsilon
    if not isinstance(pair, Table | Harmonic):
        told |= {"cutoff": pair.cutoff_factor, "truncation": pair.truncation}
        if pair.truncation == "xplor":
            told["onset"] = pair.onset_factor
        if isinstance(pair, InversePower):
            told["exponent"] = pair.exponent
        elif not isinstance(pair, LennardJones):
            told["kappa"] = pair.kappa
    return [f"{name} = {_value(value)}" for name, value in told.items()]


def _raw(interaction: RawLammps) -> list[str]:
    lines = [
        'kind = "lammps"',
        f"units = {_value(interaction.unit_style)}",
        f"cutoff = {_value(interaction.cutoff)}",
    ]
    if interaction.damping is not None:
        lines.append(f"damping = {_value(interaction.damping)}")
    text = "\n".join(interaction.commands).replace("\\", "\\\\").replace('"', '\\"')
    return [*lines, 'commands = """', text + '"""']


def _value(value: Any) -> str:
    """A value in TOML, whose basic strings are written like those of JSON."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_value, value))}]"
    return repr(float(value))
