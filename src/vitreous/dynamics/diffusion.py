"""Mean squared displacement, non-Gaussian parameter, and the diffusion constant if there is one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import curve
from vitreous.configuration import Configuration
from vitreous.dynamics._time_differences import time_differences
from vitreous.dynamics.curve import Curve, origin_means, parameter_covariance, particle_curve
from vitreous.errors import InputError
from vitreous.partial import Partial, chosen_species
from vitreous.trajectory import Trajectory

__all__ = ["DiffusionConstant", "Motion", "ParticleMotion", "diffusion_constant", "particle_motion"]

# The window of the diffusion constant: it ends at the last time, is at least this long, has at least so many points,
# and the exponent of t in it, and in each of its equal parts in ln t (a factor of 4 long, or halves), is that near 1.
_SHORTEST = 4.0
_FEWEST_POINTS = 5
_PART = 4.0
_EXPONENT_OF_ALL = 0.05
_EXPONENT_OF_PARTS = 0.1


@dataclass(frozen=True)
class DiffusionConstant:
    """D from the late linear part of a mean squared displacement, or why there is none.

    Attributes
    ----------
    value, error : float
        D and its standard error, in length² / time; NaN if the motion is not diffusive.
    offset : float
        c of the line 6 D t + c.
    begin, end : float
        First and last time of the window.
    exponent : float
        d ln r² / d ln t there; without a diffusion constant, at the end of the curve, NaN if it is too short.
    reason : str or None
        Why there is none, one line.
    """

    value: float = math.nan
    error: float = math.nan
    offset: float = math.nan
    begin: float = math.nan
    end: float = math.nan
    exponent: float = math.nan
    reason: str | None = None

    @property
    def found(self) -> bool:
        """Whether the motion is diffusive."""
        return self.reason is None

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """6 D t + c at any times; NaN without a diffusion constant."""
        return np.asarray(6.0 * self.value * np.asarray(time, dtype=np.float64) + self.offset)


@dataclass(frozen=True, eq=False)
class Motion:
    """How far particles of one kind go.

    Attributes
    ----------
    mean_squared_displacement : Curve
        In length².
    non_gaussian : Curve
        α_2, dimensionless; 0 for Gaussian displacements. NaN where nothing has moved.
    diffusion : DiffusionConstant
    """

    mean_squared_displacement: Curve
    non_gaussian: Curve
    diffusion: DiffusionConstant


@dataclass(frozen=True, eq=False)
class ParticleMotion:
    """How far the particles of a trajectory go.

    Attributes
    ----------
    time : (L,) float64
        Differences of time, increasing; 0 is left out.
    origins : (L,) int64
        Pairs of frames averaged over.
    all : Motion
        Motion of all particles.
    by_species : mapping of str to Motion
    """

    time: NDArray[np.float64]
    origins: NDArray[np.int64]
    all: Motion
    by_species: Mapping[str, Motion]


def particle_motion(trajectory: Trajectory, *, partial: Partial = None) -> ParticleMotion:
    r"""Mean squared displacement, non-Gaussian parameter and diffusion constant, of all particles and by species.

    .. math:: \langle r^2(t) \rangle = \bigl\langle |\Delta\mathbf r_i|^2 \bigr\rangle_{i,\,t_0}, \qquad
              \alpha_2(t) = \frac{3 \langle r^4 \rangle}{5 \langle r^2 \rangle^2} - 1,

    with displacements less that of the centre of mass of all particles (all masses taken equal), averaged over the
    origins of time t_0 that `time_differences` finds.

    Parameters
    ----------
    trajectory : Trajectory
        At least two frames, in a box that is periodic along all axes.
    partial : bool, optional
        Whether each species is wanted too; by default if there are no more than ten.

    Returns
    -------
    ParticleMotion
        Errors are those of `spatial_standard_error`, to first order in the particles' contributions; NaN for less
        than 10 particles.

    Raises
    ------
    InputError
        If there is one frame only, the box is open, or the positions do not follow the particles.

    References
    ----------
    Rahman, Phys. Rev. 136, A405 (1964), doi:10.1103/PhysRev.136.A405. Hansen, McDonald, Theory of Simple Liquids,
    4th ed., Academic Press (2013), chapter 7.
    """
    if len(trajectory) < 2:
        raise InputError("trajectory: there is one frame only; dynamics needs at least two")
    differences = time_differences(trajectory.times)
    time = np.array([difference.value for difference in differences])
    origins = np.array([difference.origins for difference in differences], dtype=np.int64)
    square, fourth = origin_means(trajectory, differences, [_square, lambda moved: _square(moved) ** 2])
    middle = trajectory[len(trajectory) // 2]

    def motion(chosen: NDArray[np.bool_]) -> Motion:
        there = Configuration(middle.positions[chosen], middle.box, unwrapped=True)
        return _motion(time, square[:, chosen], fourth[:, chosen], there)

    names = chosen_species(trajectory.species_names, partial)
    by_species = {name: motion(trajectory.members(name)) for name in names}
    return ParticleMotion(time, origins, motion(trajectory.members()), by_species)


def diffusion_constant(
    time: ArrayLike,
    mean_squared_displacement: ArrayLike,
    error: ArrayLike | None = None,
    *,
    correlation: ArrayLike | None = None,
) -> DiffusionConstant:
    """D from the late part of a mean squared displacement, where that is linear in time.

    The window ends at the last time and begins as early as the motion is diffusive up to the end: the exponent
    d ln r² / d ln t, from a straight line through all of the window, is within 0.05 of 1, and within 0.1 in each of
    its parts: on the scale of ln t it is divided into equal ones at least a factor of 4 long, but into no fewer than
    two. The window has to be as long as a factor of 4 in time and have five points, else the motion does not count as
    diffusive. D is from the line 6 D t + c, with weights by the errors, or by r² without them.

    Parameters
    ----------
    time : (T,) array_like
        Positive and increasing.
    mean_squared_displacement : (T,) array_like
        In length².
    error : (T,) array_like, optional
        Its standard errors. Without them that of D is from the scatter about the line.
    correlation : (T, T) array_like, optional
        Correlation coefficients of the errors; without them they count as independent.

    Returns
    -------
    DiffusionConstant

    Raises
    ------
    InputError
        If shapes differ, the times are not positive and increasing, or a value is not finite.
    """
    t, y, e, c = curve("diffusion constant", time, mean_squared_displacement, error, correlation)
    if len(t) == 0 or not np.isfinite(y).all():
        raise InputError("diffusion constant: there must be values, and all of them finite")
    if not (y > 0).all():
        return DiffusionConstant(reason="the particles do not move")
    x, z = np.log(t), np.log(y)
    exponent = math.nan
    for first in range(len(t)):
        if t[-1] < _SHORTEST * t[first] or len(t) - first < _FEWEST_POINTS:
            break
        exponent = _slope(x[first:], z[first:])
        if abs(exponent - 1.0) <= _EXPONENT_OF_ALL and _is_even(x[first:], z[first:]):
            return _line(t[first:], y[first:], e[first:], c[first:, first:], exponent)
    if math.isnan(exponent):
        reason = f"the times from {t[0]:.4g} to {t[-1]:.4g} are too few to see a linear part"
    else:
        reason = f"not diffusive: at the end r² grows as t^{exponent:.2f}; run longer"
    return DiffusionConstant(exponent=exponent, reason=reason)


def _motion(
    time: NDArray[np.float64],
    square: NDArray[np.float64],
    fourth: NDArray[np.float64],
    there: Configuration,
) -> Motion:
    second, quartic = square.mean(axis=1), fourth.mean(axis=1)
    squared = particle_curve(second, square, there)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 0.6 * quartic / second**2 - 1.0
        # How much each particle moves α_2, to first order.
        influence = 0.6 * (fourth / second[:, None] ** 2 - 2.0 * (quartic / second**3)[:, None] * square)
    unknown = ~np.isfinite(alpha)
    known = particle_curve(alpha, np.where(unknown[:, None], 0.0, influence), there)
    error = np.where(unknown, np.nan, known.error)
    non_gaussian = Curve(np.where(unknown, np.nan, alpha), error, known.correlation, noise=error)
    diffusion = diffusion_constant(time, second, squared.error, correlation=squared.correlation)
    return Motion(squared, non_gaussian, diffusion)


def _line(
    t: NDArray[np.float64],
    y: NDArray[np.float64],
    e: NDArray[np.float64],
    correlation: NDArray[np.float64],
    exponent: float,
) -> DiffusionConstant:
    known = bool((np.isfinite(e) & (e > 0)).all())
    unit = e if known else y
    design = np.stack([6.0 * t, np.ones_like(t)], axis=1) / unit[:, None]
    found, *_ = np.linalg.lstsq(design, y / unit, rcond=None)
    residual = y / unit - design @ found
    scatter = 1.0 if known else math.sqrt(float(residual @ residual) / (len(y) - 2))
    covariance = parameter_covariance(design, scatter**2 * correlation)
    return DiffusionConstant(
        float(found[0]), math.sqrt(covariance[0, 0]), float(found[1]), float(t[0]), float(t[-1]), exponent
    )


def _is_even(x: NDArray[np.float64], z: NDArray[np.float64]) -> bool:
    """Whether the exponent is near to 1 in all parts of a window."""
    parts = max(2, math.floor((x[-1] - x[0]) / math.log(_PART) + 1e-9))
    edges = np.linspace(x[0], x[-1], parts + 1)
    return all(
        abs(_slope(x[inside], z[inside]) - 1.0) <= _EXPONENT_OF_PARTS
        for inside in ((x >= low - 1e-9) & (x <= high + 1e-9) for low, high in itertools.pairwise(edges))
    )


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Slope of a straight line; infinite through less than two points."""
    if len(x) < 2:
        return math.inf
    d = x - x.mean()
    return float(d @ y / (d @ d))


def _square(moved: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("pik,pik->pi", moved, moved))
