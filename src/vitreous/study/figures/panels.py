"""Panels of correlations against the time difference, as several figures of a study have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.plot.style import GREY, PALE, SIZE
from vitreous.study.figures.sheet import log_axis, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vitreous.glassformers import GlassFormer

__all__ = [
    "DASHED",
    "DASH_DOTTED",
    "LABEL",
    "band_and_line",
    "finish",
    "handle",
    "interpolated",
    "limits",
    "mark_time",
]

DASHED = (0, (3.2, 1.6))
DASH_DOTTED = (0, (6.0, 1.4, 1.2, 1.4))
LABEL = r"Spearman's $\rho$ with $D_i(\delta t)$"


def band_and_line(
    axes: Axes,
    times: NDArray[np.float64],
    rho: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    color: Any,
    linestyle: Any = "-",
    width: float = 1.3,
    zorder: float = 4.0,
) -> None:
    """A curve with its band of errors."""
    if np.isfinite(low).any():
        alpha = 0.18 if linestyle == "-" else 0.1
        axes.fill_between(times, low, high, color=color, alpha=alpha, linewidth=0, zorder=zorder - 1.0)
    axes.plot(times, rho, color=color, linestyle=linestyle, linewidth=width, zorder=zorder)


def interpolated(time: float, times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Value of a curve at a time, between its points along ln t; NaN outside of them."""
    if not (np.isfinite(time) and time > 0.0 and times[0] <= time <= times[-1]):
        return float("nan")
    return float(np.interp(np.log(time), np.log(times), values))


def limits(arrays: Sequence[ArrayLike]) -> tuple[float, float]:
    """Ends of the axis of ρ for all panels of a row, with 0 among them."""
    known = np.concatenate([np.zeros(1), *(np.ravel(np.asarray(array, np.float64)) for array in arrays)])
    known = known[np.isfinite(known)]
    low, high = float(known.min()), float(known.max())
    extra = 0.06 * max(high - low, 0.2)
    return max(low - extra, -1.02), min(high + extra, 1.04)


def finish(
    axes: Axes,
    former: GlassFormer,
    times: Sequence[NDArray[np.float64]],
    ends: tuple[float, float],
    *,
    first: bool,
    below: bool,
) -> None:
    """Axes, ticks and labels of a panel of curves."""
    axes.axhline(0.0, color=PALE, linewidth=0.5, zorder=1)
    log_axis(axes, min(one[0] for one in times), max(one[-1] for one in times))
    axes.set_ylim(ends)
    style(axes)
    axes.tick_params(labelleft=first, labelbottom=below)
    if first:
        axes.set_ylabel(LABEL, fontsize=SIZE, labelpad=3)
    if below:
        axes.set_xlabel(rf"$\delta t\;/\;{former.units.time_formula}$", fontsize=SIZE, labelpad=1)


def handle(label: str, color: Any, linestyle: Any = "-", width: float = 1.3, **how: Any) -> Any:
    """An entry of a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=color, linestyle=linestyle, linewidth=width, label=label, **how)


def mark_time(axes: Axes, time: float, text: str, ends: tuple[float, float]) -> None:
    """A dashed vertical line with its name at the bottom, unless it is outside."""
    if not axes.get_xlim()[0] <= time <= axes.get_xlim()[1]:
        return
    axes.axvline(time, color=GREY, linewidth=0.7, linestyle=(0, (5, 3)), zorder=1)
    left, right = axes.get_xlim()
    late = time > np.sqrt(left * right)
    axes.text(
        time, ends[0] + 0.03 * (ends[1] - ends[0]), f"{text} " if late else f" {text}",
        ha="right" if late else "left", va="bottom", fontsize=SIZE, color=GREY,
    )  # fmt: skip
