"""The cage order parameter of a snapshot, from short runs, to be held against the paper's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.dynamics.cages import Cages
from vitreous.ensemble.cage_sampling import sample_cages
from vitreous.errors import NoPlateauError
from vitreous.io import read as read_file
from vitreous.io import write
from vitreous.io.record_file import read_record, write_record
from vitreous.jobs.reveal_cages import reveal_cages
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds.trajectory import own_snapshot
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Caged", "Parameters", "cages_of", "cost", "read"]

_RUNS, _DURATION = 16, 2.0  # within 0.02 in ρ of the best duration in all three models of the paper
_LEARNING = 3.0  # seconds, for estimates


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the snapshot.

    Attributes
    ----------
    short_runs : int
        As many as `sample_cages` begins with.
    duration : float
        Of a short run, in the unit of time of the model. Fixed, because looking for the end of a plateau takes longest
        where there is none.
    seed : int
    timestep : float or None
        None where the model needs none.
    """

    short_runs: int
    duration: float
    seed: int
    timestep: float | None


@dataclass(frozen=True)
class Caged:
    """A snapshot with its cage order parameter.

    Attributes
    ----------
    configuration : Configuration or None
        With columns ``cage``, ``cage_averaged`` and ``debye_waller_averaged``, (N,) each; None if nothing is caged.
    reason : str
        Why there are none, if there are none.
    """

    configuration: Configuration | None
    reason: str = ""


@dataclass(frozen=True)
class _Told:
    reason: str = ""


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each snapshot that gets a propensity."""
    for k in range(around.state.followed):
        asked = Parameters(_RUNS, _DURATION, around.state.settings.seed, around.state.former.timestep)
        yield Planned(asked, (around.source(k),), k)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Run shortly, and learn what structure says of the cages."""
    snapshot = own_snapshot(step, folder)
    try:
        cages = cages_of(step, folder, watcher)
    except NoPlateauError as error:
        write_record(step.path(folder, ".json"), _Told(str(error)))
        return [".json"]
    model = CageOrderParameter(random_state=step.parameters.seed)
    found = reveal_cages(snapshot, cages, model, progress=watcher.stage)
    write(step.path(folder, ".gsd"), found.configuration)
    write_record(step.path(folder, ".json"), {"reason": "", **found.as_dict()})
    return [".gsd", ".json"]


def cages_of(step: Step[Parameters], folder: Path, watcher: Watcher) -> Cages:
    """The cages themselves, by the short runs: the same bits whenever it is called.

    Raises
    ------
    NoPlateauError
        If nothing is caged.
    """
    asked, former = step.parameters, step.state.former
    return sample_cages(
        own_snapshot(step, folder),
        former,
        temperature=None if former.is_hard else step.state.state_point,
        runs=asked.short_runs,
        duration=asked.duration,
        random_state=asked.seed,
        timestep=asked.timestep,
        progress=watcher.stage,
    )


def read(step: Step[object], folder: Path) -> Caged:
    """The snapshot with its cage order parameter, or why there is none."""
    reason = read_record(step.path(folder, ".json"), _Told).reason
    return Caged(None if reason else read_file(step.path(folder, ".gsd")), reason)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds of the short runs."""
    asked, former = step.parameters, step.state.former
    return _LEARNING + former.cost * step.state.settings.particles * asked.duration * asked.short_runs


KIND = Kind("cage", 1, "order parameter", ("trajectory", "further"), steps, make, read, cost)
