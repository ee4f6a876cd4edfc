"""The peak of a noisy curve: exact where it can be, unbiased, narrower than the largest value, honest at the ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitreous.correlation.curve_peak import curve_peak
from vitreous.correlation.jackknife import jackknife

TIMES = np.geomspace(0.01, 30.0, 29)
X = np.log10(TIMES)


@given(place=st.floats(-1.0, 0.9), height=st.floats(-1.0, 1.0), curvature=st.floats(0.05, 3.0))
def test_a_parabola_is_found_exactly(place, height, curvature):
    found = curve_peak(TIMES, height - curvature * (X - place) ** 2)
    assert found.log_time == pytest.approx(place, abs=1e-6)
    assert found.height == pytest.approx(height, abs=1e-6)
    assert found.time == pytest.approx(10.0**place, rel=1e-5)
    assert found.edge == ""


@given(scale=st.floats(0.1, 10.0), shift=st.floats(-1.0, 1.0), unit=st.floats(1e-3, 1e3))
def test_units_do_not_matter(scale, shift, unit):
    curve = np.exp(-((X - 0.3) ** 2)) + 0.02 * np.sin(9.0 * X)
    plain, other = curve_peak(TIMES, curve), curve_peak(unit * TIMES, scale * curve + shift)
    assert other.log_time == pytest.approx(plain.log_time + math.log10(unit), abs=1e-5)
    assert other.height == pytest.approx(scale * plain.height + shift, abs=1e-5 * (1.0 + scale))


@pytest.mark.parametrize(("slope", "edge"), [(1.0, "last"), (-1.0, "first")])
def test_a_peak_at_an_end_is_told_and_not_fitted(slope, edge):
    for curve in (slope * X, -((X - slope * 3.0) ** 2)):
        found = curve_peak(TIMES, curve)
        assert found.edge == edge
        assert math.isnan(found.log_time)
        assert math.isnan(found.height)


def test_points_that_are_not_known_are_left_out():
    curve = 0.4 - (X - 0.2) ** 2
    curve[[0, 3, 20]] = np.nan
    assert curve_peak(TIMES, curve).log_time == pytest.approx(0.2, abs=1e-6)
    for nothing in (curve[:4], np.full(29, np.nan)):
        found = curve_peak(TIMES[: len(nothing)], nothing)
        assert math.isnan(found.log_time)
        assert found.edge == ""


def test_it_is_unbiased_and_narrower_than_the_largest_value():
    """Noise that is alike over half a decade, which moves the largest value; a hill that is a parabola nowhere else."""
    rng = np.random.default_rng(1)
    alike = np.linalg.cholesky(np.exp(-0.5 * ((X[:, None] - X) / 0.4) ** 2) + 1e-8 * np.eye(len(X)))
    hill = 0.45 * np.exp(-0.5 * ((X - 0.3) / 0.65) ** 2)
    places, largest, errors = [], [], []
    for _ in range(200):
        curves = hill + 0.04 * rng.standard_normal((6, len(X))) @ alike.T
        curves += 0.015 * rng.standard_normal(curves.shape)
        found = jackknife(lambda use, curves=curves: curve_peak(TIMES, curves[use].mean(axis=0)).log_time, 6)
        places.append(found.value - 0.3)
        errors.append(found.error)
        largest.append(X[curves.mean(axis=0).argmax()] - 0.3)
    spread = np.std(places)
    assert abs(np.mean(places)) < 4.0 * spread / np.sqrt(200)
    assert spread < 0.65 * np.std(largest)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(spread, rel=0.25)
