"""Short runs from one snapshot, as many as it takes to see the cage of every particle."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive, whole
from vitreous.configuration import Configuration
from vitreous.correlation.rank import scores
from vitreous.dynamics.cages import CageMoments, Cages, Plateau
from vitreous.ensemble.short_runs import (
    NO_PLATEAU,
    RECORDED,
    ShortRun,
    ShortRunStart,
    pilot_runs,
    short_run_seeds,
    short_runs_by,
)
from vitreous.ensemble.workers import packed
from vitreous.errors import InputError, NoPlateauError
from vitreous.glassformers import GlassFormer, as_model, glass_former, glass_formers
from vitreous.simulate.energies import particle_energies
from vitreous.simulate.engine import EngineMaker
from vitreous.structure._solid_bonds import crystalline_fraction
from vitreous.structure.neighborhood_average import averaging_length, neighborhood_average
from vitreous.structure.neighbors import sann

__all__ = ["sample_cages"]

_AGREEMENT = 0.65  # of the averaged labels of two halves of the runs; less calls for more runs
_DOUBLINGS = 2
_CRYSTAL = 0.5  # share of crystalline particles from which on a snapshot is no liquid
_UNLIKELY = 5.0  # standard deviations of the potential energy


def sample_cages(
    snapshot: Configuration,
    liquid: str | GlassFormer | None = None,
    *,
    temperature: float | None = None,
    runs: int = 16,
    duration: float | None = None,
    random_state: int | None = 0,
    timestep: float | None = None,
    workers: int = 1,
    engine: EngineMaker | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Cages:
    """See the cage of every particle of a snapshot: short runs with fresh velocities, before anything rearranges.

    Ten times in [t_s/2, t_s] are recorded in each run. Where the two halves of the runs do not agree (averaged ln v,
    rank correlation below 0.65), the number of runs is doubled, twice at most; what they agree in the end is told.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the liquid, in its units; positions only are used, no column.
    liquid : str or GlassFormer
        "hard-spheres", "wahnstrom" or "kob-andersen"; may be left out if `engine` is given.
    temperature : float, optional
        Temperature of the snapshot; Lennard-Jones models need it.
    runs : int
        At least 4, an even number. Of the first ones some go on to longer times, to see where the plateau ends.
    duration : float, optional
        t_s in the time unit of the liquid. By default where the mean squared displacement rises least,
        found in the first runs: one of 1, 2, 5, 10, 20, 50.
    random_state : int or None
        Seed of all velocities; the same seed gives the same bits. None draws one, and `Cages.seed` tells it.
    timestep : float, optional
        By default that of the liquid.
    workers : int
        Processes that share the runs; the result does not depend on their number.
    engine : callable, optional
        For any other liquid: makes an `Engine` at time 0 from a snapshot and a seed. With several `workers` it has to
        be a function of a module or script, or `functools.partial` of one.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    Cages

    Raises
    ------
    InputError
        If the liquid or its temperature is not known, the snapshot is not one of it (species, composition, density,
        overlaps) or a crystal, there is no plateau (too hot a liquid), or a number cannot be used.
    """
    seed = secrets.randbits(32) if random_state is None else random_state
    _check_numbers(runs, duration, seed, workers)
    if engine is not None and workers > 1:
        packed(engine)  # refused before anything is simulated
    start = _start(snapshot, liquid, temperature, timestep, engine)
    _refuse_crystal(start.snapshot)
    progress("where the mean squared displacement rises least")
    finished, end, plateau = pilot_runs(start, seed, duration, runs)
    _refuse_without_plateau(plateau, duration)
    total = runs
    with short_runs_by(workers) as carry_out:
        for doubling in range(_DOUBLINGS + 1):
            progress(f"{total} short runs to {end:g}")
            finished += carry_out(start, end, short_run_seeds(seed, range(len(finished), total)))
            halves = _total(finished[: total // 2]), _total(finished[total // 2 :])
            agreement = _agreement(start.snapshot, halves)
            if agreement >= _AGREEMENT or doubling == _DOUBLINGS:
                break
            total *= 2
    whole = _total(finished)
    return Cages(
        start.snapshot,
        whole.variance(),
        _followed(start.snapshot) + whole.displacement / whole.count,
        whole.covariance(),
        np.array([half.variance() for half in halves]),
        whole.last_distance,
        end,
        RECORDED,
        total,
        agreement,
        plateau,
        "given engine" if start.liquid is None else start.liquid.name,
        None if start.liquid is None else start.liquid.descriptor_unit,
        start.temperature,
        int(seed),
        tuple(_remarks(start, total, agreement, float(np.mean([run.energy for run in finished])))),
        {"timestep": start.timestep, "vitreous": version("vitreous"), "numpy": version("numpy")},
    )


def _check_numbers(runs: int, duration: float | None, seed: Any, workers: int) -> None:
    if whole("runs", runs, 4) % 2:
        raise InputError(f"runs: expected an even number, for halves, got {runs}")
    if duration is not None:
        positive("duration", duration)
    whole("random_state", seed, 0)
    whole("workers", workers, 1)


def _start(
    snapshot: Configuration,
    liquid: str | GlassFormer | None,
    temperature: float | None,
    timestep: float | None,
    engine: EngineMaker | None,
) -> ShortRunStart:
    # Without columns, but for masses, which an engine of one's own may need, and the centre of mass then.
    mass = None if engine is None else snapshot.columns.get("mass")
    columns = {} if mass is None else {"mass": mass}
    bare = snapshot._replace(time=None, step=None, columns=columns, metadata={})
    if engine is not None:
        averaging_length(bare)  # refuse now what would fail after the runs
        former = None if liquid is None else glass_former(liquid)
        return ShortRunStart(bare, former, temperature, timestep, engine)
    if liquid is None:
        raise InputError(
            "liquid: cages are seen by moving the particles, so their interactions must be known; give "
            f"{', '.join(repr(model.name) for model in glass_formers())}, or a model or an engine of your own"
        )
    former = glass_former(liquid)
    former.check_temperature(temperature)
    step = former.resolved_timestep(timestep)
    taken = as_model(bare, former)
    if not former.has_equal_masses:
        taken = taken.with_columns(mass=former.masses_of(taken.species))
    return ShortRunStart(taken, former, temperature, step, None)


def _refuse_crystal(snapshot: Configuration) -> None:
    share = crystalline_fraction(sann(snapshot))
    if share >= _CRYSTAL:
        raise InputError(
            f"positions: {100 * share:.0f} % of the particles are crystalline; cages tell of the mobility in a "
            f"supercooled liquid, so give a snapshot of one"
        )


def _refuse_without_plateau(plateau: Plateau, duration: float | None) -> None:
    if not plateau.mean_squared_displacement[-1] > 0.0:
        raise InputError(
            f"cages: no particle has moved by t = {plateau.times[-1]:g}; let the short runs last longer"
        )
    if plateau.least_slope > NO_PLATEAU:
        k = int(np.nanargmin(plateau.slope))
        # With a duration that was given, nobody looked for a plateau that comes later.
        later = "" if duration is None else f", or the duration {duration:g} too short"
        raise NoPlateauError(
            f"cages: there are none: the mean squared displacement never rises more slowly than as "
            f"t^{plateau.least_slope:.2f} (at t = {plateau.times[k]:g}), where a caged particle has t^0.3 or less; "
            f"the liquid is too hot or too dilute{later}"
        )


def _total(runs: Sequence[ShortRun]) -> CageMoments:
    return CageMoments.total([run.moments for run in runs])


def _followed(snapshot: Configuration) -> NDArray[np.float64]:
    """Positions as the displacements continue them."""
    known = snapshot.unwrapped or snapshot.images is not None
    return snapshot.unwrapped_positions if known else snapshot.positions


def _agreement(snapshot: Configuration, halves: tuple[CageMoments, CageMoments]) -> float:
    """Rank correlation of the averaged ln v of both halves, of the species in which it is smallest; NaN if a
    particle did not move.
    """
    variances = np.array([half.variance() for half in halves])
    if not (variances > 0.0).all():
        return math.nan
    averaged = neighborhood_average(snapshot, np.log(variances).T)
    found = [math.nan]
    for species in range(len(snapshot.species_names)):
        first, second = scores(averaged[snapshot.species_index == species].T)
        found.append(float(first @ second))
    return float(np.nanmin(found)) if np.isfinite(found).any() else math.nan


def _remarks(start: ShortRunStart, runs: int, agreement: float, energy: float) -> list[str]:
    """What a reader has to know, in words."""
    remarks = []
    if not agreement >= _AGREEMENT:
        remarks.append(
            f"the two halves of the {runs} short runs agree only to {agreement:.2f} (averaged ln v, rank "
            f"correlation; {_AGREEMENT} is wanted): take more runs"
        )
    liquid, temperature = start.liquid, start.temperature
    if liquid is not None and not liquid.is_hard and temperature is not None and math.isfinite(energy):
        n = len(start.snapshot)
        # Inherent structures do not change in so short a time, so the energy of the snapshot differs from the mean
        # by the vibrations alone, 3/2 T per particle with a standard deviation of T sqrt(3/2N).
        units = liquid.units
        unit = units.boltzmann
        excess = float(particle_energies(start.snapshot, liquid).mean()) - energy
        if abs(excess) > _UNLIKELY * unit * temperature * math.sqrt(1.5 / n):
            guess = temperature + excess / (1.5 * unit)
            hot = f"more like one at {guess:.2f} {units.temperature}".rstrip()
            looks = hot if guess > 0.02 else "like one of minimal energy"
            side = "above" if excess > 0 else "below"
            remarks.append(
                f"the snapshot is no equilibrium at temperature {units.at_temperature(temperature)}: its potential "
                f"energy is {abs(excess):.3f} per particle {side} that of the short runs; it looks {looks}, so check "
                f"--temperature"
            )
    return remarks
