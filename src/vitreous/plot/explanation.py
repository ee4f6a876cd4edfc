"""The figure of what red and white particles are made of, one column for each order parameter."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.plot.style import (
    BLACK,
    BLUE,
    CM,
    GREY,
    LIGHT,
    OCHRE,
    PAGE,
    RED,
    SIZE,
    SMALL,
    TINY,
    frame,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.jobs.explain import Explanation
    from vitreous.order_parameter.relevance import Relevance

__all__ = ["explanation_figure"]

_SINGLE, _LEFT, _RIGHT, _GAP = 10.0, 1.55, 1.1, 0.7  # widths in centimetres
_ROW = 0.30  # height of a bar
_TOP, _NOTE, _BETWEEN, _BOTTOM = 0.8, 1.55, 0.35, 0.95
_PANELS = (3.4, 3.0, 2.6)  # heights of the panels against l
_MARKERS = ("o", "D", "^", "v", "s")  # of the chains, if each species has its own
_DIAMOND: dict[str, Any] = {"marker": "D", "color": "white", "markeredgecolor": BLUE, "markeredgewidth": 0.8,
                            "markersize": 2.8}  # fmt: skip
_LEGEND: dict[str, Any] = {"fontsize": SMALL, "frameon": False, "handletextpad": 0.4, "borderaxespad": 0.3,
                           "labelspacing": 0.35, "columnspacing": 1.0}  # fmt: skip
_SHIFT = 0.13  # of two points at the same l, to either side
_FEWEST_ROWS = 8
_LINE = 80  # letters


def explanation_figure(explanations: Sequence[Explanation]) -> Figure:
    """Four rows of panels, a column for each order parameter of the same snapshot, neighbours by SANN and by a cutoff.

    From above: Spearman's ρ of P_red with membership in each type of topological cluster, for all particles, sorted
    by the first column; what goes with the red cluster is red, with the white one white, and grey where the 95 %
    interval (line) holds 0 or is not known; diamonds are P̄_red, at the right is the share of particles that are
    members, and types in none or all of the particles are named below. Mean q̄_l of white and of red particles, bars
    of one standard deviation. What P_red loses, 1 - ρ with what it was, if q̄_l is shuffled or left out of training;
    dashed, training anew with all. By how much the error of reconstruction grows if q̄_l is shuffled or held at its
    mean.

    Parameters
    ----------
    explanations : sequence of Explanation
        From `explain`, with the same clusters.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide (10 cm for one) at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.

    Raises
    ------
    InputError
        If there is none, or their types of clusters differ.
    """
    if not explanations:
        raise InputError("explanations: give at least one")
    first = explanations[0]
    if any(one.clusters.types != first.clusters.types for one in explanations):
        raise InputError("explanations: their types of clusters differ; give all the same clusters")
    order = first.clusters.order()
    columns = len(explanations)
    width = PAGE if columns > 1 else _SINGLE
    bars = _ROW * max(len(order), _FEWEST_ROWS)
    height = _TOP + bars + _NOTE + sum(_PANELS) + _BETWEEN * (len(_PANELS) - 1) + _BOTTOM
    figure = new_figure(width * CM, height * CM)
    panel = (width - _LEFT - _RIGHT - _GAP * (columns - 1)) / columns
    top = height - _TOP
    for row, size in enumerate((bars, *_PANELS)):
        lefts = [_LEFT + column * (panel + _GAP) for column in range(columns)]
        places = [(left / width, (top - size) / height, panel / width, size / height) for left in lefts]
        axes: list[Axes] = []
        for place in places:
            axes.append(
                figure.add_axes(place, sharex=axes[0] if axes else None, sharey=axes[0] if axes else None)
            )
        if row == 0:
            _clusters(axes, explanations, order)
        else:
            (_bond_order, _agreement, _error)[row - 1](axes, explanations)
        for column, one in enumerate(axes):
            frame(one, top=False, right=False, length=2.5)
            one.tick_params(labelleft=column == 0, labelbottom=row in (0, len(_PANELS)))
            one.annotate(
                "abcdefghijklmnopqrstuvwxyz"[(row * columns + column) % 26], (0, 1), (3, -3), "axes fraction",
                textcoords="offset points", fontsize=SIZE, fontweight="bold", ha="left", va="top", zorder=9,
            )  # fmt: skip
        top -= size + (_NOTE if row == 0 else _BETWEEN)
    for left, explanation in zip(lefts, explanations, strict=True):
        figure.text(
            (left + panel / 2) / width, 1 - 0.38 / height, explanation.revelation.model.rule, fontsize=SIZE,
            ha="center", va="center",
        )  # fmt: skip
    figure.text(
        _LEFT / width,
        (height - _TOP - bars - 0.95) / height,
        _missing(first),
        fontsize=TINY,
        color=GREY,
        va="top",
    )
    return figure


def _clusters(panels: list[Axes], explanations: Sequence[Explanation], order: NDArray[np.int64]) -> None:
    place = np.arange(len(order))[::-1]
    for axes, one in zip(panels, explanations, strict=True):
        clusters = one.clusters
        axes.axvline(0.0, color=BLACK, linewidth=0.6, zorder=3)
        for y, k in zip(place, order, strict=True):
            rho, low, high = clusters.rho[0, 0, k], clusters.low[0, 0, k], clusters.high[0, 0, k]
            color = LIGHT
            if clusters.resolved[0, 0, k]:
                color = RED if rho > 0 else "white"
            axes.barh(y, rho, 0.72, color=color, edgecolor=BLACK, linewidth=0.5, zorder=2)
            axes.plot([low, high], [y, y], color=BLACK, linewidth=0.8, solid_capstyle="butt", zorder=4)
            axes.plot(clusters.rho[1, 0, k], y, zorder=5, **_DIAMOND)
        axes.set_xlabel(r"$\rho$ of $P_\mathrm{red}$ with membership", fontsize=SIZE, labelpad=2)
    clusters = explanations[0].clusters
    panels[0].set_yticks(place, [clusters.types[k] for k in order])
    panels[0].set_ylim(-0.7, max(len(order), _FEWEST_ROWS) - 0.3)
    shown = [np.abs(values[:, 0]) for one in explanations for values in (one.clusters.rho, one.clusters.low,
                                                                         one.clusters.high)]  # fmt: skip
    known = np.concatenate([values[np.isfinite(values)] for values in shown])
    reach = 1.06 * float(known.max()) if len(known) else 1.0
    panels[0].set_xlim(-reach, reach)
    for y, k in zip(place, order, strict=True):
        _beside(panels[-1], float(y), _share(int(clusters.members[0, k]), int(clusters.particles[0])))
    _beside(panels[-1], len(order) + 0.35, "members")
    _bar_legend(panels[0])


def _beside(axes: Axes, y: float, text: str) -> None:
    axes.annotate(
        text, (1, y), (29, 0), ("axes fraction", "data"), textcoords="offset points", fontsize=TINY,
        color=GREY, ha="right", va="center", annotation_clip=False,
    )  # fmt: skip


def _share(members: int, particles: int) -> str:
    """Per cent, and never 100 of what is not all or 0 of what is not none."""
    share = 100.0 * members / particles
    if share >= 99.95:
        return "> 99.9 %"
    if share < 0.05:
        return "< 0.1 %"
    return f"{share:.1f} %" if share < 0.95 or share >= 99.0 else f"{share:.0f} %"


def _bar_legend(axes: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    kinds = ((RED, "with red"), ("white", "with white"), (LIGHT, "not told from 0"))
    handles: list[Any] = [
        Patch(facecolor=color, edgecolor=BLACK, linewidth=0.5, label=label) for color, label in kinds
    ]
    handles.append(Line2D([], [], linestyle="none", label=r"$\bar{P}_\mathrm{red}$", **_DIAMOND))
    axes.legend(handles=handles, loc="lower right", handlelength=1.5, **_LEGEND)


def _bond_order(panels: list[Axes], explanations: Sequence[Explanation]) -> None:
    for axes, one in zip(panels, explanations, strict=True):
        for k, (shift, color, name) in enumerate(((-_SHIFT, "white", "white"), (_SHIFT, RED, "red"))):
            axes.errorbar(
                np.array(one.l) + shift, one.mean[0, k], one.deviation[0, k], fmt="o", markersize=3.6, color=color,
                markeredgecolor=BLACK, markeredgewidth=0.6, ecolor=BLACK, elinewidth=0.7, label=name,
            )  # fmt: skip
    _against_l(panels, explanations, r"$\bar q_l$, mean $\pm$ s.d.")


def _agreement(panels: list[Axes], explanations: Sequence[Explanation]) -> None:
    for axes, one in zip(panels, explanations, strict=True):
        for n, (suffix, shift, found) in enumerate(_chains(one)):
            _points(axes, one, shift - _SHIFT, 1 - found.shuffled_agreement, found.shuffled_agreement_deviation,
                    BLUE, n, True, f"shuffled{suffix}")  # fmt: skip
            _points(axes, one, shift + _SHIFT, 1 - found.dropped_agreement, found.dropped_agreement_deviation,
                    OCHRE, n, False, f"left out{suffix}")  # fmt: skip
            axes.axhline(
                1 - found.retrained_agreement, color=OCHRE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1,
                label="trained anew" if n == 0 else None,
            )  # fmt: skip
    _against_l(panels, explanations, r"$1-\rho$ of $P_\mathrm{red}$", bottom=0.0)


def _error(panels: list[Axes], explanations: Sequence[Explanation]) -> None:
    for axes, one in zip(panels, explanations, strict=True):
        for n, (suffix, shift, found) in enumerate(_chains(one)):
            _points(axes, one, shift - _SHIFT, found.shuffled_loss, found.shuffled_loss_deviation,
                    BLUE, n, True, f"shuffled{suffix}")  # fmt: skip
            _points(axes, one, shift + _SHIFT, found.held_loss, None, BLACK, n, False,
                    f"held at the mean{suffix}")  # fmt: skip
        axes.set_xlabel(r"degree $l$", fontsize=SIZE, labelpad=2)
    _against_l(panels, explanations, "growth of the error", bottom=0.0)


def _against_l(
    panels: list[Axes], explanations: Sequence[Explanation], label: str, bottom: float | None = None
) -> None:
    """Axes of a row, with room for the legend above the points."""
    from matplotlib.lines import Line2D

    degrees = sorted({l for one in explanations for l in one.l})
    first = panels[0]
    first.set_xlim(degrees[0] - 0.6, degrees[-1] + 0.6)
    first.set_xticks(degrees)
    first.set_ylabel(label, fontsize=SIZE)
    low, high = first.get_ylim()  # of all panels, which share it
    low = low if bottom is None else bottom
    handles, labels = first.get_legend_handles_labels()
    if isinstance(handles[0], Line2D):  # the dashed line comes last
        handles, labels = [*handles[1:], handles[0]], [*labels[1:], labels[0]]
    columns = 3 if len(handles) < 4 else 2
    first.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.05, 1.0), ncols=columns, **_LEGEND)
    first.set_ylim(low, high + (0.05 + 0.15 * -(-len(handles) // columns)) * (high - low))


def _chains(one: Explanation) -> Iterator[tuple[str, float, Relevance]]:
    """What distinguishes the label of each chain, how far its points are shifted, and its numbers."""
    count = len(one.relevance)
    for n, (name, found) in enumerate(one.relevance.items()):
        yield f", {name}" if count > 1 else "", 0.1 * (n - (count - 1) / 2), found


def _points(
    axes: Axes,
    one: Explanation,
    shift: float,
    values: NDArray[np.float64],
    deviation: NDArray[np.float64] | None,
    color: str,
    chain: int,
    filled: bool,
    label: str,
) -> None:
    axes.errorbar(
        np.array(one.l) + shift, values, deviation, fmt=_MARKERS[chain % len(_MARKERS)], markersize=3.4, color=color,
        markerfacecolor=color if filled else "white", markeredgewidth=0.9, elinewidth=0.8, label=label,
    )  # fmt: skip


def _missing(one: Explanation) -> str:
    """What the bars do not show: types that none or all of the particles are in."""
    clusters = one.clusters
    said = []
    for text in ("in no particle", "in every particle"):
        names = [name for k, name in enumerate(clusters.types) if clusters.remark(0, k) == text]
        if names:
            said.append(f"{text}: {', '.join(names)}")
    return "\n".join(textwrap.fill(line, _LINE) for line in said)
