"""What is released says the same everywhere; packaging/check.py looks at what is built."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
RECIPE = yaml.safe_load((ROOT / "packaging" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
CONDA_NAMES = {"dask": "dask-core", "matplotlib": "matplotlib-base", "freud-analysis": "freud"}
DEFINITION = ROOT / "packaging" / "apptainer" / "vitreous.def"
SECTIONS = {
    "help",
    "files",
    "post",
    "environment",
    "test",
    "runscript",
    "labels",
    "setup",
    "startscript",
    "arguments",
}


def requirements(lines):
    """Conda's names and bounds of lines as pyproject.toml has them."""
    found = {}
    for line in lines:
        name, bound = re.fullmatch(r"([a-z0-9-]+)(?:\[\w+\])?(.*)", line).groups()
        found[CONDA_NAMES.get(name, name)] = bound
    return found


def test_version_and_date_are_those_of_the_newest_changes():
    version, date = re.search(
        r"^## \[(\d[^]]*)\] - ([\d-]+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    ).groups()
    assert (CITATION["version"], str(CITATION["date-released"])) == (version, date)
    assert RECIPE["context"]["version"] == version
    assert "version" in PROJECT["dynamic"]  # it is read from CITATION.cff


def test_who_cites_is_told_what_the_paper_is():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["license"] == PROJECT["license"] == RECIPE["about"]["license"]
    (paper,) = CITATION["references"]
    assert paper["doi"] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_conda_requires_what_pip_requires():
    run = dict(line.partition(" ")[::2] for line in RECIPE["requirements"]["run"])
    assert run.pop("python") == ">=${{ python_min }}"
    assert f">={RECIPE['context']['python_min']}" == PROJECT["requires-python"]
    assert run == requirements(PROJECT["dependencies"])
    constraints = dict(line.partition(" ")[::2] for line in RECIPE["requirements"]["run_constraints"])
    extras = requirements(line for lines in PROJECT["optional-dependencies"].values() for line in lines)
    assert constraints.items() <= extras.items()
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert set(build) <= set(RECIPE["requirements"]["host"])
    entry = RECIPE["build"]["python"]["entry_points"]
    assert entry == [f"{name} = {where}" for name, where in PROJECT["scripts"].items()]


@pytest.fixture(name="definition")
def _definition():
    """The header of the definition file, and its sections by name."""
    head, *parts = re.split(r"^%", DEFINITION.read_text(encoding="utf-8"), flags=re.MULTILINE)
    header = dict(line.split(": ") for line in head.split("\n") if line)
    sections = dict(part.split("\n", 1) for part in parts)
    assert len(sections) == len(parts)
    return header, sections


def test_the_definition_for_apptainer_has_a_header_and_known_sections(definition):
    header, sections = definition
    assert header.keys() == {"Bootstrap", "From"}
    assert DEFINITION.read_text(encoding="utf-8").startswith("Bootstrap: ")  # has to be the first word
    assert {"files", "post", "runscript", "test"} <= sections.keys() <= SECTIONS
    assert sections["runscript"].split("\n")[-2].strip() == 'exec vitreous "$@"'


def test_the_image_gets_what_the_package_is_built_of(definition):
    _, sections = definition
    copied = dict(line.split() for line in sections["files"].strip().split("\n"))
    assert all((ROOT / source).exists() for source in copied)
    assert all(target == f"/opt/vitreous/{source}" for source, target in copied.items())
    assert copied.keys() >= {"pyproject.toml", "src", "README.md", "CITATION.cff", *PROJECT["license-files"]}
    (wanted,) = re.findall(r"/opt/vitreous\[(.*)\]", sections["post"])
    assert set(wanted.split(",")) <= PROJECT["optional-dependencies"].keys()


@pytest.mark.parametrize("name", ["post", "environment", "test", "runscript"])
def test_the_scripts_of_the_image_are_scripts(definition, name):
    _, sections = definition
    done = subprocess.run(["sh", "-n"], input=sections[name], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_package_is_a_program(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "vitreous", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"vitreous \d+\.\d+\.\d+\S*\n", done.stdout)
