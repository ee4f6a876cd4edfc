"""One style for all figures: no file has colours of its own, and those of the documentation look the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vitreous.plot import style

ROOT = Path(__file__).parents[2]
FIGURES = [
    path
    for folder in ("plot", "study/figures")
    for path in sorted((ROOT / "src" / "vitreous" / folder).glob("*.py"))
    if path.name not in ("style.py", "colors.py")
]


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.name)
def test_colours_and_resolution_come_from_the_style(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{6}\b", text)
    assert not re.findall(r"dpi=\d|FigureCanvasAgg\(", text)


def test_the_documentation_has_the_same_style():
    lines = (ROOT / "docs" / "figures.mplstyle").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    colors = [f"#{color}" for color in re.findall(r"[0-9a-f]{6}", told["axes.prop_cycle"])]
    assert colors == [style.BLUE, style.RED, style.OCHRE, style.GREY, style.BLACK]
    assert float(told["font.size"]) == style.SIZE
    assert float(told["figure.figsize"].split(",")[0]) == pytest.approx(style.PAGE * style.CM, abs=0.05)


def test_frames():
    figure = style.new_figure(2.0, 1.0)
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    style.frame(axes, top=False)
    assert figure.dpi == style.DPI
    assert {spine.get_linewidth() for spine in axes.spines.values()} == {0.6}
    ticks = axes.xaxis.get_tick_params(which="major")
    assert (ticks["direction"], ticks["top"]) == ("in", False)
