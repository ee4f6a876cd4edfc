"""The steps of a study, found from its plan."""

from __future__ import annotations

from vitreous.study.kind import StateSteps
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import StudyPlan
from vitreous.study.step import Step

__all__ = ["Step", "steps_of"]


def steps_of(plan: StudyPlan) -> list[Step[object]]:
    """All steps of a study, each after those that it requires."""
    steps: list[Step[object]] = []
    for former in plan.formers:
        deepest: dict[str, list[Step[object]]] = {}
        for number, state in enumerate(plan.of(former)):
            here = deepest if number == 0 else {}
            around = StateSteps(state, here, deepest)
            for kind in all_kinds().values():
                mine = here[kind.name] = []
                for one in kind.steps(around):  # each may require those before it
                    mine.append(
                        Step(kind.name, kind.version, state, one.snapshot, one.parameters, one.requires)
                    )
                steps += mine
    return steps
