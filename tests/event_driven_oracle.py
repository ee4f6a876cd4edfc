"""The next collision of hard spheres, found by looking at all pairs and images in extended precision."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from vitreous.configuration import Configuration
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.velocities import maxwell_velocities

__all__ = ["Moment", "assert_exact", "engine_of", "fcc", "grown", "next_event", "smallest_gap"]

EXTENDED = np.longdouble
_IMAGES = np.array(list(itertools.product((-1, 0, 1), repeat=3)), dtype=EXTENDED)
_FAR = 1e5  # time at which the search for a next collision is given up


@dataclass(frozen=True)
class Moment:
    """All spheres at one time, in the engine's order: positions, velocities (N, 3), radii and masses (N,)."""

    time: np.longdouble
    positions: np.ndarray
    velocities: np.ndarray
    radii: np.ndarray
    masses: np.ndarray
    sides: np.ndarray
    scale: np.longdouble
    rate: np.longdouble
    """Radii are `scale` times the given ones now, and become more by `rate` times these per time."""

    @classmethod
    def of(cls, engine):
        """The present of an engine, which is the time of the last event."""
        system = engine._arrays()
        record = system.record[:-1].astype(EXTENDED)
        time = record[:, layout.T].max()
        velocities = record[:, layout.VX : layout.T]
        flight = time - record[:, layout.T : layout.T + 1]
        return cls(
            time=time,
            positions=record[:, : layout.VX] + velocities * flight,
            velocities=velocities,
            radii=system.radius.astype(EXTENDED),
            masses=system.shell[:, 3].astype(EXTENDED),
            sides=system.box[:3].astype(EXTENDED),
            scale=EXTENDED(system.growth[0]) + EXTENDED(system.growth[1]) * time,
            rate=EXTENDED(system.growth[1]),
        )


def next_event(moment):
    """When each pair touches first: pairs (P, 2), times (P,), infinite for those that touch long after the first.

    Time is cut into windows so short that nobody crosses a whole box, relative to another, in one; then the 27
    images around suffice. All are tried in double precision, those that may be first again in extended.
    """
    i, j = np.triu_indices(len(moment.radii), 1)
    w = moment.velocities[j] - moment.velocities[i]
    touch = moment.radii[i] + moment.radii[j]
    with np.errstate(divide="ignore"):
        window = 0.9 * (moment.sides / np.abs(w)).min()
    times = np.full(len(i), EXTENDED(np.inf))
    begin = EXTENDED(0)
    while moment.time + begin < _FAR:
        nearest = moment.positions[j] - moment.positions[i] + w * begin
        nearest -= moment.sides * np.rint(nearest / moment.sides)
        r = nearest[:, None, :] + _IMAGES * moment.sides
        sigma = touch * (moment.scale + moment.rate * begin)
        growth = moment.rate * touch
        roughly = _first_contact(*(values.astype(float) for values in (r, w, sigma, growth)), slack=1e-9)
        pair, image = np.nonzero(roughly <= min(roughly.min() * (1 + 1e-6) + 1e-9, float(window)))
        for k, m in zip(pair, image, strict=True):
            one = slice(k, k + 1)
            wait = _first_contact(r[one, m : m + 1], w[one], sigma[one], growth[one])[0, 0]
            if wait <= window:
                times[k] = min(times[k], moment.time + begin + wait)
        if np.isfinite(times).any():
            break
        begin += window
    return np.stack([i, j], axis=1), times


def _first_contact(r, w, sigma, a, slack=0.0):
    """(P, M) times at which |r + w t| = σ + a t: vectors r (P, M, 3), velocities w (P, 3), σ and a (P,)."""
    sigma, a = sigma[:, None], a[:, None]
    b = (r * w[:, None, :]).sum(axis=2) - a * sigma
    c = (r * r).sum(axis=2) - sigma * sigma
    q = (w * w).sum(axis=1)[:, None] - a * a
    inside = b * b - q * c
    meets = (inside > -slack * b * b) & ((b < 0) | (q < 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = (-b - np.sqrt(np.maximum(inside, 0))) / q
    return np.where(meets, np.maximum(wait, 0), np.inf)


def smallest_gap(moment):
    """The smallest of all (distance / distance of contact) - 1, nearest images."""
    i, j = np.triu_indices(len(moment.radii), 1)
    r = moment.positions[j] - moment.positions[i]
    r -= moment.sides * np.rint(r / moment.sides)
    contact = moment.scale * (moment.radii[i] + moment.radii[j])
    return float((np.sqrt((r * r).sum(axis=1)) / contact).min() - 1)


def _bounce(moment, i, j, time):
    """Velocities of i and j after they have touched at that time."""
    r = moment.positions[j] - moment.positions[i]
    r += (moment.velocities[j] - moment.velocities[i]) * (time - moment.time)
    r -= moment.sides * np.rint(r / moment.sides)
    normal = r / np.sqrt(r @ r)
    approach = (moment.velocities[j] - moment.velocities[i]) @ normal
    approach -= moment.rate * (moment.radii[i] + moment.radii[j])
    impulse = 2 * approach / (1 / moment.masses[i] + 1 / moment.masses[j]) * normal
    return (
        moment.velocities[i] + impulse / moment.masses[i],
        moment.velocities[j] - impulse / moment.masses[j],
    )


def one_collision(engine, until=_FAR):
    """Let the engine do one collision; returns (i, j) in its own order, None if there was none until then."""
    from vitreous.simulate.event_driven import _run_kernel as kernel

    while True:
        system = engine._arrays()
        outcome = kernel.run(system, until, 1, engine._skin_now, engine._slices)
        if outcome == kernel.DONE:
            return None
        engine._local = float(system.record[:-1, layout.T].max())
        if outcome == kernel.MORE:
            order = system.record[:-1, layout.ORDER]
            changed = np.flatnonzero(order == order.max())
            assert len(changed) == 2
            assert (system.record[changed, layout.T] == engine._local).all()
            return tuple(changed.tolist())
        engine._widen()
        engine._list()
        engine._find_events()


def assert_exact(engine, events, *, until=_FAR, tolerance=1e-11, overlap=1e-12):
    """Hold that many collisions against the oracle, one by one; returns how many there were.

    Where others collide within the tolerance of the first, any of them may be the engine's choice.
    """
    for done in range(events):
        before = Moment.of(engine)
        assert smallest_gap(before) > -overlap
        pairs, times = next_event(before)
        pair = one_collision(engine, until)
        if pair is None:
            assert times.min() > until
            return done
        after = Moment.of(engine)
        mine = float(times[(pairs == pair).all(axis=1)][0] - times.min())
        assert mine <= tolerance, f"event {done}: {pair} at {after.time}; first is {pairs[times.argmin()]}"
        error = float(abs(after.time - times.min()))
        assert error <= tolerance, f"event {done}: {pair}: the time is wrong by {error}"
        for sphere, expected in zip(pair, _bounce(before, *pair, after.time), strict=True):
            np.testing.assert_allclose(
                after.velocities[sphere].astype(float), expected.astype(float), rtol=1e-9, atol=1e-9
            )
        others = np.setdiff1d(np.arange(len(before.radii)), pair)
        assert np.array_equal(after.velocities[others], before.velocities[others])
    return events


def engine_of(positions, velocities, box, diameters, masses=1.0, time=0.0, **others):
    """An engine that begins with those velocities."""
    columns = {
        "velocity": np.asarray(velocities, dtype=np.float64),
        "mass": np.broadcast_to(np.asarray(masses, dtype=np.float64), len(positions)),
    }
    return HardSphereMD.restore(
        Configuration(positions, box, diameters=diameters, columns=columns, time=time, **others)
    )


def grown(diameters, packing_fraction, *, masses=1.0, shape=(1.0, 1.0, 1.0), seed=0, rate=0.05):
    """A start at that packing fraction, or less where a side would be under 2.11 times the largest diameter."""
    diameters = np.asarray(diameters, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    sides = shape * (2.11 * diameters.max() / shape.min())
    packing_fraction = min(packing_fraction, (np.pi / 6 * diameters**3).sum() / sides.prod())
    start = HardSphereMD.grow(diameters, packing_fraction, seed=seed, box=shape, rate=rate).configuration
    masses = np.broadcast_to(np.asarray(masses, dtype=np.float64), len(diameters))
    velocities = maxwell_velocities(masses, (seed, 7))
    return engine_of(start.positions, velocities, start.box, diameters, masses)


def fcc(cells, packing_fraction):
    """Positions and side of a crystal of 4 · cells³ spheres of diameter 1."""
    side = (4 * np.pi / 6 / packing_fraction) ** (1 / 3)
    corners = np.array(list(np.ndindex(cells, cells, cells)), dtype=np.float64)
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    return ((corners[:, None] + basis + 0.25).reshape(-1, 3)) * side, cells * side
