from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from trajectories import brownian
from vitreous.dynamics.diffusion import diffusion_constant, particle_motion
from vitreous.errors import InputError
from vitreous.trajectory import Trajectory

TIMES = np.geomspace(0.01, 1000.0, 76)


def rms(scores):
    return np.sqrt(np.mean(scores**2))


def test_displacements_are_plain_loops():
    times = np.arange(6.0)
    start = np.random.default_rng(0).random((10, 3)) * 4
    x = brownian(times, start, 1) + times[:, None, None] * [1.0, 0.0, -1.0]
    found = particle_motion(Trajectory(x, times, 4.0, list("AAABBABABA")))
    for row, steps in enumerate(range(1, 6)):
        squares = {"A": [], "B": []}
        for k in range(6 - steps):
            drift = [sum(x[k + steps, i, c] - x[k, i, c] for i in range(10)) / 10 for c in range(3)]
            for i, label in enumerate("AAABBABABA"):
                squares[label].append(
                    sum((x[k + steps, i, c] - x[k, i, c] - drift[c]) ** 2 for c in range(3))
                )
        for name, motion in [("A", found.by_species["A"]), ("B", found.by_species["B"]), ("all", found.all)]:
            these = np.array(squares["A"] + squares["B"] if name == "all" else squares[name])
            assert motion.mean_squared_displacement.value[row] == pytest.approx(these.mean(), rel=1e-12)
            alpha = 3 * (these**2).mean() / (5 * these.mean() ** 2) - 1
            assert motion.non_gaussian.value[row] == pytest.approx(alpha, abs=1e-12)
    assert np.isnan(found.by_species["A"].mean_squared_displacement.error).all()  # six particles only
    np.testing.assert_array_equal(found.origins, [5, 4, 3, 2, 1])


def test_brownian_particles():
    """r² = 6 D t, α_2 = 0; with two mobilities in one species α_2 = ⟨D²⟩ / ⟨D⟩² - 1."""
    n, times = 2000, np.concatenate([[0.0], np.geomspace(0.1, 20.0, 20)])
    start = np.random.default_rng(3).random((n, 3)) * 15
    mobility = np.where(np.arange(n) % 2 == 0, 1.5, 0.5)
    x = brownian(times, start, 4, lambda t: np.full(len(t), 0.4), mobilities=mobility[None])
    labels = np.where(mobility > 1, "fast", "slow")
    found = particle_motion(Trajectory(x, times, 15.0, labels))
    for name, diffusion in (("fast", 0.6), ("slow", 0.2)):
        motion = found.by_species[name]
        exact = 6 * diffusion * found.time
        curve = motion.mean_squared_displacement
        assert 0.3 < rms((curve.value - exact) / curve.error) < 1.8
        assert 0.3 < rms(motion.non_gaussian.value / motion.non_gaussian.error) < 1.8
        assert motion.diffusion.found
        assert abs(motion.diffusion.value - diffusion) < 4 * motion.diffusion.error
        assert motion.diffusion.error < 0.05 * diffusion
    everything = found.all.non_gaussian
    assert 0.3 < rms((everything.value - 0.25) / everything.error) < 1.8


def test_a_dilute_gas_of_hard_spheres_obeys_enskog():
    """D_E = D_B / g(σ), with D_B in the first Sonine correction.

    A periodic box of this size lowers D by about 1 % (Yeh and Hummer, doi:10.1021/jp0477147: 2.84 kT / 6 π η L), and
    keeping its centre of mass by 1/N.
    """
    packing_fraction, n = 0.03, 300
    density = 6 * packing_fraction / math.pi
    boltzmann = 3 / (8 * density) * math.sqrt(1 / math.pi) * 1.019
    contact = (1 - packing_fraction / 2) / (1 - packing_fraction) ** 3
    md = vt.HardSphereMD.grow([1.0] * n, packing_fraction, seed=2)
    md.run(20.0)
    frames = []
    for _ in range(400):
        md.run(5.0)
        frames.append(md.configuration)
    found = particle_motion(Trajectory.of(frames)).all.diffusion
    assert found.found, found.reason
    assert found.error < 0.03 * found.value
    assert found.value == pytest.approx(boltzmann / contact, rel=0.05)
    assert abs(found.value - 0.985 * boltzmann / contact) < 3 * found.error


@settings(max_examples=40)
@given(st.floats(1e-4, 10.0), st.floats(1e-4, 0.03), st.floats(0.005, 0.03), st.integers(0, 2**32 - 1))
def test_a_line_is_recovered_within_its_error(diffusion, offset, noise, seed):
    line = 6 * diffusion * TIMES + offset * diffusion
    value = line * (1 + noise * np.random.default_rng(seed).normal(size=len(TIMES)))
    found = diffusion_constant(TIMES, value, noise * line)
    assert found.found, found.reason
    assert abs(found.value - diffusion) < 5 * found.error
    assert found.error < 2 * noise * diffusion
    assert found.begin < 0.1
    np.testing.assert_allclose(found.at(TIMES[-1]), line[-1], rtol=0.2)


def test_its_error_means_what_it_says():
    rng = np.random.default_rng(6)
    distance = np.abs(np.log(TIMES)[:, None] - np.log(TIMES))
    correlation = np.exp(-distance)
    root = np.linalg.cholesky(correlation)
    scores, naive = [], []
    for _ in range(200):
        value = 6 * 0.3 * TIMES * (1 + 0.01 * root @ rng.normal(size=len(TIMES)))
        found = diffusion_constant(TIMES, value, 0.018 * TIMES, correlation=correlation)
        scores.append((found.value - 0.3) / found.error)
        found = diffusion_constant(TIMES, value, 0.018 * TIMES)
        naive.append((found.value - 0.3) / found.error)
    assert np.std(scores) == pytest.approx(1.0, abs=0.15)
    assert np.std(naive) > 1.5


def test_the_window_begins_where_it_becomes_linear():
    """Free flight, a cage, and diffusion at last."""
    caged = 3 * TIMES**2 / (1 + 30 * TIMES**2) + 6 * 0.01 * TIMES
    found = diffusion_constant(TIMES, caged)
    assert found.found
    assert 3 < found.begin < 60
    assert found.end == TIMES[-1]
    assert found.value == pytest.approx(0.01, rel=0.02)
    assert found.offset == pytest.approx(0.1, rel=0.3)
    assert abs(found.exponent - 1) <= 0.05


@pytest.mark.parametrize(
    ("value", "saying"),
    [
        (TIMES**0.8, r"not diffusive: at the end r² grows as t\^0.80; run longer"),
        (TIMES**2, r"grows as t\^2.00"),
        (TIMES**2 / (1 + TIMES**2), r"grows as t\^0.00"),
        # Through 1 on the way from free flight to a cage; that is no diffusion.
        (TIMES**2 / (1 + TIMES**2 / 1e4), "not diffusive"),
        (np.zeros(len(TIMES)), "the particles do not move"),
    ],
)
def test_what_is_not_diffusive_says_so(value, saying):
    found = diffusion_constant(TIMES, value)
    assert not found.found
    assert math.isnan(found.value)
    assert math.isnan(found.at(1.0))
    assert re.search(saying, found.reason), found.reason


def test_too_short():
    found = diffusion_constant([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert "the times from 1 to 3 are too few" in found.reason


def test_particles_that_rest():
    x = np.repeat(np.random.default_rng(0).random((1, 12, 3)) * 3, 4, axis=0)
    found = particle_motion(Trajectory(x, np.arange(4.0), 3.0))
    assert (found.all.mean_squared_displacement.value == 0).all()
    assert np.isnan(found.all.non_gaussian.value).all()
    assert np.isnan(found.all.non_gaussian.error).all()


def test_refused():
    with pytest.raises(InputError, match="one frame only"):
        particle_motion(Trajectory(np.zeros((1, 3, 3)), [0.0], 3.0))
    with pytest.raises(InputError, match="periodic along all axes"):
        particle_motion(
            Trajectory(
                np.random.default_rng(0).random((3, 20, 3)), [0, 1, 2], vt.Box.of(3.0, (True, True, False))
            )
        )
    jumping = np.array([[[0.1, 1, 1], [2, 2, 2]], [[2.9, 1, 1], [2, 2, 2]]])
    for wrapped in (False, True):
        with pytest.raises(InputError, match=r"displacements: .*--unwrap"):
            particle_motion(Trajectory(jumping, [0, 1], 3.0, wrapped=wrapped))
    with pytest.raises(InputError, match="arrays of one length"):
        diffusion_constant(TIMES, TIMES[1:])
    with pytest.raises(InputError, match="positive and increasing"):
        diffusion_constant(TIMES[::-1], TIMES)
    with pytest.raises(InputError, match="must be an array of numbers"):
        diffusion_constant(["a"], ["b"])
