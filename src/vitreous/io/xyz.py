"""xyz files: extended (``Properties=``, ``Lattice=``) and plain ones of atooms, RUMD, LAMMPS and others.

The comment line tells which it is. Extended xyz: ``species``, ``element``, ``type`` or the like holds the labels
(integers or text), ``radius`` or ``diameter`` the sizes, ``image`` (I:3) the periodic images; all other properties
become columns. The keys ``Lattice`` (edge vectors a, b, c), ``Origin``, ``pbc``, ``time``, ``step`` and ``unwrapped``
are understood; all others become metadata. Plain xyz: label, x, y, z, and further columns, which ``columns`` in the
comment may name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileError
from vitreous.io.cell import complete_cell
from vitreous.io.comment import format_pair
from vitreous.io.frame import Frame, check_columns, take_diameters
from vitreous.io.labels import is_species_name, take_species
from vitreous.io.scan import Layout
from vitreous.io.streams import open_text_for_writing
from vitreous.io.text import Field, TextFile, shorten
from vitreous.io.xyz_comment import ALIASES, comment_values, take_cell, take_clock, take_unwrapped

__all__ = ["HOLDS", "HOLDS_EXTENDED", "read", "read_all", "write"]

HOLDS_EXTENDED = {
    "species": "`species`, `name`, `element`, `type`, `label`, `Z`, ...",
    "sizes": "`diameter`, `radius`",
    "cell": "`Lattice`, any; zero edges are open",
    "faces": "`pbc`",
    "images": "`image:I:3`, or `unwrapped=T`",
    "time": "`time`, `step`, and their like",
    "identity": "`id`, else order of the rows",
    "columns": "all others",
}
HOLDS = {
    "species": "first word, or as `columns` says",
    "sizes": "`radius`, `diameter`",
    "cell": "`cell`, `Lattice`, `sim_box`",
    "faces": "`pbc`",
    "images": "`imx imy imz` of RUMD",
    "time": "`time`, `step`, `Timestep:`, `dt`, and their like",
    "identity": "order of the rows",
    "columns": "all others",
}

_KINDS = {"R": "f", "I": "i", "S": "s", "L": "b"}
_IMAGES = (("ix", "iy", "iz"), ("imx", "imy", "imz"))
_RESERVED_COLUMNS = ("species", "pos", "image", "radius", "diameter")
_RESERVED_KEYS = ("Lattice", "Properties", "pbc", "Origin")
# Keys that set an attribute of the configuration if their value is of such a type, and are metadata if not.
_ATTRIBUTES: dict[str, tuple[type, ...]] = {"time": (int, float), "step": (int,), "unwrapped": (bool,)}
_ROWS_AT_ONCE = 16384


@dataclass(frozen=True)
class _Header:
    count: int
    values: dict[str, Any]
    clock: tuple[int | None, float | None]
    line: int


def _content(text: TextFile, header: _Header) -> Frame:
    values = dict(header.values)
    if "Properties" in values:
        fields = _extended_fields(text, str(values.pop("Properties")))
    else:
        fields = _plain_fields(text, str(values.pop("columns", "")))
    table = text.table(header.count, fields)
    columns = table.columns
    positions = text.positions(table, ["pos"] if "pos" in columns else ["x", "y", "z"])
    image = columns.get("image")
    images = None
    if image is not None and image.dtype.kind == "i" and image.shape == positions.shape:
        images = columns.pop("image")
    for names in _IMAGES:
        if images is None and all(name in columns and columns[name].dtype.kind == "i" for name in names):
            images = np.stack([columns.pop(name) for name in names], axis=1)
    unwrapped = take_unwrapped(values)
    cell = take_cell(text, values, header.line)
    box = None if cell.vectors is None else complete_cell(cell.vectors, cell.periodic, cell.origin, positions)
    step, time = header.clock
    return Frame(
        positions=positions,
        box=box,
        periodic=cell.periodic,
        species=take_species(columns),
        diameters=take_diameters(columns),
        images=images,
        unwrapped=unwrapped,
        time=time,
        step=step,
        columns=columns,
        metadata=values,
    )


def _read_header(text: TextFile) -> _Header:
    count = text.count()
    values = comment_values(text.line("the comment line"))
    return _Header(count, values, take_clock(values), text.line_number)


_LAYOUT = Layout(_read_header, _content)
read, read_all = _LAYOUT.read, _LAYOUT.read_all


def _extended_fields(text: TextFile, properties: str) -> list[Field]:
    words = properties.split(":")
    fields = [
        Field(name, _KINDS[kind], int(width))
        for name, kind, width in zip(words[::3], words[1::3], words[2::3], strict=False)
        if kind in _KINDS and re.fullmatch("[1-9][0-9]{0,5}", width)
    ]
    if 3 * len(fields) != len(words):
        raise text.error(f"Properties must be triples name:R|I|S|L:width, got {shorten(properties)}")
    if Field("pos", "f", 3) not in fields:
        flat = "; vitreous needs three dimensions" if Field("pos", "f", 2) in fields else ""
        raise text.error(f"Properties must have the positions as pos:R:3{flat}, got {shorten(properties)}")
    return fields


def _plain_fields(text: TextFile, names: str) -> list[Field]:
    width = text.row_width()
    if names:
        fields = [_plain_field(column) for column in re.split(r"[\s,]+", names.strip())]
        known = {field.name for field in fields}
        if "pos" not in known and not {"x", "y", "z"} <= known:
            flat = ": two-dimensional; vitreous needs three dimensions" if {"x", "y"} <= known else ""
            raise text.error(f"columns must name the positions as pos or x,y,z, got {shorten(names)}{flat}")
        return fields
    if width == 3:
        raise text.error(
            "expected label, x, y and z in a row, got 3 words; vitreous needs three dimensions",
            text.line_number + 1,
        )
    extra = [Field(f"column{number}") for number in range(5, width + 1)]
    return [Field("species", "is"), Field("pos", "f", 3), *extra]


def _plain_field(column: str) -> Field:
    if column in ("pos", "position"):
        return Field("pos", "f", 3)
    if column in ("vel", "velocity"):
        return Field(column, "f", 3)
    if column in ("x", "y", "z"):
        return Field(column, "f")
    return Field(column, "is" if is_species_name(column) else "ifs")


def write(path: Path, configuration: Configuration, target: str) -> None:
    """Write one configuration as extended xyz; every float64 is read back to the bit.

    Species go to ``species``, diameters to ``radius`` (which OVITO shows), images to ``image``.

    Raises
    ------
    FileError
        For labels with white space, names or values that the format cannot hold.
    """
    comment, rows = _layout(configuration, target)
    with open_text_for_writing(path) as stream:
        stream.write(f"{len(configuration)}\n{comment}\n".encode())
        for block in _blocks(rows):
            stream.write(block)


def _layout(configuration: Configuration, target: str) -> tuple[str, list[tuple[str, NDArray[Any]]]]:
    """The comment line, and a format and an (N,) array for every word of a row."""
    check_columns(configuration, _RESERVED_COLUMNS, target)
    columns: dict[str, NDArray[np.generic]] = {
        "species": configuration.species,
        "pos": configuration.positions,
    }
    if configuration.diameters is not None:
        columns["radius"] = 0.5 * configuration.diameters
    if configuration.images is not None:
        columns["image"] = configuration.images
    columns.update(configuration.columns)
    properties, rows = [], []
    for name, values in columns.items():
        if values.ndim > 2:
            raise FileError(
                f"{target}: extended xyz has no column of shape {values.shape} like {name!r}; write a .gsd"
            )
        kind, code, words = _words(name, values, target)
        parts = words.reshape(len(words), -1).T
        properties.append(f"{name}:{kind}:{len(parts)}")
        rows += [(code, part) for part in parts]
    pairs = _metadata(configuration, target)
    return " ".join([_cell(configuration), f"Properties={':'.join(properties)}", *pairs]), rows


def _words(name: str, values: NDArray[Any], target: str) -> tuple[str, str, NDArray[Any]]:
    """Kind in Properties, format code, and the values as they are to be formatted."""
    if values.dtype.kind == "b":
        return "L", "%s", np.where(values, "T", "F")
    if values.dtype.kind == "f":
        return "R", "%r", values
    if values.dtype.kind in "iu":
        if values.dtype == np.uint64 and values.max() > np.iinfo(np.int64).max:
            raise FileError(f"{target}: cannot write the column {name!r}: integers beyond 64 bits with sign")
        return "I", "%d", values
    for word in set(values.ravel().tolist()):
        half = any("\ud800" <= character <= "\udfff" for character in word)  # of a surrogate pair
        if word.split() != [word] or "\0" in word or half:
            raise FileError(
                f"{target}: cannot write the text {word!r} in {name!r}: white space separates the words of "
                f"extended xyz, so a label must have none, nor be empty; rename it or write a .gsd"
            )
    return "S", "%s", values


def _cell(configuration: Configuration) -> str:
    box = configuration.box
    cell = f'Lattice="{" ".join(map(repr, box.vectors.ravel().tolist()))}"'
    cell += f' pbc="{" ".join("T" if flag else "F" for flag in box.periodic)}"'
    if box.origin.any():
        cell += f' Origin="{" ".join(map(repr, box.origin.tolist()))}"'
    return cell


def _metadata(configuration: Configuration, target: str) -> Iterator[str]:
    attributes = {"time": configuration.time, "step": configuration.step}
    attributes["unwrapped"] = configuration.unwrapped or None
    for key, attribute in attributes.items():
        # Of what is not known that is said, where other metadata would be taken for it.
        mistaken = any(
            name != key and name.lower() in ALIASES.get(key, ()) for name in configuration.metadata
        )
        if attribute is not None or mistaken:
            yield format_pair(key, attribute)
    for key, value in configuration.metadata.items():
        understood = key in _ATTRIBUTES and (
            attributes[key] is not None
            or value is None
            or isinstance(value, np.generic)
            or type(value) in _ATTRIBUTES[key]
        )
        if key in _RESERVED_KEYS or understood:
            raise FileError(
                f"{target}: cannot write the metadata {key!r}: the key has a meaning in extended xyz"
            )
        try:
            yield format_pair(str(key), value)
        except ValueError as error:
            raise FileError(f"{target}: cannot write the metadata {str(key)!r}: {error}") from None


def _blocks(rows: list[tuple[str, NDArray[Any]]]) -> Iterator[bytes]:
    """The rows as encoded text, some thousands at a time."""
    line = " ".join(code for code, _ in rows) + "\n"
    for start in range(0, len(rows[0][1]), _ROWS_AT_ONCE):
        words = [values[start : start + _ROWS_AT_ONCE].tolist() for _, values in rows]
        yield "".join([line % row for row in zip(*words, strict=True)]).encode()
