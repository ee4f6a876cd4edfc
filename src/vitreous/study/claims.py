"""What the paper claims, held against a study: each claim with its number, its error, and a verdict.

The rules were fixed before the study was looked at. A number is a mean over the snapshots of a state, and its 95 %
interval is that of Student's t with the spread between them, so that few snapshots decide little. A claim *holds* if
the interval lies where the claim puts it, *does not hold* if it lies wholly elsewhere, and is *undecided* else. A
claim about several models holds if it holds for each, and does not if it fails for one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, t

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.correlation.clusters import ALL
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.results import StateResults, StudyResults
from vitreous.study.supercooling import Supercooling, supercooling

__all__ = ["Claim", "Estimate", "Verdict", "claims"]

Verdict = Literal["holds", "does not hold", "undecided"]

_Of = TypeVar("_Of")

_LEVEL = 0.95
_NEAR = math.log10(2.0)  # "at τ_α": within a factor of two
# Built of tetrahedra that share faces alone; larger ones come of these. Square pyramids are sp4b.
_TETRAHEDRA = ("sp3b", "sp3c", "6Z", "sp5c", "8B", "9B", "10B", "12D", "13A")
_PYRAMIDS = ("sp4b",)


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and the degrees of freedom of that.

    Attributes
    ----------
    value, error : float
        NaN if not known.
    freedom : float
        Infinite if the error is known well.
    """

    value: float
    error: float
    freedom: float

    @staticmethod
    def of(values: Sequence[float] | NDArray[np.float64]) -> Estimate:
        """The mean of independent values; without an error if there is one only."""
        known = np.asarray(values, dtype=np.float64)
        count = len(known)
        if count == 0 or not np.isfinite(known).all():
            return Estimate(math.nan, math.nan, 0.0)
        error = float(known.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
        return Estimate(float(known.mean()), error, count - 1.0)

    def __sub__(self, other: Estimate) -> Estimate:
        """The difference of two independent numbers, with Welch's degrees of freedom."""
        a, b = self.error**2, other.error**2
        freedom = math.nan
        if a + b > 0.0:
            freedom = (a + b) ** 2 / sum(
                v**2 / f for v, f in ((a, self.freedom), (b, other.freedom)) if v > 0.0
            )
        return Estimate(self.value - other.value, math.sqrt(a + b), freedom)

    @property
    def interval(self) -> tuple[float, float]:
        """95 %; infinite if the error is not known."""
        if not (self.error >= 0.0 and self.freedom > 0.0):
            return -math.inf, math.inf
        reach = float(t.ppf(0.5 + _LEVEL / 2, self.freedom)) * self.error
        return self.value - reach, self.value + reach

    def within(self, low: float, high: float) -> Verdict:
        """Whether it lies between two limits."""
        lowest, highest = self.interval
        if math.isnan(self.value) or (lowest < low < highest) or (lowest < high < highest):
            return "undecided"
        return "holds" if lowest >= low and highest <= high else "does not hold"

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "not known"
        low, high = self.interval
        return f"{self.value:+.2f}" + (f" ({low:+.2f} to {high:+.2f})" if math.isfinite(low) else "")


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes
    ----------
    text : str
        What the paper says.
    figure : str
        Where.
    measure : str
        What the numbers are.
    verdict : Verdict
    numbers : dict of str to str
        By model: value and 95 % interval in words.
    verdicts : dict of str to Verdict
        By model; empty if the claim compares models.
    """

    text: str
    figure: str
    measure: str
    verdict: Verdict
    numbers: dict[str, str]
    verdicts: dict[str, Verdict]


def claims(results: StudyResults) -> tuple[Claim, ...]:
    """Hold the claims of the paper against what a study has found so far.

    Parameters
    ----------
    results : StudyResults

    Returns
    -------
    tuple of Claim
        Those about correlations come from the deepest state, ρ being the mean over the species.
    """
    return tuple(_claims(results))


def _claims(results: StudyResults) -> Iterator[Claim]:
    deepest = {former.name: results.of(former)[0] for former in results.formers}
    yield _for_each(
        "Red particles are the faster ones.",
        "2",
        "ρ of P̄_red with the propensity at δt = τ_α",
        deepest,
        lambda state: _at_relaxation_time(state, P_RED_AVERAGED),
        (0.0, math.inf),
    )
    yield _for_each(
        "Averaging over the neighbourhood improves the correlation.",
        "2",
        "ρ of P̄_red less ρ of P_red at δt = τ_α",
        deepest,
        _gain,
        (0.0, math.inf),
    )
    yield _for_each(
        "The correlation of P_red peaks slightly below τ_α.",
        "2",
        "log₁₀ of the δt of the peak over τ_α",
        deepest,
        lambda state: _peak_time(state, P_RED),
        (-math.inf, 0.0),
    )
    yield _for_each(
        "The correlation of P̄_red peaks very close to τ_α.",
        "2",
        "log₁₀ of the δt of the peak over τ_α; close is within a factor of 2, ±0.30",
        deepest,
        lambda state: _peak_time(state, P_RED_AVERAGED),
        (-_NEAR, _NEAR),
    )
    yield _weakest(deepest)
    cooling = {former.name: results.of(former) for former in results.formers}
    yield _monotonic(cooling)
    exponential = {name: supercooling(states) for name, states in cooling.items() if name != "kob-andersen"}
    yield _exponential(exponential)
    yield _for_each(
        "Correlations become weaker away from the glass.",
        "4",
        "slope of the peak of ρ (P̄_red, retrained) against the number of the state, the deepest first",
        cooling,
        lambda states: _slope(states, height=True),
        (-math.inf, 0.0),
    )
    yield _for_each(
        "Correlations shift to shorter times away from the glass.",
        "4",
        "slope of log₁₀ δt of the peak (P̄_red, retrained) against the number of the state, the deepest first",
        cooling,
        lambda states: _slope(states, height=False),
        (-math.inf, 0.0),
    )
    not_the_third = {name: state for name, state in deepest.items() if name != "kob-andersen"}
    yield _for_each(
        "The slow cluster goes with structures built of tetrahedra.",
        "text",
        f"mean over {', '.join(_TETRAHEDRA)} of ρ of P_red with membership",
        not_the_third,
        lambda state: _made_of(state, _TETRAHEDRA),
        (-math.inf, 0.0),
    )
    yield _for_each(
        "The fast cluster goes with structures built of square pyramids.",
        "text",
        f"ρ of P_red with membership in {', '.join(_PYRAMIDS)}",
        not_the_third,
        lambda state: _made_of(state, _PYRAMIDS),
        (0.0, math.inf),
    )
    yield _weaker_tetrahedra(deepest)


def _for_each(
    text: str,
    figure: str,
    measure: str,
    of: dict[str, _Of],
    number: Callable[[_Of], Estimate],
    limits: tuple[float, float],
) -> Claim:
    """A claim that is made for each model by itself."""
    found = {name: number(state) for name, state in of.items()}
    verdicts = {name: one.within(*limits) for name, one in found.items()}
    numbers = {name: str(one) for name, one in found.items()}
    return Claim(text, figure, measure, _together(verdicts.values()), numbers, verdicts)


def _together(verdicts: Iterable[Verdict]) -> Verdict:
    told = list(verdicts)
    if "does not hold" in told:
        return "does not hold"
    return "holds" if told and all(one == "holds" for one in told) else "undecided"


# Numbers of one state: one for each snapshot, the mean over the species


def _curves(state: StateResults) -> Iterator[tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]]:
    """Of each snapshot δt (T,) and by quantity ρ (T,)."""
    rule = next(iter(state.rules), None)
    for snapshot in state.snapshots:
        if rule is not None:
            curves = snapshot.curves[rule]
            mean = curves.rho.mean(axis=1)
            yield curves.times, dict(zip(curves.fields, mean, strict=True))


def _log_relaxation_time(state: StateResults) -> Estimate:
    found = shown_relaxation_time(state).time
    if not found.value > 0.0:
        return Estimate(math.nan, math.nan, 0.0)
    error = found.error / found.value / math.log(10.0)
    return Estimate(math.log10(found.value), error if math.isfinite(error) else 0.0, math.inf)


def _at(state: StateResults) -> Iterator[dict[str, float]]:
    """By quantity ρ at τ_α, interpolated, of each snapshot."""
    tau = 10.0 ** _log_relaxation_time(state).value
    for times, curves in _curves(state):
        if times[0] <= tau <= times[-1]:
            yield {name: float(np.interp(math.log(tau), np.log(times), rho)) for name, rho in curves.items()}


def _at_relaxation_time(state: StateResults, field: str) -> Estimate:
    return Estimate.of([one[field] for one in _at(state)])


def _gain(state: StateResults) -> Estimate:
    return Estimate.of([one[P_RED_AVERAGED] - one[P_RED] for one in _at(state)])


def _peak(times: NDArray[np.float64], rho: NDArray[np.float64]) -> tuple[float, float]:
    """log₁₀ of the δt of the largest ρ, and that ρ: the vertex of a parabola through it and its two neighbours."""
    x, k = np.log10(times), int(np.argmax(rho))
    if not 0 < k < len(rho) - 1:
        return float(x[k]), float(rho[k])
    curvature, slope, level = np.polyfit(x[k - 1 : k + 2] - x[k], rho[k - 1 : k + 2], 2)
    if curvature >= 0.0:  # three equal ones
        return float(x[k]), float(rho[k])
    return float(x[k] - slope / (2.0 * curvature)), float(level - slope**2 / (4.0 * curvature))


def _peak_time(state: StateResults, field: str) -> Estimate:
    peaks = Estimate.of([_peak(times, curves[field])[0] for times, curves in _curves(state)])
    return peaks - _log_relaxation_time(state)


def _made_of(state: StateResults, types: Sequence[str]) -> Estimate:
    """Mean ρ of P_red with the membership of all particles in some types of cluster."""
    values = []
    for snapshot in state.snapshots:
        if snapshot.explained is None:
            return Estimate(math.nan, math.nan, 0.0)
        rows = [
            row.p_red.rho
            for row in snapshot.explained.explanations[0].cluster_correlations
            if row.group == ALL and row.type in types
        ]
        values.append(float(np.mean([rho for rho in rows if not math.isnan(rho)] or [math.nan])))
    return Estimate.of(values)


# Numbers of several states


def _slope(states: Sequence[StateResults], *, height: bool) -> Estimate:
    """Of a line through all snapshots of all states, against the number of the state."""
    x: list[float] = []
    y: list[float] = []
    for number, state in enumerate(states):
        for times, curves in _curves(state):
            log_time, rho = _peak(times, curves[P_RED_AVERAGED])
            x.append(float(number))
            y.append(rho if height else log_time)
    if len(set(x)) < 2 or len(x) < 3:
        return Estimate(math.nan, math.nan, 0.0)
    centered = np.array(x) - np.mean(x)
    slope = float(centered @ np.array(y) / (centered @ centered))
    residual = np.array(y) - np.mean(y) - slope * centered
    freedom = len(x) - 2.0
    error = math.sqrt(float(residual @ residual) / freedom / float(centered @ centered))
    return Estimate(slope, error, freedom)


def _weakest(deepest: dict[str, StateResults]) -> Claim:
    found = {name: _at_relaxation_time(state, P_RED_AVERAGED) for name, state in deepest.items()}
    numbers = {name: str(one) for name, one in found.items()}
    verdict: Verdict = "undecided"
    if "kob-andersen" in found and len(found) > 1:
        less = [found["kob-andersen"] - one for name, one in found.items() if name != "kob-andersen"]
        verdict = _together([one.within(-math.inf, 0.0) for one in less])
    return Claim(
        "Kob-Andersen is the model whose behaviour is captured least.",
        "2",
        "ρ of P̄_red with the propensity at δt = τ_α",
        verdict,
        numbers,
        {},
    )


def _weaker_tetrahedra(deepest: dict[str, StateResults]) -> Claim:
    found = {name: _made_of(state, _TETRAHEDRA) for name, state in deepest.items()}
    verdict: Verdict = "undecided"
    if "kob-andersen" in found and len(found) > 1:
        less = [found["kob-andersen"] - one for name, one in found.items() if name != "kob-andersen"]
        verdict = _together([one.within(0.0, math.inf) for one in less])
    return Claim(
        "For Kob-Andersen the correlation with tetrahedra is weaker.",
        "text",
        "mean ρ of P_red with membership in clusters of tetrahedra",
        verdict,
        {name: str(one) for name, one in found.items()},
        {},
    )


def _monotonic(cooling: dict[str, tuple[StateResults, ...]]) -> Claim:
    """⟨P_red⟩ from state to state, every step by itself."""
    numbers: dict[str, str] = {}
    verdicts: dict[str, Verdict] = {}
    for name, states in cooling.items():
        means = [
            Estimate.of(state.mean_p_red[0]) if state.mean_p_red is not None else Estimate.of([])
            for state in states
        ]
        steps = [after - before for before, after in pairwise(means)]
        verdicts[name] = _together([step.within(0.0, math.inf) for step in steps])
        rises = sum(step.value > 0.0 for step in steps)
        numbers[name] = (
            f"{', '.join(f'{one.value:.3f}' for one in means)}; {rises} of {len(steps)} steps rise, "
            f"{sum(step.within(0.0, math.inf) == 'holds' for step in steps)} of them beyond their error"
        )
    return Claim(
        "⟨P_red⟩ rises monotonically as the system moves out of the glassy regime.",
        "3",
        "⟨P_red⟩ by the order parameter of the deepest state unchanged, from the deepest state on",
        _together(verdicts.values()),
        numbers,
        verdicts,
    )


def _exponential(cooling: dict[str, Supercooling]) -> Claim:
    """Whether all points lie on one falling exponential within their errors: a test of χ², and one of the slope."""
    numbers: dict[str, str] = {}
    verdicts: dict[str, Verdict] = {}
    for name, found in cooling.items():
        fit = found.fit
        error = np.hypot(found.tau_error / found.tau, fit.b * found.p_red_error)
        whole = np.isfinite(found.tau) & np.isfinite(error) & (error > 0.0) & np.isfinite(found.p_red)
        freedom = int(whole.sum()) - 2
        if not fit.found or freedom < 1:
            numbers[name], verdicts[name] = "not known", "undecided"
            continue
        difference = np.log(found.tau[whole]) - fit.a - fit.b * found.p_red[whole]
        chance = float(chi2.sf(float(((difference / error[whole]) ** 2).sum()), freedom))
        falls = Estimate(fit.b, fit.errors[1], freedom).within(-math.inf, 0.0)
        verdicts[name] = "does not hold" if chance < 1.0 - _LEVEL else falls
        numbers[name] = (
            f"ln τ_α = {fit.a:.1f} {fit.b:+.1f} ⟨P_red⟩, typically within a factor "
            f"{math.exp(fit.deviation):.2f}, r = {fit.r:+.3f}; so far off by chance in {100 * chance:.0f} %"
        )
    return Claim(
        "The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström.",
        "3",
        "an exponential through all states; it holds if it falls, and their errors explain how far they are from it",
        _together(verdicts.values()),
        numbers,
        verdicts,
    )
