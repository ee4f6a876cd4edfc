"""How a quantity revealed in a snapshot correlates with the propensity that came in the same file, if one did.

It is compared with and never used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vitreous.chance_correlation import chance_correlation, chance_interval
from vitreous.configuration import Configuration
from vitreous.correlation import FEWEST_PAIRS, Correlation, noise_ceiling, scores, spearman
from vitreous.records import Json, to_object

__all__ = ["PROPENSITY", "correlations_with_file", "noise_ceilings_of_file", "plain_correlations"]

PROPENSITY = "propensity"
"""A column of this name in a snapshot is taken for the dynamic propensity."""


def correlations_with_file(
    revealed: Configuration, names: Sequence[str]
) -> dict[tuple[str, str], Correlation]:
    """Spearman's ρ of some columns with the propensity column, by column and species.

    Intervals are those of `correlate`; in a box that is open along an axis those of `spearman`, which are too narrow.
    Empty if there is no such column; a species with fewer than 10 known values is left out.
    """
    found: dict[tuple[str, str], Correlation] = {}
    propensity = revealed.columns.get(PROPENSITY)
    if propensity is None or propensity.ndim != 1 or propensity.dtype.kind not in "fiu":
        return found
    values = np.array([*(revealed.columns[name] for name in names), propensity], dtype=np.float64)
    known = np.isfinite(values).all(axis=0)
    for k, species in enumerate(revealed.species_names):
        rows = np.flatnonzero(known & (revealed.species_index == k))
        if len(rows) < FEWEST_PAIRS:
            continue
        if all(revealed.box.periodic):  # then the interval knows where the particles are
            ranks = scores(values[:, rows])
            x, y = ranks[:-1], ranks[-1:]
            rho = x @ y[0]
            chance = chance_correlation(revealed.box, revealed.positions[rows], x, y)[:, 0]
            low, high = chance_interval(rho, chance)
            of_all = [
                Correlation(float(rho[q]), float(low[q]), float(high[q]), len(rows))
                for q in range(len(names))
            ]
        else:
            of_all = [spearman(column[rows], values[-1, rows]) for column in values[:-1]]
        found |= {(name, species): value for name, value in zip(names, of_all, strict=True)}
    return found


def noise_ceilings_of_file(revealed: Configuration) -> dict[str, float]:
    """What a perfect predictor would reach, by species, if the propensities of both halves of the runs came too."""
    halves = [revealed.columns.get(f"{PROPENSITY}_half{k}") for k in (1, 2)]
    found: dict[str, float] = {}
    for k, species in enumerate(revealed.species_names):
        mine = revealed.species_index == k
        first, second = (
            half[mine] if half is not None and half.ndim == 1 and half.dtype.kind in "fiu" else np.empty(0)
            for half in halves
        )
        if len(first) == len(second) >= FEWEST_PAIRS and not np.isnan(first + second).any():
            ceiling = float(noise_ceiling(np.multiply(*scores([first, second])).sum()))
            if math.isfinite(ceiling):
                found[species] = ceiling
    return found


def plain_correlations(correlations: dict[tuple[str, str], Correlation]) -> list[dict[str, Json]]:
    """The same, ready for JSON."""
    return [
        {"quantity": quantity, "species": species, **to_object(value)}
        for (quantity, species), value in correlations.items()
    ]
