"""Numbers as text: with their errors, with powers of ten, with a true minus sign; and as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

__all__ = ["csv_text", "number_text", "scientific_with_error", "with_error"]


def with_error(value: float, error: float, sign: str = "") -> str:
    """Value ± error, both to the second digit of the error; four digits of the value where no error is known.

    Parameters
    ----------
    value, error : float
    sign : str
        "+" shows the sign of positive values too.
    """
    if not (math.isfinite(error) and error > 0):
        return f"{value:{sign},.4g}"
    digits = 1 - math.floor(math.log10(error))
    rounded = [round(number, digits) + 0.0 for number in (value, error)]  # + 0.0: there is no minus zero
    if digits > 6:
        return f"{rounded[0]:{sign}.3g} ± {rounded[1]:.2g}"
    decimals = max(0, digits)
    return f"{rounded[0]:{sign},.{decimals}f} ± {rounded[1]:,.{decimals}f}"


def scientific_with_error(value: float, error: float, plain: range, power: str) -> str:
    """Value ± error in parentheses before a power of ten, where the exponent of the value is not in `plain`.

    Parameters
    ----------
    value, error : float
        The value is not 0.
    plain : range of int
        Exponents of values that are written without a power.
    power : str
        What stands behind the parentheses, with ``{}`` for the exponent.
    """
    exponent = math.floor(math.log10(abs(value)))
    if exponent in plain:
        return with_error(value, error)
    return f"({with_error(value / 10**exponent, error / 10**exponent)}){power.format(exponent)}"


def number_text(value: float, digits: int = 3) -> str:
    """A number with so many digits: 2,000 and not 2e+03, with a true minus sign."""
    rounded = float(f"{value:.{digits}g}")
    text = f"{rounded:,g}" if abs(rounded) < 1e6 else f"{rounded:.{digits}g}"
    return text.replace("-", "−")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, for programs: numbers with all their digits, nothing in place of NaN."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if isinstance(value, float) and math.isnan(value) else value for value in row])
    return text.getvalue()
