"""A study small enough for tests: hard spheres that are hardly supercooled."""

from __future__ import annotations

import json
import shutil

import pytest

from vitreous.study.plan import read_plan
from vitreous.study.run import run_study
from vitreous.study.steps import steps_of

QUICK = """\
particles = 150
equilibration = 2.0
trajectory = 8.0
snapshots = 1
runs = 4
propensity = 2.0
times_per_decade = 2
reducer = "pca"
"""
SMALL = f"""\
label = "a test"
{QUICK}
[[hard-spheres]]
packing_fraction = 0.45

[[hard-spheres]]
packing_fraction = 0.40
"""


class Silent:
    """A watcher that keeps what it was told."""

    def __init__(self):
        self.finished, self.failures, self.remarks, self.looks = [], [], [], 0

    def begins(self, steps, folder, workers):
        self.workers = workers

    def stage(self, what):
        pass

    def look(self):
        self.looks += 1

    def made(self, step, seconds):
        self.finished.append((step.state.name, step.name))

    def failed(self, step, reason):
        self.failures.append((step.state.name, step.name, reason))

    def remark(self, step, text):
        self.remarks.append((step.state.name, step.name, text))


@pytest.fixture
def watcher():
    return Silent()


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    """The plan of a study that is made; not to be changed."""
    path = tmp_path_factory.mktemp("study") / "small.toml"
    path.write_text(SMALL)
    plan = read_plan(path)
    told = Silent()
    outcome = run_study(plan, told, workers=2)
    assert not outcome.failed, outcome.failed
    assert outcome.made == len(steps_of(plan))
    return plan


@pytest.fixture
def study(finished_study, tmp_path):
    """A copy of it, to be changed."""
    path = tmp_path / "small.toml"
    shutil.copy(finished_study.path, path)
    shutil.copytree(finished_study.folder, tmp_path / "small.study")
    return read_plan(path)


@pytest.fixture
def digests():
    """What tells the numbers of a study: digests of all files but pictures and models, which tell the time."""

    def of(plan):
        found = {}
        for step in steps_of(plan):
            told = json.loads(step.path(plan.folder, ".made.json").read_text())
            for suffix, digest in told["files"].items():
                if suffix not in (".equilibration.png", ".vtm"):
                    found[f"{step.stem}{suffix}"] = digest
        return found

    return of
