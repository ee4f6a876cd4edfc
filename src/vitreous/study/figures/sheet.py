"""The sheet on which figures of a study are drawn, in centimetres, and what all of them have in common."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from vitreous.plot.style import CM, DPI, GREY, LIGHT, SIZE, SMALL, TINY, frame, new_figure

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from vitreous.study.plan import State
    from vitreous.study.prediction import Shown

__all__ = ["Sheet", "log_axis", "say_missing", "state_text", "style", "tau_name"]

_WIDTH = 18.0  # of a page with two columns
_ACROSS = 3  # models in it
_SINGLE = 9.0  # of one of them
_LABEL_LINE = 0.3  # height of a line of the label
_LABEL_LETTERS = 9.0  # to a centimetre


class Sheet:
    """A figure with a column of panels for each model, measured in centimetres from its upper left corner.

    Everything is placed on whole pixels. Three columns fill the width of a page, 18 cm; fewer or more are each as wide
    as one of three; a single one has 9 cm.

    Parameters
    ----------
    columns : int
    height : float
        Centimetres, without the label.
    label : str
        Written over everything; may be empty.
    left, right : float
        Margins in centimetres.
    gap : float
        Between columns.

    Attributes
    ----------
    figure : Figure
        Free of pyplot's global state.
    width : float
        Centimetres.
    panel : float
        Width of a column in centimetres.
    """

    def __init__(
        self,
        columns: int,
        height: float,
        label: str,
        *,
        left: float = 1.25,
        right: float = 0.3,
        gap: float = 0.45,
    ) -> None:
        self.panel = (_WIDTH - left - right - (_ACROSS - 1) * gap) / _ACROSS
        self.width = left + right + columns * self.panel + (columns - 1) * gap
        if columns < 2:
            self.width = _SINGLE
            self.panel = _SINGLE - left - right
        lines = textwrap.wrap(label, int(self.width * _LABEL_LETTERS))
        self._top = _LABEL_LINE * len(lines) + (0.15 if lines else 0.0)
        self._left, self._gap = left, gap
        self._pixels = (round(self.width * CM * DPI), round((height + self._top) * CM * DPI))
        self.figure: Figure = new_figure(self._pixels[0] / DPI, self._pixels[1] / DPI)
        if lines:
            y = 1.0 - 0.12 * CM * DPI / self._pixels[1]
            self.figure.text(
                0.5, y, "\n".join(lines), ha="center", va="top", fontsize=TINY, color=GREY, gid="label"
            )

    def left(self, column: int) -> float:
        """Where a column begins."""
        return self._left + column * (self.panel + self._gap)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A panel, its upper left corner at (left, top)."""
        return self._place(self._across(left), self._down(top), self._across(width), self._across(height))

    def picture(self, column: int, top: float, room: float, image: NDArray[np.uint8]) -> Axes:
        """An image dot for dot, in the middle of a column and of a height."""
        rows, columns = image.shape[:2]
        left = self._across(self.left(column) + 0.5 * self.panel) - columns // 2
        upper = self._down(top) + (self._across(room) - rows) // 2
        axes = self._place(left, upper, columns, rows)
        axes.imshow(image, aspect="auto")
        axes.set_axis_off()
        return axes

    def text(self, x: float, y: float, text: str, **how: Any) -> None:
        """Text at a place."""
        self.figure.text(
            self._across(x) / self._pixels[0], 1.0 - self._down(y) / self._pixels[1], text, **how
        )

    def letter(self, x: float, y: float, number: int) -> None:
        """The letter of a panel, its base line on y."""
        name = ascii_lowercase[number % 26]
        name = name if number < 26 else ascii_lowercase[number // 26 - 1] + name
        self.text(x, y, name, fontsize=SIZE + 1.0, fontweight="bold", ha="left", va="baseline")

    def headers(self, y: float, states: Sequence[State]) -> None:
        """Name and state point over each column, their base line on y."""
        for column, state in enumerate(states):
            x = self.left(column) + 0.5 * self.panel
            name = f"{state.former.title}, {state_text(state)}"
            self.text(x, y, name, fontsize=SIZE, ha="center", va="baseline")

    def stroke(self, left: float, right: float, y: float, color: Any) -> None:
        """A short line, as in a legend."""
        from matplotlib.lines import Line2D

        across, down = self._pixels
        place = 1.0 - self._down(y) / down
        ends = [self._across(x) / across for x in (left, right)]
        self.figure.add_artist(
            Line2D(ends, [place, place], color=color, linewidth=2.0, solid_capstyle="butt")
        )

    def legend(self, y: float, handles: Sequence[Any], entry: float) -> None:
        """A legend in rows across the sheet, its upper edge at y, with entries at least so wide."""
        columns = -(-len(handles) // self.rows(len(handles), entry))
        self.figure.legend(
            handles=list(handles), loc="upper center", ncols=columns, fontsize=SMALL, frameon=False, borderpad=0.0,
            bbox_to_anchor=(0.5, 1.0 - self._down(y) / self._pixels[1]), handletextpad=0.5, columnspacing=1.4,
            borderaxespad=0.0, labelspacing=0.4,
        )  # fmt: skip

    def rows(self, count: int, entry: float) -> int:
        """Rows of a legend. In several of them columns are as wide as their widest entry, which takes more room."""
        if count * entry <= self.width - 0.4:
            return 1
        return -(-count // max(1, int((self.width - 0.4) / (1.25 * entry))))

    def _across(self, length: float) -> int:
        return round(length * CM * DPI)

    def _down(self, length: float) -> int:
        return round((length + self._top) * CM * DPI)

    def _place(self, left: int, upper: int, width: int, height: int) -> Axes:
        across, down = self._pixels
        return self.figure.add_axes(
            (left / across, 1.0 - (upper + height) / down, width / across, height / down)
        )


def state_text(state: State) -> str:
    """The state point as mathematics, for instance η = 0.58."""
    return f"${state.former.control.equation_formula(state.state_point)}$"


def tau_name(tau: Shown) -> str:
    """τ_α, or that it is where F_s falls to 1/e."""
    return r"$\tau_\alpha$" if tau.kind == "fit" else r"$\tau_{1/\mathrm{e}}$"


def style(axes: Axes) -> None:
    """Ticks and frame as in the other figures."""
    frame(axes, length=2.5)
    axes.tick_params(which="minor", length=1.5, width=0.4)


def log_axis(axes: Axes, low: float, high: float) -> None:
    """An axis of times, with a tick at every power of ten."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(LogLocator(10.0, numticks=20))
    axes.xaxis.set_minor_locator(LogLocator(10.0, subs=range(2, 10), numticks=20))
    axes.xaxis.set_minor_formatter(NullFormatter())


def say_missing(axes: Axes, text: str, letters: int = 30) -> None:
    """Leave a panel empty but for what is missing, in grey."""
    axes.text(
        0.5, 0.5, textwrap.fill(text, letters), transform=axes.transAxes, ha="center", va="center", fontsize=SMALL,
        color=GREY, gid="missing",
    )  # fmt: skip
    axes.tick_params(
        which="both", left=False, right=False, top=False, bottom=False, labelleft=False, labelbottom=False
    )
    for spine in axes.spines.values():
        spine.set(color=LIGHT, linewidth=0.6)
