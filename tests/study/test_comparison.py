"""Ours beside the paper's: who predicts best in every state, where ours does not win, and what it has cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import TIMES, nothing, study_results
from vitreous.study.claim_rules import RULES
from vitreous.study.comparison import compared, told, verdict_of
from vitreous.study.effort import effort
from vitreous.study.interval import UNKNOWN, Estimate
from vitreous.study.plan import read_plan
from vitreous.study.report import predictors_table
from vitreous.study.step import Record
from vitreous.study.steps import steps_of
from vitreous.study.tables import study_tables


def with_cage(results, name, shift):
    """The same with another cage order parameter in one state: P̄_red and a shift for each snapshot."""
    states = []
    for state in results.states:
        if state.state.name == name:
            snapshots = []
            for one, by in zip(state.snapshots, shift, strict=True):
                curves = {}
                for rule, each in one.curves.items():
                    rho = each.rho.copy()
                    rho[each.fields.index("cage_averaged")] = rho[each.fields.index("p_red_averaged")] + by
                    curves[rule] = replace(each, rho=rho)
                snapshots.append(replace(one, curves=curves))
            state = replace(state, snapshots=tuple(snapshots))
        states.append(state)
    return replace(results, states=tuple(states))


@pytest.fixture(scope="module", name="results")
def _results():
    return study_results(states=2, snapshots=3)


def test_gain_and_lag_are_paired(results):
    rows = list(compared(results))
    assert [row.name for row in rows[:3]] == [
        "hard-spheres-0.58, large",
        "hard-spheres-0.58, small",
        "hard-spheres-0.57, large",
    ]
    assert [row.species for row in rows[4:6]] == ["B", "A"]  # of Wahnström, whose B are the large ones
    assert len(rows) == 3 * 2 * 2
    for row in rows:
        assert row.gain.value == pytest.approx(0.2)
        assert row.lag.value == pytest.approx(-0.05)
        assert (row.snapshots, row.caged) == (3, True)
        assert verdict_of(row.gain) == "better"
        assert verdict_of(row.lag) == "worse"


def test_where_it_does_not_win_is_said(results):
    assert "better than P̄_red in 12 of 12 cases" in told(results)[0]
    assert "not in" not in told(results)[0]
    open_one = with_cage(results, "wahnstrom-0.75", (0.2, -0.1, 0.0))
    sentence = told(with_cage(open_one, "kob-andersen-0.5", (-0.1, -0.1, -0.1)))[0]
    assert "in 8 of 12 cases" in sentence
    assert "wahnstrom-0.75, large +0.03 (-0.35 to +0.41), not told apart" in sentence
    assert "kob-andersen-0.5, small -0.10 (-0.10 to -0.10), worse" in sentence
    assert "supervised reference in 0 of 12 cases" in told(results)[1]


def test_states_without_cages_are_named(results):
    uncaged = with_cage(results, "kob-andersen-0.55", (0.2, np.nan, 0.2))
    said = told(uncaged)
    assert "in 10 of 10 cases" in said[0]
    assert said[2].endswith("because not all snapshots are caged, in kob-andersen-0.55.")
    row = next(one for one in compared(uncaged) if one.name.startswith("kob-andersen-0.55"))
    assert not row.caged
    assert verdict_of(row.gain) == ""
    assert told(nothing()) == ()


def test_verdicts():
    assert verdict_of(UNKNOWN) == ""
    assert verdict_of(Estimate.of([0.1])) == "not told apart"  # of one snapshot nobody knows the error
    assert verdict_of(Estimate.of([0.1, 0.11, 0.12])) == "better"
    assert verdict_of(Estimate.of([-0.1, -0.11, -0.12])) == "worse"


def longer(results, curve):
    """Two of three snapshots are followed to 3 τ_α, the third to two; all have the same curve."""
    states = []
    for state in results.states:
        snapshots = []
        for k, one in enumerate(state.snapshots):
            curves = {}
            for rule, each in one.curves.items():
                whole = replace(each, rho=np.broadcast_to(curve, each.rho.shape))
                names = ("times", "rho", "low", "high", "half", "chance_low", "chance_high")
                cut = {name: getattr(whole, name)[..., : TIMES - 4] for name in names}
                curves[rule] = whole if k < 2 else replace(whole, **cut)
            snapshots.append(replace(one, curves=curves))
        states.append(replace(state, snapshots=tuple(snapshots)))
    return replace(results, states=tuple(states))


def test_a_fall_is_told_either_way(results):
    falling = told(longer(results, 0.4 - 0.1 * np.linspace(-3.0, 1.0, TIMES) ** 2))
    rising = told(longer(results, np.linspace(0.0, 0.5, TIMES)))
    for name in ("P̄_red", "the cage order parameter"):
        assert any(
            one.startswith(f"At 3 to 3 τ_α the correlation of {name} is below its peak")
            and "in 6 of 6 states: hard-spheres-0.58 -0.1" in one
            for one in falling
        )
        assert any("in 0 of 6 states; not beyond it in: hard-spheres-0.58" in one for one in rising)
    header, rows = study_tables(longer(results, np.linspace(0.0, 0.5, TIMES)))["decline"]
    assert {row[header.index("verdict")] for row in rows} == {"not below its peak beyond the error"}
    assert {row[header.index("field")] for row in rows} == {"p_red_averaged", "cage_averaged"}


def test_the_table(results):
    lines = predictors_table(replace(results, plan=replace(results.plan, label="made up"))).splitlines()
    assert lines[0] == "**made up**"
    rows = [line.split(" | ") for line in lines if line.startswith("| hard-spheres-0.58, large")]
    (row,) = rows
    assert row[2] == "–"  # no Debye-Waller factor was made up
    assert float(row[3]) - float(row[1]) == pytest.approx(0.2, abs=0.011)
    assert (row[6], row[7]) == ("+0.20 (+0.20 to +0.20)", "better")
    assert [line[:2] for line in lines[-2:]] == ["- ", "- "]


def test_effort_is_the_time_of_all_that_a_number_rests_on(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        "snapshots = 2\nruns = [6, 4]\n[[hard-spheres]]\npacking_fraction = 0.58\n"
        "[[hard-spheres]]\npacking_fraction = 0.57\n"
    )
    plan = read_plan(path)
    steps = steps_of(plan)
    records = {
        step: Record(step.kind, step.state.name, step.snapshot, {}, (), {}, 1.0, 3600.0, {}) for step in steps
    }
    made = study_results(("hard-spheres",), states=2, snapshots=2)
    states = tuple(replace(one, state=state) for one, state in zip(made.states, plan.states, strict=True))
    results = replace(made, plan=plan, states=states, steps=records)
    by_text = {rule.text: rule for rule in RULES}
    red = effort(by_text["Red particles are the faster ones."], states[:1], results)
    assert red.runs == 4
    kinds = {"equilibrate", "trajectory", "relax", "propensity", "cage", "order-parameter", "correlate"}
    mine = [step for step in steps if step.state.name == states[0].state.name and step.kind in kinds]
    assert red.hours == pytest.approx(len(mine))
    mean = effort(
        by_text["⟨P_red⟩ rises monotonically as the system moves out of the glassy regime."],
        states[1:],
        results,
    )
    # Trajectory, its equilibration and the transfer here; in the deepest state what was trained, and what on.
    assert (mean.runs, mean.hours) == (0, pytest.approx(3 + 2 + 2))
    assert np.isnan(effort(by_text["Red particles are the faster ones."], states, made).hours)
