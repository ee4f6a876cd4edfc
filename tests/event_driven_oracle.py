"""The next collision of hard spheres, found by looking at all pairs and images in extended precision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from vitreous.configuration import Configuration
from vitreous.simulate.event_driven import HardSphereMD
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.velocities import maxwell_velocities

__all__ = ["Moment", "assert_exact", "engine_of", "fcc", "next_event", "packed", "smallest_gap"]

EXTENDED = np.longdouble
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
    virial: float
    """Sum of r_ij · Δp over all collisions so far."""

    @classmethod
    def of(cls, engine):
        """The present of an engine, which is the time of the last event."""
        system = engine._flight.system
        record = system.record[:-1].astype(EXTENDED)
        time = record[:, layout.T].max()
        velocities = record[:, layout.VX : layout.T]
        flight = time - record[:, layout.T : layout.T + 1]
        return cls(
            time=time,
            positions=record[:, : layout.VX] + velocities * flight,
            velocities=velocities,
            radii=system.home["radius"].astype(EXTENDED),
            masses=system.shell["mass"].astype(EXTENDED),
            sides=system.box[:3].astype(EXTENDED),
            scale=EXTENDED(system.growth[0]) + EXTENDED(system.growth[1]) * time,
            rate=EXTENDED(system.growth[1]),
            virial=float(system.virial[0]),
        )


@cache
def _pairs(n):
    return np.triu_indices(n, 1)


def next_event(moment):
    """When each pair touches first: pairs (P, 2), times (P,), infinite for those that touch long after the first.

    Time is cut into windows so short that nobody crosses a whole box, relative to another, in one; then the 27
    images around suffice. If windows that are not much shorter need but the nearest image, these are taken. All
    are tried in double precision, those that may be first again in extended.
    """
    i, j = _pairs(len(moment.radii))
    apart = moment.positions[j] - moment.positions[i]
    w = moment.velocities[j] - moment.velocities[i]
    touch = moment.radii[i] + moment.radii[j]
    growth = moment.rate * touch
    speed = np.abs(w).max()
    window, reach = 0.9 * moment.sides.min() / speed, 1
    room = moment.sides.min() / 2 - (moment.scale * touch).max()
    if room / (speed * np.sqrt(3) + growth.max()) > 0.3 * window:
        window, reach = room / (speed * np.sqrt(3) + growth.max()), 0
    times = np.full(len(i), EXTENDED(np.inf))
    begin = EXTENDED(0)
    while moment.time + begin < _FAR:
        nearest = apart + w * begin
        nearest -= moment.sides * np.rint(nearest / moment.sides)
        sigma = touch * (moment.scale + moment.rate * begin)
        for k, image in _candidates(nearest, w, sigma, growth, moment.sides, window, reach):
            wait = _contact(nearest[k] + image * moment.sides, w[k], sigma[k], growth[k])
            if wait <= window:
                times[k] = min(times[k], moment.time + begin + wait)
        if np.isfinite(times).any():
            break
        begin += window
    return np.stack([i, j], axis=1), times


def _contact(r, w, sigma, a):
    """The first time at which |r + w t| = σ + a t."""
    b, c, q = r @ w - a * sigma, r @ r - sigma * sigma, w @ w - a * a
    inside = b * b - q * c
    if inside <= 0 or (b >= 0 and q >= 0):
        return EXTENDED(np.inf)
    return max((-b - np.sqrt(inside)) / q, EXTENDED(0))


def _candidates(r, w, sigma, a, sides, window, reach):
    """The same in double precision for all images: (pair, image) of all that may be the first in the window."""
    r, w, sigma, a, sides = (values.astype(float) for values in (r, w, sigma, a, sides))
    images = np.arange(-reach, reach + 1)
    x, y, z = (r[:, d, None] + sides[d] * images for d in range(3))
    x, y, z = x[:, :, None, None], y[:, None, :, None], z[:, None, None, :]
    wx, wy, wz, sigma, a = (values[:, None, None, None] for values in (*w.T, sigma, a))
    b = (wx * x - a * sigma) + wy * y + wz * z
    c = (x * x - sigma * sigma) + y * y + z * z
    q = wx * wx + wy * wy + wz * wz - a * a
    inside = b * b - q * c
    meets = np.nonzero((inside > -1e-9 * b * b) & ((b < 0) | (q < 0)))
    if not len(meets[0]):
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = (-b[meets] - np.sqrt(np.maximum(inside[meets], 0))) / q[meets[0], 0, 0, 0]
    margin = 1e-6 * float(window)
    for m in np.flatnonzero(wait <= min(1.001 * max(wait.min(), 0.0), float(window)) + margin):
        yield meets[0][m], images[[meets[1][m], meets[2][m], meets[3][m]]]


def smallest_gap(moment):
    """The smallest of all (distance / distance of contact) - 1, nearest images."""
    i, j = _pairs(len(moment.radii))
    positions, sides = moment.positions.astype(float), moment.sides.astype(float)
    r = positions[j] - positions[i]
    r -= sides * np.rint(r / sides)
    radii = moment.radii.astype(float) * float(moment.scale)
    return float((np.sqrt((r * r).sum(axis=1)) / (radii[i] + radii[j])).min() - 1)


def _bounce(moment, i, j, time):
    """Velocities of i and j after they have touched at that time, and r_ij · Δp of that collision."""
    r = moment.positions[j] - moment.positions[i]
    r += (moment.velocities[j] - moment.velocities[i]) * (time - moment.time)
    r -= moment.sides * np.rint(r / moment.sides)
    distance = np.sqrt(r @ r)
    approach = (moment.velocities[j] - moment.velocities[i]) @ r / distance
    approach -= moment.rate * (moment.radii[i] + moment.radii[j])
    impulse = 2 * approach / (1 / moment.masses[i] + 1 / moment.masses[j]) * r / distance
    after = (
        moment.velocities[i] + impulse / moment.masses[i],
        moment.velocities[j] - impulse / moment.masses[j],
    )
    return after, float(-impulse @ r)


def one_collision(engine, until=_FAR):
    """Let the engine do one collision; returns (i, j) in its own order, None if there was none until then."""
    from vitreous.simulate.event_driven import _run_kernel as kernel

    done = engine._flight.system.counts["collisions"][0]
    while True:
        system = engine._flight.system
        outcome = kernel.run(system, until, 1, engine._flight.skin, engine._flight.slices)
        if outcome == kernel.DONE:
            return None
        engine._flight.local = float(system.record[:-1, layout.T].max())
        if outcome == kernel.NO_ROOM:
            engine._flight.widen()
            engine._flight.list_all()
        elif system.counts["collisions"][0] > done:
            assert system.counts["collisions"][0] == done + 1
            order = system.particle["order"][:-1]
            changed = np.flatnonzero(order == order.max())
            assert len(changed) == 2
            assert (system.record[changed, layout.T] == engine._flight.local).all()
            return tuple(changed.tolist())


def assert_exact(engine, events, *, until=_FAR, tolerance=1e-11, overlap=1e-12):
    """Hold that many collisions against the oracle, one by one; returns how many there were.

    Where others collide within the tolerance of the first, any of them may be the engine's choice. The tolerance
    is in units of the time in which the heaviest sphere flies as far as the largest is wide.
    """
    before = Moment.of(engine)
    unit = float(2 * before.radii.max() * np.sqrt(before.masses.max()))
    clock_span = 256 * float(2 * before.radii.min() * np.sqrt(before.masses.min()))  # as in `advance`
    for done in range(events):
        if engine._flight.local > clock_span and before.rate == 0:
            engine.rebase()
            before = Moment.of(engine)
        assert smallest_gap(before) > -overlap
        pairs, times = next_event(before)
        pair = one_collision(engine, until)
        if pair is None:
            assert times.min() > until
            return done
        after = Moment.of(engine)
        mine = float(times[(pairs == pair).all(axis=1)][0] - times.min())
        assert mine <= tolerance * unit, (
            f"event {done}: {pair} at {after.time}; {pairs[times.argmin()]} is first"
        )
        error = float(abs(after.time - times.min()))
        assert error <= tolerance * unit, f"event {done}: {pair}: the time is wrong by {error}"
        bounced, virial = _bounce(before, *pair, after.time)
        for sphere, expected in zip(pair, bounced, strict=True):
            assert abs(after.velocities[sphere] - expected).max() < 1e-9 * (1 + abs(expected).max())
        assert abs(after.virial - before.virial - virial) < 1e-9 * abs(virial) + 1e-12 * abs(after.virial)
        others = np.setdiff1d(np.arange(len(before.radii)), pair)
        assert np.array_equal(after.velocities[others], before.velocities[others])
        before = after
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


def packed(diameters, packing_fraction, *, masses=1.0, shape=(1.0, 1.0, 1.0), seed=0):
    """Spheres at that packing fraction, or less where a side would be under 2.11 times the largest diameter.

    Thrown one after the other where there is room for that, else grown by the engine.
    """
    diameters = np.asarray(diameters, dtype=np.float64)
    shape = np.asarray(shape, dtype=np.float64)
    volume = (np.pi / 6 * diameters**3).sum()
    sides = shape * max(
        (volume / packing_fraction / shape.prod()) ** (1 / 3), 2.11 * diameters.max() / shape.min()
    )
    positions = _thrown(diameters, sides, seed) if volume / sides.prod() < 0.25 else None
    if positions is None:
        start = HardSphereMD.grow(
            diameters, volume / sides.prod(), seed=seed, box=shape, rate=0.05
        ).configuration
        positions, sides = start.positions, start.box.lengths
    masses = np.broadcast_to(np.asarray(masses, dtype=np.float64), len(diameters))
    return engine_of(positions, maxwell_velocities(masses, (seed, 7)), sides, diameters, masses)


def _thrown(diameters, sides, seed):
    rng = np.random.default_rng((seed, 8))
    positions = np.full((len(diameters), 3), np.inf)
    placed = []
    for i in np.argsort(-diameters):
        for _ in range(300):
            place = rng.random(3) * sides
            r = positions[placed] - place
            r -= sides * np.rint(r / sides)
            if (np.sqrt((r * r).sum(axis=1)) > (diameters[placed] + diameters[i]) / 2).all():
                positions[i] = place
                placed.append(i)
                break
        else:
            return None
    return positions


def fcc(cells, packing_fraction):
    """Positions and side of a crystal of 4 · cells³ spheres of diameter 1."""
    side = (4 * np.pi / 6 / packing_fraction) ** (1 / 3)
    corners = np.array(list(np.ndindex(cells, cells, cells)), dtype=np.float64)
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    return ((corners[:, None] + basis + 0.25).reshape(-1, 3)) * side, cells * side
