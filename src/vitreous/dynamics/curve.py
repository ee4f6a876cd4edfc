"""A quantity as a function of time, averaged over origins, with errors that know of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.dynamics._time_differences import TimeDifference
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.frame_store import take
from vitreous.trajectory import Trajectory

__all__ = [
    "Curve",
    "correlation_coefficients",
    "logarithmic_slope",
    "origin_means",
    "parameter_covariance",
    "particle_curve",
]

_NUMBERS_AT_ONCE = 1_000_000
_FEWEST = 10  # particles from which spatial_standard_error can tell an error
_REACH = 0.6  # of the straight line of a slope, to either side in ln t


@dataclass(frozen=True, eq=False)
class Curve:
    """Values at a series of times.

    Attributes
    ----------
    value : (L,) float64
    error : (L,) float64
        Standard errors; NaN where they are not known.
    correlation : (L, L) float64
        Correlation coefficients of the errors. Neighbouring times are wrong together.
    noise : (L,) float64
        The error less what it is known to hold of a box that is faster or slower as a whole: what the curve is lost in.
    """

    value: NDArray[np.float64]
    error: NDArray[np.float64]
    correlation: NDArray[np.float64]
    noise: NDArray[np.float64]


def origin_means(
    trajectory: Trajectory,
    differences: Sequence[TimeDifference],
    functions: Sequence[Callable[[NDArray[np.float64]], NDArray[np.float64]]],
) -> list[NDArray[np.float64]]:
    """Mean over the origins of time of functions of the displacement, for each particle.

    Parameters
    ----------
    trajectory : Trajectory
        Only some of its frames are in memory at once.
    differences : sequence of TimeDifference
        From `time_differences`.
    functions : sequence of callable
        (P, N, 3) displacements, less that of the centre of mass of all particles, to (P, N).

    Returns
    -------
    list of (L, N) float64
        One for each function.

    Raises
    ------
    InputError
        If the positions do not follow the particles.
    """
    trajectory.require_followed("displacements")
    drift = trajectory.drift
    n = trajectory.n_particles
    sums = [np.zeros((len(differences), n)) for _ in functions]
    at_once = max(1, _NUMBERS_AT_ONCE // (3 * n))
    for row, difference in enumerate(differences):
        for start in range(0, difference.origins, at_once):
            part = slice(start, start + at_once)
            earlier, later = difference.earlier[part], difference.later[part]
            step = take(trajectory.positions, later)
            step -= take(trajectory.positions, earlier)
            step -= (drift[later] - drift[earlier])[:, None]
            for total, function in zip(sums, functions, strict=True):
                total[row] += function(step).sum(axis=0)
    origins = np.array([difference.origins for difference in differences])[:, None]
    return [total / origins for total in sums]


def particle_curve(value: NDArray[np.float64], influence: NDArray[np.float64], where: Configuration) -> Curve:
    """A curve whose errors are those of the mean over particles of `influence` (L, N), see spatial_standard_error.

    Parameters
    ----------
    value : (L,) float64
    influence : (L, N) float64
        What each particle adds to N times the value, to first order.
    where : Configuration
        The N particles at any time of the trajectory, usually in its middle.
    """
    enough = influence.shape[1] >= _FEWEST
    error = spatial_standard_error(influence, where) if enough else np.full(len(value), np.nan)
    return Curve(value, error, correlation_coefficients(influence), noise=error)


def correlation_coefficients(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """(L, L) correlation coefficients of (L, K) samples; 0 with rows that do not vary, 1 on the diagonal."""
    deviation = samples - samples.mean(axis=1, keepdims=True)
    norm = np.sqrt((deviation**2).sum(axis=1))
    scaled = deviation / np.where(norm > 0.0, norm, 1.0)[:, None]
    coefficients = scaled @ scaled.T
    np.fill_diagonal(coefficients, 1.0)
    return np.asarray(coefficients)


def parameter_covariance(
    jacobian: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(P, P) covariance of parameters fitted by least squares to M points of a curve, all with the same weight.

    Parameters
    ----------
    jacobian : (M, P) float64
        Derivatives of the model at the points. To fit with weights, scale its rows, and those of the data, by their
        roots.
    covariance : (M, M) float64
        Of the points.
    """
    influence = np.linalg.pinv(jacobian)
    return np.asarray(influence @ covariance @ influence.T)


def logarithmic_slope(log_time: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope dy/d ln t of a curve, of straight lines through the points around.

    Parameters
    ----------
    log_time : (L,) float64
        Increasing.
    value : (L,) float64
        Without NaN.

    Returns
    -------
    (L,) float64
        In the unit of the values. Lines are least squares through all points within 0.6 in ln t, or through the next on
        either side where there are fewer than three. 0 if there is one point only.
    """
    slope = np.zeros(len(value))
    for k, x in enumerate(log_time):
        near = np.abs(log_time - x) <= _REACH
        if near.sum() < 3:
            near = np.zeros(len(value), dtype=np.bool_)
            near[max(0, k - 1) : k + 2] = True
        if near.sum() > 1:
            d = log_time[near] - log_time[near].mean()
            slope[k] = float(d @ value[near]) / float(d @ d)
    return slope
