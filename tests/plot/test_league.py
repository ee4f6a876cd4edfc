"""The figure of a league: every number in its place, an order that no result decides, nothing on top of each other."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from leagues import made_up_league
from vitreous.errors import InputError
from vitreous.plot import save_figure
from vitreous.plot.league import _COLORS, league_figure
from vitreous.predictors.catalogue import GROUPS, PREDICTORS

ENERGIES = ("energy_thermal", "energy_mean", "energy_inherent")


@pytest.fixture(scope="module", name="league")
def _league():
    return made_up_league(groups=[1, 1, 2, 3])


@pytest.fixture(scope="module", name="figure")
def _figure(league):
    return league_figure(league)


def points(axes):
    """(x, y, filled) of the markers."""
    return [
        (line.get_xdata()[0], line.get_ydata()[0], line.get_markerfacecolor() != "white")
        for line in axes.lines
        if line.get_marker() == "o"
    ]


def labels(axes):
    """Names of rows with their heights, from above."""
    found = [(text.get_position()[1], text.get_text()) for text in axes.texts if text.get_position()[0] < 0]
    return [text for _, text in sorted(found, reverse=True)]


def overlaps(figure, texts):
    """Pairs of texts that lie on each other."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


def all_texts(figure):
    found = list(figure.texts)
    for legend in figure.legends:
        found += legend.get_texts()
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes._right_title]
    return found


def test_a_panel_for_each_species(figure):
    assert figure.get_dpi() == 300
    assert 16.9 < figure.get_size_inches()[0] * 2.54 < 17.1
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["species A (large)", "species B (small)"]
    assert "4 snapshots of 3 independent runs, intervals over independent runs" in figure.texts[-1].get_text()


def test_both_kernels_of_every_predictor(figure, league):
    for s, axes in enumerate(figure.axes):
        drawn = points(axes)
        assert len(drawn) == 2 * len(PREDICTORS)
        for kernel, filled in ((1, False), (2, True)):
            mine = sorted(((y, x) for x, y, full in drawn if full == filled), reverse=True)
            np.testing.assert_allclose([x for _, x in mine], league.correlation.value[:, kernel, s])


def test_intervals(figure, league):
    for s, axes in enumerate(figure.axes):
        drawn = [
            line.get_xdata()
            for line in axes.lines
            if line.get_marker() == "None" and len(line.get_xdata()) == 2
        ]
        found = league.correlation
        for ends in zip(found.low[:, 1:, s].ravel(), found.high[:, 1:, s].ravel(), strict=True):
            assert any(np.allclose(line, ends) for line in drawn)


def test_ceiling_and_reference(figure, league):
    p = league.predictors.index("p_red")
    for s, axes in enumerate(figure.axes):
        dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
        assert [line.get_xdata()[0] for line in dotted] == [pytest.approx(league.ceiling[s])]
        red = [
            line
            for line in axes.lines
            if line.get_linewidth() == 0.5 and line.get_color() == _COLORS["unsupervised"]
        ]
        assert [line.get_xdata()[0] for line in red] == [pytest.approx(league.correlation.value[p, 1, s])]


def test_rows_are_in_the_order_of_the_catalogue_whatever_the_results(figure):
    names = labels(figure.axes[0])
    assert [name for name in names if name in GROUPS.values()] == list(GROUPS.values())
    assert names[-2:] == ["supervised", "ridge to propensity †"]
    other = made_up_league(seed=9)
    assert labels(league_figure(other).axes[0]) == names
    assert not labels(figure.axes[1])


def test_what_needs_runs_is_marked(figure):
    marked = {name.removesuffix(" †") for name in labels(figure.axes[0]) if name.endswith("†")}
    assert "cage order parameter" in marked
    assert "energy, inherent" not in marked
    assert "† needs short runs" in {text.get_text() for text in figure.texts}


def test_colors_tell_the_groups(figure):
    colors = [to_rgba(line.get_color()) for line in figure.axes[0].lines if line.get_marker() == "o"]
    expected = [to_rgba(_COLORS[one.group]) for one in PREDICTORS for _ in range(2)]
    assert colors == expected


def test_no_text_lies_on_another(figure):
    assert not overlaps(figure, all_texts(figure))


def test_nothing_is_cut_off(figure):
    figure.canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    renderer = figure.canvas.get_renderer()
    for text in all_texts(figure):
        box = text.get_window_extent(renderer)
        if text.get_text():
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
            assert box.y0 >= 0, text
            assert box.y1 <= height, text


def several():
    return [
        made_up_league(liquid="hard-spheres", temperature=None, without=ENERGIES),
        made_up_league(),
        replace(made_up_league(1, liquid="wahnstrom", temperature=0.7), diameters=np.array([1.0, 1.2])),
    ]


def test_several_liquids(tmp_path):
    figure = league_figure(several())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [
        "Hard spheres, A (large)", "Kob–Andersen, $T$ = 0.44, A (large)", "Wahnström, $T$ = 0.7, B (large)",
        "Hard spheres, B (small)", "Kob–Andersen, $T$ = 0.44, B (small)", "Wahnström, $T$ = 0.7, A (small)",
    ]  # fmt: skip
    assert [text.get_text() for text in figure.axes[0].texts].count(" not there") == 3
    assert len(points(figure.axes[0])) == 2 * (len(PREDICTORS) - 3)
    assert len(points(figure.axes[1])) == 2 * len(PREDICTORS)
    assert not overlaps(figure, all_texts(figure))
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    np.testing.assert_allclose(
        sorted(x for x, _, full in points(figure.axes[2]) if full), sorted(several()[2].rho[0, :, 2, 1])
    )
    save_figure(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 20_000


def test_predictors_that_nobody_has_take_no_room():
    alone = league_figure(made_up_league(without=ENERGIES))
    assert "potential energy" not in labels(alone.axes[0])
    assert alone.get_size_inches()[1] < league_figure(made_up_league()).get_size_inches()[1]


def test_one_snapshot_and_no_ceiling():
    figure = league_figure(made_up_league(1, halves=False))
    assert "1 snapshot, intervals by translations" in figure.texts[-1].get_text()
    assert not [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert "noise ceiling" not in [text.get_text() for text in figure.legends[0].get_texts()]


def test_without_intervals():
    figure = league_figure(made_up_league(2, groups=[1, 1]))
    assert "2 snapshots of 1 independent run, no intervals" in figure.texts[-1].get_text()
    assert len(points(figure.axes[0])) == 2 * len(PREDICTORS)


def test_wide_intervals_do_not_squeeze_the_rest():
    wild = made_up_league(2)
    wild = replace(wild, rho=wild.rho * np.array([1.0, -0.2])[:, None, None, None])
    low, high = league_figure(wild).axes[0].get_xlim()
    assert -1.1 < low < 0.0 < high < 1.1


def test_what_is_refused():
    with pytest.raises(InputError, match="at least one"):
        league_figure([])


def test_no_display_is_needed():
    code = "import sys, vitreous.plot.league; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
