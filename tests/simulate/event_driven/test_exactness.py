"""Every collision is the one that looking at all pairs and images finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from event_driven_oracle import assert_exact, packed

pytestmark = pytest.mark.skipif(
    np.finfo(np.longdouble).eps > 1e-18, reason="needs numbers of more than double precision here"
)


@st.composite
def starts(draw, largest=40):
    """Spheres of one to three species, or all different, in more or less elongated boxes."""
    n = draw(st.integers(2, largest))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    species = draw(st.sampled_from([1, 1, 2, 3, n]))
    kind = rng.integers(0, species, n) if species < n else np.arange(n)
    ratio = draw(st.floats(1.0, 3.0))
    diameters = rng.uniform(1.0, ratio, species)[kind] * draw(st.sampled_from([1.0, 1.0, 1e-3, 40.0]))
    masses = (draw(st.sampled_from([1.0, 10.0, 100.0])) ** rng.random(species))[kind]
    shape = [draw(st.floats(1.0, 2.5)) for _ in range(3)]
    packing_fraction = draw(st.floats(0.02, 0.5))
    note(f"{n} spheres of {species} species, packing fraction {packing_fraction}")
    return packed(diameters, packing_fraction, masses=masses, shape=shape, seed=draw(st.integers(0, 1000)))


@settings(max_examples=50)
@given(starts())
def test_every_collision_is_the_next(engine):
    for _ in range(2):
        assert assert_exact(engine, 100) == 100
        engine.rebase()


@pytest.mark.slow
@settings(max_examples=400)
@given(starts())
def test_every_collision_is_the_next_many_times(engine):
    for _ in range(2):
        assert assert_exact(engine, 150) == 150
        engine.rebase()


def dense(n, seed):
    """A binary liquid near the glass transition, with unequal masses."""
    large = np.arange(n) < 0.3 * n
    return packed(np.where(large, 1.0, 0.85), 0.6, masses=np.where(large, 2.0, 1.0), seed=seed)


def test_a_dense_liquid():
    assert assert_exact(dense(80, 0), 300) == 300


@pytest.mark.slow
def test_dense_liquids():
    for seed in range(8):
        engine = dense(150, seed)
        engine.run(5.0)
        assert assert_exact(engine, 500) == 500


def growing(engine, scale, rate):
    """Make the spheres smaller by that factor, and let them grow back at that rate; returns how long it takes."""
    engine._fly(engine._flight.now(), scale, rate, 1.0)
    return (1.0 - scale) / rate


@settings(max_examples=30)
@given(starts(largest=25), st.sampled_from([1e-3, 1e-2, 0.1, 1.0, 100.0]))
def test_growing_spheres(engine, rate):
    """Also where they grow faster than they fly, so that all pairs approach."""
    rate /= engine._flight.spheres.diameters.max()
    duration = growing(engine, 0.7, rate)
    assert_exact(engine, 80, until=duration, overlap=1e-11)


def test_a_growing_dense_liquid():
    engine = dense(60, 1)
    duration = growing(engine, 0.95, 1e-2)
    assert assert_exact(engine, 400, until=duration) == 400
