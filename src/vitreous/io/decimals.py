"""Plain decimal numbers of many rows at once, to the last bit what Python makes of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

__all__ = ["Words", "cut", "decimals"]

_SPACE, _DIGIT, _DOT, _SIGN, _OTHER = range(5)
_CLASSES = np.full(256, _OTHER, np.uint8)
_CLASSES[list(b" \t\n\r\x0b\x0c")] = _SPACE
_CLASSES[list(b"0123456789")] = _DIGIT
_CLASSES[ord(".")] = _DOT
_CLASSES[list(b"+-")] = _SIGN
_MOST_DIGITS = 15  # whole numbers of so many digits are exact, and so are powers of ten up to 22
_POWERS = 10.0 ** np.arange(_MOST_DIGITS + 1)
_ZERO, _DOT_DIGIT = np.uint8(ord("0")), (ord(".") - ord("0")) % 256
_PADDING = b" " * (_MOST_DIGITS + 1)  # so that there is something before the first word


class Words(NamedTuple):
    """The words of some rows.

    Attributes
    ----------
    data : bytes
    starts, ends : (rows * width,) arrays
        Where each word is, row by row.
    classes : (bytes,) uint8 array
        What kind of character each byte is.
    """

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    classes: NDArray[np.uint8]


def cut(lines: list[bytes], width: int) -> Words | None:
    """The words of rows that all have `width` of them; None if one has more or fewer, or holds a NUL byte."""
    data = _PADDING + b"".join(lines) + b"\n"
    if b"\0" in data:
        return None
    classes = _CLASSES[np.frombuffer(data, np.uint8)]
    filled = classes != _SPACE
    edges = np.flatnonzero(filled[1:] != filled[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if len(starts) != len(lines) * width:
        return None
    bounds = np.cumsum([len(line) for line in lines]) + len(_PADDING)
    first, last = starts[::width], ends[width - 1 :: width]
    if (first[1:] < bounds[:-1]).any() or (last > bounds).any():
        return None
    return Words(data, starts, ends, classes)


def decimals(words: Words, column: int, width: int) -> tuple[NDArray[np.float64], bool] | None:
    """The numbers of a column, and whether all are whole; None if one is no plain decimal of up to 15 digits.

    A whole number below 2^53 over a power of ten that is exact, divided once, is the double nearest to the decimal.
    """
    starts, ends = words.starts[column::width], words.ends[column::width]
    signed = words.classes[starts] == _SIGN
    lengths = ends - starts - signed
    longest = int(lengths.max())
    if longest > _MOST_DIGITS + 1 or lengths.min() < 1:
        return None
    # All words as rows of one array, their ends below each other, with zeros before them.
    characters = np.frombuffer(words.data, np.uint8)
    digits = sliding_window_view(characters, longest)[ends - longest] - _ZERO
    if lengths.min() < longest:
        np.putmask(digits, np.arange(longest) < (longest - lengths)[:, None], 0)
    dots = int(np.count_nonzero(digits > 9))
    if dots == 0:
        if longest > _MOST_DIGITS:
            return None
        behind = None
        values = digits @ _POWERS[longest - 1 :: -1][:longest]
    else:
        behind = _behind(digits, dots)
        if behind is None or (lengths - (behind >= 0) < 1).any():
            return None
        if (lengths - (behind >= 0)).max() > _MOST_DIGITS:
            return None
        values = _divided(digits, behind, longest)
    if signed.any():
        values = np.where(characters[starts] == ord("-"), -values, values)
    return values, behind is None


def _behind(digits: NDArray[np.uint8], dots: int) -> NDArray[np.int64] | None:
    """How many digits are behind the dot of each word, -1 if it has none; None if there is anything but one dot."""
    longest = digits.shape[1]
    first = np.flatnonzero(digits[0] > 9)
    if len(first) == 1 and dots == len(digits) and (digits[:, first[0]] == _DOT_DIGIT).all():
        return np.full(len(digits), longest - 1 - first[0])
    rows, at = np.nonzero(digits > 9)
    if (digits[rows, at] != _DOT_DIGIT).any() or (np.diff(rows) == 0).any():
        return None
    behind = np.full(len(digits), -1)
    behind[rows] = longest - 1 - at
    return behind


def _divided(digits: NDArray[np.uint8], behind: NDArray[np.int64], longest: int) -> NDArray[np.float64]:
    """The digits as a whole number over a power of ten; those with as many behind the dot at once."""
    values = np.empty(len(digits))
    for k in (np.flatnonzero(np.bincount(behind + 1)) - 1).tolist():
        weights = np.zeros(longest)
        places = np.arange(longest - 1, -1, -1)
        if k < 0:
            weights[:] = _POWERS[places]
        else:
            weights[: longest - 1 - k] = _POWERS[places[: longest - 1 - k] - 1]
            weights[longest - k :] = _POWERS[places[longest - k :]]
        divisor = _POWERS[k] if k > 0 else 1.0
        if (behind == k).all():
            return np.asarray(digits @ weights / divisor)
        chosen = np.flatnonzero(behind == k)
        values[chosen] = digits[chosen] @ weights / divisor
    return values
