"""Whatever is wrong in a model file is told in one line, with the file and the line in it."""

from __future__ import annotations

import re

import pytest

from vitreous.cli import main
from vitreous.errors import FileError, InputError
from vitreous.glassformers import RawLammps, glass_former, model_of_record, model_record, read_model
from vitreous.glassformers.lammps_lines import ALLOWED, require_harmless

GOOD = """\
name = "mine"
title = "My own"
density = 1.1
timestep = 0.004
[species.A]
fraction = 0.8
diameter = 1.0
[species.B]
fraction = 0.2
diameter = 0.9
mass = 2.0
[interaction]
kind = "lennard-jones"
cutoff = 2.5
truncation = "shifted"
epsilon = [[1.0, 1.5], [1.5, 0.5]]
[[interaction.pairs]]
between = ["A", "B"]
sigma = 0.8
[units]
length = "σ"
[study]
ladder = [0.5, 0.6]
deepest = 0.5
relaxation_times = [[0.5, 100.0], [0.6, 10.0]]
"""
RAW = GOOD.replace(
    'kind = "lennard-jones"\ncutoff = 2.5\ntruncation = "shifted"',
    'kind = "lammps"\ncutoff = 2.5\nunits = "lj"',
)
RAW = (
    RAW.partition("epsilon")[0] + 'commands = """\npair_style lj/cut 2.5\npair_coeff * * 1.0 1.0\nLAST\n"""\n'
)

# What is put in place of what, the line, and what is said.
WRONG = [
    ("density = 1.1", "density = -1.1", 3, "density: expected greater than 0, got -1.1"),
    ("density = 1.1", 'density = "high"', 3, "density: expected a valid number, got 'high'"),
    ("density = 1.1", "density = nan", 3, "density: expected"),
    ("density = 1.1", "", None, "density: is missing; give it, or packing_fraction"),
    (
        "density = 1.1",
        "density = 1.1\npacking_fraction = 0.5",
        4,
        "packing_fraction: density says that already",
    ),
    ("density = 1.1", "packing_fraction = 1.5", 3, "packing_fraction: expected less than 1, got 1.5"),
    (
        "density = 1.1",
        "densty = 1.1",
        3,
        "densty: there is no such setting; known are name, title, source, density",
    ),
    ('name = "mine"', "", None, "name: is missing"),
    ('name = "mine"', 'name = "a/b"', 1, "name: "),
    ('name = "mine"', "name = 3", 1, "name: expected a valid string, got 3"),
    ("timestep = 0.004", "timestep = 0", 4, "timestep: expected greater than 0, got 0"),
    ("timestep = 0.004", "timestep = true", 4, "timestep: expected a valid number, got True"),
    ("fraction = 0.8", "fraction = 0.7", 5, "species: their fractions add up to 0.9, not to 1"),
    ("fraction = 0.8", "fraction = 80", 6, "fraction: expected less than or equal to 1, got 80"),
    ("fraction = 0.8", "", 5, "fraction: is missing"),
    ("diameter = 1.0", "diameter = 0.0", 7, "diameter: expected greater than 0, got 0.0"),
    ("diameter = 1.0", "", 5, "diameter: is missing"),
    (
        "diameter = 1.0",
        "diameter = 1.0\nsize = 1.0",
        8,
        "size: there is no such setting; known are fraction, diameter, mass, charge",
    ),
    ("mass = 2.0", "mass = inf", 11, "mass: expected a finite number, got inf"),
    ("mass = 2.0", "charge = 1.0", 11, 'charge: only interactions of the kind "lammps" have charges'),
    ("[species.B]", "[species.'B 2']", 8, "B 2: expected"),
    ('kind = "lennard-jones"', "", 12, "kind: is missing"),
    ('kind = "lennard-jones"', 'kind = "morse"', 13, "kind: expected 'hard', 'lennard-jones', 'wca'"),
    ('kind = "lennard-jones"', 'kind = "wca"', None, "does not belong to 'wca', which has: epsilon, sigma"),
    ('kind = "lennard-jones"', 'kind = "hard"', None, "does not belong to 'hard', which has: none"),
    ("cutoff = 2.5", "", 12, "cutoff: is missing, 'lennard-jones' needs it"),
    ("cutoff = 2.5", "cutoff = -2.5", 14, "cutoff: expected greater than 0"),
    ("cutoff = 2.5", "cutoff = 2.5\nexponent = 12", 15, "exponent: does not belong to 'lennard-jones'"),
    (
        'truncation = "shifted"',
        'truncation = "smooth"',
        15,
        "truncation: expected 'cut', 'shifted', 'force-shifted'",
    ),
    (
        'truncation = "shifted"',
        'truncation = "xplor"',
        12,
        "onset: expected a number between 0 and the cutoff 2.5",
    ),
    (
        'truncation = "shifted"',
        'truncation = "xplor"\nonset = 3.0',
        16,
        "onset: expected a number between 0 and the",
    ),
    ('truncation = "shifted"', "onset = 2.0", 15, 'onset: belongs to truncation = "xplor"'),
    ("[1.5, 0.5]]", "[1.4, 0.5]]", 16, "epsilon: the matrix is not symmetric: 1.5 and 1.4"),
    ("[1.5, 0.5]]", "[1.5]]", 16, "epsilon: expected one number, or 2 rows of 2, one for each species"),
    ("[1.5, 0.5]]", "[1.5, 'x']]", 16, "epsilon: expected"),
    ('between = ["A", "B"]', 'between = ["A", "C"]', 18, "between: there is no species 'C'; there are A, B"),
    ('between = ["A", "B"]', 'between = ["A"]', 18, "between: "),
    ('between = ["A", "B"]', "", 17, "between: is missing"),
    (
        "sigma = 0.8",
        'sigma = 0.8\n[[interaction.pairs]]\nbetween = ["B", "A"]',
        21,
        "the pair B-A was told before",
    ),
    ("sigma = 0.8", 'kind = "table"', 17, "file: is missing, 'table' needs it"),
    ("sigma = 0.8", 'kind = "table"\nfile = "no.table"', 20, "file: there is no no.table beside the model"),
    (
        "sigma = 0.8",
        'kind = "table"\nfile = "../mine.toml"',
        20,
        "file: ../mine.toml has to be in the folder of the",
    ),
    ("sigma = 0.8", 'kind = "hard"', 19, "kind: 'hard' is the interaction of all particles or of none"),
    ("sigma = 0.8", 'kind = "yukawa"\nkappa = 0.0', 20, "kappa: expected greater than 0"),
    ('length = "σ"', "length = 1", 21, "length: expected a valid string, got 1"),
    ("ladder = [0.5, 0.6]", "ladder = [0.6, 0.5]", 23, "ladder: states must increase"),
    ("deepest = 0.5", "deepest = 0.4", 24, "deepest: 0.4 is not on the ladder"),
    ("[0.6, 10.0]]", "[0.6]]", 25, "relaxation_times: expected"),
    ("[units]", "[units", None, "is not TOML"),
    ("[units]", "[unit]", 20, "unit: there is no such setting"),
]
WRONG_RAW = [
    ('units = "lj"', "", 12, "units: is missing, 'lammps' needs it"),
    ('units = "lj"', 'units = "si"', 15, "units: expected 'lj', 'metal' or 'real'"),
    ('units = "lj"', 'units = "lj"\nepsilon = 1.0', 16, "epsilon: does not belong to 'lammps'"),
    ("timestep = 0.004\n", "", None, "timestep: is missing; commands of LAMMPS do not tell"),
    ("mass = 2.0", "charge = 2.0", 5, "charge: the mean charge is 0.4; a liquid has to be neutral"),
    ("LAST", "pair_coeff * * CuZr.eam.alloy Cu Zr", 19, "CuZr.eam.alloy: this file is not beside the model"),
]
HOSTILE = [
    ("shell rm -rf ~", "shell: describes no interaction"),
    ('python f here "import os"', "quotes"),
    ("python f file x.py", "python: describes no interaction"),
    ("include evil.lammps", "include: describes no interaction"),
    ("jump SELF end", "jump: describes no interaction"),
    ("label end", "label: describes no interaction"),
    ("variable h getenv HOME", "variable: describes no interaction"),
    ("variable h shell id", "variable: describes no interaction"),
    ("print hello file x", "print: describes no interaction"),
    ("write_data all.data", "write_data: describes no interaction"),
    ("write_restart r", "write_restart: describes no interaction"),
    ("dump d all atom 1 d.lammpstrj", "dump: describes no interaction"),
    ("log other.log", "log: describes no interaction"),
    ("fix p all print 1 x file y", "fix: describes no interaction"),
    ("fix i all imd 5678", "fix: describes no interaction"),
    ("fix e all ipi host 31415", "fix: describes no interaction"),
    ("plugin load x.so", "plugin: describes no interaction"),
    ("geturl http://somewhere/x", "geturl: describes no interaction"),
    ("message server md zmq host:1", "message: describes no interaction"),
    ("read_data other.data", "read_data: describes no interaction"),
    ("pair_write 1 1 10 r 1 2 x.txt N", "pair_write: describes no interaction"),
    ("if 1==1 then shell", "if: describes no interaction"),
    ("next x", "next: describes no interaction"),
    ("quit", "quit: describes no interaction"),
    ("clear", "clear: describes no interaction"),
    ("units metal", "units: describes no interaction"),
    ("pair_coeff * * ${x} 1.0", "expands variables"),
    ("pair_coeff * * $(1+1) 1.0", "expands variables"),
    ("pair_coeff * * $x 1.0", "expands variables"),
    ("pair_coeff * * &", "continues a line"),
    ("pair_coeff * * 'a b' 1.0", "quotes"),
    ('pair_coeff * * """a', "quotes"),
    ("# harmless &", "continues a line"),
    ("pair_coeff * * /etc/passwd 1.0", "outside the folder"),
    ("pair_coeff * * ../x.eam 1.0", "outside the folder"),
    ("pair_coeff * * ~/x.eam 1.0", "outside the folder"),
    ("pair_coeff * * folder/x.eam 1.0", "not beside the model"),
    ("pair_style python 2.5", "runs programs that are not part of LAMMPS"),
    ("pair_style hybrid lj/cut 2.5 mliap model x", "runs programs that are not part of LAMMPS"),
    ("pair_style kim Model_123", "runs programs that are not part of LAMMPS"),
    ("pair_coeff * * 1.0 1.0\x0bshell ls", "cannot be seen"),
    ("PAIR_STYLE lj/cut 2.5", "PAIR_STYLE: describes no interaction"),
]


def refused(path, text, line, saying):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_model(path)
    told = str(caught.value)
    assert told.startswith(f"{path}: " if line is None else f"{path}: line {line}: "), told
    assert saying in told
    assert "\n" not in told


@pytest.mark.parametrize(("before", "after", "line", "saying"), WRONG)
def test_one_line_with_file_and_line(tmp_path, before, after, line, saying):
    assert GOOD.count(before) == 1 or before in ("sigma = 0.8", "cutoff = 2.5", "deepest = 0.5")
    refused(tmp_path / "mine.toml", GOOD.replace(before, after, 1), line, saying)


def test_the_file_that_all_these_spoil_is_good(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")
    assert read_model(tmp_path / "mine.toml").pair("A", "B").sigma == 0.8
    (tmp_path / "mine.toml").write_text(RAW.replace("LAST", ""), encoding="utf-8")
    assert isinstance(read_model(tmp_path / "mine.toml").interaction, RawLammps)


@pytest.mark.parametrize(("before", "after", "line", "saying"), WRONG_RAW)
def test_of_lammps_commands(tmp_path, before, after, line, saying):
    text = RAW.replace(before, after, 1)
    refused(tmp_path / "mine.toml", text.replace("LAST", "# the last"), line, saying)


@pytest.mark.parametrize(("command", "saying"), HOSTILE)
def test_hostile_commands_are_refused_with_their_line(tmp_path, command, saying):
    written = command.replace("\\", "\\\\").replace('"', '\\"').replace("\x0b", "\\u000b")
    refused(tmp_path / "mine.toml", RAW.replace("LAST", written), 19, saying)
    with pytest.raises(InputError, match=re.escape(saying)):
        RawLammps((command,), 2.5, "lj")


def test_a_file_beside_the_model_is_read_and_no_other(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    text = RAW.replace("LAST", "pair_coeff * * my.eam A B")
    (tmp_path / "outside.eam").write_text("secret")
    (folder / "my.eam").symlink_to(tmp_path / "outside.eam")
    refused(folder / "mine.toml", text, 19, "my.eam: this file is not beside the model")
    (folder / "my.eam").unlink()
    (folder / "my.eam").write_text("a potential")
    assert read_model(folder / "mine.toml").interaction.files == (("my.eam", "a potential"),)


@pytest.mark.parametrize(
    ("rows", "line", "saying"),
    [
        ("1.0 2.0\n2.0 1.0 1.0\n", 1, "expected three numbers"),
        ("# r u f\n1.0 2.0 x\n", 2, "expected three numbers"),
        ("1.0 1.0 1.0\n1.0 0.5 1.0\n", 2, "distances must be positive and increase"),
        ("1.0 1.0 1.0\n2.0 0.0 nan\n", 2, "expected three numbers"),
        ("1.0 1.0 -1.0\n2.0 0.0 -1.0\n", 2, "the third column is -du/dr"),
        ("1.0 1.0 1.0\n", None, "at least two rows"),
    ],
)
def test_wrong_tables(tmp_path, rows, line, saying):
    (tmp_path / "my.table").write_text(rows)
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace("sigma = 0.8", 'kind = "table"\nfile = "my.table"'), encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_model(path)
    where = tmp_path / "my.table"
    assert str(caught.value).startswith(f"{where}: " if line is None else f"{where}: line {line}: ")
    assert saying in str(caught.value)


def test_allow_shell_takes_all_commands_and_nobody_else_does(tmp_path):
    """A person who trusts a file says so; a file that says so itself is not believed."""
    path = tmp_path / "mine.toml"
    path.write_text(RAW.replace("LAST", "shell touch here"), encoding="utf-8")
    with pytest.raises(FileError, match="--allow-shell"):
        read_model(path)
    model = read_model(path, allow_shell=True)
    told = model_record(model)
    with pytest.raises(FileError, match="not taken from this file"):
        model_of_record(told)
    assert model_of_record(told, trusted=model) == model
    told["definition"]["interaction"]["allow_shell"] = False
    with pytest.raises(InputError, match="shell: describes no interaction"):
        model_of_record(told)


def test_every_allowed_command_is_one_that_describes_interactions():
    assert not {"shell", "python", "fix", "variable", "run", "set", "dump", "read_data", "print"} & set(
        ALLOWED
    )
    require_harmless([f"{command} 1" for command in ALLOWED], ())


def test_of_the_library_a_record_is_a_name():
    assert model_record(glass_former("kob-andersen")) == {"model": "kob-andersen"}


def test_the_command_line_says_it_in_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(RAW.replace("LAST", "shell touch here"), encoding="utf-8")
    for words in (["model", "mine.toml"], ["simulate", "mine.toml", "-T", "1"]):
        monkeypatch.setattr("sys.argv", ["vitreous", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 2
        told = capsys.readouterr().err
        assert told.startswith("vitreous: mine.toml: line 19: shell: describes no interaction")
        assert told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]
