"""How the order parameter of the deepest state changes with supercooling, and with the times of relaxation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from vitreous.study.results import Measured, StateResults

__all__ = ["ExponentialFit", "Supercooling", "exponential_fit", "supercooling"]

_FEWEST = 3  # points that can show a deviation from a line


class ExponentialFit(NamedTuple):
    """ln τ = a + b ⟨P_red⟩.

    Attributes
    ----------
    a, b : float
        τ is in the unit of the times fitted to.
    errors : (float, float)
        Standard errors of a and b.
    deviation : float
        Root of the mean squared difference of ln τ and the line, every point counted alike: exp(deviation) is the
        factor by which τ typically differs from the exponential.
    r : float
        Linear correlation of ⟨P_red⟩ and ln τ, every point counted alike.
    """

    a: float
    b: float
    errors: tuple[float, float]
    deviation: float
    r: float

    @property
    def found(self) -> bool:
        """Whether there is a line."""
        return bool(np.isfinite(self.b))

    def tau(self, p_red: ArrayLike) -> NDArray[np.float64]:
        """Τ on the line at any ⟨P_red⟩, of the same shape."""
        return np.exp(self.a + self.b * np.asarray(p_red, dtype=np.float64))


_NO_FIT = ExponentialFit(np.nan, np.nan, (np.nan, np.nan), np.nan, np.nan)


def exponential_fit(p_red: ArrayLike, tau: ArrayLike, tau_error: ArrayLike) -> ExponentialFit:
    r"""Fit an exponential dependence of a time on ⟨P_red⟩, a straight line through ln τ.

    The weight of a point is 1/(σ² + s²): σ is the standard error of its ln τ, and s a scatter beyond these errors,
    the same for all points and just so large that χ² is the number of degrees of freedom; 0 if χ² is smaller without.
    So points whose τ is known very well do not dominate where no line goes through all of them, and the standard
    errors of a and b grow with the scatter. The errors of ⟨P_red⟩ enter through the scatter alone.

    Parameters
    ----------
    p_red : (K,) array_like
        ⟨P_red⟩ of K states.
    tau : (K,) array_like
        Any unit of time.
    tau_error : (K,) array_like
        Standard errors of τ. Where they are NaN or not positive, the median of the others' relative errors is taken;
        without any, all points have the same weight.

    Returns
    -------
    ExponentialFit
        All NaN for fewer than three points, or if all have the same ⟨P_red⟩. Points in which ⟨P_red⟩ or τ is NaN, or
        τ is not positive, are left out.

    References
    ----------
    The scatter: Mandel, Paule, Anal. Chem. 42, 1194 (1970), doi:10.1021/ac60293a019.
    """
    x, times, errors = (np.asarray(values, dtype=np.float64) for values in (p_red, tau, tau_error))
    with np.errstate(invalid="ignore"):
        whole = np.isfinite(x) & np.isfinite(times) & (times > 0.0)
    x, times, errors = x[whole], times[whole], errors[whole]
    if len(x) < _FEWEST or np.ptp(x) <= 1e-12 * np.abs(x).max():
        return _NO_FIT
    y = np.log(times)
    relative = errors / times
    known = np.isfinite(relative) & (relative > 0.0)
    relative[~known] = np.median(relative[known]) if known.any() else 0.0

    def line(scatter: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Parameters about the mean, weights, and their covariance."""
        variance = relative**2 + scatter**2
        weights = 1.0 / variance if variance.all() else np.ones_like(y)
        design = np.stack([np.ones_like(x), x], axis=1)
        covariance = np.linalg.inv((design.T * weights) @ design)
        parameters = covariance @ (design.T @ (weights * y))
        known_errors = 1.0 if variance.all() else 0.0
        return np.asarray(parameters), np.asarray(weights), np.asarray(known_errors * covariance)

    def excess(scatter: float) -> float:
        parameters, weights, _ = line(scatter)
        return float((weights * (y - parameters[0] - parameters[1] * x) ** 2).sum()) - (len(y) - 2)

    plain = line(1e6 * (1.0 + float(np.ptp(y))))[0]  # as good as without errors
    residual = float(np.sqrt(((y - plain[0] - plain[1] * x) ** 2).sum()))
    scatter = 0.0
    tiny = 1e-12 * (1.0 + float(np.ptp(y)))
    if residual > tiny:
        lowest = 0.0 if known.any() else tiny
        if excess(lowest) > 0.0:
            scatter = float(brentq(excess, lowest, 2.0 * residual + tiny))
    (a, b), _, covariance = line(scatter)
    deviation = float(np.sqrt(((y - a - b * x) ** 2).mean()))
    r = float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) > tiny else np.nan
    error_a, error_b = np.sqrt(np.diag(covariance))
    return ExponentialFit(float(a), float(b), (float(error_a), float(error_b)), deviation, r)


@dataclass(frozen=True, eq=False)
class Supercooling:
    """⟨P_red⟩ of K states of a model by order parameters of its deepest state, and their times of relaxation.

    Every array is NaN where something is not known. Times are in the unit of the model.

    Attributes
    ----------
    state_points : (K,) float64
        Packing fractions or temperatures, the deepest state first.
    p_red, p_red_error : (K,) float64
        By the order parameter that was trained on the first snapshot of the deepest state, unchanged: mean over the
        snapshots of each state, and its standard error (NaN for one snapshot).
    others : (M - 1, K) float64
        The same means by the order parameters that were trained on the other snapshots of the deepest state.
    tau, tau_error : (K,) float64
        τ_α of the stretched exponential.
    diffusion_time, diffusion_time_error : (K,) float64
        τ_D = σ_A²/(6 D).
    fit, diffusion_fit : ExponentialFit
        Fits of `tau` and of `diffusion_time` against `p_red`.
    """

    state_points: NDArray[np.float64]
    p_red: NDArray[np.float64]
    p_red_error: NDArray[np.float64]
    others: NDArray[np.float64]
    tau: NDArray[np.float64]
    tau_error: NDArray[np.float64]
    diffusion_time: NDArray[np.float64]
    diffusion_time_error: NDArray[np.float64]
    fit: ExponentialFit
    diffusion_fit: ExponentialFit


def supercooling(states: Sequence[StateResults]) -> Supercooling:
    """Collect ⟨P_red⟩ and times of the states of one model.

    Parameters
    ----------
    states : sequence of K StateResults
        States of one model, the deepest first.

    Returns
    -------
    Supercooling
    """
    models = max([1, *(len(one.mean_p_red) for one in states if one.mean_p_red is not None)])
    mean, error = np.full((models, len(states)), np.nan), np.full(len(states), np.nan)
    for k, one in enumerate(states):
        if one.mean_p_red is None:
            continue
        mean[: len(one.mean_p_red), k] = one.mean_p_red.mean(axis=1)
        count = one.mean_p_red.shape[1]
        if count > 1:
            error[k] = one.mean_p_red[0].std(ddof=1) / np.sqrt(count)
    tau, tau_error = _arrays([one.tau_alpha for one in states])
    diffusion, diffusion_error = _arrays([one.diffusion_time for one in states])
    return Supercooling(
        np.array([one.state.state_point for one in states], dtype=np.float64),
        mean[0],
        error,
        mean[1:],
        tau,
        tau_error,
        diffusion,
        diffusion_error,
        exponential_fit(mean[0], tau, tau_error),
        exponential_fit(mean[0], diffusion, diffusion_error),
    )


def _arrays(measured: Sequence[Measured]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([one.value for one in measured]), np.array([one.error for one in measured])
