"""The paper's claims held against a study: each with its numbers, their errors, and a verdict by `claim_rules`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vitreous.study.claim_numbers import Part, parts_of
from vitreous.study.claim_rules import LEVEL, LINE_WIDTH, RULES, THIRD, Rule
from vitreous.study.effort import effort
from vitreous.study.interval import Estimate, Verdict
from vitreous.study.results import StudyResults
from vitreous.study.supercooling import ExponentialFit, supercooling

__all__ = ["Claim", "Evidence", "claims"]


@dataclass(frozen=True)
class Evidence:
    """One of the numbers that decide a claim.

    Attributes
    ----------
    name : str
        The model, or the two that are compared, or the two states.
    value, low, high : float
        With its 95 % interval; infinite if it is not known, NaN without a number.
    half_width : float
        That is aimed at.
    snapshots : int
        Fewest that any term of it is taken from; 0 if there are none.
    runs : int
        Fewest of any of these; 0 if no propensity is needed.
    hours : float
        Of one core, for all that it rests on; see `vitreous.study.effort`.
    """

    name: str
    value: float
    low: float
    high: float
    half_width: float
    snapshots: int
    runs: int
    hours: float


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
    evidence : tuple of Evidence
    """

    text: str
    figure: str
    measure: str
    verdict: Verdict
    numbers: dict[str, str]
    verdicts: dict[str, Verdict]
    evidence: tuple[Evidence, ...] = ()


def claims(results: StudyResults) -> tuple[Claim, ...]:
    """Hold the claims of the paper against what a study has found so far, in the order of `RULES`."""
    return tuple(
        _exponential(rule, results) if rule.quantity == "exponential" else _claim(rule, results)
        for rule in RULES
    )


def _claim(rule: Rule, results: StudyResults) -> Claim:
    parts = parts_of(rule, results)
    names = [former.name for former in results.formers if rule.third or former.name != THIRD]
    verdicts: dict[str, Verdict] = {}
    if rule.over == "models":
        numbers = {name: _compared(name, parts) for name in names}
    else:
        by_model = {name: [part for part in parts if part.models == (name,)] for name in names}
        told = _steps if rule.over == "steps" else _one
        numbers = {name: told(rule, mine) for name, mine in by_model.items()}
        verdicts = {name: _verdict(rule, mine) for name, mine in by_model.items()}
    return Claim(
        rule.text,
        rule.figure,
        rule.measure,
        _verdict(rule, parts),
        numbers,
        verdicts,
        tuple(_evidence(rule, part, results) for part in parts),
    )


def _verdict(rule: Rule, parts: Sequence[Part]) -> Verdict:
    return _together([part.estimate.within(*rule.limits, parts=len(parts)) for part in parts])


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    if "does not hold" in verdicts:
        return "does not hold"
    return "holds" if verdicts and all(one == "holds" for one in verdicts) else "undecided"


def _evidence(rule: Rule, part: Part, results: StudyResults) -> Evidence:
    estimate = part.estimate
    low, high = estimate.interval if math.isfinite(estimate.value) else (math.nan, math.nan)
    name = " less ".join(part.models)
    if rule.over == "steps":
        after, before = (f"{one.state.state.state_point:g}" for _, one in part.terms)
        name = f"{name} {after} less {before}"
    snapshots = min((one.snapshots for _, one in part.terms), default=0)
    took = effort(rule, [one.state for _, one in part.terms], results)
    return Evidence(name, estimate.value, low, high, rule.half_width, snapshots, *took)


def _one(rule: Rule, parts: Sequence[Part]) -> str:
    """The number of a model, and what has to be told beside it."""
    (part,) = parts
    told = [str(part.estimate)]
    if rule.corrected and math.isfinite(part.raw):
        told.append(f"raw {part.raw:+.2f}")
    reasons = {one.told for _, one in part.terms if one.told}
    return "; ".join([*told, *sorted(reasons)])


def _steps(rule: Rule, parts: Sequence[Part]) -> str:
    """The means from state to state, and how many steps rise."""
    steps = [part.estimate for part in parts]
    if not steps:
        return "not known"
    means = [parts[0].terms[1][1].estimate, *(part.terms[0][1].estimate for part in parts)]
    return (
        f"{', '.join(f'{one.value:.3f}' for one in means)}; {sum(one.value > 0.0 for one in steps)} of {len(steps)} "
        f"steps rise, {sum(one.within(*rule.limits) == 'holds' for one in steps)} of them beyond their error"
    )


def _compared(name: str, parts: Sequence[Part]) -> str:
    """The number of one of the models that are compared, and how the third differs from it."""
    for part in parts:
        third, other = (number for _, number in part.terms)
        if name == THIRD:
            return str(third.estimate) + _raw(third.estimate, third.raw)
        if name == part.models[1]:
            return f"{other.estimate}{_raw(other.estimate, other.raw)}; {THIRD} less this {part.estimate}"
    return "not known"


def _raw(estimate: Estimate, raw: Estimate) -> str:
    return "" if estimate is raw or math.isnan(raw.value) else f"; raw {raw.value:+.2f}"


def _exponential(rule: Rule, results: StudyResults) -> Claim:
    """Whether all points lie on one falling exponential within their errors."""
    formers = [former for former in results.formers if former.name != THIRD]
    found = {former.name: supercooling(results.of(former)) for former in formers}
    numbers = {name: f"τ_α: {_fit(one.fit)}; τ_D: {_fit(one.diffusion_fit)}" for name, one in found.items()}
    verdicts = {name: _on_a_line(one.fit, 1) for name, one in found.items()}
    together = _together([_on_a_line(one.fit, len(found)) for one in found.values()])
    evidence: list[Evidence] = []
    for former in formers:
        fit, states = found[former.name].fit, results.of(former)
        low, high = Estimate(fit.b, fit.errors[0 if math.isnan(fit.b) else 1], math.inf).interval
        known = [state.untrained_p_red for state in states]
        snapshots = min(0 if values is None else len(values) for values in known)
        about = (f"{former.name}, slope", fit.b, low, high, rule.half_width, snapshots)
        evidence.append(Evidence(*about, *effort(rule, states, results)))
    return Claim(rule.text, rule.figure, rule.measure, together, numbers, verdicts, tuple(evidence))


def _on_a_line(fit: ExponentialFit, parts: int) -> Verdict:
    if not fit.found or math.isnan(fit.chance):
        return "undecided"
    if fit.chance < (1.0 - LEVEL) / parts:
        return "does not hold"
    falls = Estimate(fit.b, fit.errors[1], math.inf).within(-math.inf, 0.0, parts)
    if falls == "holds" and (fit.typical_error > LINE_WIDTH or fit.chance < 1.0 - LEVEL):
        return "undecided"
    return falls


def _fit(fit: ExponentialFit) -> str:
    if not fit.found:
        return "not known"
    chance = "" if math.isnan(fit.chance) else f"; so far off by chance in {100 * fit.chance:.0f} %"
    return (
        f"ln τ = {fit.a:.1f} {fit.b:+.1f} ⟨P_red⟩, typically within a factor {math.exp(fit.deviation):.2f}, "
        f"points known to {100 * fit.typical_error:.0f} %, r = {fit.r:+.3f}{chance}"
    )
