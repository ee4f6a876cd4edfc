"""`correlate --league`: what it writes and prints, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from functools import partial
from pathlib import Path
from unicodedata import combining

import numpy as np
import pytest

import vitreous as vt
from leagues import made_up, made_up_league
from vitreous.cli.league import _summary
from vitreous.order_parameter import OrderParameter

WRITTEN = ("csv", "json", "md", "png")


@pytest.fixture(scope="module", name="input")
def _input():
    return made_up(2)


@pytest.fixture(name="files")
def _files(here, input, monkeypatch):
    """Two files whose cages need not be sampled."""
    snapshots, propensities, cages = input
    known = {one.positions.tobytes(): cage for one, cage in zip(snapshots, cages, strict=True)}
    monkeypatch.setattr(
        "vitreous.predictors.comparison.sample_cages", lambda one, *_, **__: known[one.positions.tobytes()]
    )
    monkeypatch.setattr("vitreous.predictors.values.OrderParameter", partial(OrderParameter, reducer="pca"))
    for name, one in zip("ab", propensities, strict=True):
        one.save(f"{name}.propensity.gsd")
    return ["a.propensity.gsd", "b.propensity.gsd"]


def test_files_and_table(run, here, files, input):
    result = run("correlate", *files, "--league")
    assert result.status == 0, result
    assert {path.name for path in here.iterdir()} == {
        *files, *(f"a.propensity.league.{suffix}" for suffix in WRITTEN)
    }  # fmt: skip
    told = json.loads(Path("a.propensity.league.json").read_text())
    found = vt.League.from_dict(told)
    snapshots, propensities, cages = input
    again = vt.league(snapshots, propensities, cages=cages)
    np.testing.assert_array_equal(found.rho, again.rho)
    assert found.sources == ("a.propensity.gsd", "b.propensity.gsd")
    rows = list(csv.DictReader(Path("a.propensity.league.csv").read_text().splitlines()))
    assert [float(row["rho"]) for row in rows] == [one["rho"] for one in told["results"]]
    assert "## Species A" in Path("a.propensity.league.md").read_text()
    for words in (
        "cage order parameter †",
        "means over 2 snapshots ± 95 %",
        "species A",
        "noise ceiling",
        "hard spheres have no",
    ):
        assert words in result.out
    value = found.correlation.value[found.predictors.index("cage"), 2, 0]
    (line,) = re.findall(r"cage order parameter.*", result.out.split("species B")[0])
    assert f"{value:.2f} ±" in line


def test_groups_prefix_and_json(run, here, files):
    result = run("correlate", *files, "--league", "--groups", "1,1", "-o", "x", "--json", "--seed", 2)
    told = json.loads(result.out)
    assert told["files"] == [f"x.league.{suffix}" for suffix in ("json", "csv", "md", "png")]
    assert [one["group"] for one in told["snapshots"]] == ["1", "1"]
    assert "supervised" in told["absent"]
    assert told["about"]["random_state"] == 2
    assert {path.name for path in here.iterdir()} == {*files, *(f"x.league.{suffix}" for suffix in WRITTEN)}


def test_one_file(run, here, files):
    result = run("correlate", files[0], "--league", "--liquid", "hard-spheres", "--at", 9)
    assert result.status == 0, result
    assert "at δt = 10" in result.out
    assert "by translating one field against the other" in result.out
    assert re.search(r"ln v of the cage †\s+-?0\.\d\d\s+-?0\.\d\d \(-?0\.\d\d to -?0\.\d\d\)", result.out)


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--groups", "1"), "--groups: expected one for each of 2 files, got 1"),
        (("--model", "m.vtm"), "--model: it is not for --league"),
        (("--radius", "2"), "--radius: it is not for --league"),
        (("--pearson",), "--pearson: it is not for --league"),
        (("--neighbors", "sann"), "--neighbors: it is not for --league"),
        (("--liquid", "window"), "no such model"),
        (("--temperature", "0.5"), "hard spheres have none"),
        (("--at", "300"), "not recorded at"),
        (("--liquid", "hard-spheres", "--glass-former", "hard-spheres"), "former name of --liquid"),
        (("-o", "no/p"), "does not exist"),
    ],
)
def test_bad_options(refused, files, words, saying):
    refused("correlate", *files, "--league", *words, saying=saying)


@pytest.mark.parametrize("words", [("--groups", "1,2"), ("--temperature", "0.5"), ("--at", "10")])
def test_options_of_the_league_alone(refused, files, words):
    refused("correlate", *files, *words, saying=f"{words[0]}: it is for --league")


def test_the_former_name_of_liquid(run, here, files):
    assert run("correlate", files[0], "--glass-former", "hard-spheres", "-o", "x", "-q").status == 0
    assert "--glass-former" not in run("correlate", "--help").out


# The table


def width(text):
    """Of the longest line as a terminal shows it, on which a letter and its bar take one place."""
    return max(len([one for one in line if not combining(one)]) for line in text.split("\n"))


LEAGUES = {
    "several": made_up_league(6, groups=[1, 1, 2, 2, 3, 3]),
    "one": made_up_league(1),
    "one run": made_up_league(2, groups=[1, 1], halves=False),
}


@pytest.mark.parametrize("name", LEAGUES)
def test_it_fits(name, capsys):
    _summary(LEAGUES[name], ["a.league.json"], 1.0)
    shown = capsys.readouterr().out
    assert width(shown) <= 100
    assert "…" not in shown
    assert "nan" not in shown


@pytest.mark.parametrize("name", LEAGUES)
def test_a_narrow_terminal_shows_whole_numbers(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    _summary(LEAGUES[name], ["a.league.json"], 1.0)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "…" not in shown
    assert "better on" not in shown
    assert width(shown) <= 80
