"""Predictors that learn from other snapshots, never from one of the same independent run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.predictors.values import Subject
from vitreous.structure.neighborhood_average import standardized_within_species

__all__ = ["NAMES", "learned_from_others", "trained_on_others"]

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
    supervised = trained_on_others(
        [one.snapshot for one in subjects], [one.features for one in subjects], propensities, groups
    )
    found: list[Mapping[str, Array]] = [{} for _ in subjects]
    for group in dict.fromkeys(groups):
        others = [k for k, label in enumerate(groups) if label != group]
        first = subjects[others[0]]
        model = CageOrderParameter(random_state=first.random_state)
        model.fit([subjects[k].snapshot for k in others], [subjects[k].cages for k in others])
        for k, label in enumerate(groups):
            if label == group:
                found[k] = {
                    "cage_positions": model.predict(subjects[k].snapshot),
                    "supervised": supervised[k],
                }
    return found


def trained_on_others(
    snapshots: Sequence[Configuration],
    features: Sequence[Array],
    propensities: Sequence[Array],
    groups: Sequence[str],
) -> list[Array]:
    """What a regression says of the propensity in each snapshot that was trained on those of all other groups.

    Parameters
    ----------
    snapshots : sequence of Configuration
    features : sequence of (N, F) float64
        `cage_descriptors` of the mean positions in the cages of each.
    propensities, groups
        As in `learned_from_others`, likewise what is raised.

    Returns
    -------
    list of (N,) float64
        Standardised within species. The ridge is that of the cage order parameter, and its label the logarithm of the
        propensity, standardised within species.
    """
    lessons = [
        Lesson(snapshot, described, standardized_within_species(snapshot, _logarithm(values, k)))
        for k, (snapshot, described, values) in enumerate(zip(snapshots, features, propensities, strict=True))
    ]
    penalty = CageOrderParameter().penalty
    found = []
    for one, own in zip(lessons, groups, strict=True):
        ridges = learn([other for other, group in zip(lessons, groups, strict=True) if group != own], penalty)
        said = predicted(ridges, one.snapshot, one.features)
        found.append(standardized_within_species(one.snapshot, said))
    return found


def _logarithm(propensity: Array, number: int) -> Array:
    if not (propensity > 0.0).all():
        first = int(np.argmin(propensity > 0.0))
        raise InputError(
            f"propensity: particle {first} of snapshot {number} has {propensity[first]:g}, which has no logarithm"
        )
    return np.log(propensity)
