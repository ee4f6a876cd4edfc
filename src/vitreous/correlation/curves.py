"""How well structural quantities predict where particles go, at every δt, as numbers that can be kept and pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.correlation.rank import noise_ceiling, reliability
from vitreous.errors import InputError
from vitreous.records import Json, added, to_object

__all__ = ["CorrelationCurves", "Method", "joined", "pool"]

Method = Literal["spearman", "pearson"]


@dataclass(frozen=True, eq=False)
class CorrelationCurves:
    """Correlations of F structural quantities with the propensity of S species at T time differences.

    Attributes
    ----------
    method : "spearman" or "pearson"
    fields : tuple of str, F names
    species : tuple of str, S names
        "small", "middle", "large" where diameters are continuous.
    times : (T,) float64
        δt; NaN where it is not known.
    rho : (F, S, T) float64
        With its sign. A mean, if several snapshots are pooled. NaN where either side is constant.
    low, high : (F, S, T) float64
        One snapshot: 95 % interval of `associate`; NaN in a box that is open along an axis.
        Several: the mean less and plus its standard error.
    half : (S, T) float64
        Correlation of the propensities from both halves of the runs with each other; NaN where not known.
    chance_low, chance_high : (S, T) float64
        Range in which 95 % of 200 random fields are, averaged as the order parameter is; NaN where not computed.
    particles : (S,) int64
        Number of particles of each species, in one snapshot.
    snapshots : int
    tau_1e : float
        Time at which F_s falls to 1/e in the same runs, mean over snapshots; NaN where not known.
    diameter_ranges : tuple of (float, float)
        Smallest and largest diameter of each class, in the first snapshot; empty where `species` are species.
    """

    method: Method
    fields: tuple[str, ...]
    species: tuple[str, ...]
    times: NDArray[np.float64]
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    half: NDArray[np.float64]
    chance_low: NDArray[np.float64]
    chance_high: NDArray[np.float64]
    particles: NDArray[np.int64]
    snapshots: int
    tau_1e: float
    diameter_ranges: tuple[tuple[float, float], ...] = added(())

    @property
    def reliability(self) -> NDArray[np.float64]:
        """(S, T) share of the propensity's variance that is no noise: 2r/(1 + r) of the `half` (Spearman-Brown)."""
        return reliability(self.half)

    @property
    def ceiling(self) -> NDArray[np.float64]:
        """(S, T) correlation that a perfect predictor would reach; NaN where the halves do not agree at all."""
        return noise_ceiling(self.half)

    @property
    def disattenuated(self) -> NDArray[np.float64]:
        """(F, S, T) what `rho` would be without the noise of a finite number of runs: ρ over the ceiling."""
        return np.asarray(self.rho / self.ceiling)

    def knows(self, field: str) -> bool:
        """Whether anything is known of a quantity."""
        return field in self.fields and bool(np.isfinite(self.rho[self.fields.index(field)]).any())

    def at(self, time: float) -> int:
        """Number of the recorded δt nearest to `time` in ratio.

        Raises
        ------
        InputError
            If `time` is not positive, or lies outside what was recorded.
        """
        if not (time > 0.0 and self.times[0] <= time <= self.times[-1]):
            raise InputError(
                f"time: {time:g} is outside of what was recorded, {self.times[0]:g} to {self.times[-1]:g}"
            )
        return int(np.argmin(np.abs(np.log(self.times / time))))

    def as_dict(self) -> dict[str, Json]:
        """All numbers, ready for JSON; None for NaN."""
        curves = [
            {
                "field": field,
                "species": species,
                **{name: getattr(self, name)[f, s] for name in ("rho", "low", "high", "disattenuated")},
            }
            for f, field in enumerate(self.fields)
            for s, species in enumerate(self.species)
        ]
        of_species = ("particles", "half", "reliability", "ceiling", "chance_low", "chance_high")
        noise = [
            {"species": species, **{name: getattr(self, name)[s] for name in of_species}}
            for s, species in enumerate(self.species)
        ]
        classes = [
            {"class": name, "smallest_diameter": low, "largest_diameter": high}
            for name, (low, high) in zip(self.species, self.diameter_ranges, strict=False)
        ]
        return to_object(
            {
                **({"diameter_classes": classes} if classes else {}),
                "method": self.method,
                "snapshots": self.snapshots,
                "times": self.times,
                "tau_1e": self.tau_1e,
                "correlations": curves,
                "noise": noise,
            }
        )


def pool(curves: Sequence[CorrelationCurves]) -> CorrelationCurves:
    """The mean over snapshots, with its standard error as `low` and `high`. One snapshot stays as it is.

    Parameters
    ----------
    curves : sequence of CorrelationCurves
        Curves of the same quantities, species and times. Where some go on for longer, they are taken as far as all go.

    Raises
    ------
    InputError
        If they differ in these.
    """
    if not curves:
        raise InputError("curves: there are none to pool")
    shared = min(len(one.times) for one in curves)
    curves = [one if len(one.times) == shared else _cut(one, shared) for one in curves]
    first = curves[0]
    for k, other in enumerate(curves):
        for what in ("method", "fields", "species"):
            if getattr(other, what) != getattr(first, what):
                raise InputError(
                    f"{what}: snapshot {k} has {getattr(other, what)}, the first {getattr(first, what)}"
                )
        if not np.allclose(other.times, first.times, rtol=1e-6, equal_nan=True):
            raise InputError(f"times: those of snapshot {k} are others than those of the first")
    if len(curves) == 1:
        return first
    rho = np.array([one.rho for one in curves])
    mean, error = rho.mean(axis=0), rho.std(axis=0, ddof=1) / np.sqrt(len(curves))

    def average(name: str) -> NDArray[np.float64]:
        return np.asarray(np.mean([getattr(one, name) for one in curves], axis=0))

    # Means of random fields of several snapshots are nearer to zero.
    root = np.sqrt(len(curves))
    return CorrelationCurves(
        first.method,
        first.fields,
        first.species,
        first.times,
        mean,
        mean - error,
        mean + error,
        average("half"),
        average("chance_low") / root,
        average("chance_high") / root,
        first.particles,
        sum(one.snapshots for one in curves),
        float(np.mean([one.tau_1e for one in curves])),
        first.diameter_ranges,
    )


def joined(curves: CorrelationCurves, others: CorrelationCurves) -> CorrelationCurves:
    """Curves with the quantities of others beside their own, of the same snapshot, propensity and method.

    Raises
    ------
    InputError
        If species or times differ.
    """
    if others.species != curves.species or not np.array_equal(others.times, curves.times, equal_nan=True):
        raise InputError("curves: they are not of the same species and times, so they cannot be joined")
    rho, low, high = (
        np.concatenate([getattr(one, name) for one in (curves, others)]) for name in ("rho", "low", "high")
    )
    return replace(curves, fields=(*curves.fields, *others.fields), rho=rho, low=low, high=high)


def _cut(curves: CorrelationCurves, times: int) -> CorrelationCurves:
    """The same at the first of its times."""
    last = ("times", "rho", "low", "high", "half", "chance_low", "chance_high")
    return replace(curves, **{name: getattr(curves, name)[..., :times] for name in last})
