"""How all figures look: resolution, widths, letters, colours, frames.

`docs/figures.mplstyle` says the same of the figures that the documentation draws for itself; a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vitreous.plot.colors import red_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "BLACK",
    "BLUE",
    "CM",
    "DPI",
    "GREEN",
    "GREY",
    "LIGHT",
    "OCHRE",
    "PAGE",
    "PALE",
    "RED",
    "SIZE",
    "SMALL",
    "TINY",
    "VIOLET",
    "WASH",
    "frame",
    "new_figure",
]

DPI = 300
CM = 1.0 / 2.54  # in inches
PAGE = 17.0  # width of the text of a page with two columns, in centimetres
SIZE, SMALL, TINY = 8.0, 6.5, 5.8  # of letters, in points

# Told apart by colour-blind eyes and in print.
RED = "#{:02x}{:02x}{:02x}".format(*red_table()[190])
BLUE, OCHRE, GREEN, VIOLET = "#2a6f97", "#b08900", "#4f772d", "#7a4e9c"
BLACK, GREY, PALE, LIGHT, WASH = "#20262b", "#5b6670", "#9aa3ab", "#d5d9dc", "#ebebe9"

_FRAME = 0.6  # points


def new_figure(width: float, height: float) -> Figure:
    """A white figure of so many inches, free of pyplot's global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def frame(axes: Axes, **ticks: Any) -> None:
    """Thin lines around a panel, ticks inside on all sides; `ticks` are arguments of ``tick_params``."""
    usual: dict[str, Any] = {
        "which": "both",
        "direction": "in",
        "top": True,
        "right": True,
        "labelsize": SMALL,
        "width": _FRAME,
    }
    axes.tick_params(**usual | ticks)
    for spine in axes.spines.values():
        spine.set_linewidth(_FRAME)
