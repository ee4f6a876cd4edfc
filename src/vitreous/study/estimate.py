"""How long a study will take: rough, from what such states took before, mended by what was measured meanwhile."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.study.progress import read_progress
from vitreous.study.steps import Step, read_record
from vitreous.study.timescales import relaxation_time

__all__ = ["Estimate", "estimate"]

# For estimates only, rounded from what the laptop study took.
_EQUILIBRATION = 1.4  # times as long as asked for, since its stages double
_FIT = 2.0  # τ_α of the stretched exponential, in the time at which F_s falls to 1/e
_FIXED = {"relax": 6.0, "order-parameter": 3.0, "correlate": 1.5, "explain": 30.0, "transfer": 0.2}


@dataclass(frozen=True)
class Estimate:
    """Processor seconds: of every step, and how much of them is still to be spent.

    Attributes
    ----------
    total, left : dict of Step to float
    """

    total: dict[Step, float]
    left: dict[Step, float]


def estimate(steps: Sequence[Step], folder: Path) -> Estimate:
    """Estimate the time that steps take.

    Parameters
    ----------
    steps : sequence of Step
    folder : Path
        Of the study.

    Returns
    -------
    Estimate
    """
    total = {step: _expected(step, folder) for step in steps}
    left = dict(total)
    spent: dict[tuple[str, str], list[float]] = {}
    for step in steps:
        record = read_record(step, folder)
        if record is not None:
            left[step] = 0.0
            if record.processor_seconds > 1.0:
                ratio = math.log(record.processor_seconds / total[step])
                spent.setdefault((step.state.former.name, _family(step)), []).append(ratio)
    for step in steps:
        ratios = spent.get((step.state.former.name, _family(step)))
        if left[step] and ratios:
            total[step] *= math.exp(float(np.median(ratios)))
        if left[step]:
            told = read_progress(step, folder)
            left[step] = max(total[step] - (told.processor_seconds if told else 0.0), 0.05 * total[step])
    return Estimate(total, left)


def _family(step: Step) -> str:
    return "simulation" if step.kind in ("equilibrate", "trajectory", "propensity") else step.kind


def _expected(step: Step, folder: Path) -> float:
    settings, former = step.state.settings, step.state.former
    each = settings.particles * former.cost
    if step.kind == "equilibrate":
        asked = _EQUILIBRATION * settings.equilibration * former.usual_relaxation_time(step.state.state_point)
        return each * min(asked, settings.longest_equilibration)
    if step.kind in ("trajectory", "propensity"):
        tau = _known_relaxation_time(step, folder) or (
            former.usual_relaxation_time(step.state.state_point)
            * (_FIT if step.kind == "propensity" else 1.0)
        )
        return each * tau * float(step.parameters["relaxation_times"]) * int(step.parameters.get("runs", 1))
    return _FIXED[step.kind]


def _known_relaxation_time(step: Step, folder: Path) -> float | None:
    """That by which a trajectory or an ensemble is as long as it is, if it is measured."""
    try:
        if step.kind == "propensity":
            told = json.loads(step.required("relax").path(folder, ".json").read_text(encoding="utf-8"))
            value = relaxation_time(step.state.former, told).value
        else:
            file = step.required("equilibrate").path(folder, ".equilibration.json")
            value = float(json.loads(file.read_text(encoding="utf-8"))["relaxation_time"]["value"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value if math.isfinite(value) else None
