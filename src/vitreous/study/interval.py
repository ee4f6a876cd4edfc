"""A number with its standard error, and what an interval says of a claim."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.correlation.jackknife import jackknife
from vitreous.study.claim_rules import LEVEL
from vitreous.study.student import student_quantile

__all__ = ["EXACTLY_ZERO", "UNKNOWN", "Estimate", "Verdict"]

Verdict = Literal["holds", "does not hold", "undecided"]


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error and the degrees of freedom of that.

    Attributes
    ----------
    value, error : float
        NaN if not known.
    freedom : float
        Infinite if the error is known well; of a sum by Welch and Satterthwaite.
    two_stages : bool
        Whether the number of snapshots was chosen by the spread of the first of them.
    terms : tuple of (float, float)
        Of a sum in two stages: standard errors and degrees of freedom of what it is a sum of, each a Student variable.
        Errors whose size was not chosen are one of them together, by Welch's approximation.
    """

    value: float
    error: float
    freedom: float
    two_stages: bool = False
    terms: tuple[tuple[float, float], ...] = ()

    @staticmethod
    def of(values: Sequence[float] | NDArray[np.float64], first: int | None = None) -> Estimate:
        """The mean of independent values; without an error if there is one only.

        With `first` the spread is that of so many from the beginning, the first stage: see `two_stages`.
        """
        known = np.asarray(values, dtype=np.float64)
        return Estimate.jackknifed(lambda use: float(known[use].mean()), len(known), first)

    @staticmethod
    def jackknifed(
        number: Callable[[NDArray[np.intp]], float], snapshots: int, first: int | None = None
    ) -> Estimate:
        """A number computed from several snapshots together, as `vitreous.correlation.jackknife` has it."""
        stage = snapshots if first is None else min(first, snapshots)
        found = jackknife(number, stage)
        value = found.value if stage == snapshots else number(np.arange(snapshots))
        if snapshots == 0 or math.isnan(value):
            return UNKNOWN
        return Estimate(value, found.spread / math.sqrt(snapshots), stage - 1.0, stage < snapshots)

    @staticmethod
    def sum(terms: Sequence[tuple[float, Estimate]]) -> Estimate:
        """The sum of independent numbers, each times its weight."""
        value = math.fsum(weight * one.value for weight, one in terms)
        errors = [
            (abs(weight) * error, freedom, one.two_stages)
            for weight, one in terms
            for error, freedom in (one.terms or ((one.error, one.freedom),))
            if weight * error != 0.0
        ]
        chosen = [(error, freedom) for error, freedom, two_stages in errors if two_stages]
        given = [(error, freedom) for error, freedom, two_stages in errors if not two_stages]
        error, freedom = _welch([*chosen, *given])
        together = (*chosen, _welch(given)) if given else tuple(chosen)
        return Estimate(value, error, freedom, bool(chosen), together if chosen else ())

    def __sub__(self, other: Estimate) -> Estimate:
        """The difference of two independent numbers."""
        return Estimate.sum([(1.0, self), (-1.0, other)])

    @property
    def interval(self) -> tuple[float, float]:
        """95 %; infinite if the error is not known."""
        return self.at(LEVEL)

    def at(self, level: float) -> tuple[float, float]:
        """The interval at any level."""
        errors = self.terms or ((self.error, self.freedom),)
        if not all(error >= 0.0 and freedom > 0.0 for error, freedom in errors):
            return -math.inf, math.inf
        reach = student_quantile([error for error, _ in errors], [freedom for _, freedom in errors], level)
        return self.value - reach, self.value + reach

    def within(self, low: float, high: float, parts: int = 1) -> Verdict:
        """Whether it lies between two limits; as one of several parts it has to lie elsewhere more clearly."""
        if math.isnan(self.value):
            return "undecided"
        lowest, highest = self.interval
        if lowest >= low and highest <= high:
            return "holds"
        lowest, highest = self.at(1.0 - (1.0 - LEVEL) / parts)
        return "does not hold" if highest < low or lowest > high else "undecided"

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "not known"
        low, high = self.interval
        return f"{self.value:+.2f}" + (f" ({low:+.2f} to {high:+.2f})" if math.isfinite(low) else "")


UNKNOWN = Estimate(math.nan, math.nan, 0.0)
"""A number of which nothing is known."""

EXACTLY_ZERO = Estimate(0.0, 0.0, math.inf)


def _welch(errors: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Error and degrees of freedom of a sum."""
    total = math.fsum(error**2 for error, _ in errors)
    inverse = sum((error**2 / total) ** 2 / freedom for error, freedom in errors if freedom > 0.0)
    return math.sqrt(total), 1.0 / inverse if inverse > 0.0 else math.inf
