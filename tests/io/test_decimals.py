from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitreous.io.decimals import cut, decimals

PLAIN = st.from_regex(
    r"[+-]?[0-9]{1,8}(\.[0-9]{0,7})?|[+-]?\.[0-9]{1,9}|[+-]?[0-9]{1,16}|0\.0000[0-9]{1,12}", fullmatch=True
)
STRANGE = st.sampled_from(
    ["1e5", "nan", "inf", "1_0", ".", "-", "+.", "-.", "1.2.3", "1-2", "--1", "A", "1,5", "0x1", "é", "1.5f", "..", "+",
     "1234567890.12345678", "12345678901234567", "9007199254740993", "0.1234567890123456"]
)  # fmt: skip
SPACE = st.sampled_from([" ", "  ", "\t", " \x0c", "\x0b"])


def reference(words):
    try:
        return [float(word) for word in words] if not any("_" in word for word in words) else None
    except ValueError:
        return None


@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
@given(st.integers(1, 3), st.data())
def test_every_number_is_what_python_makes_of_it(width, data):
    word = st.one_of([PLAIN] * 12 + [STRANGE]) if data.draw(st.booleans()) else PLAIN
    rows = data.draw(st.lists(st.lists(word, min_size=width, max_size=width), min_size=1, max_size=12))
    gaps = [data.draw(SPACE) for _ in range(3)]
    lines = [(gaps[0] + gaps[1].join(row) + gaps[2] + "\n").encode() for row in rows]
    if data.draw(st.booleans()):
        lines = [line.replace(b"\n", b"\r\n") for line in lines]
    words = cut(lines, width)
    assert words is not None
    for column in range(width):
        wanted = reference([row[column] for row in rows])
        found = decimals(words, column, width)
        if found is None:
            continue
        assert wanted is not None
        values, whole = found
        assert values.tobytes() == np.array(wanted).tobytes()
        assert whole == all("." not in row[column] for row in rows)


@pytest.mark.parametrize(
    "words",
    [["1.5", "2.25", "-3.0"], ["1", "-20", "+3"], ["0", "-0", "-0.0"], ["123456.7890123", ".5", "5.", "7"],
     ["123456789012345", "1"], ["0.30000000000000", "1.10000000000001"]],
)  # fmt: skip
def test_plain_numbers_take_the_short_way(words):
    found = decimals(cut([f"{word}\n".encode() for word in words], 1), 0, 1)
    assert found is not None
    assert found[0].tobytes() == np.array([float(word) for word in words]).tobytes()


@pytest.mark.parametrize(
    ("rows", "width"),
    [
        (["1 2", "1"], 2),
        (["1 2 3", "1"], 2),
        (["1", "1 2 3"], 2),
        (["1 2", ""], 2),
        (["", "1 2"], 2),
        (["1\0 2"], 2),
    ],
)
def test_rows_of_another_width_are_not_cut(rows, width):
    assert cut([f"{row}\n".encode() for row in rows], width) is None
    assert cut([b"1 2\n", b"3 4"], 2) is not None
