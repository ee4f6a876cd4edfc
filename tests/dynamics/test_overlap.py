"""The collective overlap: 1 for the same, 0 on average for another, and blind to who is who."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from vitreous.dynamics.overlap import collective_overlap
from vitreous.errors import InputError

N, LENGTH = 400, 7.0


def anywhere(seed):
    return vt.Configuration(np.random.default_rng(seed).random((N, 3)) * LENGTH, LENGTH)


def spread_out(seed):
    """Particles of which no two are nearer than 0.6."""
    rng, chosen = np.random.default_rng(seed), []
    while len(chosen) < N:
        x = rng.random(3) * LENGTH
        d = np.array(chosen).reshape(-1, 3) - x
        d -= LENGTH * np.rint(d / LENGTH)
        if ((d**2).sum(axis=1) > 0.36).all():
            chosen.append(x)
    return vt.Configuration(chosen, LENGTH)


def test_by_all_pairs():
    first, later, kinds = anywhere(1), anywhere(2), np.arange(N) % 3
    d = first.positions[:, None] - later.positions
    d -= LENGTH * np.rint(d / LENGTH)
    near = (d**2).sum(axis=-1) < 0.3**2
    ball, rho = 4 * np.pi / 3 * 0.027, N / LENGTH**3
    for same, share in ((np.ones((N, N), bool), 1.0), (kinds[:, None] == kinds, 1 / 3)):
        q, q0 = (near & same).any(axis=1).mean(), ball * rho * share
        given = None if share == 1.0 else kinds
        assert collective_overlap(first, later, kinds=given) == pytest.approx((q - q0) / (1 - q0), abs=2e-3)


def test_the_same_places_are_one_whoever_is_there():
    first = spread_out(1)
    other = np.random.default_rng(2).permutation(N)
    assert collective_overlap(first, first) == 1.0
    assert collective_overlap(first, vt.Configuration(first.positions[other] + LENGTH, LENGTH)) == 1.0
    kinds = (np.arange(N) < 100).astype(int)
    shuffled = vt.Configuration(first.positions[other], LENGTH)
    expected = ((kinds == kinds[other]).mean() - (q0 := 4 * np.pi / 3 * 0.027 * N / LENGTH**3 * 0.625)) / (
        1 - q0
    )
    assert collective_overlap(first, shuffled, kinds=kinds) == pytest.approx(expected, abs=1e-12)


def test_independent_ones_have_none():
    values = [collective_overlap(spread_out(1), spread_out(seed)) for seed in range(2, 8)]
    assert abs(np.mean(values)) < 3 * np.std(values, ddof=1) / np.sqrt(len(values)) + 1e-3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"radius": 4.0}, "radius"),
        ({"radius": float("nan")}, "radius"),
        ({"kinds": [1, 2]}, "kinds"),
        ({"later": vt.Configuration([[0.0, 0, 0]], LENGTH)}, "same number"),
        ({"later": vt.Configuration(np.zeros((N, 3)) + np.arange(N)[:, None] * 0.01, 8.0)}, "same box"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    arguments = {"first": anywhere(1), "later": anywhere(1), **change}
    with pytest.raises(InputError, match=message):
        collective_overlap(**arguments)
