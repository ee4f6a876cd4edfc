"""Metadata values as JSON text and back, arrays included."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

__all__ = ["from_json", "to_json"]

_ARRAY = "__array__"


def to_json(value: Any) -> str:
    """JSON text of numbers, text, None, lists, mappings and arrays of numbers, flags or text.

    Raises
    ------
    ValueError
        For any other value.
    """
    try:
        return json.dumps(value, default=_plain, sort_keys=False)
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def from_json(text: str) -> Any:
    """The value of JSON text that `to_json` made.

    Raises
    ------
    ValueError
        If it is not such text.
    """
    try:
        return json.loads(text, object_hook=_restore)
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufU":
        return {_ARRAY: value.tolist(), "dtype": value.dtype.str, "shape": value.shape}
    if isinstance(value, np.generic) and value.dtype.kind in "biufU":
        return value.item()
    raise TypeError(f"values of type {type(value).__name__} cannot be written")


def _restore(value: dict[str, Any]) -> Any:
    if set(value) != {_ARRAY, "dtype", "shape"}:
        return value
    dtype = np.dtype(str(value["dtype"]))
    if dtype.kind not in "biufU":
        raise ValueError(f"array of type {dtype}")
    return np.array(value[_ARRAY], dtype=dtype).reshape(value["shape"])
