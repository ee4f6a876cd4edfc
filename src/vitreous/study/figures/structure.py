"""Figures of what red and white particles are made of: topological clusters, and bond order."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from vitreous.plot.style import BLACK, GREY, RED, SIZE, SMALL, TINY
from vitreous.study.explanation_means import BondOrderMeans, ClusterMeans, bond_order_means, cluster_means
from vitreous.study.figures.sheet import Sheet, say_missing, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.study.results import StudyResults

__all__ = ["bond_order_figure", "clusters_figure"]

_ROW, _FEWEST_ROWS = 0.3, 8
_TOP, _AXIS, _NOTE_LINE = 0.6, 1.0, 0.26
_UPPER, _LOWER, _BETWEEN = 4.6, 3.4, 0.45  # heights of the panels against l
_SHIFT = 0.14  # of two points at the same l, to either side
_NOTE_LETTERS = 9.5  # to a centimetre


def clusters_figure(results: StudyResults) -> Figure:
    """Correlation of P_red with membership in topological clusters, at the deepest state of each model.

    Spearman's ρ for all particles, mean over the snapshots with its standard error (the 95 % interval, if there is
    one snapshot), sorted; red what goes with the red cluster, white what goes with the white one. At the right is the
    share of all particles that are members. Types are left out, and named below, if in a snapshot fewer than 10
    particles are members or fewer than 10 are not.
    """
    states = results.deepest
    found = [cluster_means(state) for state in states]
    rows = max([_FEWEST_ROWS, *(len(one.types) for one in found if one is not None)])
    probe = Sheet(len(states), 1.0, "", gap=1.95, right=0.95)
    notes = [_note(one, probe.panel + 1.0) for one in found]
    below = _NOTE_LINE * max(len(note) for note in notes)
    sheet = Sheet(
        len(states), _TOP + _ROW * rows + _AXIS + below + 0.15, results.plan.label, gap=1.95, right=0.95
    )
    sheet.headers(_TOP - 0.14, [one.state for one in states])
    reach = _reach([one for one in found if one is not None])
    for k, (one, note) in enumerate(zip(found, notes, strict=True)):
        left = sheet.left(k)
        sheet.letter(left, _TOP - 0.14, k)
        axes = sheet.axes(left, _TOP, sheet.panel, _ROW * rows)
        if one is None or not one.types:
            say_missing(
                axes,
                "topological clusters are not made yet" if one is None else "no type has enough particles",
            )
        else:
            _bars(axes, one, rows, reach)
        y = _TOP + _ROW * rows + _AXIS
        sheet.text(left - 0.85, y, "\n".join(note), fontsize=TINY, color=GREY, va="top", linespacing=1.25)
    return sheet.figure


def bond_order_figure(results: StudyResults) -> Figure:
    """Mean averaged bond order of white and of red particles, at the deepest state of each model.

    Above: mean q̄_l with bars of one standard deviation over the particles. Below: mean of red less that of white
    particles, in root mean squares of both deviations, with the standard error over the snapshots. A red particle has
    P_red > 1/2.
    """
    states = results.deepest
    found = [bond_order_means(state) for state in states]
    sheet = Sheet(len(states), _TOP + _UPPER + _BETWEEN + _LOWER + _AXIS, results.plan.label)
    sheet.headers(_TOP - 0.14, [one.state for one in states])
    known = [one for one in found if one is not None]
    highest = max([0.1, *(float(np.nanmax(one.mean + one.deviation)) for one in known if one.mean.size)])
    contrasts = [np.nan_to_num(one.contrast) + side * np.nan_to_num(one.contrast_error)
                 for one in known for side in (-1.0, 1.0)]  # fmt: skip
    low = min([0.0, *(float(one.min()) for one in contrasts)])
    high = max([0.0, *(float(one.max()) for one in contrasts)])
    room = 0.1 * max(high - low, 0.1)
    for k, one in enumerate(found):
        left, second = sheet.left(k), _TOP + _UPPER + _BETWEEN
        sheet.letter(left, _TOP - 0.14, k)
        sheet.letter(left, second - 0.12, len(states) + k)
        upper = sheet.axes(left, _TOP, sheet.panel, _UPPER)
        lower = sheet.axes(left, second, sheet.panel, _LOWER)
        if one is None:
            for axes in (upper, lower):
                say_missing(axes, "the bond order of red and white particles is not made yet")
            continue
        _colors(upper, one, legend=one is known[0])
        upper.set_ylim(0.0, 1.06 * highest)
        _contrast(lower, one)
        lower.set_ylim(low - room, high + room)
        for axes in (upper, lower):
            axes.set_xlim(min(one.l) - 0.6, max(one.l) + 0.6)
            axes.set_xticks(one.l)
            style(axes)
            axes.tick_params(labelleft=k == 0, labelbottom=axes is lower)
        if k == 0:
            upper.set_ylabel(r"$\bar q_l$, mean $\pm$ s.d.", fontsize=SIZE, labelpad=3)
            lower.set_ylabel("(red − white) / s.d.", fontsize=SIZE, labelpad=3)
        lower.set_xlabel("degree $l$", fontsize=SIZE, labelpad=2)
    return sheet.figure


def _bars(axes: Axes, one: ClusterMeans, rows: int, reach: float) -> None:
    place = rows - 1.0 - np.arange(len(one.types))
    axes.barh(
        place, one.rho, 0.72, color=[RED if rho > 0 else "white" for rho in one.rho], edgecolor=BLACK, linewidth=0.5,
        zorder=2,
    )  # fmt: skip
    axes.hlines(place, one.low, one.high, color=BLACK, linewidth=0.9, zorder=4)
    axes.axvline(0.0, color=BLACK, linewidth=0.6, zorder=3)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.7, rows - 0.3)
    axes.set_yticks(place, one.types)
    style(axes)
    axes.tick_params(axis="y", which="both", length=0, pad=2, labelsize=TINY, right=False)
    axes.set_xlabel(r"$\rho$ of $P_\mathrm{red}$ with membership", fontsize=SIZE, labelpad=2)
    for y, share in zip(place, one.share, strict=True):
        _beside(axes, y, _percent(float(share)))
    _beside(axes, rows + 0.25, "members")


def _beside(axes: Axes, y: float, text: str) -> None:
    axes.annotate(
        text, (1, y), (24, 0), ("axes fraction", "data"), textcoords="offset points", fontsize=TINY, color=GREY,
        ha="right", va="center", annotation_clip=False,
    )  # fmt: skip


def _percent(share: float) -> str:
    """Per cent, and never 100 of what is not all or 0 of what is not none."""
    if share >= 0.9995:
        return "> 99.9 %"
    if share < 0.0005:
        return "< 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.0095 or share >= 0.99 else f"{100 * share:.0f} %"


def _reach(found: list[ClusterMeans]) -> float:
    """End of the axis of ρ on either side."""
    values = [np.abs(array) for one in found for array in (one.rho, one.low, one.high)]
    known = np.concatenate([np.zeros(0), *values])
    known = known[np.isfinite(known)]
    return 1.08 * float(known.max()) if len(known) and known.max() > 0.0 else 1.0


def _note(one: ClusterMeans | None, width: float) -> list[str]:
    """What has no bar."""
    if one is None or not one.left_out:
        return []
    return textwrap.wrap(
        f"left out, since too few particles are in or not in them: {', '.join(one.left_out)}",
        int(width * _NOTE_LETTERS),
    )


def _colors(axes: Axes, one: BondOrderMeans, legend: bool) -> None:
    for k, (shift, color, name) in enumerate(((-_SHIFT, "white", "white"), (_SHIFT, RED, "red"))):
        axes.errorbar(
            np.array(one.l) + shift, one.mean[k], one.deviation[k], fmt="o", markersize=4.0, color=color,
            markeredgecolor=BLACK, markeredgewidth=0.6, ecolor=BLACK, elinewidth=0.8, label=name,
        )  # fmt: skip
    if legend:
        axes.legend(loc="upper left", fontsize=SMALL, frameon=False, handletextpad=0.4, borderaxespad=0.5)


def _contrast(axes: Axes, one: BondOrderMeans) -> None:
    axes.axhline(0.0, color=BLACK, linewidth=0.5, zorder=1)
    for positive in (True, False):
        mine = (one.contrast > 0.0) == positive
        axes.bar(
            np.array(one.l)[mine], one.contrast[mine], 0.55, color=RED if positive else "white", edgecolor=BLACK,
            linewidth=0.5, zorder=2,
        )  # fmt: skip
    axes.errorbar(
        one.l, one.contrast, one.contrast_error, fmt="none", ecolor=BLACK, elinewidth=0.9, capsize=1.8, capthick=0.8,
        zorder=3,
    )  # fmt: skip
