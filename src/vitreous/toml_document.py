"""TOML files that a person writes: whatever is wrong in one is one line of text with the file and the line."""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, TypeVar

from vitreous.errors import FileError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

__all__ = ["TomlDocument", "key_lines", "read_toml"]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_ARRAY = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")

Path = tuple[str | int, ...]

_OF_KEYS = ("extra_forbidden", "missing")  # complaints whose last place is a key, not a value

_Checked = TypeVar("_Checked", bound="BaseModel")


@dataclass(frozen=True, eq=False)
class TomlDocument:
    """What stands in a TOML file, and where.

    Attributes
    ----------
    path : Path
    tree : mapping
        The whole, as `tomllib` reads it.
    lines : mapping of path to int
        See `key_lines`.
    text : str
    """

    path: FilePath
    tree: Mapping[str, Any]
    lines: Mapping[Path, int]
    text: str

    def where(self, place: Path) -> str:
        """File and line of a place, as errors begin; of its first part or of what it stands in, if it has no line."""
        while place:
            found = [line for path, line in self.lines.items() if path[: len(place)] == place]
            if found:
                return f"{self.path}: line {self.lines.get(place, min(found))}"
            place = place[:-1]
        return str(self.path)

    def wrong_within(self, place: Path, number: int, message: str) -> FileError:
        """An error in a text of several lines, at its line `number` from 0 on."""
        first = self.lines[place]
        opening = self.text.splitlines()[first - 1].rstrip()
        # What follows three quotes at once is not of the text, if it is the end of the line.
        first += opening.endswith(('"""', "'''"))
        return FileError(f"{self.path}: line {first + number}: {message}")

    def wrong(self, place: Path, message: str) -> FileError:
        """An error with file and line, to be raised."""
        return FileError(f"{self.where(place)}: {message}")

    def checked(self, kind: type[_Checked], known: Callable[[Path], Sequence[str]]) -> _Checked:
        """The whole as a pydantic model.

        Parameters
        ----------
        kind : type of pydantic model
        known : callable
            Which keys may stand where, beside the one in question: for the message if one may not.

        Raises
        ------
        FileError
            Of the first thing that is wrong.
        """
        from pydantic import ValidationError

        try:
            return kind.model_validate(self.tree)
        except ValidationError as error:
            raise self.wrong(*_explained(error, self.tree, known)) from None


def read_toml(path: str | os.PathLike[str]) -> TomlDocument:
    """Read a TOML file.

    Raises
    ------
    FileError
        If it cannot be read, or is not TOML: with the line.
    """
    file = FilePath(path)
    try:
        text = file.read_text(encoding="utf-8")
        return TomlDocument(file, tomllib.loads(text), key_lines(text), text)
    except FileNotFoundError:
        raise FileError(f"{file}: there is no such file") from None
    except UnicodeDecodeError:
        raise FileError(f"{file}: is not a text file") from None
    except OSError as error:
        raise FileError(f"{file}: cannot be read: {error.strerror or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"{file}: is not TOML: {error}") from None


def key_lines(text: str) -> dict[Path, int]:
    """Line numbers, from 1 on, of the tables and keys of valid TOML.

    Keys are written one to a line, as people do; what stands inside a value of several lines has the line of the key
    above it.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict of path to int
        A path is the names down to the key, with the number of the table behind the name of an array of tables:
        ``("wahnstrom", 0, "temperature")``.
    """
    lines: dict[Path, int] = {}
    count: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if (found := _ARRAY.match(line)) is not None:
            name = _split(found[1])
            table = (*name, count[name])
            count[name] += 1
            lines.setdefault(name, number)
            lines[table] = number
        elif (found := _TABLE.match(line)) is not None:
            table = _split(found[1])
            lines.setdefault(table, number)
        elif (found := _KEY.match(line)) is not None:
            lines.setdefault((*table, *_split(found[1])), number)
    return lines


def _split(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _explained(
    error: ValidationError, tree: Mapping[str, Any], known: Callable[[Path], Sequence[str]]
) -> tuple[Path, str]:
    """Where the first thing that is wrong stands, and what it is."""
    errors = error.errors(include_url=False)
    paths = [_path(one, tree) for one in errors]
    where, kind = paths[0], errors[0]["type"]
    name = next((part for part in reversed(where) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return where, f"{name}: there is no such setting; known are {', '.join(known(where))}"
    if kind == "missing":
        return where, f"{name}: is missing"
    if kind == "value_error":  # of a check of our own, whose message says it all
        return where, str(errors[0]["ctx"]["error"])
    told = [one["msg"] for one, path in zip(errors, paths, strict=True) if path == where]
    expected = " or ".join(dict.fromkeys(text.removeprefix("Input should be ") for text in told))
    return where, f"{name}: expected {expected}, got {errors[0]['input']!r}"


def _path(one: Any, tree: Mapping[str, Any]) -> Path:
    """Where in the file a complaint belongs: its place without the names of alternatives, which pydantic adds."""
    where: list[str | int] = []
    node: Any = tree
    for part in one["loc"]:
        if isinstance(node, Mapping) and (part in node or one["type"] in _OF_KEYS):
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            continue
        where.append(part)
    return tuple(where)
