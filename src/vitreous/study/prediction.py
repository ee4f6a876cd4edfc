"""How well the order parameter of a state predicts its dynamics: the largest correlation, and τ_α beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import P_RED_AVERAGED
from vitreous.correlation.chance import TWO_SIDED
from vitreous.correlation.curves import CorrelationCurves
from vitreous.diameter_classes import CLASSES
from vitreous.glassformers import GlassFormer
from vitreous.study.interval import UNKNOWN, Estimate
from vitreous.study.results import Measured, StateResults

__all__ = [
    "SIZES",
    "Peak",
    "Shown",
    "large_and_small",
    "log_relaxation_time",
    "peak",
    "shown_relaxation_time",
    "sizes_of",
    "standard_error",
]

SIZES = ("large", "small")


@dataclass(frozen=True)
class Peak:
    """Where the correlation of P̄_red with the propensity of a species is largest; NaN if it is not known.

    Attributes
    ----------
    index : int
        Index of the time difference; -1 if it is not known.
    time : float
        δt in the unit of the model.
    rho, error : float
        Signed Spearman's ρ there with its standard error. As the largest of several it is a little too large.
    ceiling : float
        What a perfect predictor would reach there.
    """

    index: int = -1
    time: float = np.nan
    rho: float = np.nan
    error: float = np.nan
    ceiling: float = np.nan


@dataclass(frozen=True)
class Shown:
    """The relaxation time that stands in figures.

    Attributes
    ----------
    time : Measured
    kind : "fit", "crossing" or "none"
        Whether τ is that of the stretched exponential, as in the paper; else of F_s at 1/e; else not known.
    """

    time: Measured
    kind: Literal["fit", "crossing", "none"]


def large_and_small(former: GlassFormer) -> tuple[str, str]:
    """Labels of the large and of the small species of a model; of its classes by diameter where sizes vary."""
    if former.is_polydisperse:
        return CLASSES[-1], CLASSES[0]
    order = sorted(range(len(former.species)), key=lambda k: -former.diameters[k])
    return former.species[order[0]], former.species[order[-1]]


def sizes_of(former: GlassFormer) -> dict[str, str]:
    """``large`` and ``small`` by `large_and_small`."""
    return dict(zip(large_and_small(former), SIZES, strict=True))


def standard_error(curves: CorrelationCurves) -> NDArray[np.float64]:
    """(F, S, T) standard error of ρ: over the snapshots, or of one snapshot half of its 95 % interval over 1.96."""
    half_width = 0.5 * (curves.high - curves.low)
    return np.asarray(half_width if curves.snapshots > 1 else half_width / TWO_SIDED)


def peak(curves: CorrelationCurves | None, species: str) -> Peak:
    """Find the largest correlation of P̄_red over all δt, with its sign: never the largest magnitude."""
    if curves is None or P_RED_AVERAGED not in curves.fields or species not in curves.species:
        return Peak()
    f, s = curves.fields.index(P_RED_AVERAGED), curves.species.index(species)
    rho = curves.rho[f, s]
    if not np.isfinite(rho).any():
        return Peak()
    k = int(np.nanargmax(rho))
    error, ceiling = standard_error(curves)[f, s, k], curves.ceiling[s, k]
    return Peak(k, float(curves.times[k]), float(rho[k]), float(error), float(ceiling))


def shown_relaxation_time(state: StateResults) -> Shown:
    """τ_α of the stretched exponential, or if that is not known the time at which F_s falls to 1/e."""
    if np.isfinite(state.tau_alpha.value):
        return Shown(state.tau_alpha, "fit")
    if np.isfinite(state.tau_1e.value):
        return Shown(state.tau_1e, "crossing")
    return Shown(state.tau_alpha, "none")


def log_relaxation_time(state: StateResults) -> Estimate:
    """log₁₀ of `shown_relaxation_time`, with an error from independent trajectories if there are any.

    The runs that start from one snapshot are a trajectory of their own: the time at which their F_s falls to 1/e,
    snapshot by snapshot, tells how much relaxation differs from one stretch of the liquid's life to another, which a
    fit to one trajectory does not. Relative errors of τ_α and of this time are taken to be the same. With fewer than
    two such snapshots the error is that of the fit.
    """
    shown = shown_relaxation_time(state).time
    if not shown.value > 0.0:
        return UNKNOWN
    value = math.log10(shown.value)
    times = np.array([one.tau_1e for one in state.curves()])
    if len(times) > 1 and np.isfinite(times).all():
        error = float(np.log10(times).std(ddof=1)) / math.sqrt(len(times))
        return Estimate(value, error, len(times) - 1.0)
    return Estimate(value, shown.error / shown.value / math.log(10.0), math.inf)
