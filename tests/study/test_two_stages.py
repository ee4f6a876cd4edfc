"""How many snapshots, in two stages, and what a budget buys."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vitreous.study.interval import Estimate
from vitreous.study.two_stages import Term, needs_of, share

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "layout.py"


@pytest.fixture(scope="module")
def script():
    specification = importlib.util.spec_from_file_location("benchmarks_layout", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_one_mean_is_that_of_stein():
    (count,) = needs_of([Term(1.0, 0.2, 4)], 0.1)
    assert count == math.ceil((stats.t.ppf(0.975, 3.0) * 0.2 / 0.1) ** 2)
    assert needs_of([Term(1.0, 0.01, 4)], 0.1) == (4,)
    assert needs_of([Term(-2.0, 0.2, 4, cost=7.0)], 0.2) == (count,)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 2.0), st.floats(0.01, 1.0), st.integers(3, 8), st.floats(0.1, 50.0)),
        min_size=1,
        max_size=5,
    ),
    st.floats(0.02, 0.3),
)
def test_the_interval_is_as_narrow_as_asked_for(terms, half_width):
    asked = [Term(*term) for term in terms]
    counts = needs_of(asked, half_width)
    found = Estimate.sum(
        [
            (term.weight, Estimate(0.0, term.spread / math.sqrt(n), term.first - 1.0, True))
            for term, n in zip(asked, counts, strict=True)
        ]
    )
    assert found.interval[1] <= half_width * (1.0 + 2e-3)


def test_a_dear_state_gets_fewer():
    dear, cheap = needs_of([Term(1.0, 0.2, 4, 100.0), Term(-1.0, 0.2, 4, 1.0)], 0.1)
    same = needs_of([Term(1.0, 0.2, 4), Term(-1.0, 0.2, 4)], 0.1)
    assert dear < same[0] == same[1] < cheap


STATES = ("deep", "shallow")
MEANS, SPREADS, COSTS = np.array([0.5, 0.4]), np.array([0.2, 0.1]), np.array([10.0, 1.0])


def one_study(first, budget, rng):
    """Whether the intervals of a mean and of a difference hold the truth; the size depends on the spread."""
    values = [m + s * rng.standard_normal(first) for m, s in zip(MEANS, SPREADS, strict=True)]
    terms = [
        Term(w, float(v.std(ddof=1)), first, c) for w, v, c in zip((1.0, -1.0), values, COSTS, strict=True)
    ]
    demands = {
        "mean": {"deep": needs_of(terms[:1], 0.15)[0]},
        "difference": dict(zip(STATES, needs_of(terms, 0.2), strict=True)),
    }
    bought = share(demands, dict.fromkeys(STATES, first), dict(zip(STATES, COSTS, strict=True)), budget)
    found = []
    for k, name in enumerate(STATES):
        more = bought.snapshots[name] - first
        found.append(Estimate.of([*values[k], *(MEANS[k] + SPREADS[k] * rng.standard_normal(more))], first))
    held = []
    for one, truth in ((found[0], MEANS[0]), (found[0] - found[1], MEANS[0] - MEANS[1])):
        low, high = one.interval
        held.append(low < truth < high)
    return held


@pytest.mark.parametrize("budget", [math.inf, 60.0])
def test_intervals_hold_the_truth_although_the_size_was_chosen(budget):
    """Of 1,500 studies; the table of 10,000 is made by benchmarks/two_stages.py."""
    rng = np.random.default_rng(4)
    held = np.mean([one_study(4, budget, rng) for _ in range(1500)], axis=0)
    error = math.sqrt(0.95 * 0.05 / 1500)
    assert abs(held[0] - 0.95) < 3.0 * error
    assert -3.0 * error < held[1] - 0.95 < 0.03


def test_a_budget_buys_the_cheapest_first_and_says_what_remains():
    demands = {"dear": {"a": 20, "b": 4}, "cheap": {"b": 10}, "met": {"a": 3}, "same": {"b": 9}}
    there, cost = {"a": 4, "b": 4}, {"a": 10.0, "b": 1.0}
    found = share(demands, there, cost, 50.0)
    assert found.met == ("met", "same", "cheap")
    assert found.snapshots == {"a": 8, "b": 10}  # what is left goes to the next, as far as it reaches
    assert found.cost == 46.0
    assert found.remaining == {"dear": 120.0}
    everything = share(demands, there, cost, math.inf)
    assert set(everything.met) == {"dear", "cheap", "met", "same"}
    assert everything.snapshots == {"a": 20, "b": 10}
    assert everything.remaining == {}
    nothing = share(demands, there, cost, 0.0)
    assert nothing.snapshots == there
    assert nothing.met == ("met",)


def test_variances_are_separated(script):
    rng = np.random.default_rng(0)
    between, within, runs = 0.04, 0.09, 6
    found = []
    for _ in range(400):
        level = math.sqrt(between) * rng.standard_normal((12, 1))
        found.append(
            script.variances(level + math.sqrt(within / (runs / 2)) * rng.standard_normal((12, 2)), runs)
        )
    assert np.mean([one.between for one in found]) == pytest.approx(between, rel=0.05)
    assert np.mean([one.within for one in found]) == pytest.approx(within, rel=0.05)


@given(st.floats(0.001, 1.0), st.floats(0.001, 1.0), st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_no_other_number_of_runs_is_better(script, between, within, snapshot_cost, run_cost):
    """Variance times cost of one snapshot, which is what a budget divides."""
    found = script.best_runs(script.Variances(between, within), snapshot_cost, run_cost, fewest=2)

    def product(runs):
        return (between + within / runs) * (snapshot_cost + runs * run_cost)

    assert found % 2 == 0
    best = min(range(2, 400), key=product)
    # The next even numbers to either side may be as good as the best one, which may be odd; none is much better.
    assert product(found) <= product(best) * 1.13


def test_a_layout_spends_the_budget(script):
    halves = np.array([[0.3, 0.5], [0.1, 0.2], [0.6, 0.4], [0.5, 0.6]])
    found = script.layout(script.variances(halves, 8), 100.0, 10.0, 1000.0)
    assert found.snapshots * (100.0 + found.runs * 10.0) == found.cost <= 1000.0
    assert found.snapshots == math.floor(1000.0 / (100.0 + found.runs * 10.0))
    one = script.layout(script.variances(halves, 8), 100.0, 10.0, 1.0)
    assert one.snapshots == 1
    assert script.best_runs(script.variances(np.array([[0.0, 1.0], [1.0, 0.0]]), 8), 1.0, 1.0) == 4
