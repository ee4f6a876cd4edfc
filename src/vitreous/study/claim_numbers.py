"""The numbers that the claims of the paper are about: each a sum of independent numbers of single states."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.column_names import P_RED
from vitreous.correlation.clusters import ALL
from vitreous.correlation.curve_peak import curve_peak
from vitreous.correlation.infinite_runs import at_infinitely_many_runs
from vitreous.study.claim_rules import THIRD, Rule
from vitreous.study.interval import EXACTLY_ZERO, UNKNOWN, Estimate
from vitreous.study.line_fit import FEWEST_ON_A_LINE
from vitreous.study.prediction import log_relaxation_time, shown_relaxation_time
from vitreous.study.results import StateResults, StudyResults

__all__ = ["Part", "StateNumber", "parts_of"]

_Array = NDArray[np.float64]


@dataclass(frozen=True)
class StateNumber:
    """One number of one state, from its snapshots.

    Attributes
    ----------
    state : StateResults
    estimate : Estimate
    raw : Estimate
        The same without correction to infinitely many runs; equal to `estimate` where nothing is corrected.
    first, snapshots : int
        Of the first stage, and all that it is taken from.
    followed : bool
        Whether it needs the propensity of the snapshots.
    told : str
        Why it is not known, if there is a reason to tell.
    """

    state: StateResults
    estimate: Estimate
    raw: Estimate
    first: int
    snapshots: int
    followed: bool = True
    told: str = ""

    @property
    def spread(self) -> float:
        """Standard deviation from snapshot to snapshot, in the first stage."""
        return self.estimate.error * math.sqrt(self.snapshots)


@dataclass(frozen=True)
class Part:
    """One of the numbers of a claim, which has to lie where the claim puts it.

    Attributes
    ----------
    models : tuple of str
        One, or the two that are compared.
    terms : tuple of (float, StateNumber)
        What it is a sum of, with weights.
    offset : Estimate
        A further number that is known otherwise, to be added.
    """

    models: tuple[str, ...]
    terms: tuple[tuple[float, StateNumber], ...]
    offset: Estimate = EXACTLY_ZERO

    @property
    def estimate(self) -> Estimate:
        """The number."""
        if not self.terms:
            return UNKNOWN
        found = [(weight, number.estimate) for weight, number in self.terms]
        return Estimate.sum([*found, (1.0, self.offset)])

    @property
    def raw(self) -> float:
        """Its value without correction to infinitely many runs."""
        if not self.terms:
            return math.nan
        return math.fsum([self.offset.value, *(weight * one.raw.value for weight, one in self.terms)])


def parts_of(rule: Rule, results: StudyResults) -> tuple[Part, ...]:
    """The parts of a claim, of as much as is made; none if a model that it compares is not in the study.

    Of any rule but that of the exponential, whose number is no sum.
    """
    formers = [former for former in results.formers if rule.third or former.name != THIRD]
    if rule.over == "deepest":
        return tuple(_of_one(rule, results.of(former)[0]) for former in formers)
    if rule.over == "models":
        numbers = {former.name: _number(rule, results.of(former)[0]) for former in formers}
        others = [name for name in numbers if name != THIRD]
        if THIRD not in numbers:
            return ()
        return tuple(Part((THIRD, name), ((1.0, numbers[THIRD]), (-1.0, numbers[name]))) for name in others)
    found: list[Part] = []
    for former in formers:
        states = [_number(rule, state) for state in results.of(former)]
        if rule.over == "steps":
            found += [
                Part((former.name,), ((1.0, after), (-1.0, before))) for before, after in pairwise(states)
            ]
        else:
            found.append(Part((former.name,), _slope(states)))
    return tuple(found)


def _of_one(rule: Rule, state: StateResults) -> Part:
    number = _number(rule, state)
    name = state.state.former.name
    if rule.quantity != "peak place":
        return Part((name,), ((1.0, number),))
    return Part((name,), ((1.0, number),), Estimate.sum([(-1.0, log_relaxation_time(state))]))


def _slope(states: Sequence[StateNumber]) -> tuple[tuple[float, StateNumber], ...]:
    """Weights of a line through all states against their number, those left out whose peak is at an edge."""
    kept = [(k, one) for k, one in enumerate(states) if not one.told]
    if len(kept) < FEWEST_ON_A_LINE:
        return ()
    x = np.array([k for k, _ in kept], dtype=np.float64)
    x -= x.mean()
    weights = x / (x @ x)
    return tuple((float(weight), one) for weight, (_, one) in zip(weights, kept, strict=True))


def _number(rule: Rule, state: StateResults) -> StateNumber:
    if rule.quantity == "mean P_red":
        return _mean_p_red(state)
    if rule.quantity == "clusters":
        return _plain(state, _with_clusters(state, rule.of))
    if rule.quantity == "gain at τ_α":
        averaged, bare = (_at_relaxation_time(state, field) for field in (str(rule.of), P_RED))
        gain = [] if averaged is None or bare is None else averaged.rho.mean(axis=1) - bare.rho.mean(axis=1)
        return _plain(state, gain)
    if rule.quantity == "at τ_α":
        found = _at_relaxation_time(state, str(rule.of))
        return _from_runs(rule, state, found, lambda curves: curves.mean(axis=0))
    found = _followed(state, str(rule.of))
    times = np.empty(0) if found is None else found.times

    def of_peak(curves: _Array) -> float:
        peak = curve_peak(times, curves.mean(axis=0))
        return peak.log_time if rule.quantity == "peak place" else peak.height

    number = _from_runs(rule, state, found, of_peak)
    if found is None or not math.isnan(number.estimate.value):
        return number
    whole = found.corrected(np.arange(len(found.rho)), rule.corrected)
    edge = curve_peak(times, whole.mean(axis=0)).edge
    told = f"largest at the {edge} δt that was followed" if edge else "no peak"
    return StateNumber(state, UNKNOWN, UNKNOWN, number.first, number.snapshots, told=told)


class _Followed(NamedTuple):
    """Of n snapshots ρ (n, S, T) and the agreement of halves (n, S, T) at δt (T,)."""

    times: _Array
    rho: _Array
    half: _Array

    def corrected(self, use: NDArray[np.intp], corrected: bool) -> _Array:
        """(S, T) of some of the snapshots."""
        if corrected:
            return at_infinitely_many_runs(self.rho[use], self.half[use])
        return np.asarray(self.rho[use].mean(axis=0))


def _followed(state: StateResults, field: str) -> _Followed | None:
    """All snapshots at the δt that they have in common; None if there are none."""
    curves = state.curves()
    if not curves:
        return None
    shared = min(len(one.times) for one in curves)
    f = curves[0].fields.index(field)
    rho, half = (
        np.array([values[:, :shared] for values in each])
        for each in ([one.rho[f] for one in curves], [one.half for one in curves])
    )
    return _Followed(curves[0].times[:shared], rho, half)


def _at_relaxation_time(state: StateResults, field: str) -> _Followed | None:
    """The same at τ_α alone, interpolated in log δt; arrays (n, S)."""
    found = _followed(state, field)
    tau = shown_relaxation_time(state).time.value
    if found is None or not found.times[0] <= tau <= found.times[-1]:
        return None
    x = np.log(found.times)
    k = min(int(np.searchsorted(x, math.log(tau), side="right")) - 1, len(x) - 2)
    share = (math.log(tau) - x[k]) / (x[k + 1] - x[k])
    rho, half = ((1.0 - share) * each[..., k] + share * each[..., k + 1] for each in (found.rho, found.half))
    return _Followed(np.array([tau]), rho, half)


def _from_runs(
    rule: Rule, state: StateResults, found: _Followed | None, number: Callable[[_Array], float]
) -> StateNumber:
    first, count = state.state.settings.snapshots, len(state.snapshots)
    if found is None:
        return StateNumber(state, UNKNOWN, UNKNOWN, first, count)

    def estimate(corrected: bool) -> Estimate:
        return Estimate.jackknifed(lambda use: float(number(found.corrected(use, corrected))), count, first)

    raw = estimate(False)
    return StateNumber(state, estimate(True) if rule.corrected else raw, raw, min(first, count), count)


def _plain(state: StateResults, values: Sequence[float] | _Array) -> StateNumber:
    first = min(state.state.settings.snapshots, len(values))
    estimate = Estimate.of(values, first)
    return StateNumber(state, estimate, estimate, first, len(values))


def _with_clusters(state: StateResults, types: str | tuple[str, ...]) -> list[float]:
    """Of each snapshot the mean ρ of P_red with the membership of all particles in some types of cluster."""
    values = []
    for snapshot in state.snapshots:
        if snapshot.explained is None:
            return []
        rows = [
            row.p_red.rho
            for row in snapshot.explained.explanations[0].cluster_correlations
            if row.group == ALL and row.type in types
        ]
        values.append(float(np.mean([rho for rho in rows if not math.isnan(rho)] or [math.nan])))
    return values


def _mean_p_red(state: StateResults) -> StateNumber:
    values = state.untrained_p_red
    known = np.empty(0) if values is None else values
    first = min(state.first_of_all, len(known))
    estimate = Estimate.of(known, first)
    return StateNumber(state, estimate, estimate, first, len(known), followed=False)
