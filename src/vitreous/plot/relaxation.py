"""The figure of a relaxation: S(q), scattering functions with their fits, and how far particles go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from vitreous.formatting import scientific_with_error, with_error
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
    VIOLET,
    frame,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.jobs.relax import Relaxation

__all__ = ["relaxation_figure"]

_HEIGHT = 13.2 * CM
_SPECIES = (RED, BLUE, OCHRE, GREEN, VIOLET)
_MARKERS = ("s", "D", "^", "v", "p")
_LINE = 1.1
_MARKER = 2.6
_LEGEND_TOP = 0.33  # of panel b, in units of F


def relaxation_figure(relaxation: Relaxation) -> Figure:
    """Four panels: S(q); F and F_s with their fits; mean squared displacement with D; non-Gaussian parameter.

    Points are what was measured, with their standard errors. A fit is solid in its window and dotted outside.
    With several species F_s and displacements are shown for each of them, else for all particles.

    Parameters
    ----------
    relaxation : Relaxation
        From `relax`.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.
    """
    figure = new_figure(PAGE * CM, _HEIGHT)
    left, right, width, height = 0.075, 0.585, 0.40, 0.375
    panels = [figure.add_axes((x, y, width, height)) for y in (0.59, 0.09) for x in (left, right)]
    draw = (_structure, _scattering, _displacement, _non_gaussian)
    for axes, letter, panel in zip(panels, "abcd", draw, strict=True):
        panel(axes, relaxation)
        frame(axes)
        axes.set_title(letter, loc="left", fontsize=SIZE + 1, fontweight="bold", pad=4)
    return figure


def _structure(axes: Axes, relaxation: Relaxation) -> None:
    structure = relaxation.structure
    q = structure.wave_number
    axes.axhline(1.0, color=PALE, linewidth=0.5, zorder=1)
    axes.axvline(relaxation.wave_number, color=PALE, linewidth=0.7, linestyle=(0, (5, 3)), zorder=1)
    if 1 < len(structure.partial) <= 6:
        pairs = (RED, OCHRE, BLUE, GREEN, VIOLET, GREY)
        for (pair, values), color in zip(structure.partial.items(), pairs, strict=False):
            axes.plot(q, values, color=color, linewidth=0.7, label=f"$S_{{{''.join(map(_math, pair))}}}$")
    low, high = structure.total - structure.error, structure.total + structure.error
    axes.fill_between(q, low, high, color=BLACK, alpha=0.2, linewidth=0)
    axes.plot(q, structure.total, color=BLACK, linewidth=_LINE, label="all", zorder=3)
    curves = [structure.total, *structure.partial.values()]
    top = 1.18 * max(float(values.max()) for values in curves)
    bottom = min(0.0, 1.12 * min(float(values.min()) for values in curves))
    axes.set_ylim(bottom, top)
    axes.set_xlim(0.0, float(q[-1]))
    axes.text(
        relaxation.wave_number + 0.012 * float(q[-1]),
        0.965,
        f"$q$ = {relaxation.wave_number:.4g}",
        transform=axes.get_xaxis_transform(),
        fontsize=SMALL,
        color=GREY,
        va="top",
    )
    axes.set_xlabel("wave number $q$", fontsize=SIZE, labelpad=2)
    axes.set_ylabel("$S(q)$", fontsize=SIZE)
    axes.legend(loc="upper right", frameon=False, fontsize=SMALL, handlelength=1.4, borderaxespad=0.6)


def _scattering(axes: Axes, relaxation: Relaxation) -> None:
    time = relaxation.scattering.time
    axes.axhline(math.exp(-1.0), color=PALE, linewidth=0.7, linestyle=(0, (5, 3)), zorder=1)
    axes.axhline(0.0, color=PALE, linewidth=0.5, zorder=1)
    lowest = 0.0
    for name, decay in relaxation.decays.items():
        if name == "F_s" and len(relaxation.self_by_species) > 1:
            continue
        color, marker = _look(None if name == "F" else name.removeprefix("F_s").strip(), relaxation)
        fit, value = decay.fit, decay.curve.value
        species = name.removeprefix("F_s").strip()
        symbol = "$F$" if name == "F" else f"$F_s^{{{_math(species)}}}$" if species else "$F_s$"
        if fit.found:
            label = (
                f"{symbol}: $\\tau_\\alpha$ = {with_error(fit.tau, fit.tau_error)}, $\\beta$ = {fit.beta:.2f}"
            )
            inside = np.geomspace(fit.begin, fit.end, 200)
            before, after = np.geomspace(time[0], fit.begin, 200), np.geomspace(fit.end, time[-1], 100)
            axes.plot(inside, fit.at(inside), color=color, linewidth=_LINE, zorder=3)
            for outside in (before, after):
                axes.plot(
                    outside, fit.at(outside), color=color, linewidth=0.7, linestyle=(0, (1, 1.6)), zorder=2
                )
        else:
            label = f"{symbol}: no fit"
        _points(axes, time, value, decay.curve.error, color, marker, label)
        lowest = min(lowest, float(value.min()))
    axes.set_xscale("log")
    axes.set_xlim(time[0] / 1.3, time[-1] * 1.3)
    axes.set_ylim(max(lowest - 0.03, -0.2), 1.04)
    axes.text(0.985, math.exp(-1.0) + 0.012, "1/e", transform=axes.get_yaxis_transform(), fontsize=SMALL,
              color=GREY, ha="right", va="bottom")  # fmt: skip
    axes.set_xlabel("time difference $t$", fontsize=SIZE, labelpad=2)
    axes.set_ylabel(f"$F(q, t)$,  $q$ = {relaxation.wave_number:.4g}", fontsize=SIZE)
    # Under the curves; where they fall early, behind them.
    low, high = axes.get_ylim()
    below = [np.flatnonzero(decay.curve.value < _LEGEND_TOP) for decay in relaxation.decays.values()]
    first = min((int(rows[0]) for rows in below if len(rows)), default=len(time) - 1)
    begin, end = np.log(axes.get_xlim())
    if math.log(time[first]) - begin > 0.55 * (end - begin):
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, (0.02 - low) / (high - low))}
    else:
        place = {"loc": "upper right"}
    axes.legend(frameon=False, fontsize=SMALL, handlelength=1.0, borderaxespad=0.4, **place)


def _displacement(axes: Axes, relaxation: Relaxation) -> None:
    if relaxation.motion is None:
        _without_displacements(axes)
        return
    time = relaxation.motion.time
    for name, motion in relaxation.motions.items():
        if name == "all" and len(relaxation.motion.by_species) > 1:
            continue
        color, marker = _look("" if name == "all" else name, relaxation)
        diffusion, curve = motion.diffusion, motion.mean_squared_displacement
        if diffusion.found:
            label = f"{name}: $D$ = {_power(diffusion.value, diffusion.error)}"
            inside = np.geomspace(diffusion.begin, diffusion.end, 200)
            axes.plot(inside, diffusion.at(inside), color=color, linewidth=_LINE, zorder=3)
            outside = np.geomspace(time[0], diffusion.begin, 200)
            axes.plot(outside, 6.0 * diffusion.value * outside, color=color, linewidth=0.7, zorder=2,
                      linestyle=(0, (1, 1.6)))  # fmt: skip
        else:
            label = f"{name}: not diffusive"
        _points(axes, time, curve.value, curve.error, color, marker, label)
    values = relaxation.motion.all.mean_squared_displacement.value
    positive = values[values > 0]
    axes.set_xscale("log")
    if len(positive):
        axes.set_yscale("log")
        axes.set_ylim(float(positive.min()) / 3.0, float(positive.max()) * 4.0)
    axes.set_xlim(time[0] / 1.3, time[-1] * 1.3)
    axes.set_xlabel("time difference $t$", fontsize=SIZE, labelpad=2)
    axes.set_ylabel(r"$\langle r^2(t) \rangle$", fontsize=SIZE, labelpad=1)
    axes.legend(loc="upper left", frameon=False, fontsize=SMALL, handlelength=1.0, borderaxespad=0.6)


def _non_gaussian(axes: Axes, relaxation: Relaxation) -> None:
    if relaxation.motion is None:
        _without_displacements(axes)
        return
    time = relaxation.motion.time
    axes.axhline(0.0, color=PALE, linewidth=0.5, zorder=1)
    for name, motion in relaxation.motions.items():
        if name == "all" and len(relaxation.motion.by_species) > 1:
            continue
        color, marker = _look("" if name == "all" else name, relaxation)
        curve = motion.non_gaussian
        axes.plot(time, curve.value, color=color, linewidth=0.5, alpha=0.6, zorder=2)
        _points(axes, time, curve.value, curve.error, color, marker, name)
    axes.set_xscale("log")
    axes.set_xlim(time[0] / 1.3, time[-1] * 1.3)
    axes.set_xlabel("time difference $t$", fontsize=SIZE, labelpad=2)
    axes.set_ylabel(r"non-Gaussian parameter $\alpha_2(t)$", fontsize=SIZE)
    axes.legend(loc="upper left", frameon=False, fontsize=SMALL, handlelength=1.0, borderaxespad=0.6)


def _without_displacements(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(
        0.5,
        0.5,
        "no displacements:\nthe positions do not follow the particles",
        transform=axes.transAxes,
        fontsize=SMALL,
        color=GREY,
        ha="center",
        va="center",
    )


def _points(
    axes: Axes,
    time: np.ndarray,
    value: np.ndarray,
    error: np.ndarray,
    color: str,
    marker: str,
    label: str,
) -> None:
    axes.errorbar(
        time,
        value,
        yerr=np.nan_to_num(error),
        fmt=marker,
        color=color,
        markersize=_MARKER,
        markerfacecolor="white",
        markeredgewidth=0.6,
        elinewidth=0.5,
        label=label,
        zorder=4,
    )


def _look(species: str | None, relaxation: Relaxation) -> tuple[str, str]:
    """Colour and marker of a species, of all particles (empty), or of the total (None)."""
    if species is None:
        return BLACK, "o"
    names = relaxation.trajectory.species_names
    k = names.index(species) if species in names else 0
    return _SPECIES[k % len(_SPECIES)], _MARKERS[k % len(_MARKERS)]


def _power(value: float, error: float) -> str:
    """A number with its error, with a power of ten where that is shorter."""
    return scientific_with_error(value, error, range(-2, 4), " × $10^{{{}}}$")


def _math(label: str) -> str:
    """A species label inside mathematical text."""
    return "\\mathrm{" + "".join(character for character in label if character.isalnum()) + "}"
