"""Dynamic propensity of a snapshot, over an isoconfigurational ensemble of runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.dispatch import Work
from vitreous.ensemble.executor import runs_of
from vitreous.ensemble.propensity import combine
from vitreous.ensemble.result import Propensity
from vitreous.simulate.schedule import log_times
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds.relax import expected_time, relaxation_time_of
from vitreous.study.kinds.trajectory import own_snapshot
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Parameters", "read"]


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on, beside the snapshot and the relaxation time.

    Attributes
    ----------
    runs : int
    relaxation_times : float
        The longest δt, in τ_α of the trajectory.
    common : float
        That of all snapshots of the state: up to there they have the same δt.
    times_per_decade : int
    seed : int
    first_time : float
        The shortest δt.
    timestep : float or None
        None where the model needs none.
    """

    runs: int
    relaxation_times: float
    common: float
    times_per_decade: int
    seed: int
    first_time: float
    timestep: float | None


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each snapshot."""
    settings = around.state.settings
    for k in range(around.state.followed):
        asked = Parameters(
            settings.runs_of(k),
            settings.propensity_of(k),
            settings.propensity_of_all,
            settings.times_per_decade,
            settings.seed,
            around.state.former.shortest_time,
            around.state.former.timestep,
        )
        yield Planned(asked, (around.source(k), around.one("relax")), k)


def _campaign(step: Step[Parameters], folder: Path) -> tuple[Campaign, Path]:
    """The runs, and where they are kept: the same for any number of them."""
    asked, former, number = step.parameters, step.state.former, step.snapshot
    assert number is not None
    times = _times(asked, relaxation_time_of(step, folder))
    temperature = None if former.is_hard else step.state.state_point
    snapshot = own_snapshot(step, folder)
    campaign = Campaign(snapshot, former, times, temperature, asked.seed, asked.timestep)
    return campaign, folder / step.state.name / f"runs-{number + 1}-{campaign.digest[:10]}"


def _times(asked: Parameters, tau: float) -> NDArray[np.float64]:
    """δt at equal ratios up to what all snapshots have in common, and at the same ratio beyond."""
    first, last = asked.first_time, float(f"{asked.common * tau:.2g}")
    count = 1 + math.ceil(asked.times_per_decade * math.log10(last / first))
    times = log_times(first, last, count)
    beyond = math.log(asked.relaxation_times / asked.common) / math.log(last / first) * (count - 1)
    more = np.arange(1, 1 + math.ceil(beyond - 1e-9))
    return np.concatenate([times, last * (last / first) ** (more / (count - 1))])


def runs(step: Step[Parameters], folder: Path, damaged: Callable[[int, str], None]) -> Work:
    """The runs that are missing."""
    campaign, place = _campaign(step, folder)
    campaign.prepare(place)
    return runs_of(campaign, place, range(step.parameters.runs), damaged)


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Combine the runs, which are made already."""
    campaign, place = _campaign(step, folder)
    watcher.stage("combining the runs")
    combine(campaign, place, step.parameters.runs).save(step.path(folder, ".gsd"))
    return [".gsd"]


def read(step: Step[object], folder: Path) -> Propensity:
    """The propensity of every particle at every δt."""
    return Propensity.load(step.path(folder, ".gsd"))


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds of all runs, by τ_α of the trajectory if that is known."""
    asked, each = step.parameters, step.state.former.cost * step.state.settings.particles
    return each * expected_time(step, folder) * asked.relaxation_times * asked.runs


KIND = Kind(
    "propensity",
    2,
    "propensity",
    ("trajectory", "further", "relax"),
    steps,
    make,
    read,
    cost,
    family="simulation",
    runs=runs,
)
