"""The figure of a model's pairs: energy and force against distance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from vitreous.plot.style import CM, PAGE, PALE, SIZE, SMALL, frame, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vitreous.glassformers import Units
    from vitreous.jobs.examine_model import PairCurve

__all__ = ["potential_figure"]

_HEIGHT = 7.0 * CM
# The axis reaches so far below the lowest value, and so many times higher than it is deep.
_DEEPER, _HIGHER = 0.15, 1.5
_WELL = 1e-4  # of the highest value: less deep is no well
_NEAR = 1.25  # in units of the nearest distance: where there is no well, curves are seen whole from there on


def potential_figure(curves: Sequence[PairCurve], units: Units, title: str) -> Figure:
    """Energies on the left, forces on the right, a line for each pair of species.

    The axes show the wells; where there are none, as much of the repulsion as particles feel in a liquid.

    Parameters
    ----------
    curves : sequence of PairCurve
    units : Units
    title : str

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide at 300 dots per inch; free of pyplot's global state. `save_figure` writes it.
    """
    from matplotlib import colormaps

    figure = new_figure(PAGE * CM, _HEIGHT)
    colors = colormaps["plasma"](np.linspace(0.0, 0.85, len(curves)))
    for left, name, label in (
        (0.08, "energy", f"energy / {_formula(units.energy)}"),
        (0.58, "force", f"force / ({_formula(units.energy)}/{_formula(units.length)})"),
    ):
        axes = figure.add_axes((left, 0.16, 0.40, 0.72))
        for curve, color in zip(curves, colors, strict=True):
            axes.plot(curve.distance, getattr(curve, name), color=color, linewidth=1.2, label=curve.pair)
        axes.axhline(0.0, color=PALE, linewidth=0.6, zorder=0)
        values = np.concatenate([getattr(curve, name) for curve in curves])
        near = [getattr(one, name)[one.distance > _NEAR * one.distance[0]].max() for one in curves]
        depth = -float(values.min())
        top = _HIGHER * depth if depth > _WELL * float(values.max()) else float(max(near))
        axes.set_ylim(-depth - _DEEPER * max(depth, 0.1 * top), top)
        axes.set_xlim(min(curve.distance[0] for curve in curves), max(curve.distance[-1] for curve in curves))
        axes.set_xlabel(f"distance / {_formula(units.length)}", fontsize=SIZE)
        axes.set_ylabel(label, fontsize=SIZE)
        frame(axes)
    figure.axes[0].legend(frameon=False, fontsize=SMALL, handlelength=1.4)
    figure.text(0.08, 0.93, title, fontsize=SIZE, fontweight="bold", va="baseline")
    return figure


def _formula(unit: str) -> str:
    """A unit with its index below the line: "σ_AA" as mathematics, "Å" as it is."""
    return re.sub(r"([^\W_])_(\w+)", r"$\1_{\2}$", unit)
