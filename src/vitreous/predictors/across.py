"""Predictors that learn from other snapshots, never from one of the same independent run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.predictors.values import Subject
from vitreous.structure.neighborhood_average import standardized_within_species

__all__ = ["NAMES", "learned_from_others"]

Array = NDArray[np.float64]

NAMES = ("cage_positions", "supervised")


def learned_from_others(
    subjects: Sequence[Subject], propensities: Sequence[Array], groups: Sequence[str]
) -> list[Mapping[str, Array]]:
    """What is said of each snapshot by what was learned from the snapshots of all other groups.

    Parameters
    ----------
    subjects : sequence of Subject
    propensities : sequence of (N,) float64
        Propensities of each snapshot. That of a snapshot, or of another of its group, has no influence on what is said
        of it.
    groups : sequence of str
        At least two different ones.

    Returns
    -------
    list of mapping of str to (N,) float64
        For each snapshot ``cage_positions``: `CageOrderParameter` fitted to the cages of the others, applied to bare
        positions; and ``supervised``: the same regression from the same descriptors of mean positions in the cages,
        with the logarithm of the propensity, standardised within species, as its label.

    Raises
    ------
    InputError
        If a propensity is not positive, so that it has no logarithm.
    """
    lessons = [
        Lesson(one.snapshot, one.features, standardized_within_species(one.snapshot, _logarithm(values, k)))
        for k, (one, values) in enumerate(zip(subjects, propensities, strict=True))
    ]
    found: list[Mapping[str, Array]] = [{} for _ in subjects]
    for group in dict.fromkeys(groups):
        others = [k for k, label in enumerate(groups) if label != group]
        first = subjects[others[0]]
        model = CageOrderParameter(random_state=first.random_state)
        model.fit([subjects[k].snapshot for k in others], [subjects[k].cages for k in others])
        ridges = learn([lessons[k] for k in others], model.penalty)
        for k, label in enumerate(groups):
            if label == group:
                one = subjects[k]
                found[k] = {
                    "cage_positions": model.predict(one.snapshot),
                    "supervised": standardized_within_species(
                        one.snapshot, predicted(ridges, one.snapshot, one.features)
                    ),
                }
    return found


def _logarithm(propensity: Array, number: int) -> Array:
    if not (propensity > 0.0).all():
        first = int(np.argmin(propensity > 0.0))
        raise InputError(
            f"propensity: particle {first} of snapshot {number} has {propensity[first]:g}, which has no logarithm"
        )
    return np.log(propensity)
