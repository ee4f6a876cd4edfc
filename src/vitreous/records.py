"""Dataclasses as JSON and back, by the types of their fields: the one codec for all that is told or kept as JSON.

A frozen dataclass is an object with its fields in their order. Tuples, lists and arrays of any shape are lists,
mappings are objects whose keys are texts. What is not finite has no place in JSON: NaN and infinities are written as
null, and null is read as NaN where the type is a plain float or an array of floats, as None where None is allowed.
Properties that a class names in ``told`` are written too, for whoever reads the JSON, and passed over when it is read,
as is every name that the class does not know; a field that has a default may be missing. A field made by `added` came
later than the class and is left out where it has its default, so that what was told before is told alike. Classes that
stand for one another have a text ``kind`` each, which is written first and by which they are told apart.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from functools import cache
from pathlib import PurePath
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np

from vitreous.errors import InputError

__all__ = ["Json", "RecordError", "added", "from_json", "from_text", "to_json", "to_object", "to_text"]

if TYPE_CHECKING:
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    Json = Any  # a field of this type is read as it is

_FORMAT = "format"
"""Name of the version, which leads every text that is kept."""

_ADDED = "added"
"""In the metadata of a field that `added` made."""

_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}

_T = TypeVar("_T")


def added(default: _T) -> _T:
    """A field of a dataclass that came later than the class: told only where it is not `default`."""
    return field(default=default, metadata={_ADDED: True})


class RecordError(InputError):
    """JSON that is not what was expected; the message says where in it."""


def to_json(value: object) -> Json:
    """A value as JSON, see `vitreous.records`.

    Raises
    ------
    TypeError
        If there is something in it for which JSON has no form.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.ndarray | np.generic):
        return to_json(value.tolist())
    if isinstance(value, Mapping):
        return {str(name): to_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    if is_dataclass(value):
        told = [one.name for one in fields(value) if not _is_left_out(one, value)]
        names = (*(["kind"] if _tag(type(value)) else []), *told, *getattr(value, "told", ()))
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def to_object(value: object) -> dict[str, Json]:
    """`to_json` of a dataclass or a mapping."""
    return cast("dict[str, Json]", to_json(value))


def from_json(kind: type[_T], tree: Json) -> _T:
    """The value of a type, a dataclass above all, of which `to_json` made this.

    Raises
    ------
    RecordError
        If it is something else.
    """
    return cast(_T, _read(kind, tree, ""))


def to_text(record: object) -> str:
    """A dataclass as the text of a file, with the version of its format: its attribute ``format``, or 1."""
    version = getattr(record, _FORMAT, 1)
    return (
        json.dumps({_FORMAT: version, **to_object(record)}, ensure_ascii=False, indent=1, allow_nan=False)
        + "\n"
    )


def from_text(kind: type[_T], text: str) -> _T:
    """The dataclass of which `to_text` made this. A text without a version is of the time before there were any.

    Raises
    ------
    RecordError
        If it is something else, or of a later version.
    """
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise RecordError(f"is no JSON: {error}") from None
    latest = getattr(kind, _FORMAT, 1)
    version = tree.get(_FORMAT, 1) if isinstance(tree, dict) else 1
    if not (isinstance(version, int) and version <= latest):
        raise RecordError(f"has format {version}, this vitreous knows {latest}; take a later one")
    return from_json(kind, tree)


def _is_left_out(one: Field[Any], value: object) -> bool:
    return bool(one.metadata.get(_ADDED)) and getattr(value, one.name) == one.default


def _tag(kind: Any) -> str | None:
    """By what a class is told from those that may stand in its place."""
    tag = kind.__dict__.get("kind")
    return tag if isinstance(tag, str) and all(one.name != "kind" for one in fields(kind)) else None


def _read(kind: Any, tree: Json, where: str) -> Any:
    """One value; `where` it stands is for messages."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union(arguments, tree, where)
    if origin is Literal:
        if tree not in arguments:
            raise _wrong(where, " or ".join(map(repr, arguments)), tree)
        return tree
    if origin is np.ndarray:
        return _read_array(np.dtype(get_args(arguments[1])[0]), tree, where)
    if origin is tuple:
        parts = _list(tree, where)
        if arguments[-1] is Ellipsis:
            arguments = (arguments[0],) * len(parts)
        if len(parts) != len(arguments):
            raise _wrong(where, f"{len(arguments)} values", tree)
        pairs = enumerate(zip(arguments, parts, strict=True))
        return tuple(_read(part_kind, part, f"{where}[{k}]") for k, (part_kind, part) in pairs)
    if origin is list:
        return [_read(arguments[0], part, f"{where}[{k}]") for k, part in enumerate(_list(tree, where))]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, part_kind = arguments
        return {
            key(name): _read(part_kind, part, f"{where}.{name}")
            for name, part in _object(tree, where).items()
        }
    if kind is float and tree is None:
        return math.nan
    if kind in _NAMES:
        fits = isinstance(tree, int | float if kind is float else kind)
        if not fits or (isinstance(tree, bool) and kind is not bool):
            raise _wrong(where, _NAMES[kind], tree)
        return kind(tree)
    if is_dataclass(kind):
        return _read_dataclass(cast("type[Any]", kind), _object(tree, where), where)
    return tree  # Json itself


def _read_dataclass(kind: type[Any], tree: dict[str, Json], where: str) -> Any:
    if (tag := _tag(kind)) is not None and tree.get("kind") != tag:
        raise _wrong(f"{where}.kind", repr(tag), tree.get("kind"))
    hints, values = _hints(cast(Any, kind)), {}
    for one in fields(kind):
        if not one.init:
            continue
        if one.name in tree:
            values[one.name] = _read(hints[one.name], tree[one.name], f"{where}.{one.name}")
        elif one.default is MISSING and one.default_factory is MISSING:
            raise RecordError(f"{where}.{one.name}: is missing".removeprefix("."))
    return kind(**values)


def _read_union(kinds: tuple[Any, ...], tree: Json, where: str) -> Any:
    if tree is None and type(None) in kinds:
        return None
    error = None
    told = tree.get("kind") if isinstance(tree, dict) else None
    named = [kind for kind in kinds if is_dataclass(kind) and told is not None and _tag(kind) == told]
    for kind in named or kinds:
        if kind is not type(None):
            try:
                return _read(kind, tree, where)
            except RecordError as one:
                error = error or one
    assert error is not None
    raise error


def _read_array(dtype: np.dtype[Any], tree: Json, where: str) -> Any:
    try:
        array = np.array(_list(tree, where), dtype=None if dtype.kind in "biu" else dtype)
    except (ValueError, TypeError):
        raise _wrong(where, "numbers", tree) from None
    if dtype.kind in "biu":  # no silent rounding
        if array.size and array.dtype.kind not in ("b" if dtype.kind == "b" else "iu"):
            raise _wrong(where, "whole numbers", tree)
        array = array.astype(dtype)
    return array


def _list(tree: Json, where: str) -> list[Json]:
    if not isinstance(tree, list):
        raise _wrong(where, "a list", tree)
    return tree


def _object(tree: Json, where: str) -> dict[str, Json]:
    if not isinstance(tree, dict):
        raise _wrong(where, "an object", tree)
    return tree


def _wrong(where: str, expected: str, tree: Json) -> RecordError:
    text = json.dumps(tree, ensure_ascii=False)
    text = text if len(text) <= 40 else f"{text[:37]}..."
    return RecordError(f"{where or '.'}: expected {expected}, got {text}".removeprefix("."))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
