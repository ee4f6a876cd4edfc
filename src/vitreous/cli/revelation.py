"""What a person sees of an order parameter that was revealed, by the paper or by cage: titles and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

import vitreous as vt
from vitreous.cli.console import NO_INTERVAL, add_ending, facts_table, show
from vitreous.column_names import CAGE, CAGE_AVERAGED, DEBYE_WALLER_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.glassformers.catalogue import temperature_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PANELS", "cage_panels", "cage_rows", "cage_summary", "paper_panels", "paper_summary"]

_PAPER_NAMES = {P_RED: "P_red", P_RED_AVERAGED: "P̄_red"}
_NAMES = {CAGE: "cage", CAGE_AVERAGED: "cage averaged", DEBYE_WALLER_AVERAGED: "ln v averaged"}
_LEARNED_HERE = (
    "intervals of what was learned here span what is learned from the cages of other places, since any structure goes "
    "with mobility somehow; to narrow them, take several snapshots (correlate --league)"
)
PANELS = {
    CAGE_AVERAGED: "cage, averaged",
    DEBYE_WALLER_AVERAGED: r"$\ln\,v$, averaged",
}
"""Titles of the pictures."""


def paper_panels(found: vt.Revelation) -> dict[str, NDArray[np.float64]]:
    """The pictures of the paper's order parameter, by their titles."""
    return {r"$P_\mathrm{red}$": found.p_red, r"$\bar{P}_\mathrm{red}$": found.p_red_averaged}


def cage_panels(found: vt.CageRevelation) -> dict[str, NDArray[np.float64]]:
    """The pictures of the cage order parameter, by their titles."""
    return {PANELS[name]: values for name, values in found.averages.items()}


def paper_summary(
    revelation: vt.Revelation, files: list[str], seconds: float, beside: Sequence[tuple[str, str]] = ()
) -> None:
    """Print the table at the end of `reveal`, with further rows `beside` it."""
    facts, model = revelation.as_dict(), revelation.model
    table = _snapshot_table(facts)
    lonely = facts["without_neighbors"]
    note = f"; {lonely:,} particles without neighbours have no value" if lonely else ""
    table.add_row("neighbours", f"{model.rule}, {facts['mean_neighbors']:.2f} on average{note}")
    trained = "this snapshot" if revelation.trained_here else str(model.source_)
    table.add_row("trained on", f"{trained}, {model.reducer}, seed {model.random_state_}")
    for name, report in model.reports_.items():
        if len(model.reports_) > 1:
            table.add_row("", "")
            table.add_row("model for", f"species {name}")
        table.add_row(
            "variance explained",
            "   ".join(
                f"c={c}: {value:.2f}" + (" (used)" if c == report.bottleneck else "")
                for c, value in report.fve.items()
            ),
        )
        table.add_row(
            "two components",
            f"red holds {100 * report.red_weight:.0f} %, separation {report.separation:.2f} s.d., "
            f"BIC of two minus one {report.bic_two - report.bic_one:+.0f}",
        )
        ways = (
            ("between seeds", report.seed_agreement),
            ("with principal components", report.pca_agreement),
            ("with the likeliest mixture", report.mixture_agreement),
        )
        table.add_row(
            "agreement", ", ".join(f"{way} {value:.2f}" for way, value in ways if value is not None)
        )
        for remark in report.remarks:
            style = "green" if remark.startswith("The answer is stable") else "yellow"
            table.add_row("", f"[{style}]{remark}[/]")
    table.add_row("mean P_red", f"{facts['mean_p_red']:.4f}")
    table.add_row("P̄_red averaged over", f"{facts['radius']:.4g} ({facts['radius_origin']})")
    for row in (
        *_correlation_rows(revelation.correlations, revelation.noise_ceilings, _PAPER_NAMES),
        *beside,
    ):
        table.add_row(*row)
    add_ending(table, seconds, files)
    show(table)


def cage_summary(found: vt.CageRevelation, files: list[str], seconds: float) -> None:
    """Print the table at the end of `reveal --by cage`."""
    table = _snapshot_table(found.as_dict())
    for row in cage_rows(found):
        table.add_row(*row)
    add_ending(table, seconds, files)
    show(table)


def _at(liquid: str, temperature: float | None) -> str:
    return "" if temperature is None else f" at temperature {temperature_text(liquid, temperature)}"


def cage_rows(found: vt.CageRevelation) -> list[tuple[str, str]]:
    """Rows of the summary about cages, what was learned, and the propensity in the file."""
    model, cages = found.model, found.cages
    rows = []
    if cages is not None:
        heat = _at(cages.liquid, cages.temperature)
        rows.append(
            (
                "cages",
                f"{cages.runs} short runs of {cages.liquid}{heat} to t = {cages.duration:g}, seed {cages.seed}; both "
                f"halves agree to {cages.agreement:.2f}",
            )
        )
        slope = cages.plateau.least_slope
        if math.isfinite(slope):
            rows.append(("", f"the mean squared displacement rises as t^{slope:.2f} where it rises least"))
    if found.trained_here:
        rows.append(("trained on", "the cages of this snapshot"))
    else:
        state = _at(model.liquid_, model.temperature_)
        rows.append(("trained on", f"{model.source_ or 'snapshots'}, {model.liquid_}{state}"))
    for remark in found.remarks:
        style = (
            "yellow" if "NOT" in remark or "NOTHING" in remark or remark.startswith("Another") else "green"
        )
        plain = remark.startswith(("Structure explains", "Assumed", "Positions only"))
        rows.append(("", remark if plain else f"[{style}]{remark}[/]"))
    rows.append(("averaged with", f"exp(-r/{found.length:.3g})"))
    remark = _LEARNED_HERE if found.trained_here else ""
    return [*rows, *_correlation_rows(found.correlations, found.noise_ceilings, _NAMES, remark)]


def _correlation_rows(
    correlations: Mapping[tuple[str, str], vt.Correlation],
    noise_ceilings: Mapping[str, float],
    names: Mapping[str, str],
    remark: str = "",
) -> list[tuple[str, str]]:
    """Rows of a summary about the propensity in the file, by quantity and species, with a remark on the intervals."""
    from vitreous.diameter_classes import phrase

    width = max(len(name) for name in names.values())
    rows = []
    for (quantity, kind), value in correlations.items():
        interval = "" if math.isnan(value.low) else f" ({value.low:+.3f} to {value.high:+.3f})"
        rows.append(
            f"Spearman's ρ with {names[quantity]:{width}s} of {phrase(kind)}: {value.rho:+.3f}{interval}"
        )
    if any(math.isnan(value.low) and not math.isnan(value.rho) for value in correlations.values()):
        rows.append(NO_INTERVAL)
    elif correlations and remark:
        rows.append(remark)
    if noise_ceilings:
        reached = ", ".join(f"{value:.2f} of {phrase(kind)}" for kind, value in noise_ceilings.items())
        rows.append(f"a perfect predictor would reach {reached}: the rest is noise of the runs")
    return [("" if k or not correlations else "propensity in the file", row) for k, row in enumerate(rows)]


def _snapshot_table(facts: dict[str, Any]) -> Table:
    table = facts_table()
    species = ", ".join(f"{n:,} {name}" for name, n in facts["species"].items())
    table.add_row("snapshot", Path(str(facts["source"])).name)
    table.add_row(
        "particles", f"{facts['particles']:,} ({species}), number density {facts['number_density']:.4g}"
    )
    ranges = facts.get("diameter_classes")
    if ranges:
        from vitreous.diameter_classes import told_ranges

        table.add_row("", str(told_ranges(tuple(ranges), tuple(map(tuple, ranges.values())))))
    return table
