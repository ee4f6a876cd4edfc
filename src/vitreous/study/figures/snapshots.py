"""The figure of the deepest states: what red is, where particles go, and how well the one tells of the other."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import CAGE_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.formatting import number_text
from vitreous.plot.colors import red_colormap, two_sigma_limits
from vitreous.plot.snapshot import render_snapshots
from vitreous.plot.style import BLACK, BLUE, DPI, GREY, RED, SIZE, SMALL, TINY, WASH
from vitreous.study.figures.panels import (
    DASH_DOTTED,
    DASHED,
    band_and_line,
    finish,
    handle,
    limits,
    mark_time,
)
from vitreous.study.figures.sheet import Sheet, say_missing, tau_name
from vitreous.study.prediction import Peak, Shown, large_and_small, peak, shown_relaxation_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.correlation.curves import CorrelationCurves
    from vitreous.study.results import StateResults, StudyResults

__all__ = ["deepest_states_figure"]

_TOP, _CURVES, _BAR, _BETWEEN, _AXIS = 0.55, 3.9, 0.6, 0.38, 1.0
_LARGEST_PICTURE = 4.6
_ENTRY, _LINE = 2.4, 0.34  # of the legend: width of an entry, height of a row
_NOTE = (
    "colours: white from mean − 2 s.d. of all particles downwards, dark red from mean + 2 s.d. upwards; "
    "propensities at the δt where that of the large species correlates best with the averaged order parameter"
)
_NOTE_LETTERS, _NOTE_LINE = 9.5, 0.27  # to a centimetre; height
_WITHOUT = "is not made yet"


@dataclass
class _Column:
    """What is drawn of one model."""

    state: StateResults
    curves: CorrelationCurves | None
    first: CorrelationCurves | None  # of the first snapshot alone
    peak: Peak
    tau: Shown
    values: dict[int, NDArray[np.float64]] = field(default_factory=dict)  # by row of pictures: 0, 1, 2
    images: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)


def deepest_states_figure(results: StudyResults) -> Figure:
    """Four rows with a column for each model, as Fig. 2 of Boattini et al., Nat. Commun. 11, 5479 (2020).

    Of the deepest state, from above: the first snapshot coloured by P_red; Spearman's ρ of P_red (dashed), P̄_red
    (solid) and the averaged cage order parameter (dash-dotted) with the propensity of the large (red) and of the small
    species (blue), mean over the snapshots with its standard error as a band (the 95 % interval, if there is one
    snapshot), P̄_red of the first snapshot alone as a thin line, the noise ceiling dotted, in grey the range of 95 % of
    random fields (both species together), and τ_α; the same snapshot coloured by its propensity at the δt where P̄_red
    correlates best with that of the large species; and coloured by P̄_red. Colours go from white, mean - 2 s.d. of all
    particles, to dark red, mean + 2 s.d.
    """
    columns = [_column(state) for state in results.deepest]
    legend = _legend(columns)
    probe = Sheet(len(columns), 1.0, "")
    picture = min(_LARGEST_PICTURE, probe.panel)
    strip = 0.1 + _LINE * probe.rows(len(legend), _ENTRY)
    note = textwrap.wrap(_NOTE, int((probe.width - probe.left(0)) * _NOTE_LETTERS))
    tops = [_TOP]
    tops.append(tops[0] + picture + _BAR + strip + _BETWEEN)
    tops.append(tops[1] + _CURVES + _AXIS + _BETWEEN)
    tops.append(tops[2] + picture + _BAR + _BETWEEN)
    bottom = tops[3] + picture + _BAR
    sheet = Sheet(len(columns), bottom + _NOTE_LINE * len(note) + 0.1, results.plan.label)
    sheet.headers(_TOP - 0.15, [column.state.state for column in columns])
    for column in columns:
        _render(column, round(picture / 2.54 * DPI))
    names = (r"$P_\mathrm{red}$", r"propensity $D_i(\delta t)$", r"$\bar{P}_\mathrm{red}$")
    for k, column in enumerate(columns):
        for row, place in enumerate((0, 2, 3)):
            sheet.letter(sheet.left(k), tops[place] - (0.15 if row == 0 else 0.1), place * len(columns) + k)
            _picture(sheet, k, column, row, tops[place], picture)
        sheet.letter(sheet.left(k), tops[1] - 0.1, len(columns) + k)
        _time_note(sheet, k, column, tops[2] - 0.1)
    for name, place in zip(names, (0, 2, 3), strict=True):
        sheet.text(
            0.5, tops[place] + 0.5 * picture, name, fontsize=SIZE, rotation=90, ha="center", va="center"
        )
    sheet.legend(tops[0] + picture + _BAR + 0.05, legend, _ENTRY)
    _curve_panels(sheet, columns, tops[1])
    sheet.text(sheet.left(0), bottom, "\n".join(note), fontsize=TINY, color=GREY, va="top", linespacing=1.25)
    return sheet.figure


def _column(state: StateResults) -> _Column:
    curves = state.pooled()
    large, _ = large_and_small(state.state.former)
    found = peak(curves, large)
    first = state.curves()[0] if curves is not None and curves.snapshots > 1 else None
    column = _Column(state, curves, first, found, shown_relaxation_time(state))
    snapshot = state.snapshots[0]
    if snapshot.revealed is None:
        column.missing |= dict.fromkeys((0, 2), f"the order parameter of snapshot 1 {_WITHOUT}")
    else:
        columns = snapshot.revealed.configuration.columns
        column.values[0] = np.asarray(columns[P_RED], dtype=np.float64)
        column.values[2] = np.asarray(columns[P_RED_AVERAGED], dtype=np.float64)
    if snapshot.propensity is None:
        column.missing[1] = f"the propensity of snapshot 1 {_WITHOUT}"
    elif found.index < 0:
        column.missing[1] = "the δt of the best correlation is not known yet"
    else:
        column.values[1] = snapshot.propensity.mean[found.index]
    return column


def _render(column: _Column, pixels: int) -> None:
    snapshot = column.state.snapshots[0]
    configuration = snapshot.configuration
    if configuration is None or not column.values:
        return
    images = render_snapshots(configuration, list(column.values.values()), pixels=pixels)
    column.images = dict(zip(column.values, images, strict=True))


def _picture(sheet: Sheet, k: int, column: _Column, row: int, top: float, picture: float) -> None:
    inset = 0.5 * (sheet.panel - picture)
    if row not in column.images:
        say_missing(sheet.axes(sheet.left(k) + inset, top, picture, picture), column.missing[row])
        return
    sheet.picture(k, top, picture, column.images[row])
    bar = sheet.axes(sheet.left(k) + 0.25 * sheet.panel, top + picture + 0.17, 0.5 * sheet.panel, 0.16)
    _color_bar(
        bar, column.values[row], f" ${column.state.state.former.units.length_formula}$" if row == 1 else ""
    )


def _color_bar(axes: Axes, values: NDArray[np.float64], unit: str) -> None:
    """The ramp with a number at either end."""
    low, high = two_sigma_limits(values)
    if not low < high:
        axes.set_axis_off()
        text = "no values" if np.isnan(low) else f"all particles: {number_text(low)}"
        axes.text(0.5, 0.5, text, fontsize=TINY, ha="center", va="center", transform=axes.transAxes)
        return
    axes.imshow(np.linspace(0.0, 1.0, 256)[None, :], cmap=red_colormap(), aspect="auto", extent=(0, 1, 0, 1))
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
    decimals = max(0, 1 - int(np.floor(np.log10(0.5 * (high - low)))))
    for x, value, side, shift, text in ((0.0, low, "right", -3, ""), (1.0, high, "left", 3, unit)):
        # + 0.0: there is no minus zero
        number = f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")
        axes.annotate(
            f"{number}{text}", (x, 0.5), (shift, 0), "axes fraction", textcoords="offset points", fontsize=SMALL,
            ha=side, va="center_baseline",
        )  # fmt: skip


def _time_note(sheet: Sheet, k: int, column: _Column, y: float) -> None:
    """At which δt the propensity is drawn."""
    if 1 not in column.images:
        return
    text = rf"$\delta t$ = {number_text(column.peak.time)}"
    if column.tau.kind != "none":
        ratio = column.peak.time / column.tau.time.value
        text += f" = {number_text(ratio, 2)} {tau_name(column.tau)}"
    sheet.text(sheet.left(k) + 0.5 * sheet.panel, y, text, fontsize=SMALL, ha="center", va="baseline")


def _curve_panels(sheet: Sheet, columns: list[_Column], top: float) -> None:
    shown = []
    for one in columns:
        if one.curves is not None:
            f = [one.curves.fields.index(name) for name, _, _ in _drawn(one.curves)]
            shown += [one.curves.low[f], one.curves.high[f], one.curves.rho[f], one.curves.ceiling]
            shown += [one.curves.chance_low, one.curves.chance_high]
    ends = limits(shown)
    for k, one in enumerate(columns):
        axes = sheet.axes(sheet.left(k), top, sheet.panel, _CURVES)
        if one.curves is None:
            say_missing(axes, f"the correlation with the propensity {_WITHOUT}")
            continue
        _curves(axes, one)
        finish(axes, one.state.state.former, [one.curves.times], ends, first=k == 0, below=True)
        if one.tau.kind != "none":
            mark_time(axes, one.tau.time.value, tau_name(one.tau), ends)


def _curves(axes: Axes, column: _Column) -> None:
    curves, first = column.curves, column.first
    assert curves is not None
    if np.isfinite(curves.chance_low).any():
        axes.fill_between(
            curves.times, curves.chance_low.min(axis=0), curves.chance_high.max(axis=0), color=WASH,
            linewidth=0, zorder=0,
        )  # fmt: skip
    large, small = large_and_small(column.state.state.former)
    for label, color in ((small, BLUE), (large, RED)):
        s = curves.species.index(label)
        for name, linestyle, width in _drawn(curves):
            f = curves.fields.index(name)
            band_and_line(
                axes, curves.times, curves.rho[f, s], curves.low[f, s], curves.high[f, s], color=color,
                linestyle=linestyle, width=width,
            )  # fmt: skip
        if first is not None:
            rho = first.rho[first.fields.index(P_RED_AVERAGED), s]
            axes.plot(first.times, rho, color=color, linewidth=0.5, zorder=3)
        if np.isfinite(curves.ceiling[s]).any():
            axes.plot(curves.times, curves.ceiling[s], ":", color=color, linewidth=0.9, zorder=3)


def _drawn(curves: CorrelationCurves) -> list[tuple[str, Any, float]]:
    """Quantities whose curves are drawn, each with its style and width."""
    styles = ((P_RED, DASHED, 1.1), (P_RED_AVERAGED, "-", 1.5), (CAGE_AVERAGED, DASH_DOTTED, 1.3))
    return [one for one in styles if curves.knows(one[0])]


def _legend(columns: list[_Column]) -> list[object]:
    from matplotlib.patches import Patch

    names: list[tuple[str, Any, float]] = [
        (r"$\bar{P}_\mathrm{red}$", "-", 1.5),
        (r"$P_\mathrm{red}$", DASHED, 1.1),
    ]
    if any(one.curves is not None and one.curves.knows(CAGE_AVERAGED) for one in columns):
        names.append(("cage", DASH_DOTTED, 1.3))
    entries = [
        handle(f"{name}, {size}", color, linestyle, width)
        for name, linestyle, width in names
        for size, color in (("large", RED), ("small", BLUE))
    ]
    if any(one.first is not None for one in columns):
        entries.append(handle(rf"{names[0][0]}, snapshot 1", BLACK, width=0.5))
    entries.append(handle("noise ceiling", BLACK, ":", 0.9))
    entries.append(Patch(color=WASH, linewidth=0, label="95 % of random fields"))
    return entries
