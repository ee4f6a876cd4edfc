"""The 41 topological clusters: what each is made of, in one table, and the search that follows it.

Basic clusters are rings of m = 3, 4 or 5 particles without chords; spindles are the particles bonded to all of
the ring. `sp3a`, `sp3b`, `sp3c` have none, one and two (three or more count as none). Others call sp3c 5A and
sp5c 7A. Pairs of basic clusters and what is built on these follow, each after the clusters it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.parallel import map_ranges, ranges
from vitreous.structure.tcc import _crystals_kernel as crystals
from vitreous.structure.tcc import _extensions_kernel as grown
from vitreous.structure.tcc import _large_extensions_kernel as large
from vitreous.structure.tcc import _pairs_kernel as pairs
from vitreous.structure.tcc import _rings_kernel as rings
from vitreous.structure.tcc._pairs_kernel import FREE, RING, SPINDLE
from vitreous.structure.tcc._sets_kernel import (
    belonging,
    chosen_rows,
    common,
    first_of_each,
    other_faces,
    sorted_columns,
)
from vitreous.structure.tcc.bonds import Bonds

__all__ = ["EXTENSION_RULES", "PAIR_RULES", "TYPES", "Extension", "FoundClusters", "Pair", "find_clusters"]

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
    "10A": "clusters",
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
    """Two basic clusters x and y, each pair once. -1 (FREE) leaves a number open.

    By RING, clusters have one spindle each, and only `rings`, `spindles` and `unbonded` are asked.
    """

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
    """Where they meet: at a spindle of both, or at a ring particle."""
    degree: tuple[int, int] = (FREE, FREE)
    """Least and largest number of bonds from each ring particle to the other ring."""
    unbonded: bool = False
    """The spindles that are not shared are not bonded to each other."""
    hinged: bool = False
    """The two common ring particles are bonded, and just two bonds join the others, neighbours of these."""
    outer: bool = True
    """Spindles that are not shared belong to the cluster."""


PAIR_RULES = (
    #    name     x       y       rings  x in ring  y in ring  spindles  by
    Pair("7K",    "sp3c", "sp3c", 2,     0,         0,         1,        SPINDLE),
    Pair("8A",    "sp5b", "sp5b", 4,     FREE,      FREE,      0,        RING),
    Pair("8A",    "sp5c", "sp5c", 4,     FREE,      FREE,      2,        SPINDLE),
    Pair("8A",    "sp5b", "sp5c", 4,     FREE,      FREE,      1,        SPINDLE),
    Pair("8 of 9A", "sp4b", "sp4b", 2,   FREE,      FREE,      0,        RING, unbonded=True),
    Pair("9B",    "sp5c", "sp5c", 2,     1,         1,         1,        SPINDLE),
    Pair("9K",    "sp4c", "sp4c", 2,     0,         0,         1,        SPINDLE),
    Pair("11A",   "sp4c", "sp4c", 0,     FREE,      FREE,      1,        SPINDLE, (2, 2)),
    Pair("11C",   "sp5c", "sp5c", 2,     FREE,      FREE,      1,        SPINDLE, hinged=True),
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
    needs: str
    """What else it takes: basic clusters, "... by ring", "... by spindle", "parts of ...", "found ...", or "shared",
    the common neighbours of bonded particles, or "faces", which 5As share tetrahedra."""
    parts: int = 0
    """How many basic clusters the rows tell the numbers of, before the particles."""
    numbers: tuple[int, ...] = ()
    """And which columns or limits, where a kernel serves several types."""


EXTENSION_RULES = (
    Extension(("6Z", "7T_s", "7T_a"), grown.six_z, "sp3c", "sp3c, faces"),
    Extension(("8B",), grown.eight_b, "", "shared, sp5c, sp5c by spindle"),
    Extension(("8K",), grown.bridged, "7K", "parts of 7K, found 7K, sp3c, sp3c by spindle", 3, (1, 2, 3, 4)),
    Extension(("9A",), grown.nine_a, "8 of 9A", "parts of 8 of 9A, found 8 of 9A, sp4b, sp4b by ring"),
    Extension(("10A",), grown.ten_a, "sp4b", "sp4b", 2),
    Extension(("10B",), grown.ten_b, "9B", "parts of 9B, found 9B, sp5c, sp5c by spindle", 3),
    Extension(("10K",), grown.with_outside, "9K", "found 9K", 0, (0, 9, 0)),
    Extension(("10W",), grown.ten_w, "", "sp5b by spindle"),
    Extension(("11B",), large.eleven_b, "9B", "shared, found 9B"),
    Extension(("11E",), large.eleven_e, "9B", "parts of 9B, found 9B, sp5c, sp5c by spindle", 3),
    Extension(("11F",), large.eleven_f, "", "shared, sp4c, sp4c by spindle, sp3c by ring", 2),
    Extension(("11W",), grown.with_outside, "10B", "found 10B", 0, (10, 10, 3)),
    Extension(("12A",), large.twelve_a, "11C", "found 11C"),
    Extension(("12D",), grown.bridged, "11E", "parts of 11E, found 11E, sp5c, sp5c by spindle", 4, (2, 3, 0, 1)),
    Extension(("12E",), grown.bridged, "11F", "parts of 11F, found 11F, sp3c, sp3c by spindle", 3, (9, 10, 1, 2)),
    Extension(("12K",), large.twelve_k, "11A", "shared, parts of 11A, found 11A, sp4c"),
    Extension(("12B", "13A"), large.twelve_b, "", "sp5c, sp5c by spindle"),
    Extension(("13K",), large.thirteen_k, "11F", "parts of 11F, found 11F, sp3c, sp3c by spindle"),
    Extension(("FCC",), crystals.fcc, "", "shared, sp3b by ring, sp3b by spindle, sp3c by spindle"),
    Extension(("HCP",), crystals.hcp, "", "shared, sp3c by ring"),
)  # fmt: skip


class FoundClusters(NamedTuple):
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
        self.found: dict[str, FoundClusters] = {}
        (self.shared,) = self.run(common, self.n_particles, self.bonds)
        self._belonging: dict[str, tuple[NDArray[Any], ...]] = {}

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
        for m, rows in zip((3, 4, 5), self.run(rings.rings, self.n_particles, self.bonds), strict=True):
            for letter, some in zip("abc", rings.by_spindles(rows, m), strict=True):
                self.keep(f"sp{m}{letter}", some)
        self.keep("6A", self.found["sp4c"].particles)

    def pairs(self, rule: Pair) -> NDArray[np.int32]:
        part = "spindle" if rule.by == SPINDLE else "ring"
        (rows,) = self.rows(
            pairs.pairs, (2 + size_of(rule.name),), self.n_particles,
            *self.needed(f"shared, {rule.x}, {rule.x} by {part}, {rule.y}, {rule.y} by {part}"),
            rule.x == rule.y, int(rule.x[2]), rule.by,
            (
                rule.rings, rule.x_in_ring, rule.y_in_ring, rule.spindles, *rule.degree,
                rule.unbonded, rule.hinged, rule.outer,
            ),
        )  # fmt: skip
        return rows

    def extended(self, rule: Extension) -> tuple[NDArray[np.int32], ...]:
        number = len(self.found[rule.over].particles) if rule.over else self.n_particles
        columns = tuple(rule.parts + size_of(name) for name in rule.names)
        return self.rows(rule.kernel, columns, number, *self.needed(rule.needs), *rule.numbers)

    def needed(self, names: str) -> Iterator[NDArray[Any]]:
        for name in names.split(", "):
            match name.split():
                case ["shared"]:
                    yield self.shared
                case ["faces"]:
                    yield other_faces(*self.needed("sp3c"), self.bonds)
                case ["parts", "of", *words]:
                    yield self.found[" ".join(words)].made_of
                case ["found", *words]:
                    yield self.found[" ".join(words)].particles
                case [of, "by", part]:
                    yield from self.belonging(of, part)
                case _:
                    yield self.found[name].particles

    def belonging(self, name: str, part: str) -> tuple[NDArray[Any], ...]:
        """For each particle the clusters that have it in their ring, or as spindle; see the kernel."""
        key = f"{name} by {part}"
        if key not in self._belonging:
            rows, m = self.found[name].particles, int(name[2])
            first, last = (0, m) if part == "ring" else (m, rows.shape[1])
            self._belonging[key] = belonging(rows, m, first, last, self.bonds)
        return self._belonging[key]

    def rows(
        self, kernel: Callable[..., Any], columns: tuple[int, ...], number: int, *arguments: Any
    ) -> tuple[NDArray[np.int32], ...]:
        """What a kernel finds, rows of so many columns; it is run again if there was too little room."""

        def find(first: int, last: int) -> tuple[NDArray[np.int32], ...]:
            room = 16 * (last - first) + 64
            while True:
                rows = [np.empty((room, width), np.int32) for width in columns]
                used = kernel(first, last, *rows, self.bonds, *arguments)
                counts = used if isinstance(used, tuple) else (used,)
                if max(counts) < room:  # where there is no room, the last row is written over
                    return tuple(some[:count].copy() for some, count in zip(rows, counts, strict=True))
                room = max(counts) + 1

        return self.run(find, number)

    def run(self, kernel: Callable[..., Any], number: int, *arguments: Any) -> tuple[NDArray[np.int32], ...]:
        """The kernel over 0..number in parallel; what it returns, in order."""
        parts = map_ranges(kernel, ranges(number, _PER_RANGE) or [(0, 0)], *arguments)
        joined = zip(*parts, strict=True)
        return tuple(rows[0] if len(rows) == 1 else np.concatenate(rows) for rows in joined)

    def keep(self, name: str, rows: NDArray[np.int32]) -> None:
        """Take the rows of a kernel apart, and drop what was found before."""
        keys, columns = rows.shape[1] - size_of(name), rows.shape[1]
        match DISTINCT.get(name):
            case "particles":
                new = first_of_each(np.sort(rows[:, keys:], axis=1))
            case "clusters":
                new = first_of_each(sorted_columns(rows, keys))
            case "centre and particles":
                rest = np.sort(rows[:, keys + 1 :], axis=1)
                new = first_of_each(np.hstack([rows[:, keys : keys + 1], rest]))
            case None if keys == 0:
                self.found[name] = FoundClusters(rows[:, :0], rows)
                return
            case None:
                new = np.arange(len(rows))
        self.found[name] = FoundClusters(
            chosen_rows(rows, new, 0, keys), chosen_rows(rows, new, keys, columns)
        )


@cache
def size_of(name: str) -> int:
    """Number of particles in a cluster of a type."""
    if name.startswith("sp"):
        return int(name[2]) + "abc".index(name[3])
    return {"FCC": 13, "HCP": 13, "BCC_9": 9, "8 of 9A": 8}.get(name) or int(
        "".join(filter(str.isdigit, name))
    )
