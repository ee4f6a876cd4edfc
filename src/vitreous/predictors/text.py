"""A league as text: CSV with all digits for programs, Markdown with two for readers."""

from __future__ import annotations

import math
from typing import Any

from vitreous.formatting import csv_text
from vitreous.glassformers.catalogue import temperature_text
from vitreous.predictors.catalogue import GROUPS, REFERENCE, predictor
from vitreous.predictors.result import League

__all__ = ["to_csv", "to_markdown"]

_COLUMNS = (
    "bare", "sphere", "exponential", "sphere, corrected", "exponential, corrected",
    "sphere - P̄_red", "exponential - P̄_red", "better on",
)  # fmt: skip


def to_csv(league: League) -> str:
    """The rows of `League.table`, then ``rho_1``, ``rho_2``, ... of the single snapshots; empty where not known."""
    rows = league.table()
    each = [f"rho_{k + 1}" for k in range(len(league))]
    single = league.rho.reshape(len(league), -1).T.tolist()
    return csv_text([*rows[0], *each], ([*row.values(), *rho] for row, rho in zip(rows, single, strict=True)))


def to_markdown(league: League) -> str:
    """A table for each species, predictors by group, and one of the signs that were expected."""
    lines = [f"# What predicts mobility: {_state(league)}", "", _what(league), ""]
    by_place = {(row["species"], row["predictor"], row["kernel"]): row for row in league.table()}
    for s, species in enumerate(league.species):
        count = ", ".join(dict.fromkeys(f"{n:,}" for n in league.particles[:, s].tolist()))
        ceiling = league.ceiling[s]
        reach = "" if math.isnan(ceiling) else f"; a perfect predictor would reach {ceiling:.2f}"
        lines += [f"## Species {species}: {count} particles{reach}", ""]
        lines += [f"| quantity | {' | '.join(_COLUMNS)} |", f"|---|{'---|' * len(_COLUMNS)}"]
        group = None
        for name in league.predictors:
            known = predictor(name)
            if known.group != group:
                group = known.group
                lines.append(f"| **{GROUPS[group]}** |{' |' * len(_COLUMNS)}")
            rows = {kernel: by_place[species, name, kernel] for kernel in league.kernels}
            lines.append(f"| {known.label} | {' | '.join(_cells(name, rows))} |")
        lines.append("")
    lines += [
        "## Expected signs, fixed beforehand",
        "",
        "| quantity | sign | because | needs |",
        "|---|---|---|---|",
    ]
    for name, sign in zip(league.predictors, league.signs, strict=True):
        known = predictor(name)
        lines.append(f"| {known.label} | {'+' if sign > 0 else '-'} | {known.reason} | {known.needs} |")
    if league.absent:
        lines += ["", "Not there:", ""]
        lines += [f"- {predictor(name).label}: {reason}" for name, reason in league.absent.items()]
    return "\n".join(lines) + "\n"


def _state(league: League) -> str:
    if league.temperature is None:
        return league.liquid
    return f"{league.liquid}, T = {temperature_text(league.liquid, league.temperature)}"


def _what(league: League) -> str:
    number = len(league)
    if number == 1:
        origin = "One snapshot; in parentheses 95 % intervals, by translating one field against the other."
    else:
        spread = (
            "in parentheses 95 % intervals by Student over these"
            if league.independent > 1
            else "no intervals, since they are not independent"
        )
        runs = "independent run" if league.independent == 1 else "independent runs"
        origin = f"Means over {number} snapshots from {league.independent} {runs}; {spread}."
    return (
        f"Spearman's ρ of each quantity, times the sign expected of it, with the propensity. Bare; averaged over a "
        f"sphere of radius {league.radius:g}; averaged with weights exp(-r/{league.length:g}) after standardising "
        f"within species. Corrected: divided by the noise ceiling, as with infinitely many runs. P̄_red is "
        f"{predictor(REFERENCE[0]).label} averaged over the sphere; differences from it are paired. {origin}"
    )


def _cells(name: str, rows: dict[str, dict[str, Any]]) -> list[str]:
    both = ("sphere", "exponential")
    better = [
        "" if (name, kernel) == REFERENCE else f"{rows[kernel]['better']}/{rows[kernel]['snapshots']}"
        for kernel in both
    ]
    return [
        _cell(rows["bare"], ""),
        *(_cell(rows[kernel], "") for kernel in both),
        *(_cell(rows[kernel], "corrected") for kernel in both),
        *("" if (name, kernel) == REFERENCE else _cell(rows[kernel], "difference") for kernel in both),
        ", ".join(filter(None, better)),
    ]


def _cell(row: dict[str, Any], name: str) -> str:
    value = row[name or "rho"]
    low, high = (row[f"{name}_{side}" if name else side] for side in ("low", "high"))
    if math.isnan(value):
        return ""
    return f"{value:.2f}" if math.isnan(low) else f"{value:.2f} ({low:.2f} to {high:.2f})"
