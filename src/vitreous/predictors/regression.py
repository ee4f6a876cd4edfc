"""The regression of the cage order parameter with other labels, on one snapshot or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.order_parameter.ridge import Ridge
from vitreous.structure.neighborhood_average import standardized_within_species

__all__ = ["Lesson", "learn", "predicted"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A snapshot to learn from: features (N, F) and a label (N,); rows with a NaN are left out."""

    snapshot: Configuration
    features: Array
    label: Array


def learn(lessons: Sequence[Lesson], penalty: float) -> dict[str, Ridge]:
    """A ridge for each species, from all lessons together.

    Parameters
    ----------
    lessons : sequence of Lesson
        Of the same species.
    penalty : float
        λ per particle, on standardised features.
    """
    found = {}
    for k, name in enumerate(lessons[0].snapshot.species_names):
        rows = [
            (one.snapshot.species_index == k) & np.isfinite(one.label) & np.isfinite(one.features).all(axis=1)
            for one in lessons
        ]
        features = np.concatenate([one.features[mine] for one, mine in zip(lessons, rows, strict=True)])
        label = np.concatenate([one.label[mine] for one, mine in zip(lessons, rows, strict=True)])
        found[name] = Ridge.fit(features, label - label.mean(), penalty)
    return found


def predicted(ridges: dict[str, Ridge], snapshot: Configuration, features: Array) -> Array:
    """(N,) what the ridges say of features (N, F), standardised within each species; NaN where a feature is NaN."""
    found = np.full(len(snapshot), np.nan)
    for k, name in enumerate(snapshot.species_names):
        mine = snapshot.species_index == k
        found[mine] = ridges[name].predict(features[mine])
    return standardized_within_species(snapshot, found)
