"""Whatever was done to the file of a model of either kind, it is refused with one clear line."""

from __future__ import annotations

import zipfile
from functools import partial

import numpy as np
import pytest

import forged_models
from forged_models import as_npy, edit, forged
from vitreous.errors import FileError, ModelError
from vitreous.order_parameter.sealed_file import format_of


@pytest.fixture(scope="module", params=["principal", "cage_model"], name="model")
def _model(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", name="saved")
def _saved(model, tmp_path_factory):
    return model.save(tmp_path_factory.mktemp("models") / "m.vtm")


@pytest.fixture(name="refused")
def _refused(model):
    return partial(forged_models.refused, type(model).load)


@pytest.fixture(name="path")
def _path(tmp_path):
    return tmp_path / "m.vtm"


@pytest.fixture(name="forge")
def _forge(saved, path):
    return lambda change: forged(saved, change, path)


def places(data):
    """Some hundreds of them, and all of the end, which is the digest."""
    return [*range(0, len(data), len(data) // 400), *range(len(data) - 90, len(data))]


def test_saving_replaces_an_old_file(model, path):
    path.write_text("old")
    model.save(path)
    type(model).load(path)
    assert [file.name for file in path.parent.iterdir()] == ["m.vtm"]


def test_truncated_anywhere(saved, path, refused):
    data = saved.read_bytes()
    for length in places(data):
        path.write_bytes(data[:length])
        refused(path)


def test_one_bit_changed_anywhere(saved, path, refused):
    data = saved.read_bytes()
    rng = np.random.default_rng(0)
    for place in places(data):
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        refused(path)


def test_whole_blocks_changed(saved, path, refused):
    data = saved.read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(200):
        start, length = int(rng.integers(len(data))), int(rng.integers(1, 300))
        path.write_bytes(data[:start] + rng.bytes(length) + data[start + length :])
        refused(path)


@pytest.mark.parametrize("extra", [b"\0", b"x" * 100])
def test_something_added_before_or_after(saved, path, refused, extra):
    for data in (saved.read_bytes() + extra, extra + saved.read_bytes()):
        path.write_bytes(data)
        refused(path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_edited_and_zipped_again(saved, path, refused, compression):
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w", compression) as new:
        assert b'"random_state": ' in old.read("model.json")
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"random_state": ', b'"random_state": 1'))
        new.comment = old.comment
    refused(path, "edited")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a model", b"\0" * 1000, b"PK" + b"\xff" * 500])
def test_something_else(path, refused, content):
    path.write_bytes(content)
    refused(path, "not a vitreous model")
    with pytest.raises(ModelError, match="not a vitreous model"):
        format_of(path)


def test_another_zip_archive(path, refused):
    np.savez(path.with_suffix(".npz"), x=np.ones(3))
    path.with_suffix(".npz").rename(path)
    refused(path, "not a vitreous model")


def test_no_file(tmp_path, path, refused):
    refused(path, "No such file", FileError)
    refused(tmp_path, "directory", FileError)
    forged_models.refused(format_of, path, "No such file", FileError)


@pytest.mark.parametrize("version", [[2, 0], [0, 9], [11, 3]])
def test_another_major_version(forge, refused, version):
    forged = forge(edit(lambda header: header.update(version=version)))
    refused(forged, f"format version {version[0]}.{version[1]}, this program reads 1.x; use the version")


def test_another_format(forge, refused):
    forged = forge(edit(lambda header: header.update(format="weather forecast")))
    refused(forged, "holds 'weather forecast', not a vitreous ")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_header_that_is_none(forge, refused, content):
    refused(forge(lambda members: members.update({"model.json": content})), "not a vitreous model")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), [1]),
        (("version",), "new"),
        (("version",), [float("inf"), 0]),
        (("provenance",), None),
        (("parameters",), None),
        (("training",), []),
        (("training", "number_density"), "high"),
        (("training", "species_names"), None),
    ],
)
def test_a_header_that_contradicts_itself(forge, refused, place, value):
    refused(forge(forged_models.put(place, value)))


@pytest.mark.parametrize("name", ["model.json", "0/mean.npy"])
def test_a_missing_part(forge, refused, name):
    refused(forge(lambda members: members.pop(name)))


@pytest.mark.parametrize(
    "name", ["readme.txt", "2/mean.npy", "0/more.npy", "0/0/weight0.npy", "propensity.npy"]
)
def test_an_added_part(forge, refused, name):
    refused(forge(lambda members: members.update({name: as_npy(np.ones(3))})), "inconsistent")


def test_pickled_objects_are_never_loaded(forge, refused):
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("the pickle was loaded",)

    bomb = as_npy(np.array([Bomb()], dtype=object), allow_pickle=True)
    refused(forge(lambda members: members.update({"0/mean.npy": bomb})), "inconsistent")


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8'}\n"])
def test_damaged_arrays(forge, refused, data):
    refused(forge(lambda members: members.update({"0/mean.npy": data})), "inconsistent")


@pytest.mark.parametrize("target", ["no/such/folder/m.vtm", "folder"])
def test_where_nothing_can_be_written(model, tmp_path, target):
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="cannot write"):
        model.save(tmp_path / target)
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_a_full_disk_leaves_the_old_model(model, path, monkeypatch):
    model.save(path)
    old = path.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FileError, match="No space left"):
        model.save(path)
    assert path.read_bytes() == old
    assert [file.name for file in path.parent.iterdir()] == ["m.vtm"]
