"""A saved model comes back to the last bit, or is refused with one clear line."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

import vitreous as vt
from forged_models import as_npy, edit, forged, put, refused
from vitreous.order_parameter.sealed_file import unseal


@pytest.fixture(scope="module")
def saved(principal, tmp_path_factory):
    return principal.save(tmp_path_factory.mktemp("models") / "m.vtm")


@pytest.fixture
def forge(saved, tmp_path):
    return lambda change: forged(saved, change, tmp_path / "forged.vtm")


def test_every_model_comes_back_to_the_bit(variant, hard_spheres, other, tmp_path):
    loaded = vt.OrderParameter.load(variant.save(tmp_path / "m.vtm"))
    for snapshot in (hard_spheres, other):
        np.testing.assert_array_equal(loaded.p_red(snapshot), variant.p_red(snapshot))
        np.testing.assert_array_equal(loaded.transform(snapshot), variant.transform(snapshot))
    assert loaded.reports_ == variant.reports_
    assert loaded.rule == variant.rule
    for name in ("species_names_", "number_density_", "random_state_", "source_"):
        assert getattr(loaded, name) == getattr(variant, name)
    assert tuple(loaded.l) == tuple(variant.l)
    for name in ("symmetry", "reducer", "bottleneck", "per_species", "members"):
        assert getattr(loaded, name) == getattr(variant, name)


def test_a_loaded_model_is_saved_and_loaded_again(network, other, tmp_path):
    once = vt.OrderParameter.load(network.save(tmp_path / "1.vtm"))
    twice = vt.OrderParameter.load(str(once.save(str(tmp_path / "2.vtm"))))
    np.testing.assert_array_equal(twice.p_red(other), network.p_red(other))
    first, second = (unseal((tmp_path / name).read_bytes()) for name in ("1.vtm", "2.vtm"))
    del first["model.json"], second["model.json"]  # with the time
    assert first == second


def test_a_loaded_model_can_be_fitted_again(saved, hard_spheres, principal):
    loaded = vt.OrderParameter.load(saved)
    np.testing.assert_array_equal(loaded.fit(hard_spheres).p_red(hard_spheres), principal.p_red(hard_spheres))


def test_the_file_is_a_zip_archive_that_anyone_can_open(saved, principal):
    with zipfile.ZipFile(saved) as archive:
        header = json.loads(archive.read("model.json"))
        mean = np.load(io.BytesIO(archive.read("0/mean.npy")), allow_pickle=False)
    assert header["format"] == "vitreous order parameter"
    assert header["version"] == [1, 0]
    assert {"vitreous", "numpy", "python", "written"} <= set(header["provenance"])
    np.testing.assert_array_equal(mean, principal.pipelines_["all species"].mean)


def test_a_later_minor_version_is_read(forge, principal, other):
    def later(header):
        header["version"] = [1, 7]
        header["news"] = {"any": "thing"}
        header["parameters"]["temperature"] = 0.4
        header["training"]["frames"] = 3
        header["pipelines"][0]["news"] = [1]
        header["pipelines"][0]["report"]["news"] = None

    loaded = vt.OrderParameter.load(forge(edit(later)))
    np.testing.assert_array_equal(loaded.p_red(other), principal.p_red(other))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("parameters", "l"), [1, 2]),
        (("parameters", "l"), "all"),
        (("parameters", "reducer"), "magic"),
        (("parameters", "symmetry"), "both"),
        (("parameters", "bottleneck"), 9),
        (("parameters", "members"), 0),
        (("parameters", "per_species"), True),
        (("training", "random_state"), float("inf")),
        (("training", "random_state"), -1),
        (("pipelines",), []),
        (("pipelines",), {}),
        (("pipelines", 0, "name"), "A"),
        (("pipelines", 0, "autoencoders"), 1),
        (("pipelines", 0, "report", "fve"), 3),
        (("pipelines", 0, "contrast"), "much"),
        (("pipelines", 0, "report"), {}),
    ],
)
def test_a_header_that_contradicts_itself(forge, place, value):
    refused(vt.OrderParameter.load, forge(put(place, value)))


@pytest.mark.parametrize("name", ["0/axes.npy", "0/bic.npy"])
def test_a_missing_part(forge, name):
    refused(vt.OrderParameter.load, forge(lambda members: members.pop(name)))


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("0/mean", np.ones(7)),
        ("0/mean", np.full(8, np.nan)),
        ("0/deviation", np.zeros(8)),
        ("0/axes", np.ones((2, 7))),
        ("0/axes", np.ones((3, 8))),
        ("0/weights", np.array([-1.0, 2.0])),
        ("0/covariances", np.zeros((2, 2, 2))),
        ("0/covariances", -np.ones((2, 2, 2))),
        ("0/means", np.array(["a", "b"])),
        ("cutoff", np.array([[-1.0]])),
        ("cutoff", np.ones((3, 3))),
        ("cutoff", np.array([[1.0, 2.0], [3.0, 1.0]])),
    ],
)
def test_arrays_that_do_not_fit(forge, name, array):
    path = forge(lambda members: members.update({f"{name}.npy": as_npy(array)}))
    refused(vt.OrderParameter.load, path, "inconsistent")
