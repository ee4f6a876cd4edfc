"""The figure of a relaxation."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from trajectories import brownian
from vitreous.jobs.relax import relax
from vitreous.plot import save_figure
from vitreous.plot.relaxation import relaxation_figure
from vitreous.trajectory import Trajectory

Q = 4.0


def relaxation(labels=None, last=30.0, n=200):
    times = np.concatenate([[0.0], np.geomspace(0.01, last, 40)])
    start = np.random.default_rng(0).random((n, 3)) * 8
    x = brownian(times, start, 1, lambda t: np.full(len(t), 0.08))
    return relax(Trajectory(x, times, 8.0, labels), wave_number=Q)


@pytest.fixture(scope="module")
def mixture():
    return relaxation(np.where(np.arange(200) % 2 == 0, "A", "B_2"))


@pytest.fixture(scope="module")
def figure(mixture):
    return relaxation_figure(mixture)


def texts(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_four_panels(figure):
    assert figure.get_dpi() == 300
    assert 16 < figure.get_size_inches()[0] * 2.54 < 18
    assert [axes.get_title(loc="left") for axes in figure.axes] == list("abcd")
    structure, scattering, motion, alpha = figure.axes
    assert "S(q)" in structure.get_ylabel()
    assert "F(q, t)" in scattering.get_ylabel()
    assert (motion.get_xscale(), motion.get_yscale()) == ("log", "log")
    assert alpha.get_xscale() == "log"


def test_curves_are_those_that_were_measured(figure, mixture):
    structure, scattering, motion, alpha = figure.axes

    def drawn(axes):
        return [line.get_ydata() for line in axes.lines]

    def has(axes, values):
        return any(
            len(line) == len(values) and np.array_equal(line, values, equal_nan=True) for line in drawn(axes)
        )

    assert has(structure, mixture.structure.total)
    for values in mixture.structure.partial.values():
        assert has(structure, values)
    assert has(scattering, mixture.total.curve.value)
    assert not has(scattering, mixture.self_all.curve.value)  # the species say more
    for name in ("A", "B_2"):
        assert has(scattering, mixture.self_by_species[name].curve.value)
        assert has(motion, mixture.motion.by_species[name].mean_squared_displacement.value)
        assert has(alpha, mixture.motion.by_species[name].non_gaussian.value)


def test_fits_are_solid_in_their_windows(figure, mixture):
    scattering = figure.axes[1]
    fit = mixture.self_by_species["A"].fit
    solid = [
        line for line in scattering.lines if len(line.get_xdata()) == 200 and line.get_linestyle() == "-"
    ]
    windows = [(line.get_xdata()[0], line.get_xdata()[-1]) for line in solid]
    assert any(window == pytest.approx((fit.begin, fit.end)) for window in windows)
    assert any("tau_\\alpha" in text and f"{fit.beta:.2f}" in text for text in texts(scattering))


def test_one_species(tmp_path):
    figure = relaxation_figure(relaxation())
    assert texts(figure.axes[0]) == ["all"]
    assert texts(figure.axes[3]) == ["all"]
    save_figure(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 20_000


def test_without_fits(tmp_path):
    figure = relaxation_figure(relaxation(last=0.05))
    assert any("no fit" in text for text in texts(figure.axes[1]))
    figure = relaxation_figure(relax(resting(), wave_number=Q))
    assert any("not diffusive" in text for text in texts(figure.axes[2]))
    save_figure(figure, tmp_path / "a.png")


def resting():
    x = np.repeat(np.random.default_rng(0).random((1, 50, 3)) * 8, 5, axis=0)
    return Trajectory(x, np.arange(5.0), 8.0)


def test_no_display_is_needed():
    code = "import sys, vitreous.plot.relaxation; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "False"
