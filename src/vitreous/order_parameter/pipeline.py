"""Standardise, reduce, mix: the trained chain from averaged bond order to P_red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from vitreous.errors import InputError
from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.reducer import Reducer, ReducerName
from vitreous.order_parameter.report import Report

__all__ = ["ALL_SPECIES", "FEWEST_PARTICLES", "MOST_PARTICLES", "Pipeline", "check_enough"]

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
        table = Pipeline._table(z, reducer, bottleneck, member_seeds[:1], progress)
        c = bottleneck if bottleneck != "auto" else _smallest_sufficient(table)
        trained = Reducer.fit(z, c, member_seeds if reducer == "autoencoder" else [], progress)
        table[c] = trained.fve
        progress("mixture")
        y = trained.transform(z)
        mixture = Mixture.fit(y, overall)
        p_red = mixture.probabilities(y)[:, 1]
        likeliest = Mixture.likeliest(y, overall)
        seed_agreement = pca_agreement = None
        if reducer == "autoencoder":
            singles = [_p_red(Reducer.of((network,), z, c), z, overall) for network in trained.autoencoders]
            pairs = [_agreement(a, b) for a, b in combinations(singles, 2)]
            seed_agreement = min(pairs, default=None)
            pca_agreement = _agreement(p_red, _p_red(Reducer.fit(z, c, ()), z, overall))
        report = Report(
            training_particles=len(q),
            bottleneck=c,
            fve=dict(sorted(table.items())),
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

    @staticmethod
    def _table(
        z: Array,
        reducer: ReducerName,
        bottleneck: int | Literal["auto"],
        seeds: list[int],
        progress: Callable[[str], None],
    ) -> dict[int, float]:
        """FVE for c = 1, 2, 3, 4 with one training each, on where "auto" needs it, not for the c in use."""
        table: dict[int, float] = {}
        for c in range(1, z.shape[1] + 1):
            done = c > _TABULATED and (bottleneck != "auto" or max(table.values()) >= _ENOUGH_VARIANCE)
            if done:
                break
            if c != bottleneck:
                table[c] = Reducer.fit(z, c, seeds if reducer == "autoencoder" else (), progress).fve
        return table

    def transform(self, q: Array) -> Array:
        """(N, c) coordinates of (N, L) descriptors without NaN."""
        return self.reducer.transform((q - self.mean) / self.deviation)

    def probabilities(self, q: Array) -> Array:
        """(N, 2) probabilities of being white and red of (N, L) descriptors without NaN."""
        return self.mixture.probabilities(self.transform(q))


def check_enough(count: int, what: str = "particles") -> None:
    """Refuse to learn from too few particles."""
    if count < FEWEST_PARTICLES:
        raise InputError(
            f"order parameter: {count} {what} are too few to learn from, at least {FEWEST_PARTICLES} are "
            f"needed"
        )


def _smallest_sufficient(table: dict[int, float]) -> int:
    enough = [c for c, fve in table.items() if fve >= _ENOUGH_VARIANCE]
    return min(enough) if enough else max(table)


def _p_red(reducer: Reducer, z: Array, overall: Array) -> Array:
    y = reducer.transform(z)
    return np.asarray(Mixture.fit(y, overall).probabilities(y)[:, 1])


def _agreement(a: Array, b: Array) -> float:
    return float(spearmanr(a, b)[0])
