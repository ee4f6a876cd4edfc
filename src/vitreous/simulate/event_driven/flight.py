"""Spheres in flight: their arrays and events from one moment on, and the clock that begins there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import InputError
from vitreous.simulate.engine import Progress
from vitreous.simulate.event_driven import _layout as layout
from vitreous.simulate.event_driven.start import Spheres

__all__ = ["Flight"]

_CHUNK = 100_000  # collisions between two looks at the keyboard
_NEIGHBORS = 15.0  # spheres expected in the sphere in which neighbours are listed; fits sixteen lanes
_FIRST_ROW = 32  # room for neighbours at first, a multiple of the lanes
_OVERLAP = 1e-6  # relative: coordinates in files are rounded
# Spheres that collide so often (each, on average) within so little of their own time have no room at all: the gaps
# are below 1e-9 diameters, as in a row that fills the box.
_OFTEN, _LITTLE = 1000, 1e-6


class Flight:
    """Spheres that fly and collide from one moment on.

    Parameters
    ----------
    spheres : Spheres
        At that moment.
    origin : float
        When that is.
    before : int
        Collisions until then.
    scale, rate, largest : float
        Diameters are scale + rate t times those of the spheres at t after that moment, and at the most `largest`
        times.
    places : int, optional
        Room for neighbours.

    Attributes
    ----------
    origin, local : float
        That moment, and the time since then; the arrays know no other.
    system : System
    skin : float
        By how much farther than contact neighbours are listed.
    slices : float
        Of the calendar per time.
    """

    def __init__(
        self,
        spheres: Spheres,
        origin: float = 0.0,
        before: int = 0,
        *,
        scale: float = 1.0,
        rate: float = 0.0,
        largest: float = 1.0,
        places: int | None = None,
    ) -> None:
        self.spheres, self.places = spheres, places or _FIRST_ROW
        self.origin, self._before = origin, before
        self.local = 0.0
        n, sides = len(spheres.diameters), spheres.sides
        self.skin = _skin(spheres, largest)
        reach = float(spheres.diameters.max()) * largest + self.skin
        self._order = order = layout.along_cells(
            spheres.positions, sides, layout.cells_along(sides, reach, 1)
        )
        around = layout.fewest_steps(n, sides, reach)
        cells = layout.cells_along(sides, reach, around)
        system = layout.allocate(spheres.diameters[order] / 2, sides, cells, around, self.places)
        system.record[:n, layout.X : layout.VX] = spheres.positions[order]
        system.record[:n, layout.VX : layout.T] = spheres.velocities[order]
        system.particle["order"][:n] = np.arange(1, n + 1)
        system.counts["stamp"] = n
        system.shell["mass"] = spheres.masses[order]
        for d, axis in enumerate("xyz"):
            system.home[axis] = spheres.positions[order, d]
        system.images[:] = spheres.images[order]
        system.growth[:] = scale, rate, largest
        self.system = system
        self.list_all()

    @property
    def time(self) -> float:
        """The present."""
        return self.origin + self.local

    @property
    def collisions(self) -> int:
        """Collisions so far."""
        return self._before + int(self.system.counts["collisions"][0])

    @property
    def scale(self) -> float:
        """Diameters of the present in units of those of the spheres."""
        return float(self.system.growth[0] + self.system.growth[1] * self.local)

    @property
    def kinetic_energy(self) -> float:
        """Kinetic energy of all spheres."""
        velocities = self.system.record[:-1, layout.VX : layout.T]
        return float(0.5 * (self.system.shell["mass"][:, None] * velocities**2).sum())

    @property
    def temperature(self) -> float:
        """k_B T, for 3N - 3 degrees of freedom."""
        return 2.0 * self.kinetic_energy / (3.0 * len(self.spheres.diameters) - 3.0)

    @property
    def velocities(self) -> NDArray[np.float64]:
        """(N, 3) velocities of the present, in the order given."""
        return self._in_given_order(self.system.record[:-1, layout.VX : layout.T])

    def now(self) -> Spheres:
        """The spheres of the present, in the order given."""
        record, sides = self.system.record[:-1], self.spheres.sides
        flight = self.local - record[:, layout.T : layout.T + 1]
        x = record[:, : layout.VX] + record[:, layout.VX : layout.T] * flight
        crossed = np.floor(x / sides)
        x -= crossed * sides
        again = x >= sides  # only by rounding
        x[again] = 0.0
        crossed[again] += 1
        return replace(
            self.spheres,
            positions=self._in_given_order(np.maximum(x, 0.0)),
            images=self._in_given_order(self.system.images + crossed.astype(np.int64)),
            velocities=self.velocities,
        )

    def until(self, until: float, progress: Progress | None, most: float = math.inf) -> float:
        """Go on until the clock shows `until`; returns the virial of the collisions on the way.

        After `most` collisions it stops early.
        """
        from vitreous.simulate.event_driven import _run_kernel as kernel

        spheres = self.spheres
        little = _LITTLE * float(spheres.diameters.min()) * math.sqrt(float(spheres.masses.min()))
        seen = self.collisions, self.local
        before, last = self.system.virial[0], self.collisions + most
        while self.collisions < last:
            system = self.system
            scanned, slice_ = (int(system.counts[k][0]) for k in ("scanned", "current"))
            outcome = kernel.run(system, until, _CHUNK, self.skin, self.slices)
            if outcome == kernel.DONE:
                self.local = until
                break
            self.local = max(self.local, float(system.record[:-1, layout.T].max()))
            if outcome == kernel.NO_ROOM:
                self.widen()
                self.list_all()
            elif (
                max(system.counts["scanned"][0] - scanned, system.counts["current"][0] - slice_) > 10 * _CHUNK
            ):
                self._fill_calendar()  # slices have become too long or too short
            if self.collisions - seen[0] > _OFTEN * len(spheres.diameters):
                if self.local - seen[1] < little:
                    raise InputError(
                        f"positions: the spheres have no room to move: since time {self.origin + seen[1]:.6g} "
                        f"there were {self.collisions - seen[0]:,} collisions, and time did not go on; rows or "
                        f"layers of touching spheres do this, so spread them or let HardSphereMD.grow make a start"
                    )
                seen = self.collisions, self.local
            if progress is not None:
                progress(self.time, self.collisions)
        return float(self.system.virial[0] - before)

    def check_overlaps(self) -> None:
        """Refuse spheres that overlapped when they began, and name those that did most."""
        system = self.system
        n = len(system.shell)
        place, slot = np.nonzero(system.row["neighbor"] < n)
        row, other = place % n, system.row["neighbor"][place, slot].astype(np.int64)
        difference = system.record[other, : layout.VX] - system.record[row, : layout.VX]
        difference -= self.spheres.sides * np.rint(difference / self.spheres.sides)
        distance = np.sqrt((difference**2).sum(axis=1))
        contact = system.row["contact"][place, slot] * self.scale
        if len(row) and (worst := int(np.argmin(distance / contact))) >= 0:
            i, j = sorted((int(self._order[row[worst]]), int(self._order[other[worst]])))
            if distance[worst] < contact[worst] * (1.0 - _OVERLAP):
                raise InputError(
                    f"positions: spheres {i} and {j} overlap: their distance is {distance[worst]:.6g}, "
                    f"contact {contact[worst]:.6g}; correct the positions, diameters or box, or let "
                    f"HardSphereMD.grow make a start"
                )

    def list_all(self) -> None:
        """List everybody's neighbours, and find all events."""
        from vitreous.simulate.event_driven._listing_kernel import list_all
        from vitreous.simulate.event_driven._run_kernel import predict_all

        while not list_all(self.system, self.skin):
            self.widen()
        predict_all(self.system, 0.5 * self.skin)
        self._fill_calendar()

    def widen(self) -> None:
        """Make the rows longer."""
        self.places += layout.LANES
        self.system = self.system._replace(row=layout.empty_rows(len(self.system.shell), self.places))

    def _fill_calendar(self) -> None:
        """Enter everybody's event, in slices of time that fit how far ahead the events are now."""
        from vitreous.simulate.event_driven._calendar_kernel import fill

        system = self.system
        ahead = float(np.median(system.shell["due"])) - self.local
        self.slices = len(system.shell) / (3.0 * ahead) if 0.0 < ahead < math.inf else 1.0
        fill(system, self.local, self.slices)

    def _in_given_order(self, values: NDArray[Any]) -> NDArray[Any]:
        given = np.empty_like(values)
        given[self._order] = values
        return given


def _skin(spheres: Spheres, largest_scale: float) -> float:
    """So that about as many neighbours are listed as are predicted at once, as far as the box allows."""
    n, diameters = len(spheres.diameters), spheres.diameters * largest_scale
    radius = (_NEIGHBORS * 3.0 * spheres.volume / (4.0 * math.pi * n)) ** (1.0 / 3.0)
    largest, shortest = float(diameters.max()), float(spheres.sides.min())
    wanted = max(radius - float(diameters.mean()), 0.1 * float(diameters.mean()))
    allowed = 0.499 * (0.5 * shortest - largest)  # so that one image only is in reach
    if allowed < 0.0249 * largest:
        raise InputError(
            f"box: its shortest side, {shortest:.4g}, is less than 2.1 times the largest "
            f"diameter, {largest:.4g}; a sphere would meet another from two sides: take more spheres"
        )
    return float(min(wanted, allowed))
