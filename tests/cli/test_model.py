"""The command `model`: what it shows and writes, and forces that are not the slope of the energy."""

from __future__ import annotations

import json
from pathlib import Path

import vitreous as vt
from marks import needs_lammps
from vitreous.glassformers import GlassFormer
from vitreous.records import from_json

CHARGED = """\
name = "charged"
density = 0.5
timestep = 0.002
[species.A]
fraction = 0.5
diameter = 1.0
charge = 1.0
[species.B]
fraction = 0.5
diameter = 1.0
charge = -1.0
[interaction]
kind = "lammps"
units = "lj"
cutoff = 2.5
commands = '''
pair_style hybrid/overlay coul/long 2.5 lj/cut 1.2
pair_coeff * * coul/long
pair_coeff * * lj/cut 1.0 1.0
pair_modify shift yes
kspace_style ACCURACY
'''
"""


@needs_lammps
def test_a_model_of_the_library(run, here):
    result = run("model", "kob-andersen")
    assert result.status == 0, result
    text = " ".join(result.out.split())
    assert "A-B 4ε [(σ/r)¹² - (σ/r)⁶], ε = 1.5," in text
    assert "temperature: ε_AA/k_B" in text
    assert "agree with differences of the energy" in text
    assert Path("kob-andersen.model.png").stat().st_size > 10_000
    told = json.loads(run("model", "kob-andersen", "--json").out)
    assert from_json(GlassFormer, told["model"]) == vt.liquid("kob-andersen")
    assert told["forces"]["passed"]
    assert told["forces"]["largest"] < 1e-8
    assert told["derived"] == []


def test_hard_spheres_have_no_curves(run, here):
    result = run("model", "hard-spheres")
    assert result.status == 0, result
    assert "none, only contact" in result.out
    assert list(Path().iterdir()) == []


@needs_lammps
def test_what_was_derived_is_said(run, here):
    text = CHARGED.replace("kspace_style ACCURACY", "kspace_style ewald 1e-9")
    Path("mine.toml").write_text(text)
    result = run("model", "mine.toml")
    assert result.status == 0, result
    assert "(derived: the file does not say it)" in " ".join(result.out.split())
    assert "kspace_style ewald 1e-9" in result.out
    assert [path.name for path in Path().iterdir()] == ["mine.toml"]  # charged pairs alone have no curves


@needs_lammps
def test_forces_that_are_not_the_slope_of_the_energy(run, here):
    """A coarse mesh for long-range forces, whose differentiation on the mesh is not that of its energy."""
    Path("mine.toml").write_text(CHARGED.replace("ACCURACY", "pppm 1e-2"))
    result = run("model", "mine.toml", "--json")
    assert result.status == 2
    assert result.errors[-1].startswith(
        "vitreous: mine.toml: forces differ from differences of the energy by 0.0"
    )
    forces = json.loads(result.out)["forces"]
    assert not forces["passed"]
    assert forces["largest"] > 1e-6
