"""The figure of the order parameter against supercooling, and against the times of relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vitreous.plot.style import BLACK, GREEN, PALE, RED, SIZE, TINY
from vitreous.study.figures.panels import handle
from vitreous.study.figures.sheet import Sheet, log_axis, say_missing, style
from vitreous.study.supercooling import ExponentialFit, Supercooling, supercooling

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vitreous.glassformers import GlassFormer
    from vitreous.study.results import StudyResults

__all__ = ["supercooling_figure"]

_HEIGHT, _TOP, _BOTTOM = 6.4, 1.15, 1.0
_INSET = (0.485, 0.36)  # width and height as shares of the panel, without its labels
_AROUND = (0.155, 0.155, 0.03, 0.125)  # room of its labels: left, below, right, above
_POINTS = 25  # along a line that must not cross the inset


def supercooling_figure(results: StudyResults) -> Figure:
    """⟨P_red⟩ of every state by the order parameter of the deepest, as the paper's Fig. 3.

    The paper is Boattini et al., Nat. Commun. 11, 5479 (2020). Red: the order parameter trained on snapshot 1 of the
    deepest state, unchanged; mean over the snapshots of each state with its standard error. Grey lines: those trained
    on its other snapshots. Insets: the same ⟨P_red⟩ against τ_α of the stretched exponential (green triangles) and
    τ_D (black circles), with standard errors; the line is the fit of `exponential_fit` to τ_α, and above it are its
    slope and the factor exp(rms deviation of ln τ).
    """
    formers = results.formers
    sheet = Sheet(len(formers), _TOP + _HEIGHT + _BOTTOM, results.plan.label, gap=0.95)
    found = [supercooling(results.of(former)) for former in formers]
    sheet.legend(0.15, _legend(found), 3.4)
    for k, (former, one) in enumerate(zip(formers, found, strict=True)):
        left = sheet.left(k)
        sheet.letter(left, _TOP - 0.1, k)
        sheet.text(
            left + 0.5 * sheet.panel, _TOP - 0.1, former.title, fontsize=SIZE, ha="center", va="baseline"
        )
        axes = sheet.axes(left, _TOP, sheet.panel, _HEIGHT)
        if not np.isfinite(one.p_red).any():
            say_missing(axes, "⟨P_red⟩ of the order parameter of the deepest state is not made yet")
            continue
        _main(axes, former, one, first=k == 0)
        corner = _make_room(axes, one, packing=former.control.deepens)
        _inset(axes, corner, former, one)
    return sheet.figure


def _main(axes: Axes, former: GlassFormer, one: Supercooling, first: bool) -> None:
    order = np.argsort(one.state_points)
    x = one.state_points[order]
    for others in one.others:
        axes.plot(x, others[order], color=PALE, linewidth=0.8, zorder=2)
    axes.errorbar(
        x, one.p_red[order], one.p_red_error[order], fmt="o-", color=RED, markersize=4.0, linewidth=1.2, elinewidth=0.9,
        capsize=1.8, capthick=0.9, zorder=4,
    )  # fmt: skip
    symbol = f"${former.control.formula}$" + (f" / {former.control.unit}" if former.control.unit else "")
    name = (
        f"{former.control.name} {symbol}  (deeper →)"
        if former.control.deepens
        else f"(← deeper)  {former.control.name} {symbol}"
    )
    axes.set_xlabel(name, fontsize=SIZE, labelpad=2)
    if first:
        axes.set_ylabel(r"$\langle P_\mathrm{red}\rangle$", fontsize=SIZE, labelpad=2)
    if len(x) == 1:
        axes.set_xticks(x)
    style(axes)


def _make_room(axes: Axes, one: Supercooling, packing: bool) -> tuple[float, float]:
    """Limits that leave a corner of the panel to the inset, and that corner, in shares of the panel."""
    x, low, high = _outline(one)
    span = float(np.ptp(x)) or 0.02 * abs(float(x[0])) or 1.0
    axes.set_xlim(x.min() - 0.09 * span, x.max() + 0.09 * span)
    across = (x - axes.get_xlim()[0]) / np.ptp(axes.get_xlim())
    height = float(high.max() - low.min()) or 0.1
    wide = _AROUND[0] + _INSET[0] + _AROUND[2]
    tall = _AROUND[1] + _INSET[1] + _AROUND[3]
    best: tuple[float, tuple[float, float], tuple[float, float]] | None = None
    for right in (packing, not packing):
        for up in (True, False):
            under = across >= 1.0 - wide if right else across <= wide
            # The share of the panel, below or above, that everything may fill: without and with the inset.
            bottom, top = float(low.min()) - 0.07 * height, float(high.max()) + 0.07 * height
            if under.any() and up:
                top = max(top, bottom + (float(high[under].max()) + 0.04 * height - bottom) / (1.0 - tall))
            elif under.any():
                bottom = min(bottom, top - (top - float(low[under].min()) + 0.04 * height) / (1.0 - tall))
            if best is None or top - bottom < 0.999 * best[0]:
                corner = (1.0 - _AROUND[2] - _INSET[0] if right else _AROUND[0],
                          1.0 - _AROUND[3] - _INSET[1] if up else _AROUND[1])  # fmt: skip
                best = (top - bottom, (bottom, top), corner)
    assert best is not None
    axes.set_ylim(best[1])
    axes.set_yticks(
        [tick for tick in axes.get_yticks() if max(best[1][0], -1e-9) <= tick <= min(best[1][1], 1.0 + 1e-9)]
    )
    return best[2]


def _outline(one: Supercooling) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Places along the panel, and lowest and highest of all that is drawn there, lines between points as well."""
    known = np.isfinite(one.p_red)
    order = np.argsort(one.state_points[known])
    x = one.state_points[known][order]
    error = np.nan_to_num(one.p_red_error[known][order])
    drawn = [one.p_red[known][order] + side * error for side in (-1.0, 1.0)]
    drawn += [others[known][order] for others in one.others]
    dense = np.linspace(x[0], x[-1], _POINTS) if len(x) > 1 else x
    values = np.array([np.interp(dense, x, np.nan_to_num(line, nan=float(drawn[0][0]))) for line in drawn])
    return dense, values.min(axis=0), values.max(axis=0)


def _inset(axes: Axes, corner: tuple[float, float], former: GlassFormer, one: Supercooling) -> None:
    inset = axes.inset_axes((*corner, *_INSET))
    style(inset)
    inset.tick_params(labelsize=TINY, pad=1.5)
    known = [
        (tau, error, marker, color)
        for tau, error, marker, color in (
            (one.tau, one.tau_error, "^", GREEN),
            (one.diffusion_time, one.diffusion_time_error, "o", BLACK),
        )
        if (np.isfinite(tau) & np.isfinite(one.p_red)).any()
    ]
    if not known:
        say_missing(inset, "neither τ_α nor τ_D is known", 18)
        return
    for tau, error, marker, color in known:
        inset.errorbar(
            tau, one.p_red, one.p_red_error, error, fmt=marker, color=color, markersize=3.2, elinewidth=0.7, zorder=3,
            markeredgewidth=0.0,
        )  # fmt: skip
    if one.fit.found:
        _line(inset, one.fit, one.p_red[np.isfinite(one.tau)])
        inset.annotate(
            _fit_text(one.fit), (0.5, 1.0), (0, 2.5), "axes fraction", textcoords="offset points", fontsize=TINY,
            color=GREEN, ha="center", va="bottom", linespacing=1.3,
        )  # fmt: skip
    _log_axis(inset, known)
    inset.set_xlabel(
        rf"$\tau_\alpha,\ \tau_D\;/\;{former.units.time_formula}$", fontsize=TINY, labelpad=1, color=BLACK
    )
    inset.set_ylabel(r"$\langle P_\mathrm{red}\rangle$", fontsize=TINY, labelpad=1)
    error = np.nan_to_num(one.p_red_error)
    low, high = np.nanmin(one.p_red - error), np.nanmax(one.p_red + error)
    room = 0.12 * max(float(high - low), 0.02)
    inset.set_ylim(low - room, high + room)
    inset.locator_params(axis="y", nbins=4)


def _fit_text(fit: ExponentialFit) -> str:
    """Slope with its error, and the factor by which points differ from the line."""
    decimals = max(0, -int(np.floor(np.log10(fit.errors[1])))) if fit.errors[1] > 0.0 else 1
    slope = f"{fit.b:.{decimals}f} \\pm {fit.errors[1]:.{decimals}f}"
    return f"$b = {slope}$\nrms: factor {np.exp(fit.deviation):.2f}"


def _log_axis(inset: Axes, known: list[tuple[NDArray[np.float64], NDArray[np.float64], str, str]]) -> None:
    times = np.concatenate([tau[np.isfinite(tau)] for tau, _, _, _ in known])
    low, high = float(times.min()) / 1.6, float(times.max()) * 1.6
    if np.floor(np.log10(high)) < np.ceil(np.log10(low)) + 1:  # two powers of ten at least
        low = min(low, 10 ** np.floor(np.log10(low)) / 1.2)
        high = max(high, 1.2 * 10 ** np.ceil(np.log10(high)))
    log_axis(inset, low, high)


def _line(inset: Axes, fit: ExponentialFit, p_red: NDArray[np.float64]) -> None:
    low, high = float(np.nanmin(p_red)), float(np.nanmax(p_red))
    reach = 0.08 * (high - low)
    y = np.array([low - reach, high + reach])
    inset.plot(fit.tau(y), y, color=GREEN, linewidth=0.8, zorder=2)


def _legend(found: list[Supercooling]) -> list[object]:
    entries = [
        handle(
            "order parameter of snapshot 1 of the deepest state", RED, width=1.2, marker="o", markersize=4.0
        )
    ]
    if any(len(one.others) for one in found):
        entries.append(handle("of its other snapshots", PALE, width=0.8))
    entries.append(handle(r"$\tau_\alpha$", GREEN, "none", marker="^", markersize=3.6, markeredgewidth=0.0))
    entries.append(handle(r"$\tau_D$", BLACK, "none", marker="o", markersize=3.6, markeredgewidth=0.0))
    entries.append(handle(r"$\tau_\alpha \propto \exp(b\,\langle P_\mathrm{red}\rangle)$", GREEN, width=0.8))
    return entries
