"""Mean P_red of the snapshots of a state, by the order parameters of the deepest state unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import numbers
from vitreous.column_names import P_RED
from vitreous.io.record_file import read_record, write_record
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds import order_parameter
from vitreous.study.kinds.order_parameter import model_of, neighbors_of
from vitreous.study.kinds.trajectory import snapshot_of
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "Transfer", "read"]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the trajectory and the order parameters."""

    snapshots: int


@dataclass(frozen=True, eq=False)
class Transfer:
    """⟨P_red⟩ (M, S) of S snapshots by M order parameters."""

    mean_p_red: NDArray[np.float64]


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for the snapshots of the trajectory and one for each further, by the neighbour rule of the deepest state.

    The order parameters are those of the snapshots that its plan asks for, so that no step is made anew for more.
    """
    trained = around.deepest["order-parameter"]
    rule, asked = neighbors_of(trained[0]), trained[0].state.settings.snapshots
    models = [one for one in trained if neighbors_of(one) == rule and one.snapshot in range(asked)]
    own = around.state.settings.snapshots
    yield Planned(Parameters(own), (around.one("trajectory"), *models))
    for number in range(own, around.state.structures):
        yield Planned(Parameters(1), (around.source(number), *models), number)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Apply them."""
    source, *models = step.requires
    first = step.snapshot or 0
    counted = range(first, first + step.parameters.snapshots)
    snapshots = [snapshot_of(source, folder, number) for number in counted]
    mean = np.empty((len(models), len(snapshots)))
    for m, trained in enumerate(models):
        model = model_of(trained, folder)
        for k, (number, snapshot) in enumerate(zip(counted, snapshots, strict=True)):
            if (trained.state, trained.snapshot) == (step.state, number):  # what it was trained on
                p_red = numbers(P_RED, order_parameter.read(trained, folder).configuration.columns[P_RED])
            else:
                p_red = model.p_red(snapshot)
            mean[m, k] = np.nanmean(p_red)
    write_record(step.path(folder, ".json"), Transfer(mean))
    return [".json"]


def read(step: Step[object], folder: Path) -> Transfer:
    """The means."""
    return read_record(step.path(folder, ".json"), Transfer)


KIND = Kind("transfer", 2, "explain", ("trajectory", "further", "order-parameter"), steps, make, read, 0.2)
