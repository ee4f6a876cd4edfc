"""The whole experiment from one file: simulate, measure, train, correlate, explain, for all three glass formers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.study.comparison import Comparison, compared
    from vitreous.study.interval import Estimate
    from vitreous.study.kind import Kind
    from vitreous.study.measured import Measured
    from vitreous.study.plan import State, StudyPlan, read_plan
    from vitreous.study.predictors import Predictor
    from vitreous.study.results import SnapshotResults, StateResults, StudyResults, read_results
    from vitreous.study.status import Status, study_status
    from vitreous.study.step import Record, Step
    from vitreous.study.steps import steps_of

__all__ = [
    "Comparison",
    "Estimate",
    "Kind",
    "Measured",
    "Predictor",
    "Record",
    "SnapshotResults",
    "State",
    "StateResults",
    "Status",
    "Step",
    "StudyPlan",
    "StudyResults",
    "compared",
    "read_plan",
    "read_results",
    "steps_of",
    "study_status",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "comparison": ("Comparison", "compared"),
        "interval": ("Estimate",),
        "kind": ("Kind",),
        "measured": ("Measured",),
        "plan": ("State", "StudyPlan", "read_plan"),
        "predictors": ("Predictor",),
        "results": ("SnapshotResults", "StateResults", "StudyResults", "read_results"),
        "status": ("Status", "study_status"),
        "step": ("Record", "Step"),
        "steps": ("steps_of",),
    },
)
