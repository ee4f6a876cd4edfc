from __future__ import annotations

import cmath
import itertools
import math

import numpy as np
import pytest

import vitreous as vt
from trajectories import brownian
from vitreous.dynamics.intermediate_scattering import intermediate_scattering
from vitreous.errors import InputError
from vitreous.trajectory import Trajectory

Q = 4.0
SIDE = (5.0, 6.0, 5.5)


@pytest.fixture(scope="module")
def small():
    """12 particles of two species at 7 times, with a drift."""
    times = np.arange(7) * 0.5
    start = np.random.default_rng(0).random((12, 3)) * SIDE
    x = brownian(times, start, 1, lambda t: np.full(len(t), 0.05)) + times[:, None, None] * [0.7, -0.2, 0.1]
    return Trajectory(x, times, SIDE, list("AABABBAABABB"))


def still(trajectory, k):
    """Positions of frame k less the motion of the centre of mass, by plain loops."""
    n = trajectory.n_particles
    drift = [
        sum(trajectory.positions[k, i, c] - trajectory.positions[0, i, c] for i in range(n)) / n
        for c in range(3)
    ]
    return [[trajectory.positions[k, i, c] - drift[c] for c in range(3)] for i in range(n)]


def double_loop(trajectory, steps, q, members):
    """F_s between all frames that are `steps` apart."""
    total, count = 0.0, 0
    for k in range(len(trajectory) - steps):
        before, after = still(trajectory, k), still(trajectory, k + steps)
        for i in members:
            r = math.dist(before[i], after[i])
            total += math.sin(q * r) / (q * r)
            count += 1
    return total / count


def test_the_self_part_is_a_plain_double_loop(small):
    found = intermediate_scattering(small, Q)
    np.testing.assert_allclose(found.time, 0.5 * np.arange(1, 7), rtol=1e-12)
    np.testing.assert_array_equal(found.origins, 6 - np.arange(6))
    for row in range(6):
        members = {"A": [], "B": []}
        for i, label in enumerate(small.species):
            members[label].append(i)
        everybody = double_loop(small, row + 1, Q, range(12))
        assert found.self_all.value[row] == pytest.approx(everybody, abs=1e-12)
        for name, chosen in members.items():
            expected = double_loop(small, row + 1, Q, chosen)
            assert found.self_by_species[name].value[row] == pytest.approx(expected, abs=1e-12)


def test_the_total_is_equation_2(small):
    """Sums over all pairs of particles j, k of exp(i q [r_j(t) - r_k(0)]), for every wave vector and origin."""
    found = intermediate_scattering(small, Q)
    frames = [still(small, k) for k in range(len(small))]

    def pairs(one, two, vector):
        return sum(
            cmath.exp(1j * sum(v * (a - b) for v, a, b in zip(vector, x, y, strict=True)))
            for x, y in itertools.product(one, two)
        ).real

    assert len(found.vectors) >= 30
    for steps in (1, 4):
        numerator = denominator = 0.0
        for k in range(len(small) - steps):
            for vector in found.vectors:
                numerator += pairs(frames[k + steps], frames[k], vector)
                denominator += 0.5 * pairs(frames[k], frames[k], vector)
                denominator += 0.5 * pairs(frames[k + steps], frames[k + steps], vector)
        assert found.total.value[steps - 1] == pytest.approx(numerator / denominator, abs=1e-12)


def test_wave_vectors_are_of_the_box_and_of_that_length(small):
    found = intermediate_scattering(small, Q)
    np.testing.assert_allclose(np.exp(1j * found.vectors * SIDE), 1.0, atol=1e-12)
    lengths = np.linalg.norm(found.vectors, axis=1)
    assert np.abs(lengths - Q).max() < 0.45
    opposite = {tuple(np.round(-v, 9)) for v in found.vectors}
    assert not opposite & {tuple(np.round(v, 9)) for v in found.vectors}


@pytest.mark.parametrize("species", [None, "A", "B"])
def test_brownian_motion_within_errors(species):
    """exp(-q² D t), with D of each species; in an ideal gas the total relaxes as the self part does."""
    n, times = 3000, np.concatenate([[0.0], np.geomspace(0.01, 1.0, 12)])
    rng = np.random.default_rng(2)
    labels = np.where(np.arange(n) % 2 == 0, "A", "B")
    fast = np.where(labels == "A", 1.0, 0.3) if species is not None else np.ones(n)
    start = rng.random((n, 3)) * 12.0
    x = brownian(times, start, 3, lambda t: np.full(len(t), 0.25), mobilities=fast[None])
    found = intermediate_scattering(Trajectory(x, times, 12.0, labels), Q)
    curve = found.self_all if species is None else found.self_by_species[species]
    rate = Q**2 * 0.25 * (0.3 if species == "B" else 1.0)
    exact = np.exp(-rate * found.time)
    assert (np.abs(curve.value - exact) < 4.5 * curve.error).all()
    if species is None:
        assert (np.abs(found.total.value - exact) < 5 * found.total.error).all()
        assert (found.total.error < 0.2).all()
        assert (np.abs(found.total.value) <= 1).all()


def test_errors_of_near_times_go_together(small):
    for curve in (intermediate_scattering(small, Q).total, intermediate_scattering(small, Q).self_all):
        np.testing.assert_allclose(np.diag(curve.correlation), 1.0)
        np.testing.assert_allclose(curve.correlation, curve.correlation.T)
        assert np.abs(curve.correlation).max() <= 1 + 1e-12
        assert curve.correlation[2, 3] > curve.correlation[0, 5]


def test_the_error_of_the_total_holds_what_all_wave_vectors_have_in_common():
    """Boxes of an ideal gas, each with a smooth random field of mobility: F scatters as its error says.

    The scatter over wave vectors alone tells nothing of a box that is faster than the next.
    """
    rng = np.random.default_rng(11)
    n, side, grid, samples = 400, 8.0, 16, 60
    times = 0.05 * np.arange(40)
    k = 2 * np.pi / side * np.fft.fftfreq(grid, 1 / grid)
    square = k[:, None, None] ** 2 + k[None, :, None] ** 2 + k[None, None, :] ** 2
    found, stated, naive = [], [], []
    for seed in range(samples):
        start = rng.random((n, 3)) * side
        field = np.fft.ifftn(np.fft.fftn(rng.normal(size=(grid,) * 3)) / (1 + square)).real
        mobility = np.exp(12 * field[tuple(np.floor(start / side * grid).astype(int).T)])
        x = brownian(times, start, seed, lambda t: np.full(len(t), 0.25), mobilities=mobility[None])
        total = intermediate_scattering(Trajectory(x, times, side), Q).total
        found.append(total.value[4])
        stated.append(total.error[4])
        naive.append(total.noise[4])
    truth = np.std(found, ddof=1)
    assert np.sqrt(np.mean(np.square(naive))) < 0.7 * truth
    assert 0.75 < np.sqrt(np.mean(np.square(stated))) / truth < 1.35


def test_too_few_of_a_species_have_no_error(small):
    found = intermediate_scattering(small, Q)
    assert np.isnan(found.self_by_species["A"].error).all()  # six particles
    assert np.isfinite(found.self_all.error).all()


def test_images_and_drift_do_not_matter(small):
    moved = small.positions + np.arange(7)[:, None, None] * [1.0, 2.0, -0.5]
    moved = moved + np.random.default_rng(5).integers(-2, 3, (12, 3)) * SIDE
    assert Trajectory(moved, small.times, SIDE).unfollowed is None
    found, other = intermediate_scattering(small, Q), intermediate_scattering(
        Trajectory(moved, small.times, SIDE, small.species), Q
    )  # fmt: skip
    np.testing.assert_allclose(other.total.value, found.total.value, atol=1e-11)
    np.testing.assert_allclose(other.self_all.value, found.self_all.value, atol=1e-11)


def test_wrapped_positions_do_at_waves_of_the_box(small):
    """F as of unwrapped positions; F_s the plain mean of cos(k·r) over 30 waves of the box."""
    x = small.positions - small.drift[:, None]
    plain = intermediate_scattering(Trajectory(x, small.times, SIDE, small.species), Q)
    inside = np.array([small.box.wrap(frame)[0] for frame in x])
    for options in ({"wrapped": True}, {}):
        found = intermediate_scattering(Trajectory(inside, small.times, SIDE, small.species, **options), Q)
        np.testing.assert_allclose(found.total.value, plain.total.value, atol=1e-11)
        assert found.self_vectors.shape == (30, 3)
        np.testing.assert_allclose(np.exp(1j * found.self_vectors * SIDE), 1.0, atol=1e-12)
        members = [i for i, label in enumerate(small.species) if label == "B"]
        for row in (0, 3):
            waves = [
                math.cos(sum(k[c] * (x[later, i, c] - x[later - row - 1, i, c]) for c in range(3)))
                for k in found.self_vectors
                for later in range(row + 1, 7)
                for i in members
            ]
            assert found.self_by_species["B"].value[row] == pytest.approx(np.mean(waves), abs=1e-12)
    assert plain.self_vectors is None


def test_many_species_are_left_out(small):
    many = Trajectory(small.positions, small.times, SIDE, np.arange(12))
    assert intermediate_scattering(many, Q).self_by_species == {}
    assert len(intermediate_scattering(many, Q, partial=True).self_by_species) == 12
    assert intermediate_scattering(small, Q, partial=False).self_by_species == {}


def test_triclinic_is_the_same_lattice(small):
    """The same crystal cell described by other edges holds the same wave vectors."""
    tilted = np.diag(SIDE)
    tilted[1, 0] = SIDE[0]
    other = Trajectory(small.positions, small.times, tilted, small.species)
    found, same = intermediate_scattering(small, Q), intermediate_scattering(other, Q)
    assert {tuple(np.round(np.abs(np.linalg.norm(v)), 9).reshape(1)) for v in same.vectors} == {
        tuple(np.round(np.linalg.norm(v), 9).reshape(1)) for v in found.vectors
    }


def test_refused(small):
    one = Trajectory(small.positions[:1], [0.0], SIDE)
    with pytest.raises(InputError, match="one frame only"):
        intermediate_scattering(one, Q)
    for q in (0.0, -1.0, np.nan):
        with pytest.raises(InputError, match="wave number: must be positive"):
            intermediate_scattering(small, q)
    with pytest.raises(InputError, match=r"wave number: 0\.5 is smaller than any of this box"):
        intermediate_scattering(small, 0.5)
    with pytest.raises(InputError, match="open along z"):
        intermediate_scattering(
            Trajectory(small.positions, small.times, vt.Box.of(SIDE, (True, True, False))), Q
        )
