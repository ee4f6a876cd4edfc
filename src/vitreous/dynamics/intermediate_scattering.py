"""Intermediate scattering functions of a trajectory, self and total, averaged over origins of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.density_modes import allowed_wave_vectors, density_modes
from vitreous.dynamics._time_differences import TimeDifference, time_differences
from vitreous.dynamics.curve import (
    Curve,
    correlation_coefficients,
    logarithmic_slope,
    origin_means,
    particle_curve,
)
from vitreous.dynamics.scattering import particle_scattering
from vitreous.errors import InputError
from vitreous.frame_store import FrameStore, take
from vitreous.partial import Partial, chosen_species
from vitreous.trajectory import Trajectory

__all__ = ["IntermediateScattering", "intermediate_scattering"]

# Of F(q, t): all wave vectors within this part of q, but at least and at most so many of the nearest.
_WIDTH = 0.01
_FEWEST_VECTORS, _MOST_VECTORS = 30, 300
_FRAMES_AT_ONCE = 16
_NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class IntermediateScattering:
    """F(q, t) and F_s(q, t) at one wave number.

    Attributes
    ----------
    wave_number : float
        q, in the inverse length unit of the positions.
    time : (L,) float64
        Differences of time, increasing; 0 is left out.
    origins : (L,) int64
        Pairs of frames averaged over.
    total : Curve
        F(q, t) of all particles, Eq. 2.
    self_all : Curve
        F_s(q, t) of all particles.
    self_by_species : mapping of str to Curve
        F_s(q, t) of each species.
    vectors : (K, 3) float64
        Wave vectors of the total; of k and -k only one.
    self_vectors : (M, 3) float64 or None
        Wave vectors of the box over which F_s is averaged, where the positions do not follow the particles; None where
        it is averaged over directions exactly.
    """

    wave_number: float
    time: NDArray[np.float64]
    origins: NDArray[np.int64]
    total: Curve
    self_all: Curve
    self_by_species: Mapping[str, Curve]
    vectors: NDArray[np.float64]
    self_vectors: NDArray[np.float64] | None = None


def intermediate_scattering(
    trajectory: Trajectory, wave_number: float, *, partial: Partial = None
) -> IntermediateScattering:
    r"""Self and total intermediate scattering function.

    .. math:: F_s(q, t) = \Bigl\langle \frac{\sin q r_i(t)}{q r_i(t)} \Bigr\rangle_{i,\,t_0}, \qquad
              F(q, t) = \frac{\bigl\langle \mathrm{Re}\,\rho(\mathbf k, t_0 + t)\, \rho^*(\mathbf k, t_0)
              \bigr\rangle}{\bigl\langle |\rho(\mathbf k)|^2 \bigr\rangle}, \qquad
              \rho(\mathbf k, t) = \sum_i e^{-i\mathbf k\cdot\mathbf r_i(t)},

    both less the motion of the centre of mass (all masses taken equal), and averaged over origins of time t_0 as
    `time_differences` finds them. F_s is averaged over directions exactly. F is averaged over the wave vectors of the
    periodic box within 1 % of q, at least the 30 and at most the 300 nearest; its denominator is the mean over the
    frames of the same pairs, earlier and later ones, so that it is 1 at t = 0 and never larger.

    Where the positions do not follow the particles (see `Trajectory.unfollowed`), waves that fit into the box do not
    see it: then F_s is the mean of cos[k·(r_i(t_0 + t) - r_i(t_0))] over the 30 wave vectors of the box nearest to q,
    and the motion of the centre of mass is left in both.

    Parameters
    ----------
    trajectory : Trajectory
        At least two frames, in a box that is periodic along all axes.
    wave_number : float
        q; usually the first peak of the structure factor.
    partial : bool, optional
        Whether F_s of each species is wanted too; by default if there are no more than ten.

    Returns
    -------
    IntermediateScattering
        Errors of F_s are those of `spatial_standard_error`, NaN for less than 10 particles. Those of F have two parts:
        the scatter over wave vectors, and what all of these have in common, that the box as a whole may be faster or
        slower than the next. The latter comes from F_s: its error over dF_s/d ln t is a relative error of time, which
        times dF/d ln t is one of F. It is left out where F_s has no error.

    Raises
    ------
    InputError
        If there is one frame only, the box is open, or q is not positive or smaller than all of the box.

    References
    ----------
    F: Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8, Eq. 2. Both: Hansen, McDonald,
    Theory of Simple Liquids, 4th ed., Academic Press (2013), chapter 7.
    """
    if len(trajectory) < 2:
        raise InputError("trajectory: there is one frame only; dynamics needs at least two")
    wave_number = positive("wave number", wave_number)
    numbers = _nearest(trajectory, wave_number)
    differences = time_differences(trajectory.times)
    reciprocal = 2.0 * np.pi * np.linalg.inv(trajectory.box.vectors).T
    self_vectors = None
    if trajectory.unfollowed is None:
        (each,) = origin_means(
            trajectory, differences, [lambda moved: particle_scattering(moved, wave_number)]
        )
    else:
        few = numbers[:_FEWEST_VECTORS]
        self_vectors, each = few @ reciprocal, _self_at_waves(trajectory, few, differences)
    middle = trajectory[len(trajectory) // 2]
    by_species = {}
    for name in chosen_species(trajectory.species_names, partial):
        chosen = trajectory.members(name)
        there = Configuration(middle.positions[chosen], middle.box, unwrapped=True)
        by_species[name] = particle_curve(each[:, chosen].mean(axis=1), each[:, chosen], there)
    time = np.array([difference.value for difference in differences])
    self_all = particle_curve(each.mean(axis=1), each, middle)
    return IntermediateScattering(
        float(wave_number),
        time,
        np.array([difference.origins for difference in differences], dtype=np.int64),
        _in_common(_total(trajectory, numbers, differences), self_all, np.log(time)),
        self_all,
        by_species,
        numbers @ reciprocal,
        self_vectors,
    )


def _nearest(trajectory: Trajectory, wave_number: float) -> NDArray[np.int64]:
    """Wave vectors of the box nearest to q: within 1 %, but not fewer than 30 nor more than 300."""
    spacing = 2.0 * math.pi / float(trajectory.box.lengths.min())
    if wave_number < 0.99 * 2.0 * math.pi / float(trajectory.box.lengths.max()):
        raise InputError(
            f"wave number: {wave_number:.4g} is smaller than any of this box, {spacing:.4g}; choose a larger one"
        )
    # A shell one spacing wide on either side holds more than enough.
    numbers, lengths = allowed_wave_vectors(
        trajectory.box, max(0.0, wave_number - spacing), wave_number + spacing
    )
    distance = np.abs(lengths - wave_number)
    order = np.argsort(distance, kind="stable")
    within = int((distance <= _WIDTH * wave_number).sum())
    return np.asarray(numbers[order[: min(max(within, _FEWEST_VECTORS), _MOST_VECTORS)]])


def _self_at_waves(
    trajectory: Trajectory, numbers: NDArray[np.int64], differences: Sequence[TimeDifference]
) -> NDArray[np.float64]:
    """(L, N) mean of cos(k·Δr_i) over origins and waves, which does not change with whole boxes in Δr_i."""
    inverse, n = np.linalg.inv(trajectory.box.vectors), trajectory.n_particles
    sums = np.zeros((len(differences), n))
    at_once = max(1, _NUMBERS_AT_ONCE // (len(numbers) * n))
    for row, pairs in enumerate(differences):
        for start in range(0, pairs.origins, at_once):
            part = slice(start, start + at_once)
            step = take(trajectory.positions, pairs.later[part])
            step -= take(trajectory.positions, pairs.earlier[part])
            sums[row] += np.cos(2.0 * np.pi * (step @ inverse) @ numbers.T).mean(axis=2).sum(axis=0)
    return np.asarray(sums / np.array([pairs.origins for pairs in differences])[:, None])


def _total(
    trajectory: Trajectory, numbers: NDArray[np.int64], differences: Sequence[TimeDifference]
) -> Curve:
    used = np.unique(np.concatenate([np.concatenate([pairs.earlier, pairs.later]) for pairs in differences]))
    row_of = np.zeros(len(trajectory), dtype=np.int64)
    row_of[used] = np.arange(len(used))
    one_species = np.zeros(trajectory.n_particles, dtype=np.int64)
    drift = trajectory.drift if trajectory.unfollowed is None else np.zeros((len(trajectory), 3))
    store = FrameStore()
    at_once = max(1, min(_FRAMES_AT_ONCE, _NUMBERS_AT_ONCE // (3 * trajectory.n_particles)))
    for start in range(0, len(used), at_once):
        part = used[start : start + at_once]
        still = take(trajectory.positions, part) - drift[part][:, None]
        for modes in density_modes(still, trajectory.box, numbers, one_species)[:, 0]:
            store.add(modes)
    waves = store.array()  # (frames used, K)
    value = np.empty(len(differences))
    deviation = np.empty((len(differences), len(numbers)))
    for row, pairs in enumerate(differences):
        earlier, later = take(waves, row_of[pairs.earlier]), take(waves, row_of[pairs.later])
        product = (later * earlier.conj()).real.mean(axis=0)
        norm = 0.5 * (np.abs(later) ** 2 + np.abs(earlier) ** 2).mean(axis=0)
        value[row] = product.mean() / norm.mean()
        deviation[row] = (product - value[row] * norm) / norm.mean()
    k = len(numbers)
    error = np.sqrt((deviation**2).sum(axis=1) / (k * (k - 1))) if k > 1 else np.full(len(value), np.nan)
    return Curve(value, error, correlation_coefficients(deviation), noise=error)


def _in_common(total: Curve, self_all: Curve, log_time: NDArray[np.float64]) -> Curve:
    """F whose errors hold that the whole box may be faster or slower than the next, as those of F_s tell."""
    of_total, of_self = logarithmic_slope(log_time, total.value), logarithmic_slope(log_time, self_all.value)
    # One number makes all times wrong together. Where F_s tells no time, since it falls by less than its error while
    # the time grows e-fold, F is taken to be as uncertain.
    of_box = np.nan_to_num(self_all.error)
    ratio = np.divide(of_total, of_self, out=np.ones(len(log_time)), where=of_self < -of_box)
    common = np.maximum(0.0, ratio) * of_box
    covariance = np.outer(total.error, total.error) * total.correlation + np.outer(common, common)
    error = np.sqrt(np.diag(covariance))
    scale = np.where(error > 0.0, error, 1.0)
    correlation = np.where(
        np.outer(error, error) > 0.0, covariance / np.outer(scale, scale), total.correlation
    )
    np.fill_diagonal(correlation, 1.0)
    return Curve(total.value, error, correlation, noise=total.error)
