"""Swap moves: particles of different sizes exchange their places, which shortens the way to equilibrium.

T. S. Grigera, G. Parisi, Phys. Rev. E 63, 045102 (2001), doi:10.1103/PhysRevE.63.045102; A. Ninarello, L. Berthier,
D. Coslovich, Phys. Rev. X 7, 021039 (2017), doi:10.1103/PhysRevX.7.021039. Two particles exchange their places; number,
species, diameter and mass belong to a particle and go with it. Metropolis' rule decides by the energy of the positions
alone: velocities are either those of the particles or, where all masses are equal, those of the places, so that kinetic
energy and momentum stay as they are and the Maxwell distribution with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.simulate.pair_energies import PairEnergies
from vitreous.structure.neighbors import within

__all__ = ["Exchanged", "Swap", "exchange_places"]

_FEW_SIZES = 26
_SHARE = 0.1


@dataclass(frozen=True)
class Swap:
    """How often particles try to exchange their places.

    Parameters
    ----------
    interval : float
        Time between two rounds of attempts, in the model's unit (choice: 0.2).
    attempts : float
        Pairs drawn in each round, per particle (choice: 50). Any two particles are drawn with the same probability;
        those of one size are left where they are.
    largest_difference : float, optional
        Of the diameters of hard spheres that are exchanged. Where diameters are continuous, exchanges of very different
        ones are hardly ever accepted; not trying them saves time, and the balance is kept, because nobody's diameter
        changes. By default a tenth of the mean diameter (choice) if there are more than 26 sizes, else any difference.

    Choices were made by the time to an independent snapshot of polydisperse hard spheres, `benchmarks/swap.py`.

    Raises
    ------
    InputError
        If a number is not positive.
    """

    interval: float = 0.2
    attempts: float = 50.0
    largest_difference: float | None = None

    def __post_init__(self) -> None:
        for name in ("interval", "attempts", "largest_difference"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0.0):
                raise InputError(f"swap: {name.replace('_', ' ')} must be a positive number, got {value}")

    def reach(self, diameters: NDArray[np.float64]) -> float:
        """The largest difference of diameters, among these (N,), that is exchanged."""
        if self.largest_difference is not None:
            return self.largest_difference
        few = len(np.unique(diameters)) <= _FEW_SIZES
        return math.inf if few else _SHARE * float(diameters.mean())


@dataclass(frozen=True, eq=False)
class Exchanged:
    """What came of a round of attempts.

    Attributes
    ----------
    places : (N,) int64
        Particle i is now where particle places[i] was.
    tried, done : int
        Pairs that could be exchanged, and that were.
    """

    places: NDArray[np.int64]
    tried: int
    done: int


def exchange_places(
    snapshot: Configuration, swap: Swap, seed: int | tuple[int, ...], energies: PairEnergies | None = None
) -> Exchanged:
    """Let the particles of a snapshot try to exchange their places, by Metropolis' rule.

    Parameters
    ----------
    snapshot : Configuration
        N particles; hard spheres with diameters, which may be all different.
    swap : Swap
    seed : int or tuple of int
        The same seed, the same exchanges.
    energies : PairEnergies, optional
        Of particles with pair potentials; without them they are hard spheres.

    Returns
    -------
    Exchanged

    Raises
    ------
    InputError
        If diameters are missing, or the snapshot is not one of the model.
    """
    from vitreous.simulate._swap_kernel import exchange_soft, exchange_spheres

    n = len(snapshot)
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, n, (max(1, round(swap.attempts * n)), 2))
    at = np.arange(n)
    if energies is None:
        if snapshot.diameters is None:
            raise InputError("diameters: to exchange hard spheres they are needed, and the snapshot has none")
        near = within(snapshot, float(snapshot.diameters.max()))
        radius, reach = snapshot.diameters / 2.0, swap.reach(snapshot.diameters)
        tried, done = exchange_spheres(pairs, reach, near.offsets, near.indices, near.distances, radius, at)
    else:
        near = within(snapshot, energies.cutoff)
        tried, done = exchange_soft(
            pairs,
            rng.random(len(pairs)),
            1.0 / energies.temperature,
            swap.reach(energies.size),
            near.offsets,
            near.indices,
            near.distances**2,
            energies.kinds_of(snapshot),
            at,
            energies.size,
            energies.scale,
            energies.strength,
            energies.shape,
            energies.value,
            energies.slope,
        )
    places = np.empty(n, dtype=np.int64)
    places[at] = np.arange(n)
    return Exchanged(places, int(tried), int(done))
