"""The figure of what red and white particles are made of."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex

import vitreous as vt
from vitreous.errors import InputError
from vitreous.plot import save_figure
from vitreous.plot.explanation import explanation_figure


@pytest.fixture(autouse=True, scope="module")
def _quick(module_patch):
    """A rougher interval."""
    module_patch.setattr("vitreous.correlation.chance._TRANSLATIONS", 30)


@pytest.fixture(scope="module", name="clusters")
def _clusters(hard_spheres):
    """Types of every kind: with red, with white, with neither, rare, in all, in none."""
    order = vt.averaged_bond_order(vt.sann(hard_spheres)).sum(axis=1)
    rare, indifferent = np.zeros((2, 2000), bool)
    rare[:4] = True
    indifferent[np.argsort(order)[::3]] = True
    membership = {
        "none": np.zeros(2000, bool),
        "any": indifferent,
        "rare": rare,
        "ordered": order > np.quantile(order, 0.6),
        "every": np.ones(2000, bool),
        "disordered": order < np.quantile(order, 0.2),
    }
    return SimpleNamespace(types=tuple(membership), membership=np.array(list(membership.values())).T)


@pytest.fixture(scope="module", name="both")
def _both(hard_spheres, clusters):
    return [
        vt.explain(hard_spheres, vt.OrderParameter(reducer="pca", neighbors=rule), clusters=clusters)
        for rule in ("sann", "cutoff")
    ]


@pytest.fixture(scope="module", name="figure")
def _figure(both):
    return explanation_figure(both)


def bars(figure, column=0):
    """Length and colour of the bar of each type, from above."""
    return {
        label.get_text(): (patch.get_width(), to_hex(patch.get_facecolor()))
        for label, patch in zip(figure.axes[0].get_yticklabels(), figure.axes[column].patches, strict=True)
    }


def test_a_column_for_each_model(figure, both):
    assert figure.get_dpi() == 300
    assert figure.get_size_inches()[0] * 2.54 == pytest.approx(17)
    assert len(figure.axes) == 8
    texts = [text.get_text() for text in figure.texts]
    assert texts[:2] == [one.revelation.model.rule for one in both]
    assert texts[0].startswith("SANN")
    assert texts[1].startswith("neighbours within 1.")
    letters = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert set("abcdefgh") <= letters


def test_bars_are_sorted_and_have_their_colors(figure, both):
    for column, one in enumerate(both):
        found = bars(figure, column)
        assert set(found) == {"ordered", "any", "rare", "disordered"}
        for name, (width, color) in found.items():
            k = one.clusters.types.index(name)
            assert width == one.clusters.rho[0, 0, k]
            assert (color == "#d5d9dc") == (name in ("any", "rare"))
        assert found["disordered"][1] == "#ffffff"
        red = int(found["ordered"][1][1:3], 16)
        assert red > 2 * int(found["ordered"][1][3:5], 16)
    heights = [label.get_position()[1] for label in figure.axes[0].get_yticklabels()]
    assert heights == sorted(heights, reverse=True)
    widths = [width for width, _ in bars(figure).values()]
    assert widths == sorted(widths, reverse=True)


def test_what_has_no_bar_is_named(figure):
    assert figure.texts[-1].get_text() == "in no particle: none\nin every particle: every"


def test_shares_of_members(figure):
    beside = [text.get_text() for text in figure.axes[1].texts]
    assert beside[beside.index("members") - 4 : beside.index("members")][0] == "40 %"
    assert "20 %" in beside
    assert "0.2 %" in beside


def test_nothing_is_out_of_sight(figure):
    for axes in figure.axes:
        low, high = axes.get_ylim()
        left, right = axes.get_xlim()
        for line in axes.lines:
            x, y = (np.asarray(values, dtype=float) for values in line.get_data())
            x, y = x[np.isfinite(x)], y[np.isfinite(y)]
            if len(x) and len(y):
                assert low <= y.min() <= y.max() <= high or line.get_transform() != axes.transData
                assert left <= x.min() <= x.max() <= right or line.get_transform() != axes.transData


def test_points_are_the_numbers(figure, both):
    for column, one in enumerate(both):
        relevance = one.relevance["all species"]
        panels = figure.axes[column::2][1:]
        drawn = [[line.get_ydata() for line in axes.lines] for axes in panels]

        def has(row, values, drawn=drawn):
            return any(len(line) == len(values) and np.array_equal(line, values) for line in drawn[row])

        assert has(0, one.mean[0, 0])
        assert has(0, one.mean[0, 1])
        assert has(1, 1 - relevance.shuffled_agreement)
        assert has(1, 1 - relevance.dropped_agreement)
        assert has(2, relevance.shuffled_loss)
        assert has(2, relevance.held_loss)


def test_one_model(both, tmp_path):
    figure = explanation_figure(both[:1])
    assert len(figure.axes) == 4
    assert figure.get_size_inches()[0] * 2.54 == pytest.approx(10)
    save_figure(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 20_000


def test_a_chain_for_each_species(hard_spheres, clusters):
    model = vt.OrderParameter(reducer="pca", per_species=True)
    figure = explanation_figure([vt.explain(hard_spheres, model, clusters=clusters)])
    legend = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert {"shuffled, A", "shuffled, B", "left out, A", "left out, B"} <= set(legend)


def test_no_type_with_a_bar(both, tmp_path):
    empty = SimpleNamespace(types=("none",), membership=np.zeros((2000, 1), bool))
    snapshot = both[0].revelation.configuration
    found = vt.explain(snapshot, both[0].revelation.model, clusters=empty)
    figure = explanation_figure([found])
    assert not figure.axes[0].patches
    save_figure(figure, tmp_path / "a.png")


def test_what_is_refused(both):
    with pytest.raises(InputError, match="at least one"):
        explanation_figure([])
    others = replace(both[1], clusters=replace(both[1].clusters, types=tuple("abcdef")))
    with pytest.raises(InputError, match="types of clusters differ"):
        explanation_figure([both[0], others])


def test_no_display_is_needed():
    code = "import sys, vitreous.plot.explanation; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
