"""The figure of an equilibration run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from trajectories import WAVE_NUMBER, constant, particles, run
from vitreous.plot import save_figure
from vitreous.plot.equilibration import equilibration_figure
from vitreous.simulate.equilibrate import check


@pytest.fixture(scope="module")
def report():
    liquid = particles(200)
    return check(run(liquid), liquid, wave_number=WAVE_NUMBER)


@pytest.fixture(scope="module")
def figure(report):
    return equilibration_figure(report)


@pytest.fixture(scope="module")
def glass():
    liquid = particles(100)
    stages = run(liquid, longest=10.0, diffusion=lambda times: constant(times) / 100)
    return check(stages, liquid, wave_number=WAVE_NUMBER)


def texts(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_two_panels_and_a_line(figure, report):
    assert figure.get_dpi() == 300
    assert 16 < figure.get_size_inches()[0] * 2.54 < 18
    left, right = figure.axes
    assert left.get_xscale() == "log"
    assert "F_s" in left.get_ylabel()
    assert right.get_ylabel() == "pressure"
    assert "tau" in right.get_xlabel()
    assert figure.texts[0].get_text() == "equilibrated"
    assert "crystalline" in figure.texts[1].get_text()


def test_both_curves_and_their_relaxation_times(figure, report):
    left = figure.axes[0]
    halves = (report.ageing.first, report.ageing.second)
    curves = [line for line in left.lines if len(line.get_xdata()) == len(halves[0].time)]
    for half, curve, label in zip(halves, curves, texts(left), strict=True):
        np.testing.assert_array_equal(curve.get_ydata(), half.value)
        assert f"{half.waiting_time:,.4g}" in label
        assert f"{half.relaxation.value:.2f}"[:3] in label
    crossings = [line for line in left.lines if len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in crossings] == [half.relaxation.value for half in halves]


def test_the_drift_is_drawn_over_the_last_stage(figure, report):
    right = figure.axes[1]
    fit = right.lines[-1]
    ends = np.array([report.drift.begin, report.drift.end])
    np.testing.assert_allclose(fit.get_xdata()[[0, -1]] * report.tau_1e, ends)
    np.testing.assert_allclose(fit.get_ydata()[[0, -1]], report.drift.at(ends))
    low, high = right.get_ylim()
    assert low < report.block_means[-32:].min()
    assert high > report.block_means[-32:].max()


@pytest.mark.parametrize("which", ["report", "glass"])
def test_everything_is_on_the_page(which, request):
    figure = equilibration_figure(request.getfixturevalue(which))
    figure.canvas.draw()
    left, right = (axes.get_tightbbox() for axes in figure.axes)
    for extent in (left, right, *(text.get_window_extent() for text in figure.texts)):
        assert 0 <= extent.x0 < extent.x1 <= figure.bbox.x1
        assert 0 <= extent.y0 < extent.y1 <= figure.bbox.y1
    assert left.x1 < right.x0
    verdict, numbers = (text.get_window_extent() for text in figure.texts)
    assert verdict.x1 < numbers.x0
    assert max(verdict.y1, numbers.y1) < min(left.y0, right.y0)


def test_no_relaxation_time(glass, tmp_path):
    figure = equilibration_figure(glass)
    left, right = figure.axes
    assert all("tau" not in label for label in texts(left))
    assert right.get_xlabel() == "time since the beginning"
    assert figure.texts[0].get_text() == "not equilibrated"
    assert "tau" not in figure.texts[1].get_text()
    save_figure(figure, tmp_path / "glass.pdf")
    assert (tmp_path / "glass.pdf").read_bytes().startswith(b"%PDF")


def test_the_energy_of_a_liquid_and_a_constant(report):
    energy = replace(report, quantity="energy", block_means=report.block_means * 0.0 - 7.5)
    energy = replace(energy, drift=replace(energy.drift, mean=-7.5, slope=0.0, error=0.0))
    right = equilibration_figure(energy).axes[1]
    assert right.get_ylabel() == "potential energy per particle"
    low, high = right.get_ylim()
    assert low < -7.5 < high


def test_pyplot_is_not_touched():
    code = (
        "import sys, vitreous.plot.equilibration; print('matplotlib' in sys.modules, 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "False"]
