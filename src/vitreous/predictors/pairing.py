"""Predictors on one snapshot: the correlation of each with the propensity, and how it differs from the reference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.associate import Association, associate, without_gaps
from vitreous.correlation.rank import FEWEST_PAIRS, scores
from vitreous.diameter_classes import particle_groups
from vitreous.errors import InputError

__all__ = ["Pairing", "paired"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairing(Association):
    """Correlations with one propensity, and that of its halves with each other, (S,); NaN where these are not known."""

    half: Array


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
        Seed of the translations.

    Raises
    ------
    InputError
        If fewer than 10 particles of a species are left.
    """
    fields = without_gaps(fields)
    found = associate(snapshot, fields, propensity[None], reference=reference, seed=seed)
    known = ~np.isnan(fields[reference])
    groups = particle_groups(snapshot).masks
    half = np.full(len(groups), np.nan)
    for s, (species, mine) in enumerate(groups.items()):
        particles = int(found.particles[reference, s])
        if particles < FEWEST_PAIRS:
            raise InputError(
                f"league: {particles} particles of species {species} with all values are too few, at least "
                f"{FEWEST_PAIRS} are needed"
            )
        if halves is not None:
            first, second = scores(halves[:, known & mine])
            half[s] = np.clip(first @ second, -1.0, 1.0)
    return Pairing(**vars(found), half=half)
