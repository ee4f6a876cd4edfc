"""How a quantity revealed in a snapshot correlates with the propensity that came in the same file, if one did.

It is compared with and never used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.associate import Correlation, associate, without_gaps
from vitreous.correlation.rank import FEWEST_PAIRS, correlation_of_rows, noise_ceiling
from vitreous.diameter_classes import particle_groups
from vitreous.records import Json, to_object

__all__ = [
    "PROPENSITY",
    "correlations_with_file",
    "has_propensity",
    "noise_ceilings_of_file",
    "plain_correlations",
]

PROPENSITY = "propensity"
"""A column of this name in a snapshot is taken for the dynamic propensity."""


def has_propensity(snapshot: Configuration) -> bool:
    """Whether there is a column that can be one."""
    return _numbers(snapshot, PROPENSITY) is not None


def correlations_with_file(
    revealed: Configuration,
    names: Sequence[str],
    by_chance: Mapping[str, NDArray[np.float64]] | None = None,
) -> dict[tuple[str, str], Correlation]:
    """Spearman's ρ of some columns with the propensity column, by column and species.

    Intervals are those of `associate`, NaN in a box that is open along an axis. Empty if there is no such column; a
    species with fewer than 10 known values is left out.

    Parameters
    ----------
    revealed : Configuration
        N particles.
    names : sequence of str
        Columns.
    by_chance : mapping of str to (N, T) float64, optional
        For columns that were learned, what the same would learn from nothing. Where this scatters more than
        translations of the column itself do, the interval is as wide as that.
    """
    if not has_propensity(revealed):
        return {}
    propensity = revealed.columns[PROPENSITY].astype(np.float64)[None]
    fields = np.array([revealed.columns[name] for name in names], dtype=np.float64)
    learned = {names.index(name): fields_of_nothing for name, fields_of_nothing in (by_chance or {}).items()}
    fields = without_gaps(fields, np.isfinite(propensity[0]))
    found = associate(revealed, fields, propensity, learned=learned)
    return {
        (name, species): found.correlation(q, k)
        for k, species in enumerate(particle_groups(revealed).names)
        if found.particles[0, k] >= FEWEST_PAIRS
        for q, name in enumerate(names)
    }


def noise_ceilings_of_file(revealed: Configuration) -> dict[str, float]:
    """What a perfect predictor would reach, by species, if the propensities of both halves of the runs came too."""
    halves = [_numbers(revealed, f"{PROPENSITY}_half{k}") for k in (1, 2)]
    found: dict[str, float] = {}
    for species, mine in particle_groups(revealed).masks.items():
        first, second = (np.empty(0) if half is None else half[mine].astype(np.float64) for half in halves)
        if len(first) == len(second) >= FEWEST_PAIRS and not np.isnan(first + second).any():
            ceiling = float(noise_ceiling(correlation_of_rows(first, second)))
            if math.isfinite(ceiling):
                found[species] = ceiling
    return found


def _numbers(snapshot: Configuration, name: str) -> NDArray[Any] | None:
    """A column with one number for each particle; None if there is none."""
    column = snapshot.columns.get(name)
    return column if column is not None and column.ndim == 1 and column.dtype.kind in "fiu" else None


def plain_correlations(correlations: dict[tuple[str, str], Correlation]) -> list[dict[str, Json]]:
    """Correlations as JSON has them."""
    return [
        {"quantity": quantity, "species": species, **to_object(value)}
        for (quantity, species), value in correlations.items()
    ]
