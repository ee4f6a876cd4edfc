"""What goes well."""

from __future__ import annotations

import json
from unittest import mock

import numpy as np
import pytest
from scipy.stats import spearmanr

import vitreous as vt
from vitreous.structure.radial_distribution import radial_distribution

QUICK = ("--reducer", "pca")


def strict(text):
    """JSON without the NaN and Infinity that only Python understands."""

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def demonstration(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with mock.patch("vitreous.plot.style.DPI", 50):
        return folder, run("demo", "-o", folder / "x")


def test_demo_writes_its_files_and_tells(demonstration):
    folder, result = demonstration
    assert (result.status, result.errors) == (0, [])
    assert names(folder) == ["x.extxyz", "x.gsd", "x.png", "x.vtm"]
    said = (
        "2,000 (600 A, 1,400 B)",
        "SANN neighbours (mutual)",
        "variance explained",
        "mean P_red",
        "seed 0",
    )
    assert all(word in result.out for word in said)
    assert "Next: vitreous view" in result.out


def test_the_demo_tells_the_correlation_it_reaches(demonstration, bundled):
    folder, result = demonstration
    written, b = vt.read(folder / "x.gsd"), bundled.species == "B"
    rho = spearmanr(written.columns["p_red_averaged"][b], bundled.columns["propensity"][b]).statistic
    assert f"Spearman's ρ with P̄_red of species B: {rho:+.3f}" in " ".join(result.out.split())
    assert "a perfect predictor would reach 0.9" in " ".join(result.out.split())


def test_the_files_of_the_demo_are_whole(demonstration):
    folder, _ = demonstration
    assert (folder / "x.png").read_bytes().startswith(b"\x89PNG")


def test_the_files_of_the_demo_agree(demonstration, hard_spheres):
    folder, _ = demonstration
    loaded = vt.OrderParameter.load(folder / "x.vtm")
    p_red = loaded.p_red(hard_spheres)
    averaged = vt.local_average(hard_spheres, p_red, 2.0)
    for suffix in ("gsd", "extxyz"):
        written = vt.read(folder / f"x.{suffix}")
        np.testing.assert_array_equal(written.columns["p_red"], p_red)
        np.testing.assert_array_equal(written.columns["p_red_averaged"], averaged)
        np.testing.assert_array_equal(written.positions, hard_spheres.positions)
        np.testing.assert_array_equal(written.diameters, hard_spheres.diameters)


def test_reveal_keeps_what_the_file_had(run, here, liquid):
    result = run("reveal", liquid, *QUICK)
    assert (result.status, result.errors) == (0, [])
    assert names(here) == [f"liquid.vitreous.{suffix}" for suffix in ("extxyz", "gsd", "png", "vtm")]
    before = vt.read(liquid)
    for suffix in ("gsd", "extxyz"):
        after = vt.read(f"liquid.vitreous.{suffix}")
        assert set(after.columns) == {"propensity", "mark", "p_red", "p_red_averaged"}
        np.testing.assert_array_equal(after.columns["propensity"], before.columns["propensity"])
        np.testing.assert_array_equal(after.columns["mark"], before.columns["mark"])
        np.testing.assert_array_equal(after.species, before.species)
    assert result.out.count("Spearman's ρ with") == 4
    assert result.out.count("propensity in the file") == 1


def test_json_is_all_there_is_on_standard_output(run, here, liquid):
    result = run("reveal", liquid, *QUICK, "--json")
    summary = strict(result.out)
    assert (result.status, result.err) == (0, "")
    assert set(summary) == {
        "source", "particles", "species", "number_density", "neighbors", "cutoff", "l", "mean_neighbors",
        "without_neighbors", "model", "mean_p_red", "radius", "radius_origin", "correlations",
        "noise_ceilings", "files",
    }  # fmt: skip
    assert summary["species"] == {"A": 600, "B": 1400}
    assert summary["radius"] == 2.0
    assert summary["model"]["trained_here"] is True
    assert summary["files"] == [f"liquid.vitreous.{suffix}" for suffix in ("png", "gsd", "extxyz", "vtm")]
    assert {(entry["quantity"], entry["species"]) for entry in summary["correlations"]} == {
        (quantity, species) for quantity in ("p_red", "p_red_averaged") for species in "AB"
    }
    assert all(-1 <= entry["low"] <= entry["rho"] <= entry["high"] <= 1 for entry in summary["correlations"])


def test_json_has_no_nan(run, here, hard_spheres):
    vt.write("still.gsd", hard_spheres.with_columns(propensity=np.zeros(2000)))
    summary = strict(run("reveal", "still.gsd", *QUICK, "--json").out)
    assert [entry["rho"] for entry in summary["correlations"]] == [None] * 4


def test_quiet(run, here, liquid):
    assert run("reveal", liquid, *QUICK, "--quiet") == (0, "", "")
    assert run("view", "liquid.vitreous.gsd", "-q") == (0, "", "")
    assert len(names(here)) == 5


@pytest.mark.filterwarnings("always::vitreous.errors.FileWarning")
def test_quiet_silences_remarks_and_not_errors(run, here):
    """Other commands of the same process have theirs."""
    rows = "".join(f"{k % 2 + 1} {k % 3} {k % 5} {k % 7} {'ab'[k % 2]}\n" for k in range(12))
    (here / "a.xyz").write_text(f"12\ncolumns=cluster,x,y,z,population cell=12,12,12\n{rows}")
    for _ in range(2):
        assert run("view", "a.xyz", "--quiet") == (0, "", "")
        assert "--species population" in run("view", "a.xyz").err
    assert "no frame 1" in run("view", "a.xyz", "--frame", 1, "--quiet").err


def test_a_model_is_applied_unchanged_and_not_written_again(run, here, hard_spheres, model):
    shaken = hard_spheres.positions + np.random.default_rng(0).normal(scale=0.02, size=(2000, 3))
    later = vt.Configuration(shaken, hard_spheres.box, diameters=hard_spheres.diameters)
    vt.write("later.gsd", later)
    result = run(
        "reveal", "later.gsd", "--model", model, "--neighbors", "sann", "--symmetry", "mutual", "-o", "y"
    )
    assert (result.status, result.errors) == (0, [])
    assert names(here) == ["later.gsd", "y.extxyz", "y.gsd", "y.png"]
    expected = vt.OrderParameter.load(model).p_red(later)
    np.testing.assert_array_equal(vt.read("y.gsd").columns["p_red"], expected)


def test_options_reach_the_model(run, here, liquid):
    words = ["--neighbors", "A-A=1.5,A-B=1.4,B-B=1.3", "--bottleneck", "auto", "--per-species", "--seed", "7"]
    summary = strict(run("reveal", liquid, *QUICK, *words, "--radius", "1.5", "-o", "x", "--json").out)
    trained = vt.OrderParameter.load("x.vtm")
    assert summary["cutoff"] == trained.cutoff_.tolist() == [[1.5, 1.4], [1.4, 1.3]]
    assert (trained.bottleneck, trained.per_species, trained.random_state_) == ("auto", True, 7)
    assert list(summary["model"]["reports"]) == ["A", "B"]
    assert (summary["radius"], summary["radius_origin"]) == (1.5, "given")


def test_the_first_minimum_is_measured(run, here, liquid, hard_spheres):
    summary = strict(run("reveal", liquid, *QUICK, "--neighbors", "cutoff", "--json").out)
    r, g, _, first_minimum = radial_distribution(hard_spheres)
    assert summary["cutoff"] == [[pytest.approx(first_minimum, rel=1e-12)]]
    # Between the shells: contacts end at 1, the second shell begins beyond √2 small diameters.
    assert 1.0 < first_minimum < np.sqrt(2.0)
    assert 0.0 < np.interp(first_minimum, r, g) < 0.8


def test_one_species(run, here, hard_spheres):
    vt.write("one.xyz", vt.Configuration(hard_spheres.positions, hard_spheres.box))
    summary = strict(run("reveal", "one.xyz", *QUICK, "--json").out)
    assert summary["species"] == {"A": 2000}
    assert "g(r)" in summary["radius_origin"]
    assert 1.7 < summary["radius"] < 2.2


def test_species_and_diameters_are_given(run, here, hard_spheres):
    labels = np.where(hard_spheres.species == "A", 1, 2)
    vt.write("x.gsd", vt.Configuration(hard_spheres.positions, hard_spheres.box, species=labels))
    words = ["--species", "1=large,2=small", "--diameters", "large=1.1,small=0.9"]
    summary = strict(run("reveal", "x.gsd", *QUICK, *words, "--json").out)
    assert summary["species"] == {"large": 600, "small": 1400}
    assert (summary["radius"], summary["radius_origin"]) == (2.2, "two large diameters")
    assert set(vt.read("x.vitreous.gsd").diameters) == {1.1, 0.9}


def test_a_frame_is_chosen(run, here, hard_spheres):
    earlier = vt.Configuration(hard_spheres.positions[::-1], hard_spheres.box, time=1.0)
    later = vt.Configuration(hard_spheres.positions, hard_spheres.box, time=2.0)
    frames = [vt.write(f"{name}.xyz", frame).read_bytes() for name, frame in (("a", earlier), ("b", later))]
    (here / "both.xyz").write_bytes(b"".join(frames))
    for words, time in (([], 2.0), (["--frame", "0"], 1.0), (["--frame", "-2"], 1.0)):
        assert run("reveal", "both.xyz", *QUICK, *words, "-q", "-o", "x").status == 0
        assert vt.read("x.gsd").time == time


def test_open_data_without_a_cell(run, here, hard_spheres):
    rows = "".join(f"A {x} {y} {z}\n" for x, y, z in hard_spheres.positions)
    (here / "tracked.xyz").write_text(f"2000\n\n{rows}")
    result = run("reveal", "tracked.xyz", *QUICK, "--periodic", "none", "--json")
    assert (result.status, result.err) == (0, "")
    assert strict(result.out)["particles"] == 2000
    assert vt.read("tracked.vitreous.gsd").periodic == (False, False, False)


def test_a_cell_is_given(run, here, hard_spheres):
    rows = "".join(f"A {x} {y} {z}\n" for x, y, z in hard_spheres.positions)
    (here / "bare.xyz").write_text(f"2000\n\n{rows}")
    box = ",".join(map(str, hard_spheres.box.lengths))
    summary = strict(run("reveal", "bare.xyz", *QUICK, "--box", box, "--json").out)
    assert summary["number_density"] == pytest.approx(hard_spheres.number_density)


def test_particles_without_neighbours_are_counted(run, here, hard_spheres, model):
    few = vt.Configuration(np.eye(3) * 20 + 20, 60.0, diameters=1.0, periodic=(False,) * 3)
    vt.write("few.gsd", few)
    result = run("reveal", "few.gsd", "--model", model, "--json")
    summary = strict(result.out)
    assert (result.status, result.err) == (0, "")
    assert (summary["without_neighbors"], summary["mean_p_red"]) == (3, None)


@pytest.mark.parametrize("words", [[], ["--color", "mark"], ["-o", "other.htm"]])
def test_view_writes_a_page(run, here, liquid, words):
    result = run("view", liquid, *words)
    target = words[1] if "-o" in words else "liquid.html"
    assert (result.status, result.errors) == (0, [])
    assert names(here) == [target]
    assert f"{target} (0.1 MB): open it in any browser" in result.out
    assert "<canvas" in (here / target).read_text()


def test_view_can_open_the_browser(run, here, liquid, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    run("view", liquid, "--open")
    assert opened == [(here / "liquid.html").as_uri()]


@pytest.mark.parametrize("name", ["a.b.xyz.gz", "A.XYZ", "plain.dat", ".xyz"])
def test_names_of_what_is_written(run, here, liquid, hard_spheres, name):
    source = vt.write(f"x.xyz{'.gz' if name.endswith('.gz') else ''}", hard_spheres)
    source.rename(name)
    assert run("reveal", name, *QUICK, "-q", "--format", "extxyz").status == 0
    stem = {"a.b.xyz.gz": "a.b", "A.XYZ": "A"}.get(name, name)
    assert f"{stem}.vitreous.gsd" in names(here)


def test_version_and_help(run, here):
    assert run("--version") == (0, f"vitreous {vt.__version__}\n", "")
    for words in (["--help"], ["-h"], []):
        result = run(*words)
        assert (result.status, result.err) == (0, "")
        assert all(command in result.out for command in ("reveal", "view", "demo"))
    for command in ("reveal", "view", "demo"):
        assert "--output" in run(command, "--help").out
    assert names(here) == []


@pytest.mark.parametrize("default", ["sann", "mutual", "autoencoder", "two large diameters", "FILE.vitreous"])
def test_help_names_the_defaults(run, here, default):
    assert f"({default})" in run("reveal", "--help").out
