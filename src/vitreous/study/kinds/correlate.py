"""Correlation of an order parameter, and of what it has to beat, with the propensity of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vitreous.column_names import CAGE_AVERAGED, DEBYE_WALLER_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.correlation.curves import CorrelationCurves, Method, joined
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.correlate import correlate, simple_fields
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import cage, order_parameter, propensity
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "read"]


_OF_CAGES = (CAGE_AVERAGED, DEBYE_WALLER_AVERAGED)


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the order parameter and the propensity."""

    seed: int
    method: Method = "spearman"


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each order parameter, the cage order parameter of the snapshot beside it."""
    for trained in around.here["order-parameter"]:
        measured = around.one("propensity", trained.snapshot)
        caged = around.one("cage", trained.snapshot)
        yield Planned(Parameters(around.state.settings.seed), (measured, trained, caged), trained.snapshot)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Correlate."""
    measured = propensity.read(step.required("propensity"), folder)
    revealed = order_parameter.read(step.required("order-parameter"), folder)
    watcher.stage("controls")
    columns = revealed.configuration.columns
    order = {name: columns[name] for name in (P_RED, P_RED_AVERAGED)}
    fields = order | simple_fields(measured.snapshot, revealed.radius, step.state.former)
    caged = cage.read(step.required("cage"), folder).configuration
    if caged is not None:
        fields |= {name: caged.columns[name] for name in _OF_CAGES}
    watcher.stage("correlations")
    asked = step.parameters
    curves = correlate(fields, measured, method=asked.method, radius=revealed.radius, seed=asked.seed)
    whole = curves if caged is not None else _with_unknown(curves, _OF_CAGES)
    write_record(step.path(folder, ".json"), whole)
    return [".json"]


def _with_unknown(curves: CorrelationCurves, names: tuple[str, ...]) -> CorrelationCurves:
    """With quantities of which nothing is known, so that all snapshots of a state have the same ones."""
    nothing = np.full((len(names), *curves.rho.shape[1:]), np.nan)
    return joined(curves, replace(curves, fields=names, rho=nothing, low=nothing, high=nothing))


def read(step: Step[object], folder: Path) -> CorrelationCurves:
    """Correlations at every δt."""
    return read_record(step.path(folder, ".json"), CorrelationCurves)


KIND = Kind("correlate", 2, "correlate", ("propensity", "order-parameter", "cage"), steps, make, read, 1.5)
