"""The commands `study ...`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from vitreous.study.steps import steps_of

PLAN = "[[hard-spheres]]\npacking_fraction = 0.54\n"


def test_a_plan_that_ships_is_put_where_it_is_asked_for(run, here, monkeypatch):
    monkeypatch.setattr("vitreous.study.run.run_study", lambda *_, **__: pytest.fail("computed"))
    monkeypatch.setattr("vitreous.study.plan.find_spec", lambda name: None)
    result = run("study", "run", "quick.toml")
    assert result.status == 2
    assert len(result.errors) == 1
    assert "quick.toml: line " in result.errors[0]
    assert "wahnstrom-0.9 is simulated by LAMMPS, which is not installed" in result.errors[0]
    assert Path("quick.toml").read_text().startswith("# The whole study in five minutes")


@pytest.mark.parametrize("command", ["run", "status", "report"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "plan.toml: there is no such file"),
        ("", "plan.toml: has no state"),
        ("label = 1\n", "plan.toml: line 1: label: expected a valid string, got 1"),
        (PLAN + "colour = 3\n", "plan.toml: line 3: colour: there is no such setting"),
        (PLAN + PLAN, "plan.toml: line 4: packing_fraction: hard-spheres-0.54 is there already, in table 1"),
    ],
)
def test_a_wrong_plan_is_one_line(run, here, content, command, text, message):
    if text is not None:
        Path("plan.toml").write_text(text)
    before = content(here)
    result = run("study", command, "plan.toml")
    assert result.status == 2
    assert len(result.errors) == 1, result
    assert message in result.errors[0]
    assert content(here) == before


def test_a_report_of_nothing_is_refused(run, here):
    Path("plan.toml").write_text(PLAN)
    result = run("study", "report", "plan.toml")
    assert result.status == 2
    assert "nothing is made yet" in result.errors[0]
    assert not Path("plan.study").exists()


def test_status_of_what_has_not_begun(run, here):
    Path("plan.toml").write_text(PLAN)
    result = run("study", "status", "plan.toml")
    assert result.status == 0
    assert "0 of 26 steps done" in result.out
    assert not Path("plan.study").exists()


def test_status_of_what_is_made(run, study):
    result = run("study", "status", study.path)
    assert result.status == 0
    assert "nothing left" in result.out
    steps = json.loads(run("study", "status", study.path, "--json").out)["steps"]
    assert {step["standing"] for step in steps} == {"made"}
    assert len(steps) == len(steps_of(study))


def test_status_tells_why(run, study):
    assert ", now " not in run("study", "status", study.path, "--why").out
    study.path.write_text(study.path.read_text().replace("runs = 4", "runs = 6"))
    result = run("study", "status", study.path, "--why")
    assert "hard-spheres-0.45, propensity 1: runs: 4, now 6" in result.out.splitlines()
    assert "hard-spheres-0.4, correlate 1: propensity-1 before it: another one" in result.out.splitlines()
    steps = json.loads(run("study", "status", study.path, "--json").out)["steps"]
    reasons = {step["step"]: step["why"] for step in steps if step["why"]}
    assert reasons["propensity 1"] == ["runs: 4, now 6"]
    assert {step["step"] for step in steps if step["standing"] == "made"}.isdisjoint(reasons)


def test_what_is_made_is_told_to_be_made(run, study):
    result = run("study", "run", study.path, "--workers", "1")
    assert result.status == 0
    assert "everything is made" in result.out
    told = json.loads(run("study", "run", study.path, "--json").out)
    assert (told["made"], told["failed"], told["blocked"]) == (0, [], [])


def test_what_fails_is_one_line_at_the_end(run, study):
    text = study.path.read_text().replace("0.40", "0.55\nlongest_equilibration = 0.5")
    study.path.write_text(text)
    result = run("study", "run", study.path, "--workers", "2", "--quiet")
    assert result.status == 2
    assert len(result.errors) == 1
    assert "hard-spheres-0.55, trajectory: " in result.errors[0]
    assert "give this state a larger longest_equilibration" in result.errors[0]
    assert "failed" in run("study", "status", study.path).out


def test_the_report_has_all_that_was_promised(run, study):
    result = run("study", "report", study.path)
    assert result.status == 0, result
    folder = study.folder / "report"
    names = {path.name for path in folder.iterdir()}
    for figure in (
        "figure-2",
        "figure-3",
        "figure-4",
        "topological-clusters",
        "bond-order",
        "neighbor-rules",
    ):
        assert {f"{figure}.png", f"{figure}.pdf", f"{figure}.csv"} <= names
    assert {"states.csv", "claims.md", "claims.json", "index.html"} <= names
    assert "a test" in (folder / "claims.md").read_text()
    assert "a test" in (folder / "index.html").read_text()
    assert (folder / "states.csv").read_text().count("\n") == 3
    for path in folder.glob("*.csv"):
        assert "nan" not in path.read_text()


def test_an_interrupt_keeps_what_is_made(begin, study):
    text = study.path.read_text().replace("0.40", "0.42")
    study.path.write_text(text)
    process = begin("study", "run", study.path, "--workers", "1")
    deadline = time.monotonic() + 300.0
    while not list(study.folder.glob("hard-spheres-0.42/*.progress")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    err = process.communicate(timeout=300)[1]
    assert process.returncode == 130
    last = err.splitlines()[-1]
    assert "interrupted; what is made is kept in" in last


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--budget", "8h"], "--budget: is for --decide; give it too"),
        (
            ["--decide", "--budget", "8"],
            "--budget: expected a time with its unit, as 8h, 90m or 600s; got '8'",
        ),
    ],
)
def test_a_budget_has_a_unit_and_a_purpose(run, tmp_path, options, message):
    path = tmp_path / "mine.toml"
    path.write_text("[[hard-spheres]]\npacking_fraction = 0.54\n")
    result = run("study", "run", path, *options)
    assert result.status == 2
    assert message in result.err
    assert not (tmp_path / "mine.study").exists()
