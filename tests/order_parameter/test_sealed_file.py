"""What a file by others may do to whoever opens it: nothing, and cost nothing."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tracemalloc
import zipfile

import pytest

from vitreous.errors import ModelError
from vitreous.order_parameter.sealed_file import read_sealed

HEADER = {"format": "test", "version": [1, 0], "provenance": {}}


def sealed(archive):
    """Any zip archive with a digest that is right."""
    return archive[:-2] + (64).to_bytes(2, "little") + hashlib.sha256(archive).hexdigest().encode()


def archive(members, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        file.writestr("model.json", json.dumps(HEADER))
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def refused(path, data):
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError) as caught:
            read_sealed(path, "test", 1)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_unpacks_to_any_amount(tmp_path, compression):
    refused(tmp_path / "bomb.vtm", sealed(archive({"x.npy": bytes(40_000_000)}, compression)))


@pytest.mark.parametrize(("offset", "value"), [(8, 1), (8, 0x20), (8, 0x40), (10, 99), (6, 99), (24, 10**9)])
def test_an_archive_that_says_odd_things_of_itself(tmp_path, offset, value):
    """Encrypted, patched, of a method or version that nobody knows, larger than it is."""
    data = bytearray(archive({"x.npy": b"1234"}))
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<I" if offset == 24 else "<H", data, entry + offset, value)
    refused(tmp_path / "odd.vtm", sealed(bytes(data)))


def test_an_array_that_promises_more_than_there_is(tmp_path):
    head = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000,), }".ljust(117) + "\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + bytes(64)
    path = tmp_path / "large.vtm"
    path.write_bytes(sealed(archive({"x.npy": data})))
    with pytest.raises(ModelError, match="incomplete or inconsistent"):
        read_sealed(path, "test", 1)


def test_what_is_whole_is_read(tmp_path):
    path = tmp_path / "good.vtm"
    path.write_bytes(sealed(archive({})))
    header, arrays = read_sealed(path, "test", 1)
    assert header["version"] == (1, 0)
    assert arrays == {}
