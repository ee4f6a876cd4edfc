"""An order parameter, trained on one snapshot, and what it says of this snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vitreous.configuration import Configuration
from vitreous.io import read as read_file
from vitreous.io import write
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.reveal import Revelation, reveal
from vitreous.order_parameter import OrderParameter
from vitreous.structure.neighbors import Symmetry
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds.trajectory import own_snapshot
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "Revealed", "model_of", "neighbors_of", "read", "revelation_of"]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the snapshot: the parameters of `OrderParameter`."""

    neighbors: str | float
    reducer: Literal["autoencoder", "pca"]
    bottleneck: int
    seed: int
    symmetry: Symmetry = "mutual"
    l: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8)
    members: int = 5


@dataclass(frozen=True)
class _Average:
    radius: float
    radius_origin: str


@dataclass(frozen=True)
class Revealed:
    """A snapshot with its order parameter.

    Attributes
    ----------
    configuration : Configuration
        With columns ``p_red`` and ``p_red_averaged`` (N,).
    radius : float
        Radius of the average.
    radius_origin : str
        How that came about, in words.
    """

    configuration: Configuration
    radius: float
    radius_origin: str = ""


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each snapshot by the neighbour rule of the plan; in the deepest state another by the other rule."""
    settings = around.state.settings
    rule = settings.neighbors or around.state.former.neighbors
    other = "cutoff" if rule == "sann" else "sann"
    for k in range(around.state.followed):
        for neighbors in (rule, other) if around.is_deepest else (rule,):
            asked = Parameters(neighbors, settings.reducer, settings.bottleneck, settings.seed)
            yield Planned(asked, (around.source(k),), k)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Train it, and apply it to the same snapshot."""
    asked = step.parameters
    model = OrderParameter(
        neighbors=asked.neighbors,
        symmetry=asked.symmetry,
        l=asked.l,
        reducer=asked.reducer,
        bottleneck=asked.bottleneck,
        members=asked.members,
        random_state=asked.seed,
    )
    found = reveal(own_snapshot(step, folder), model, progress=watcher.stage)
    model.save(step.path(folder, ".vtm"))
    write(step.path(folder, ".gsd"), found.configuration)
    write_record(step.path(folder, ".json"), found.as_dict())
    return [".vtm", ".gsd", ".json"]


def read(step: Step[object], folder: Path) -> Revealed:
    """The snapshot with its order parameter."""
    average = read_record(step.path(folder, ".json"), _Average)
    return Revealed(read_file(step.path(folder, ".gsd")), average.radius, average.radius_origin)


def neighbors_of(step: Step[object]) -> str | float:
    """The neighbour rule of an order parameter."""
    assert isinstance(step.parameters, Parameters)
    return step.parameters.neighbors


def revelation_of(step: Step[object], folder: Path) -> Revelation:
    """The snapshot with its order parameter and the model, as `reveal` gives it for a trained model."""
    found, model = read(step, folder), model_of(step, folder)
    snapshot = found.configuration._replace(source=f"{step.requires[0].stem}.gsd")
    counts = model.surroundings(snapshot).counts
    return Revelation(snapshot, model, False, found.radius, found.radius_origin, counts, {}, {})


def model_of(step: Step[object], folder: Path) -> OrderParameter:
    """The trained model."""
    return OrderParameter.load(step.path(folder, ".vtm"))


KIND = Kind("order-parameter", 2, "order parameter", ("trajectory", "further"), steps, make, read, 3.0)
