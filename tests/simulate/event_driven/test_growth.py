"""Spheres grow to exactly what was asked for, or it is said that they cannot."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitreous.box import Box
from vitreous.errors import InputError
from vitreous.simulate.event_driven import HardSphereMD


def closest(engine):
    """The smallest of all (distance / distance of contact) - 1."""
    now = engine.configuration
    i, j = np.triu_indices(len(now), 1)
    r = now.positions[j] - now.positions[i]
    r -= now.box.lengths * np.rint(r / now.box.lengths)
    return float((np.sqrt((r * r).sum(axis=1)) / (now.diameters[i] + now.diameters[j]) * 2).min() - 1)


def assert_grown(engine, diameters, packing_fraction):
    now = engine.configuration
    assert np.array_equal(now.diameters, diameters)
    volume = (np.pi / 6 * now.diameters**3).sum()
    assert volume / now.box.volume == pytest.approx(packing_fraction, rel=1e-12)
    assert engine.packing_fraction == pytest.approx(packing_fraction, rel=1e-12)
    assert closest(engine) > -1e-12
    assert (engine.time, engine.collisions) == (0.0, 0)
    assert engine.temperature == pytest.approx(1.0, rel=1e-12)
    momentum = (engine.masses[:, None] * now.columns["velocity"]).sum(axis=0)
    assert np.abs(momentum).max() < 1e-10
    assert not now.images.any()


def test_the_glass_former():
    diameters = np.where(np.arange(500) < 150, 1.0, 0.85)
    engine = HardSphereMD.grow(diameters, 0.58, seed=2)
    assert_grown(engine, diameters, 0.58)
    assert engine.configuration.species.tolist() == ["A"] * 150 + ["B"] * 350
    energy = engine.kinetic_energy
    sample = engine.run(3.0)
    assert 30.0 < sample.pressure < 45.0  # 34.8 in equilibrium
    assert engine.kinetic_energy == pytest.approx(energy, rel=1e-12)
    assert closest(engine) > -1e-12


@settings(max_examples=12)
@given(
    st.integers(2, 60),
    st.sampled_from([1, 2, 3, 60]),
    st.floats(0.01, 0.5),
    st.tuples(*[st.floats(1.0, 2.0)] * 3),
    st.sampled_from([1e-2, 0.3]),
    st.integers(0, 2**32 - 1),
)
def test_any_mixture_in_any_box(n, species, packing_fraction, shape, rate, seed):
    rng = np.random.default_rng(seed)
    diameters = rng.uniform(0.5, 1.0, species)[np.arange(n) % species]
    masses = rng.uniform(0.1, 10.0, n)
    try:
        engine = HardSphereMD.grow(
            diameters, packing_fraction, seed=seed, box=shape, rate=rate, masses=masses
        )
    except InputError as error:
        volume = (np.pi / 6 * diameters**3).sum() / packing_fraction
        shortest = min(shape) * (volume / np.prod(shape)) ** (1 / 3)
        assert shortest < 2.1 * diameters.max()
        assert str(error).startswith("box: ")  # noqa: PT017
        return
    assert_grown(engine, diameters, packing_fraction)
    assert np.array_equal(engine.masses, masses)
    lengths = engine.configuration.box.lengths
    np.testing.assert_allclose(lengths / lengths[0], np.array(shape) / shape[0], rtol=1e-12)
    engine.run(0.5)
    assert closest(engine) > -1e-12


@pytest.mark.parametrize("rate", [10.0, 100.0])
def test_growth_much_faster_than_flight(rate):
    """Few collide, and take all the energy; the others are slowed down by a power at every rescaling."""
    rng = np.random.default_rng(3720)
    diameters = rng.uniform(0.5, 1.0, 3)[np.arange(23) % 3]
    engine = HardSphereMD.grow(diameters, 0.26, seed=3720, box=(2.0, 1.92, 1.43), rate=rate)
    assert_grown(engine, diameters, 0.26)


def test_a_polydisperse_liquid():
    diameters = np.random.default_rng(0).normal(1.0, 0.1, 300)
    engine = HardSphereMD.grow(diameters, 0.55, seed=1)
    assert_grown(engine, diameters, 0.55)
    assert engine.configuration.species_names == ("A",)


def test_species_and_masses_as_given():
    engine = HardSphereMD.grow(
        [1.0, 1.0, 0.5, 0.5], 0.05, species=[7, 7, 3, 3], masses={7: 2.0, 3: 1.0}, box=Box.of((1, 1, 2))
    )
    assert engine.configuration.species.tolist() == [7, 7, 3, 3]
    assert engine.masses.tolist() == [2.0, 2.0, 1.0, 1.0]


def test_labels_go_by_size():
    engine = HardSphereMD.grow([0.5, 1.0, 0.75, 1.0, 0.5, 0.5], 0.1)
    assert engine.configuration.species.tolist() == ["C", "A", "B", "A", "C", "C"]


@pytest.mark.parametrize(
    ("diameters", "packing_fraction"),
    [
        (np.where(np.arange(200) < 60, 1.0, 0.85), 0.72),
        (np.where(np.arange(200) < 60, 1.0, 0.85), 0.66),
        (np.ones(108), 0.7404),
        (np.where(np.arange(300) < 40, 2.0, 0.6), 0.95),
    ],
    ids=["mixture", "mixture little too dense", "equal", "very different"],
)
@pytest.mark.parametrize("rate", [0.01, 1.0])
def test_more_than_fits_is_refused_in_finite_time(diameters, packing_fraction, rate):
    with pytest.raises(InputError, match=r"packing_fraction: the spheres jammed at 0\.[67]") as caught:
        HardSphereMD.grow(diameters, packing_fraction, seed=1, rate=rate)
    assert "\n" not in str(caught.value)
    assert str(packing_fraction) in str(caught.value)


def test_more_than_close_packing_is_refused_at_once():
    began = time.perf_counter()
    with pytest.raises(InputError, match=r"equal spheres fill at most 0\.7405 of space, not 0\.7406"):
        HardSphereMD.grow(np.ones(100_000), 0.7406)
    assert time.perf_counter() - began < 1.0


def test_progress_and_interrupt():
    calls = []

    def interrupt(time, collisions):
        calls.append(collisions)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        HardSphereMD.grow(np.ones(2000), 0.5, progress=interrupt)
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"diameters": [1.0]}, "diameters: 1 given; hard spheres need at least two"),
        ({"diameters": []}, "diameters: 0 given"),
        ({"diameters": 1.0}, r"diameters: expected shape \(N,\), got \(\)"),
        ({"diameters": [[1.0, 1.0]]}, r"diameters: expected shape \(N,\), got \(1, 2\)"),
        ({"diameters": "large"}, "diameters: must be an array of numbers"),
        ({"diameters": [1.0, 0.0, 1.0]}, "diameters: must be positive and finite; sphere 1 has 0.0"),
        ({"diameters": [1.0, 1.0, -2.0]}, "sphere 2 has -2.0"),
        ({"diameters": [np.nan, 1.0]}, "sphere 0 has nan"),
        ({"diameters": [np.inf, 1.0]}, "sphere 0 has inf"),
        ({"packing_fraction": 0.0}, "packing_fraction: expected a number between 0 and 1, got 0.0"),
        ({"packing_fraction": 1.0}, "packing_fraction: expected a number between 0 and 1"),
        ({"packing_fraction": -0.1}, "packing_fraction: expected a number between 0 and 1"),
        ({"packing_fraction": 58}, "packing_fraction: expected a number between 0 and 1, got 58"),
        ({"packing_fraction": np.nan}, "packing_fraction: expected a number between 0 and 1"),
        ({"packing_fraction": "0.3"}, "packing_fraction: expected a number between 0 and 1"),
        ({"rate": 0.0}, "rate: expected a positive number"),
        ({"rate": -1.0}, "rate: expected a positive number"),
        ({"rate": np.inf}, "rate: expected a positive number"),
        ({"rate": np.nan}, "rate: expected a positive number"),
        ({"species": ["A"]}, "species: expected one label for each of 20 particles"),
        ({"masses": -1.0}, "masses: must be positive and finite; sphere 0 has -1.0"),
        ({"masses": {"B": 1.0}}, "masses: expected one for each species, A; got B"),
        ({"diameters": np.ones(4), "packing_fraction": 0.5}, "box: its shortest side"),
        ({"box": (1.0, 1.0, 9.0)}, "box: its shortest side"),
        ({"box": "cube"}, "box: cannot read 'cube'"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(InputError, match=message) as caught:
        HardSphereMD.grow(**{"diameters": np.ones(20), "packing_fraction": 0.3, **arguments})
    assert "\n" not in str(caught.value)


def test_a_packing_fraction_of_numpy():
    diameters = np.ones(20)
    engine = HardSphereMD.grow(diameters, np.float64(0.25))
    assert_grown(engine, diameters, 0.25)
