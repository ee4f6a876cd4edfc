"""Means over snapshots with intervals over independent runs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from vitreous.predictors.group_mean import over_groups

VALUES = np.array([0.2, 0.5, 0.3, 0.9])


def test_independent_snapshots_are_those_of_a_text_book():
    found = over_groups(VALUES, "abcd")
    low, high = t.interval(0.95, 3, loc=VALUES.mean(), scale=VALUES.std(ddof=1) / 2)
    assert found.value == pytest.approx(VALUES.mean())
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_snapshots_of_one_run_count_once():
    found = over_groups(VALUES, ["x", "x", "y", "x"])
    means = np.array([(0.2 + 0.5 + 0.9) / 3, 0.3])
    assert found.value == pytest.approx(means.mean())
    assert found.high - found.value == pytest.approx(12.7062 * means.std(ddof=1) / np.sqrt(2), rel=1e-4)


def test_repeating_a_snapshot_in_its_group_changes_nothing():
    once, twice = over_groups(VALUES, "abcd"), over_groups(np.repeat(VALUES, 2), "aabbccdd")
    assert (once.value, once.low, once.high) == (twice.value, twice.low, twice.high)


def test_one_group_has_no_interval():
    found = over_groups(np.array([[0.1, 0.2], [0.3, 0.4]]), ["x", "x"])
    np.testing.assert_allclose(found.value, [0.2, 0.3])
    assert np.isnan([found.low, found.high]).all()


def test_a_value_that_is_not_known_makes_the_mean_so():
    found = over_groups(np.array([[0.1, np.nan], [0.3, 0.4]]), "ab")
    assert np.isfinite([found.value[0], found.low[0]]).all()
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()


def test_intervals_hold_the_truth():
    """19 of 20, with runs that differ more than their snapshots do."""
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        runs = rng.normal(0.5, 0.1, 3)
        found = over_groups(np.repeat(runs, 2) + rng.normal(0, 0.03, 6), "aabbcc")
        held += found.low < 0.5 < found.high
    assert 365 <= held <= 393
