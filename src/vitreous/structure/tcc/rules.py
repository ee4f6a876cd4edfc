"""The 41 topological clusters: what each is made of, in one table, and the search that follows it.

Basic clusters are rings of m = 3, 4 or 5 particles without chords; spindles are the particles bonded to all of
the ring. `sp3a`, `sp3b`, `sp3c` have none, one and two (three or more count as none). Others call sp3c 5A and
sp5c 7A. Pairs of basic clusters and what is built on these follow, each after the clusters it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.parallel import map_ranges, ranges
from vitreous.structure.tcc import _crystals_kernel as crystals
from vitreous.structure.tcc import _extensions_kernel as grown
from vitreous.structure.tcc import _pairs_kernel as pairs
from vitreous.structure.tcc import _rings_kernel as rings
from vitreous.structure.tcc._pairs_kernel import BOND, FREE, RING, SPINDLE
from vitreous.structure.tcc._sets_kernel import belonging, first_of_each
from vitreous.structure.tcc.bonds import Bonds

__all__ = ["EXTENSION_RULES", "PAIR_RULES", "TYPES", "Extension", "Found", "Pair", "find_clusters"]

TYPES = (
    *("sp3a", "sp3b", "sp3c", "sp4a", "sp4b", "sp4c", "sp5a", "sp5b", "sp5c"),
    *("6A", "6Z", "7K", "7T_a", "7T_s", "8A", "8B", "8K", "9A", "9B", "9K"),
    *("10A", "10B", "10K", "10W", "11A", "11B", "11C", "11E", "11F", "11W"),
    *("12A", "12B", "12D", "12E", "12K", "13A", "13B", "13K"),
    *("FCC", "HCP", "BCC_9"),
)

# What makes a finding of a type a new one, where it is not the way in which it was found.
DISTINCT = {
    "6A": "particles",
    "8A": "particles",
    "8K": "clusters",
    "9A": "particles",
    "10B": "clusters",
    "11E": "clusters",
    "12D": "particles",
    "12E": "particles",
    "13A": "particles",
    "FCC": "centre and particles",
    "BCC_9": "centre and particles",
}

_PER_RANGE = 16384


class Pair(NamedTuple):
    """Two basic clusters x and y, each pair once. -1 (FREE) leaves a number open."""

    name: str
    x: str
    y: str
    rings: int
    """Particles that both rings have."""
    x_in_ring: int
    """Spindles of x in the ring of y."""
    y_in_ring: int
    """Spindles of y in the ring of x."""
    spindles: int
    """Spindles that both have."""
    by: int
    """How y is found from x."""
    degree: tuple[int, int] = (FREE, FREE)
    """Least and largest number of bonds from each ring particle to the other ring."""
    joined: int = FREE
    """Bonds between those particles of the rings that are not shared."""
    unbonded: bool = False
    """The spindles that are not shared are not bonded to each other."""
    mutual: bool = True
    """The degrees are asked of both rings; else of one of them, no matter which."""
    hinged: bool = False
    """The two common ring particles are bonded, and so are their neighbours in the one ring to those in the other."""
    outer: bool = True
    """Spindles that are not shared belong to the cluster."""


PAIR_RULES = (
    #    name     x       y       rings  x in ring  y in ring  spindles  by
    Pair("6Z",    "sp3c", "sp3c", 2,     1,         1,         0,        RING),
    Pair("7K",    "sp3c", "sp3c", 2,     0,         0,         1,        SPINDLE),
    Pair("8A",    "sp5b", "sp5b", 4,     FREE,      FREE,      0,        RING),
    Pair("8A",    "sp5c", "sp5c", 4,     FREE,      FREE,      2,        SPINDLE),
    Pair("8A",    "sp5b", "sp5c", 4,     FREE,      FREE,      1,        SPINDLE),
    Pair("8 of 9A", "sp4b", "sp4b", 2,   FREE,      FREE,      0,        RING, joined=2, unbonded=True),
    Pair("9 of 11F", "sp3c", "sp3c", 1,  0,         0,         0,        RING, joined=1),
    Pair("9B",    "sp5c", "sp5c", 2,     1,         1,         1,        SPINDLE),
    Pair("9K",    "sp4c", "sp4c", 2,     0,         0,         1,        SPINDLE),
    Pair("10A",   "sp4b", "sp4b", 0,     0,         0,         0,        BOND, (2, 2), unbonded=True, mutual=False),
    Pair("11A",   "sp4c", "sp4c", 0,     FREE,      FREE,      1,        SPINDLE, (2, 2)),
    Pair("11C",   "sp5c", "sp5c", 2,     FREE,      FREE,      1,        SPINDLE, joined=2, hinged=True),
    Pair("13B",   "sp5c", "sp5c", 0,     FREE,      FREE,      1,        SPINDLE, (1, 1), unbonded=True),
    Pair("BCC_9", "sp4b", "sp4b", 0,     0,         0,         1,        SPINDLE, (0, 1), outer=False),
    Pair("BCC_9", "sp4c", "sp4c", 0,     0,         0,         1,        SPINDLE, (0, 1), outer=False),
    Pair("BCC_9", "sp4b", "sp4c", 0,     0,         0,         1,        SPINDLE, (0, 1), outer=False),
)  # fmt: skip


class Extension(NamedTuple):
    """Clusters found by a kernel of their own, whose docstring is the rule."""

    names: tuple[str, ...]
    kernel: Callable[..., Any]
    over: str
    """The clusters it starts from, or "" for all particles."""
    needs: tuple[str, ...]
    """What else it takes: basic clusters, "... by ring", "... by spindle", "parts of ...", "found ..."."""
    numbers: tuple[int, ...] = ()
    """And which columns or limits, where a kernel serves several types."""


EXTENSION_RULES = (
    Extension(("7T_s", "7T_a"), grown.seven_t, "6Z", ("parts of 6Z", "found 6Z", "sp3c", "sp3c by spindle")),
    Extension(("8B",), grown.eight_b, "sp5c", ("sp5c",)),
    Extension(("8K",), grown.bridged, "7K", ("parts of 7K", "found 7K", "sp3c", "sp3c by spindle"), (1, 2, 3, 4)),
    Extension(("9A",), grown.nine_a, "8 of 9A", ("found 8 of 9A", "sp4b", "sp4b by ring")),
    Extension(("10B",), grown.ten_b, "9B", ("parts of 9B", "found 9B", "sp5c", "sp5c by spindle")),
    Extension(("10K",), grown.with_outside, "9K", ("found 9K",), (0, 9, 0)),
    Extension(("10W",), grown.ten_w, "", ("sp5b", "sp5b by spindle")),
    Extension(("11B",), grown.eleven_b, "9B", ("found 9B",)),
    Extension(("11E",), grown.eleven_e, "9B", ("parts of 9B", "found 9B", "sp5c", "sp5c by spindle")),
    Extension(("11F",), grown.eleven_f, "9 of 11F", ("parts of 9 of 11F", "found 9 of 11F", "sp4c", "sp4c by spindle")),
    Extension(("11W",), grown.with_outside, "10B", ("found 10B",), (10, 10, 3)),
    Extension(("12A",), grown.twelve_a, "11C", ("parts of 11C", "found 11C", "sp5c")),
    Extension(("12D",), grown.bridged, "11E", ("parts of 11E", "found 11E", "sp5c", "sp5c by spindle"), (2, 3, 0, 1)),
    Extension(("12E",), grown.bridged, "11F", ("parts of 11F", "found 11F", "sp3c", "sp3c by spindle"), (9, 10, 1, 2)),
    Extension(("12K",), grown.twelve_k, "11A", ("parts of 11A", "found 11A", "sp4c")),
    Extension(("12B", "13A"), grown.twelve_b, "sp5c", ("sp5c", "sp5c by spindle")),
    Extension(("13K",), grown.thirteen_k, "11F", ("parts of 11F", "found 11F", "sp3c", "sp3c by spindle")),
    Extension(("FCC",), crystals.fcc, "", ("sp3b", "sp3b by ring", "sp3b by spindle", "sp3c", "sp3c by spindle")),
    Extension(("HCP",), crystals.hcp, "9 of 11F", ("parts of 9 of 11F", "found 9 of 11F", "sp3c", "sp3c by ring")),
)  # fmt: skip


class Found(NamedTuple):
    """Clusters of one type: the numbers of the basic clusters they are made of, and their particles."""

    made_of: NDArray[np.int32]
    particles: NDArray[np.int32]


def find_clusters(bonds: Bonds) -> dict[str, NDArray[np.int32]]:
    """Particles of all clusters, (n, size) for each type in the order of TYPES.

    A row begins with the particles that have a part of their own (ring in cyclic order, then spindles; or
    centre, outer spindles, ...); which, is told by the kernel that finds the type.
    """
    return _Search(bonds).all()


class _Search:
    """What was found so far, and lists of who belongs to what, made when first needed."""

    def __init__(self, bonds: Bonds) -> None:
        self.bonds = bonds.table
        self.n_particles = len(self.bonds)
        self.found: dict[str, Found] = {}
        self._belonging: dict[str, tuple[NDArray[np.int64], NDArray[np.int32]]] = {}

    def all(self) -> dict[str, NDArray[np.int32]]:
        self.basic()
        for name in dict.fromkeys(rule.name for rule in PAIR_RULES):
            rows = [self.pairs(rule) for rule in PAIR_RULES if rule.name == name]
            self.keep(name, np.concatenate(rows))
        for rule in EXTENSION_RULES:
            for name, of_name in zip(rule.names, self.extended(rule), strict=True):
                self.keep(name, of_name)
        return {name: self.found[name].particles for name in TYPES}

    def basic(self) -> None:
        """sp3a to sp5c, and 6A, the sets of particles of sp4c."""
        for m, rows in zip((3, 4, 5), self.run(rings.rings, self.n_particles), strict=True):
            spindles = (rows[:, m:] >= 0).sum(axis=1)
            for number, letter in enumerate("abc"):
                self.keep(f"sp{m}{letter}", rows[spindles == number, : m + number])
        self.keep("6A", self.found["sp4c"].particles)

    def pairs(self, rule: Pair) -> NDArray[np.int32]:
        xs, ys = self.found[rule.x].particles, self.found[rule.y].particles
        m = int(rule.x[2])
        starts, where = self.belonging(rule.y, "spindle" if rule.by == SPINDLE else "ring")
        (rows,) = self.run(
            pairs.pairs, len(xs), xs, ys, rule.x == rule.y, m, rule.by, starts, where,
            (
                rule.rings, rule.x_in_ring, rule.y_in_ring, rule.spindles, *rule.degree, rule.joined,
                rule.unbonded, rule.mutual, rule.hinged, rule.outer,
            ),
            size_of(rule.name), self.bonds,
        )  # fmt: skip
        return rows

    def extended(self, rule: Extension) -> tuple[NDArray[np.int32], ...]:
        number = len(self.found[rule.over].particles) if rule.over else self.n_particles
        return self.run(rule.kernel, number, self.bonds, *self.needed(rule.needs), *rule.numbers)

    def needed(self, names: tuple[str, ...]) -> Iterator[NDArray[Any]]:
        for name in names:
            match name.split():
                case ["parts", "of", *words]:
                    yield self.found[" ".join(words)].made_of
                case ["found", *words]:
                    yield self.found[" ".join(words)].particles
                case [of, "by", part]:
                    yield from self.belonging(of, part)
                case _:
                    yield self.found[name].particles

    def belonging(self, name: str, part: str) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """For each particle the clusters that have it in their ring, or as spindle: starts (N + 1,), numbers."""
        key = f"{name} by {part}"
        if key not in self._belonging:
            rows, m = self.found[name].particles, int(name[2])
            first, last = (0, m) if part == "ring" else (m, rows.shape[1])
            self._belonging[key] = belonging(rows, first, last, self.n_particles)
        return self._belonging[key]

    def run(self, kernel: Callable[..., Any], number: int, *arguments: Any) -> tuple[NDArray[np.int32], ...]:
        """The kernel over 0..number in parallel; its rows in order."""
        arguments = arguments or (self.bonds,)
        parts = map_ranges(kernel, ranges(number, _PER_RANGE) or [(0, 0)], *arguments)
        several = [part if isinstance(part, tuple) else (part,) for part in parts]
        return tuple(
            rows[0] if len(rows) == 1 else np.concatenate(rows) for rows in zip(*several, strict=True)
        )

    def keep(self, name: str, rows: NDArray[np.int32]) -> None:
        """Take the rows of a kernel apart, and drop what was found before."""
        keys = rows.shape[1] - size_of(name)
        match DISTINCT.get(name):
            case "particles":
                rows = rows[first_of_each(np.sort(rows[:, keys:], axis=1))]
            case "clusters":
                rows = rows[first_of_each(np.sort(rows[:, :keys], axis=1))]
            case "centre and particles":
                rest = np.sort(rows[:, keys + 1 :], axis=1)
                rows = rows[first_of_each(np.hstack([rows[:, keys : keys + 1], rest]))]
        self.found[name] = Found(np.ascontiguousarray(rows[:, :keys]), np.ascontiguousarray(rows[:, keys:]))


def size_of(name: str) -> int:
    """Number of particles in a cluster of a type."""
    if name.startswith("sp"):
        return int(name[2]) + "abc".index(name[3])
    return {"FCC": 13, "HCP": 13, "BCC_9": 9, "8 of 9A": 8, "9 of 11F": 9}.get(name) or int(
        "".join(filter(str.isdigit, name))
    )
