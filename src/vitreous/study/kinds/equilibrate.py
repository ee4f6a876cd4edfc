"""A liquid in equilibrium, grown or quenched and run until it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vitreous.io.record_file import read_record
from vitreous.plot import save_figure
from vitreous.plot.equilibration import equilibration_figure
from vitreous.simulate.equilibration_report import CRYSTAL_LIMIT, SIGNIFICANT
from vitreous.simulate.plan import Plan
from vitreous.simulate.simulation import simulate
from vitreous.study.kind import Kind, Planned, StateSteps
from vitreous.study.kinds._liquid import Liquid
from vitreous.study.measured import Measured
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["KIND", "Equilibration", "Parameters", "read"]

_LASTS = 1.4  # times as long as asked for, since its stages double; for estimates


@dataclass(frozen=True)
class Parameters:
    """All that the result depends on."""

    liquid: Liquid
    state_point: float
    particles: int
    seed: int
    multiple: float
    longest: float
    timestep: float | None
    crystal_limit: float = CRYSTAL_LIMIT
    significant: float = SIGNIFICANT


@dataclass(frozen=True)
class Equilibration:
    """What the check of equilibrium found, see `vitreous.simulate.equilibration_report`."""

    verdict: str
    remarks: tuple[str, ...]
    duration: float
    duration_in_tau_1e: float
    tau_1e: Measured


def steps(around: StateSteps) -> Iterator[Planned[Parameters]]:
    """One for each state."""
    state, settings = around.state, around.state.settings
    yield Planned(
        Parameters(
            Liquid.of(state.former),
            state.state_point,
            settings.particles,
            settings.seed,
            settings.equilibration,
            settings.longest_equilibration,
            state.former.timestep,
        )
    )


def make(step: Step[Parameters], folder: Path, watcher: Watcher) -> Sequence[str]:
    """Equilibrate."""
    asked = step.parameters
    plan = Plan(
        step.state.former,
        asked.state_point,
        asked.particles,
        asked.seed,
        multiple=asked.multiple,
        longest=asked.longest,
        timestep=asked.timestep,
    )
    report = simulate(plan, step.path(folder, ".gsd"), watcher).report
    assert report is not None
    save_figure(equilibration_figure(report), step.path(folder, ".equilibration.png"))
    step.path(folder, ".equilibration.gsd").unlink()  # large, and nobody asks for it any more
    return [".gsd", ".equilibration.json", ".equilibration.png"]


def read(step: Step[object], folder: Path) -> Equilibration:
    """What the check of equilibrium found."""
    return read_record(step.path(folder, ".equilibration.json"), Equilibration)


def cost(step: Step[Parameters], folder: Path) -> float:
    """Processor seconds, as long as the state usually relaxes."""
    asked = step.parameters
    lasts = _LASTS * asked.multiple * step.state.former.usual_relaxation_time(asked.state_point)
    return step.state.former.cost * asked.particles * min(lasts, asked.longest)


KIND = Kind("equilibrate", 2, "simulation", (), steps, make, read, cost, family="simulation")
