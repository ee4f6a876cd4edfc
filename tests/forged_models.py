"""Saved models changed as a program would that knows how to seal them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from vitreous.errors import ModelError
from vitreous.order_parameter.sealed_file import seal, unseal


def refused(load, path, words=None, error=ModelError):
    """Make sure that a file is refused in one line, which begins with its name."""
    with pytest.raises(error, match=words) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message


def forged(saved, change, path):
    """A copy of a saved model whose members were changed."""
    members = unseal(saved.read_bytes())
    change(members)
    path.write_bytes(seal(members))
    return path


def put(place, value):
    """A change of one entry of the header, which may be deep in it."""

    def changed(header):
        for key in place[:-1]:
            header = header[key]
        header[place[-1]] = value

    return edit(changed)


def edit(change):
    """A change of the header."""

    def changed(members):
        header = json.loads(members["model.json"])
        change(header)
        members["model.json"] = json.dumps(header).encode()

    return changed


def as_npy(array, **options):
    """The bytes of an array as a member of the file."""
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()
