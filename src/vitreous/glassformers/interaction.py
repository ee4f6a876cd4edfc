"""What holds the particles of a model together or apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vitreous.arrays import positive
from vitreous.glassformers.lammps_lines import require_harmless
from vitreous.glassformers.potentials import PairPotential
from vitreous.glassformers.units import UnitStyle
from vitreous.records import added

__all__ = ["HardContact", "Interaction", "PairPotentials", "RawLammps", "mixed_diameter"]


def mixed_diameter(first: float, second: float, nonadditivity: float = 0.0) -> float:
    r"""σ of two particles: half the sum of theirs, less by a share of the difference.

    .. math:: \sigma_{ij} = \tfrac12 (\sigma_i + \sigma_j) (1 - \epsilon |\sigma_i - \sigma_j|)

    Ninarello, Berthier, Coslovich, Phys. Rev. X 7, 021039 (2017), doi:10.1103/PhysRevX.7.021039.
    """
    return 0.5 * (first + second) * (1.0 - nonadditivity * abs(first - second))


@dataclass(frozen=True)
class HardContact:
    """Particles that collide where their radii meet, and feel nothing before."""

    program: ClassVar[str] = "numba"
    """The package that moves such particles."""


@dataclass(frozen=True)
class PairPotentials:
    """Particles with a potential energy, the sum of that of all pairs.

    Attributes
    ----------
    pairs : tuple of (str, str, PairPotential)
        The potential of every pair of species, each pair once.
    nonadditivity : float
        Of the rule by which diameters make the σ of a pair, see `mixed_diameter`; the pairs above have it already.
    """

    pairs: tuple[tuple[str, str, PairPotential], ...]
    nonadditivity: float = added(0.0)
    program: ClassVar[str] = "lammps"


@dataclass(frozen=True)
class RawLammps:
    """Whatever LAMMPS can do, in its own commands.

    Attributes
    ----------
    commands : tuple of str
        The lines that describe the interaction, with ``pair_style`` and ``pair_coeff`` among them; atoms of type 1 are
        the first species of the model, and so on. They are checked by `require_harmless`.
    cutoff : float
        How far particles feel each other, in the model's length unit: no box may be smaller.
    unit_style : "lj", "metal" or "real"
        The units of LAMMPS in which all numbers of the model are.
    files : tuple of (str, str)
        Names and texts of the files that the commands read.
    damping : float, optional
        Period of the thermostat, a Nosé-Hoover chain of three; by default 100 time steps.
    allow_shell : bool
        Take all commands, also those that can do whatever a program can.

    Raises
    ------
    UnsafeLineError
        If a command may not be used.
    """

    commands: tuple[str, ...]
    cutoff: float
    unit_style: UnitStyle
    files: tuple[tuple[str, str], ...] = ()
    damping: float | None = None
    allow_shell: bool = added(False)
    program: ClassVar[str] = "lammps"
    kind: ClassVar = "lammps"

    def __post_init__(self) -> None:
        positive("cutoff", self.cutoff)
        if self.damping is not None:
            positive("damping", self.damping)
        if not self.allow_shell:
            require_harmless(self.commands, dict(self.files))


Interaction = RawLammps | PairPotentials | HardContact
"""In this order, since records of the last two were made before there were others and have no ``kind``."""
