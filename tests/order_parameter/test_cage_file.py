"""A saved cage model comes back to the last bit, or is refused with one clear line."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import vitreous as vt
from forged_models import as_npy, edit, forged, put, refused
from vitreous.errors import ModelError
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.cage_report import CageReport
from vitreous.order_parameter.sealed_file import format_of, read_sealed, unseal


@pytest.fixture(scope="module", name="model")
def _model(cage_model):
    return cage_model


@pytest.fixture(scope="module", name="saved")
def _saved(model, tmp_path_factory):
    return model.save(tmp_path_factory.mktemp("models") / "m.vtm")


@pytest.fixture
def forge(saved, tmp_path):
    return lambda change: forged(saved, change, tmp_path / "forged.vtm")


def same(one, other, liquid, cages):
    np.testing.assert_array_equal(one.predict(liquid, cages), other.predict(liquid, cages))
    np.testing.assert_array_equal(one.predict(liquid), other.predict(liquid))
    names = (
        "unit_",
        "species_names_",
        "number_density_",
        "liquid_",
        "temperature_",
        "source_",
        "report_",
        "averaging_length_",
    )
    for name in (*names, "penalty", "random_state"):
        assert getattr(one, name) == getattr(other, name), name
    np.testing.assert_array_equal(one.shares_, other.shares_)


def test_it_comes_back_to_the_bit(saved, model, liquid, cages):
    loaded = CageOrderParameter.load(saved)
    same(loaded, model, liquid, cages)
    assert loaded.source_ == "one.gsd"
    assert isinstance(loaded.report_, CageReport)
    assert loaded.report_.remarks == model.report_.remarks


def test_other_models_come_back_to_the_bit(liquid, cages, tmp_path):
    """With a temperature, without a source, with three species, with numbers for species, of several snapshots."""
    bare = vt.Configuration(liquid.positions, liquid.box, liquid.species, liquid.diameters)
    third = liquid.species.copy()
    third[::3] = "C"
    three = vt.Configuration(liquid.positions, liquid.box, third, liquid.diameters)
    numbered = vt.Configuration(
        liquid.positions, liquid.box, np.where(liquid.species == "A", 2, 1), liquid.diameters
    )
    for k, (snapshot, several) in enumerate([(bare, False), (three, False), (numbered, True)]):
        theirs = replace(cages, snapshot=snapshot, temperature=0.44, unit=None, agreement=np.nan)
        model = CageOrderParameter(unit=1.1 if k else None)
        model.fit([snapshot] * 2, [theirs] * 2) if several else model.fit(snapshot, theirs)
        model.report_ = replace(model.report_, label_agreement=0.5)  # NaN is not equal to itself
        loaded = CageOrderParameter.load(model.save(tmp_path / f"{k}.vtm"))
        same(loaded, model, snapshot, theirs)
        assert loaded.temperature_ == 0.44


def test_a_loaded_model_is_saved_and_loaded_again(saved, model, liquid, cages, tmp_path):
    twice = CageOrderParameter.load(str(CageOrderParameter.load(saved).save(str(tmp_path / "2.vtm"))))
    same(twice, model, liquid, cages)
    first, second = (unseal(path.read_bytes()) for path in (saved, tmp_path / "2.vtm"))
    headers = [json.loads(members.pop("model.json")) for members in (first, second)]
    assert first == second
    for header in headers:
        del header["provenance"]
    assert headers[0] == headers[1]


def test_a_loaded_model_can_be_fitted_again(saved, model, liquid, cages):
    again = CageOrderParameter.load(saved).fit(liquid, cages)
    np.testing.assert_array_equal(again.predict(liquid, cages), model.predict(liquid, cages))


def test_a_loaded_model_refuses_what_the_saved_one_did(saved, liquid):
    loaded = CageOrderParameter.load(saved)
    denser = vt.Configuration(0.98 * liquid.positions, 0.98 * liquid.box.lengths, liquid.species)
    with pytest.raises(ModelError, match="number density"):
        loaded.predict(denser)
    other = vt.Configuration(liquid.positions, liquid.box, np.where(liquid.species == "A", "C", "B"))
    with pytest.raises(ModelError, match="trained on species A, B"):
        loaded.predict(other)


def test_it_has_no_propensity_and_no_particles_in_it(saved):
    """Arrays for S = 2 species with F = 76 features, and nothing that is as long as the liquid."""
    header, arrays = read_sealed(saved, "vitreous cage order parameter", 1)
    assert set(header) == {"format", "version", "parameters", "training", "report", "provenance"}
    assert {array.shape for array in arrays.values()} == {(2,), (76,)}
    assert len(arrays) == 13


def test_the_file_is_a_zip_archive_that_anyone_can_open(saved, model):
    with zipfile.ZipFile(saved) as archive:
        header = json.loads(archive.read("model.json"))
        weights = np.load(io.BytesIO(archive.read("1/weights.npy")), allow_pickle=False)
    assert header["format"] == format_of(saved) == "vitreous cage order parameter"
    assert header["version"] == [1, 0]
    assert {"vitreous", "numpy", "python", "written"} <= set(header["provenance"])
    assert header["report"]["remarks"] == list(model.report_.remarks)
    np.testing.assert_array_equal(weights, model.ridges_["B"].weights)


# The other kind of model


def test_each_kind_refuses_the_other(saved, principal, tmp_path):
    theirs = principal.save(tmp_path / "p.vtm")
    refused(
        CageOrderParameter.load,
        theirs,
        "holds 'vitreous order parameter', not a vitreous cage order parameter",
    )
    refused(
        vt.OrderParameter.load, saved, "holds 'vitreous cage order parameter', not a vitreous order parameter"
    )
    assert format_of(theirs) == "vitreous order parameter"


def test_a_later_minor_version_is_read(forge, model, liquid, cages):
    def later(header):
        header["version"] = [1, 7]
        header["news"] = {"any": "thing"}
        for part in ("parameters", "training", "report"):
            header[part]["news"] = [1]

    same(CageOrderParameter.load(forge(edit(later))), model, liquid, cages)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("parameters", "penalty"), "much"),
        (("parameters", "penalty"), -1.0),
        (("parameters", "random_state"), -1),
        (("training", "unit"), 0.0),
        (("training", "unit"), None),
        (("training", "number_density"), -1.0),
        (("training", "species_names"), ["A"]),
        (("training", "species_names"), ["A", "B", "C"]),
        (("training", "species_names"), ["A", "A"]),
        (("training", "temperature"), "hot"),
        (("training", "averaging_length"), 0.0),
        (("training", "source"), 7),
        (("report",), {}),
        (("report", "explained"), None),
        (("report", "runs"), None),
        (("report", "stability"), "good"),
    ],
)
def test_a_header_that_contradicts_itself(forge, place, value):
    refused(CageOrderParameter.load, forge(put(place, value)))


@pytest.mark.parametrize("name", ["shares.npy", "1/bare/weights.npy"])
def test_a_missing_part(forge, name):
    refused(CageOrderParameter.load, forge(lambda members: members.pop(name)))


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("0/mean", np.ones(75)),
        ("0/mean", np.full(76, np.nan)),
        ("0/deviation", np.zeros(76)),
        ("1/bare/deviation", -np.ones(76)),
        ("0/weights", np.ones((76, 1))),
        ("0/weights", np.full(76, "x")),
        ("shares", np.ones(3)),
        ("shares", np.array([np.nan, 0.5])),
    ],
)
def test_arrays_that_do_not_fit(forge, name, array):
    path = forge(lambda members: members.update({f"{name}.npy": as_npy(array)}))
    refused(CageOrderParameter.load, path, "inconsistent")
