"""Standardise, reduce, mix: the trained chain from averaged bond order to P_red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.correlation.rank import correlation_of_rows
from vitreous.errors import InputError
from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.reducer import ROWS, Reducer, ReducerName
from vitreous.order_parameter.report import Report
from vitreous.parallel import map_ranges, ranges

__all__ = ["ALL_SPECIES", "FEWEST_PARTICLES", "MOST_PARTICLES", "Pipeline", "check_enough", "p_red_by"]

Array = NDArray[np.float64]

# The name under which the one pipeline for all species is kept.
ALL_SPECIES = "all species"

FEWEST_PARTICLES = 100
# Training sees at most this many particles, drawn at random: the mixture has 11 parameters and the network
# 1,500, and a million particles would take hours to say the same (choice).
MOST_PARTICLES = 10_000
_TABULATED = 4
_ENOUGH_VARIANCE = 0.75


@dataclass(frozen=True, eq=False)
class Pipeline:
    """One trained chain.

    Attributes
    ----------
    mean, deviation : (L,)
        Mean and standard deviation of the descriptors of the training particles.
    reducer : Reducer
    mixture : Mixture
    report : Report
    """

    mean: Array
    deviation: Array
    reducer: Reducer
    mixture: Mixture
    report: Report

    @classmethod
    def fit(
        cls,
        q: Array,
        *,
        reducer: ReducerName,
        bottleneck: int | Literal["auto"],
        members: int,
        random_state: int,
        progress: Callable[[str], None],
    ) -> Pipeline:
        """Train on descriptors (N, L) of particles that all have neighbours."""
        check_enough(len(q), "particles with neighbours")
        stream = np.random.SeedSequence(random_state)
        member_seeds = [int(seed) for seed in stream.generate_state(members)]
        if len(q) > MOST_PARTICLES:
            chosen = np.random.default_rng(stream).choice(len(q), MOST_PARTICLES, replace=False)
            q = q[np.sort(chosen)]
        mean, deviation = q.mean(axis=0), q.std(axis=0)
        if (deviation < 1e-8).any():
            raise InputError(
                "order parameter: the bond order is the same for all particles, as in a perfect crystal; "
                "there is no variation to learn from"
            )
        z = (q - mean) / deviation
        overall = z.sum(axis=1)
        seeds = member_seeds if reducer == "autoencoder" else []
        trained, table = _reduce(z, bottleneck, seeds, progress)
        c = trained.bottleneck
        progress("mixture")
        y = trained.transform(z)
        mixture = Mixture.fit(y, overall)
        p_red = mixture.probabilities(y)[:, 1]
        likeliest = Mixture.likeliest(y, overall)
        seed_agreement = pca_agreement = None
        if reducer == "autoencoder":
            singles = [p_red_by(Reducer.of((network,), z, c), z, overall) for network in trained.autoencoders]
            pairs = [_agreement(a, b) for a, b in combinations(singles, 2)]
            seed_agreement = min(pairs, default=None)
            pca_agreement = _agreement(p_red, p_red_by(Reducer.of((), z, c), z, overall))
        report = Report(
            training_particles=len(q),
            bottleneck=c,
            fve=table,
            red_weight=float(mixture.weights[1]),
            separation=mixture.separation,
            contrast=mixture.contrast,
            bic_one=float(mixture.bic[0]),
            bic_two=float(mixture.bic[1]),
            seed_agreement=seed_agreement,
            pca_agreement=pca_agreement,
            mixture_agreement=_agreement(p_red, likeliest.probabilities(y)[:, 1]),
            likelihood_gain=float(mixture.bic[1] - likeliest.bic[1]) / (2 * len(y)),
        )
        return cls(mean, deviation, trained, mixture, report)

    def transform(self, q: Array) -> Array:
        """(N, c) coordinates of (N, L) descriptors without NaN."""
        return self._in_blocks(q, self.reducer.bottleneck, lambda y: y)

    def probabilities(self, q: Array) -> Array:
        """(N, 2) probabilities of being white and red of (N, L) descriptors without NaN."""
        return self._in_blocks(q, 2, self.mixture.probabilities)

    def _in_blocks(self, q: Array, width: int, told: Callable[[Array], Array]) -> Array:
        """(N, width) numbers told of the coordinates, a few particles at a time: they stay in the cache."""
        found = np.empty((len(q), width))

        def fill(start: int, stop: int) -> None:
            z = (q[start:stop] - self.mean) / self.deviation
            found[start:stop] = told(self.reducer.coordinates(z))

        map_ranges(fill, ranges(len(q), ROWS))
        return found


def check_enough(count: int, what: str = "particles") -> None:
    """Refuse to learn from too few particles."""
    if count < FEWEST_PARTICLES:
        raise InputError(
            f"order parameter: {count} {what} are too few to learn from, at least {FEWEST_PARTICLES} are "
            f"needed"
        )


def _reduce(
    z: Array, bottleneck: int | Literal["auto"], seeds: list[int], progress: Callable[[str], None]
) -> tuple[Reducer, dict[int, float]]:
    """The reducer, and the FVE for c = 1, 2, 3, 4 by one training each, on where "auto" needs it."""
    tabulated: dict[int, list[int]] = dict.fromkeys(range(1, min(_TABULATED, z.shape[1]) + 1), seeds[:1])
    if bottleneck != "auto":
        found = Reducer.fit(z, tabulated | {bottleneck: seeds}, progress)
        return found[bottleneck], {c: found[c].fve for c in sorted(found)}
    found = Reducer.fit(z, tabulated, progress)
    while max(one.fve for one in found.values()) < _ENOUGH_VARIANCE and len(found) < z.shape[1]:
        found |= Reducer.fit(z, {len(found) + 1: seeds[:1]}, progress)
    table = {c: one.fve for c, one in found.items()}
    c = min((c for c, fve in table.items() if fve >= _ENOUGH_VARIANCE), default=len(table))
    if len(seeds) > 1:
        others = Reducer.fit(z, {c: seeds[1:]}, progress)[c]
        found[c] = Reducer.of(found[c].autoencoders + others.autoencoders, z, c)
    return found[c], table | {c: found[c].fve}


def p_red_by(reducer: Reducer, z: Array, overall: Array) -> Array:
    """(N,) P_red of the standardised descriptors (N, L) that a reducer was fitted to, with their sums (N,)."""
    y = reducer.transform(z)
    return np.asarray(Mixture.fit(y, overall).probabilities(y)[:, 1])


def _agreement(a: Array, b: Array) -> float:
    return float(correlation_of_rows(a, b))
