"""The comment line of xyz files: ``key=value`` of extended xyz and ``key:value`` of plain xyz."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from vitreous.io.metadata import from_json, to_json

__all__ = ["format_pair", "parse_colons", "parse_pairs"]

_QUOTED = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_BRACKETED = r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{[^{}]*\}"
_PAIR = re.compile(rf"({_QUOTED}|[^\s=\"']+)(?:\s*=\s*({_QUOTED}|{_BRACKETED}|\S+))?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,300}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|nan|inf)")
_FLAGS = {"T": True, "F": False, "true": True, "false": False, "True": True, "False": False}
_ESCAPED = re.compile(r"\\(.)")
_BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_JSON = "_JSON "


def parse_pairs(comment: str) -> dict[str, Any]:
    """Values by key of an extended xyz comment; a bare word is a flag that is true.

    Quotes may be double or single, lists in quotes, brackets or braces. Values are flags (T, F), integers,
    floats, arrays of these, or text.
    """
    return {_unquote(key): True if not value else _value(value) for key, value in _PAIR.findall(comment)}


def parse_colons(comment: str) -> dict[str, Any]:
    """Values by key of a comment of ``key:value`` words, lists separated by commas; {} if it has none."""
    words = [word.partition(":") for word in comment.split()]
    return {key: _list(value.split(",")) for key, colon, value in words if colon and key and value}


def format_pair(key: str, value: Any) -> str:
    """``key=value`` that `parse_pairs` reads back as it was; a `ValueError` for what it would not."""
    pair = f"{key if _BARE_KEY.fullmatch(key) else _quote(key)}={_format(value)}"
    if list(parse_pairs(pair)) != [key]:
        raise ValueError("the key has characters that cannot be written")
    return pair


def _format(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int | float):
        plain = repr(value)
    elif isinstance(value, str):
        plain = _quote(value) if re.search(r"[\s=,\[\]{}\"'\\]", value) or not value else value
    elif isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype in (np.int64, np.float64):
        plain = f"[{', '.join(map(repr, value.tolist()))}]"
    else:
        plain = ""
    # Text that looks like a number, say, goes as JSON, so that it comes back as text.
    return plain if plain.isprintable() and _same(plain, value) else _quote(_JSON + to_json(value))


def _same(plain: str, value: Any) -> bool:
    pairs = parse_pairs(f"k={plain} l") if plain else {}
    back: Any = pairs.get("k")
    if list(pairs) != ["k", "l"] or type(back) is not type(value):
        return False
    if isinstance(value, np.ndarray):
        return bool(
            back.dtype == value.dtype and np.array_equal(back, value, equal_nan=value.dtype.kind == "f")
        )
    return bool(back == value or (back != back and value != value))


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _unquote(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
        return _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], word[1:-1])
    return word


def _value(word: str) -> Any:
    inner = _unquote(word)
    if inner is not word:
        if inner.startswith(_JSON):
            try:
                return from_json(inner.removeprefix(_JSON))
            except ValueError:
                return inner
        words = inner.split()
        values = _list(words) if words else inner
        return values if not isinstance(values, str) else inner
    if word[0] in "[{" and word[-1] in "]}":
        values = _list(re.split(r"[\s,]+", word[1:-1].strip()), always_array=True)
        return word if isinstance(values, str) else values
    return _scalar(word.rstrip(",;") or word)


def _list(words: list[str], always_array: bool = False) -> Any:
    """One typed value, an array if there are several of one type, else the words as text."""
    if len(words) == 1 and not always_array:
        return _scalar(words[0])
    values = [_scalar(word) for word in words]
    kinds = {type(value) for value in values}
    if kinds <= {int, float}:
        integers = kinds == {int} and all(abs(value) < 2**63 for value in values)
        return np.array(values, dtype=np.int64 if integers else np.float64)
    return np.array(values) if kinds == {bool} else " ".join(words)


def _scalar(word: str) -> Any:
    if word in _FLAGS:
        return _FLAGS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    return word
