"""How many further snapshots the claims of a study need, what they cost, and which of them a budget allows.

It rests on how much numbers scatter from snapshot to snapshot in the first stage, which is what the plan asks for, and
on costs; never on a mean.
"""

from __future__ import annotations

import math

from vitreous.errors import InputError
from vitreous.study.claim_numbers import Part, parts_of
from vitreous.study.claim_rules import RULES, Rule
from vitreous.study.decision import (
    Decision,
    Forecast,
    first_stage_digest,
    keep_decision,
    read_decision,
    with_further,
)
from vitreous.study.estimate import estimate
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import Further, StudyPlan
from vitreous.study.results import StudyResults, read_results
from vitreous.study.step import record_of
from vitreous.study.steps import steps_of
from vitreous.study.two_stages import Term, needs_of, share

__all__ = ["decide", "require_first_stage"]


def require_first_stage(plan: StudyPlan) -> None:
    """Make sure that all steps that the plan itself asks for are made.

    Raises
    ------
    InputError
        Naming the first that is not.
    """
    folder = plan.folder.resolve()
    for step in steps_of(with_further(plan, {})):
        if record_of(step, folder) is None:
            raise InputError(
                f"{plan.path}: {step.state.name}, {step.name} is not made, and before the first stage is whole nothing "
                f"can be decided"
            )


def decide(plan: StudyPlan, budget: float) -> Decision:
    """Choose the further snapshots of a study whose first stage is made, and keep that.

    The budget is in seconds of one core, for all further snapshots together. What was decided before for this budget or
    for a larger one stays, so that who was stopped goes on with it; else that and what the rest of the budget adds.
    """
    before = read_decision(plan)
    if before is not None and not budget > before.budget:  # NaN in the file is a budget without an end
        return before
    spent = 0.0 if before is None else before.seconds
    base = with_further(plan, {} if before is None else before.further)
    results = read_results(base)
    costs = _costs(base)
    there = {state.name: state.followed for state in base.states}
    there |= {f"{state.name} structures": state.structures for state in base.states}
    planned = [_planned(rule, results, costs) for rule in RULES if rule.quantity != "exponential"]
    demands = {rule.text: needs for rule, needs, _ in planned if needs}
    bought = share(demands, there, costs, budget - spent)
    further = {
        state.name: Further(
            bought.snapshots[state.name] - state.settings.snapshots,
            bought.snapshots[f"{state.name} structures"] - state.settings.all_snapshots,
        )
        for state in base.states
    }
    forecasts = []
    for rule, needs, told in planned:
        seconds = sum(max(count - there[name], 0) * costs[name] for name, count in needs.items())
        met, remaining = rule.text in bought.met, bought.remaining.get(rule.text, 0.0)
        forecasts.append(Forecast(rule.text, needs, math.nan if told else seconds, met, remaining, told))
    decision = Decision(first_stage_digest(plan), budget, spent + bought.cost, further, tuple(forecasts))
    keep_decision(plan, decision)
    return decision


def _planned(rule: Rule, results: StudyResults, costs: dict[str, float]) -> tuple[Rule, dict[str, int], str]:
    """All snapshots that a claim needs of each resource; or why that cannot be said."""
    needs: dict[str, int] = {}
    parts = parts_of(rule, results)
    if not parts:
        return rule, {}, "none of its numbers is known"
    for part in parts:
        told = _unknown(part)
        if told:
            return rule, {}, f"{' less '.join(part.models)}: {told}"
        for name, count in _of_part(part, rule.half_width, costs).items():
            needs[name] = max(needs.get(name, 0), count)
    return rule, needs, ""


def _unknown(part: Part) -> str:
    if not part.terms:
        return "too few states of which the peak is known"
    for _, number in part.terms:
        name = number.state.state.name
        if number.told:
            return f"{name}, {number.told}"
        if number.first < 2 or math.isnan(number.spread):
            return f"{name}, how much it scatters is not known"
    return ""


def _of_part(part: Part, half_width: float, costs: dict[str, float]) -> dict[str, int]:
    """All snapshots of each resource; those with a propensity are structures as well."""
    terms, needs = [], dict[str, int]()
    for weight, number in part.terms:
        name = number.state.state.name
        cost = costs[f"{name} structures"] + (costs[name] if number.followed else 0.0)
        terms.append(Term(weight, number.spread, number.first, max(cost, 1e-9)))
    for count, (_, number) in zip(needs_of(terms, half_width), part.terms, strict=True):
        name = number.state.state.name
        # The first snapshot of a deepest state does not count for ⟨P_red⟩, for it was trained on it.
        all_of_it = count if number.followed else count + int(number.state.deepest)
        needs[f"{name} structures"] = max(needs.get(f"{name} structures", 0), all_of_it)
        if number.followed:
            needs[name] = max(needs.get(name, 0), count)
    return needs


def _costs(plan: StudyPlan) -> dict[str, float]:
    """Seconds of one core for one more snapshot of each resource, by what such steps took so far."""
    more = {
        state.name: Further(state.further.followed + 1, state.structures + 1 - state.settings.all_snapshots)
        for state in plan.states
    }
    steps = steps_of(with_further(plan, more))
    expected = estimate(steps, plan.folder.resolve()).total
    known = {step.key for step in steps_of(plan)}
    found = {name: 0.0 for state in plan.states for name in (state.name, f"{state.name} structures")}
    for step in steps:
        if step.key not in known and all_kinds()[step.kind].decides:
            structures = " structures" if step.kind in ("further", "transfer") else ""
            found[f"{step.state.name}{structures}"] += expected[step]
    return found
