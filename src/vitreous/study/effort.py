"""What the number of a claim has cost: runs of each snapshot, and the time of all steps that it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from vitreous.study.claim_rules import Rule
from vitreous.study.results import StateResults, StudyResults
from vitreous.study.step import Step

__all__ = ["Effort", "effort"]

# The steps in which numbers are; all that these require comes with them. Every other number is one of correlations.
_KINDS = {"clusters": ("explain",), "mean P_red": ("transfer",), "exponential": ("transfer", "relax")}


class Effort(NamedTuple):
    """What it took.

    Attributes
    ----------
    runs : int
        Fewest of any snapshot; 0 if no propensity is needed.
    hours : float
        Of one core. Numbers that rest on the same steps share them; NaN if none of them is made.
    """

    runs: int
    hours: float


def effort(rule: Rule, states: Sequence[StateResults], results: StudyResults) -> Effort:
    """Sum up the steps that a claim's number, which is of these states, rests on."""
    kinds = _KINDS.get(rule.quantity, ("correlate",))
    names = {one.state.name for one in states}
    waiting = [step for step in results.steps if step.kind in kinds and step.state.name in names]
    behind: set[Step[object]] = set()
    while waiting:
        step = waiting.pop()
        if step not in behind:
            behind.add(step)
            waiting += step.requires
    seconds = [results.steps[step].processor_seconds for step in behind if step in results.steps]
    runs = 0
    if rule.quantity not in _KINDS:
        runs = min(
            (one.state.settings.runs_of(snapshot.number) for one in states for snapshot in one.snapshots),
            default=0,
        )
    return Effort(runs, math.fsum(seconds) / 3600.0 if seconds else math.nan)
