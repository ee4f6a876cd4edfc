"""A study under fire: clients and workers are killed at any moment, and the numbers are those of an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from study.fixtures import SMALL
from vitreous.study.decide import require_first_stage
from vitreous.study.decision import Decision, decided, first_stage_digest, keep_decision, read_decision
from vitreous.study.plan import Further, read_plan
from vitreous.study.run import run_study
from vitreous.study.steps import steps_of

if not Path("/proc").is_dir():
    pytest.skip("looks for processes in /proc", allow_module_level=True)

KILLS = 24
KINDS = (
    "equilibrate",
    "trajectory",
    "relax",
    "propensity",
    "order-parameter",
    "cage",
    "correlate",
    "explain",
    "transfer",
)
TWO_STAGES = SMALL.replace(
    "trajectory = 8.0\nsnapshots = 1", "trajectory = 30.0\nsnapshots = 2\nstructures = 3"
)
BUDGET = 30.0  # seconds of one core
FURTHER = {"hard-spheres-0.45": Further(2, 3), "hard-spheres-0.4": Further(1, 1)}
LATER_KILLS = 8


def workers_of(client):
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_text()
            except (OSError, IndexError, ValueError):
                continue
            if parent == client and "dask_worker" in command:
                found.append(int(folder.name))
    return found


def at_work(plan, but=()):
    """Kinds of step that are being made now: those that hold their lock or told something, but have no record."""
    found = set()
    for step in steps_of(plan):
        if step.key in but:
            continue
        begun = any(step.path(plan.folder, suffix).exists() for suffix in (".lock", ".progress"))
        if begun and not step.path(plan.folder, ".made.json").exists():
            found.add(step.kind)
    return found


@pytest.mark.slow
def test_a_study_under_fire_gives_the_numbers_of_an_undisturbed_one(finished_study, tmp_path, digests):
    path = tmp_path / "small.toml"
    path.write_text(finished_study.path.read_text())
    plan = read_plan(path)
    rng = np.random.default_rng(1)
    command = [
        sys.executable,
        "-c",
        "from vitreous.cli import main; main()",
        "study",
        "run",
        str(path),
        "--workers",
        "2",
    ]
    killed, hit, when = 0, set(), {}
    deadline = time.monotonic() + 900.0
    ended = None
    while ended != 0:
        assert ended in (None, -9), "the client failed"
        client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while (ended := client.poll()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
            now = at_work(plan)
            # A kind that was not hit yet, or now and then any; the client, or one of its workers.
            if not now or (now <= hit and (killed >= KILLS or rng.random() > 0.002)):
                continue
            # A moment later, but for the kind that lasts no longer than that.
            time.sleep(0.0 if "transfer" in now - hit else rng.uniform(0.0, 0.2))
            victims = [client.pid] if rng.random() < 0.5 else workers_of(client.pid)[:1]
            hit |= at_work(plan) if victims else set()
            killed += len(victims)
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        for record in plan.folder.rglob("*.made.json"):
            written = record.stat().st_mtime_ns
            assert when.setdefault(record, written) == written, f"{record.name} was made twice"
    print(f"{killed} kills while {', '.join(sorted(hit))} were made")
    assert killed >= 10
    assert hit == set(KINDS)
    assert digests(plan) == digests(finished_study)


@pytest.fixture
def in_two_stages(tmp_path, watcher):
    """A study that was undisturbed to the end, and a copy of it as it stood when its second stage began.

    What is decided is given: two snapshots tell so little of the spread that claims would take hundreds.
    """
    path = tmp_path / "whole" / "small.toml"
    path.parent.mkdir()
    path.write_text(TWO_STAGES)
    plan = read_plan(path)
    assert not run_study(plan, watcher, workers=2).failed
    require_first_stage(plan)
    keep_decision(plan, Decision(first_stage_digest(plan), BUDGET, BUDGET, FURTHER, ()))
    copy = tmp_path / "killed" / "small.toml"
    shutil.copytree(path.parent, copy.parent)
    assert not run_study(plan, watcher, workers=2).failed
    return plan, read_plan(copy)


@pytest.mark.slow
def test_a_second_stage_that_is_killed_goes_on_to_the_same_results(in_two_stages, digests):
    """And no snapshots are added to those that were decided, however often the command is given again."""
    whole, plan = in_two_stages
    first = {step.key for step in steps_of(plan)}
    rng = np.random.default_rng(2)
    command = [sys.executable, "-c", "from vitreous.cli import main; main()", "study", "run", str(plan.path)]
    command += ["--decide", "--budget", f"{BUDGET:g}s", "--workers", "2"]
    killed, hit = 0, set()
    deadline = time.monotonic() + 1800.0
    ended = None
    while ended != 0:
        assert ended in (None, -9), "the client failed"
        client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while (ended := client.poll()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
            now = at_work(decided(plan), first)
            if killed >= LATER_KILLS or not now - hit:
                continue
            time.sleep(rng.uniform(0.0, 0.1))
            hit |= at_work(decided(plan), first)
            client.kill()  # SIGKILL
            client.wait()
            killed += 1
    print(f"{killed} kills of the second stage while {', '.join(sorted(hit))} were made")
    assert killed >= 4
    assert "propensity" in hit
    assert read_decision(plan).further == FURTHER
    assert digests(decided(plan)) == digests(decided(whole))
