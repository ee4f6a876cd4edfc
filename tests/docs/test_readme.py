"""The numbers of the README are those of the league."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = [
    ROOT / "docs" / "results" / "cage" / f"{name}_league.csv"
    for name in ("hard-spheres", "kob-andersen", "wahnstrom")
]
TEXT = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
RANGE = r"(\d\.\d\d) to (\d\.\d\d)"


@pytest.fixture(scope="module", name="rows")
def _rows():
    """Rows of the tables by liquid, predictor, kernel and species."""
    if not all(table.exists() for table in TABLES):
        pytest.skip("results are not in an sdist")
    found = {}
    for table in TABLES:
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = (table.stem.removesuffix("_league"), row["predictor"], row["kernel"], row["species"])
                found[key] = row
    return found


def told(pattern):
    """The two numbers of a sentence."""
    return tuple(map(float, re.search(pattern.replace("RANGE", RANGE), TEXT).groups()))


def ends(rows, column):
    """Least and largest of a column, as text has them."""
    values = [float(row[column]) for row in rows]
    return round(min(values), 2), round(max(values), 2)


def test_what_it_has_found(rows):
    def of(predictor, kernel, *liquids):
        return [
            row
            for (liquid, *other, _), row in rows.items()
            if other == [predictor, kernel] and liquid in (liquids or [liquid])
        ]

    assert told("the relaxation time is RANGE") == ends(
        of("p_red", "sphere", "hard-spheres", "wahnstrom"), "rho"
    )
    assert told("it is only RANGE") == ends(of("p_red", "sphere", "kob-andersen"), "rho")
    cages = of("cage", "exponential")
    assert told("raise ρ to RANGE") == ends(cages, "rho")
    assert told("would reach RANGE") == ends(cages, "ceiling")
    assert [(row["better"], row["snapshots"]) for row in cages] == [("6", "6")] * 6  # than the averaged P_red


def test_nothing_does_better(rows):
    best = {}
    for (liquid, predictor, kernel, species), row in rows.items():
        best[liquid, species] = max(
            best.get((liquid, species), (-1, "")), (float(row["rho"]), f"{predictor} {kernel}")
        )
    assert {name for _, name in best.values()} == {"cage exponential"}
