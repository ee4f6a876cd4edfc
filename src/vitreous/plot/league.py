"""The figure of a league: every predictor of mobility in a row, with its interval and the noise ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.glassformers.catalogue import library, looked_at, temperature_text
from vitreous.plot.style import (
    BLACK,
    BLUE,
    CM,
    GREEN,
    GREY,
    OCHRE,
    PAGE,
    PALE,
    RED,
    SIZE,
    SMALL,
    TINY,
    VIOLET,
    WASH,
    frame,
    new_figure,
)
from vitreous.predictors.catalogue import GROUPS, PREDICTORS, REFERENCE, Predictor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.predictors.result import League

__all__ = ["league_figure"]

_LEFT, _RIGHT, _GAP = 3.75, 0.25, 0.35  # in centimetres
_ROW, _HEADING = 0.37, 0.42  # height of a predictor, and of the name of a group above its predictors
_TOP, _BETWEEN, _BOTTOM = 1.6, 0.6, 1.0
_COLORS = {
    "structure": GREY,
    "energy": OCHRE,
    "order": GREEN,
    "unsupervised": RED,
    "dynamics": BLUE,
    "supervised": VIOLET,
}
_LABELS = {
    "density": "density within $2d$",
    "packing_imperfection": r"packing imperfection $\Theta$",
    "tetrahedral_order": "tetrahedral order $q$",
    "pair_entropy": "pair entropy $s_2$",
    "p_red": r"$P_\mathrm{red}$",
    "p_red_learned": r"regression to $P_\mathrm{red}$",
    "log_variance": r"$\ln v$ of the cage",
    "short_distance": r"$D(t_\mathrm{s})$ of the short runs",
}
_KERNELS = {"sphere": ("white", +0.17, "sphere"), "exponential": (None, -0.17, r"weights $e^{-r/\xi}$")}


def league_figure(leagues: League | Sequence[League]) -> Figure:
    """Spearman's ρ of every predictor with the propensity, times the sign that was expected of it.

    A row for each predictor, in the order and the groups of `PREDICTORS`, never in that of the results; one that a
    liquid has not stays empty. Open symbols are averages over a sphere, filled ones those with exponential weights;
    lines are 95 % intervals as `League` tells. Dotted is the noise ceiling; the thin red line is P_red averaged over
    the sphere, which all are compared with. What is below the last line was trained on propensities.

    Parameters
    ----------
    leagues : League, or sequence of them
        A panel for each species, the largest first, side by side; with several leagues a column for each of them, and
        a row of panels for each species.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.

    Raises
    ------
    InputError
        If there is no league, or they differ in the number of species.
    """
    several = list(leagues) if isinstance(leagues, Sequence) else [leagues]
    if not several or len({len(one.species) for one in several}) > 1:
        raise InputError("leagues: expected at least one, all with the same number of species")
    count = len(several[0].species)
    panels = [[(one, int(np.argsort(-one.diameters)[k])) for one in several] for k in range(count)]
    if len(several) == 1:
        panels = [[panel for row in panels for panel in row]]
    shown = [known for known in PREDICTORS if any(known.name in one.predictors for one in several)]
    places, headings, length = _places(shown)
    height = _TOP + len(panels) * length + (len(panels) - 1) * _BETWEEN + _BOTTOM
    figure = new_figure(PAGE * CM, height * CM)
    columns = len(panels[0])
    width = (PAGE - _LEFT - _RIGHT - (columns - 1) * _GAP) / columns
    limits = _limits(several)
    for r, row in enumerate(panels):
        bottom = height - _TOP - (r + 1) * length - r * _BETWEEN
        for c, (one, s) in enumerate(row):
            left = _LEFT + c * (width + _GAP)
            axes = figure.add_axes((left / PAGE, bottom / height, width / PAGE, length / height))
            axes.set_xlim(limits)
            axes.set_ylim(-length, 0.0)
            _panel(axes, one, s, shown, places, headings)
            _decorate(axes, one, s, alone=len(several) == 1)
            axes.tick_params(labelbottom=r == len(panels) - 1)
            if c == 0:
                _name_rows(axes, shown, places, headings)
    figure.text(
        (_LEFT + 0.5 * (PAGE - _LEFT - _RIGHT)) / PAGE,
        0.12 / height,
        r"Spearman's $\rho$ with the propensity, times the expected sign",
        ha="center",
        va="bottom",
        fontsize=SIZE,
    )
    if any(known.needs_runs for known in shown):
        figure.text(0.1 / PAGE, 0.12 / height, "† needs short runs", va="bottom", fontsize=TINY, color=GREY)
    _legend(figure, several, height)
    return figure


def _places(shown: Sequence[Predictor]) -> tuple[NDArray[np.float64], dict[str, float], float]:
    """Where rows and headings of groups are, in centimetres below the upper edge (negative), and the height of all."""
    places: list[float] = []
    headings: dict[str, float] = {}
    at = 0.0
    for known in shown:
        if known.group not in headings:
            headings[known.group] = at - 0.5 * _HEADING
            at -= _HEADING
        places.append(at - 0.5 * _ROW)
        at -= _ROW
    return np.array(places), headings, -at + 0.12


def _panel(
    axes: Axes,
    league: League,
    s: int,
    shown: Sequence[Predictor],
    places: NDArray[np.float64],
    headings: dict[str, float],
) -> None:
    for place in headings.values():
        axes.axhspan(place - 0.5 * _HEADING, place + 0.5 * _HEADING, color=WASH, linewidth=0, zorder=0)
    if "supervised" in headings:
        edge = headings["supervised"] + 0.5 * _HEADING
        axes.axhline(edge, color=BLACK, linewidth=0.8, zorder=5)
    axes.axvline(0.0, color=PALE, linewidth=0.5, zorder=1)
    found = league.correlation
    p, a = league.predictors.index(REFERENCE[0]), league.kernels.index(REFERENCE[1])
    axes.axvline(found.value[p, a, s], color=_COLORS["unsupervised"], linewidth=0.5, alpha=0.7, zorder=1)
    ceiling = league.ceiling[s]
    if np.isfinite(ceiling):
        axes.axvline(ceiling, color="black", linewidth=1.0, linestyle=":", zorder=2)
    for known, place in zip(shown, places, strict=True):
        if known.name not in league.predictors:
            axes.text(0.0, place, " not there", va="center", fontsize=TINY, color=PALE)
            continue
        p, color = league.predictors.index(known.name), _COLORS[known.group]
        for kernel, (face, shift, _) in _KERNELS.items():
            index = (p, league.kernels.index(kernel), s)
            value, low, high = found.value[index], found.low[index], found.high[index]
            at = place + shift * _ROW
            axes.plot([low, high], [at, at], color=color, linewidth=0.9, solid_capstyle="butt", zorder=3)
            axes.plot(
                [value], [at], "o", color=color, markersize=3.0, markeredgewidth=0.8,
                markerfacecolor=face or color, zorder=4,
            )  # fmt: skip


def _decorate(axes: Axes, league: League, s: int, *, alone: bool) -> None:
    axes.set_yticks([])
    frame(axes)
    size = "large" if league.diameters[s] == league.diameters.max() else "small"
    species = f"{league.species[s]} ({size})" if len(league.species) > 1 else league.species[s]
    title = f"species {species}" if alone else f"{_state(league)}, {species}"
    axes.set_title(title, loc="left", fontsize=SIZE if alone else SMALL, pad=4)
    if alone:
        counts = "/".join(dict.fromkeys(f"{n:,}" for n in league.particles[:, s].tolist()))
        axes.set_title(f"{counts} particles", loc="right", fontsize=SMALL, color=GREY, pad=4)


def _name_rows(
    axes: Axes, shown: Sequence[Predictor], places: NDArray[np.float64], headings: dict[str, float]
) -> None:
    right = axes.get_yaxis_transform()
    for known, place in zip(shown, places, strict=True):
        mark = " †" if known.needs_runs else ""
        label = _LABELS.get(known.name, known.label) + mark
        axes.text(
            -0.02, place, label, transform=right, ha="right", va="center", fontsize=SMALL, clip_on=False
        )
    for group, place in headings.items():
        axes.text(
            -0.02, place, GROUPS[group], transform=right, ha="right", va="center", fontsize=SMALL, clip_on=False,
            color=_COLORS[group], fontweight="bold",
        )  # fmt: skip


def _state(league: League) -> str:
    name = looked_at(league.liquid)[0] if league.liquid in library() else league.liquid
    if league.temperature is None:
        return name
    return f"{name}, $T$ = {temperature_text(league.liquid, league.temperature)}"


def _limits(leagues: Sequence[League]) -> tuple[float, float]:
    """Room for all values and ceilings; for intervals only as far as a correlation can be."""
    values = [0.0, 0.5]
    for one in leagues:
        found = one.correlation
        averaged = [one.kernels.index(kernel) for kernel in _KERNELS]
        for array in (found.value, found.low, found.high):
            values += array[:, averaged].ravel().tolist()
        values += one.ceiling.tolist()
    known = np.clip(np.array(values)[np.isfinite(values)], -1.0, 1.0)
    return float(known.min()) - 0.05, min(float(known.max()) + 0.04, 1.04)


def _legend(figure: Figure, leagues: Sequence[League], height: float) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=BLACK, marker="o", markersize=3.0, markeredgewidth=0.8, linewidth=0.9,
               markerfacecolor=face or BLACK, label=label)
        for face, _, label in _KERNELS.values()
    ]  # fmt: skip
    red = _COLORS["unsupervised"]
    handles.append(
        Line2D([], [], color=red, linewidth=0.5, alpha=0.7, label=r"$\bar{P}_\mathrm{red}$ (sphere)")
    )
    if any(np.isfinite(one.ceiling).any() for one in leagues):
        handles.append(Line2D([], [], color="black", linewidth=1.0, linestyle=":", label="noise ceiling"))
    figure.text(0.1 / PAGE, 1.0 - 0.3 / height, _title(leagues), fontsize=SIZE, va="center")
    figure.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(_LEFT / PAGE, 1.0 - 0.8 / height),
        ncols=len(handles),
        frameon=False,
        fontsize=SMALL,
        handlelength=1.8,
        columnspacing=1.2,
        handletextpad=0.5,
        borderaxespad=0.0,
    )


def _title(leagues: Sequence[League]) -> str:
    """What is shown, and whose intervals these are."""
    ways = {
        "intervals by translations"
        if len(one) == 1
        else "intervals over independent runs"
        if one.independent > 1
        else "no intervals"
        for one in leagues
    }
    counts = []
    for one in leagues:
        many = f" of {one.independent} independent run{'' if one.independent == 1 else 's'}"
        runs = "" if one.independent == len(one) else many
        counts.append(f"{len(one)} snapshot{'' if len(one) == 1 else 's'}{runs}")
    if len(leagues) == 1:
        return f"{_state(leagues[0])}: {counts[0]}, {ways.pop()}"
    number = counts[0] if len(set(counts)) == 1 else ", ".join(counts)
    return f"{number}; {', '.join(sorted(ways))}"
