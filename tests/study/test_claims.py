"""The claims of the paper, held against results in which it is known what holds."""

import math
from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import TIMES, nothing, study_results, with_fit, with_times
from vitreous.study.claim_numbers import parts_of
from vitreous.study.claim_rules import RULES
from vitreous.study.claims import claims

EXPONENTIAL = "The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström."


def by_text(results):
    return {claim.text: claim for claim in claims(results)}


def test_what_is_put_in_comes_out():
    found = by_text(study_results(states=4, snapshots=6, seed=1))
    verdict = {text: claim.verdict for text, claim in found.items()}
    assert verdict["Red particles are the faster ones."] == "holds"
    assert verdict["Averaging over the neighbourhood improves the correlation."] == "holds"
    assert verdict["The correlation of P̄_red peaks very close to τ_α."] == "holds"
    assert verdict["Correlations become weaker away from the glass."] == "holds"
    assert verdict["Correlations shift to shorter times away from the glass."] == "holds"
    assert verdict["⟨P_red⟩ rises monotonically as the system moves out of the glassy regime."] == "holds"
    assert verdict[EXPONENTIAL] == "holds"
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
    claim = by_text(replace(results, states=tuple(states)))[EXPONENTIAL]
    assert claim.verdicts == {"hard-spheres": "does not hold", "wahnstrom": "holds"}
    assert claim.verdict == "does not hold"


def test_large_errors_show_no_exponential():
    """Any line would be within them; errors are those of the snapshots' own trajectories."""
    results = study_results(states=4, snapshots=6)
    factors = np.exp(np.linspace(-2.0, 2.0, 6))
    states = tuple(
        with_times(one, factors) if one.state.former.name == "hard-spheres" else one for one in results.states
    )
    claim = by_text(replace(results, states=states))[EXPONENTIAL]
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


def with_runs(results, half, factor=1.0):
    """The same with another agreement of halves, and ρ times a factor."""

    def changed(curves):
        return replace(curves, rho=factor * curves.rho, half=np.full_like(curves.half, half))

    states = tuple(
        replace(
            state,
            snapshots=tuple(
                replace(one, curves={rule: changed(curves) for rule, curves in one.curves.items()})
                for one in state.snapshots
            ),
        )
        for state in results.states
    )
    return replace(results, states=states)


def test_what_compares_models_or_states_does_not_depend_on_the_number_of_runs():
    """Fewer runs weaken ρ by the noise ceiling; raw numbers follow, corrected ones stay."""
    many, few = study_results(states=4, snapshots=4), study_results(states=4, snapshots=4)
    half = 0.25
    ceiling = math.sqrt(2.0 * half / (1.0 + half))
    many, few = with_runs(many, 1.0), with_runs(few, half, ceiling)
    for rule in RULES:
        if rule.quantity in ("exponential", "clusters", "mean P_red"):
            continue
        for one, other in zip(parts_of(rule, many), parts_of(rule, few), strict=True):
            corrected = rule.corrected or rule.quantity == "peak place"
            expected = one.estimate.value * (1.0 if corrected else ceiling)
            assert other.estimate.value == pytest.approx(expected, abs=1e-9), rule.text


def test_a_peak_at_the_last_time_is_told_and_left_out():
    results = study_results(states=4, snapshots=6)

    def rising(curves):
        return replace(curves, rho=np.broadcast_to(np.linspace(0.0, 0.4, TIMES), curves.rho.shape))

    states = list(results.states)
    states[0] = replace(
        states[0],
        snapshots=tuple(
            replace(one, curves={rule: rising(curves) for rule, curves in one.curves.items()})
            for one in states[0].snapshots
        ),
    )
    found = by_text(replace(results, states=tuple(states)))
    close = found["The correlation of P̄_red peaks very close to τ_α."]
    assert "largest at the last δt that was followed" in close.numbers["hard-spheres"]
    assert close.verdicts["hard-spheres"] == "undecided"
    # Three states are enough for a slope.
    assert found["Correlations become weaker away from the glass."].verdicts["hard-spheres"] == "holds"


def test_snapshots_followed_to_other_times_are_compared_where_both_are_known():
    results = study_results(states=2, snapshots=3)
    state = results.states[0]

    def shorter(curves):
        cut = {
            name: getattr(curves, name)[..., :-2]
            for name in ("rho", "low", "high", "half", "chance_low", "chance_high")
        }
        return replace(curves, times=curves.times[:-2], **cut)

    first, *others = state.snapshots
    first = replace(first, curves={rule: shorter(curves) for rule, curves in first.curves.items()})
    mixed = replace(results, states=(replace(state, snapshots=(first, *others)), *results.states[1:]))
    pooled = mixed.states[0].pooled()
    assert len(pooled.times) == TIMES - 2
    for rule in RULES[:2]:
        for one, other in zip(parts_of(rule, results), parts_of(rule, mixed), strict=True):
            assert other.estimate.value == pytest.approx(one.estimate.value)


def test_every_number_has_its_evidence():
    for claim, rule in zip(claims(study_results(states=4, snapshots=3)), RULES, strict=True):
        assert claim.text == rule.text
        assert claim.evidence
        for one in claim.evidence:
            assert one.half_width == rule.half_width
            assert one.snapshots >= 2
            if (
                claim.text != "The fast cluster goes with structures built of square pyramids."
            ):  # none was made up
                assert one.low <= one.value <= one.high
