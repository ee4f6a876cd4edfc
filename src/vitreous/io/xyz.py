"""xyz files: extended (``Properties=``, ``Lattice=``) and plain (``cell:Lx,Ly,Lz`` in the comment)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import FileError
from vitreous.io.comment import format_pair, parse_colons, parse_pairs
from vitreous.io.frame import Frame, check_columns, take_diameters
from vitreous.io.streams import open_text, open_text_for_writing
from vitreous.io.text import Field, TextFile, each_frame, find_frame, shorten

__all__ = ["read", "read_all", "write"]

_KINDS = {"R": "f", "I": "i", "S": "s", "L": "b"}
_SPECIES = ("species", "name", "element", "type", "label")
_RESERVED_COLUMNS = ("species", "pos", "image", "radius", "diameter")
_RESERVED_KEYS = ("Lattice", "Properties", "pbc", "Origin")
# Keys that set an attribute of the configuration if their value is of such a type, and are metadata if not.
_ATTRIBUTES: dict[str, tuple[type, ...]] = {"time": (int, float), "step": (int,), "unwrapped": (bool,)}
_ROWS_AT_ONCE = 16384


@dataclass(frozen=True)
class _Header:
    count: int
    comment: str


def read(path: Path, name: str, frame: int) -> Frame:
    """Read one frame of an extended or plain xyz file; the comment line tells which it is.

    Extended xyz: ``species``, ``element`` or ``type`` holds the labels (integers or text), ``radius`` or
    ``diameter`` the sizes, ``image`` (I:3) the periodic images; all other properties become columns. The keys
    ``Lattice`` (edge vectors a, b, c), ``Origin``, ``pbc``, ``time``, ``step`` and ``unwrapped`` are
    understood; all others become metadata.
    Plain xyz: label, x, y, z, and further columns, which ``columns:`` in the comment may name.
    """
    with open_text(path, name) as text:
        return _content(text, find_frame(text, frame, _read_header))


def read_all(path: Path, name: str) -> Iterator[Frame]:
    """Read all frames, one after the other."""
    with open_text(path, name) as text:
        for header in each_frame(text, _read_header):
            yield _content(text, header)


def _content(text: TextFile, header: _Header) -> Frame:
    line = text.line_number
    values = _comment_values(header.comment)
    if "Properties" in values:
        fields = _extended_fields(text, str(values.pop("Properties")))
    else:
        fields = _plain_fields(text, str(values.pop("columns", "")))
    table = text.table(header.count, fields)
    positions = text.positions(table, ["pos"])
    columns = table.columns
    species = next((columns.pop(label) for label in _SPECIES if label in columns), None)
    if species is None and "id" in columns and columns["id"].dtype.kind == "U":
        species = columns.pop("id")  # atooms has called the species so
    image = columns.get("image")
    has_images = image is not None and image.dtype.kind == "i" and image.shape == positions.shape
    box, periodic = _box(text, values, line)
    return Frame(
        positions=positions,
        box=box,
        periodic=periodic,
        species=species,
        diameters=take_diameters(columns),
        images=columns.pop("image") if has_images else None,
        columns=columns,
        **{key: values.pop(key) for key, types in _ATTRIBUTES.items() if type(values.get(key)) in types},
        metadata=values,
    )


def _read_header(text: TextFile) -> _Header:
    return _Header(text.count(), text.line("the comment line"))


def _comment_values(comment: str) -> dict[str, Any]:
    pairs = parse_pairs(comment)
    if "Properties" in pairs:
        return pairs
    colons = parse_colons(comment)
    if "cell" in colons or "columns" in colons:
        return colons
    if "=" in comment:
        return pairs
    return {"comment": comment} if comment else {}


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
        raise text.error(f"Properties must have the positions as pos:R:3, got {shorten(properties)}")
    return fields


def _plain_fields(text: TextFile, names: str) -> list[Field]:
    width = text.row_width()
    if names:
        fields = []
        for column in names.split():
            if column in _SPECIES:
                fields.append(Field(column, "is"))
            elif column in ("pos", "position"):
                fields.append(Field("pos", "f", 3))
            else:
                fields.append(Field(column, "f", 3) if column in ("vel", "velocity") else Field(column))
        if not any(field.name == "pos" for field in fields):
            raise text.error(f"columns must name the positions as pos, got {shorten(names)}")
        return fields
    extra = [Field(f"column{number}") for number in range(5, width + 1)]
    return [Field("species", "is"), Field("pos", "f", 3), *extra]


def _box(
    text: TextFile, values: dict[str, Any], line: int
) -> tuple[Box | None, tuple[bool, bool, bool] | None]:
    periodic = None
    if "pbc" in values:
        flags = np.broadcast_to(_numbers(text, values, "pbc", (1, 3), line), 3)
        periodic = (bool(flags[0]), bool(flags[1]), bool(flags[2]))
    origin = _numbers(text, values, "Origin", (3,), line) if "Origin" in values else None
    if "Lattice" in values:
        vectors = _numbers(text, values, "Lattice", (9,), line).reshape(3, 3)
    elif "cell" in values:
        vectors = _numbers(text, values, "cell", (1, 3), line)
    else:
        return None, periodic
    return Box.of(vectors, periodic, origin), None


def _numbers(
    text: TextFile, values: dict[str, Any], key: str, sizes: tuple[int, ...], line: int
) -> NDArray[np.float64]:
    value = values.pop(key)
    try:
        numbers = np.array(value, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.size not in sizes:
        raise text.error(f"{key} must have {sizes[-1]} values, got {shorten(str(value))}", line)
    return numbers


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
    columns = {"species": configuration.species, "pos": configuration.positions}
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
        if word.split() != [word] or "\0" in word or not _is_encodable(word):
            raise FileError(
                f"{target}: cannot write the text {word!r} in {name!r}: white space separates the words of "
                f"extended xyz, so a label must have none, nor be empty; rename it or write a .gsd"
            )
    return "S", "%s", values


def _is_encodable(word: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in word)


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
        if attribute is not None:
            yield format_pair(key, attribute)
    for key, value in configuration.metadata.items():
        understood = key in _ATTRIBUTES and (
            attributes[key] is not None or isinstance(value, np.generic) or type(value) in _ATTRIBUTES[key]
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
