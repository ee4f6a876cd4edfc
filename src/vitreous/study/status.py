"""Where a study stands, read from its files, by anyone and at any time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vitreous.study.estimate import estimate
from vitreous.study.progress import PROGRESS, Told, read_progress
from vitreous.study.step import Step, record_of

__all__ = ["Standing", "Status", "study_status"]

Standing = Literal["made", "running", "failed", "stopped", "waiting"]

_SILENCE = 30.0  # seconds after which a step that tells nothing is not running any more


@dataclass(frozen=True)
class Status:
    """Where each step of a study stands.

    Attributes
    ----------
    standing : dict of Step to Standing
        "stopped" is begun, but nobody goes on with it.
    told : dict of Step to Told
        What those that are not made told last.
    left : dict of Step to float
        Processor seconds, estimated.
    spent : float
        Processor seconds of all that is made, and of what is begun.
    """

    standing: dict[Step[object], Standing]
    told: dict[Step[object], Told]
    left: dict[Step[object], float]
    spent: float


def study_status(steps: Sequence[Step[object]], folder: Path) -> Status:
    """Look where each step stands.

    Parameters
    ----------
    steps : sequence of Step
    folder : Path
        Folder of the study.

    Returns
    -------
    Status
    """
    standing: dict[Step[object], Standing] = {}
    told: dict[Step[object], Told] = {}
    spent = 0.0
    for step in steps:
        record, last = record_of(step, folder), read_progress(step, folder)
        if record is not None:
            standing[step] = "made"
            spent += record.processor_seconds
            continue
        if last is None:
            standing[step] = "waiting"
            continue
        told[step] = last
        spent += last.processor_seconds
        age = time.time() - step.path(folder, PROGRESS).stat().st_mtime
        standing[step] = "failed" if last.failed else "running" if age < _SILENCE else "stopped"
    return Status(standing, told, estimate(steps, folder).left, spent)
