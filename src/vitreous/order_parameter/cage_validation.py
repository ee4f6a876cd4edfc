"""How much of what was learned holds where it was not learned, and how well two ways to it agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.rank import scores
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.order_parameter.ridge import Ridge
from vitreous.structure.neighborhood_average import neighborhood_average

__all__ = ["agreement", "blocks_of_space", "explained", "stability"]

Array = NDArray[np.float64]

_BLOCKS = 2  # along each axis
_DRAWS = 5  # of halves of space


def blocks_of_space(snapshot: Configuration, rng: np.random.Generator) -> NDArray[np.int64]:
    """(N,) number of the block of space, 2 along each axis, with a random beginning."""
    fractional = snapshot.box.fractional(snapshot.positions) + rng.random(3)
    place = np.floor(np.mod(fractional, 1.0) * _BLOCKS).astype(np.int64).clip(0, _BLOCKS - 1)
    return np.asarray((place[:, 0] * _BLOCKS + place[:, 1]) * _BLOCKS + place[:, 2])


def explained(
    lessons: Sequence[Lesson], blocks: Sequence[NDArray[np.int64]], penalty: float
) -> dict[str, float]:
    """Share of the variance of the label that is explained in blocks left out, by species."""
    values = [np.full(len(one.label), np.nan) for one in lessons]
    for block in range(_BLOCKS**3):
        ridges = learn(lessons, penalty, [mine != block for mine in blocks])
        for one, mine, filled in zip(lessons, blocks, values, strict=True):
            out = mine == block
            filled[out] = predicted(ridges, one.snapshot, one.features)[out]
    found = {}
    for k, name in enumerate(lessons[0].snapshot.species_names):
        rows = [one.rows(k) for one in lessons]
        label = np.concatenate([one.label[mine] for one, mine in zip(lessons, rows, strict=True)])
        guess = np.concatenate([filled[mine] for filled, mine in zip(values, rows, strict=True)])
        found[name] = float(1.0 - ((label - guess) ** 2).sum() / ((label - label.mean()) ** 2).sum())
    return found


def stability(
    lessons: Sequence[Lesson],
    blocks: Sequence[NDArray[np.int64]],
    penalty: float,
    length: float,
    rng: np.random.Generator,
) -> float:
    """Agreement of what is learned from either half of the blocks of space; the smallest of five draws."""
    found = []
    for _ in range(_DRAWS):
        half = rng.permutation(_BLOCKS**3)[: _BLOCKS**3 // 2]
        ways = [
            learn(lessons, penalty, [np.isin(mine, half) == wanted for mine in blocks])
            for wanted in (True, False)
        ]
        found.append(agreement(lessons, ways, length))
    return min(found)


def agreement(lessons: Sequence[Lesson], ways: Sequence[dict[str, Ridge]], length: float) -> float:
    """Smallest rank correlation between what was learned in different ways, averaged, over species and snapshots."""
    found = []
    for one in lessons:
        snapshot = one.snapshot
        fields = neighborhood_average(
            snapshot,
            np.column_stack([predicted(ridges, snapshot, one.features) for ridges in ways]),
            length=length,
        )
        known = np.isfinite(fields).all(axis=1)
        for species in range(len(snapshot.species_names)):
            ranks = scores(fields[known & (snapshot.species_index == species)].T)
            found += [float(a @ b) for a, b in combinations(ranks, 2)]
    return min(found)
