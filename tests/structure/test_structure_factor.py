from __future__ import annotations

from importlib.resources import as_file, files

import numpy as np
import pytest
from hypothesis import assume, given, settings

import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError
from vitreous.structure.structure_factor import _first_peak, structure_factor
from vitreous.trajectory import Trajectory


@pytest.fixture(scope="module")
def liquid():
    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
        return vt.read(path)


@pytest.fixture(scope="module")
def of_liquid(liquid):
    return structure_factor(liquid)


def direct(configuration, largest, width):
    """q, S and partial S_AB in shells by plain sums over all pairs of particles."""
    box = configuration.box
    reach = np.floor(largest * box.lengths / (2 * np.pi)).astype(int) + 1
    grid = np.stack(np.meshgrid(*[np.arange(-r, r + 1) for r in reach], indexing="ij"), -1).reshape(-1, 3)
    k = 2 * np.pi * grid @ np.linalg.inv(box.vectors).T
    q = np.linalg.norm(k, axis=1)
    k, q = k[(q > 0) & (q <= largest)], q[(q > 0) & (q <= largest)]
    x, a = configuration.positions, configuration.species_index
    pairs = x[:, None] - x[None]
    cosines = np.cos(np.einsum("ijk,wk->ijw", pairs, k))
    each = {
        (s, t): cosines[a == s][:, a == t].sum(axis=(0, 1)) / np.sqrt((a == s).sum() * (a == t).sum())
        for s in range(a.max() + 1)
        for t in range(s, a.max() + 1)
    }
    total = cosines.sum(axis=(0, 1)) / len(x)
    shell = np.floor(q / width).astype(int)
    present = np.unique(shell)
    means = lambda values: np.array([values[shell == m].mean() for m in present])  # noqa: E731
    return means(q), means(total), {pair: means(values) for pair, values in each.items()}


@settings(max_examples=15)
@given(configurations(largest=12, smallest=2, periodic=(True,) * 3))
def test_it_is_the_direct_sum(configuration):
    size = configuration.box.heights.min()
    largest, width = 2.9 * 2 * np.pi / size, 0.37 * 2 * np.pi / size
    found = structure_factor(configuration, largest=largest, width=width)
    assume(found.vectors.max() < 250)  # then shells are not thinned
    q, total, partial = direct(configuration, largest, width)
    np.testing.assert_allclose(found.wave_number, q, rtol=1e-12)
    np.testing.assert_allclose(found.total, total, atol=1e-10)
    names = configuration.species_names
    for (a, b), values in partial.items():
        np.testing.assert_allclose(found.partial[names[a], names[b]], values, atol=1e-10)


def test_partial_ones_add_up(liquid, of_liquid):
    share = np.bincount(liquid.species_index) / len(liquid)
    names = liquid.species_names
    total = sum(
        (1 if a == b else 2) * np.sqrt(share[names.index(a)] * share[names.index(b)]) * values
        for (a, b), values in of_liquid.partial.items()
    )
    np.testing.assert_allclose(total, of_liquid.total, rtol=1e-12)


def test_the_first_peak_of_dense_hard_spheres(of_liquid):
    assert of_liquid.peak.wave_number == pytest.approx(8.18, abs=0.12)
    assert 3.0 < of_liquid.peak.height < 4.8
    near = np.abs(of_liquid.wave_number - of_liquid.peak.wave_number) < 0.15
    assert of_liquid.peak.height == pytest.approx(of_liquid.total[near].mean(), rel=0.15)
    # Little compressible, and uncorrelated at short distances.
    assert of_liquid.total[of_liquid.wave_number < 3].max() < 0.15
    assert of_liquid.total[-10:].mean() == pytest.approx(1.0, abs=0.35)


@pytest.mark.parametrize("top", [6.83, 7.0, 7.21])
def test_the_top_lies_between_shells(top):
    q = np.arange(0.55, 15.0, 0.1)
    rest = np.full(len(q), 0.01)
    height = 1.0 + 2.0 / (1 + ((q - top) / 0.4) ** 2)
    found = _first_peak(q, height, rest, np.full(len(q), 100), 6.5)
    assert found.wave_number == pytest.approx(top, abs=0.01)
    assert found.height == pytest.approx(3.0, abs=0.1)
    assert _first_peak(q, height, rest + 0.5, np.full(len(q), 100), 6.5) is None  # noise could be as high
    assert _first_peak(q, q, rest, np.full(len(q), 100), 6.5) is None  # it only rises


def test_a_gas_has_no_peak_and_honest_errors():
    x = np.random.default_rng(1).random((4000, 3)) * 20
    gas = structure_factor(vt.Configuration(x, 20.0))
    assert gas.peak is None
    assert (np.abs(gas.total - 1) < 5.5 * gas.error)[gas.vectors > 20].all()
    assert np.std((gas.total - 1)[gas.vectors > 20] / gas.error[gas.vectors > 20]) == pytest.approx(
        1.0, abs=0.2
    )


def test_frames_are_averaged(liquid):
    rng = np.random.default_rng(0)
    gas = rng.random(liquid.positions.shape) * liquid.box.lengths
    both = Trajectory(np.stack([liquid.positions, gas]), [0.0, 1.0], liquid.box, liquid.species)
    one, two = (structure_factor(vt.Configuration(x, liquid.box)) for x in both.positions)
    found = structure_factor(both)
    np.testing.assert_allclose(found.total, 0.5 * (one.total + two.total), rtol=1e-12)
    assert (found.frames, one.frames) == (2, 1)


def test_long_trajectories_are_thinned():
    x = np.random.default_rng(0).random((200, 20, 3)) * 3
    found = structure_factor(Trajectory(x, np.arange(200.0), 3.0))
    assert found.frames == 64


def test_refused():
    snapshot = vt.Configuration(np.random.default_rng(0).random((20, 3)) * 3, 3.0)
    with pytest.raises(InputError, match="largest: must be positive"):
        structure_factor(snapshot, largest=-1.0)
    with pytest.raises(InputError, match="width: must be positive"):
        structure_factor(snapshot, width=np.nan)
    with pytest.raises(InputError, match="smallest wave number of this box is larger than 1"):
        structure_factor(snapshot, largest=1.0)
    with pytest.raises(InputError, match="open along x, z"):
        structure_factor(vt.Configuration(snapshot.positions, 3.0, periodic=(False, True, False)))
