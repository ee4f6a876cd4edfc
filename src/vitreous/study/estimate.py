"""How long a study will take: rough, by the kind of each step, mended by what was measured meanwhile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vitreous.study.kinds import all_kinds
from vitreous.study.progress import read_progress
from vitreous.study.step import Step, record_of

__all__ = ["TimeEstimate", "estimate"]


@dataclass(frozen=True)
class TimeEstimate:
    """Processor seconds: of every step, and how much of them is still to be spent."""

    total: dict[Step[Any], float]
    left: dict[Step[Any], float]


def estimate(steps: Sequence[Step[Any]], folder: Path) -> TimeEstimate:
    """Estimate the time that the steps of the study in this folder take."""
    total = {step: _expected(step, folder) for step in steps}
    left = dict(total)
    spent: dict[tuple[str, str], list[float]] = {}
    for step in steps:
        record = record_of(step, folder)
        if record is not None:
            left[step] = 0.0
            if record.processor_seconds > 1.0:
                ratio = math.log(record.processor_seconds / total[step])
                spent.setdefault(_family(step), []).append(ratio)
    for step in steps:
        ratios = spent.get(_family(step))
        if left[step] and ratios:
            total[step] *= math.exp(float(np.median(ratios)))
        if left[step]:
            told = read_progress(step, folder)
            left[step] = max(total[step] - (told.processor_seconds if told else 0.0), 0.05 * total[step])
    return TimeEstimate(total, left)


def _expected(step: Step[Any], folder: Path) -> float:
    cost = all_kinds()[step.kind].cost
    return cost if isinstance(cost, float) else cost(step, folder)


def _family(step: Step[Any]) -> tuple[str, str]:
    return step.state.former.name, all_kinds()[step.kind].family or step.kind
