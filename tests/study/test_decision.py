"""Further snapshots: decided, kept, and made as steps of their own."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import study_results
from vitreous.errors import FileError, InputError
from vitreous.study import decide as deciding
from vitreous.study.decide import decide, require_first_stage
from vitreous.study.decision import (
    Decision,
    decided,
    first_stage_digest,
    keep_decision,
    read_decision,
    with_further,
)
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import Further, read_plan
from vitreous.study.results import read_results
from vitreous.study.run import run_study
from vitreous.study.steps import steps_of

PLAN = """\
particles = 150
snapshots = 2
structures = 3
runs = [4, 8]
propensity = [3.0, 2.0]

[[hard-spheres]]
packing_fraction = 0.45

[[hard-spheres]]
packing_fraction = 0.40
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(PLAN)
    return read_plan(path)


def a_decision(plan, **further):
    names = {
        state.name: further.get(key, Further())
        for state, key in zip(plan.states, ("deep", "warm"), strict=True)
    }
    return Decision(first_stage_digest(plan), math.inf, 0.0, names, ())


def test_further_snapshots_leave_the_keys_of_all_others(plan):
    """But for the supervised reference, which learns from all snapshots, and on which no claim rests."""
    before = {step.key for step in steps_of(plan) if step.kind != "supervised"}
    more = steps_of(with_further(plan, {"hard-spheres-0.45": Further(2, 3)}))
    after = {step.key for step in more}
    assert before < after
    new = [(step.kind, step.snapshot) for step in more if step.key not in before]
    # Snapshot 3 is there as a structure; it gains a propensity. The models of the transfer stay those of the plan.
    assert ("further", 2) not in new
    assert {snapshot for kind, snapshot in new if kind == "further"} == {3, 4, 5}
    assert {snapshot for kind, snapshot in new if kind == "propensity"} == {2, 3}
    assert {snapshot for kind, snapshot in new if kind == "explain"} == {2, 3}
    assert {snapshot for kind, snapshot in new if kind == "transfer"} == {3, 4, 5}
    further = [step for step in more if step.kind == "further" and step.state.name == "hard-spheres-0.45"]
    assert [step.requires[0].snapshot for step in further] == [None, 2, 3, 4]
    references = [step for step in more if step.kind == "supervised"]
    assert [sum(one.kind == "propensity" for one in step.requires) for step in references] == [4, 2]


def test_further_snapshots_have_as_many_runs_and_times_as_all_have(plan):
    steps = steps_of(with_further(plan, {"hard-spheres-0.45": Further(2, 2)}))
    asked = [step.parameters for step in steps if step.kind == "propensity" and step.state is steps[0].state]
    assert [one.runs for one in asked] == [4, 8, 4, 4]
    assert [one.relaxation_times for one in asked] == [3.0, 2.0, 2.0, 2.0]
    assert {one.common for one in asked} == {2.0}


def test_snapshots_followed_for_longer_share_their_first_times(plan):
    from vitreous.study.kinds.propensity import _times

    longer, shorter = (
        step.parameters
        for step in steps_of(plan)
        if step.kind == "propensity" and step.state.state_point == 0.45
    )
    long, short = _times(longer, 50.0), _times(shorter, 50.0)
    assert np.array_equal(long[: len(short)], short)
    assert short[-1] == pytest.approx(100.0)
    assert 150.0 <= long[-1] < 150.0 * 10.0 ** (1.0 / 7.0)


def test_a_decision_is_kept_and_void_for_another_first_stage(plan):
    plan.folder.mkdir()
    assert read_decision(plan) is None
    assert decided(plan) == plan
    keep_decision(plan, a_decision(plan, deep=Further(1, 1)))
    assert [state.further for state in decided(plan).states] == [Further(1, 1), Further()]
    assert decided(decided(plan)) == decided(plan)
    other = replace(
        plan,
        states=tuple(
            replace(state, settings=state.settings.model_copy(update={"seed": 3})) for state in plan.states
        ),
    )
    assert read_decision(other) is None
    (plan.folder / "decision.json").write_text("{")
    with pytest.raises(FileError, match=r"decision\.json"):
        decided(plan)


def test_a_decision_stays_whatever_becomes_of_what_no_claim_rests_on(plan, monkeypatch):
    digest = first_stage_digest(plan)
    for name, kind in list(all_kinds().items()):
        with monkeypatch.context() as changed:
            changed.setitem(all_kinds(), name, replace(kind, version=kind.version + 1))
            assert (first_stage_digest(plan) == digest) is (name == "supervised")


def test_nothing_is_decided_before_the_first_stage_is_made(plan):
    with pytest.raises(InputError, match=r"hard-spheres-0.45, equilibrate is not made"):
        require_first_stage(plan)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ("structures = 1", r"line 3: structures: 1 are fewer than the 2 snapshots"),
        ("propensity = [3.0]", r"line \d: propensity: expected one number for each of 2 snapshots"),
    ],
)
def test_what_a_plan_cannot_ask_for(tmp_path, changed, message):
    path = tmp_path / "mine.toml"
    name = changed.split()[0]
    path.write_text("\n".join(changed if line.startswith(name) else line for line in PLAN.splitlines()))
    with pytest.raises(FileError, match=message):
        read_plan(path)


@pytest.fixture
def made_up(monkeypatch, tmp_path):
    """A plan whose results are made up, and whose snapshots cost 10 s with a propensity and 1 s without."""
    results = study_results(states=4, snapshots=4)
    plan = replace(results.plan, path=tmp_path / "made-up.toml")
    plan.folder.mkdir()
    names = [state.name for state in plan.states]
    costs = dict.fromkeys(names, 10.0) | {f"{name} structures": 1.0 for name in names}
    monkeypatch.setattr(deciding, "read_results", lambda _: results)
    monkeypatch.setattr(deciding, "_costs", lambda _: costs)
    return plan


def test_without_a_limit_every_claim_of_known_scatter_is_met(made_up):
    decision = decide(made_up, math.inf)
    assert decision == read_decision(made_up) or math.isinf(decision.budget)
    for one in decision.forecasts:
        assert one.met or one.reason
        assert one.remaining == 0.0
    spent = sum(10.0 * one.followed + one.structures for one in decision.further.values())
    assert decision.seconds == pytest.approx(spent)
    for name, one in decision.further.items():
        assert one.structures >= one.followed, name


def test_a_small_budget_leaves_claims_and_a_larger_one_adds(made_up):
    small = decide(made_up, 30.0)
    assert small.seconds <= 30.0
    left = [one for one in small.forecasts if not one.met and not one.reason]
    large = decide(made_up, math.inf)
    for name, one in small.further.items():
        assert large.further[name].followed >= one.followed
        assert large.further[name].structures >= one.structures
    assert all(one.remaining > 0.0 for one in left)
    again = decide(made_up, 0.0)
    assert again.further == large.further


@pytest.mark.parametrize("budget", [30.0, math.inf])
def test_the_same_budget_is_not_spent_twice(made_up, budget):
    """Who was stopped in the second stage says the same again, and goes on with what was decided."""
    first = decide(made_up, budget)
    kept = (made_up.folder / "decision.json").read_text()
    for _ in range(2):
        assert decide(made_up, budget).further == first.further
    assert (made_up.folder / "decision.json").read_text() == kept
    more = decide(made_up, 2.0 * budget)
    assert more.seconds <= 2.0 * budget


def test_no_mean_matters(made_up, monkeypatch):
    """Other ⟨P_red⟩ with the same spread lead to the same decision."""
    first = decide(made_up, math.inf)
    results = deciding.read_results(made_up)
    shifted = replace(
        results,
        states=tuple(
            replace(one, mean_p_red=one.mean_p_red + 0.1 * k) for k, one in enumerate(results.states)
        ),
    )
    (made_up.folder / "decision.json").unlink()
    monkeypatch.setattr(deciding, "read_results", lambda _: shifted)
    assert decide(made_up, math.inf).further == first.further


def test_only_what_is_new_is_made(study, watcher):
    before = read_results(study)
    keep_decision(study, a_decision(study, deep=Further(1, 2)))
    outcome = run_study(study, watcher, workers=2)
    assert not outcome.failed
    assert {name for name, _ in watcher.finished} == {"hard-spheres-0.45"}
    assert sorted(step for _, step in watcher.finished) == sorted(
        [
            "further 2",
            "further 3",
            "transfer 2",
            "transfer 3",
            "propensity 2",
            "explain 2",
            "cage 2",
            "supervised",
        ]
        + 2 * ["order-parameter 2", "correlate 2"]
    )
    after = read_results(study)
    deep, was = after.states[0], before.states[0]
    assert not after.missing
    assert [one.number for one in deep.snapshots] == [0, 1]
    assert deep.mean_p_red.shape == (1, 3)
    assert deep.mean_p_red[0, 0] == was.mean_p_red[0, 0]
    assert len(deep.untrained_p_red) == 2
    assert deep.pooled().snapshots == 2
    first, second = (one.configuration.positions for one in deep.snapshots)
    assert np.abs(first - second).max() > 0.5  # another configuration
    told = json.loads((study.folder / "decision.json").read_text())
    assert told["further"]["hard-spheres-0.45"] == {"followed": 1, "structures": 2}
    again = run_study(study, watcher, workers=1)
    assert again.made == 0
