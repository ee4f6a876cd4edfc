"""Saved models changed as a program would that knows how to seal them."""

from __future__ import annotations

import io
import json

import numpy as np

from vitreous.order_parameter.sealed_file import seal, unseal


def forged(saved, change, path):
    """A copy of a saved model whose members were changed."""
    members = unseal(saved.read_bytes())
    change(members)
    path.write_bytes(seal(members))
    return path


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
