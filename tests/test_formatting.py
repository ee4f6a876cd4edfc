from __future__ import annotations

import numpy as np
import pytest

from vitreous.formatting import number_text, scientific_with_error, with_error


@pytest.mark.parametrize(
    ("value", "error", "sign", "text"),
    [
        (1234.5678, 56.78, "", "1,235 ± 57"),
        (123456.0, 7890.0, "", "123,500 ± 7,900"),
        (0.123456, 0.00234, "", "0.1235 ± 0.0023"),
        (-0.02, 0.3, "+", "-0.02 ± 0.30"),
        (0.001, 0.3, "+", "+0.00 ± 0.30"),
        (1.5e-9, 2e-10, "", "1.5e-09 ± 2e-10"),
        (12.3456, np.nan, "", "12.35"),
        (12.3456, 0.0, "+", "+12.35"),
    ],
)
def test_numbers_with_errors(value, error, sign, text):
    assert with_error(value, error, sign) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.0123, 0.0004, "0.01230 ± 0.00040"),
        (0.00123, 0.00004, "(1.230 ± 0.040)e-3"),
        (-4.2e7, 3e5, "(-4.200 ± 0.030)e7"),
    ],
)
def test_powers_of_ten(value, error, text):
    assert scientific_with_error(value, error, range(-2, 6), "e{}") == text


def test_plain_numbers():
    assert [number_text(x) for x in (1999.6, -0.01234, 3.2e7)] == ["2,000", "−0.0123", "3.2e+07"]
