"""Ours beside the paper's: the cage order parameter against P̄_red and a supervised reference, in rows and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vitreous.column_names import CAGE_AVERAGED, DEBYE_WALLER_AVERAGED, P_RED_AVERAGED, SUPERVISED_AVERAGED
from vitreous.study.decline import decline
from vitreous.study.interval import UNKNOWN, Estimate
from vitreous.study.prediction import large_and_small, shown_relaxation_time, sizes_of
from vitreous.study.predictors import Predictor, predictors
from vitreous.study.results import StateResults, StudyResults

__all__ = ["QUANTITIES", "Comparison", "compared", "signed", "told", "verdict_of"]

QUANTITIES = {
    P_RED_AVERAGED: "P̄_red",
    DEBYE_WALLER_AVERAGED: "Debye–Waller",
    CAGE_AVERAGED: "Cage",
    SUPERVISED_AVERAGED: "Supervised",
}
"""Quantities that are shown beside each other, all of them averages; the others are in ``predictors.csv``."""


@dataclass(frozen=True)
class Comparison:
    """Predictors of one species in one state, at τ_α.

    Attributes
    ----------
    state : StateResults
    species : str
    rho : dict of str to Predictor
        Of all quantities by name.
    gain : Estimate
        ρ of the averaged cage order parameter less that of P̄_red, snapshot by snapshot.
    lag : Estimate
        The same less ρ of the supervised reference.
    """

    state: StateResults
    species: str
    rho: dict[str, Predictor]
    gain: Estimate
    lag: Estimate

    @property
    def name(self) -> str:
        """Model, state and species in words."""
        return f"{self.state.state.name}, {sizes_of(self.state.state.former).get(self.species, self.species)}"

    @property
    def caged(self) -> bool:
        """Whether there is a cage order parameter."""
        return math.isfinite(self.gain.value)

    @property
    def snapshots(self) -> int:
        """From which all of it comes."""
        return max(one.snapshots for one in self.rho.values())

    @property
    def ceiling(self) -> float:
        """What a perfect predictor would reach."""
        return next(iter(self.rho.values())).ceiling


def compared(results: StudyResults) -> Iterator[Comparison]:
    """What predicts best, in every state and for either species.

    Parameters
    ----------
    results : StudyResults

    Yields
    ------
    Comparison
        Of every state and species of which ρ at τ_α is known: model by model, the deepest states first, large particles
        before small.
    """
    for state in results.states:
        found: dict[str, dict[str, Predictor]] = {}
        for one in predictors(state):
            found.setdefault(one.species, {})[one.field] = one
        lags = {
            one.species: one.difference
            for one in (predictors(state, SUPERVISED_AVERAGED) if _has_reference(state) else ())
            if one.field == CAGE_AVERAGED
        }
        order = large_and_small(state.state.former)
        for species in sorted(found, key=lambda name: order.index(name) if name in order else 1):
            mine = found[species]
            gain = mine[CAGE_AVERAGED].difference if CAGE_AVERAGED in mine else UNKNOWN
            yield Comparison(state, species, mine, gain, lags.get(species, UNKNOWN))


def _has_reference(state: StateResults) -> bool:
    return all(
        SUPERVISED_AVERAGED in curves.fields for one in state.snapshots for curves in one.curves.values()
    )


def verdict_of(difference: Estimate) -> str:
    """Whether a difference has a sign: "better", "worse" or "not told apart"; nothing if it is not known."""
    if math.isnan(difference.value):
        return ""
    low, high = difference.interval
    return "better" if low > 0.0 else "worse" if high < 0.0 else "not told apart"


def told(results: StudyResults) -> tuple[str, ...]:
    """What all this comes to, in sentences: where ours does not win, and whether correlations fall after their peak."""
    rows = list(compared(results))
    caged = [one for one in rows if one.caged]
    said = []
    if caged:
        said.append(
            "The averaged cage order parameter predicts the propensity at τ_α "
            + _tally("P̄_red", [(one, one.gain) for one in caged])
        )
    referenced = [(one, one.lag) for one in caged if math.isfinite(one.lag.value)]
    if referenced:
        said.append("It does " + _tally("the supervised reference", referenced))
    without = dict.fromkeys(one.state.state.name for one in rows if not one.caged)
    if without:
        said.append(
            f"There is no cage order parameter, because not all snapshots are caged, in {', '.join(without)}."
        )
    return (*said, *_falls(results))


def _tally(other: str, rows: Sequence[tuple[Comparison, Estimate]]) -> str:
    won = [one for one in rows if verdict_of(one[1]) == "better"]
    sentence = f"better than {other} in {len(won)} of {len(rows)} cases (state and species), beyond the 95 % interval"
    open_ones = [one for one in rows if one not in won]
    if not open_ones:
        return f"{sentence}."
    listed = "; ".join(f"{one.name} {signed(gain)}, {verdict_of(gain)}" for one, gain in open_ones)
    return f"{sentence}; not in: {listed}."


def _falls(results: StudyResults) -> Iterator[str]:
    """What becomes of the correlations at the longest δt."""
    for field, name in ((P_RED_AVERAGED, "P̄_red"), (CAGE_AVERAGED, "the cage order parameter")):
        below, others, reach = list[str](), list[str](), list[float]()
        for state in results.states:
            found = decline(state, field)
            if found is None or math.isnan(found.difference.value):
                continue
            text = f"{state.state.name} {signed(found.difference)}"
            (below if found.falls else others).append(text)
            reach.append(found.last_time / shown_relaxation_time(state).time.value)
        if reach:
            yield (
                f"At {min(reach):.2g} to {max(reach):.2g} τ_α the correlation of {name} is below its peak, beyond the "
                f"95 % interval, in {len(below)} of {len(reach)} states"
                + (f": {'; '.join(below)}" if below else "")
                + (f"; not beyond it in: {'; '.join(others)}" if others else "")
                + "."
            )


def signed(estimate: Estimate) -> str:
    """A difference with its sign and its interval; a dash if it is not known."""
    return "–" if math.isnan(estimate.value) else str(estimate)
