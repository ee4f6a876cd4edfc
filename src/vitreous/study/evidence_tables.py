"""The tables of a study that decide something: claims, predictors against each other, declines, independence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from vitreous.column_names import CAGE_AVERAGED, P_RED_AVERAGED
from vitreous.study.claims import claims
from vitreous.study.comparison import verdict_of
from vitreous.study.decline import decline
from vitreous.study.independence import independence
from vitreous.study.interval import Estimate
from vitreous.study.prediction import sizes_of
from vitreous.study.predictors import predictors
from vitreous.study.results import StateResults, StudyResults

__all__ = ["EVIDENCE", "Cell", "model_and_state"]

Cell = str | float | int

_CLAIMS = [
    "claim", "figure", "verdict", "of", "value", "low", "high", "half_width", "snapshots", "runs", "hours",
]  # fmt: skip


def _claims(results: StudyResults) -> Iterator[list[Cell]]:
    for claim in claims(results):
        for one in claim.evidence:
            numbers = [one.value, one.low, one.high, one.half_width]
            known = [value if np.isfinite(value) else np.nan for value in numbers]
            about: list[Cell] = [claim.text, claim.figure, claim.verdict, one.name]
            yield [*about, *known, one.snapshots, one.runs, one.hours]


_PREDICTORS = [
    "model", "state", "field", "species", "size", "rho", "low", "high", "corrected", "corrected_low", "corrected_high",
    "difference", "difference_low", "difference_high", "verdict", "ceiling", "snapshots",
]  # fmt: skip


def _predictors(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.states:
        for one in predictors(state):
            numbers: list[Cell] = []
            for estimate in (one.raw, one.corrected, one.difference):
                numbers += [estimate.value, *_ends(estimate)]
            size = sizes_of(state.state.former).get(one.species, "medium")
            about: list[Cell] = [*model_and_state(state), one.field, one.species, size]
            verdict = "" if one.field == P_RED_AVERAGED else verdict_of(one.difference)
            yield [*about, *numbers, verdict, one.ceiling, one.snapshots]


_DECLINE = [
    "model", "state", "field", "delta_t_peak", "rho_peak", "delta_t", "rho", "difference", "low", "high", "verdict",
    "snapshots",
]  # fmt: skip


def _decline(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.states:
        for field in (P_RED_AVERAGED, CAGE_AVERAGED):
            found = decline(state, field)
            if found is None:
                continue
            numbers = [found.peak_time, found.peak, found.last_time, found.last, found.difference.value]
            verdict = "below its peak" if found.falls else "not below its peak beyond the error"
            about: list[Cell] = [*model_and_state(state), field]
            yield [*about, *numbers, *_ends(found.difference), verdict, found.snapshots]


_INDEPENDENCE = ["model", "state", "overlap", "correlation", "expected", "limit", "snapshots"]


def _independence(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.states:
        found = independence(state)
        numbers = [found.overlap, found.correlation, found.expected, found.limit]
        yield [*model_and_state(state), *numbers, found.snapshots]


def model_and_state(state: StateResults) -> list[Cell]:
    """The first two columns of most tables."""
    return [state.state.former.name, state.state.state_point]


def _ends(estimate: Estimate) -> list[float]:
    """Of the interval; NaN where it is not known."""
    return [end if np.isfinite(end) else np.nan for end in estimate.interval]


EVIDENCE: dict[str, tuple[list[str], Callable[[StudyResults], Iterator[list[Cell]]]]] = {
    "claims": (_CLAIMS, _claims),
    "predictors": (_PREDICTORS, _predictors),
    "decline": (_DECLINE, _decline),
    "independence": (_INDEPENDENCE, _independence),
}
"""By the stem of the file: the header, and what makes the rows."""
