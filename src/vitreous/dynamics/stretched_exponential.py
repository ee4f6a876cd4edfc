"""The stretched exponential that the late decay of a correlation function follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from vitreous.arrays import curve, numbers
from vitreous.dynamics.curve import logarithmic_slope, parameter_covariance
from vitreous.errors import InputError

__all__ = ["StretchedExponential", "fit_stretched_exponential"]

# The window: from below this part of the plateau, or from below this value where there is none, ...
_OF_PLATEAU = 0.8
_WITHOUT_PLATEAU = 0.6
# ... to above this value and so many times the noise.
_LOWEST = 0.05
_NOISE = 2.0
_FEWEST_POINTS = 5
_SMALLEST_FALL = 2.0
# A plateau is where -dF/d ln t has a minimum below this part of its maxima before and after. It is not looked for in
# the noise at the end.
_FLAT = 0.5
_LOWEST_PLATEAU = 0.2
_LARGEST_RELATIVE_ERROR = 0.5  # of τ


@dataclass(frozen=True)
class StretchedExponential:
    """γ exp[-(t/τ)^β], fitted to the late decay of a curve, or why it was not.

    Attributes
    ----------
    tau, tau_error : float
        Relaxation time and its standard error, in the unit of the times; NaN without a fit.
    beta, beta_error, gamma, gamma_error : float
        Stretching exponent and amplitude; the error of an amplitude that was held at 1 is NaN.
    begin, end : float
        First and last time fitted to.
    points : int
        How many times were fitted to.
    plateau : float
        Value where the curve is flattest before its last decay; NaN if it has no plateau.
    deviation : float
        Root of the mean squared difference between curve and fit.
    reason : str or None
        Why there is no fit, one line.
    """

    tau: float = math.nan
    tau_error: float = math.nan
    beta: float = math.nan
    beta_error: float = math.nan
    gamma: float = math.nan
    gamma_error: float = math.nan
    begin: float = math.nan
    end: float = math.nan
    points: int = 0
    plateau: float = math.nan
    deviation: float = math.nan
    reason: str | None = None

    @property
    def found(self) -> bool:
        """Whether there is a fit."""
        return self.reason is None

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """The fitted function at any times; NaN without a fit."""
        t = np.asarray(time, dtype=np.float64)
        return np.asarray(self.gamma * np.exp(-((t / self.tau) ** self.beta)))


def fit_stretched_exponential(
    time: ArrayLike,
    value: ArrayLike,
    error: ArrayLike | None = None,
    *,
    correlation: ArrayLike | None = None,
    noise: ArrayLike | None = None,
) -> StretchedExponential:
    r"""Fit :math:`\gamma\, e^{-(t/\tau)^\beta}` to the late decay of a correlation function.

    The window follows rules that were fixed before any curve was looked at. It begins where the curve first falls
    below 0.8 of its plateau. A plateau is where -dF/d ln t, from straight lines over 0.6 to either side, has its
    deepest minimum, if that lies below half of the maxima before and after it and F is above 0.2 there; without one
    the window begins where F falls below 0.6. It ends before the curve first falls below 0.05 or twice its noise. It
    must have five points and a fall by a factor of two. A τ less certain than by half does not count as found.

    The fit minimises the squared differences, all with the same weight, because the errors of one curve are
    estimates with errors of their own. γ is held at 1 where it would become larger; the errors of τ and β are
    nevertheless those of a free γ. The parameters varied hardly depend on each other:
    ln F = g - exp[a + β ln(t/t_e)] with t_e where the curve is 1/e of its beginning.

    Parameters
    ----------
    time : (T,) array_like
        Positive and increasing.
    value : (T,) array_like
        Normalised to 1 at time zero. NaN are left out.
    error : (T,) array_like, optional
        Standard errors of the values. Without them the error is taken from the scatter about the fit.
    correlation : (T, T) array_like, optional
        Correlation coefficients of the errors. The times of one trajectory are wrong together; without this they
        count as independent, and the errors of the parameters are then too small, often by far.
    noise : (T,) array_like, optional
        Where errors hold that all times may be early or late together, what they are without it; by default the errors.

    Returns
    -------
    StretchedExponential
        Its errors are standard errors for curves of other samples of the same liquid, as far as `error` and
        `correlation` tell. They do not hold what comes from the choice of the window, or from a decay that is no
        stretched exponential.

    Raises
    ------
    InputError
        If shapes differ, or the times are not positive and increasing.

    References
    ----------
    Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8, Methods. Phillips, Rep. Prog.
    Phys. 59, 1133 (1996), doi:10.1088/0034-4885/59/9/003.
    """
    t, y, e, c = curve("stretched exponential", time, value, error, correlation)
    lost_in = e if noise is None else numbers("noise", noise)
    if lost_in.shape != t.shape:
        raise InputError(
            f"stretched exponential: expected arrays of one length, got {t.shape} and noise of {lost_in.shape}"
        )
    known = ~np.isnan(y)
    t, y, e, c, lost_in = t[known], y[known], e[known], c[np.ix_(known, known)], lost_in[known]
    if len(t) < _FEWEST_POINTS:
        return StretchedExponential(reason=f"{len(t)} values are too few for a fit")
    plateau = _plateau(np.log(t), y)
    below = _WITHOUT_PLATEAU if math.isnan(plateau) else _OF_PLATEAU * plateau
    under = np.flatnonzero(y <= below)
    if len(under) == 0:
        reason = f"the curve falls only to {y.min():.2f}, not below {below:.2f}, where the fit would begin"
        return StretchedExponential(plateau=plateau, reason=reason)
    first = int(under[0])
    floor = np.maximum(_LOWEST, _NOISE * np.nan_to_num(lost_in))
    lost = np.flatnonzero(y[first:] < floor[first:])
    last = first + int(lost[0]) if len(lost) else len(y)
    if last - first < _FEWEST_POINTS:
        reason = f"{last - first} points from below {below:.2f} down to the noise are too few for a fit"
        return StretchedExponential(plateau=plateau, reason=reason)
    if y[first] < _SMALLEST_FALL * y[last - 1]:
        reason = f"the curve falls only from {y[first]:.2f} to {y[last - 1]:.2f} where it could be fitted"
        return StretchedExponential(plateau=plateau, reason=reason)
    part = slice(first, last)
    return _fit(t[part], y[part], e[part], c[part, part], plateau)


def _fit(
    t: NDArray[np.float64],
    y: NDArray[np.float64],
    e: NDArray[np.float64],
    correlation: NDArray[np.float64],
    plateau: float,
) -> StretchedExponential:
    # The time at which the curve is 1/e of its beginning, or the last.
    middle = float(np.interp(-y[0] / math.e, -np.minimum.accumulate(y), np.log(t)))
    x = np.log(t) - middle

    def model(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        g, a, b = parameters
        return np.asarray(np.exp(g - np.exp(np.clip(a + b * x, -700.0, 30.0))))

    def jacobian(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        _, a, b = parameters
        f, inner = model(parameters), np.exp(np.clip(a + b * x, -700.0, 30.0))
        return np.stack([f, -f * inner, -f * inner * x], axis=1)

    g, a, b = parameters = _minimum(
        lambda p: model(p) - y, jacobian, (math.log(min(1.0, y[0] + 0.2)), 0.2, 0.7)
    )
    held = bool(g > 0.0)
    if held:
        a, b = _minimum(
            lambda p: model(np.array([0.0, *p])) - y,
            lambda p: jacobian(np.array([0.0, *p]))[:, 1:],
            (0.2, 0.7),
        )
        g, a, b = parameters = np.array([0.0, a, b])
    residual = y - model(parameters)
    scatter = math.sqrt(float(residual @ residual) / max(1, len(y) - 3))
    spread = e if np.isfinite(e).all() else np.full(len(y), scatter)
    # Also where γ is held: another sample would have left it free, and the others would follow.
    covariance = parameter_covariance(jacobian(parameters), correlation * np.outer(spread, spread))
    log_tau = middle - a / b
    slope = np.array([0.0, -1.0 / b, a / b**2])
    tau_error = math.sqrt(max(0.0, float(slope @ covariance @ slope)))  # of ln τ
    if not (0.05 < b < 4.9 and tau_error < _LARGEST_RELATIVE_ERROR):
        return StretchedExponential(
            begin=float(t[0]),
            end=float(t[-1]),
            points=len(t),
            plateau=plateau,
            reason=f"the fit between {t[0]:.4g} and {t[-1]:.4g} does not determine a relaxation time",
        )
    tau = math.exp(log_tau)
    gamma = math.exp(g)
    return StretchedExponential(
        tau,
        tau * tau_error,
        float(b),
        math.sqrt(covariance[2, 2]),
        gamma,
        gamma * math.sqrt(covariance[0, 0]) if not held else math.nan,
        float(t[0]),
        float(t[-1]),
        len(t),
        plateau,
        math.sqrt(float(residual @ residual) / len(y)),
    )


def _minimum(
    residual: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    jacobian: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: tuple[float, ...],
) -> NDArray[np.float64]:
    """Parameters of least squares; the last two are a and β."""
    low, high = (-5.0, -20.0, 0.01), (5.0, 20.0, 5.0)
    k = 3 - len(start)
    found = least_squares(
        residual,
        start,
        jac=jacobian,
        bounds=(low[k:], high[k:]),
        x_scale="jac",
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
        max_nfev=500,
    )
    return np.asarray(found.x)


def _plateau(log_time: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Value where the curve is flattest between two decays; NaN if it does not decay twice."""
    slope = -logarithmic_slope(log_time, y)
    before = np.maximum.accumulate(slope)
    after = np.maximum.accumulate(slope[::-1])[::-1]
    lower = np.minimum(before, after)
    candidates = (slope < _FLAT * lower) & (y > _LOWEST_PLATEAU)
    if not candidates.any():
        return math.nan
    depth = np.where(candidates, lower - slope, -np.inf)
    return float(y[int(np.argmax(depth))])
