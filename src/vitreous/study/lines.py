"""In which line of a TOML file a key is, which the standard library's reader does not tell."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["key_lines"]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_ARRAY = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")

Path = tuple[str | int, ...]


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
