"""Figures of the correlation with the propensity: at every state, and with either neighbour rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import CAGE_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.plot.style import BLACK, BLUE, GREY, OCHRE, SIZE, SMALL
from vitreous.study.figures.panels import (
    DASH_DOTTED,
    DASHED,
    band_and_line,
    finish,
    handle,
    interpolated,
    limits,
    mark_time,
)
from vitreous.study.figures.sheet import Sheet, say_missing, tau_name
from vitreous.study.prediction import SIZES, Shown, large_and_small, shown_relaxation_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.correlation.curves import CorrelationCurves
    from vitreous.glassformers import GlassFormer
    from vitreous.study.results import StateResults, StudyResults

__all__ = ["neighbor_rules_figure", "states_figure"]

_PANEL, _BETWEEN, _BOTTOM = 4.3, 0.45, 1.05
_LINE = 0.36  # height of a row of a legend
_ENTRY = 4.2  # width of an entry of that of the neighbour rules
_STYLE_ENTRY = 2.6  # and of that of the styles of curves
_ACROSS = 5  # states beside each other
_DARKEST, _LIGHTEST = 0.02, 0.84  # of the map


@dataclass
class _Curve:
    """One curve with its band."""

    times: NDArray[np.float64]
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    color: Any
    linestyle: Any = "-"
    width: float = 1.4
    dot: Shown | None = None


def states_figure(results: StudyResults) -> Figure:
    """P̄_red of every state against its own dynamics, as Fig. 4 of Boattini et al., Nat. Commun. 11, 5479 (2020).

    Spearman's ρ of P̄_red, the order parameter trained anew at each state, with the propensity, above of the large
    and below of the small species: mean over the snapshots with its standard error as a band (the 95 % interval, if
    there is one snapshot). Dash-dotted is the averaged cage order parameter in the same snapshots, dotted the noise
    ceiling. The deepest state is the darkest. Dots are at τ_α of the stretched exponential; open ones where F_s falls
    to 1/e, if there is no fit.
    """
    formers = results.formers
    lines = max(-(-len(results.of(former)) // _ACROSS) for former in formers)
    entries = _styles_legend(results)
    strip = 0.55 + _LINE * lines + 0.15
    top = strip + _LINE * Sheet(len(formers), 1.0, "").rows(len(entries), _STYLE_ENTRY) + 0.55
    sheet = Sheet(len(formers), top + 2 * _PANEL + _BETWEEN + _BOTTOM, results.plan.label)
    sheet.legend(strip, entries, _STYLE_ENTRY)
    drawn: list[list[list[_Curve]]] = [[], []]
    for k, former in enumerate(formers):
        states = results.of(former)
        colors = _colors(len(states))
        _states_header(sheet, k, states, colors)
        for row, species in enumerate(large_and_small(former)):
            mine = []
            for state, color in zip(states, colors, strict=True):
                curves = state.pooled()
                if curves is not None:
                    tau = shown_relaxation_time(state)
                    mine.append(_curve(curves, P_RED_AVERAGED, species, color, "-", tau))
                    if curves.knows(CAGE_AVERAGED):
                        mine.append(_curve(curves, CAGE_AVERAGED, species, color, DASH_DOTTED, tau))
                    mine.append(_ceiling(curves, species, color))
            drawn[row].append(mine)
    _grid(sheet, formers, top, drawn)
    return sheet.figure


def neighbor_rules_figure(results: StudyResults) -> Figure:
    """SANN neighbours against those within a cutoff, at the deepest state of each model.

    Spearman's ρ of P_red (dashed) and P̄_red (solid) with the propensity of the large species above and of the small
    one below, with order parameters trained with either rule: mean over the snapshots with its standard error as a
    band (the 95 % interval, if there is one snapshot). Dashed upright is τ_α.
    """
    formers = results.formers
    states = results.deepest
    drawn: list[list[list[_Curve]]] = [[], []]
    rules: set[str] = set()
    for former, state in zip(formers, states, strict=True):
        rules |= set(state.rules)
        for row, species in enumerate(large_and_small(former)):
            mine = []
            for rule in state.rules:
                curves = state.pooled(rule)
                assert curves is not None
                mine.append(_curve(curves, P_RED, species, _rule_color(rule), DASHED))
                mine.append(_curve(curves, P_RED_AVERAGED, species, _rule_color(rule)))
            drawn[row].append(mine)
    entries = _rule_legend(rules)
    top = 1.5 + 0.33 * max(0, Sheet(len(formers), 1.0, "").rows(len(entries), _ENTRY) - 1)
    sheet = Sheet(len(formers), top + 2 * _PANEL + _BETWEEN + _BOTTOM, results.plan.label)
    sheet.headers(top - 0.55, [one.state for one in states])
    if entries:
        sheet.legend(0.15, entries, _ENTRY)
    panels = _grid(sheet, formers, top, drawn)
    for axes, k in panels:
        tau = shown_relaxation_time(states[k])
        if tau.kind != "none":
            mark_time(axes, tau.time.value, tau_name(tau), axes.get_ylim())
    return sheet.figure


def _curve(
    curves: CorrelationCurves,
    name: str,
    species: str,
    color: Any,
    linestyle: Any = "-",
    dot: Shown | None = None,
) -> _Curve:
    f, s = curves.fields.index(name), curves.species.index(species)
    width = 1.4 if linestyle == "-" else 1.1
    return _Curve(
        curves.times, curves.rho[f, s], curves.low[f, s], curves.high[f, s], color, linestyle, width, dot
    )


def _ceiling(curves: CorrelationCurves, species: str, color: Any) -> _Curve:
    """What a perfect predictor would reach, without a band."""
    ceiling = curves.ceiling[curves.species.index(species)]
    unknown = np.full_like(ceiling, np.nan)
    return _Curve(curves.times, ceiling, unknown, unknown, color, ":", 0.8)


def _grid(
    sheet: Sheet, formers: Sequence[GlassFormer], top: float, drawn: list[list[list[_Curve]]]
) -> list[tuple[Axes, int]]:
    """A row for either species and a column for each model; the panels that are not empty, with their column."""
    panels = []
    for row, columns in enumerate(drawn):
        ends = limits([values for mine in columns for one in mine for values in (one.rho, one.low, one.high)])
        upper = top + row * (_PANEL + _BETWEEN)
        for k, (former, mine) in enumerate(zip(formers, columns, strict=True)):
            axes = sheet.axes(sheet.left(k), upper, sheet.panel, _PANEL)
            sheet.letter(sheet.left(k), upper - 0.1, row * len(formers) + k)
            said = f"{SIZES[row]} particles ({large_and_small(former)[row]})"
            right = sheet.left(k) + sheet.panel
            sheet.text(right, upper - 0.1, said, fontsize=SMALL, color=GREY, ha="right", va="baseline")
            if not mine:
                say_missing(axes, "the correlation with the propensity is not made yet")
                continue
            for rank, one in enumerate(
                reversed(mine)
            ):  # last, and over the others, P̄_red of the deepest state
                _draw(axes, one, 3.0 + 0.02 * rank)
            finish(axes, former, [one.times for one in mine], ends, first=k == 0, below=row == 1)
            panels.append((axes, k))
    return panels


def _draw(axes: Axes, one: _Curve, zorder: float) -> None:
    band_and_line(
        axes, one.times, one.rho, one.low, one.high, color=one.color, linestyle=one.linestyle, width=one.width,
        zorder=zorder,
    )  # fmt: skip
    if one.dot is None or one.dot.kind == "none":
        return
    time = one.dot.time.value
    height = interpolated(time, one.times, one.rho)
    if np.isfinite(height):
        fitted = one.dot.kind == "fit"
        axes.plot(
            time, height, "o", markersize=4.6, color=one.color, markerfacecolor=one.color if fitted else "white",
            markeredgecolor="white" if fitted else one.color, markeredgewidth=0.7, zorder=zorder + 1.0,
        )  # fmt: skip


def _colors(count: int) -> list[Any]:
    """From the darkest on; the map keeps its order for the colour-blind and in grey."""
    from matplotlib import colormaps

    return [colormaps["viridis"](share) for share in np.linspace(_DARKEST, _LIGHTEST, count)]


def _states_header(sheet: Sheet, k: int, states: Sequence[StateResults], colors: list[Any]) -> None:
    """Name of the model, and below it its states with their colours."""
    former = states[0].state.former
    x = sheet.left(k) + 0.5 * sheet.panel
    control = former.control
    what = f"${control.formula}$" + (f" in {control.unit}" if control.unit else "")
    sheet.text(x, 0.4, f"{former.title}, {what}:", fontsize=SIZE, ha="center", va="baseline")
    entry = sheet.panel / _ACROSS
    decimals = max(len(f"{one.state.state_point:g}".partition(".")[2]) for one in states)
    for n, (one, color) in enumerate(zip(states, colors, strict=True)):
        line, place = divmod(n, _ACROSS)
        beside = min(_ACROSS, len(states) - line * _ACROSS)
        left = x - 0.5 * beside * entry + place * entry
        y = 0.55 + _LINE * (line + 0.5)
        text = f"{one.state.state_point:.{decimals}f}"
        sheet.stroke(left + 0.05 * entry, left + 0.36 * entry, y, color)
        sheet.text(left + 0.42 * entry, y, text, fontsize=SMALL, ha="left", va="center_baseline")


def _styles_legend(results: StudyResults) -> list[Any]:
    """What the styles of curves and dots mean, of those that are drawn."""
    pooled = [curves for one in results.states if (curves := one.pooled()) is not None]
    kinds = {shown_relaxation_time(one).kind for one in results.states if one.pooled() is not None}
    entries = [handle(r"$\bar{P}_\mathrm{red}$", BLACK, width=1.4)] if pooled else []
    if any(curves.knows(CAGE_AVERAGED) for curves in pooled):
        entries.append(handle("cage order parameter", BLACK, DASH_DOTTED, 1.1))
    if any(np.isfinite(curves.ceiling).any() for curves in pooled):
        entries.append(handle("noise ceiling", BLACK, ":", 0.8))
    dots = (("fit", r"$\tau_\alpha$", BLACK), ("crossing", r"$\tau_{1/\mathrm{e}}$", "white"))
    look: dict[str, Any] = {"marker": "o", "markersize": 4.0, "markeredgewidth": 0.7}
    entries += [
        handle(name, BLACK, "none", markerfacecolor=filled, **look)
        for kind, name, filled in dots
        if kind in kinds
    ]
    return entries


def _rule_color(rule: str) -> str:
    return {"sann": BLUE, "cutoff": OCHRE}.get(rule, BLACK)


def _rule_legend(rules: set[str]) -> list[Any]:
    names = {"sann": "SANN", "cutoff": "cutoff, first minimum of $g(r)$"}
    entries = []
    for rule in sorted(rules, key=lambda one: ("sann", "cutoff").index(one) if one in names else 2):
        name = names.get(rule, f"cutoff {rule}")
        entries.append(handle(rf"$\bar{{P}}_\mathrm{{red}}$, {name}", _rule_color(rule), width=1.4))
        entries.append(handle(rf"$P_\mathrm{{red}}$, {name}", _rule_color(rule), DASHED, 1.1))
    return entries
