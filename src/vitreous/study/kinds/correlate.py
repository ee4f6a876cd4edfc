"""Correlation of an order parameter, and of what it has to beat, with the propensity of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.correlation.curves import CorrelationCurves
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.correlate import correlate, simple_fields
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import order_parameter, propensity
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
    revealed = order_parameter.read(step.required("order-parameter"), folder)
    watcher.stage("controls")
    columns = revealed.configuration.columns
    order = {name: columns[name] for name in (P_RED, P_RED_AVERAGED)}
    fields = order | simple_fields(measured.snapshot, revealed.radius, step.state.former)
    watcher.stage("correlations")
    asked = step.parameters
    curves = correlate(fields, measured, method=asked.method, radius=revealed.radius, seed=asked.seed)
    write_record(step.path(folder, ".json"), curves)
    return [".json"]


def read(step: Step[object], folder: Path) -> CorrelationCurves:
    """Correlations at every δt."""
    return read_record(step.path(folder, ".json"), CorrelationCurves)


KIND = Kind("correlate", 2, "correlate", ("propensity", "order-parameter"), steps, make, read, 1.5)
