"""The one way in which per-particle quantities are correlated: by groups of particles, with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.chance import TWO_SIDED, chance_correlation, chance_interval
from vitreous.correlation.rank import FEWEST_PAIRS, correlation_of_rows, scores
from vitreous.diameter_classes import particle_groups
from vitreous.errors import InputError

__all__ = ["Association", "Correlation", "associate", "spearman", "without_gaps"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Correlation:
    """A signed rank correlation.

    Attributes
    ----------
    rho : float
        Spearman's ρ, with its sign.
    low, high : float
        95 % interval; NaN where it is not known, because nobody said where the particles are, or the box is open.
    particles : int
        Pairs of values without NaN.
    """

    rho: float
    low: float
    high: float
    particles: int


@dataclass(frozen=True, eq=False)
class Association:
    """Correlations of F quantities with K others in G groups of particles.

    Attributes
    ----------
    rho : (F, G, K) float64
        With its sign. NaN where either side is constant or fewer than 10 particles are left.
    low, high : (F, G, K) float64
        95 % interval; NaN where ρ is, and in a box that is open along an axis.
    difference_low, difference_high : (F, G, K) float64
        95 % interval of ρ less that of the reference; NaN without one.
    particles : (F, G) int64
        With a value of the quantity.
    """

    rho: Array
    low: Array
    high: Array
    difference_low: Array
    difference_high: Array
    particles: NDArray[np.int64]

    def correlation(self, field: int, group: int) -> Correlation:
        """One of the correlations with the first of the others, by numbers."""
        rho, low, high = (float(values[field, group, 0]) for values in (self.rho, self.low, self.high))
        return Correlation(rho, low, high, int(self.particles[field, group]))


def associate(
    configuration: Configuration,
    fields: Array,
    others: Array,
    *,
    groups: Mapping[str, NDArray[np.bool_]] | None = None,
    ranks: bool = True,
    reference: int | None = None,
    learned: Mapping[int, Array] | None = None,
    seed: int = 0,
) -> Association:
    """Correlate each of F quantities with each of K others, group by group.

    The interval is `chance_interval`, with σ from `chance_correlation`: what the same two quantities correlate when
    one is translated against the other, since near particles are not independent. There are no translations in a box
    that is open along an axis: the interval is not known there.

    Parameters
    ----------
    configuration : Configuration
        Where the N particles are.
    fields : (F, N) float64
        Particles with a NaN are left out of that quantity; see `without_gaps`.
    others : (K, N) float64
        Without NaN.
    groups : mapping of str to (N,) bool, optional
        By default those of `particle_groups`, each species: a mixture of species correlates by composition too.
    ranks : bool
        Spearman's correlation; else Pearson's.
    reference : int, optional
        The quantity from which differences are taken; without a NaN where the others have none.
    learned : mapping of int to (N, T) float64, optional
        For quantities that were learned, what the same would learn from nothing. Where this scatters more than
        translations of the quantity itself do, the interval is as wide as that.
    seed : int
        Seed of the translations.
    """
    if groups is None:
        groups = particle_groups(configuration).masks
    shape = (len(fields), len(groups), len(others))
    rho, low, high, difference_low, difference_high = (np.full(shape, np.nan) for _ in range(5))
    particles = np.zeros(shape[:2], dtype=np.int64)
    known = ~np.isnan(fields)
    for g, mine in enumerate(groups.values()):
        # Quantities with values for the same particles together, since the translations cost the most.
        alike: dict[bytes, list[int]] = {}
        for f, mask in enumerate(known & mine):
            alike.setdefault(mask.tobytes(), []).append(f)
        for mask_bytes, several in alike.items():
            rows = np.flatnonzero(np.frombuffer(mask_bytes, dtype=bool))
            particles[several, g] = len(rows)
            if len(rows) < FEWEST_PAIRS:
                continue
            x, y = scores(fields[several][:, rows], ranks=ranks), scores(others[:, rows], ranks=ranks)
            varied = np.flatnonzero(~np.isnan(y).any(axis=1))
            if len(varied) < len(y):
                y = y[varied]
            cells = np.ix_(np.array(several), np.array([g]), varied)
            found = np.clip(x @ y.T, -1.0, 1.0)
            rho[cells] = found[:, None]
            if not all(configuration.box.periodic):
                continue
            # A difference of correlations with one y is the product of the difference of the scores with y.
            moved = x if reference is None else np.concatenate([x, x - x[several.index(reference)]])
            chance = chance_correlation(configuration.box, configuration.positions[rows], moved, y, seed)
            for f, taught in (learned or {}).items():
                if f in several:
                    k = several.index(f)
                    by_chance = y @ scores(taught[rows].T, ranks=ranks).T
                    chance[k] = np.maximum(chance[k], np.sqrt((by_chance**2).mean(axis=1)))
            low[cells], high[cells] = (end[:, None] for end in chance_interval(found, chance[: len(x)]))
            if reference is not None:
                difference = found - found[several.index(reference)]
                margin = TWO_SIDED * chance[len(x) :]
                difference_low[cells] = (difference - margin)[:, None]
                difference_high[cells] = (difference + margin)[:, None]
    return Association(rho, low, high, difference_low, difference_high, particles)


def without_gaps(fields: Array, known: NDArray[np.bool_] | bool = True) -> Array:
    """(F, N) the same, NaN in all for particles that are not finite in one or not `known`, (N,)."""
    return np.where(np.isfinite(fields).all(axis=0) & known, fields, np.nan)


def spearman(
    structure: ArrayLike,
    dynamics: ArrayLike,
    configuration: Configuration | None = None,
    *,
    seed: int = 0,
) -> Correlation:
    """Spearman's rank correlation, with an interval if it is known where the particles are.

    Near particles are not independent, which pairs of numbers do not show: only translations through the box tell how
    strongly two such quantities correlate by chance (`associate`).

    Parameters
    ----------
    structure, dynamics : (N,) array_like
        Particles of ONE species: mixing species measures composition. Pairs with a NaN are left out, so that
        ``np.where(snapshot.species == "A", p_red, np.nan)`` chooses one of several.
    configuration : Configuration, optional
        Where the N particles are. Without it, and in a box that is open along an axis, the interval is NaN.
    seed : int
        Seed of the translations.

    Returns
    -------
    Correlation
        NaN throughout if either side is constant.

    Raises
    ------
    InputError
        If the shapes differ or fewer than 10 pairs are left.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904); Lotwick, Silverman, J. R. Stat. Soc. B 44, 406 (1982),
    doi:10.1111/j.2517-6161.1982.tb01221.x.
    """
    x, y = np.asarray(structure, dtype=np.float64), np.asarray(dynamics, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(f"spearman: expected two arrays of one length, got {x.shape} and {y.shape}")
    if configuration is not None and len(configuration) != len(x):
        raise InputError(
            f"spearman: expected {len(configuration)} values, one for each particle, got {len(x)}"
        )
    whole = ~(np.isnan(x) | np.isnan(y))
    particles = int(whole.sum())
    if particles < FEWEST_PAIRS:
        raise InputError(
            f"spearman: {particles} pairs of values are too few, at least {FEWEST_PAIRS} are needed"
        )
    if configuration is None:
        rho = correlation_of_rows(x[whole], y[whole])
        return Correlation(float(rho), np.nan, np.nan, particles)
    found = associate(configuration, np.where(whole, x, np.nan)[None], y[None], groups={"": whole}, seed=seed)
    return found.correlation(0, 0)
