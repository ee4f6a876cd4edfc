"""A study of a model whose particles have all sizes goes the whole way."""

from __future__ import annotations

import csv
import re

import numpy as np

from study.fixtures import SMALL
from vitreous.diameter_classes import CLASSES
from vitreous.study.plan import read_plan
from vitreous.study.prediction import large_and_small
from vitreous.study.report import write_report
from vitreous.study.results import read_results
from vitreous.study.run import run_study


def test_correlations_and_tables_are_those_of_large_and_small_particles(tmp_path, watcher):
    path = tmp_path / "spheres.toml"
    # The local average reaches over two of the largest diameters, for which the box has to be larger.
    settings = SMALL.partition("[[")[0].replace("particles = 150", "particles = 220")
    path.write_text(settings + "[[hard-spheres-polydisperse]]\npacking_fraction = 0.45\n", encoding="utf-8")
    plan = read_plan(path)
    outcome = run_study(plan, watcher, workers=2)
    assert (outcome.failed, outcome.blocked) == ({}, ())
    (result,) = read_results(plan).states
    assert large_and_small(result.state.former) == ("large", "small")
    assert set(result.pooled().species) == set(CLASSES)
    diameters = result.snapshots[0].propensity.snapshot.diameters
    assert len(np.unique(diameters)) == plan.states[0].settings.particles
    write_report(plan)
    with (plan.folder / "report" / "states.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    for size in ("large", "small"):
        assert -1.0 <= float(row[f"rho_{size}"]) <= 1.0
    page = (plan.folder / "report" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'"groups": ?\["large", ?"middle", ?"small"\]', page)
