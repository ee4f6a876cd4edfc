"""The command `explain`: what it writes and prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import vitreous as vt


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Principal components, clusters at random, a rougher interval, and pictures of few pixels."""

    def classify(snapshot):
        rng = np.random.default_rng(len(snapshot))
        membership = rng.random((len(snapshot), 4)) < [0.5, 0.1, 0.001, 0.0]
        return SimpleNamespace(types=("5A", "6A", "13A", "HCP"), membership=membership)

    class Principal(vt.OrderParameter):
        def __init__(self, **said):
            super().__init__(**{"reducer": "pca", **said})

    monkeypatch.setattr("vitreous.structure.tcc.topological_clusters", classify)
    monkeypatch.setattr(vt, "OrderParameter", Principal)
    monkeypatch.setattr("vitreous.plot.style.DPI", 50)
    monkeypatch.setattr("vitreous.correlation.chance._TRANSLATIONS", 20)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_two_models_side_by_side(run, here, liquid):
    result = run("explain", liquid, "-o", "e")
    assert result.status == 0, result
    assert names(here) == ["e.explanation.json", "e.explanation.png"]
    told = json.loads(Path("e.explanation.json").read_text())
    rules = [one["order_parameter"]["neighbors"] for one in told["explanations"]]
    assert rules[0] == "SANN neighbours (mutual)"
    first_minimum = vt.radial_distribution(vt.read(liquid)).first_minimum
    assert told["explanations"][1]["order_parameter"]["cutoff"] == [[first_minimum]]
    assert 0.5 < told["agreement"]["p_red"] < 1
    assert told["seed"] == 0
    types = {one["type"] for one in told["explanations"][0]["cluster_correlations"]}
    assert types == {"5A", "6A", "13A", "HCP"}
    for words in (
        "SANN",
        f"r < {first_minimum:.4g}",
        "agreement",
        "5A",
        "few",
        "in no particle",
        "Mean q̄_l",
        "difference",
        "left out",
        "held",
        "e.explanation.png",
    ):
        assert words in result.out, words
    assert "…" not in result.out  # 80 columns are enough
    assert "model 2 of 2: inputs shuffled" in result.err


def test_numbers_are_those_of_python(run, here, liquid):
    told = json.loads(run("explain", liquid, "--json", "--cutoff", 1.4, "--radius", 1.8, "--seed", 3).out)
    assert told["files"] == ["liquid.explanation.json", "liquid.explanation.png"]
    del told["files"]
    assert told == json.loads(Path("liquid.explanation.json").read_text())
    snapshot = vt.read(liquid)
    for entry, rule in zip(told["explanations"], ("sann", 1.4), strict=True):
        model = vt.OrderParameter(reducer="pca", neighbors=rule, random_state=3)
        clusters = explaining_clusters(snapshot)
        found = vt.explain(snapshot, model, clusters=clusters, radius=1.8, seed=3)
        assert entry == json.loads(json.dumps(found.as_dict()))


def explaining_clusters(snapshot):
    from vitreous.structure.tcc import topological_clusters

    return topological_clusters(snapshot)


def test_a_trained_model_alone(run, here, liquid, model):
    result = run("explain", liquid, "--model", model, "-o", "e")
    assert result.status == 0, result
    told = json.loads(Path("e.explanation.json").read_text())
    assert len(told["explanations"]) == 1
    assert told["agreement"] is None
    assert not told["explanations"][0]["order_parameter"]["model"]["trained_here"]
    assert "r <" not in result.out


def test_quiet(run, here, liquid, model):
    result = run("explain", liquid, "--model", model, "-q")
    assert (result.status, result.out, result.err) == (0, "", "")
    assert names(here) == ["liquid.explanation.json", "liquid.explanation.png"]


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (("--model", "MODEL", "--cutoff", 1.4), "--cutoff: it is for training"),
        (("--model", "no.vtm"), r"no\.vtm"),
        (("--cutoff", -1), "cutoff"),
        (("--cutoff", 40), "half the box"),
        (("--radius", 40), "half the box"),
        (("--frame", 5), "frame"),
        (("-o", "no/e"), "does not exist"),
        (("--seed", -1), "seed"),
    ],
)
def test_bad_input(refused, liquid, model, words, saying):
    refused("explain", liquid, *(model if word == "MODEL" else word for word in words), saying=saying)


def test_no_such_file(refused):
    refused("explain", "no.gsd", saying=r"no\.gsd")


def test_a_figure_that_cannot_be_written_leaves_nothing(run, here, liquid, model, monkeypatch):
    def full(figure, path):
        Path(path).write_text("half")
        raise vt.FileError(f"{path}: no space left on device")

    monkeypatch.setattr("vitreous.plot.save_figure", full)
    result = run("explain", liquid, "--model", model, "-o", "e")
    assert result.status == 2
    assert "e.explanation.png: no space left" in result.errors[0]
    assert names(here) == []
