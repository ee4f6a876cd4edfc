"""What predicts best: every quantity of a state against another, by default P̄_red, in the same snapshots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import P_RED_AVERAGED
from vitreous.correlation.infinite_runs import at_infinitely_many_runs
from vitreous.study.interval import Estimate
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.results import StateResults

__all__ = ["Predictor", "predictors"]


@dataclass(frozen=True)
class Predictor:
    """How well one quantity predicts the propensity of one species at τ_α.

    Attributes
    ----------
    field, species : str
    raw : Estimate
        Spearman's ρ, mean over the snapshots.
    corrected : Estimate
        The same with infinitely many runs.
    difference : Estimate
        Raw ρ less that of the quantity it is compared with, snapshot by snapshot: both have the same noise ceiling.
    ceiling : float
        What a perfect predictor would reach with these runs.
    snapshots : int
    """

    field: str
    species: str
    raw: Estimate
    corrected: Estimate
    difference: Estimate
    ceiling: float
    snapshots: int


def predictors(state: StateResults, reference: str = P_RED_AVERAGED) -> tuple[Predictor, ...]:
    """Compare all quantities that every snapshot of a state has with the reference, species by species.

    Empty if τ_α is not within the δt of all, or if nothing is correlated yet.
    """
    curves, tau = state.curves(), shown_relaxation_time(state).time.value
    if not curves or not all(one.times[0] <= tau <= one.times[-1] for one in curves):
        return ()
    count, first = len(curves), state.state.settings.snapshots
    fields = [name for name in curves[0].fields if all(name in one.fields for one in curves)]

    def at_tau(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
        return float(np.interp(np.log(tau), np.log(times), values))

    found = []
    for s, species in enumerate(curves[0].species):
        half = np.array([at_tau(one.times, one.half[s]) for one in curves])
        rho = {
            name: np.array([at_tau(one.times, one.rho[one.fields.index(name), s]) for one in curves])
            for name in fields
        }
        for name, values in rho.items():

            def corrected(
                use: NDArray[np.intp], values: NDArray[np.float64] = values, half: NDArray[np.float64] = half
            ) -> float:
                return float(at_infinitely_many_runs(values[use], half[use]))

            found.append(
                Predictor(
                    name,
                    species,
                    Estimate.of(values, first),
                    Estimate.jackknifed(corrected, count, first),
                    Estimate.of(values - rho[reference], first),
                    1.0 / float(at_infinitely_many_runs(np.ones(count), half)),
                    count,
                )
            )
    return tuple(found)
