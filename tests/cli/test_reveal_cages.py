"""`reveal --by cage`, and models of either kind."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import spearmanr

import vitreous as vt

QUICK = ("--by", "cage", "--liquid", "hard-spheres", "--runs", 4, "--duration", 1)
COLUMNS = ("cage", "cage_averaged", "debye_waller_averaged")


@pytest.fixture(scope="module")
def revealed(run, liquid, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cage")
    result = run("reveal", liquid, *QUICK, "-o", folder / "x")
    return folder, result


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_and_summary(revealed):
    folder, result = revealed
    assert (result.status, result.errors) == (0, [])
    assert names(folder) == ["x.extxyz", "x.gsd", "x.png", "x.vtm"]
    said = " ".join(result.out.split())
    for words in (
        "short runs of hard-spheres to t = 1, seed 0",
        "Structure explains this share of the variance",
        "no sign is fitted",
        "averaged with exp(-r/0.8)",
        "Spearman's ρ with cage averaged of species A",
    ):
        assert words in said


def test_columns_are_those_of_the_python_interface(revealed, hard_spheres):
    folder, _ = revealed
    cages = vt.sample_cages(hard_spheres, "hard-spheres", runs=4, duration=1.0)
    model = vt.CageOrderParameter().fit(hard_spheres, cages)
    cage = model.predict(hard_spheres, cages)
    expected = (
        cage,
        vt.local_average(hard_spheres, cage, length=0.8),
        vt.neighborhood_average(hard_spheres, np.log(cages.variance)),
    )
    for suffix in ("gsd", "extxyz"):
        written = vt.read(folder / f"x.{suffix}")
        assert {"propensity", "mark"} <= set(written.columns)
        for name, values in zip(COLUMNS, expected, strict=True):
            np.testing.assert_allclose(written.columns[name], values, rtol=0, atol=1e-12)


def test_the_model_written_is_applied_without_any_run(run, here, revealed, liquid, hard_spheres):
    folder, _ = revealed
    result = run("reveal", liquid, "--model", folder / "x.vtm", "-o", "y")
    assert (result.status, result.errors) == (0, [])
    assert names(here) == ["y.extxyz", "y.gsd", "y.png"]
    assert "Positions only" in result.out
    written = vt.read("y.gsd")
    expected = vt.CageOrderParameter.load(folder / "x.vtm").predict(hard_spheres)
    np.testing.assert_array_equal(written.columns["cage"], expected)
    assert "debye_waller_averaged" not in written.columns


def test_a_model_is_applied_to_cages_if_the_liquid_is_said(run, here, revealed, liquid):
    folder, _ = revealed
    words = ("--liquid", "hard-spheres", "--runs", 4, "--duration", 1)
    assert run("reveal", liquid, "--model", folder / "x.vtm", *words, "-o", "y").status == 0
    again, first = vt.read("y.gsd"), vt.read(folder / "x.gsd")
    for name in COLUMNS:
        np.testing.assert_array_equal(again.columns[name], first.columns[name])


def test_json(run, here, liquid):
    result = run("reveal", liquid, *QUICK, "--json", "--seed", 3)
    told = json.loads(result.out, parse_constant=lambda word: pytest.fail(word))
    assert told["cages"]["runs"] >= 4
    assert told["cages"]["duration"] == 1.0
    assert told["cages"]["seed"] == 3
    assert told["model"]["report"]["snapshots"] == 1
    assert {one["quantity"] for one in told["correlations"]} == set(COLUMNS)


def test_the_propensity_is_compared_with_and_not_used(run, here, liquid, revealed):
    folder, _ = revealed
    snapshot = vt.read(liquid)
    rng = np.random.default_rng(1)
    vt.write(
        "other.extxyz", snapshot.with_columns(propensity=rng.permutation(snapshot.columns["propensity"]))
    )
    assert run("reveal", "other.extxyz", *QUICK, "-o", "y").status == 0
    for name in COLUMNS:
        np.testing.assert_array_equal(
            vt.read("y.extxyz").columns[name], vt.read(folder / "x.extxyz").columns[name]
        )


def test_the_demo_shows_both_side_by_side(run, here, bundled):
    result = run("demo", "--json")
    told = json.loads(result.out)
    written = vt.read("vitreous-demo.gsd")
    assert {"p_red", "p_red_averaged", *COLUMNS} <= set(written.columns)
    for one in told["cage"]["correlations"]:
        mine = bundled.species == one["species"]
        rho = spearmanr(written.columns[one["quantity"]][mine], bundled.columns["propensity"][mine])[0]
        assert one["rho"] == pytest.approx(rho, abs=1e-9)


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--by", "magic"), "--by: expected paper or cage"),
        (("--by", "cage"), "--liquid: .* does not say of which liquid"),
        (("--by", "cage", "--liquid", "kob-andersen"), "--temperature"),
        (("--by", "cage", "--liquid", "water"), "there is no such model"),
        (("--by", "cage", "--liquid", "hard-spheres", "--runs", 5), "runs: expected an even number"),
        (
            ("--by", "cage", "--liquid", "hard-spheres", "--duration", -1),
            "duration: must be positive and finite",
        ),
        (("--by", "cage", "--liquid", "hard-spheres", "--temperature", 1), "hard spheres have none"),
        (("--by", "cage", "--neighbors", "sann"), "--neighbors: it belongs to --by paper"),
        (("--runs", 8), "--runs: it belongs to --by cage"),
        (("--liquid", "hard-spheres"), "--liquid: it belongs to --by cage"),
        (("--model", "wahnstrom", "--by", "paper"), "is a cage order parameter"),
        (("--model", "no-such-file.vtm"), "cannot read"),
    ],
)
def test_bad_options_are_one_line(refused, liquid, words, saying):
    refused("reveal", liquid, *words, saying=saying)


def test_a_model_of_the_paper_is_no_cage_model(refused, liquid, model):
    refused("reveal", liquid, "--by", "cage", "--model", model, saying="model of the paper's order parameter")
