"""Numbers with errors: intervals of Student, of sums of them, and what they decide."""

import math

import numpy as np
import pytest
from scipy import stats

from vitreous.study.interval import Estimate
from vitreous.study.student import student_quantile


def test_the_interval_is_that_of_student():
    values = [0.3, 0.5, 0.1, 0.45]
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert Estimate.of(values).interval == pytest.approx((low, high))
    assert Estimate.of([0.3]).interval == (-math.inf, math.inf)
    assert math.isnan(Estimate.of([0.3, math.nan]).value)


def test_a_difference_is_that_of_welch():
    a, b = [0.3, 0.5, 0.1, 0.45], [0.9, 0.8, 0.95]
    found = Estimate.of(a) - Estimate.of(b)
    low, high = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert found.freedom == pytest.approx(stats.ttest_ind(a, b, equal_var=False).df)
    assert found.interval == pytest.approx((low, high))
    known = Estimate.of(a) - Estimate(0.1, 0.0, math.inf)
    assert known.freedom == pytest.approx(3.0)
    assert known.interval == pytest.approx(tuple(end - 0.1 for end in Estimate.of(a).interval))


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.30, 0.31, 0.32], "holds"),
        ([-0.30, -0.31, -0.32], "does not hold"),
        ([0.3, -0.1, 0.2], "undecided"),
        ([0.3], "undecided"),
        ([], "undecided"),
    ],
)
def test_verdicts(values, verdict):
    assert Estimate.of(values).within(0.0, math.inf) == verdict


def test_an_interval_wider_than_what_is_claimed_decides_nothing():
    assert Estimate(0.0, 0.4, math.inf).within(-0.3, 0.3) == "undecided"
    assert Estimate(0.0, 0.1, math.inf).within(-0.3, 0.3) == "holds"
    assert Estimate(0.9, 0.1, math.inf).within(-0.3, 0.3) == "does not hold"


def test_95_percent_of_intervals_hold_the_truth():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(2000):
        low, high = Estimate.of(rng.standard_normal(3) + 1.0).interval
        held += low < 1.0 < high
    assert abs(held / 2000 - 0.95) < 0.015


def test_a_difference_holds_the_truth():
    """Nearly, of so few values; whatever the spreads."""
    rng = np.random.default_rng(1)
    for spread in (1.0, 3.0):
        held = 0
        for _ in range(1500):
            low, high = (
                Estimate.of(rng.standard_normal(3)) - Estimate.of(spread * rng.standard_normal(4))
            ).interval
            held += low < 0.0 < high
        assert 0.93 < held / 1500 < 0.98


@pytest.mark.parametrize(
    ("widths", "freedoms"),
    [([1, 1], [2, 2]), ([1, 0.3], [2, 3]), ([0.2, 0.1, 0.2], [3, 3, 90]), ([1, 1], [1, 1])],
)
@pytest.mark.parametrize("level", [0.95, 0.9958])
def test_quantiles_of_sums_of_student_variables(widths, freedoms, level):
    """The share of made-up sums within the quantile is the level."""
    rng = np.random.default_rng(2)
    sums = sum(
        w * stats.t.rvs(f, size=400_000, random_state=rng) for w, f in zip(widths, freedoms, strict=True)
    )
    inside = (np.abs(sums) < student_quantile(widths, freedoms, level)).mean()
    assert abs(inside - level) < 4.0 * math.sqrt(level * (1.0 - level) / 400_000) + 1e-4


def test_quantiles_that_are_known():
    assert student_quantile([2.0], [3.0]) == pytest.approx(2.0 * stats.t.ppf(0.975, 3.0))
    assert student_quantile([3.0, 4.0], [math.inf, math.inf]) == pytest.approx(
        5.0 * stats.norm.ppf(0.975), rel=1e-4
    )
    assert student_quantile([1.0, 1.0], [1.0, 1.0]) == pytest.approx(2.0 * stats.cauchy.ppf(0.975), rel=2e-3)
    assert student_quantile([1.0, 1e-4], [190.0, 195.0]) == pytest.approx(stats.t.ppf(0.975, 190.0), rel=1e-3)
    assert student_quantile([0.0, 0.0], [2.0, 3.0]) == 0.0
    assert student_quantile([1.0, 0.0], [2.0, 3.0]) == student_quantile([1.0], [2.0])


def test_one_of_many_has_to_fail_more_clearly():
    one = Estimate(-2.5, 1.0, math.inf)
    assert one.within(0.0, math.inf) == "does not hold"
    assert one.within(0.0, math.inf, parts=12) == "undecided"
    assert Estimate(2.5, 1.0, math.inf).within(0.0, math.inf, parts=12) == "holds"


def test_in_two_stages_the_spread_is_that_of_the_first():
    values = np.array([0.3, 0.5, 0.1, 0.45, 3.0])
    found = Estimate.of(values, 3)
    assert found.value == pytest.approx(values.mean())
    assert found.error == pytest.approx(values[:3].std(ddof=1) / math.sqrt(5.0))
    assert found.freedom == 2.0
    assert Estimate.of(values, 9).interval == Estimate.of(values).interval
