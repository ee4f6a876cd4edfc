"""How long a study will take: rough, from what such states took before, mended by what was measured meanwhile."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vitreous.glassformers import GlassFormer
from vitreous.study.progress import read_progress
from vitreous.study.steps import Step, read_record

__all__ = ["Estimate", "estimate"]

# For estimates only: relaxation times by state point, and processor seconds for a particle and a unit of time.
_RELAXATION_TIMES = {
    "hard-spheres": {0.50: 6.0, 0.54: 35.0, 0.55: 70.0, 0.56: 160.0, 0.57: 450.0, 0.58: 1800.0},
    "wahnstrom": {0.7: 40.0, 0.75: 18.0, 0.8: 10.0, 0.9: 5.0, 1.0: 3.5},
    "kob-andersen": {0.5: 110.0, 0.55: 35.0, 0.6: 16.0, 0.7: 6.5, 0.8: 3.8},
}
_SECONDS = {"hard-spheres": 2.2e-5, "wahnstrom": 6e-5, "kob-andersen": 1.8e-4}
_EQUILIBRATION = 1.6  # times as long as asked for, since its stages double
_FIXED = {"relax": 10.0, "order-parameter": 6.0, "correlate": 8.0, "explain": 40.0, "transfer": 1.0}


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
    each = settings.particles * _SECONDS[former.name]
    if step.kind == "equilibrate":
        asked = (
            _EQUILIBRATION * settings.equilibration * _usual_relaxation_time(former, step.state.state_point)
        )
        return each * min(asked, settings.longest_equilibration)
    if step.kind in ("trajectory", "propensity"):
        tau = _known_relaxation_time(step.required("equilibrate"), folder)
        tau = tau or _usual_relaxation_time(former, step.state.state_point)
        return each * tau * float(step.parameters["relaxation_times"]) * int(step.parameters.get("runs", 1))
    return _FIXED[step.kind]


def _usual_relaxation_time(former: GlassFormer, state_point: float) -> float:
    known = _RELAXATION_TIMES[former.name]
    return math.exp(float(np.interp(state_point, list(known), np.log(list(known.values())))))


def _known_relaxation_time(equilibrate: Step, folder: Path) -> float | None:
    try:
        report = json.loads(equilibrate.path(folder, ".equilibration.json").read_text())
        value = report["relaxation_time"]["value"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if value is None else float(value)
