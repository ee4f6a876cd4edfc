"""Correlation of an order parameter, and of what it has to beat, with the propensity of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vitreous.correlation_curves import CorrelationCurves, correlate, structural_fields
from vitreous.io.record_file import read_record, write_record
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import propensity
from vitreous.study.kinds.order_parameter import model_of
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "read"]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the order parameter and the propensity."""

    seed: int
    method: Literal["spearman", "pearson"] = "spearman"


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each order parameter."""
    for trained in around.here["order-parameter"]:
        measured = around.one("propensity", trained.snapshot)
        yield Planned(Parameters(around.state.settings.seed), (measured, trained), trained.snapshot)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Correlate."""
    measured = propensity.read(step.required("propensity"), folder)
    model = model_of(step.required("order-parameter"), folder)
    watcher.stage("order parameter and controls")
    fields, radius = structural_fields(measured.snapshot, model, former=step.state.former)
    watcher.stage("correlations")
    asked = step.parameters
    curves = correlate(fields, measured, method=asked.method, radius=radius, seed=asked.seed)
    write_record(step.path(folder, ".json"), curves)
    return [".json"]


def read(step: Step[Parameters], folder: Path) -> CorrelationCurves:
    """Correlations at every δt."""
    return read_record(step.path(folder, ".json"), CorrelationCurves)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds."""
    return 1.5


KIND = Kind("correlate", 2, "correlate", ("propensity", "order-parameter"), steps, make, read, cost)
