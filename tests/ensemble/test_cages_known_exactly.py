"""Sampled cages against those that are known: of an elastic network, and of a hard sphere among others that rest."""

from __future__ import annotations

import numpy as np
import pytest

import harmonic_network as harmonic
import vitreous as vt
from free_volume import free_volume
from harmonic_network import TEMPERATURE, LammpsNetwork, Network, Overdamped
from marks import needs_lammps
from vitreous.ensemble import cage_sampling
from vitreous.ensemble.cage_sampling import sample_cages


@pytest.fixture(autouse=True)
def _as_asked(monkeypatch):
    """No more runs than asked for."""
    monkeypatch.setattr(cage_sampling, "_AGREEMENT", -2.0)


# Springs


@pytest.fixture(scope="module", name="network")
def _network(spheres):
    return Network.of(vt.Configuration(spheres.positions, spheres.box, spheres.species, spheres.diameters))


def check(cages, mean, scatter, precision):
    """The mean variance by 4 standard errors, which are small enough, and all elements in theirs by 5."""
    n = len(cages.variance)
    off = harmonic.elements(cages.covariance) - mean
    error = np.sqrt(np.diag(scatter))
    together = np.sqrt(2.0 * ((scatter / np.outer(error, error)) ** 2).sum()) / len(error)
    trace = np.zeros(6 * n)
    trace.reshape(n, 6)[:, [0, 3, 5]] = 1.0 / n
    of_mean = np.sqrt(trace @ scatter @ trace)
    assert of_mean < precision * (trace @ mean)
    assert abs(cages.variance.mean() - trace @ mean) < 4.0 * of_mean
    assert abs(((off / error) ** 2).mean() - 1.0) < 5.0 * together


def test_the_exact_covariance_is_that_of_the_modes(network):
    """And pulling one particle shows one column of it: x = C f / T."""
    curvature, vectors = network.modes
    exact = network.covariance
    np.testing.assert_allclose(
        (vectors / curvature) @ vectors.T * TEMPERATURE, exact, atol=1e-6 * exact.max()
    )
    force = np.zeros(360)
    force[[0, 3]] = 1.0, -1.0  # no net force
    np.testing.assert_allclose(network.hessian @ (exact / TEMPERATURE @ force), force, atol=1e-8)
    # The energy of the springs themselves, for a small displacement.
    x = 1e-5 * np.random.default_rng(0).normal(size=(120, 3))
    stretched = np.linalg.norm(network.vector + x[network.j] - x[network.i], axis=1) - network.length
    energy = 0.5 * (network.stiffness * stretched**2).sum()
    assert 0.5 * x.ravel() @ network.hessian @ x.ravel() == pytest.approx(energy, rel=1e-3)


@pytest.mark.parametrize("duration", [1.0, 20.0])
def test_each_block_of_the_covariance(network, duration):
    """Also where the runs are too short for equilibrium, and too few to forget that their mean is one of few."""
    runs = 100
    cages = sample_cages(
        network.snapshot, engine=lambda _, seed: Overdamped(network, seed), runs=runs, duration=duration
    )
    assert cages.runs == runs
    correlation = harmonic.from_a_start(network.modes[0], harmonic.recorded(duration))
    check(cages, *network.expected(correlation, runs), 0.01)


def test_no_bias(network):
    """The mean of many estimates from few runs is what it ought to be, to a few per mille."""
    runs, repeats, duration = 4, 40, 4.0
    found = [
        sample_cages(
            network.snapshot,
            engine=lambda _, seed: Overdamped(network, seed),
            runs=runs,
            duration=duration,
            random_state=k,
        ).variance
        for k in range(repeats)
    ]
    correlation = harmonic.from_a_start(network.modes[0], harmonic.recorded(duration))
    expected, _ = network.expected(correlation, runs)
    expected = expected.reshape(-1, 6)[:, [0, 3, 5]].sum(axis=1)
    means = np.array(found).mean(axis=1)
    error = means.std(ddof=1) / np.sqrt(repeats)
    assert error < 0.006 * expected.mean()
    assert abs(means.mean() - expected.mean()) < 4.0 * error
    # As large as it is told to be: means of runs that are few lower it by what is far more than the error.
    exact = np.diag(network.covariance).sum() / 120
    assert exact - expected.mean() > 10.0 * error
    ratio = np.mean(found, axis=0) / expected
    assert ratio.std() < 0.06
    assert np.abs(ratio.mean() - 1.0) < 0.02


def of_lammps(network, folder, runs, duration=30.0):
    cages = sample_cages(
        network.snapshot,
        engine=lambda _, seed: LammpsNetwork(network, seed, folder),
        runs=runs,
        duration=duration,
    )
    correlation = harmonic.damped(network.modes[0], harmonic.recorded(duration), LammpsNetwork.friction)
    mean, scatter = network.expected(correlation, runs)
    return cages, mean, scatter


@needs_lammps
def test_springs_in_lammps(network, tmp_path):
    cages, mean, scatter = of_lammps(network, tmp_path, 20)
    check(cages, mean, scatter, 0.01)
    exact = np.diag(network.covariance).reshape(-1, 3).sum(axis=1)
    assert np.corrcoef(np.log(cages.variance), np.log(exact))[0, 1] > 0.99


@pytest.mark.slow
@needs_lammps
def test_springs_in_lammps_to_two_per_mille(network, tmp_path):
    cages, mean, scatter = of_lammps(network, tmp_path, 400)
    check(cages, mean, scatter, 0.002)
    # All 6N elements together, weighed by the inverse of their exact covariance.
    off = harmonic.elements(cages.covariance) - mean
    together = off @ np.linalg.solve(scatter, off)
    assert abs(together - len(off)) < 6.0 * np.sqrt(2.0 * len(off))
    exact = network.covariance.reshape(120, 3, 120, 3)
    blocks = np.array([exact[i, :, i] for i in range(120)])
    assert np.abs(harmonic.elements(blocks) - mean).max() < 0.005 * blocks.max()


# Hard spheres


def in_rest(snapshot, most):
    """Spheres far from each other, their free volumes among all others as these are now."""
    edges, chosen = snapshot.box.lengths, []
    for i in range(len(snapshot)):
        apart = snapshot.positions[chosen] - snapshot.positions[i]
        apart -= edges * np.rint(apart / edges)
        if (np.linalg.norm(apart, axis=1) > 2.6).all():
            chosen.append(i)
    found = {}
    for i in chosen:
        if len(found) == most:
            break
        others = np.delete(snapshot.positions, i, axis=0) - snapshot.positions[i]
        others -= edges * np.rint(others / edges)
        contact = 0.5 * (np.delete(snapshot.diameters, i) + snapshot.diameters[i])
        free = free_volume(others, contact)
        if free is not None and free.clear:
            found[i] = free
    return found


def of_hard_spheres(snapshot, most, runs, duration=20.0):
    """Deviations of variances and of mean positions, in standard errors; relative ones and their errors."""
    free = in_rest(snapshot, most)
    light = list(free)
    mass = np.full(len(snapshot), 1e14)  # which go 1e-6 in the meantime
    mass[light] = 1.0
    cages = sample_cages(
        snapshot.with_columns(mass=mass),
        engine=lambda start, seed: vt.HardSphereMD(start, seed=seed),
        runs=runs,
        duration=duration,
    )
    assert np.delete(cages.variance, light).max() < 1e-10
    times = 10 * runs
    variance = np.array([one.variance for one in free.values()])
    error = np.sqrt((np.array([one.fourth for one in free.values()]) - variance**2) / times)
    off = (cages.variance[light] - variance * (1 - 1 / times)) / error
    mean = np.array([one.mean for one in free.values()])
    spread = np.sqrt(np.array([np.diag(one.covariance) for one in free.values()]) / times)
    aside = ((cages.mean_positions - snapshot.positions)[light] - mean) / spread
    return off, aside, cages.variance[light] / variance - 1.0, error / variance


def test_a_sphere_among_others_that_rest(hard_spheres):
    off, aside, relative, error = of_hard_spheres(hard_spheres, 8, 40)
    assert len(off) == 8
    assert abs(relative.mean()) < 4.0 * np.sqrt((error**2).mean() / len(error))
    assert (off**2).mean() < 1.0 + 4.0 * np.sqrt(2 / len(off))
    assert (aside**2).mean() < 1.0 + 4.0 * np.sqrt(2 / aside.size)


@pytest.mark.slow
def test_spheres_among_others_that_rest_to_half_a_per_cent(hard_spheres):
    off, aside, relative, error = of_hard_spheres(hard_spheres, 40, 400)
    assert len(off) > 30
    of_mean = np.sqrt((error**2).mean() / len(error))
    assert of_mean < 0.0025
    assert abs(relative.mean()) < 4.0 * of_mean
    assert (off**2).mean() == pytest.approx(1.0, abs=4.0 * np.sqrt(2 / len(off)))
    assert (aside**2).mean() == pytest.approx(1.0, abs=4.0 * np.sqrt(2 / aside.size))
