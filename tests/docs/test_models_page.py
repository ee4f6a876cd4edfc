"""The page on models tells every key there is, and its examples are models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from vitreous.glassformers import read_model
from vitreous.glassformers.interaction_document import KINDS, InteractionTable, OnePairTable
from vitreous.glassformers.lammps_lines import ALLOWED
from vitreous.glassformers.model_document import ModelDocument
from vitreous.glassformers.potentials import Truncation

TEXT = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def rows(heading):
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")]
    return [name for cell in cells[1:] for name in re.findall(r"`(.*?)`", cell)]


def test_every_key_is_told():
    fields = ModelDocument.model_fields
    species = get_args(fields["species"].annotation)[1]
    inner = [species, InteractionTable, OnePairTable, fields["units"].annotation, fields["study"].annotation]
    keys = {key for kind in (ModelDocument, *inner) for key in kind.model_fields}
    tables = {"species", "interaction", "pairs", "study"}
    told = {name for name in rows("Keys") if not name.startswith("[")}
    assert told == keys - tables
    headings = {name for name in rows("Keys") if name.startswith("[")}
    assert headings == {"[species.NAME]", "[interaction]", "[[interaction.pairs]]", "[units]", "[study]"}


def test_every_kind_is_told_with_its_keys():
    section = TEXT.split("\n## Kinds of interaction\n")[1]
    for kind, (needed, _) in KINDS.items():
        (row,) = (line for line in section.splitlines() if line.startswith(f"| `{kind}` |"))
        assert set(needed) <= set(re.findall(r"`([a-z]+)`", row)), kind
    for truncation in get_args(Truncation):
        assert f"`{truncation}`" in section


def test_every_allowed_command_is_told():
    section = TEXT.split("\n## LAMMPS commands\n")[1]
    for command in ALLOWED:
        assert f"`{command}`" in section or command.endswith(("_style", "_coeff"))


def test_the_examples_are_models(tmp_path):
    blocks = re.findall(r"^```toml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    (tmp_path / "CuZr.eam.alloy").write_text("to be brought")
    for block in blocks:
        path = tmp_path / "model.toml"
        path.write_text(block, encoding="utf-8")
        model = read_model(path)
    assert model.units.temperature == "K"
