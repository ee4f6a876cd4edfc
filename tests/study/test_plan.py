import re

import pytest

from vitreous.errors import FileError, InputError
from vitreous.glassformers import liquid
from vitreous.order_parameter.pipeline import FEWEST_PARTICLES
from vitreous.study.plan import read_plan
from vitreous.study.shipped import copy_shipped_plan, shipped_plans

GOOD = """\
seed = 3
snapshots = 2

[[wahnstrom]]
temperature = 0.9
particles = 600
runs = [8, 4]

[[wahnstrom]]
temperature = 0.7

[[hard-spheres]]
packing_fraction = 0.54
seed = 4
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "plan.toml"
        path.write_text(text)
        return path

    return write


def test_settings_of_a_state_come_before_those_of_all(written):
    plan = read_plan(written(GOOD))
    assert [state.name for state in plan.states] == ["hard-spheres-0.54", "wahnstrom-0.7", "wahnstrom-0.9"]
    spheres, deep, shallow = plan.states
    assert (spheres.settings.seed, deep.settings.seed) == (4, 3)
    assert (shallow.settings.particles, deep.settings.particles) == (600, 2000)
    assert [shallow.settings.runs_of(k) for k in range(2)] == [8, 4]
    assert [deep.settings.runs_of(k) for k in range(2)] == [32, 32]
    assert [former.name for former in plan.formers] == ["hard-spheres", "wahnstrom"]
    assert plan.folder.name == "plan.study"
    assert shallow.where.endswith("plan.toml: line 4")


WRONG = [
    (
        "snapshot = 2\n[[wahnstrom]]\ntemperature = 1",
        1,
        "snapshot: there is no such setting; known are label, part",
    ),
    (
        "[[wahnstrom]]\ntemperature = 1\nrun = 8",
        3,
        "run: there is no such setting; known are temperature, part",
    ),
    ("[[wahnstrom]]\npacking_fraction = 0.5", 1, "temperature: is missing"),
    ("seed = 1.5", 1, "seed: expected a valid integer, got 1.5"),
    ("seed = true", 1, "seed: expected a valid integer, got True"),
    ("\nlabel = 3", 2, "label: expected a valid string, got 3"),
    ("\n\nseed = -1", 3, "seed: expected greater than or equal to 0, got -1"),
    ("equilibration = 0.0", 1, "equilibration: expected greater than 0, got 0.0"),
    ("trajectory = inf", 1, "trajectory: expected a finite number, got inf"),
    ("trajectory = nan", 1, "trajectory: expected a finite number, got nan"),
    ("runs = 3", 1, "runs: expected greater than or equal to 4"),
    ("runs = 'many'", 1, "runs: expected a valid integer or a valid list, got 'many'"),
    ("[[wahnstrom]]\ntemperature = 1\nsnapshots = 2\nruns = [8, 2]", 4, "runs: expected"),
    (
        "[[wahnstrom]]\ntemperature = 1\nsnapshots = 2\nruns = [8]",
        4,
        "runs: expected one number for each of 2 snap",
    ),
    (
        "runs = [8]\nsnapshots = 2\n[[wahnstrom]]\ntemperature = 1",
        1,
        "runs: expected one number for each of 2 snap",
    ),
    ("neighbors = 'voronoi'", 1, "neighbors: expected 'sann' or 'cutoff' or a valid number, got 'voronoi'"),
    ("bottleneck = 9", 1, "bottleneck: expected less than or equal to 8, got 9"),
    ("reducer = 'umap'", 1, "reducer: expected 'autoencoder' or 'pca', got 'umap'"),
    ("[[wahnstrom]]\ntemperature = 0", 2, "temperature: expected greater than 0, got 0"),
    ("[[wahnstrom]]\ntemperature = 'hot'", 2, "temperature: expected a valid number, got 'hot'"),
    (
        "[[hard-spheres]]\npacking_fraction = 0.74",
        2,
        "packing_fraction: expected less than or equal to 0.64, got 0.74",
    ),
    ("[wahnstrom]\ntemperature = 1", 1, "wahnstrom: expected a valid list"),
    (
        "[[wahnstrom]]\ntemperature = 1\n[[wahnstrom]]\ntemperature = 1.0",
        4,
        "wahnstrom-1 is there already, in table 1",
    ),
    ("[[lennard-jones]]\ntemperature = 1", 1, "lennard-jones: there is no such setting; known are"),
    ("particles = 60", 1, "particles: expected greater than or equal to 100, got 60"),
    (
        "particles = 100\n[[hard-spheres]]\npacking_fraction = 0.64",
        1,
        "particles: the box of hard-spheres-0.64 is 3.9",
    ),
    (
        "[[wahnstrom]]\ntemperature = 1\nneighbors = 9.0",
        3,
        "neighbors: 9 is more than half the box of wahnstrom-1",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), WRONG)
def test_what_is_wrong_is_named_with_its_line(written, text, line, message):
    path = written(text + "\n")
    with pytest.raises(FileError) as caught:
        read_plan(path)
    assert str(caught.value).startswith(f"{path}: line {line}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_least_number_of_particles_that_is_told_is_enough(written):
    text = "particles = {}\n[[hard-spheres]]\npacking_fraction = 0.64\n"
    with pytest.raises(FileError, match="take") as caught:
        read_plan(written(text.format(100)))
    least = int(re.search(r"take (\d+)", str(caught.value))[1])
    read_plan(written(text.format(least)))
    with pytest.raises(FileError):
        read_plan(written(text.format(least - 3)))


def test_a_plan_asks_for_as_many_particles_as_an_order_parameter(written):
    text = "particles = {}\n[[kob-andersen]]\ntemperature = 0.5\n"
    read_plan(written(text.format(FEWEST_PARTICLES)))
    with pytest.raises(FileError):
        read_plan(written(text.format(FEWEST_PARTICLES - 1)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no state"),
        ("seed = 1", "has no state"),
        ("seed = \n", "is not TOML"),
        ("[[wahnstrom]\n", "is not TOML"),
        ("seed = 1\nseed = 2\n", "is not TOML"),
    ],
)
def test_files_that_are_no_plan(written, text, message):
    with pytest.raises(FileError, match=message):
        read_plan(written(text))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FileError, match="there is no such file"):
        read_plan(tmp_path / "none.toml")
    with pytest.raises(FileError, match="cannot be read"):
        read_plan(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileError, match="is not a text file"):
        read_plan(binary)


def test_a_missing_engine_is_named_with_the_line_of_the_state(written, monkeypatch):
    monkeypatch.setattr("vitreous.study.plan.find_spec", lambda name: None)
    plan = read_plan(written(GOOD))
    with pytest.raises(InputError, match=r"plan\.toml: line 9: wahnstrom-0\.7 is simulated by LAMMPS"):
        plan.require_engines()
    read_plan(written("[[hard-spheres]]\npacking_fraction = 0.5\n")).require_engines()


@pytest.mark.parametrize("name", shipped_plans())
def test_plans_that_ship_are_good(tmp_path, name):
    path = tmp_path / name
    assert copy_shipped_plan(path)
    plan = read_plan(path)
    assert [former.name for former in plan.formers] == ["hard-spheres", "wahnstrom", "kob-andersen"]
    assert bool(plan.label) == (name == "quick.toml")
    if name != "quick.toml":
        for former in plan.formers:
            assert tuple(sorted(state.state_point for state in plan.of(former))) == former.ladder
            assert plan.of(former)[0].state_point == former.deepest
    path.write_text("mine")
    assert not copy_shipped_plan(path)
    assert path.read_text() == "mine"


OWN = """\
name = "mine"
density = 1.0
species.A = { fraction = 1.0, diameter = 1.0 }
[interaction]
kind = "harmonic"
"""


def test_states_of_a_model_of_one_s_own(written, tmp_path):
    (tmp_path / "mine.toml").write_text(OWN)
    path = written('[["mine.toml"]]\ntemperature = 0.1\n[[wahnstrom]]\ntemperature = 0.9\n[["mine.toml"]]\n'
                   "temperature = 0.2\nruns = 8\n")  # fmt: skip
    plan = read_plan(path)
    assert [state.name for state in plan.states] == ["wahnstrom-0.9", "mine-0.1", "mine-0.2"]
    assert plan.states[1].former == liquid(tmp_path / "mine.toml")
    assert plan.states[2].where.endswith("plan.toml: line 5")
    assert plan.states[2].settings.runs == 8


def test_what_is_wrong_with_such_a_model(written, tmp_path):
    plan = written('seed = 3\n[["mine.toml"]]\ntemperature = 0.1\n[["other.toml"]]\ntemperature = 0.1\n')
    with pytest.raises(FileError, match=r"mine\.toml: there is no such file"):
        read_plan(plan)
    (tmp_path / "mine.toml").write_text(OWN)
    (tmp_path / "other.toml").write_text(OWN)
    with pytest.raises(
        FileError, match=r"plan\.toml: line 4: other\.toml: its model is called mine, as that of mine"
    ):
        read_plan(plan)
    (tmp_path / "other.toml").write_text(OWN.replace("density = 1.0", "density = -1.0"))
    with pytest.raises(FileError, match=r"other\.toml: line 2: density: expected greater than 0"):
        read_plan(plan)
