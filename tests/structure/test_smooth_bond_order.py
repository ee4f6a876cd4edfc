from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shell_oracles as oracles
import vitreous as vt
from shell_oracles import unit_of
from strategies import configurations, moved
from vitreous.errors import InputError
from vitreous.structure._gaussian_kernel import CUTOFF
from vitreous.structure.smooth_bond_order import smooth_bond_order

SHELLS = [(1.0, 0.12), (1.4, 0.2)]


@settings(max_examples=50)
@given(
    configurations(largest=12),
    st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(0.02, 0.3)), min_size=1, max_size=3),
    st.lists(st.integers(0, 13), min_size=1, max_size=4),
)
def test_equals_spherical_harmonics(configuration, shells, degrees):
    unit = unit_of(configuration, max(center + CUTOFF * width for center, width in shells))
    found = smooth_bond_order(configuration, shells, degrees, unit)
    expected = oracles.smooth_bond_order(configuration, shells, degrees, unit)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11)


def test_high_degrees(hard_spheres):
    some = vt.Configuration(hard_spheres.positions[:40], hard_spheres.box)
    degrees = [20, 33, 50]
    found = smooth_bond_order(some, SHELLS, degrees)
    expected = oracles.smooth_bond_order(some, SHELLS, degrees)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


def test_more_neighbours_than_a_batch_holds():
    rng = np.random.default_rng(0)
    crowd = vt.Configuration(rng.random((280, 3)), 1.0, periodic=(False,) * 3)
    found = smooth_bond_order(crowd, [(0.5, 0.3)], [2, 7])
    np.testing.assert_allclose(
        found, oracles.smooth_bond_order(crowd, [(0.5, 0.3)], [2, 7]), rtol=0, atol=1e-13
    )


def cubic(basis, repeats):
    cells = np.array(list(np.ndindex(repeats, repeats, repeats)), dtype=float)
    return vt.Configuration((cells[:, None] + np.array(basis)[None]).reshape(-1, 3), box=(repeats,) * 3)


FCC = cubic([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]], 3)


def test_a_narrow_shell_is_the_plain_bond_order():
    """Published closed forms: fcc q4² = 7/192, q6² = 169/512. What symmetry forbids is zero to 1e-15."""
    q = smooth_bond_order(FCC, [(np.sqrt(0.5), 0.03)])
    assert q.shape == (108, 10)
    np.testing.assert_allclose(q[:, 3], np.sqrt(7 / 192), atol=1e-13)
    np.testing.assert_allclose(q[:, 5], np.sqrt(169 / 512), atol=1e-13)
    np.testing.assert_allclose(q[:, [0, 1, 2, 4, 6, 8]], 0.0, atol=1e-14)
    plain = vt.bond_order(vt.within(FCC, 0.8), range(1, 11))
    np.testing.assert_allclose(q, plain, atol=1e-9)


def test_weights_are_gaussian():
    """Two neighbours at right angles: q_l² = (w1² + w2² + 2 w1 w2 P_l(0)) / (w1 + w2)²."""
    three = vt.Configuration([[5, 5, 5], [6, 5, 5], [5, 5, 6.1]], 20.0)
    w1, w2 = 1.0, np.exp(-0.5)
    q = smooth_bond_order(three, [(1.0, 0.1)], [0, 1, 2])[0]
    expected = [np.sqrt(w1**2 + w2**2 + 2 * w1 * w2 * p) / (w1 + w2) for p in (1.0, 0.0, -0.5)]
    np.testing.assert_allclose(q, expected, atol=1e-12)


def test_without_neighbours_there_is_no_order():
    three = vt.Configuration([[5, 5, 5], [6, 5, 5], [12, 5, 5]], 30.0)
    q = smooth_bond_order(three, [(1.0, 0.1), (3.0, 0.1), (6.0, 0.1)], [2])
    np.testing.assert_allclose(q, [[1, np.nan, np.nan], [1, np.nan, 1], [np.nan, np.nan, 1]], atol=1e-12)


@settings(max_examples=40)
@given(configurations(smallest=2, periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_invariances(configuration, seed):
    """Rotation, reflection, translation, images and the unit change nothing; permutation permutes."""
    shells = [(0.9, 0.15), (1.5, 0.2)]
    unit = unit_of(configuration, 2.6)
    elsewhere, order = moved(configuration, np.random.default_rng(seed), 0.3)
    before = smooth_bond_order(configuration, shells, range(11), unit)[order]
    after = smooth_bond_order(elsewhere, shells, range(11), 0.3 * unit)
    # Where all weights are tiny, a pair just where the shell ends may matter.
    clear = np.repeat(dominated(configuration, shells, unit)[order], 11, axis=1)
    np.testing.assert_allclose(after[clear], before[clear], rtol=0, atol=1e-6)


def dominated(configuration, shells, unit):
    """(N, shells) where weights add up to more than 1."""
    totals = [vt.radial_shells(configuration, [center], width, unit) for center, width in shells]
    return np.array([total.sum(axis=1) > 1.0 for total in totals]).T


def test_species_do_not_matter(hard_spheres):
    plain = vt.Configuration(hard_spheres.positions, hard_spheres.box)
    np.testing.assert_array_equal(smooth_bond_order(plain, SHELLS), smooth_bond_order(hard_spheres, SHELLS))


def test_degrees_are_columns_in_the_order_asked_for(hard_spheres):
    q = smooth_bond_order(hard_spheres, SHELLS, range(1, 11))
    np.testing.assert_array_equal(smooth_bond_order(hard_spheres, SHELLS, [10, 6])[:, 2:], q[:, [19, 15]])
    np.testing.assert_array_equal(smooth_bond_order(hard_spheres, SHELLS, 6), q[:, [5, 15]])
    np.testing.assert_array_equal(smooth_bond_order(hard_spheres, SHELLS[1:]), q[:, 10:])


def test_the_number_of_threads_changes_no_bit(gas, by_threads):
    np.testing.assert_array_equal(*by_threads(lambda: smooth_bond_order(gas, SHELLS, [1, 4, 6])))


def test_coinciding_particles():
    twins = vt.Configuration([[1, 1, 1], [5, 5, 5], [1, 1, 1]], 10.0)
    with pytest.raises(InputError, match="particle 0 and particle 2 are at the same place"):
        smooth_bond_order(twins, SHELLS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "shells: expected pairs"),
        (([1.0, 0.1],), "shells: expected pairs"),
        (([(1.0, 0.1, 2.0)],), "shells: expected pairs"),
        (([(1.0, 0.1), (1.0,)],), "shells: expected pairs"),
        (([("a", "b")],), "shells: expected pairs"),
        (([(-1.0, 0.1)],), "shells: centers must not be negative"),
        (([(1.0, 0.0)],), "widths positive"),
        (([(np.nan, 0.1)],), "shells: centers"),
        ((SHELLS, [51]), "l: degrees must lie from 0 to 50"),
        ((SHELLS, []), "l: expected whole numbers"),
        ((SHELLS, [2], np.nan), "unit: must be positive"),
        ((SHELLS, [2], 1e6), r"shells: neighbours up to .* are the length units the same"),
    ],
)
def test_wrong_arguments(hard_spheres, arguments, message):
    with pytest.raises(InputError, match=message):
        smooth_bond_order(hard_spheres, *arguments)
