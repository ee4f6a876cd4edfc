"""Which column of a file names the species."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["STANDARD", "as_labels", "is_species_name", "looks_like_labels", "take_species"]

STANDARD = ("species", "name", "element", "type", "label")
# Compared in lower case, without what is no letter and without a plural's s.
_OTHERS = (
    "specie", "elem", "typ", "typeid", "typename", "atomtype", "particletype", "ptype", "beadtype", "atom", "atomname",
    "particlespecie", "atomspecie", "particlekind", "atomkind",
    "symbol", "chemicalsymbol", "number", "atomicnumber", "atomnumber", "kind", "sort", "spec", "component",
    "speciesid", "speciesindex", "labelid", "sp",
)  # fmt: skip
_HINTS = re.compile(
    r"typ|spec|elem|atom|label|kind|sort|symb|comp|name|^z$|^id$|sp$|class|sub", re.IGNORECASE
)
_MOST_LABELS = 20
_NEVER = re.compile(
    r"tcc_|image|^i[xyz]$|mol|body|frame|cluster|neigh|bond|coord|step|^n_|flag|count|particle"
)

_SURELY = re.compile(r"typ|spec|kind", re.IGNORECASE)


def is_species_name(name: str) -> bool:
    """Whether a column of this name holds the species."""
    return name == "Z" or _plain(name) in STANDARD or _plain(name) in _OTHERS


def _plain(name: str) -> str:
    letters = re.sub(r"[^a-z]", "", name.lower())
    return letters if letters in ("species", "class") else letters.removesuffix("s")


def as_labels(values: NDArray[Any]) -> NDArray[Any] | None:
    """The values as labels, whole numbers stored as floats included; None if they can be none."""
    if values.ndim != 1:
        return None
    if values.dtype.kind in "iU":
        return values
    if values.dtype.kind == "u":
        return values.astype(np.int64) if (values < 2**62).all() else None
    if values.dtype.kind == "f" and (np.abs(values) < 2**53).all() and (values == np.rint(values)).all():
        return values.astype(np.int64)
    return None


def take_species(columns: dict[str, NDArray[Any]]) -> NDArray[Any] | None:
    """Take the column of the species out of the columns of a file; None if it has none.

    A column ``id`` holds the species if it is text or if particles share its values, as atooms writes them; a column
    ``label`` only if particles share its values.
    """
    named = [name for name in STANDARD if name in columns]
    named += [name for name in columns if name not in STANDARD and is_species_name(name)]
    for name in named:
        labels = as_labels(columns[name])
        if labels is not None and (_plain(name) != "label" or not _tells_particles_apart(labels)):
            del columns[name]
            return labels
    for name in [name for name in columns if name.lower() == "id"]:
        labels = as_labels(columns[name])
        if labels is not None and (labels.dtype.kind == "U" or not _tells_particles_apart(labels)):
            del columns[name]
            return labels
    return None


def _tells_particles_apart(labels: NDArray[Any]) -> bool:
    """Whether no two particles have the same one, as the labels that TrackMate gives to what it found."""
    return len(np.unique(labels)) == len(labels)


def looks_like_labels(columns: Mapping[str, NDArray[Any]], known: bool) -> str | None:
    """A column that might hold the species, where all particles are of one; `known` if a column of that name was."""
    for name, values in columns.items():
        labels = as_labels(values) if values.dtype.kind != "b" else None
        if labels is None or (_NEVER.search(name) and not _SURELY.search(name)):
            continue
        hinted = is_species_name(name) or bool(_HINTS.search(name))
        if known and not hinted:
            continue
        different = np.unique(labels)
        if not 1 < len(different) <= _MOST_LABELS or 2 * len(different) > len(labels):
            continue
        if labels.dtype.kind == "U" or hinted or (values.dtype.kind in "iu" and different[0] >= 0):
            return name
    return None
