"""The answer does not depend on the seed, nor on the digits in which a file writes the positions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import spearmanr

import vitreous as vt


def lowest_agreements(snapshot, states, neighbors):
    """Smallest Spearman correlation between any two seeds, and between a seed and principal components."""

    def p_red(**parameters):
        return vt.OrderParameter(neighbors=neighbors, **parameters).fit(snapshot).p_red(snapshot)

    answers = [p_red(random_state=state) for state in range(states)]
    principal = p_red(reducer="pca")
    between_seeds = min(spearmanr(a, b)[0] for a, b in combinations(answers, 2))
    with_principal = min(spearmanr(a, principal)[0] for a in answers)
    print(f"{snapshot.source} {neighbors}: seeds {between_seeds:.4f}, pca {with_principal:.4f}")
    return between_seeds, with_principal


def test_three_seeds_agree_on_hard_spheres(hard_spheres):
    assert min(lowest_agreements(hard_spheres, 3, "sann")) >= 0.95


@pytest.mark.slow
def test_ten_seeds_agree_on_hard_spheres(data_folder):
    snapshot = vt.read(data_folder / "hs_eta0.58_N2000.sph")
    assert min(lowest_agreements(snapshot, 10, "sann")) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("neighbors", ["sann", "cutoff"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_ten_seeds_agree_on_kob_andersen(data_folder, number, neighbors):
    snapshot = vt.read(data_folder / f"ka_T0.44_N4096_{number}.extxyz")
    assert min(lowest_agreements(snapshot, 10, neighbors)) >= 0.9


@pytest.fixture(scope="module")
def two_formats(data_folder):
    """One snapshot with 6 decimals, and with 7 digits of scaled coordinates in another order."""
    extended = vt.read(data_folder / "ka_T0.44_N4096_1.extxyz")
    dump = vt.read(data_folder / "ka_T0.44_N4096_1.lammpstrj")
    return extended, dump


def in_the_order_of(first, second):
    """For every particle of `first` the number of the one at its place in `second`."""
    (here, _), (there, _) = (each.box.wrap(each.positions) for each in (first, second))
    length = first.box.lengths
    _, nearest = cKDTree(there % length, boxsize=length).query(here % length)
    assert len(set(nearest.tolist())) == len(first)
    return nearest


@pytest.mark.parametrize("neighbors", ["sann", "cutoff"])
def test_a_model_says_the_same_of_both_formats(two_formats, neighbors):
    extended, dump = two_formats
    model = vt.OrderParameter(neighbors=neighbors, reducer="pca").fit(extended)
    same = in_the_order_of(extended, dump)
    np.testing.assert_allclose(model.p_red(dump)[same], model.p_red(extended), rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("neighbors", ["sann", "cutoff"])
@pytest.mark.parametrize("reducer", ["autoencoder", "pca"])
def test_models_fitted_to_either_format_say_the_same(two_formats, neighbors, reducer):
    extended, dump = two_formats
    same = in_the_order_of(extended, dump)
    first = vt.OrderParameter(neighbors=neighbors, reducer=reducer).fit(extended)
    second = vt.OrderParameter(neighbors=neighbors, reducer=reducer).fit(dump)
    a, b = first.p_red(extended), second.p_red(dump)[same]
    print(
        neighbors,
        reducer,
        "applied",
        np.abs(first.p_red(dump)[same] - a).max(),
        "fitted",
        np.abs(a - b).max(),
    )
    np.testing.assert_allclose(b, a, rtol=0, atol=1e-5)
