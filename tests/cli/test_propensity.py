"""The commands `propensity` and `correlate`: what they write, that they go on, and what they refuse."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.glassformers import composition, glass_former

MODEL = glass_former("hard-spheres")
RUNS = ("--runs", 4, "--times", "log:0.01:1:7", "--workers", 1)


@pytest.fixture(scope="module", name="spheres")
def _spheres():
    species = np.repeat(*zip(*composition(MODEL, 200).items(), strict=True))
    md = vt.HardSphereMD.grow([MODEL.diameter_of[name] for name in species], 0.5, seed=3, species=species)
    md.run(5.0)
    return md.configuration


@pytest.fixture(name="start")
def _start(here, spheres):
    vt.write("start.gsd", spheres)
    return "start.gsd"


@pytest.fixture(scope="module", name="measured")
def _measured(spheres):
    return vt.propensity(
        spheres, model="hard-spheres", times=vt.log_times(0.01, 3, 8), runs=6, seed=1, workers=2
    )


def test_files_and_summary(run, here, start):
    result = run("propensity", start, "--liquid", "hard-spheres", *RUNS)
    assert result.status == 0, result
    assert sorted(path.name for path in here.iterdir()) == [
        "start.gsd",
        "start.propensity",
        "start.propensity.gsd",
    ]
    for words in (
        "packing fraction 0.5",
        "runs                4\n",
        "7, from 0.01 to 1",
        "vitreous correlate",
    ):
        assert words in re.sub(r" *\n", "\n", result.out)
    assert "does not say whether the snapshot is equilibrated" in result.out
    found = vt.Propensity.load("start.propensity.gsd")
    assert found.mean.shape == (7, 200)
    before = {path: path.stat().st_mtime_ns for path in Path("start.propensity").iterdir()}
    result = run("propensity", start, "--liquid", "hard-spheres", *RUNS[2:], "--runs", 5, "--json")
    told = json.loads(result.out)
    assert (told["runs"], told["carried_out_now"], told["model"]) == (5, 1, "hard-spheres")
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())


def test_shards(run, here, start):
    words = ("propensity", start, "--liquid", "hard-spheres", *RUNS, "--folder", "runs")
    assert run(*words, "--shard", "0/2").status == 0
    assert not Path("start.propensity.gsd").exists()
    result = run(*words, "--shard", "1/2")
    assert "2 of 4, shard 1/2" in result.out
    assert "run without --shard" in result.out
    result = run(*words, "-o", "p.gsd")
    assert "4, 4 of them were there" in result.out
    assert vt.Propensity.load("p.gsd").runs == 4


def test_what_simulate_tells_is_known(run, here):
    words = ("simulate", "hard-spheres", "--packing-fraction", 0.48, "-N", 200, "-o", "a.gsd", "-q")
    assert run(*words).status == 0
    result = run("propensity", "a.gsd", "--runs", 2, "--json")
    told = json.loads(result.out)
    assert told["model"] == "hard-spheres"
    tau = vt.read("a.gsd").metadata["equilibration"]["tau_1e"]
    assert told["times"][0] == 0.01
    assert told["times"][-1] == pytest.approx(3.2 * tau, rel=0.05)
    assert told["tau_1e"]["value"] == pytest.approx(tau, rel=0.5)


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        ((), "does not say of which liquid"),
        (("--liquid", "glass"), "no such model"),
        (("--liquid", "hard-spheres"), "give for instance log:0.01"),
        (("--liquid", "wahnstrom", "--times", "1"), "give it"),
        (("--liquid", "hard-spheres", "--times", "1,0.5"), "increas"),
        (("--liquid", "hard-spheres", "--times", "0,0.5"), "begin later"),
        (("--liquid", "hard-spheres", "--times", "1", "--runs", 1), "at least 2"),
        (("--liquid", "hard-spheres", "--times", "1", "--runs", 0), "at least 2"),
        (("--liquid", "hard-spheres", "--times", "1", "--workers", 0), "workers"),
        (("--liquid", "hard-spheres", "--times", "1", "--shard", "2/2"), "I from 0 to N - 1"),
        (("--liquid", "hard-spheres", "--times", "1", "--shard", "half"), "expected I/N"),
        (("--liquid", "hard-spheres", "--times", "1", "-T", 1), "hard spheres have none"),
        (("--liquid", "hard-spheres", "--times", "1", "-o", "p.xyz"), "suffix .gsd"),
        (("--liquid", "hard-spheres", "--times", "1", "-o", "no/p.gsd"), "does not exist"),
        (
            ("--liquid", "hard-spheres", "--times", "1", "--folder", "start.gsd"),
            "not the folder of a campaign",
        ),
        (
            ("-q", "--liquid", "hard-spheres", "--times", "1", "--species", "A=B,B=A"),
            "diameters of A: .* has 0.85",
        ),
        (("--liquid", "mine.toml", "--times", "1"), "mine.toml: there is no such file"),
        (("--frame", 5), "frame"),
    ],
)
def test_bad_input(refused, start, words, saying):
    refused("propensity", start, *words, saying=saying)


def test_snapshots_of_something_else(refused, here, spheres):
    box = spheres.box.lengths
    vt.write(
        "large.gsd", vt.Configuration(2 * spheres.positions, 2 * box, spheres.species, 2 * spheres.diameters)
    )
    words = ("--liquid", "hard-spheres", "--times", "1")
    refused("propensity", "large.gsd", *words, saying="is it in the model's units")
    x = spheres.positions.copy()
    x[3] = x[150] + [0.2, 0, 0]
    vt.write("near.gsd", vt.Configuration(x, box, spheres.species, spheres.diameters))
    refused("propensity", "near.gsd", *words, saying="particles 3 and 150 overlap")
    refused("propensity", "no.gsd", *words, saying="no.gsd")


def test_the_folder_of_another_snapshot(run, refused, here, start, spheres):
    assert run("propensity", start, "--liquid", "hard-spheres", *RUNS, "-q").status == 0
    md = vt.HardSphereMD(spheres, seed=3)
    md.run(1.0)
    vt.write("start.gsd", md.configuration)
    refused(
        "propensity",
        start,
        "--liquid",
        "hard-spheres",
        *RUNS,
        saying="folder of another campaign: its snapshot",
    )


def test_no_scheduler(run, here, start, monkeypatch):
    monkeypatch.setattr("vitreous.ensemble.workers._PATIENCE", 1.0)
    words = ("propensity", start, "--liquid", "hard-spheres", *RUNS[:4])
    result = run(*words, "--scheduler", "tcp://127.0.0.1:9")
    assert result.status == 2
    assert len(result.errors) == 1, result.err
    assert "no Dask scheduler answers there" in result.errors[0]


def test_interrupt_keeps_what_is_finished(begin, run, here, start):
    words = (
        "propensity",
        start,
        "--liquid",
        "hard-spheres",
        "--runs",
        100_000,
        "--times",
        "log:1:100:3",
        "--workers",
        2,
    )
    with begin(*words) as process:
        deadline = time.monotonic() + 300  # which no machine needs that is not stuck
        while len(list(Path("start.propensity").glob("run-*"))) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert err.splitlines()[-1].endswith("the same command goes on from there")
    assert "Traceback" not in err
    there = {int(path.stem[4:]) for path in Path("start.propensity").glob("run-*")}
    runs = max(there) + 2
    told = json.loads(run(*words[:4], "--runs", runs, *words[6:], "--json").out)
    assert told["carried_out_now"] == runs - len(there)


def test_correlate(run, here, measured):
    measured.save("p.gsd")
    result = run("correlate", "p.gsd", "--radius", 1.6)
    assert result.status == 0, result
    assert sorted(path.name for path in here.iterdir()) == [
        "p.correlation.json",
        "p.correlation.png",
        "p.gsd",
    ]
    for words in ("P_red", "P̄_red", "density", "noise ceiling", "random, averaged", "nearest to τ_1e"):
        assert words in result.out
    told = json.loads(Path("p.correlation.json").read_text())
    fields, _ = vt.structural_fields(measured.snapshot, vt.OrderParameter(random_state=0), radius=1.6)
    found = vt.correlate(fields, measured, radius=1.6)
    entry = next(one for one in told["correlations"] if (one["field"], one["species"]) == ("p_red", "B"))
    np.testing.assert_allclose(entry["rho"], found.rho[0, 1])
    result = run("correlate", "p.gsd", "--radius", 1.6, "--pearson", "--json", "-o", "q")
    told = json.loads(result.out)
    assert told["method"] == "pearson"
    assert (told["sources"], told.pop("files")) == (["p.gsd"], ["q.json", "q.png"])
    assert told == json.loads(Path("q.json").read_text())
    assert Path("q.png").exists()


def test_correlate_tells_that_there_is_no_interval_in_an_open_box(run, here, measured):
    snapshot = measured.snapshot
    cut = vt.Configuration(
        snapshot.positions, snapshot.box, snapshot.species, snapshot.diameters, periodic=(True, True, False)
    )
    vt.write("open.extxyz", cut.with_columns(move=measured.mean[-1]))
    result = run("correlate", "open.extxyz", "--column", "move", "--radius", 1.6)
    assert result.status == 0, result
    assert "intervals are not known" in " ".join(result.out.split())
    assert json.loads(Path("open.correlation.json").read_text())["correlations"][0]["low"] == [None]


def test_correlate_with_a_trained_model_and_several_snapshots(run, here, measured):
    measured.save("p.gsd")
    measured.save("q.gsd")
    assert run("reveal", "p.gsd", "--radius", 1.6, "-o", "m", "-q").status == 0
    result = run("correlate", "p.gsd", "q.gsd", "--model", "m.vtm", "--radius", 1.6)
    assert result.status == 0, result
    assert "mean over 2 snapshots ± standard error" in result.out
    assert "± 0.000" in result.out
    assert len(json.loads(Path("p.correlation.json").read_text())["each"]) == 2


def test_propensities_of_others(run, here, measured):
    values = {
        "move": measured.mean[-1],
        "move_half1": measured.halves[0, -1],
        "move_half2": measured.halves[1, -1],
    }
    vt.write("theirs.extxyz", measured.snapshot.with_columns(**values))
    result = run("correlate", "theirs.extxyz", "--column", "move", "--radius", 1.6)
    assert result.status == 0, result
    assert "the time of the file" in result.out
    assert "noise ceiling" in result.out


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("no.gsd",), r"no\.gsd"),
        (("p.gsd", "--column", "speed"), "no column 'speed'"),
        (("p.gsd", "--neighbors", "-1"), "neighbors|cutoff"),
        (("p.gsd", "--radius", "9"), "half the box"),
        (("p.gsd", "--liquid", "p.gsd"), r"p\.gsd"),
        (("p.gsd", "--glass-former", "window"), "no such model"),
        (("p.gsd", "short.gsd", "--radius", "1.6"), "cannot be pooled: times"),
        (("start.gsd",), "no column 'propensity'"),
        (("p.gsd", "-o", "no/p"), "does not exist"),
    ],
)
def test_bad_input_to_correlate(refused, start, measured, words, saying):
    measured.save("p.gsd")
    if "short.gsd" in words:
        vt.Propensity(measured.snapshot, 1.5 * measured.times[:3], measured.mean[:3]).save("short.gsd")
    refused("correlate", *words, saying=saying)
