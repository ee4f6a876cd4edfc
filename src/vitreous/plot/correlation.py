"""The figure of correlations with the propensity: against δt as in the paper, or at the one δt that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.plot.style import (
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
    VIOLET,
    WASH,
    frame,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.correlation.curves import CorrelationCurves

__all__ = ["correlation_figure", "field_label"]

_HEIGHT = 7.6 * CM
_LABELS = {
    P_RED: r"$P_\mathrm{red}$",
    P_RED_AVERAGED: r"$\bar{P}_\mathrm{red}$",
    "density": "density within $2d$",
    "coordination": "coordination",
    "coordination_averaged": "coordination, averaged",
    "energy": "energy",
    "energy_averaged": "energy, averaged",
}
_COLORS = (BLUE, OCHRE, GREEN, VIOLET)  # of the controls, bare and averaged alike


def field_label(name: str) -> str:
    """What a quantity is called in figures."""
    return _LABELS.get(name, name.replace("_", " "))


def correlation_figure(curves: CorrelationCurves) -> Figure:
    """Correlation of every quantity with the propensity, one panel for each species.

    Against δt: P_red dashed and its local average solid, as in Fig. 2 of Boattini et al., Nat. Commun. 11, 5479
    (2020); the controls thin, bare ones dashed too; bands as `CorrelationCurves` tells; the noise ceiling dotted;
    grey the range of random fields; τ_1e marked. With one δt, a point and an interval for each quantity.

    Parameters
    ----------
    curves : CorrelationCurves

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.
    """
    panels = len(curves.species)
    several = len(curves.times) > 1 and bool(np.isfinite(curves.times).all())
    height = _HEIGHT if several else (2.4 + 0.5 * len(curves.fields)) * CM
    figure = new_figure(PAGE * CM, height)
    left, right, gap = (0.075, 0.765, 0.035) if several else (0.2, 0.985, 0.025)
    bottom, top = (0.15, 0.92) if several else (0.9 * CM / height, 1 - 0.65 * CM / height)
    width = (right - left - gap * (panels - 1)) / panels
    shared = None
    for s, species in enumerate(curves.species):
        axes = figure.add_axes(
            (left + s * (width + gap), bottom, width, top - bottom), sharex=shared, sharey=shared
        )
        shared = shared or axes
        (_against_time if several else _at_one_time)(axes, curves, s)
        frame(axes, labelleft=s == 0)
        title = f"species {species}" if panels > 1 else ""
        axes.set_title(title, loc="left", fontsize=SIZE, pad=4)
        axes.set_title(f"{curves.particles[s]:,} particles", loc="right", fontsize=SMALL, color=GREY, pad=4)
    assert shared is not None
    symbol = r"$\rho$" if curves.method == "spearman" else "$r$"
    if several:
        name = "Spearman's" if curves.method == "spearman" else "Pearson's"
        shared.set_ylabel(f"{name} {symbol} with $\\langle|\\Delta\\mathbf{{r}}|\\rangle$", fontsize=SIZE)
        handles, labels = shared.get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="center left",
            bbox_to_anchor=(right + 0.01, 0.5 * (top + bottom)),
            frameon=False,
            fontsize=SMALL,
            handlelength=2.2,
            labelspacing=0.7,
        )
        _limits(shared, curves)
    return figure


def _styles(curves: CorrelationCurves) -> list[tuple[str, str, float]]:
    """Colour, line style and width of each quantity; a quantity and its average share their colour."""
    colors: dict[str, str] = {P_RED: RED}
    styles = []
    for name in curves.fields:
        base = name.removesuffix("_averaged")
        if base not in colors:
            colors[base] = _COLORS[(len(colors) - 1) % len(_COLORS)]
        bare = f"{base}_averaged" in curves.fields and name == base
        styles.append((colors[base], (0, (3.5, 1.8)) if bare else "-", 1.6 if base == P_RED else 0.8))
    return styles  # type: ignore[return-value]


def _against_time(axes: Axes, curves: CorrelationCurves, s: int) -> None:
    t = curves.times
    if np.isfinite(curves.chance_low[s]).any():
        axes.fill_between(
            t,
            curves.chance_low[s],
            curves.chance_high[s],
            color=WASH,
            linewidth=0,
            zorder=0,
            label="95 % of random\nfields, averaged",
        )
    axes.axhline(0.0, color=PALE, linewidth=0.5, zorder=1)
    for f, (name, (color, style, width)) in enumerate(zip(curves.fields, _styles(curves), strict=True)):
        if name.startswith(P_RED):
            axes.fill_between(
                t, curves.low[f, s], curves.high[f, s], color=color, alpha=0.16, linewidth=0, zorder=2
            )
        axes.plot(
            t,
            curves.rho[f, s],
            color=color,
            linestyle=style,
            linewidth=width,
            label=field_label(name),
            zorder=4 if name.startswith(P_RED) else 3,
        )
    if np.isfinite(curves.ceiling[s]).any():
        axes.plot(t, curves.ceiling[s], ":", color="black", linewidth=1.0, label="noise ceiling", zorder=3)
    if np.isfinite(curves.tau_1e):
        axes.axvline(curves.tau_1e, color=GREY, linewidth=0.7, linestyle=(0, (5, 3)), zorder=1)
        late = curves.tau_1e > np.sqrt(t[0] * t[-1])
        axes.text(
            curves.tau_1e,
            0.82,  # between the ceiling and what is below it
            r"$\tau_{1/\mathrm{e}}$ " if late else r" $\tau_{1/\mathrm{e}}$",
            transform=axes.get_xaxis_transform(),
            ha="right" if late else "left",
            fontsize=SIZE,
            color=GREY,
            va="center",
        )
    axes.set_xscale("log")
    axes.set_xlim(t[0], t[-1])
    axes.set_xlabel(r"time difference $\delta t$", fontsize=SIZE, labelpad=2)


def _limits(axes: Axes, curves: CorrelationCurves) -> None:
    shown = [
        curves.rho,
        curves.low[:2],
        curves.high[:2],
        curves.chance_low,
        curves.chance_high,
        curves.ceiling,
    ]
    values = np.concatenate([np.ravel(array) for array in shown])
    values = values[np.isfinite(values)]
    if len(values):
        low, high = float(values.min()), float(values.max())
        axes.set_ylim(max(low - 0.05, -1.02), min(high + 0.08, 1.02))


def _at_one_time(axes: Axes, curves: CorrelationCurves, s: int) -> None:
    count = len(curves.fields)
    place = np.arange(count)[::-1]
    if np.isfinite(curves.chance_low[s, -1]):
        axes.axvspan(curves.chance_low[s, -1], curves.chance_high[s, -1], color=WASH, linewidth=0, zorder=0)
    axes.axvline(0.0, color=PALE, linewidth=0.6, zorder=1)
    for f, (name, (color, _, width)) in enumerate(zip(curves.fields, _styles(curves), strict=True)):
        rho, low, high = curves.rho[f, s, -1], curves.low[f, s, -1], curves.high[f, s, -1]
        axes.plot(
            [low, high], [place[f]] * 2, color=color, linewidth=1.0 + 0.5 * width, solid_capstyle="butt"
        )
        bare = f"{name}_averaged" in curves.fields
        axes.plot(
            [rho], [place[f]], "o", color=color, markersize=4.5, markerfacecolor="white" if bare else color
        )
    if np.isfinite(curves.ceiling[s, -1]):
        axes.axvline(curves.ceiling[s, -1], color="black", linewidth=1.0, linestyle=":")
        axes.text(
            curves.ceiling[s, -1] - 0.02,
            0.03,
            "noise ceiling",
            transform=axes.get_xaxis_transform(),
            rotation=90,
            fontsize=SMALL,
            ha="right",
            va="bottom",
        )
    axes.set_yticks(place, [field_label(name) for name in curves.fields])
    axes.set_ylim(-0.6, count - 0.4)
    values = np.concatenate([np.ravel(a) for a in (curves.rho, curves.low, curves.high, curves.ceiling)])
    values = values[np.isfinite(values)]
    axes.set_xlim(min(float(values.min()), 0.0) - 0.06, max(float(values.max()), 0.0) + 0.06)
    symbol = r"Spearman's $\rho$" if curves.method == "spearman" else "Pearson's $r$"
    axes.set_xlabel(f"{symbol} with the propensity", fontsize=SIZE, labelpad=2)
