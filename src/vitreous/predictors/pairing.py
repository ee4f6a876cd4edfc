"""Predictors on one snapshot: the correlation of each with the propensity, and how it differs from the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.chance_correlation import chance_correlation, chance_interval
from vitreous.configuration import Configuration
from vitreous.correlation import FEWEST_PAIRS, scores
from vitreous.errors import InputError

__all__ = ["Pairing", "paired"]

Array = NDArray[np.float64]

_TWO_SIDED = 1.959964  # 95 % of a normal distribution


@dataclass(frozen=True, eq=False)
class Pairing:
    """What `League` holds of one snapshot: arrays (F, S), half (S,) and particles (S,)."""

    rho: Array
    low: Array
    high: Array
    difference_low: Array
    difference_high: Array
    half: Array
    particles: NDArray[np.int64]


def paired(
    snapshot: Configuration,
    fields: Array,
    reference: int,
    propensity: Array,
    halves: Array | None,
    seed: int,
) -> Pairing:
    """Correlate F fields with the propensity, species by species, all on the same particles.

    Parameters
    ----------
    snapshot : Configuration
        N particles.
    fields : (F, N) float64
        A particle with a NaN in any of them is left out of all.
    reference : int
        Field from which differences are taken.
    propensity : (N,) float64
    halves : (2, N) float64, or None
        From both halves of the runs.
    seed : int
        Of the translations.

    Raises
    ------
    InputError
        If fewer than 10 particles of a species are left.
    """
    names = snapshot.species_names
    shape = (len(fields), len(names))
    rho, low, high, difference_low, difference_high = (np.full(shape, np.nan) for _ in range(5))
    half, particles = np.full(len(names), np.nan), np.zeros(len(names), dtype=np.int64)
    known = np.isfinite(fields).all(axis=0)
    for s, species in enumerate(names):
        rows = np.flatnonzero(known & (snapshot.species_index == s))
        particles[s] = len(rows)
        if len(rows) < FEWEST_PAIRS:
            raise InputError(
                f"league: {len(rows)} particles of species {species} with all values are too few, at least "
                f"{FEWEST_PAIRS} are needed"
            )
        x, y = scores(fields[:, rows]), scores(propensity[None, rows])
        rho[:, s] = np.clip(x @ y[0], -1.0, 1.0)
        if halves is not None:
            first, second = scores(halves[:, rows])
            half[s] = np.clip(first @ second, -1.0, 1.0)
        if all(snapshot.box.periodic):
            # A difference of correlations with one y is the product of the difference of the scores with y.
            both = np.concatenate([x, x - x[reference]])
            chance = chance_correlation(snapshot.box, snapshot.positions[rows], both, y, seed)[:, 0]
            low[:, s], high[:, s] = chance_interval(rho[:, s], chance[: len(x)])
            difference, margin = rho[:, s] - rho[reference, s], _TWO_SIDED * chance[len(x) :]
            difference_low[:, s], difference_high[:, s] = difference - margin, difference + margin
    return Pairing(rho, low, high, difference_low, difference_high, half, particles)
