"""Kinds of steps: what is in their keys, their versions, and one that is added by nothing but its module."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

import vitreous
from vitreous.glassformers import glass_former
from vitreous.records import to_json
from vitreous.study.kinds import all_kinds
from vitreous.study.kinds._liquid import Liquid
from vitreous.study.plan import read_plan
from vitreous.study.step import Step, record_of, step_differences
from vitreous.study.steps import steps_of

NO_NUMBERS = tuple(
    f"vitreous.{room}"
    for room in (
        "study",
        "io",
        "errors",
        "records",
        "configuration",
        "ensemble.dispatch",
        "ensemble.executor",
    )
)
PACKAGE = Path(vitreous.__file__).parent

# Of each kind its version, and a digest of what makes its results: its module and those that it takes functions from,
# without comments, docstrings and imports. Where this fails, look at what was changed: if results may be others, raise
# the version of the kind; then put the new digest here.
VERSIONS = {
    "equilibrate": (2, "1fa7523f21c6"),
    "trajectory": (2, "cd8030492756"),
    "relax": (2, "462dd5f86ae5"),
    "further": (1, "40748d0be78a"),
    "cage": (1, "cbd3f5f6769a"),
    "order-parameter": (2, "af40797267da"),
    "propensity": (2, "bfe1057fbd7a"),
    "explain": (2, "7412690a7e93"),
    "transfer": (2, "ac5f60420004"),
    "correlate": (2, "f3f9931117f1"),
    "supervised": (1, "336b06066e05"),
}


def sources(kind):
    """Files of a kind's own module and of those that compute among the modules that it imports from."""
    own = importlib.import_module(f"vitreous.study.kinds.{kind.name.replace('-', '_')}")
    files = {Path(own.__file__)}
    for node in ast.walk(ast.parse(Path(own.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.module.startswith(NO_NUMBERS):
            module = importlib.import_module(node.module) if node.module.startswith("vitreous") else None
            for name in (alias.name for alias in node.names) if module else ():
                made_in = getattr(getattr(module, name), "__module__", node.module)
                files.add(Path(importlib.import_module(made_in).__file__))
    return sorted(file for file in files if PACKAGE in file.parents)


def code(file):
    """What a file does, without what only people read and without where things are imported from."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            node.body = [
                part
                for part in body
                if not isinstance(part, ast.Import | ast.ImportFrom)
                and not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            ]
    return ast.dump(tree)


def digest(kind):
    return hashlib.sha256("".join(sorted(map(code, sources(kind)))).encode()).hexdigest()[:12]


def test_results_that_may_have_changed_have_another_version():
    found = {name: (kind.version, digest(kind)) for name, kind in all_kinds().items()}
    table = "\n".join(f'    "{name}": ({value[0]}, "{value[1]}"),' for name, value in found.items())
    assert found == VERSIONS, (
        f"look at what was changed; raise versions if results may be others; then write\n{table}"
    )


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    path = tmp_path_factory.mktemp("kinds") / "plan.toml"
    path.write_text(
        "snapshots = 2\nstructures = 4\n"
        "[[hard-spheres]]\npacking_fraction = 0.54\n[[kob-andersen]]\ntemperature = 0.6\n"
    )
    return steps_of(read_plan(path))


def others(value):
    """A value with one of its parts changed, for each part."""
    if is_dataclass(value):
        for field in fields(value):
            for other in others(getattr(value, field.name)):
                yield replace(value, **{field.name: other})
    elif isinstance(value, tuple):
        yield (*value, value[-1]) if value else (1,)
        for k, part in enumerate(value):
            for other in others(part):
                yield (*value[:k], other, *value[k + 1 :])
    elif value is None:
        yield 1.0
    else:
        yield (
            f"{value}x"
            if isinstance(value, str)
            else value + 1
            if isinstance(value, int)
            else value * 1.001 + (value == 0.0)
        )


def test_every_parameter_is_in_the_key(steps):
    looked_at = set()
    for step in steps:
        for other in others(step.parameters):
            assert replace(step, parameters=other).key != step.key, other
            looked_at.add(step.kind)
        assert replace(step, version=step.version + 1).key != step.key
        assert replace(step, parameters=replace(step.parameters)).key == step.key
    assert looked_at == set(all_kinds())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("hard-spheres", "d9670f428cd0"), ("wahnstrom", "000eba151509"), ("kob-andersen", "eed33f748d12")],
)
def test_studies_of_the_paper_s_models_are_found_again(name, expected):
    """What their steps' keys depend on of the models, as it was before models were files."""
    text = json.dumps(to_json(Liquid.of(glass_former(name))), sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == expected


def test_constants_of_the_model_are_in_the_keys_of_all_its_steps(steps):
    """A pair potential, for instance, by way of the equilibration that everything requires."""
    for step in steps:
        above = {step}
        while grown := {one for each in above for one in each.requires} - above:
            above |= grown
        assert any(one.kind == "equilibrate" for one in above)


def test_a_kind_says_all_that_is_asked_of_it():
    for name, kind in all_kinds().items():
        module = importlib.import_module(f"vitreous.study.kinds.{name.replace('-', '_')}")
        assert kind is module.KIND
        assert module.Parameters.__dataclass_params__.frozen
        assert all(required in all_kinds() for required in kind.requires)


TOY = '''
"""Counts the frames of the trajectory."""

from dataclasses import dataclass

from vitreous.io.record_file import read_record, write_record
from vitreous.study.kind import Kind, Planned
from vitreous.study.kinds import trajectory


@dataclass(frozen=True)
class Parameters:
    times: int = 2


@dataclass(frozen=True)
class Count:
    frames: int


def steps(around):
    yield Planned(Parameters(), (around.one("trajectory"),))


def make(step, folder, watcher):
    watcher.stage("counting")
    frames = len(trajectory.read(step.required("trajectory"), folder).times)
    write_record(step.path(folder, ".json"), Count(step.parameters.times * frames))
    return [".json"]


def read(step, folder):
    return read_record(step.path(folder, ".json"), Count)


KIND = Kind("toy", 1, "toys", ("trajectory",), steps, make, read, 0.1)
'''


def test_a_kind_is_added_by_its_module_alone(finished_study, tmp_path):
    """A copy of the package with one more file: plan, run, status, estimate, results and tables know it."""
    shutil.copytree(
        PACKAGE, tmp_path / "packages" / "vitreous", ignore=shutil.ignore_patterns("__pycache__", "*.nb?")
    )
    (tmp_path / "packages/vitreous/study/kinds/toy.py").write_text(TOY)
    shutil.copy(finished_study.path, tmp_path / "small.toml")
    shutil.copytree(finished_study.folder, tmp_path / "small.study")
    script = """
import json, sys
from study.fixtures import Silent
from vitreous.study.plan import read_plan
from vitreous.study.results import read_results
from vitreous.study.run import run_study
from vitreous.study.status import study_status
from vitreous.study.step import step_differences
from vitreous.study.steps import steps_of
from vitreous.study.tables import study_tables

plan = read_plan("small.toml")
steps = [step for step in steps_of(plan) if step.kind == "toy"]
before = study_status(steps, plan.folder)
why = [step_differences(step, plan.folder) for step in steps]
outcome = run_study(plan, Silent(), workers=1)
results = read_results(plan)
header, rows = study_tables(results)["steps"]
print(json.dumps({
    "before": [before.standing[step] for step in steps],
    "left": sum(before.left.values()),
    "why": why,
    "made": outcome.made,
    "failed": list(outcome.failed.values()),
    "missing": results.missing,
    "frames": [results.result(step).frames for step in steps],
    "rows": [row[1] for row in rows].count("toy"),
}))
"""
    paths = os.pathsep.join([str(tmp_path / "packages"), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["before"] == ["waiting"] * 2
    assert told["left"] == pytest.approx(0.2)
    assert told["why"] == [["none was made so far"]] * 2
    assert (told["made"], told["failed"], told["missing"], told["rows"]) == (2, [], [], 2)
    trajectories = [step for step in steps_of(finished_study) if step.kind == "trajectory"]
    frames = [all_kinds()["trajectory"].read(step, finished_study.folder).times for step in trajectories]
    assert told["frames"] == [2 * len(times) for times in frames]


def test_why_a_step_would_be_made_again(study):
    """What differs from what is there: parameters by name, versions, steps before it, files that are gone."""

    def why(plan):
        missing = [step for step in steps_of(plan) if record_of(step, plan.folder) is None]
        return {f"{step.state.name}, {step.name}": step_differences(step, plan.folder) for step in missing}

    assert why(study) == {}
    text = study.path.read_text()
    study.path.write_text(text.replace("packing_fraction = 0.40", "packing_fraction = 0.40\nruns = 6"))
    assert why(read_plan(study.path)) == {
        "hard-spheres-0.4, propensity 1": ("runs: 4, now 6",),
        "hard-spheres-0.4, correlate 1": ("propensity-1 before it: another one",),
    }
    study.path.write_text(text)
    step = next(step for step in steps_of(study) if step.kind == "relax")
    record = record_of(step, study.folder)
    raised = Step(step.kind, step.version + 1, step.state, None, step.parameters, step.requires)
    assert step_differences(raised, study.folder) == (
        f"version of this kind of step: {record.version}, now {record.version + 1}",
    )
    step.path(study.folder, ".json").unlink()
    assert why(study)[f"{step.state.name}, relax"] == (f"its file {Path(step.stem).name}.json is gone",)
