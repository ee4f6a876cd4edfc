"""What a model glass former is: everything that distinguishes one model from another, in one object."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.errors import InputError
from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.glassformers.interaction import HardContact, Interaction, PairPotentials, RawLammps
from vitreous.glassformers.potentials import PairPotential
from vitreous.glassformers.units import Units
from vitreous.records import added

__all__ = ["Control", "GlassFormer"]


@dataclass(frozen=True)
class Control:
    """What distinguishes the states of a model.

    Attributes
    ----------
    name : str
        In words.
    symbol, formula : str
        In text, and as mathematics in LaTeX.
    highest : float
        States lie between 0 and this.
    deepens : bool
        Whether the liquid is the more supercooled, the higher it is.
    unit : str
        Of temperature where it has a name, kelvin for instance; empty for pure numbers.
    """

    name: str
    symbol: str
    formula: str
    highest: float
    deepens: bool
    unit: str = ""

    def at(self, point: float) -> str:
        """Name and value, for instance "packing fraction 0.58"."""
        return f"{self.name} {point:g} {self.unit}".rstrip()

    def equation(self, point: float) -> str:
        """Symbol and value, for instance "η = 0.58"."""
        return f"{self.symbol} = {point:g} {self.unit}".rstrip()

    def equation_formula(self, point: float) -> str:
        """Symbol and value as mathematics in LaTeX."""
        return f"{self.formula} = {point:g}" + (rf"\,\mathrm{{{self.unit}}}" if self.unit else "")

    @property
    def key(self) -> str:
        """The name as an option or in a file: with an underscore."""
        return self.name.replace(" ", "_")


_PACKING_FRACTION = Control("packing fraction", "η", r"\eta", 1.0, True)
_TEMPERATURE = Control("temperature", "T", r"T^*", math.inf, False)


@dataclass(frozen=True)
class GlassFormer:
    """A model glass former, in reduced units or those of LAMMPS.

    Attributes
    ----------
    name : str
        As `glass_former` takes it, and in the names of files.
    title : str
        As people write it.
    species : tuple of str
        S labels.
    fractions, diameters, masses : tuple of float
        For each species, its share of the particles, which add up to 1; the contact diameter of hard spheres, σ of a
        species with itself otherwise, the mean where they differ; and its mass.
    interaction : PairPotentials, RawLammps or HardContact
    density : float or None
        Particles per unit volume; None for hard spheres, where the packing fraction sets it.
    ladder : tuple of float
        The states studied, by increasing `control`. A choice: those of the paper are not known.
    deepest : float or None
        The most supercooled state of the ladder, the deepest of the paper; None if nobody has said one.
    wave_number : float
        The q at which equilibration follows relaxation, a choice: at or a little below the first peak of the total
        S(q), which is at 8.2 for hard spheres at packing fraction 0.58, 6.6 and 7.4.
    scattering : "total" or "self"
        The scattering function whose fit gives τ_α in studies, as the paper has it.
    neighbors : "sann" or "cutoff"
        Rule by which the paper finds neighbours in it, as `OrderParameter` takes it.
    descriptor_unit : float
        The length in which `CageOrderParameter` measures distances in it, a choice: of a neighbour at contact.
    shortest_time : float
        The shortest time difference worth recording, where motion is ballistic still.
    timestep : float or None
        Time step of its dynamics by default; None for hard spheres, which need none.
    cost : float
        Processor seconds for a particle and a unit of time, for estimates.
    relaxation_times : tuple of (float, float)
        State points, increasing, with the time at which F_s falls to 1/e, for estimates.
    units : Units
    source : str
        Where the model is from.
    charges : tuple of float
        Of each species, in the unit of the commands of `RawLammps`; empty if there are none.
    distributions : tuple of DiameterDistribution or None
        How the diameters of each species are distributed, None where all are equal; empty if there is none such.
    """

    name: str
    title: str
    species: tuple[str, ...]
    fractions: tuple[float, ...]
    diameters: tuple[float, ...]
    masses: tuple[float, ...]
    interaction: Interaction
    density: float | None
    ladder: tuple[float, ...]
    deepest: float | None
    wave_number: float
    scattering: Literal["total", "self"]
    neighbors: Literal["sann", "cutoff"]
    descriptor_unit: float
    shortest_time: float
    timestep: float | None
    cost: float
    relaxation_times: tuple[tuple[float, float], ...]
    units: Units
    source: str
    charges: tuple[float, ...] = added(())
    distributions: tuple[DiameterDistribution | None, ...] = added(())

    @property
    def is_hard(self) -> bool:
        """Whether its particles have no potential energy, and so no temperature that matters, but only contact."""
        return isinstance(self.interaction, HardContact)

    @property
    def control(self) -> Control:
        """What distinguishes its states: the packing fraction of hard spheres, else the temperature."""
        if self.is_hard:
            return _PACKING_FRACTION
        unit = self.units.temperature
        return replace(_TEMPERATURE, formula="T", unit=unit) if unit else _TEMPERATURE

    @property
    def pair_potentials(self) -> tuple[tuple[str, str, PairPotential], ...]:
        """The potential of every pair of species, each pair once; none where there are no such formulas."""
        return self.interaction.pairs if isinstance(self.interaction, PairPotentials) else ()

    @property
    def large_diameter(self) -> float:
        """The diameter of the large species."""
        return max(self.diameters)

    @property
    def diameter_of(self) -> dict[str, float]:
        """Diameter by species label, as `Configuration` takes it."""
        return dict(zip(self.species, self.diameters, strict=True))

    @property
    def is_polydisperse(self) -> bool:
        """Whether particles of one species differ in size."""
        return bool(self.distributions)

    def diameters_of(self, labels: NDArray[np.int64] | NDArray[np.str_]) -> NDArray[np.float64]:
        """(N,) diameters of particles with these labels (N,), those of a distribution in increasing order."""
        names = labels.astype(str)
        diameters = np.empty(len(names))
        for k, name in enumerate(self.species):
            mine = names == name
            distribution = self.distributions[k] if self.distributions else None
            count = int(mine.sum())
            if count:
                diameters[mine] = self.diameters[k] if distribution is None else distribution.draw(count)
        return diameters

    @property
    def has_equal_masses(self) -> bool:
        """Whether all particles have the same mass, so that the centre of mass is their mean."""
        return len(set(self.masses)) == 1

    def masses_of(self, labels: NDArray[np.int64] | NDArray[np.str_]) -> NDArray[np.float64]:
        """(N,) masses of particles with these labels (N,)."""
        mass = dict(zip(self.species, self.masses, strict=True))
        return np.array([mass[label] for label in labels.astype(str).tolist()], dtype=np.float64)

    def pair(self, a: str, b: str) -> PairPotential:
        """The potential between species `a` and `b`, in either order.

        Raises
        ------
        InputError
            If the model has no such species, or hard spheres or commands of LAMMPS are asked for a potential.
        """
        if self.is_hard:
            raise InputError(f"{self.name}: hard particles have no pair potential, only contact")
        if isinstance(self.interaction, RawLammps):
            raise InputError(f"{self.name}: only LAMMPS knows its energy, there is no formula of a pair")
        for first, second, potential in self.pair_potentials:
            if (a, b) in ((first, second), (second, first)):
                return potential
        raise InputError(f"{self.name}: no pair {a}-{b}; the species are {', '.join(self.species)}")

    def check_temperature(self, temperature: float | None) -> None:
        """Refuse a temperature of hard spheres, and none, or one that is not positive and finite, of all others.

        Raises
        ------
        InputError
        """
        if self.is_hard:
            if temperature is not None:
                raise InputError("temperature: hard spheres have none, their energy sets the unit of time")
        elif temperature is None:
            raise InputError("temperature: a snapshot does not show its temperature; give it")
        else:
            positive("temperature", temperature)

    def resolved_timestep(self, timestep: float | None) -> float | None:
        """The time step that is used where this one is asked for: the model's in place of None, none if it needs none.

        Raises
        ------
        InputError
            If it is not positive and finite.
        """
        if timestep is not None:
            positive("timestep", timestep)
        return self.timestep if self.timestep is None or timestep is None else timestep

    def usual_relaxation_time(self, state_point: float) -> float:
        """Time at which F_s falls to 1/e, between the states where it is known; 10 if it is known nowhere."""
        if not self.relaxation_times:
            return 10.0
        points, times = zip(*self.relaxation_times, strict=True)
        return math.exp(float(np.interp(state_point, points, np.log(times))))
