"""How the order parameter of the deepest state changes with supercooling, and with the times of relaxation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.study.interval import Estimate
from vitreous.study.line_fit import FEWEST_ON_A_LINE, LineFit, line_fit
from vitreous.study.prediction import log_relaxation_time
from vitreous.study.results import StateResults

__all__ = ["ExponentialFit", "Supercooling", "exponential_fit", "supercooling"]


@dataclass(frozen=True)
class ExponentialFit(LineFit):
    """ln τ = a + b ⟨P_red⟩, τ in the unit of the times fitted to; NaN what is not known.

    Attributes
    ----------
    deviation : float
        Root of the mean squared difference of ln τ and the line, every point counted alike: exp(deviation) is the
        factor by which τ typically differs from the exponential.
    r : float
        Linear correlation of ⟨P_red⟩ and ln τ, every point counted alike.
    """

    deviation: float = math.nan
    r: float = math.nan

    def tau(self, p_red: ArrayLike) -> NDArray[np.float64]:
        """Τ on the line at any ⟨P_red⟩, of the same shape."""
        return np.exp(self.a + self.b * np.asarray(p_red, dtype=np.float64))


def exponential_fit(
    p_red: ArrayLike,
    tau: ArrayLike,
    p_red_error: ArrayLike,
    tau_error: ArrayLike,
    p_red_freedom: ArrayLike = np.inf,
    tau_freedom: ArrayLike = np.inf,
) -> ExponentialFit:
    """Fit an exponential dependence of a time on ⟨P_red⟩: a straight line through ln τ, weighted by the errors of both.

    Parameters
    ----------
    p_red, tau : (K,) array_like
        ⟨P_red⟩ and a time, in any unit, of K states.
    p_red_error, tau_error : (K,) array_like
        Standard errors. Where they are NaN, those of ⟨P_red⟩ are taken for 0, and those of τ for the median of the
        others' relative errors; if none is known, for the rms deviation from the line, and the fit has no χ².
    p_red_freedom, tau_freedom : (K,) array_like
        Degrees of freedom of these errors, by default known well.

    Returns
    -------
    ExponentialFit
        All NaN for fewer than three points, or if all have the same ⟨P_red⟩. Points in which ⟨P_red⟩ or τ is NaN, or
        τ is not positive, are left out.
    """
    given = (p_red, tau, p_red_error, tau_error, p_red_freedom, tau_freedom)
    table = np.array(np.broadcast_arrays(*given), dtype=np.float64)
    table = table[:, np.isfinite(table[0]) & np.isfinite(table[1])]
    x, times, x_error, errors, x_freedom, y_freedom = table[:, table[1] > 0.0]
    if len(x) < FEWEST_ON_A_LINE or np.ptp(x) <= 1e-12 * np.abs(x).max():
        return ExponentialFit()
    y, relative = np.log(times), errors / times
    known = relative > 0.0
    if known.any():
        relative[~known] = np.median(relative[known])
        y_freedom = np.where(known, y_freedom, 1.0)
    else:
        scatter = np.sqrt(((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum() / (len(x) - 2))
        relative[:] = max(float(scatter), 1e-12)
        x_error = np.zeros_like(x)
    sure = x_error > 0.0
    fit = line_fit(x, y, np.where(sure, x_error, 0.0), relative, np.where(sure, x_freedom, np.inf), y_freedom)
    deviation = float(np.sqrt(((y - fit.a - fit.b * x) ** 2).mean()))
    r = float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) > 1e-12 * (1.0 + np.abs(y).max()) else np.nan
    if not known.any():
        fit = replace(fit, chi_squared=math.nan, chance=math.nan)
    return ExponentialFit(**vars(fit), deviation=deviation, r=r)


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
        snapshots of each state, that one left out if there are others, and its standard error (NaN for one snapshot).
    others : (M - 1, K) float64
        The same means by the order parameters that were trained on other snapshots of the deepest state.
    tau, tau_error : (K,) float64
        τ_α of the stretched exponential; its error from independent trajectories, see `log_relaxation_time`.
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
    """Collect ⟨P_red⟩ and times of K states of one model, the deepest first."""
    models = max([1, *(len(one.mean_p_red) for one in states if one.mean_p_red is not None)])
    mean = np.full((models, len(states)), np.nan)
    estimates = []
    for k, one in enumerate(states):
        if one.mean_p_red is not None:
            mean[: len(one.mean_p_red), k] = one.mean_p_red.mean(axis=1)
        values = one.untrained_p_red
        estimates.append(Estimate.of([] if values is None else values, one.first_of_all))
    mean[0], error, freedom = np.array([[one.value, one.error, one.freedom] for one in estimates]).T
    logs = [log_relaxation_time(one) for one in states]
    log_error, log_freedom = np.array([[one.error, one.freedom] for one in logs]).T
    tau, fitted_error = np.array([[one.tau_alpha.value, one.tau_alpha.error] for one in states]).T
    tau_error = np.where(np.isfinite(tau), tau * math.log(10.0) * log_error, fitted_error)
    times = [one.diffusion_time for one in states]
    diffusion, diffusion_error = np.array([[one.value, one.error] for one in times]).T
    return Supercooling(
        np.array([one.state.state_point for one in states], dtype=np.float64),
        mean[0],
        error,
        mean[1:],
        tau,
        tau_error,
        diffusion,
        diffusion_error,
        exponential_fit(mean[0], tau, error, tau_error, freedom, log_freedom),
        exponential_fit(mean[0], diffusion, error, diffusion_error, freedom),
    )
