"""Whether the dynamics is the same after two waiting times: the two halves of a stage compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.dynamics.displacement import displacements
from vitreous.dynamics.relaxation import RelaxationTime, relaxation_time
from vitreous.dynamics.scattering import particle_scattering
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.simulate.stage import DENSE, INTERVALS, Stage

__all__ = ["Ageing", "Half", "measure_ageing", "relaxation_of"]

_HALF = INTERVALS // 2
# The part of the curves that is compared: the structural relaxation, without the rattling before it and
# without the tail, which is noise.
_HIGHEST, _LOWEST = 0.9, 0.2
_SMALLEST_FALL = 0.2


@dataclass(frozen=True, eq=False)
class Half:
    """F_s of all particles in one half of a stage.

    Attributes
    ----------
    waiting_time : float
        Since the beginning of the run, at which the half begins.
    time : (L,) float64
        Time differences.
    value, error : (L,) float64
        F_s and its standard error. From 1/64 of the stage on, all regular frames of the half are origins of
        time; below, four of them are.
    relaxation : RelaxationTime
    """

    waiting_time: float
    time: NDArray[np.float64]
    value: NDArray[np.float64]
    error: NDArray[np.float64]
    relaxation: RelaxationTime


@dataclass(frozen=True, eq=False)
class Ageing:
    """The dynamics after two waiting times: in the first and in the second half of one stage.

    Attributes
    ----------
    first, second : Half
    relaxation : RelaxationTime
        Relaxation time of the mean of both curves.
    log_ratio : float
        Natural logarithm of the factor by which the second curve is slower: the area between the curves over
        ln t, while their mean falls from 0.9 to 0.2, divided by that fall. Positive for a liquid that ages;
        NaN if the mean falls by less than 0.2.
    log_ratio_error : float
        Its standard error, of the difference particle by particle.
    """

    first: Half
    second: Half
    relaxation: RelaxationTime
    log_ratio: float
    log_ratio_error: float

    @property
    def factor(self) -> float:
        """Factor by which the second half is slower."""
        return math.exp(self.log_ratio)

    @property
    def significance(self) -> float:
        """Logarithm of the factor in units of its standard error, with its sign."""
        return self.log_ratio / self.log_ratio_error if self.log_ratio_error > 0 else math.nan


def measure_ageing(stage: Stage, configuration: Configuration, wave_number: float) -> Ageing:
    """F_s in both halves of a stage, and how much slower the second is.

    Parameters
    ----------
    stage : Stage
    configuration : Configuration
        Any frame of the run; its box is used.
    wave_number : float
        q, in the inverse length unit.

    Returns
    -------
    Ageing

    Raises
    ------
    InputError
        If the wave number is not positive, or the errors cannot be estimated.
    """
    times, contributions = _both_halves(stage, wave_number)
    middle = Configuration(stage.positions[stage.regular[_HALF]], configuration.box, unwrapped=True)
    mean = 0.5 * (contributions[0] + contributions[1])
    curves = [(each.mean(axis=1), spatial_standard_error(each, middle)) for each in (*contributions, mean)]
    relaxations = [relaxation_time(times, *curve) for curve in curves]
    first, second = (
        Half(float(stage.times[stage.regular[half * _HALF]]), times, *curves[half], relaxations[half])
        for half in range(2)
    )
    weight = _area_weights(np.log(times), curves[2][0])
    log_ratio = error = math.nan
    if weight is not None:
        slower = weight @ (contributions[1] - contributions[0])
        log_ratio, error = float(slower.mean()), float(spatial_standard_error(slower, middle))
    return Ageing(first, second, relaxations[2], log_ratio, error)


def relaxation_of(stage: Stage, wave_number: float) -> tuple[float, bool]:
    """Relaxation time from the mean of F_s over both halves, NaN if not reached; and whether each half has one."""
    times, contributions = _both_halves(stage, wave_number)
    values = [each.mean(axis=1) for each in contributions]
    both = all(relaxation_time(times, value).found for value in values)
    return relaxation_time(times, 0.5 * (values[0] + values[1])).value, both


def _both_halves(
    stage: Stage, wave_number: float
) -> tuple[NDArray[np.float64], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Time differences (L,), and for each half the contributions (L, N) to F_s, means over its origins."""
    moved = displacements(stage.positions, stage.positions[0])
    times, contributions = [], []
    for half in range(2):
        numbers = DENSE[half * len(DENSE) // 2 : (half + 1) * len(DENSE) // 2]
        following = np.stack([stage.after(k) for k in numbers])  # (origins, dense frames)
        frames = stage.regular[half * _HALF : (half + 1) * _HALF + 1]
        pairs = [(stage.regular[numbers], column) for column in following.T]
        pairs += [(frames[:-lag], frames[lag:]) for lag in range(1, _HALF + 1)]
        times.append([(stage.times[late] - stage.times[early]).mean() for early, late in pairs])
        contributions.append(
            np.stack(
                [
                    particle_scattering(moved[late] - moved[early], wave_number).mean(axis=0)
                    for early, late in pairs
                ]
            )
        )
    return np.mean(times, axis=0), (contributions[0], contributions[1])


def _area_weights(log_time: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Weights (L,) that turn a difference of curves into a shift along ln t; None if the fall is not seen."""
    # From the last time above the range to the first below it, so that noise makes no holes.
    above, below = np.flatnonzero(mean > _HIGHEST), np.flatnonzero(mean < _LOWEST)
    first = int(above[-1]) + 1 if len(above) else 0
    last = int(below[0]) - 1 if len(below) else len(mean) - 1
    if last - first < 2 or mean[first] - mean[last] < _SMALLEST_FALL:
        return None
    weight = np.zeros(len(mean))
    steps = np.diff(log_time[first : last + 1])
    weight[first:last] += 0.5 * steps
    weight[first + 1 : last + 1] += 0.5 * steps
    return np.asarray(weight / (mean[first] - mean[last]))
