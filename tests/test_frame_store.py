from __future__ import annotations

import mmap

import numpy as np
import pytest

from vitreous.errors import FileError
from vitreous.frame_store import FrameStore, take

FRAMES = np.random.default_rng(0).random((7, 5, 3))


@pytest.mark.parametrize("limit", [0, 300, 10**9])
def test_what_was_added_is_read_back(limit, monkeypatch):
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", limit)
    store = FrameStore()
    scratch = np.empty((5, 3))
    for frame in FRAMES:
        scratch[:] = frame
        store.add(scratch)
    found = store.array()
    assert isinstance(found, np.memmap) == (limit < FRAMES.nbytes)
    np.testing.assert_array_equal(found, FRAMES)
    for chosen in (3, slice(2, 5), np.array([6, 0, 0]), -1):
        np.testing.assert_array_equal(take(found, chosen), FRAMES[chosen])
        np.testing.assert_array_equal(take(found[1:], 2), FRAMES[3])
    assert take(found, slice(None)).flags.owndata


def test_a_part_of_a_file_is_let_go(monkeypatch):
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", 0)
    store = FrameStore()
    store.add(FRAMES[0])
    view = store.array().view()[0:]
    owner = view
    while not isinstance(owner, mmap.mmap):
        owner = owner.base
    assert take(view, 0).base is None


def test_no_room(monkeypatch, tmp_path):
    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", 0)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **options: Full())
    with pytest.raises(FileError, match=f"{tmp_path}: cannot keep .* No space left on device; .*TMPDIR"):
        FrameStore().add(FRAMES[0])
