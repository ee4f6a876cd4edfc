"""The command `tcc`: what it writes and prints, and what it refuses."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.structure.tcc.rules import TYPES

_GOLDEN = (1 + math.sqrt(5)) / 2
_CORNERS = np.array([(0, a, b * _GOLDEN) for a in (-1, 1) for b in (-1, 1)])
ICOSAHEDRON = 0.5 * np.concatenate([np.zeros((1, 3)), *(np.roll(_CORNERS, k, axis=1) for k in range(3))])


SHELL = ICOSAHEDRON[1:]  # without its centre
TWO = np.concatenate([ICOSAHEDRON, SHELL + np.array([6.0, 0, 0])]) + 5.0


def frame(**said):
    return vt.Configuration(TWO, (20.0, 12.0, 12.0), **said)


@pytest.fixture(name="trajectory")
def _trajectory(here):
    """Four frames, in the odd ones of which the centre is pulled out of the icosahedron."""
    file = TrajectoryFile("t.gsd")
    for k in range(4):
        positions = TWO.copy()
        positions[0, 1] += 4.0 * (k % 2)
        file.append(replace(frame(time=0.5 * k), positions=positions))
    return "t.gsd"


def document():
    (path,) = Path().glob("*.tcc.json")
    return json.loads(path.read_text())


def test_one_frame(run, here, liquid, content):
    result = run("tcc", liquid, "-o", "out")
    assert result.status == 0, result
    assert not result.errors
    assert set(content(here)) == {"out.tcc.gsd", "out.tcc.json"}
    snapshot = vt.read(liquid)
    expected = vt.topological_clusters(snapshot)
    told = document()
    assert tuple(told["types"]) == TYPES
    for name, count, particles in zip(TYPES, expected.counts, expected.particles, strict=True):
        one = told["types"][name]
        assert one["clusters"] == {"frames": [count], "mean": count, "standard_error": None}
        assert one["particles"]["frames"] == [particles]
        assert one["fraction"]["mean"] == pytest.approx(particles / 2000)
    assert (told["particles"], told["bonds"]) == ([2000], [len(expected.bonds.pairs)])
    assert told["parameters"]["fc"] == 0.82
    written = vt.read("out.tcc.gsd")
    for name in TYPES:
        column = written.columns[f"tcc_{name}"]
        assert column.dtype == np.uint8
        assert np.array_equal(column, expected.of(name)), name
    assert np.array_equal(written.positions, snapshot.positions)
    for name in ("propensity", "mark"):  # what was there stays
        assert np.array_equal(written.columns[name], snapshot.columns[name])
    assert written.metadata["topological_clusters"] == told["parameters"]
    for words in (
        "liquid.extxyz",
        "2,000 (600 A, 1,400 B)",
        "sp3c (5A)",
        "13A ",
        "in no particle  10K",
        "out.tcc",
    ):
        assert words in result.out, words
    assert "±" not in result.out
    assert "…" not in result.out  # 80 columns are enough
    assert max(map(len, result.out.splitlines())) <= 80


def test_several_frames(run, here, trajectory):
    result = run("tcc", trajectory, "--frames", "all")
    assert result.status == 0, result
    told = document()
    assert told["frames"] == [0, 1, 2, 3]
    assert told["times"] == [0.0, 0.5, 1.0, 1.5]
    assert told["types"]["13A"] == {
        "clusters": {"frames": [1, 0, 1, 0], "mean": 0.5, "standard_error": pytest.approx(math.sqrt(1 / 12))},
        "particles": {
            "frames": [13, 0, 13, 0],
            "mean": 6.5,
            "standard_error": pytest.approx(13 / math.sqrt(12)),
        },
        "fraction": {
            "frames": pytest.approx([0.52, 0, 0.52, 0]),
            "mean": pytest.approx(0.26),
            "standard_error": pytest.approx(0.52 / math.sqrt(12)),
        },
    }
    for k in range(4):
        before, after = vt.read(trajectory, frame=k), vt.read("t.tcc.gsd", frame=k)
        clusters = vt.topological_clusters(before)
        assert np.array_equal(after.positions, before.positions)
        assert after.time == before.time
        assert all(np.array_equal(after.columns[f"tcc_{name}"], clusters.of(name)) for name in TYPES)
    assert "frame 3 (4 of 4)" in result.err
    assert "13A" in result.out
    assert "0.50 ± 0.29" in result.out
    assert "frames taken as independent" in result.out


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        (("--frames", "1:3"), [1, 2]),
        (("--frames", "::3"), [0, 3]),
        (("--frames", "-3:-1"), [1, 2]),
        (("--frames", "3:"), [3]),
        (("--frames", "0:4:2"), [0, 2]),
        (("--frame", 2), [2]),
        ((), [-1]),
    ],
)
def test_which_frames(run, here, trajectory, words, chosen):
    assert run("tcc", trajectory, "-q", "--types", "13A", *words).status == 0
    told = document()
    assert told["frames"] == chosen
    assert told["types"]["13A"]["clusters"]["frames"] == [1 - k % 2 for k in chosen]
    assert (told["types"]["13A"]["clusters"]["standard_error"] is None) == (len(chosen) == 1)


def test_some_types_only(run, here):
    earlier = {f"tcc_{name}": np.ones(25, np.uint8) for name in ("6A", "13A")}
    vt.write("s.gsd", frame(columns={**earlier, "tcc_own": np.arange(25)}))
    result = run("tcc", "s.gsd", "--types", "13A, sp3c,13A,BCC_9")
    assert result.status == 0, result
    assert list(document()["types"]) == ["sp3c", "13A", "BCC_9"]
    # Columns of an earlier classification are not mixed with those of this one.
    assert set(vt.read("s.tcc.gsd").columns) == {"tcc_13A", "tcc_sp3c", "tcc_BCC_9", "tcc_own"}
    assert vt.read("s.tcc.gsd").columns["tcc_13A"].sum() == 13
    rows = [line.split()[0] for line in result.out.splitlines() if line[:2] in ("13", "sp")]
    assert rows == ["sp3c", "13A"]
    assert "in no particle  BCC_9" in result.out


def test_json_is_the_file(run, here, trajectory):
    result = run("tcc", trajectory, "--json", "--frames", ":2", "--bonds", "simple", "--cutoff", "A-A=1.2")
    assert (result.status, result.err) == (0, "")
    printed = json.loads(result.out)
    assert printed.pop("files") == ["t.tcc.gsd", "t.tcc.json"]
    assert printed == document()
    parameters = printed["parameters"]
    assert (parameters["bonds"], parameters["cutoff"]) == ("simple", {"A-A": 1.2})
    expected = vt.topological_clusters(vt.read(trajectory, frame=0), "simple", 1.2)
    assert printed["types"]["sp5c"]["clusters"]["frames"][0] == expected.counts[TYPES.index("sp5c")]


def test_onto_its_own_file(run, here, trajectory):
    """The input may be what is written: it is replaced when all is whole."""
    assert run("tcc", trajectory, "-q", "--frames", "all", "-o", "a").status == 0
    assert run("tcc", "a.tcc.gsd", "-q", "--frames", "all", "-o", "a", "--fc", 1).status == 0
    assert document()["frames"] == [0, 1, 2, 3]
    assert vt.read("a.tcc.gsd", frame=2).metadata["topological_clusters"]["fc"] == 1


def test_a_small_box_is_one_remark(run, here):
    vt.write("s.gsd", vt.Configuration(ICOSAHEDRON + 3.0, 6.0))
    result = run("tcc", "s.gsd")
    assert (result.status, result.errors) == (0, [])
    assert "remarks" in result.out
    assert "less than four" in result.out
    (remark,) = document()["remarks"]
    assert remark.startswith("the box is 6 long along x, less than four cutoffs of 1.8")


def test_a_remark_on_several_frames(run, here):
    file = TrajectoryFile("s.gsd")
    for edge in (6.0, 6.5, 9.0):
        file.append(vt.Configuration(ICOSAHEDRON + 3.0, edge))
    result = run("tcc", "s.gsd", "--frames", "all")
    assert (result.status, result.errors) == (0, [])
    assert "2 of 3 frames: the box is 6 long" in " ".join(result.out.split())
    assert len(document()["remarks"]) == 2


@pytest.mark.parametrize("n", range(1, 13))
def test_few_particles_without_bonds(run, here, n):
    vt.write("s.gsd", vt.Configuration(np.arange(n)[:, None] * [3.0, 0, 0], (60.0, 9.0, 9.0)))
    result = run("tcc", "s.gsd")
    assert (result.status, result.errors) == (0, [])
    told = document()
    assert told["bonds"] == [0]
    assert all(one["clusters"]["mean"] == 0 for one in told["types"].values())
    assert "0.00 per particle" in result.out
    assert "fraction" not in result.out  # there is no table


def test_open_boundaries(run, here):
    Path("s.xyz").write_text("13\n\n" + "".join(f"A {x} {y} {z}\n" for x, y, z in ICOSAHEDRON))
    result = run("tcc", "s.xyz", "--periodic", "none", "--diameters", 1)
    assert (result.status, result.errors) == (0, [])
    assert document()["types"]["13A"]["particles"]["frames"] == [13]
    assert not any(vt.read("s.tcc.gsd").box.periodic)


def test_frames_that_differ(run, here):
    """Images in one frame only, and another number of particles, come back as they were."""
    outside = frame().positions.copy()
    outside[3, 0] += 20.0 - outside[3, 0] + 0.25
    frames = [replace(frame(), positions=outside), frame(), vt.Configuration(ICOSAHEDRON + 4, 9.0)]
    text = ""
    for one in frames:
        vt.write("one.extxyz", one)
        text += Path("one.extxyz").read_text()
    Path("s.extxyz").write_text(text)
    result = run("tcc", "s.extxyz", "--frames", "all")
    assert result.status == 0, result
    assert "13 to 25" in result.out
    for k, one in enumerate(frames):
        again = vt.read("s.tcc.gsd", frame=k)
        assert np.array_equal(again.positions, one.positions)
        assert again.images is None


def test_the_compilation_is_told(run, here, trajectory, monkeypatch):
    monkeypatch.setattr("vitreous.cli.compiling.cluster_kernels_are_compiled", lambda: False)
    assert "compiling the kernels (once after installation)" in run("tcc", trajectory).err


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--types", "6A,6B"), "--types: there is no type '6B'; known are sp3a, .*, 13A, .*, BCC_9$"),
        (("--types", "5A"), r"no type '5A'; .*sp3c \(5A\)"),
        (("--types", ""), "no type ''"),
        (("--fc", 0), "fc: must be a number above 0 and at most 1"),
        (("--fc", 1.5), "fc: "),
        (("--fc", "nan"), "fc: "),
        (("--fc", "few"), "--fc"),
        (("--bonds", "delaunay"), "bonds: expected 'voronoi' or 'simple'"),
        (("--cutoff", 0), "cutoff: must be positive"),
        (("--cutoff", -1), "cutoff: must be positive"),
        (("--cutoff", "nan"), "--cutoff: expected a number"),
        (("--cutoff", "A=1"), "--cutoff: expected pairs such as A-B=1.2"),
        (("--cutoff", "A-C=1"), "unknown species pair"),
        (("--cutoff", 6), "cutoff: 6 is too long for a box of 12 along y"),
        (("--cutoff", 6, "--frames", "2:"), "frame 2: cutoff: 6 is too long"),
        (("--frame", 4), "there is no frame 4; the file has 4"),
        (("--frame", 1, "--frames", "all"), "--frames: --frame chooses one"),
        (("--frame", -1, "--frames", "all"), "--frames: --frame chooses one"),
        (("--frames", "0:5"), r"--frames: STOP is 5, but t\.gsd has 4 frames \(0 to 3\)"),
        (("--frames", "4:"), "--frames: START is 4"),
        (("--frames", "-5:"), "--frames: START is -5"),
        (("--frames", "2:2"), "no frame is left"),
        (("--frames", "3:1"), "no frame is left"),
        (("--frames", "2"), "--frames: expected all or START:STOP:STEP"),
        (("--frames", "1:2:3:4"), "--frames: expected all"),
        (("--frames", "a:b"), "--frames: expected all"),
        (("--frames", "::0"), "--frames: STEP must be 1 or more"),
        (("--frames", "::-1"), "--frames: STEP must be 1 or more"),
        (("-o", "no/where"), "the folder no does not exist"),
        (("--diameters", "C=1"), "diameters: "),
    ],
)
def test_bad_input(refused, trajectory, words, saying):
    refused("tcc", trajectory, *words, saying=saying)


def test_files_that_cannot_be(refused, here, trajectory):
    refused("tcc", "nothing.gsd", saying="nothing.gsd: cannot read")
    refused("tcc", "nothing.gsd", "--frames", "all", saying="nothing.gsd: cannot read")
    (here / "out.tcc.gsd").mkdir()
    refused(
        "tcc", trajectory, "-o", "out", saying=r"^vitreous: out\.tcc\.gsd: cannot write, this is a directory"
    )
    (here / "b.tcc.json").mkdir()
    refused(
        "tcc", trajectory, "-o", "b", saying=r"^vitreous: b\.tcc\.json: cannot write, this is a directory"
    )


@pytest.mark.filterwarnings("always::vitreous.errors.FileWarning")
def test_a_frame_that_is_cut_off(run, here):
    vt.write("one.extxyz", frame())
    text = Path("one.extxyz").read_text()
    Path("s.extxyz").write_text(2 * text + text[: len(text) // 2])
    result = run("tcc", "s.extxyz", "--frames", "all", "--types", "13A")
    assert result.status == 0, result.err
    assert "frame 1 (2 of 2)" in result.err
    assert "this last frame is left out" in result.err
    again = run("tcc", "s.extxyz", "--frames", ":2", "--types", "13A")
    assert again.status == 0
    assert "left out" not in again.err


def test_a_column_in_the_first_frame_only(refused, here):
    text = ""
    for one in (frame(columns={"charge": np.ones(25)}), frame()):
        vt.write("one.extxyz", one)
        text += Path("one.extxyz").read_text()
    Path("s.extxyz").write_text(text)
    refused("tcc", "s.extxyz", "--frames", "all", saying=r"^vitreous: s\.tcc\.gsd: .* frame 1 has no charge")


def test_nothing_half_written(refused, here, trajectory, monkeypatch):
    append = TrajectoryFile.append

    def full(self, *given, **said):
        if len(self) == 2:
            raise vt.FileError(f"{self.path}: cannot write: No space left on device")
        append(self, *given, **said)

    monkeypatch.setattr(TrajectoryFile, "append", full)
    refused(
        "tcc", trajectory, "--frames", "all", saying=r"^vitreous: t\.tcc\.gsd: cannot write: No space left"
    )


def test_quiet(run, here, trajectory):
    result = run("tcc", trajectory, "-q", "--frames", "all")
    assert (result.status, result.out, result.err) == (0, "", "")
