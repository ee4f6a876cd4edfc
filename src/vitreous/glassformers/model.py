"""What a model glass former is: species, sizes, pair potentials, and the states it is studied in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vitreous.errors import InputError

__all__ = ["GlassFormer", "LennardJones"]


@dataclass(frozen=True)
class LennardJones:
    """The Lennard-Jones potential of one pair of species, cut and shifted to zero at its cutoff.

    Attributes
    ----------
    epsilon : float
        Depth of the minimum before the shift, in the model's energy unit.
    sigma : float
        Distance of zero energy before the shift, in the model's length unit.
    cutoff_factor : float
        The cutoff in units of this pair's own sigma.
    """

    epsilon: float
    sigma: float
    cutoff_factor: float

    @property
    def cutoff(self) -> float:
        """The distance from which on energy and force are zero."""
        return self.cutoff_factor * self.sigma


@dataclass(frozen=True)
class GlassFormer:
    """A binary model glass former in reduced units; all particles have mass 1.

    Attributes
    ----------
    name : str
        As `glass_former` takes it.
    species : (str, str)
        Labels.
    fractions : (float, float)
        Share of the particles in each species; they add up to 1.
    diameters : (float, float)
        Of each species: contact diameters of hard spheres, sigma of a species with itself otherwise.
    pairs : tuple of (str, str, LennardJones), or None
        The potential of every pair of species, each pair once; None for hard spheres.
    density : float or None
        Particles per unit volume; None for hard spheres, where the packing fraction sets it.
    control : str
        What distinguishes the states: "packing fraction" or "temperature".
    ladder : tuple of float
        The states studied, by increasing `control`. A choice: those of the paper are not known.
    deepest : float
        The most supercooled state of the ladder, the deepest of the paper.
    wave_number : float
        The q at which equilibration follows relaxation, a choice: at or a little below the first peak of the total
        S(q), which is at 8.2 for hard spheres at packing fraction 0.58, 6.6 and 7.4.
    neighbors : "sann" or "cutoff"
        Rule by which the paper finds neighbours in it, as `OrderParameter` takes it.
    descriptor_unit : float
        The length in which `CageOrderParameter` measures distances in it, a choice: of a neighbour at contact.
    units : str
        The units of length, energy and time, in words.
    source : str
        Where the model is from.
    """

    name: str
    species: tuple[str, str]
    fractions: tuple[float, float]
    diameters: tuple[float, float]
    pairs: tuple[tuple[str, str, LennardJones], ...] | None
    density: float | None
    control: str
    ladder: tuple[float, ...]
    deepest: float
    wave_number: float
    neighbors: Literal["sann", "cutoff"]
    descriptor_unit: float
    units: str
    source: str

    @property
    def large_diameter(self) -> float:
        """The diameter of the large species."""
        return max(self.diameters)

    @property
    def diameter_of(self) -> dict[str, float]:
        """Diameter by species label, as `Configuration` takes it."""
        return dict(zip(self.species, self.diameters, strict=True))

    def pair(self, a: str, b: str) -> LennardJones:
        """The potential between species `a` and `b`, in either order.

        Raises
        ------
        InputError
            If the model has no such species, or hard spheres are asked for a potential.
        """
        if self.pairs is None:
            raise InputError(f"{self.name}: hard particles have no pair potential, only contact")
        for first, second, potential in self.pairs:
            if (a, b) in ((first, second), (second, first)):
                return potential
        raise InputError(f"{self.name}: no pair {a}-{b}; the species are {', '.join(self.species)}")
