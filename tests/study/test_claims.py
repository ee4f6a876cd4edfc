import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from study.synthetic import nothing, study_results, with_fit
from vitreous.study.claims import Estimate, _peak, claims


def by_text(results):
    return {claim.text: claim for claim in claims(results)}


def test_the_interval_is_that_of_student():
    values = [0.3, 0.5, 0.1, 0.45]
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert Estimate.of(values).interval == pytest.approx((low, high))
    assert Estimate.of([0.3]).interval == (-math.inf, math.inf)
    assert math.isnan(Estimate.of([0.3, math.nan]).value)


def test_a_difference_has_the_freedom_of_welch():
    a, b = [0.3, 0.5, 0.1, 0.45], [0.9, 0.8, 0.95]
    found = Estimate.of(a) - Estimate.of(b)
    test = stats.ttest_ind(a, b, equal_var=False)
    assert found.interval == pytest.approx(tuple(test.confidence_interval(0.95)))
    known = Estimate.of(a) - Estimate(0.1, 0.0, math.inf)
    assert known.freedom == pytest.approx(3.0)


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


def test_the_peak_of_a_parabola_is_found_between_the_points():
    times = np.geomspace(0.1, 1000.0, 24)
    x = np.log10(times)
    assert _peak(times, 0.4 - 0.1 * (x - 1.23) ** 2) == pytest.approx((1.23, 0.4))
    assert _peak(times, x) == pytest.approx((3.0, 3.0))  # no further than was looked


def test_what_is_put_in_comes_out():
    found = by_text(study_results(states=4, snapshots=6, seed=1))
    verdict = {text: claim.verdict for text, claim in found.items()}
    assert verdict["Red particles are the faster ones."] == "holds"
    assert verdict["Averaging over the neighbourhood improves the correlation."] == "holds"
    assert verdict["The correlation of P̄_red peaks very close to τ_α."] == "holds"
    assert verdict["Correlations become weaker away from the glass."] == "holds"
    assert verdict["Correlations shift to shorter times away from the glass."] == "holds"
    assert verdict["⟨P_red⟩ rises monotonically as the system moves out of the glassy regime."] == "holds"
    assert (
        verdict["The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström."] == "holds"
    )
    assert verdict["Kob-Andersen is the model whose behaviour is captured least."] == "undecided"  # all alike
    assert verdict["The correlation of P_red peaks slightly below τ_α."] != "holds"  # it is at τ_α
    assert set(found["Red particles are the faster ones."].numbers) == {
        "hard-spheres",
        "wahnstrom",
        "kob-andersen",
    }


def reversed_order(results):
    """The states with their ⟨P_red⟩ in reversed order."""
    states = []
    for former in results.formers:
        mine = results.of(former)
        states += [
            replace(one, mean_p_red=other.mean_p_red) for one, other in zip(mine, mine[::-1], strict=True)
        ]
    return replace(results, states=tuple(states))


def test_what_falls_does_not_rise():
    claim = by_text(reversed_order(study_results(states=4, snapshots=6)))[
        "⟨P_red⟩ rises monotonically as the system moves out of the glassy regime."
    ]
    assert claim.verdict == "does not hold"
    assert set(claim.verdicts.values()) == {"does not hold"}
    assert "0 of 3 steps rise" in claim.numbers["wahnstrom"]


def test_one_state_off_the_exponential_is_seen():
    results = study_results(states=4, snapshots=6)
    states = list(results.states)
    states[1] = with_fit(states[1], tau=3.0 * states[1].fit.tau)
    claim = by_text(replace(results, states=tuple(states)))[
        "The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström."
    ]
    assert claim.verdicts == {"hard-spheres": "does not hold", "wahnstrom": "holds"}
    assert claim.verdict == "does not hold"


def test_large_errors_show_no_exponential():
    """Any line would be within them."""
    results = study_results(states=4, snapshots=6)
    states = tuple(
        with_fit(one, tau_error=300.0 * one.fit.tau_error) if one.state.former.name == "hard-spheres" else one
        for one in results.states
    )
    claim = by_text(replace(results, states=states))[
        "The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström."
    ]
    assert claim.verdicts == {"hard-spheres": "undecided", "wahnstrom": "holds"}
    assert claim.verdict == "undecided"


def test_nothing_decides_nothing():
    for claim in claims(nothing()):
        assert claim.verdict == "undecided"
        assert all(number for number in claim.numbers.values())


def test_one_snapshot_decides_nothing_about_correlations():
    for claim in claims(study_results(snapshots=1)):
        if "exponential" not in claim.text:
            assert claim.verdict == "undecided", claim.text
