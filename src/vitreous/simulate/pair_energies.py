"""The pair potentials of a model in tables, for kernels that cannot call the formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, Harmonic, InversePower, LennardJones, PairPotential
from vitreous.glassformers.sizes import split_by_size, with_split_species

__all__ = ["PairEnergies"]

# Rows, equally spaced in r²: the cubics between them miss a Lennard-Jones energy by 1e-10 ε at most from 0.8 σ on.
_ROWS = 16_384
_INSIDE = 1.0 - 1e-12  # where the last row is taken, since energies are zero from the cutoff on


@dataclass(frozen=True, eq=False)
class PairEnergies:
    """Energies of all pairs of K kinds of particles at a temperature.

    Kinds are the species of the model, of which a polydisperse one has as many as sizes. Pairs that differ only in ε
    and σ have one table.

    Attributes
    ----------
    model : GlassFormer
    kinds : tuple of str
        Labels of the kinds.
    temperature : float
    cutoff : float
        The longest.
    size : (K,) float64
        Diameters.
    scale, strength : (K, K) float64
        Rows of the table per squared distance; factor of the energy.
    shape : (K, K) int64
        Number of the table.
    value, slope : (Q, P) float64
        Energies at the squared distances (k + 1) / scale, and their increase from row to row along the tangent.
    """

    model: GlassFormer
    kinds: tuple[str, ...]
    temperature: float
    cutoff: float
    size: NDArray[np.float64]
    scale: NDArray[np.float64]
    strength: NDArray[np.float64]
    shape: NDArray[np.int64]
    value: NDArray[np.float64]
    slope: NDArray[np.float64]

    @classmethod
    def of(cls, model: GlassFormer, temperature: float) -> Self:
        """Those of a model.

        Raises
        ------
        InputError
            If the model has no pair potentials.
        """
        model.check_temperature(temperature)
        kinds = split_by_size(model)
        if not kinds.pair_potentials:
            raise InputError(
                f"swap: {model.name} has no pair potentials, by whose energies particles could be exchanged"
            )
        n = len(kinds.species)
        scale, strength, shape = np.empty((n, n)), np.empty((n, n)), np.empty((n, n), dtype=np.int64)
        numbers: dict[PairPotential, int] = {}
        for a, b, pair in kinds.pair_potentials:
            i, j = kinds.species.index(a), kinds.species.index(b)
            reduced, unit, factor = _reduced(pair)
            number = numbers.setdefault(reduced, len(numbers))
            for one, other in ((i, j), (j, i)):
                scale[one, other] = _ROWS / (reduced.cutoff * unit) ** 2
                strength[one, other], shape[one, other] = factor, number
        value, slope = (np.array(rows) for rows in zip(*map(_table, numbers), strict=True))
        return cls(
            model,
            kinds.species,
            temperature,
            max(pair.cutoff for _, _, pair in kinds.pair_potentials),
            np.array(kinds.diameters),
            scale,
            strength,
            shape,
            value,
            slope,
        )

    def kinds_of(self, snapshot: Configuration) -> NDArray[np.int64]:
        """(N,) kinds of the particles of a snapshot.

        Raises
        ------
        InputError
            If one is not of the model.
        """
        labelled = with_split_species(snapshot, self.model)
        unknown = [str(name) for name in labelled.species_names if str(name) not in self.kinds]
        if unknown:
            raise InputError(f"species: {', '.join(unknown)} are none of {self.model.name}")
        numbers = np.array([self.kinds.index(str(name)) for name in labelled.species_names])
        return np.asarray(numbers[labelled.species_index], dtype=np.int64)


def _reduced(pair: PairPotential) -> tuple[PairPotential, float, float]:
    """The pair in its own units where these are nothing but units, with its unit of length and factor of energy."""
    if isinstance(pair, LennardJones | InversePower | Harmonic):
        return replace(pair, epsilon=1.0, sigma=1.0), pair.sigma, pair.epsilon
    return pair, 1.0, 1.0


def _table(pair: PairPotential) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    step = pair.cutoff**2 / _ROWS
    r = np.sqrt(step * np.arange(1.0, _ROWS + 1.0))
    r[-1] = pair.cutoff * _INSIDE
    energy, force = pair.energy_force(r)
    return energy, -force / (2.0 * r) * step
