"""How well a structural quantity predicts where particles go, at every δt, and how well anything could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.chance_correlation import chance_correlation, chance_interval
from vitreous.configuration import Configuration
from vitreous.correlation import FEWEST_PAIRS, noise_ceiling, reliability, scores
from vitreous.ensemble.propensity import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, local_energy
from vitreous.order_parameter import OrderParameter
from vitreous.records import Json, to_object
from vitreous.reveal import P_RED, P_RED_AVERAGED, reveal
from vitreous.structure.controls import coordination_number, local_density, random_averages
from vitreous.structure.local_average import local_average

__all__ = ["CorrelationCurves", "Method", "correlate", "pool", "simple_fields", "structural_fields"]

Method = Literal["spearman", "pearson"]

_RANDOM = 200  # fields that know nothing


@dataclass(frozen=True, eq=False)
class CorrelationCurves:
    """Correlations of F structural quantities with the propensity of S species at T time differences.

    Attributes
    ----------
    method : "spearman" or "pearson"
    fields : tuple of str, F names
    species : tuple of str, S names
    times : (T,) float64
        δt; NaN where it is not known.
    rho : (F, S, T) float64
        With its sign. A mean, if several snapshots are pooled. NaN where either side is constant.
    low, high : (F, S, T) float64
        One snapshot: 95 % interval, `chance_interval`, from what the same two fields correlate when one is translated
        against the other, since near particles are not independent; NaN in a box that is open along an axis.
        Several: the mean less and plus its standard error.
    half : (S, T) float64
        Correlation of the propensities from both halves of the runs with each other; NaN where not known.
    chance_low, chance_high : (S, T) float64
        Range in which 95 % of 200 random fields are, averaged as the order parameter is; NaN where not computed.
    particles : (S,) int64
        Of each species, in one snapshot.
    snapshots : int
    relaxation_time : float
        τ_α of the same runs, mean over snapshots; NaN where not known.
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
    relaxation_time: float

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
                "rho": self.rho[f, s],
                "low": self.low[f, s],
                "high": self.high[f, s],
                "disattenuated": self.disattenuated[f, s],
            }
            for f, field in enumerate(self.fields)
            for s, species in enumerate(self.species)
        ]
        noise = [
            {
                "species": species,
                "particles": int(self.particles[s]),
                "half": self.half[s],
                "reliability": self.reliability[s],
                "ceiling": self.ceiling[s],
                "chance_low": self.chance_low[s],
                "chance_high": self.chance_high[s],
            }
            for s, species in enumerate(self.species)
        ]
        return to_object(
            {
                "method": self.method,
                "snapshots": self.snapshots,
                "times": self.times,
                "relaxation_time": self.relaxation_time,
                "correlations": curves,
                "noise": noise,
            }
        )


def structural_fields(
    snapshot: Configuration,
    model: OrderParameter,
    *,
    radius: float | None = None,
    former: GlassFormer | None = None,
) -> tuple[dict[str, NDArray[np.float64]], float]:
    """The order parameter of every particle, and the simple quantities it has to beat.

    Parameters
    ----------
    snapshot : Configuration
        N particles.
    model : OrderParameter
        Fitted, it is applied unchanged; else it is fitted to the snapshot.
    radius : float, optional
        Of all averages; by default as in `reveal`, two large diameters.
    former : GlassFormer, optional
        With it, and if it has a potential, the potential energy is among the quantities.

    Returns
    -------
    fields : dict of str to (N,) float64
        ``p_red`` and ``p_red_averaged``; ``density``, within the radius; ``coordination`` and ``energy``, bare and
        averaged as P_red is.
    radius : float
    """
    found = reveal(snapshot, model, radius=radius)
    order = {P_RED: found.p_red, P_RED_AVERAGED: found.p_red_averaged}
    return order | simple_fields(snapshot, found.radius, former), found.radius


def simple_fields(
    snapshot: Configuration, radius: float, former: GlassFormer | None = None
) -> dict[str, NDArray[np.float64]]:
    """What an order parameter has to beat: those of `structural_fields` but P_red, by name, each (N,)."""
    fields = {"density": local_density(snapshot, radius)}
    bare = {"coordination": coordination_number(snapshot)}
    if former is not None and not former.is_hard:
        bare["energy"] = local_energy(snapshot, former)
    for name, values in bare.items():
        fields[name] = values
        fields[f"{name}_averaged"] = local_average(snapshot, values, radius)
    return fields


def correlate(
    fields: Mapping[str, ArrayLike],
    propensity: Propensity,
    *,
    method: Method = "spearman",
    radius: float | None = None,
    seed: int = 0,
) -> CorrelationCurves:
    r"""Correlate structural quantities with the propensity, species by species, at every δt.

    Each value has its sign. With both halves of the runs the noise ceiling is found: if these correlate by r, the
    propensity from all runs has the reliability 2r/(1 + r), and what is perfect correlates by the root of that.

    Parameters
    ----------
    fields : mapping of str to (N,) array_like
        Particles with NaN are left out.
    propensity : Propensity
        Of the same N particles.
    method : "spearman" or "pearson"
        Rank or linear correlation.
    radius : float, optional
        The range of random fields is computed with averages over this radius.
    seed : int
        Of the translations and the random fields.

    Returns
    -------
    CorrelationCurves

    Raises
    ------
    InputError
        If shapes differ, a method is unknown, or a species has fewer than 10 particles with values.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904); Br. J. Psychol. 3, 271 (1910), for reliability from halves.
    """
    if method not in ("spearman", "pearson"):
        raise InputError(f"method: expected 'spearman' or 'pearson', got {method!r}")
    snapshot = propensity.snapshot
    n = len(snapshot)
    arrays = {}
    for name, values in fields.items():
        array = np.asarray(values, dtype=np.float64)
        if array.shape != (n,):
            raise InputError(f"{name}: expected {n} values, one for each particle, got shape {array.shape}")
        arrays[name] = array
    if not arrays:
        raise InputError("fields: there is none to correlate with")
    random = None if radius is None else random_averages(snapshot, radius, _RANDOM, seed)
    ranks = method == "spearman"
    names = snapshot.species_names
    shape = (len(arrays), len(names), len(propensity.times))
    rho, low, high = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    half, chance = np.full(shape[1:], np.nan), np.full((2, *shape[1:]), np.nan)
    for s, species in enumerate(names):
        mine = np.flatnonzero(snapshot.species_index == s)
        dynamics = propensity.mean[:, mine]
        # Fields with values for the same particles together, since the translations cost the most.
        alike: dict[bytes, list[int]] = {}
        for f, (name, values) in enumerate(arrays.items()):
            whole = ~np.isnan(values[mine])
            if whole.sum() < FEWEST_PAIRS:
                raise InputError(
                    f"{name}: {int(whole.sum())} particles of species {species} are too few, at least "
                    f"{FEWEST_PAIRS} are needed"
                )
            alike.setdefault(whole.tobytes(), []).append(f)
        for mask, several in alike.items():
            rows = mine[np.frombuffer(mask, dtype=bool)]
            x = scores(np.array(list(arrays.values()))[several][:, rows], ranks=ranks)
            y = scores(propensity.mean[:, rows], ranks=ranks)
            rho[several, s] = np.clip(x @ y.T, -1.0, 1.0)
            if all(snapshot.box.periodic):
                spread = chance_correlation(snapshot.box, snapshot.positions[rows], x, y, seed)
                low[several, s], high[several, s] = chance_interval(rho[several, s], spread)
        y = scores(dynamics, ranks=ranks)
        if propensity.halves is not None:
            first, second = (scores(values[:, mine], ranks=ranks) for values in propensity.halves)
            half[s] = _correlation(first, second)
        if random is not None:
            by_chance = np.array([_correlation(scores(field[mine], ranks=ranks), y) for field in random])
            chance[:, s] = np.percentile(by_chance, [2.5, 97.5], axis=0)
    return CorrelationCurves(
        method,
        tuple(arrays),
        names,
        propensity.times,
        rho,
        low,
        high,
        half,
        chance[0],
        chance[1],
        np.bincount(snapshot.species_index),
        1,
        propensity.relaxation_time.value,
    )


def pool(curves: Sequence[CorrelationCurves]) -> CorrelationCurves:
    """The mean over snapshots, with its standard error as `low` and `high`. One snapshot stays as it is.

    Parameters
    ----------
    curves : sequence of CorrelationCurves
        Of the same quantities, species and times.

    Raises
    ------
    InputError
        If they differ in these.
    """
    if not curves:
        raise InputError("curves: there are none to pool")
    first = curves[0]
    for k, other in enumerate(curves):
        for what in ("method", "fields", "species"):
            if getattr(other, what) != getattr(first, what):
                raise InputError(
                    f"{what}: snapshot {k} has {getattr(other, what)}, the first {getattr(first, what)}"
                )
        same = other.times.shape == first.times.shape
        if not (same and np.allclose(other.times, first.times, rtol=1e-6, equal_nan=True)):
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
        float(np.mean([one.relaxation_time for one in curves])),
    )


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) of scores (n,) or (T, n) with (T, n)."""
    return np.asarray(np.clip((x * y).sum(axis=-1), -1.0, 1.0))
