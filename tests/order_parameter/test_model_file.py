"""A saved model comes back to the last bit, or is refused with one clear line."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

import vitreous as vt
from forged_models import as_npy, edit, forged
from vitreous.errors import FileError, ModelError
from vitreous.order_parameter.sealed_file import unseal


@pytest.fixture(scope="module")
def saved(principal, tmp_path_factory):
    return principal.save(tmp_path_factory.mktemp("models") / "m.vtm")


@pytest.fixture
def forge(saved, tmp_path):
    return lambda change: forged(saved, change, tmp_path / "forged.vtm")


def refused(path, words=None, error=ModelError):
    with pytest.raises(error, match=words) as caught:
        vt.OrderParameter.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message


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


def test_saving_replaces_an_old_file(principal, tmp_path):
    (tmp_path / "m.vtm").write_text("old")
    principal.save(tmp_path / "m.vtm")
    vt.OrderParameter.load(tmp_path / "m.vtm")
    assert [path.name for path in tmp_path.iterdir()] == ["m.vtm"]


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


def test_truncated_anywhere(saved, tmp_path):
    data = saved.read_bytes()
    path = tmp_path / "m.vtm"
    for length in [*range(0, len(data), 29), *range(len(data) - 90, len(data))]:
        path.write_bytes(data[:length])
        refused(path)


def test_one_bit_changed_anywhere(saved, tmp_path):
    data = saved.read_bytes()
    path = tmp_path / "m.vtm"
    rng = np.random.default_rng(0)
    for place in [*range(0, len(data), 13), *range(len(data) - 90, len(data))]:
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        refused(path)


def test_whole_blocks_changed(saved, tmp_path):
    data = saved.read_bytes()
    path = tmp_path / "m.vtm"
    rng = np.random.default_rng(1)
    for _ in range(200):
        start, length = int(rng.integers(len(data))), int(rng.integers(1, 300))
        path.write_bytes(data[:start] + rng.bytes(length) + data[start + length :])
        refused(path)


@pytest.mark.parametrize("extra", [b"\0", b"x" * 100])
def test_something_added_before_or_after(saved, tmp_path, extra):
    path = tmp_path / "m.vtm"
    for data in (saved.read_bytes() + extra, extra + saved.read_bytes()):
        path.write_bytes(data)
        refused(path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_edited_and_zipped_again(saved, tmp_path, compression):
    path = tmp_path / "m.vtm"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"mutual"', b'"union"'))
        new.comment = old.comment
    refused(path, "edited")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a model", b"\0" * 1000, b"PK" + b"\xff" * 500])
def test_something_else(tmp_path, content):
    path = tmp_path / "m.vtm"
    path.write_bytes(content)
    refused(path, "not a vitreous model")


def test_another_zip_archive(tmp_path):
    path = tmp_path / "m.vtm"
    np.savez(tmp_path / "other.npz", x=np.ones(3))
    (tmp_path / "other.npz").rename(path)
    refused(path, "not a vitreous model")


def test_no_file(tmp_path):
    refused(tmp_path / "none.vtm", "No such file", FileError)
    refused(tmp_path, "directory", FileError)


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


@pytest.mark.parametrize("version", [[2, 0], [0, 9], [11, 3]])
def test_another_major_version_is_refused(forge, version):
    path = forge(edit(lambda header: header.update(version=version)))
    refused(path, f"format version {version[0]}.{version[1]}, this program reads 1.x; use the version")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_header_that_is_none(forge, content):
    refused(forge(lambda members: members.update({"model.json": content})), "not a vitreous model")


def test_another_format_is_refused(forge):
    path = forge(edit(lambda header: header.update(format="weather forecast")))
    refused(path, "holds 'weather forecast', not a vitreous order parameter")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), [1]),
        (("version",), "new"),
        (("version",), [float("inf"), 0]),
        (("provenance",), None),
        (("parameters",), None),
        (("parameters", "l"), [1, 2]),
        (("parameters", "l"), "all"),
        (("parameters", "reducer"), "magic"),
        (("parameters", "symmetry"), "both"),
        (("parameters", "bottleneck"), 9),
        (("parameters", "members"), 0),
        (("parameters", "per_species"), True),
        (("training", "random_state"), float("inf")),
        (("training", "random_state"), -1),
        (("training", "number_density"), "high"),
        (("training", "species_names"), None),
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
    def change(header):
        for key in place[:-1]:
            header = header[key]
        header[place[-1]] = value

    refused(forge(edit(change)))


@pytest.mark.parametrize("name", ["model.json", "0/mean.npy", "0/axes.npy", "0/bic.npy"])
def test_a_missing_part(forge, name):
    refused(forge(lambda members: members.pop(name)))


@pytest.mark.parametrize("name", ["readme.txt", "1/mean.npy", "0/0/weight0.npy", "0/more.npy"])
def test_an_added_part(forge, name):
    refused(forge(lambda members: members.update({name: as_npy(np.ones(3))})), "inconsistent")


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
    refused(forge(lambda members: members.update({f"{name}.npy": as_npy(array)})), "inconsistent")


def test_pickled_objects_are_never_loaded(forge):
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("the pickle was loaded",)

    bomb = as_npy(np.array([Bomb()], dtype=object), allow_pickle=True)
    refused(forge(lambda members: members.update({"0/mean.npy": bomb})), "inconsistent")


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8'}\n"])
def test_damaged_arrays(forge, data):
    refused(forge(lambda members: members.update({"0/mean.npy": data})), "inconsistent")


@pytest.mark.parametrize("target", ["no/such/folder/m.vtm", "folder"])
def test_where_nothing_can_be_written(principal, tmp_path, target):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="cannot write"):
        principal.save(tmp_path / target)
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_a_full_disk_leaves_the_old_model(principal, tmp_path, monkeypatch):
    path = principal.save(tmp_path / "m.vtm")
    old = path.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match="No space left"):
        principal.save(path)
    assert path.read_bytes() == old
    assert [file.name for file in tmp_path.iterdir()] == ["m.vtm"]
