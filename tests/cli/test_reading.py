"""The options of reading: one set for every command that reads; no message names an option which is not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import vitreous
from vitreous.cli.app import COMMANDS, whole
from vitreous.cli.parse import _ARGUMENTS
from vitreous.cli.reading import ANY, FOLLOWED, OPTIONS, READING, SEVERAL, SNAPSHOT, option_name
from vitreous.io.keywords import FileKeywords, FramesKeywords, SnapshotKeywords, TrajectoryKeywords

SOURCE = Path(vitreous.__file__).parent
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMON = {"--debug", "--help", "--json", "--output", "--quiet", "--version"}

ONE = [
    "reveal",
    "view",
    "explain",
    "simulate hard-spheres",
    "simulate wahnstrom",
    "simulate kob-andersen",
]
EACH = {
    **dict.fromkeys(ONE, SNAPSHOT),
    "tcc": ("frame", *SEVERAL, *ANY),
    "relax": FOLLOWED,
    "propensity": ("interval", "unwrap", "long_steps", *SNAPSHOT),
    "correlate": ANY,
}
SIMULATE = ["simulate hard-spheres", "simulate wahnstrom", "simulate kob-andersen"]
LENNARD_JONES = ["simulate wahnstrom", "simulate kob-andersen"]
# Which commands can say what stands in a file; where several are named, all of them must have the option.
SAID_BY = {
    "cli/commands/correlate.py": ["correlate"],
    "cli/commands/explain.py": ["explain"],
    "cli/commands/propensity.py": ["propensity"],
    "cli/commands/relax.py": ["relax"],
    "cli/commands/reveal.py": ["reveal"],
    "cli/commands/simulate.py": LENNARD_JONES,
    "cli/commands/tcc.py": ["tcc"],
    "cli/commands/view.py": ["view"],
    "cli/files.py": ["reveal", "view", "relax", "propensity", "correlate", "explain", "tcc", *SIMULATE],
    "cli/league.py": ["correlate"],
    "cli/measuring.py": ["propensity"],
    "cli/revelation.py": ["correlate"],
    "ensemble/cage_sampling.py": ["reveal"],
    "ensemble/campaign.py": ["propensity"],
    "ensemble/certificates.py": ["propensity", "study run"],
    "glassformers/catalogue.py": ["propensity", "reveal", "correlate"],
    "glassformers/lammps_lines.py": ["propensity", "reveal", "correlate", "model", *SIMULATE],
    "glassformers/snapshot.py": ["propensity", "reveal", *SIMULATE],
    "io/follow.py": ["relax"],
    "io/formats.py": list(EACH),
    "io/frame.py": list(EACH),
    "io/registry.py": ["relax", "tcc"],
    "io/selection.py": ["relax", "tcc"],
    "order_parameter/cage.py": ["reveal"],
    "partial.py": ["relax"],
    "jobs/relax.py": ["relax"],
    "simulate/equilibration_report.py": SIMULATE,
    "simulate/plan.py": SIMULATE,
    "simulate/simulation.py": SIMULATE,
    "trajectory.py": ["relax"],
}
# Names of options as such, or the options of other programs.
OTHERWISE = {
    "cli/__init__.py", "cli/encoding.py", "cli/liquids.py", "cli/options.py", "cli/parse.py", "cli/reading.py",
    "cli/commands/study.py", "ensemble/run_inputs.py", "ensemble/workers.py",
}  # fmt: skip


def command(name):
    found = whole()
    for word in name.split():
        found = found.commands[word]
    return found


def options(name):
    return {option for one in command(name).params for option in one.opts} | {"--help"}


def said(path):
    """Options that the texts of a file name, docstrings aside, each with a line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            documentation.add(node.body[0].value)
    return {
        option: node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation
        for option in OPTION.findall(node.value)
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_all_commands_is_their_own(name):
    assert command(name).name == name
    assert command(name).help.split("\n\n")[0] == COMMANDS[name]


@pytest.mark.parametrize("name", EACH)
def test_a_command_has_its_part_of_the_set_and_nothing_like_it(name):
    wanted = [option_name(one) for one in EACH[name]]
    having = [one.opts[0] for one in command(name).params if getattr(one, "rich_help_panel", None) == READING]
    extra = {"correlate": {"--liquid", "--column"}}.get(name, set())
    assert [one for one in having if one not in extra] == wanted
    texts = {one.opts[0]: one.help for one in command(name).params if one.opts[0] in wanted}
    first = {one.opts[0]: one.help for one in command("tcc").params} | {
        one.opts[0]: one.help for one in command("relax").params
    }
    assert texts == {option: first[option] for option in texts}


def test_every_option_of_the_set_is_some_command_s():
    assert {one for names in EACH.values() for one in names} == set(OPTIONS)


def test_every_message_is_walked():
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name in OTHERWISE:
            continue
        for option, line in said(path).items():
            if option in COMMON:
                continue
            assert name in SAID_BY, f"{name}: line {line}: {option}: which commands can say this?"
            for one in SAID_BY[name]:
                assert option in options(one), f"{name}: line {line}: `vitreous {one}` has no {option}"


def test_the_walk_sees_what_is_said(tmp_path):
    text = (
        '"""--one"""\ndef f():\n    """--two"""\n    raise ValueError(f"{1}: give --three or (--four {2})")\n'
    )
    (tmp_path / "a.py").write_text(text)
    assert set(said(tmp_path / "a.py")) == {"--three", "--four"}


BAD = {
    "cell.xyz": "3\n\nA 1 2 3\nA 4 5 6\nB 2 3 1\n",
    "unknown.what": "1 2 3\n",
    "outside.dump": "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n"
    "ITEM: ATOMS id type x y z\n1 1 25 1 1\n",
    "looks.xyz": "ITEM: TIMESTEP\n0\n",
    "wrapped.dump": 2 * (
        "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n"
        "ITEM: ATOMS id type x y z\n1 1 2 1 1\n"
    ),
    "again.extxyz": "".join(
        f'1\nLattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 step={step}\nA 1 2 3\n' for step in (0, 5, 5, 2)
    ).replace("A 1 2 3", "A 1 2 3", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("file", BAD)
def test_what_a_message_advises_can_be_said(run, here, name, file):
    (here / file).write_text(BAD[file])
    words = [*name.split(), *(["--start"] if name in SIMULATE else []), file]
    result = run(*words)
    assert result.status in (2, 0), result
    if result.status:
        advised = set(OPTION.findall(result.errors[-1]))
        assert advised <= options(name), result.errors[-1]


def test_frames_and_one_frame_exclude_each_other(refused, here):
    (here / "a.xyz").write_text(BAD["cell.xyz"])
    refused("tcc", "a.xyz", "--frame", 0, "--frames", ":1", saying="--frames: --frame chooses one frame")
    refused("tcc", "a.xyz", "--frame", 0, "--to", 3, saying="--to: --frame chooses one frame")


@pytest.mark.filterwarnings("always::vitreous.errors.FileWarning")
def test_a_file_of_boxes_and_a_column_of_species(run, here):
    rows = "".join(f"{k % 2 + 1} {k % 3} {k % 5} {k % 7} {'ab'[k % 2]}\n" for k in range(12))
    (here / "a.xyz").write_text(f"12\ncolumns=cluster,x,y,z,population\n{rows}")
    (here / "box.txt").write_text("#iter Lx Ly Lz\n0 12 12 12\n")
    result = run("view", "a.xyz", "--box", "box.txt", "--species", "population")
    assert result.status == 0, result.err
    assert "population" not in result.err
    told = run("view", "a.xyz", "--box", "12", "-o", "b.html")
    assert "--species population" in told.err


@pytest.mark.parametrize(
    ("options", "keywords"),
    [
        (ANY, FileKeywords),
        (SNAPSHOT, SnapshotKeywords),
        ((*SEVERAL, *ANY), FramesKeywords),
        (FOLLOWED, TrajectoryKeywords),
    ],
)
def test_the_options_are_the_keyword_arguments(options, keywords):
    assert {_ARGUMENTS.get(name, name) for name in options} == set(keywords.__annotations__)
