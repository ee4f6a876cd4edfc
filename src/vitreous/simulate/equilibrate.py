"""Equilibration in stages, and whether it has come to its end: logic on what was recorded, without an engine.

A run that was interrupted goes on by reading its stages again: `next_stage` depends on nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.ageing import measure_ageing, relaxation_of
from vitreous.simulate.drift import measure_drift
from vitreous.simulate.equilibration_report import EquilibrationReport
from vitreous.simulate.stage import INTERVALS, Stage, stage_times
from vitreous.structure._solid_bonds import crystalline_fraction
from vitreous.structure.neighbors import sann

__all__ = ["Stage", "check", "next_stage"]

# The last stage is made a quarter longer than the relaxation time known so far asks for, since that is known to
# a few tens of percent only and may still grow.
_MARGIN = 1.25
# Relaxation times that a last stage takes: each half is compared over two of them.
_SHORTEST_LAST = 4.0
# A remainder shorter than this many relaxation times would not show 1/e twice.
_SHORTEST_USEFUL = 2.5
# Dense frames go down to this part of the first stage.
_DENSEST = 0.01
_BLOCKS = 32
# Pressure and energy fluctuate about as slowly as the structure relaxes: for 1.5 times τ_1e, measured in a
# Kob-Andersen liquid. Twice that is assumed, which raises few false alarms and costs a tenth in sensitivity.
_CORRELATION = 3.0


def next_stage(
    stages: Sequence[Stage],
    *,
    wave_number: float,
    multiple: float = 10.0,
    first_duration: float,
    longest: float,
) -> NDArray[np.float64] | None:
    """Times at which the next stage is to be recorded, or None if equilibration is over.

    Each stage is twice as long as the one before, until one shows F_s of all particles fall to 1/e; the next is
    then as long as `multiple` relaxation times in total take, with a quarter to spare, and at least half of
    `multiple` relaxation times. Equilibration is over when it lasted `multiple` relaxation times and F_s fell to
    1/e in both halves of the last stage; or when `longest` is reached. It is over, not necessarily successful:
    `check` tells.

    Parameters
    ----------
    stages : sequence of Stage
        All stages recorded whole so far, in order; none at the beginning.
    wave_number : float
        q of F_s, in the inverse length unit.
    multiple : float
        Relaxation times that equilibration lasts in total. The default is a choice, a common one.
    first_duration : float
        Duration of the first stage. A hundredth of it is the shortest time difference recorded in later stages.
    longest : float
        Total time at which to stop in any case. A stage goes on until then if it would leave too little for
        another one: less than its own duration, or 2.5 relaxation times where that is known.

    Returns
    -------
    (T,) float64 or None
        Times since the beginning of the run, increasing; the first is the end of the last stage. The same
        arguments give the same times.

    Raises
    ------
    InputError
        If a parameter is not positive and finite, or the stages do not follow each other.
    """
    for name, number in (("multiple", multiple), ("first duration", first_duration), ("longest", longest)):
        positive(name, number)
    if not stages:
        begin, duration, shortest_next, remaining = 0.0, first_duration, first_duration, longest
    else:
        _check_sequence(stages)
        begin, last = stages[-1].end, stages[-1].duration
        total = begin - stages[0].begin
        remaining = longest - total
        tau, both = relaxation_of(stages[-1], wave_number)
        if both and total >= multiple * tau:
            return None
        if math.isnan(tau):
            duration, shortest, shortest_next = 2.0 * last, 0.5 * last, 2.0 * last
        else:
            duration = _MARGIN * tau * max(multiple - total / tau, 0.5 * multiple, _SHORTEST_LAST)
            shortest = shortest_next = _SHORTEST_USEFUL * tau
        if remaining < shortest:
            return None
    if remaining < duration + shortest_next:
        duration = remaining
    return stage_times(begin, duration, _DENSEST * first_duration)


def check(
    stages: Sequence[Stage],
    configuration: Configuration,
    *,
    wave_number: float,
    multiple: float = 10.0,
) -> EquilibrationReport:
    """Measure whether the last stage of a run was in equilibrium.

    What counts as equilibrated was fixed beforehand, and is told in `EquilibrationReport`.

    Parameters
    ----------
    stages : sequence of Stage
        All stages of the run, in order; at least one.
    configuration : Configuration
        Any frame of the run: N particles in a box that is periodic along all axes.
    wave_number : float
        q of F_s, in the inverse length unit.
    multiple : float
        Relaxation times that the run must have lasted.

    Returns
    -------
    EquilibrationReport

    Raises
    ------
    InputError
        If there is no stage, the stages do not follow each other or have other particles than the configuration,
        or a parameter is not positive and finite.
    """
    positive("multiple", multiple)
    if not stages:
        raise InputError("stages: there is none to check")
    _check_sequence(stages)
    first, last = stages[0], stages[-1]
    n = last.positions.shape[1]
    if n != len(configuration):
        raise InputError(f"stages: they have {n} particles, the configuration has {len(configuration)}")
    ageing = measure_ageing(last, configuration, wave_number)
    tau = ageing.relaxation.value
    quantity: Literal["pressure", "energy"] = "pressure" if last.energy is None else "energy"
    times, means = zip(*(_blocks(stage, quantity) for stage in stages), strict=True)
    correlation_time = _CORRELATION * tau if math.isfinite(tau) else last.duration
    drift = measure_drift(means[-1], last.begin, last.end, correlation_time)
    crystalline = [
        crystalline_fraction(sann(Configuration(frame, configuration.box, unwrapped=True)))
        for frame in (first.positions[0], last.positions[-1])
    ]
    return EquilibrationReport(
        particles=n,
        wave_number=float(wave_number),
        multiple=float(multiple),
        duration=last.end - first.begin,
        ageing=ageing,
        quantity=quantity,
        drift=drift,
        block_times=np.concatenate(times),
        block_means=np.concatenate(means),
        temperature=float(last.regular_means(last.temperature).mean()),
        crystalline_at_beginning=crystalline[0],
        crystalline_at_end=crystalline[1],
    )


def _blocks(stage: Stage, quantity: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles (32,) of equal blocks of a stage, and the means (32,) of a quantity over them."""
    series = stage.pressure if quantity == "pressure" else stage.energy
    if series is None:
        raise InputError("stages: the last one has energies, an earlier one has none")
    means = stage.regular_means(series).reshape(_BLOCKS, INTERVALS // _BLOCKS).mean(axis=1)
    return stage.begin + stage.duration * (np.arange(_BLOCKS) + 0.5) / _BLOCKS, means


def _check_sequence(stages: Sequence[Stage]) -> None:
    for k, (before, after) in enumerate(pairwise(stages)):
        gap = abs(after.begin - before.end)
        if gap > 1e-6 * before.duration:
            raise InputError(
                f"stages: stage {k + 1} begins at {after.begin:.6g}, but stage {k} ended at {before.end:.6g}"
            )
        if before.positions.shape[1] != after.positions.shape[1]:
            raise InputError(f"stages: stages {k} and {k + 1} have different numbers of particles")
