"""What was decided on the further snapshots of a study: kept in its folder, and void for another first stage."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vitreous.io.record_file import read_record, write_record
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import Further, StudyPlan
from vitreous.study.steps import steps_of

__all__ = [
    "Decision",
    "Forecast",
    "decided",
    "first_stage_digest",
    "keep_decision",
    "read_decision",
    "with_further",
]

_FILE = "decision.json"


@dataclass(frozen=True)
class Forecast:
    """What one claim needs.

    Attributes
    ----------
    claim : str
    needs : dict of str to int
        All snapshots by what they are: "STATE" with a propensity, "STATE structures" for ⟨P_red⟩ alone.
    seconds : float
        Of one core for the further ones, by itself; 0 if the first stage is enough, NaN if that cannot be said.
    met : bool
        Whether the decision meets it.
    remaining : float
        Seconds that it would take beyond the decision.
    reason : str
        Why nothing can be said, if it cannot.
    """

    claim: str
    needs: dict[str, int]
    seconds: float
    met: bool
    remaining: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Decision:
    """Further snapshots of every state.

    Attributes
    ----------
    first_stage : str
        Digest of the keys of all steps of the first stage; with another one the decision is void.
    budget, seconds : float
        Seconds of one core that were allowed, and those that the further snapshots are expected to take.
    further : dict of str to Further
        By the name of the state.
    forecasts : tuple of Forecast
        Claim by claim.
    """

    first_stage: str
    budget: float
    seconds: float
    further: dict[str, Further]
    forecasts: tuple[Forecast, ...]


def read_decision(plan: StudyPlan) -> Decision | None:
    """What was decided for a study; None if nothing was, or for another first stage."""
    try:
        decision = read_record(plan.folder / _FILE, Decision)
    except FileNotFoundError:
        return None
    return decision if decision.first_stage == first_stage_digest(plan) else None


def decided(plan: StudyPlan) -> StudyPlan:
    """A plan with the further snapshots that were decided for it; itself if nothing was."""
    decision = read_decision(plan)
    return plan if decision is None else with_further(plan, decision.further)


def keep_decision(plan: StudyPlan, decision: Decision) -> None:
    """Write a decision, whole or not at all, so that whatever comes next does what was decided."""
    write_record(plan.folder / _FILE, decision)


def with_further(plan: StudyPlan, further: Mapping[str, Further]) -> StudyPlan:
    """A plan with so many further snapshots of each state, and none of the others."""
    states = (replace(state, further=further.get(state.name, Further())) for state in plan.states)
    return replace(plan, states=tuple(states))


def first_stage_digest(plan: StudyPlan) -> str:
    """Of the keys of all steps that the plan itself asks for and that claims rest on."""
    keys = [step.key for step in steps_of(with_further(plan, {})) if all_kinds()[step.kind].decides]
    return hashlib.sha256(" ".join(keys).encode()).hexdigest()[:16]
