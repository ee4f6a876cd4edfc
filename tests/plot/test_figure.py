"""Figures and the files they become."""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.plot import save_figure, snapshot_figure, two_sigma_limits


@pytest.fixture(scope="module")
def configuration():
    positions = np.random.default_rng(0).uniform(0, 4, (40, 3))
    return Configuration(positions=positions, box=4.0, diameters=1.0)


@pytest.fixture(scope="module")
def figure(configuration):
    values = np.random.default_rng(1).normal(0.4, 0.1, 40)
    return snapshot_figure(configuration, {r"$P_\mathrm{red}$": values, r"$\bar P_\mathrm{red}$": -values})


def labels(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def test_two_panels_side_by_side(figure):
    assert figure.get_dpi() == 300
    assert 16 < figure.get_size_inches()[0] * 2.54 < 18
    left, left_bar, right, right_bar = figure.axes
    assert left.get_position().x1 <= right.get_position().x0
    assert left_bar.get_position().y1 < left.get_position().y0
    assert right_bar.get_position().x0 > left_bar.get_position().x1
    assert {text.get_text() for text in figure.texts} == {r"$P_\mathrm{red}$", r"$\bar P_\mathrm{red}$"}


def test_color_bars_say_mean_and_two_standard_deviations(figure):
    values = np.random.default_rng(1).normal(0.4, 0.1, 40)
    low, high = two_sigma_limits(values)
    texts = labels(figure.axes[1])
    assert [text.split("\n")[1] for text in texts] == ["mean − 2 s.d.", "mean", "mean + 2 s.d."]
    numbers = [float(text.split("\n")[0].replace("−", "-")) for text in texts]
    assert numbers == pytest.approx([low, (low + high) / 2, high], abs=0.006)
    assert labels(figure.axes[3])[0].startswith("−")


def test_pictures_are_shown_dot_for_dot(figure):
    figure.canvas.draw()
    for axes in (figure.axes[0], figure.axes[2]):
        shown = axes.get_window_extent()
        height, width = axes.images[0].get_array().shape[:2]
        assert (shown.width, shown.height) == pytest.approx((width, height), abs=0.01)
        assert shown.x0 == pytest.approx(round(shown.x0), abs=0.01)
        assert shown.y0 == pytest.approx(round(shown.y0), abs=0.01)


def test_one_panel_is_narrow_and_constants_have_no_scale(configuration):
    figure = snapshot_figure(configuration, {"density": np.full(40, 1.2)})
    assert figure.get_size_inches()[0] * 2.54 < 9.1
    assert [text.get_text() for text in figure.axes[1].texts] == ["all particles: 1.2"]
    figure = snapshot_figure(configuration, {"nothing": np.full(40, np.nan)})
    assert [text.get_text() for text in figure.axes[1].texts] == ["no values"]


def test_no_panel(configuration):
    with pytest.raises(InputError, match="panels"):
        snapshot_figure(configuration, {})


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_formats(figure, tmp_path, suffix, start):
    path = tmp_path / f"picture.{suffix}"
    save_figure(figure, path)
    assert path.read_bytes().startswith(start)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_unknown_suffix_and_missing_directory(figure, tmp_path):
    with pytest.raises(FileError, match=r"\.png"):
        save_figure(figure, tmp_path / "picture.gif")
    with pytest.raises(FileError, match="nowhere") as caught:
        save_figure(figure, tmp_path / "nowhere" / "picture.png")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_failure_leaves_the_old_file(figure, tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def fail(file, **_):
        with open(file, "wb") as half:
            half.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(FileError, match="No space left"):
        save_figure(figure, path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["picture.png"]
