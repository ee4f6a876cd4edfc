"""The supervised reference of a state: a regression trained on the propensities of all other snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vitreous.column_names import SUPERVISED_AVERAGED
from vitreous.correlation.curves import CorrelationCurves
from vitreous.errors import NoPlateauError
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.correlate import correlate
from vitreous.predictors.across import trained_on_others
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.neighborhood_average import neighborhood_average
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import cage, propensity, relax
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "Supervised", "read"]

_CORRELATING = 1.5  # seconds, for estimates


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside snapshots, cages, propensities and the relaxation time."""

    seed: int


@dataclass(frozen=True, eq=False)
class Supervised:
    """How well it predicts.

    Attributes
    ----------
    curves : tuple of CorrelationCurves
        Of each snapshot with a propensity; empty if nothing is caged.
    reason : str
        Why there are none, if there are none.
    """

    curves: tuple[CorrelationCurves, ...]
    reason: str = ""


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each state, of all its snapshots with a propensity; none if there is but one."""
    measured, caged = around.here["propensity"], around.here["cage"]
    if len(measured) > 1:
        asked = Parameters(around.state.settings.seed)
        yield Planned(asked, (around.one("relax"), *measured, *caged))


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Learn from all snapshots but one, say what that gives for this one, and so on."""
    tau = relax.read(step.required("relax"), folder).known_time(step.state.former)
    dynamics = [propensity.read(one, folder) for one in step.requires if one.kind == "propensity"]
    cages = []
    for caged in _caged(step):
        try:
            cages.append(cage.cages_of(caged, folder, watcher))
        except NoPlateauError as error:
            write_record(step.path(folder, ".json"), Supervised((), f"{caged.name}: {error}"))
            return [".json"]
    watcher.stage("learning from other snapshots")
    unit = step.state.former.descriptor_unit
    snapshots = [one.snapshot for one in cages]
    said = trained_on_others(
        snapshots,
        [cage_descriptors(one.at_mean_positions, unit) for one in cages],
        [one.mean[int(np.argmin(np.abs(np.log(one.times / tau))))] for one in dynamics],
        [str(number) for number in range(len(snapshots))],
    )
    watcher.stage("correlations")
    curves = tuple(
        correlate(
            {SUPERVISED_AVERAGED: neighborhood_average(snapshot, values)}, one, seed=step.parameters.seed
        )
        for snapshot, values, one in zip(snapshots, said, dynamics, strict=True)
    )
    write_record(step.path(folder, ".json"), Supervised(curves))
    return [".json"]


def read(step: Step[object], folder: Path) -> Supervised:
    """Correlations at every δt, snapshot by snapshot."""
    return read_record(step.path(folder, ".json"), Supervised)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds of all short runs, which are carried out once more, and of the correlations."""
    return sum(cage.cost(one, folder) + _CORRELATING for one in _caged(step))


def _caged(step: Step[Parameters]) -> list[Step[Any]]:
    return [one for one in step.requires if one.kind == "cage"]


KIND = Kind(
    "supervised", 1, "correlate", ("relax", "propensity", "cage"), steps, make, read, cost, decides=False
)
