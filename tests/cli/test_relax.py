"""The command `relax`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.jobs.relax import relax


@pytest.fixture(autouse=True)
def _small_figure(monkeypatch):
    monkeypatch.setattr("vitreous.plot.style.DPI", 50)


@pytest.fixture(scope="module")
def liquid(tmp_path_factory):
    """A trajectory of hard spheres as `simulate` writes it."""
    path = tmp_path_factory.mktemp("relax") / "hs.gsd"
    sizes = np.where(np.arange(150) < 45, 1.0, 0.85)
    md = vt.HardSphereMD.grow(sizes, 0.45, seed=1, species=np.where(sizes == 1, "A", "B"))
    md.run(2.0)
    md.rebase()
    file = TrajectoryFile(path)
    for time in np.concatenate([[0.02], np.geomspace(0.04, 15.0, 40)]):
        md.run(time - (md.time - 2.0)) if time > md.time - 2.0 else None
        file.append(md.frame())
    return path


def dump(path, columns, steps=4):
    rng = np.random.default_rng(0)
    text, x = "", rng.random((60, 3)) * 5
    for step in range(steps):
        text += (
            f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n60\nITEM: BOX BOUNDS pp pp pp\n" + "0 5\n" * 3
        )
        text += f"ITEM: ATOMS id type {columns}\n"
        text += "".join(f"{i + 1} 1 {a} {b} {c}\n" for i, (a, b, c) in enumerate(x.tolist()))
        x = x + rng.normal(size=x.shape) * 0.05 if columns.startswith("xu") else rng.random((60, 3)) * 5
    path.write_text(text)
    return path


def test_the_whole_command(run, here, liquid, content):
    result = run("relax", liquid, "-o", "out")
    assert result.status == 0, result
    assert not result.errors
    assert set(content(here)) == {"out.relaxation.json", "out.relaxation.png"}
    document = json.loads(Path("out.relaxation.json").read_text())
    assert document["frames"] == 41
    assert document["species"] == {"A": 45, "B": 105}
    fit = document["scattering"]["self"]["fit"]
    assert fit["begin"] < document["scattering"]["self"]["crossing"]["value"] < fit["end"]
    assert document["unit_length"] == 1.0
    for words in (
        "hs.gsd",
        "150 (45 A, 105 B)",
        "first peak of S(q)",
        "τ_α",
        "1/e at",
        "F_s A",
        "τ_D",
        "linear",
    ):
        assert words in result.out
    assert f"{document['scattering']['total']['crossing']['value']:.1f}"[:3] in result.out
    assert "the peak" in result.out


def test_json_is_the_file(run, here, liquid):
    result = run("relax", liquid, "--json", "--wave-number", 6.0)
    assert result.status == 0
    assert not result.err
    printed = json.loads(result.out)
    assert printed.pop("files") == ["hs.relaxation.json", "hs.relaxation.png"]
    assert printed == json.loads(Path("hs.relaxation.json").read_text())
    assert (printed["wave_number"], printed["wave_number_given"]) == (6.0, True)
    python = relax(vt.read_trajectory(liquid), wave_number=6.0).as_dict()
    assert printed["scattering"] == python["scattering"]


def test_quiet_and_from(run, here, liquid):
    result = run("relax", liquid, "-q", "--from", 3.0, "--wave-number", 7)
    assert (result.status, result.out, result.err) == (0, "", "")
    document = json.loads(Path("hs.relaxation.json").read_text())
    assert document["begin"] >= 3.0
    assert document["frames"] < 41


def test_a_dump_of_others(run, here):
    path = dump(here / "a.lammpstrj", "xu yu zu")
    result = run(
        "relax", path, "--timestep", 0.5, "--species", "1=X", "--diameters", "X=2", "--wave-number", 5, "-q"
    )
    assert result.status == 0, result
    document = json.loads(Path("a.relaxation.json").read_text())
    assert document["scattering"]["time"] == pytest.approx([0.5, 1.0, 1.5])
    assert document["scattering"]["origins"] == [3, 2, 1]
    assert document["species"] == {"X": 60}
    assert document["unit_length"] == 2.0


def test_refused(refused, here, liquid):
    wrapped = dump(here / "wrapped.dump", "x y z")
    far = "cannot follow particles by the nearest image: the longest step is"
    refused(
        "relax", wrapped, "--timestep", 1, "--unwrap", saying=rf"wrapped.dump: {far} 0\.\d+ of the box along"
    )
    jumping = ("--timestep", 1, "--unwrapped", "--wave-number", 5)
    refused(
        "relax", wrapped, *jumping, saying="wrapped.dump: .*particles jump, .* longer than half of the box"
    )
    steps = dump(here / "steps.dump", "xu yu zu")
    refused("relax", steps, saying=r"steps.dump: frame 0: it has a step but no time; .*--timestep")
    refused("relax", steps, "--timestep", 0, saying="timestep: must be positive")
    refused("relax", steps, "--timestep", 1, saying="no first peak stands out; .*--wave-number")
    refused("relax", steps, "--timestep", 1, "--wave-number", -1, saying="wave number: must be positive")
    refused("relax", steps, "--timestep", 1, "--wave-number", 0.1, saying="smaller than any of this box")
    refused("relax", steps, "--timestep", 1, "--from", 99, saying="the last is at 3")
    one = dump(here / "one.dump", "xu yu zu", steps=1)
    refused("relax", one, "--timestep", 1, saying="one.dump: there is one frame only")
    refused("relax", "nothing.gsd", saying="nothing.gsd: cannot read")
    refused("relax", liquid, "-o", "no/where", saying="the folder no does not exist")
    refused("relax", liquid, "--diameters", "C=1", saying="diameters: ")


def test_nothing_half_written(refused, here, liquid, monkeypatch):
    def broken(figure, path):
        raise vt.FileError(f"{path}: cannot write: No space left on device")

    monkeypatch.setattr("vitreous.plot.save_figure", broken)
    refused(
        "relax", liquid, "-o", "out", saying=r"^vitreous: out\.relaxation\.png: cannot write: No space left"
    )


def test_debug_shows_where(run, here):
    with pytest.raises(vt.FileError):
        run("relax", "nothing.gsd", "--debug")


def test_wrapped_positions_give_what_needs_no_displacements(run, here):
    result = run("relax", dump(here / "w.dump", "x y z"), "--timestep", 1, "--wave-number", 5)
    assert result.status == 0, result
    document = json.loads(Path("w.relaxation.json").read_text())
    assert document["motion"] is None
    assert document["scattering"]["self_vectors"] == 30
    assert len(document["scattering"]["self"]["value"]) == 3
    assert "no displacements" in document["remarks"][0]
    assert "no displacements" in result.out
    assert "τ_D" not in result.out


def test_many_species(run, here):
    """As many species as particles: nothing by pairs, and it is said; asked for, it is there."""
    path = dump(here / "m.dump", "xu yu zu")
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join(f"{w[0]} {(int(w[0]) - 1) % 12 + 1} {' '.join(w[2:])}" if len(w := line.split()) == 5 else line
                  for line in lines) + "\n"
    )  # fmt: skip
    few = run("relax", path, "--timestep", 1, "--wave-number", 5, "--json")
    many = run("relax", path, "--timestep", 1, "--wave-number", 5, "--json", "--partial")
    assert (few.status, many.status) == (0, 0)
    document, whole = json.loads(few.out), json.loads(many.out)
    assert any("there are 12 species" in remark and "--partial" in remark for remark in document["remarks"])
    assert not any("there are 12 species" in remark for remark in whole["remarks"])
    assert (document["structure_factor"]["partial"], document["motion"]["by_species"]) == ({}, {})
    assert len(document["scattering"]["self_by_species"]) == 0
    assert len(whole["structure_factor"]["partial"]) == 78
    assert len(whole["motion"]["by_species"]) == 12
    for key in ("total", "self"):
        assert document["scattering"][key] == whole["scattering"][key]
    np.testing.assert_allclose(
        document["structure_factor"]["total"], whole["structure_factor"]["total"], rtol=1e-11
    )


@pytest.mark.parametrize(
    ("case", "options", "square"),
    [
        ("02-images-only-in-frame-0.gsd", ["--timestep", 0.1], 0.32 / 3),
        ("20-wrapped.extxyz", [], 0.09),
        ("20-wrapped.extxyz", ["--unwrapped"], 0.09),
    ],
)
def test_cases_of_others(run, refused, here, case, options, square):
    """Refused, or without displacements, as they are; right by the nearest image."""
    path = Path(__file__).parents[3] / "shared" / "cases" / case
    if not path.exists():
        pytest.skip("the folder ../shared/cases is not here")
    asked = ("relax", path, *options, "--wave-number", 4, "-o", "x")
    if len(options) > 0:
        refused(*asked, saying="particles jump, .*--unwrap")
    else:
        assert run(*asked).status == 0
        document = json.loads(Path("x.relaxation.json").read_text())
        assert document["motion"] is None
        assert "--unwrap" in document["remarks"][0]
    result = run(*asked, "--unwrap")
    assert result.status == 0, result
    document = json.loads(Path("x.relaxation.json").read_text())
    lag = np.round(np.array(document["motion"]["time"]) / document["motion"]["time"][0])
    np.testing.assert_allclose(
        document["motion"]["all"]["mean_squared_displacement"]["value"], square * lag**2, rtol=1e-5
    )
    assert "followed by the nearest image; the longest step is" in document["remarks"][0]
