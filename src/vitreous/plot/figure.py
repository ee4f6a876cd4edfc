"""Figures for a paper: one snapshot coloured by several quantities side by side, with colour bars."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration, Diameters
from vitreous.errors import FileError, InputError
from vitreous.io.atomic import atomic_path
from vitreous.plot import style
from vitreous.plot.camera import Camera
from vitreous.plot.colors import red_colormap, two_sigma_limits
from vitreous.plot.snapshot import render_snapshots
from vitreous.plot.style import CM, PAGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["save_figure", "snapshot_figure"]

_WIDEST_PANEL = 9.0 * CM
_GAP = 0.12
_TITLE_HEIGHT = 0.30
_BAR_HEIGHT = 0.60
_TITLE_SIZE = 10
_LABEL_SIZE = 7.5
_SUFFIXES = (".pdf", ".png", ".svg")


def snapshot_figure(
    configuration: Configuration,
    panels: Mapping[str, ArrayLike],
    *,
    diameters: Diameters | None = None,
    camera: Camera | None = None,
) -> Figure:
    r"""Pictures of one snapshot side by side, each coloured by another quantity with its own limits.

    Parameters
    ----------
    configuration : Configuration
        N particles in any box.
    panels : mapping of title to (N,) array_like
        From left to right. Titles may hold mathematics, as in ``r"$\bar P_\mathrm{red}$"``. Each
        quantity is dark red from its mean + 2 s.d., white up to its mean - 2 s.d., and grey where it is NaN.
    diameters : (N,) array_like, float or mapping from species label, optional
        As in `render_snapshot`.
    camera : Camera, optional
        As in `render_snapshot`.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide (9 cm for a single panel) at 300 dots per inch; free of pyplot's global state.

    Raises
    ------
    InputError
        If there is no panel, or values or diameters do not fit the configuration.
    """
    if not panels:
        raise InputError("panels: give at least one title with its values")
    count = len(panels)
    panel = min(_WIDEST_PANEL, (PAGE * CM - _GAP * (count - 1)) / count)
    pixels = int(panel * style.DPI)
    images = render_snapshots(
        configuration, list(panels.values()), diameters=diameters, pixels=pixels, camera=camera
    )
    # Everything is placed on whole pixels, so that pictures are shown dot for dot.
    gap, title, bar = (round(part * style.DPI) for part in (_GAP, _TITLE_HEIGHT, _BAR_HEIGHT))
    width = count * pixels + (count - 1) * gap
    picture = images[0].shape[0]
    height = bar + picture + title
    figure = style.new_figure(width / style.DPI, height / style.DPI)
    for k, (name, values) in enumerate(panels.items()):
        left = k * (pixels + gap)
        rows, columns = images[k].shape[:2]
        inset = (pixels - columns) // 2
        axes = figure.add_axes(
            ((left + inset) / width, bar / height, columns / width, rows / height), frameon=False
        )
        axes.imshow(images[k], aspect="auto")
        axes.set_axis_off()
        figure.text(
            (left + pixels / 2) / width,
            (bar + picture + 0.35 * title) / height,
            name,
            ha="center",
            va="baseline",
            fontsize=_TITLE_SIZE,
        )
        _color_bar(
            figure.add_axes(
                (
                    (left + 0.17 * pixels) / width,
                    0.66 * bar / height,
                    0.66 * pixels / width,
                    0.15 * bar / height,
                )
            ),
            np.asarray(values, dtype=np.float64),
        )
    return figure


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as PNG, PDF or SVG, by the suffix of the path; whole or not at all.

    Raises
    ------
    FileError
        If the suffix is none of these, or the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _SUFFIXES:
        raise FileError(
            f"{path}: pictures are written as {', '.join(_SUFFIXES)}; choose one of these suffixes"
        )
    with atomic_path(path) as temporary:
        # A third of the time that zlib's default takes, for a file 11 % larger.
        options: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if suffix == ".png" else {}
        figure.savefig(temporary, format=suffix[1:], dpi=figure.dpi, **options)


def _color_bar(axes: Axes, values: NDArray[np.float64]) -> None:
    """A horizontal colour bar with its ends and middle labelled by number and meaning."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colorbar import Colorbar
    from matplotlib.colors import Normalize

    low, high = two_sigma_limits(values)
    if not low < high:
        _single_color(axes, low)
        return
    bar = Colorbar(
        axes,
        ScalarMappable(Normalize(low, high), red_colormap()),
        orientation="horizontal",
        extend="both",
        extendfrac=0.045,
    )
    middle = (low + high) / 2
    texts = _tick_numbers([low, middle, high])
    meanings = ("mean − 2 s.d.", "mean", "mean + 2 s.d.")
    bar.set_ticks(
        [low, middle, high],
        labels=[f"{text}\n{meaning}" for text, meaning in zip(texts, meanings, strict=True)],
    )
    bar.ax.tick_params(labelsize=_LABEL_SIZE, length=2.5, width=0.5, pad=2)
    bar.outline.set_linewidth(0.5)


def _single_color(axes: Axes, value: float) -> None:
    """In place of a colour bar where all values are the same, or none is a number."""
    axes.set_axis_off()
    text = "no values" if np.isnan(value) else f"all particles: {value:.4g}"
    axes.text(0.5, 0.5, text, ha="center", va="center", fontsize=_LABEL_SIZE, transform=axes.transAxes)


def _tick_numbers(values: list[float]) -> list[str]:
    """Numbers with as many decimals as tell them apart to a few percent of their range."""
    span = max(values) - min(values)
    if not 1e-4 <= span < 1e5 or max(abs(value) for value in values) > 1e6 * span:
        return [f"{value:.3g}".replace("-", "−") for value in values]
    decimals = max(0, int(1 - np.floor(np.log10(span / 5))))
    texts = [f"{value:.{decimals}f}" for value in values]
    return [("0" if float(text) == 0 else text).replace("-", "−") for text in texts]
