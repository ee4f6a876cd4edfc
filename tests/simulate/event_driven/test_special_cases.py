"""Cases whose answer is known on paper, and those in which many things happen at the same time."""

from __future__ import annotations

import numpy as np
import pytest

from event_driven_oracle import Moment, assert_exact, engine_of, fcc, smallest_gap
from vitreous.configuration import Configuration
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven import flight as flight_module


def velocities(engine):
    return engine.configuration.columns["velocity"]


# Two and three spheres


@pytest.mark.parametrize(("masses", "after"), [((1.0, 1.0), (-1.0, 2.0)), ((3.0, 1.0), (0.5, 3.5))])
def test_two_spheres_head_on(masses, after):
    """They meet at t = 1, one of them through the boundary, and exchange velocities as on a line."""
    engine = engine_of([[9.0, 5, 5], [3.0, 5, 5]], [[2.0, 0, 0], [-1.0, 0, 0]], (10, 10, 10), 1.0, masses)
    engine.run(0.999)
    assert engine.collisions == 0
    sample = engine.run(0.002)
    assert engine.collisions == 1
    np.testing.assert_allclose(velocities(engine)[:, 0], after, rtol=1e-12)
    assert np.array_equal(velocities(engine)[:, 1:], np.zeros((2, 2)))
    now = engine.configuration.unwrapped_positions
    np.testing.assert_allclose(now[:, 0], [11.0 + 0.001 * after[0], 2.0 + 0.001 * after[1]], rtol=1e-12)
    # P V / kT = N + r · Δp / (3 kT t) with r = 1 and Δp = 2 m v_rel, m being the reduced mass.
    reduced = masses[0] * masses[1] / sum(masses)
    pvt = 2 + 2 * reduced * 3.0 / 0.002 / 3 / engine.temperature
    assert sample.pressure == pytest.approx(pvt / 1000, rel=1e-9)


@pytest.mark.parametrize("impact", [0.0, 0.5, 0.9, 0.999, 0.999999])
def test_two_spheres_at_an_impact_parameter(impact):
    """Deflected by π - 2 arcsin(b/σ); a miss is a miss."""
    engine = engine_of([[2.0, 5, 5], [6.0, 5 + impact, 5]], [[1.0, 0, 0], [0, 0, 0]], (20, 20, 20), 1.0)
    engine.run(6.0)
    assert engine.collisions == 1
    angle = np.pi - 2 * np.arcsin(impact)
    relative = velocities(engine)[0] - velocities(engine)[1]
    assert relative[0] == pytest.approx(np.cos(angle), abs=1e-8)
    assert relative[1] == pytest.approx(-np.sin(angle), abs=1e-8)


def test_a_narrow_miss():
    engine = engine_of([[2.0, 5, 5], [6.0, 6 + 1e-9, 5]], [[1.0, 0, 0], [0, 0, 0]], (20, 20, 20), 1.0)
    engine.run(6.0)
    assert engine.collisions == 0


def test_one_sphere_meets_all_images_of_another():
    """In a box of 2.2 diameters, along its edge: it is hit from both sides again and again."""
    engine = engine_of([[0.1, 1, 1], [1.2, 1, 1]], [[1.0, 0, 0], [-1.0, 0, 0]], (2.2, 2.2, 2.2), 1.0)
    engine.run(100.0)  # a gap of 0.1 on either side: hits at 0.05, 0.15, ...
    assert engine.collisions == 1000
    assert np.abs(velocities(engine)[:, 0]).tolist() == [1.0, 1.0]


def test_two_spheres_for_a_long_time():
    engine = HardSphereMD(
        Configuration([[1.0, 1, 1], [2.5, 2.0, 1.5]], (3.0, 2.5, 2.2), diameters=1.0), seed=3
    )
    energy = engine.kinetic_energy
    engine.run(3000.0)  # passes the span of the local clock
    assert engine.collisions > 1000
    assert engine.kinetic_energy == pytest.approx(energy, rel=1e-12)
    assert np.abs(velocities(engine).sum(axis=0)).max() < 1e-12
    assert smallest_gap(Moment.of(engine)) > -1e-12


@pytest.mark.parametrize("gap", [-(2.0**-52), -(2.0**-53), 0.0, 2.0**-52, 1e-13])
@pytest.mark.parametrize("direction", [(1.0, 0, 0), (1, 1, 1), (3, -1, 2)])
def test_touching_spheres(gap, direction):
    """Approaching, they collide at once and only once; receding, never, also where they slide along."""
    unit = np.array(direction) / np.linalg.norm(direction)
    across = np.cross(unit, [0.3, 0.5, -0.7])
    for speed, slide in ((1.0, 0.0), (1.0, 1.0), (1e-3, 1.0), (1e-8, 0.0)):
        for sign in (-1, 1):
            places = np.array([[5.0, 5, 5], [5, 5, 5]]) + np.outer([0, 1 + gap], unit)
            flight = np.outer([0, 1], sign * speed * unit + slide * across)
            engine = engine_of(places, flight, (20, 20, 20), 1.0, (1.0, 2.0))
            engine.run(1e-3)
            assert engine.collisions == (sign < 0)
            engine.run(3.0)
            assert engine.collisions == (sign < 0)
            w, r = np.diff(velocities(engine), axis=0)[0], np.diff(engine.configuration.positions, axis=0)[0]
            assert w @ r > 0


def test_newtons_cradle():
    """The first stops, the last of a touching row flies off; the others do not move at all."""
    x = np.array([1.0, 3.0, 4.0, 5.0, 6.0])
    engine = engine_of(
        np.stack([x, np.full(5, 5.0), np.full(5, 5.0)], axis=1),
        np.outer([1, 0, 0, 0, 0], [1.0, 0, 0]),
        (20,) * 3,
        1.0,
    )
    engine.run(3.0)
    assert engine.collisions == 4
    assert np.array_equal(velocities(engine)[:, 0], [0, 0, 0, 0, 1.0])
    np.testing.assert_allclose(engine.configuration.positions[:, 0], [2.0, 3, 4, 5, 8], rtol=1e-14)


def test_a_sphere_at_rest_waits():
    engine = engine_of([[1.0, 5, 5], [15.0, 5, 5]], [[1.0, 0, 0], [0, 0, 0]], (20, 20, 20), 1.0)
    engine.run(12.9)
    assert engine.collisions == 0
    engine.run(0.2)
    assert np.array_equal(velocities(engine)[:, 0], [0, 1.0])


def test_a_sphere_almost_at_rest_waits():
    engine = engine_of(
        [[1, 1, 1], [15, 15, 15], [1, 5, 1], [3, 5, 1]],
        [[0.5, 0, 0], [1e-22, 0, 0], [1, 0, 0], [-1, 0, 0]],
        (20, 20, 20),
        1.0,
    )
    engine.run(30.0)  # the last two meet at 0.5, 9.5, 18.5, 28.5
    assert engine.collisions == 4


def test_nobody_moves():
    engine = engine_of([[1, 1, 1], [3, 3, 3]], np.zeros((2, 3)), (20, 20, 20), 1.0)
    engine.rebase()
    assert engine.kinetic_energy == 0.0
    assert engine.collisions == 0


# Much at the same time


def test_a_chain_in_step():
    """Along x neighbours fly at each other; 256 pairs collide at the same time, every half time unit."""
    cells = np.array(list(np.ndindex(8, 8, 8)))
    positions = 1.5 * cells
    flight = np.where(cells[:, 0] % 2 == 0, 1.0, -1.0)
    engine = engine_of(positions, np.outer(flight, [1.0, 0, 0]), (12.0,) * 3, 1.0)
    engine.run(100.0)
    assert engine.collisions == 256 * 200
    assert np.array_equal(np.abs(velocities(engine)[:, 0]), np.ones(512))
    moved = engine.configuration.unwrapped_positions - positions
    # Away from the middle at t = 0 by 0.25, back at 0.5, to the other side by 0.75: a triangular wave.
    np.testing.assert_allclose(moved, 0.0, atol=1e-11)
    engine.run(0.125)
    moved = engine.configuration.unwrapped_positions - positions
    np.testing.assert_allclose(moved[:, 0], 0.125 * flight, atol=1e-11)


def test_a_lattice_in_step_along_all_three_axes():
    """Each sphere is hit by three at the same time; energy and momentum stand that, and nobody overlaps."""
    cells = np.array(list(np.ndindex(6, 6, 6)))
    engine = engine_of(1.25 * cells, np.where(cells % 2 == 0, 1.0, -1.0), (7.5,) * 3, 1.0)
    energy = engine.kinetic_energy
    engine.run(5.0)
    assert engine.collisions > 2000
    assert engine.kinetic_energy == pytest.approx(energy, rel=1e-12)
    assert np.abs(velocities(engine).sum(axis=0)).max() < 1e-10
    assert smallest_gap(Moment.of(engine)) > -1e-12


@pytest.mark.parametrize("bins", [16, 64])
def test_everybody_in_one_bucket(monkeypatch, bins):
    """All collisions of the chain fall into one slice of a calendar much too small."""
    cells = np.array(list(np.ndindex(10, 8, 8)))
    flight = np.outer(np.where(cells[:, 0] % 2 == 0, 1.0, -1.0), [1.0, 0, 0])
    monkeypatch.setattr(layout, "calendar_bins", lambda n: bins)
    engine = engine_of(1.5 * cells, flight, (15.0, 12.0, 12.0), 1.0)
    engine.run(20.0)
    assert engine.collisions == 320 * 40


def test_slices_that_are_too_short_become_longer(monkeypatch):
    from vitreous.simulate.event_driven._calendar_kernel import fill

    monkeypatch.setattr(flight_module, "_CHUNK", 1000)
    positions, side = fcc(4, 0.4)
    engine = HardSphereMD(Configuration(positions, (side,) * 3, diameters=1.0))
    engine._flight.slices *= 1000.0
    fill(engine._flight.system, 0.0, engine._flight.slices)
    short = engine._flight.slices
    engine.run(1.0)
    assert engine.collisions > 2000
    assert engine._flight.slices < short


def test_slices_are_not_those_of_a_start_that_falls_apart():
    """A crystal of all but touching spheres in a box with room: the second collision takes a million times longer."""
    positions, side = fcc(3, np.pi / np.sqrt(18) / (1 + 1e-6) ** 3)
    engine = HardSphereMD(Configuration(positions, (1.5 * side,) * 3, diameters=1.0))
    engine.run(0.1)
    assert engine._flight.slices * 0.1 < 1e5


# Crystals


@pytest.mark.parametrize("packing_fraction", [0.7, np.pi / np.sqrt(18) * (1 - 1e-6)])
def test_a_crystal_collision_by_collision(packing_fraction):
    positions, side = fcc(2, packing_fraction)
    engine = HardSphereMD(Configuration(positions, (side,) * 3, diameters=1.0), seed=2)
    assert assert_exact(engine, 300) == 300


@pytest.mark.parametrize("gap", [0.7, 1e-12])
def test_a_crystal(gap):
    """Free volume: P V / N kT = 1 / (1 - (φ/φ_cp)^(1/3)) close to close packing."""
    closest = np.pi / np.sqrt(18)
    packing_fraction = gap if gap > 0.1 else closest * (1 - gap)
    positions, side = fcc(4, packing_fraction)
    engine = HardSphereMD(Configuration(positions, (side,) * 3, diameters=1.0), seed=2)
    expected = 1 / (1 - (packing_fraction / closest) ** (1 / 3))
    energy = engine.kinetic_energy
    duration = 400.0 / expected
    engine.run(duration / 4)
    sample = engine.run(duration)
    assert engine.collisions > 256 * 500
    assert engine.kinetic_energy == pytest.approx(energy, rel=1e-12)
    assert smallest_gap(Moment.of(engine)) > -1e-12
    assert sample.pressure * side**3 / 256 == pytest.approx(expected, rel=0.05)
    moved = engine.configuration.unwrapped_positions - positions
    assert np.abs(moved).max() < 0.5
