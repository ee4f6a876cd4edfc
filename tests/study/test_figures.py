"""The figures of a study: what is drawn are the numbers, and nothing is drawn of what is missing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from study.synthetic import MODELS, TIMES, TYPES, curves_of, nothing, study_results, without
from vitreous.plot import save_figure
from vitreous.plot.style import BLUE, OCHRE, RED
from vitreous.study.figures import study_figures
from vitreous.study.figures.correlations import neighbor_rules_figure, states_figure
from vitreous.study.figures.snapshots import deepest_states_figure
from vitreous.study.figures.structure import bond_order_figure, clusters_figure
from vitreous.study.figures.supercooling import supercooling_figure
from vitreous.study.supercooling import supercooling
from vitreous.study.tables import study_tables

OTHERS = ["claims", "predictors", "decline", "independence"]  # tables without a figure
STEMS = ["figure-2", "figure-3", "figure-4", "topological-clusters", "bond-order", "neighbor-rules"]


@pytest.fixture(autouse=True, scope="module")
def _quick(module_patch):
    """Small pictures."""
    module_patch.setattr("vitreous.study.figures.snapshots._LARGEST_PICTURE", 1.0)


@pytest.fixture(scope="module", name="results")
def _results():
    return study_results(states=3, snapshots=2, label="made up")


@pytest.fixture(scope="module", name="figures")
def _figures(results):
    return study_figures(results)


def line_of(axes, color, linestyle="-", points=TIMES, width=None):
    """The only curve of a colour, style and width, its x and y."""
    found = [
        line.get_xydata()
        for line in axes.lines
        if to_hex(line.get_color()) == color and line.get_linestyle() == linestyle and len(line.get_xdata()) == points
        and (line.get_linewidth() > 1.0 if width is None else line.get_linewidth() == width)
    ]  # fmt: skip
    (only,) = found
    return only


def missing(figure):
    return [text.get_text().replace("\n", " ") for axes in figure.axes for text in axes.texts
            if text.get_gid() == "missing"]  # fmt: skip


def saved(figure, folder):
    """Drawn to the end, without a warning."""
    figure.set_dpi(40)
    save_figure(figure, folder / "a.png")


def panels(figure):
    """Panels of curves."""
    return [axes for axes in figure.axes if axes.get_xscale() == "log"]


def test_names_sizes_and_label(figures):
    assert list(figures) == STEMS
    assert list(study_tables(nothing(MODELS[:1], 1, 1))) == ["states", *STEMS, *OTHERS, "steps"]
    for name, figure in figures.items():
        assert figure.get_dpi() == 300
        assert figure.get_size_inches()[0] * 2.54 == pytest.approx(18, abs=0.01)
        assert "made up" in [text.get_text() for text in figure.texts if text.get_gid() == "label"]
        letters = {text.get_text() for text in figure.texts if text.get_fontweight() == "bold"}
        count = {"figure-2": 12, "figure-3": 3, "topological-clusters": 3}.get(name, 6)
        assert letters == set("abcdefghijkl"[:count])
        assert not missing(figure)


def test_no_label():
    figure = clusters_figure(study_results(MODELS[:1], 1, 1))
    assert not [text for text in figure.texts if text.get_gid() == "label"]


def test_deepest_states(figures, results):
    found = panels(figures["figure-2"])
    assert len(found) == 3
    for axes, name, large in zip(found, MODELS, (0, 1, 0), strict=True):
        both = [curves_of(results, name, snapshot=k) for k in range(2)]
        mean, error = (np.mean([c.rho for c in both], axis=0), np.abs(both[0].rho - both[1].rho) / 2)
        for species, color in ((large, RED), (1 - large, BLUE)):
            averaged = line_of(axes, color)
            assert averaged[:, 0] == pytest.approx(both[0].times)
            assert averaged[:, 1] == pytest.approx(mean[1, species])
            assert line_of(axes, color, "--", width=1.1)[:, 1] == pytest.approx(mean[0, species])
            caged = line_of(axes, color, "--", width=1.3)[:, 1]
            assert caged == pytest.approx(mean[1, species] + 0.2)  # as it was made up
            bands = [band.get_paths()[0].vertices[:, 1] for band in axes.collections]
            assert any(all(np.isclose(band, y).any() for y in (mean + error)[1, species]) for band in bands)
            thin = [line.get_ydata() for line in axes.lines if line.get_linewidth() == 0.5]
            assert any(np.array_equal(line, both[0].rho[1, species]) for line in thin)
            ceiling = [line for line in axes.lines if line.get_linestyle() == ":"]
            assert ceiling[0].get_ydata() == pytest.approx(np.full(TIMES, np.sqrt(1.6 / 1.8)))
        tau = results.of(results.formers[MODELS.index(name)])[0].tau_alpha.value
        assert any(list(line.get_xdata()) == [tau, tau] for line in axes.lines)


def test_pictures_are_of_the_right_columns(results, monkeypatch):
    told = []

    def rendered(configuration, columns, *, pixels):
        told.append((configuration, columns))
        return np.zeros((len(columns), pixels, pixels, 4), np.uint8)

    monkeypatch.setattr("vitreous.study.figures.snapshots.render_snapshots", rendered)
    figure = deepest_states_figure(results)
    for former, (configuration, columns) in zip(results.formers, told, strict=True):
        state = results.of(former)[0]
        snapshot = state.snapshots[0]
        assert configuration is snapshot.revealed.configuration
        large = former.species.index("B" if former.name == "wahnstrom" else "A")
        best = int(np.argmax(state.pooled().rho[1, large]))
        expected = {
            tuple(snapshot.revealed.configuration.columns[name]) for name in ("p_red", "p_red_averaged")
        }
        assert {tuple(column) for column in columns} == expected | {tuple(snapshot.propensity.mean[best])}
    notes = [text.get_text() for text in figure.texts]
    assert sum(r"$\delta t$ = " in text and r"$\tau_\alpha$" in text for text in notes) == 3


def test_supercooling(figures, results):
    main = [axes for axes in figures["figure-3"].axes if axes.get_xscale() != "log"]
    assert len(main) == 3
    for axes, former in zip(main, results.formers, strict=True):
        found = supercooling(results.of(former))
        order = np.argsort(found.state_points)
        drawn = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) == 3]
        for values in (found.p_red, *found.others):
            expected = np.stack([found.state_points, values], axis=1)[order]
            assert any(np.array_equal(line, expected) for line in drawn)
        (inset,) = axes.child_axes
        assert inset.get_xscale() == "log"
        points = [line.get_xdata() for line in inset.lines if len(line.get_xdata()) == 3]
        assert any(np.array_equal(line, found.tau) for line in points)
        assert any(np.array_equal(line, found.diffusion_time) for line in points)
        (fit,) = (line for line in inset.lines if line.get_linestyle() == "-" and line.get_linewidth() == 0.8)
        assert np.log(fit.get_xdata()) == pytest.approx(11.0 - 14.0 * fit.get_ydata())
        error = found.fit.errors[1]
        decimals = max(0, -int(np.floor(np.log10(error))))
        slope = f"$b = {-14.0:.{decimals}f} \\pm {error:.{decimals}f}$"
        assert any(slope in text.get_text() for text in inset.texts)


@pytest.mark.parametrize("slope", [1.0, -1.0, 0.0])
def test_the_inset_covers_nothing(slope):
    results = study_results(MODELS[:1], states=5, snapshots=2)
    means = [0.5 + slope * 0.05 * k + 0.01 * np.arange(4.0).reshape(2, 2) for k in range(5)]
    states = [replace(one, mean_p_red=mean) for one, mean in zip(results.states, means, strict=True)]
    figure = supercooling_figure(replace(results, states=tuple(states)))
    figure.set_dpi(100)
    (axes,) = (axes for axes in figure.axes if axes.child_axes)
    figure.canvas.draw()
    box = axes.child_axes[0].get_tightbbox(figure.canvas.get_renderer())
    for line in axes.lines:
        x, y = line.get_data()
        dense = np.linspace(min(x), max(x), 200)
        places = axes.transData.transform(np.stack([dense, np.interp(dense, x, y)], axis=1))
        assert not [place for place in places if box.contains(*place)]
    frame = axes.get_window_extent()
    assert frame.x0 - 1 <= box.x0
    assert box.x1 <= frame.x1 + 1
    assert frame.y0 - 1 <= box.y0
    assert box.y1 <= frame.y1 + 1


def test_every_state(figures, results):
    found = panels(figures["figure-4"])
    assert len(found) == 6
    lightness = []
    for axes, (row, name) in zip(found, ((row, name) for row in range(2) for name in MODELS), strict=True):
        species = (0, 1, 0)[MODELS.index(name)]
        species = 1 - species if row else species
        curves = [line for line in reversed(axes.lines) if len(line.get_xdata()) == TIMES]
        states = results.of(results.formers[MODELS.index(name)])
        pooled = [state.pooled() for state in states]
        drawn = {
            "-": [one.rho[one.fields.index("p_red_averaged"), species] for one in pooled],
            "--": [one.rho[one.fields.index("cage_averaged"), species] for one in pooled],
            ":": [one.ceiling[species] for one in pooled],
        }
        for style, expected in drawn.items():
            mine = [line for line in curves if line.get_linestyle() == style]
            assert [line.get_ydata().tolist() for line in mine] == [values.tolist() for values in expected]
            lightness.append([sum(line.get_color()[:3]) for line in mine])
        dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
        both = 2 * [state.tau_alpha.value for state in states]  # of P̄_red and of the cage order parameter
        assert sorted(dots) == pytest.approx(sorted(both))
    assert all(one == sorted(one) for one in lightness)


def test_clusters(figures, results):
    for axes, state in zip(figures["topological-clusters"].axes, results.states[::3], strict=True):
        names = [label.get_text() for label in axes.get_yticklabels()]
        assert set(names) == set(TYPES[:4])
        widths = [bar.get_width() for bar in axes.patches]
        assert widths == sorted(widths, reverse=True)
        for bar in axes.patches:
            assert to_hex(bar.get_facecolor()) == (RED if bar.get_width() > 0 else "#ffffff")
        one = [row.p_red.rho for snapshot in state.snapshots
               for row in snapshot.explained.explanations[0].cluster_correlations
               if (row.type, row.group) == (names[0], "all")]  # fmt: skip
        assert widths[0] == pytest.approx(np.mean(one))
    assert any("left out" in text.get_text() and "rare, none" in text.get_text()
               for text in figures["topological-clusters"].texts)  # fmt: skip


def test_bond_order(figures, results):
    for column, state in enumerate(results.states[::3]):
        upper, lower = figures["bond-order"].axes[2 * column : 2 * column + 2]
        rows = [one.explained.explanations[0].bond_order[0] for one in state.snapshots]
        drawn = [line.get_ydata() for line in upper.lines if len(line.get_ydata()) == 8]
        for color in ("white", "red"):
            mean = np.mean([getattr(row, color).mean for row in rows], axis=0)
            assert any(np.allclose(line, mean) for line in drawn)
        heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in lower.patches}
        contrast = np.mean([row.contrast for row in rows], axis=0)
        assert [heights[l] for l in range(1, 9)] == pytest.approx(contrast)


def test_neighbor_rules(figures, results):
    for axes, name, large in zip(panels(figures["neighbor-rules"])[:3], MODELS, (0, 1, 0), strict=True):
        for rule, color in (("sann", BLUE), ("cutoff", OCHRE)):
            mean = np.mean([curves_of(results, name, snapshot=k, rule=rule).rho for k in range(2)], axis=0)
            assert line_of(axes, color)[:, 1] == pytest.approx(mean[1, large])
            assert line_of(axes, color, "--")[:, 1] == pytest.approx(mean[0, large])


def test_nothing_is_made(tmp_path):
    figures = study_figures(nothing(MODELS[:2], 2, 1))
    counts = {"figure-2": 8, "figure-3": 2, "figure-4": 4, "topological-clusters": 2, "bond-order": 4,
              "neighbor-rules": 4}  # fmt: skip
    for name, figure in figures.items():
        said = missing(figure)
        assert len(said) == counts[name], name
        assert all("is not made yet" in text or "are not made yet" in text for text in said)
    saved(figures["figure-2"], tmp_path)


@pytest.mark.parametrize(
    ("part", "drawn", "said"),
    [
        ("revealed", deepest_states_figure, "the order parameter of snapshot 1 is not made yet"),
        ("propensity", deepest_states_figure, "the propensity of snapshot 1 is not made yet"),
        ("curves", deepest_states_figure, "the δt of the best correlation is not known yet"),
        ("curves", states_figure, "the correlation with the propensity is not made yet"),
        ("curves", neighbor_rules_figure, "the correlation with the propensity is not made yet"),
        ("explained", clusters_figure, "topological clusters are not made yet"),
        ("explained", bond_order_figure, "the bond order of red and white particles is not made yet"),
        (
            "mean_p_red",
            supercooling_figure,
            "⟨P_red⟩ of the order parameter of the deepest state is not made yet",
        ),
    ],
)
def test_what_is_missing_is_said(part, drawn, said, tmp_path):
    figure = drawn(without(study_results(MODELS[1:2], 2, 1), part))
    assert said in missing(figure)
    saved(figure, tmp_path)


def test_no_times(tmp_path):
    """Without relaxation times nothing is marked, and there is no inset."""
    results = without(study_results(MODELS[:1], 3, 1), "relaxation")
    figure = states_figure(results)
    assert not [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    figure = supercooling_figure(results)
    (inset,) = figure.axes[0].child_axes
    assert inset.texts[0].get_text().replace("\n", " ") == "neither τ_α nor τ_D is known"
    saved(figure, tmp_path)


@pytest.mark.parametrize(("models", "states", "snapshots"), [(1, 1, 1), (2, 7, 3)])
def test_any_number_of_models_states_and_snapshots(models, states, snapshots, tmp_path):
    results = study_results(MODELS[:models], states, snapshots)
    for draw in (deepest_states_figure, supercooling_figure, states_figure):
        figure = draw(results)
        assert figure.get_size_inches()[0] * 2.54 < 18
        saved(figure, tmp_path)


def test_nothing_is_drawn_of_cages_where_nothing_is_caged():
    results = study_results(MODELS[:1], 1, 1)
    for rule, curves in results.states[0].snapshots[0].curves.items():
        curves.rho[curves.fields.index("cage_averaged")] = np.nan
        results.states[0].snapshots[0].curves[rule] = curves
    for draw in (deepest_states_figure, states_figure):
        figure = draw(results)
        named = [text.get_text() for text in figure.legends[0].get_texts()]
        assert named
        assert not [name for name in named if "cage" in name]
        assert all(np.isfinite(line.get_ydata()).all() for axes in panels(figure) for line in axes.lines)


def test_curves_that_are_nan():
    """A quantity that is constant has no correlation."""
    states = study_results(MODELS[:1], 1, 1)
    curves = curves_of(states, "hard-spheres")
    curves.rho[:] = curves.low[:] = curves.high[:] = curves.half[:] = np.nan
    figure = deepest_states_figure(states)
    assert missing(figure) == ["the δt of the best correlation is not known yet"]


def test_no_display_is_needed():
    code = "import sys, vitreous.study.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
