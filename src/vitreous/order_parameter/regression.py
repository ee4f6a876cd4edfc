"""What is learned from snapshots, a regression for each species, whatever the label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.order_parameter.ridge import Ridge

__all__ = ["Lesson", "learn", "predicted"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A snapshot to learn from: features (N, F) and a label (N,); particles with a NaN are left out."""

    snapshot: Configuration
    features: Array
    label: Array

    def rows(self, species: int) -> NDArray[np.bool_]:
        """(N,) the particles of a species of which everything is known."""
        known = np.isfinite(self.label) & np.isfinite(self.features).all(axis=1)
        return np.asarray(known & (self.snapshot.species_index == species))


def learn(
    lessons: Sequence[Lesson], penalty: float, keep: Sequence[NDArray[np.bool_]] | None = None
) -> dict[str, Ridge]:
    """A ridge for each species, from all lessons together, with the penalty λ per particle.

    `keep` says which particles (N,) of each lesson are learned from. InputError if no feature varies.
    """
    found = {}
    for k, name in enumerate(lessons[0].snapshot.species_names):
        rows = [one.rows(k) for one in lessons]
        if keep is not None:
            rows = [mine & kept for mine, kept in zip(rows, keep, strict=True)]
        features = np.concatenate([one.features[mine] for one, mine in zip(lessons, rows, strict=True)])
        label = np.concatenate([one.label[mine] for one, mine in zip(lessons, rows, strict=True)])
        if not len(features) or not (features.std(axis=0) > 1e-8).any():
            raise InputError(
                "cage order parameter: all particles have the same surroundings, as in a perfect crystal; there is "
                "no variation to learn from"
            )
        found[name] = Ridge.fit(features, label - label.mean(), penalty)
    return found


def predicted(ridges: dict[str, Ridge], snapshot: Configuration, features: Array) -> Array:
    """(N,) what the ridges say of features (N, F); NaN where a feature is NaN."""
    found = np.full(len(snapshot), np.nan)
    for k, name in enumerate(snapshot.species_names):
        mine = snapshot.species_index == k
        found[mine] = ridges[name].predict(features[mine])
    return found
