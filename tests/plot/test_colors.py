"""The paper's colours: limits at mean ± 2 s.d., a ramp that darkens evenly, grey for no number."""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.errors import InputError
from vitreous.plot import red_colormap, two_sigma_limits, value_colors
from vitreous.plot.colors import NO_VALUE_RGB, color_fractions, red_table


def lightness(rgb):
    """CIE L* of (..., 3) sRGB bytes, written out independently of the package."""
    s = np.asarray(rgb) / 255
    linear = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, 24389 / 27 * y)


def test_limits_are_mean_and_two_standard_deviations():
    values = np.random.default_rng(1).normal(3.0, 0.5, 1000)
    low, high = two_sigma_limits(values)
    assert low == pytest.approx(values.mean() - 2 * values.std(), rel=1e-14)
    assert high == pytest.approx(values.mean() + 2 * values.std(), rel=1e-14)


def test_limits_ignore_what_is_not_a_number():
    values = np.array([1.0, np.nan, 3.0, np.inf, -np.inf])
    assert two_sigma_limits(values) == two_sigma_limits([1.0, 3.0])


def test_limits_of_constant_and_of_no_values():
    assert two_sigma_limits(np.full(7, 0.1)) == (0.1, 0.1)
    assert np.isnan(two_sigma_limits([np.nan, np.nan])).all()
    assert np.isnan(two_sigma_limits([])).all()


def test_limits_do_not_overflow():
    low, high = two_sigma_limits([1e300, -1e300])
    assert (low, high) == (-2e300, 2e300)


def test_limits_of_flags_and_integers():
    assert two_sigma_limits([True, False]) == (-0.5, 1.5)
    assert two_sigma_limits(np.array([0, 4])) == (-2.0, 6.0)


def test_values_that_are_not_numbers():
    with pytest.raises(InputError, match="number"):
        two_sigma_limits(["a", "b"])


def test_ramp_runs_from_white_to_dark_red_and_darkens_evenly():
    table = red_table()
    assert table.shape == (256, 3)
    assert table[0].tolist() == [255, 255, 255]
    red, green, blue = table[-1]
    assert red > 80 > 30 > max(green, blue)
    steps = np.diff(lightness(table))
    assert (steps < 0).all()
    assert steps.min() > 2.5 * steps.mean()
    assert not table.flags.writeable


def test_colors_follow_the_rule():
    values = np.array([-10.0, 0.0, 1.0, 2.0, 10.0])
    colors = value_colors(values, (0.0, 2.0))
    table = red_table()
    assert (colors[:2] == table[0]).all()
    assert (colors[2] == table[128]).all()
    assert (colors[3:] == table[255]).all()


def test_default_limits_are_the_papers():
    values = np.random.default_rng(2).normal(size=500)
    colors = value_colors(values)
    z = (values - values.mean()) / values.std()
    assert (colors[z >= 2] == red_table()[-1]).all()
    assert (colors[z <= -2] == red_table()[0]).all()


def test_missing_values_are_grey_and_constant_ones_in_the_middle():
    colors = value_colors([0.0, np.nan, 1.0, np.inf])
    assert colors[1].tolist() == colors[3].tolist() == list(NO_VALUE_RGB)
    assert (value_colors(np.full(3, 5.0)) == red_table()[128]).all()
    assert (value_colors([np.nan]) == NO_VALUE_RGB).all()
    assert color_fractions([1.0, 2.0, 3.0], (2.0, 2.0)).tolist() == [0.0, 0.5, 1.0]


def test_matplotlib_colormap_is_the_same_table():
    colormap = red_colormap()
    fractions = np.linspace(0, 1, 1001)
    expected = value_colors(fractions, (0.0, 1.0))
    assert (colormap(fractions, bytes=True)[:, :3] == expected).all()
    assert colormap(np.nan, bytes=True)[:3] == NO_VALUE_RGB
