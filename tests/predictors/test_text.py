"""A league as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
import math
import re

import pytest

from leagues import made_up_league
from vitreous.predictors.catalogue import GROUPS
from vitreous.predictors.text import to_csv, to_markdown


@pytest.fixture(scope="module", name="league")
def _league():
    return made_up_league(groups=[1, 1, 2, 3], without=("energy_inherent",))


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def cells(text):
    """Rows of the tables of the species, by species and label."""
    found, species = {}, ""
    for line in text.split("\n"):
        if line.startswith("## "):
            species = line.split(":")[0].split()[-1]
        parts = [part.strip() for part in line.strip("|").split("|")]
        if line.startswith("| ") and len(parts) == 9:
            found[species, parts[0]] = parts[1:]
    return found


def test_csv_has_all_digits(league):
    rows = read(to_csv(league))
    assert len(rows) == len(league.table())
    for row, known in zip(rows, league.table(), strict=True):
        for name, value in known.items():
            assert (float(row[name]) if isinstance(value, float) else row[name]) == (
                value if isinstance(value, float) else str(value)
            )
    assert [float(rows[3][f"rho_{k + 1}"]) for k in range(4)] == league.rho.reshape(4, -1)[:, 3].tolist()


def test_what_is_not_known_is_empty():
    rows = read(to_csv(made_up_league(groups=[1] * 4, halves=False)))
    assert {row["low"] for row in rows} == {row["corrected"] for row in rows} == {""}
    assert "nan" not in to_csv(made_up_league(halves=False))
    assert "nan" not in to_markdown(made_up_league(halves=False))


def test_markdown_has_the_numbers_of_csv(league):
    rows = read(to_csv(league))
    shown = cells(to_markdown(league))
    columns = [
        ("bare", ""), ("sphere", ""), ("exponential", ""), ("sphere", "corrected"), ("exponential", "corrected"),
        ("sphere", "difference"), ("exponential", "difference"),
    ]  # fmt: skip
    compared = 0
    for row in rows:
        for k, (kernel, name) in enumerate(columns):
            cell = shown[row["species"], row["label"]][k]
            if kernel != row["kernel"] or not cell:
                continue
            names = [name or "rho", *(f"{name}_{end}" if name else end for end in ("low", "high"))]
            assert re.findall(r"-?\d\.\d\d", cell) == [f"{float(row[one]):.2f}" for one in names]
            compared += 1
    assert compared == len(league.predictors) * 2 * 7 - 2  # the reference does not differ from itself


def test_markdown_counts_and_groups(league):
    text = to_markdown(league)
    shown = cells(text)
    p = league.predictors.index("cage")
    assert shown["B", "cage order parameter"][-1] == f"{league.better[p, 1, 1]}/4, {league.better[p, 2, 1]}/4"
    assert shown["A", "P_red"][5] == ""
    titles = [line for line in text.split("\n") if line.startswith("| **")]
    assert len(titles) == 2 * len(GROUPS)
    assert "inherent: for a reason" in text
    assert "Means over 4 snapshots from 3 independent runs" in text
    assert "would reach 0.9" in text or "would reach 0.8" in text


@pytest.mark.parametrize(
    ("league", "saying"),
    [
        (made_up_league(1), "One snapshot; in parentheses 95 % intervals, by translating"),
        (made_up_league(2, groups=[1, 1]), "no intervals, since they are not independent"),
        (made_up_league(liquid="hard-spheres", temperature=None), "# What predicts mobility: hard-spheres\n"),
    ],
)
def test_it_says_what_the_numbers_are(league, saying):
    assert saying in to_markdown(league)


def test_every_sign_has_its_reason(league):
    text = to_markdown(league).split("## Expected signs")[1]
    assert text.count("\n| ") == 1 + len(league.predictors)
    assert math.isclose(text.count("| - |"), 4)
