"""Whether correlations fall again after their peak: in the snapshots that were followed for longer than the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import P_RED_AVERAGED
from vitreous.correlation.curve_peak import curve_peak
from vitreous.correlation.infinite_runs import at_infinitely_many_runs
from vitreous.study.interval import Estimate
from vitreous.study.results import StateResults

__all__ = ["Decline", "decline"]


@dataclass(frozen=True)
class Decline:
    """A quantity at its peak and at the longest δt, with infinitely many runs, mean of the species.

    Attributes
    ----------
    peak_time, peak : float
        δt and ρ of the peak, or of the largest value if there is no peak.
    last_time, last : float
        The longest δt, and ρ there.
    difference : Estimate
        `last` less `peak`, in the same snapshots.
    snapshots : int
    """

    peak_time: float
    peak: float
    last_time: float
    last: float
    difference: Estimate
    snapshots: int

    @property
    def falls(self) -> bool:
        """Whether it is below its peak beyond the 95 % interval."""
        return self.difference.interval[1] < 0.0


def decline(state: StateResults, field: str = P_RED_AVERAGED) -> Decline | None:
    """Compare them; None if no snapshot was followed for longer than another, or nothing is known of the quantity."""
    curves = state.curves()
    longest = max((len(one.times) for one in curves), default=0)
    longer = [one for one in curves if len(one.times) == longest]
    if len(longer) == len(curves) != 1 or not all(one.knows(field) for one in longer):
        return None
    times, f = longer[0].times, longer[0].fields.index(field)
    rho, half = np.array([one.rho[f] for one in longer]), np.array([one.half for one in longer])

    def curve(use: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(at_infinitely_many_runs(rho[use], half[use]).mean(axis=0))

    def peak(values: NDArray[np.float64]) -> tuple[float, float]:
        found = curve_peak(times, values)
        if np.isfinite(found.height) or not np.isfinite(values).any():
            return found.time, found.height
        k = int(np.nanargmax(values))
        return float(times[k]), float(values[k])

    def fall(use: NDArray[np.intp]) -> float:
        values = curve(use)
        return float(values[-1] - peak(values)[1])

    whole = curve(np.arange(len(longer)))
    difference = Estimate.jackknifed(fall, len(longer))
    return Decline(*peak(whole), float(times[-1]), float(whole[-1]), difference, len(longer))
