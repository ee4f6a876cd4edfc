"""The figure of an equilibration run: F_s after two waiting times, and the drift of pressure or energy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vitreous.formatting import with_error
from vitreous.plot.style import CM, GREY, PAGE, PALE, RED, SIZE, SMALL, WASH, frame, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.simulate.equilibration_report import EquilibrationReport

__all__ = ["equilibration_figure"]

_HEIGHT = 7.2 * CM
_LINE = 1.2


def equilibration_figure(report: EquilibrationReport) -> Figure:
    """F_s from both waiting times with its relaxation times, and the last stages of pressure or energy.

    Bands are one standard error wide to either side. On the right each point is the mean over 1/32 of a stage;
    the scale is that of the last two stages, earlier blocks outside it are not shown.

    Parameters
    ----------
    report : EquilibrationReport
        From `check`.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.
    """
    figure = new_figure(PAGE * CM, _HEIGHT)
    left = figure.add_axes((0.075, 0.245, 0.40, 0.675))
    right = figure.add_axes((0.58, 0.245, 0.40, 0.675))
    _scattering(left, report)
    _drift(right, report)
    for axes, letter in ((left, "a"), (right, "b")):
        frame(axes)
        axes.set_title(letter, loc="left", fontsize=SIZE + 1, fontweight="bold", pad=4)
    verdict = figure.text(0.075, 0.045, report.verdict, fontsize=SIZE, fontweight="bold", va="baseline")
    figure.canvas.draw()
    end = verdict.get_window_extent().x1 / figure.bbox.width
    figure.text(end + 0.008, 0.045, _summary(report), fontsize=SMALL, va="baseline")
    return figure


def _scattering(axes: Axes, report: EquilibrationReport) -> None:
    halves = ((report.ageing.first, GREY, "o"), (report.ageing.second, RED, "s"))
    axes.axhline(math.exp(-1.0), color=PALE, linewidth=0.7, linestyle=(0, (5, 3)), zorder=1)
    for half, color, marker in halves:
        axes.fill_between(
            half.time, half.value - half.error, half.value + half.error, color=color, alpha=0.22, linewidth=0
        )
        tau = half.relaxation
        label = f"$t_\\mathrm{{w}}$ = {half.waiting_time:,.4g}"
        if tau.found:
            label += f":  $\\tau_{{1/\\mathrm{{e}}}}$ = {with_error(tau.value, tau.error)}"
        axes.plot(half.time, half.value, color=color, linewidth=_LINE, label=label)
        if tau.found:
            axes.plot([tau.value], [math.exp(-1.0)], marker, color=color, markersize=4.5, markeredgecolor="white",
                      markeredgewidth=0.6, zorder=4)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(report.ageing.first.time[0], report.ageing.first.time[-1])
    axes.set_ylim(min(0.0, min(float(half.value.min()) for half, *_ in halves) - 0.02), 1.02)
    axes.text(0.025, math.exp(-1.0) + 0.015, "1/e", transform=axes.get_yaxis_transform(), fontsize=SMALL,
              color=GREY)  # fmt: skip
    axes.set_xlabel("time difference $t$", fontsize=SIZE, labelpad=2)
    axes.set_ylabel(f"$F_s(q, t)$,  $q$ = {report.wave_number:.4g}", fontsize=SIZE)
    axes.legend(loc="lower left", frameon=False, fontsize=SMALL, handlelength=1.4, borderaxespad=0.6)


def _drift(axes: Axes, report: EquilibrationReport) -> None:
    drift = report.drift
    known = math.isfinite(report.tau_1e)
    unit = report.tau_1e if known else 1.0
    times, means = report.block_times / unit, report.block_means
    begin, end = drift.begin / unit, drift.end / unit
    last = report.block_times > drift.begin
    axes.axvspan(begin, end, color=WASH, linewidth=0, zorder=0)
    axes.plot(times[~last], means[~last], "o", color=PALE, markersize=2.2, markeredgewidth=0)
    axes.plot(times[last], means[last], "o", color=GREY, markersize=2.8, markeredgewidth=0)
    line = np.linspace(drift.begin, drift.end, 65)
    middle = 0.5 * (drift.begin + drift.end)
    spread = drift.error * np.abs(line - middle)
    axes.fill_between(line / unit, drift.at(line) - spread, drift.at(line) + spread, color=RED, alpha=0.22,
                      linewidth=0)  # fmt: skip
    axes.plot(line / unit, drift.at(line), color=RED, linewidth=_LINE)
    recent = means[-64:]
    low, high = min(recent.min(), drift.at(line).min()), max(recent.max(), drift.at(line).max())
    room = 0.12 * (high - low) if high > low else 0.1 * abs(high) + 1e-12
    axes.set_ylim(low - room, high + 2.0 * room)
    axes.set_xlim(0.0, end)
    axes.text(0.5 * (begin + end), 0.955, "last stage", transform=axes.get_xaxis_transform(), ha="center",
              va="top", fontsize=SMALL, color=GREY)  # fmt: skip
    axes.set_xlabel(
        "time since the beginning / $\\tau_{1/\\mathrm{e}}$" if known else "time since the beginning",
        fontsize=SIZE,
        labelpad=2,
    )
    axes.set_ylabel(
        "pressure" if report.quantity == "pressure" else "potential energy per particle", fontsize=SIZE
    )
    axes.ticklabel_format(axis="y", useOffset=False, scilimits=(-2, 4))
    axes.locator_params(axis="y", nbins=6)


def _summary(report: EquilibrationReport) -> str:
    """One line of numbers behind the verdict."""
    ageing, drift = report.ageing, report.drift
    parts = []
    if ageing.relaxation.found:
        parts.append(f"{report.duration_in_tau_1e:.1f} $\\tau_{{1/\\mathrm{{e}}}}$ in total")
    if math.isfinite(ageing.log_ratio):
        parts.append(f"slowing down × {ageing.factor:.2f} ({_errors(ageing.significance)})")
    parts.append(f"drift {100 * drift.relative:+.2g} % ({_errors(drift.significance)})".replace("-", "−"))
    parts.append(f"{100 * report.crystalline_at_end:.1f} % crystalline")
    return "   ·   ".join(parts)


def _errors(significance: float) -> str:
    return f"{significance:+.1f} s.e.".replace("-", "−")
