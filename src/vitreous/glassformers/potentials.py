"""Pair potentials as formulas: energy and force of two particles at a distance, zero from a cutoff on.

A bare potential b(x), with x = r/σ and in units of ε, is truncated at c in one of these ways, named by what is then
continuous at the cutoff:

========================  ====================================================  ==========  =========
truncation                energy below the cutoff, in units of ε                smoothness  continuous
========================  ====================================================  ==========  =========
``"cut"``                 b(x)                                                  -1          nothing
``"shifted"``             b(x) - b(c)                                           0           energy
``"force-shifted"``       b(x) - b(c) - (x - c) b'(c)                           1           force too
``"xplor"``               b(x) S(x), see below                                  1           force too
``"polynomial"``          b(x) + c0 + c2 x² + c4 x⁴                             2           its slope too
========================  ====================================================  ==========  =========

S is 1 up to the onset o, then (c² - x²)² (c² + 2x² - 3o²) / (c² - o²)³, as in XPLOR, CHARMM and HOOMD (Brooks et al.,
J. Comput. Chem. 4, 187 (1983), doi:10.1002/jcc.540040211). The polynomial makes energy, force and its slope vanish at
the cutoff, as in the models for swap moves (Ninarello, Berthier, Coslovich, Phys. Rev. X 7, 021039 (2017),
doi:10.1103/PhysRevX.7.021039).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.errors import InputError
from vitreous.records import added

__all__ = [
    "MINIMUM",
    "Harmonic",
    "InversePower",
    "LennardJones",
    "PairPotential",
    "Table",
    "Truncation",
    "Yukawa",
    "polynomial",
]

MINIMUM = 2.0 ** (1.0 / 6.0)
"""Where a Lennard-Jones pair has its minimum, in units of its σ."""

Truncation: TypeAlias = Literal["cut", "shifted", "force-shifted", "xplor", "polynomial"]

_SMOOTHNESS = {"cut": -1, "shifted": 0, "force-shifted": 1, "xplor": 1, "polynomial": 2}

Array = NDArray[np.float64]
Reduced: TypeAlias = float | Array  # distances over σ


class _Bare(ABC):
    """A potential b(x) that some truncation ends at `cutoff_factor`."""

    epsilon: float
    sigma: float
    cutoff_factor: float
    truncation: Truncation
    onset_factor: float

    def __post_init__(self) -> None:
        positive("sigma", self.sigma)
        positive("cutoff", self.cutoff_factor)
        if not math.isfinite(self.epsilon):
            raise InputError(f"epsilon: expected a number, got {self.epsilon}")
        if self.truncation == "xplor" and not 0.0 < self.onset_factor < self.cutoff_factor:
            raise InputError(
                f"onset: expected a number between 0 and the cutoff {self.cutoff_factor:g}, got {self.onset_factor:g}"
            )

    @property
    def cutoff(self) -> float:
        """The distance from which on energy and force are zero."""
        return self.cutoff_factor * self.sigma

    @property
    def smoothness(self) -> int:
        """How many derivatives of the energy are continuous at the cutoff; -1 if the energy itself is not."""
        return _SMOOTHNESS[self.truncation]

    @abstractmethod
    def bare(self, x: Reduced) -> tuple[Reduced, Reduced, Reduced]:
        """b(x), b'(x) and b''(x), in units of ε and σ."""

    def energy_force(self, r: Array) -> tuple[Array, Array]:
        """Energy and force -du/dr at distances r > 0; exactly 0 from the cutoff on."""
        x, c = r / self.sigma, self.cutoff_factor
        u, slope, _ = self.bare(x)
        if self.truncation in ("shifted", "force-shifted"):
            at_cutoff, its_slope, _ = self.bare(c)
            u = u - at_cutoff
            if self.truncation == "force-shifted":
                u, slope = u - (x - c) * its_slope, slope - its_slope
        elif self.truncation == "polynomial":
            c0, c2, c4 = polynomial(self)
            u, slope = u + (c0 + x**2 * (c2 + x**2 * c4)), slope + x * (2.0 * c2 + 4.0 * c4 * x**2)
        elif self.truncation == "xplor":
            o = self.onset_factor
            s = (c**2 - x**2) ** 2 * (c**2 + 2.0 * x**2 - 3.0 * o**2) / (c**2 - o**2) ** 3
            its_slope = 12.0 * x * (c**2 - x**2) * (o**2 - x**2) / (c**2 - o**2) ** 3
            u, slope = np.where(x > o, u * s, u), np.where(x > o, slope * s + u * its_slope, slope)
        inside = r < self.cutoff
        return (
            np.where(inside, self.epsilon * u, 0.0),
            np.where(inside, -self.epsilon / self.sigma * slope, 0.0),
        )


def polynomial(pair: _Bare) -> tuple[float, float, float]:
    """c0, c2 and c4 of the truncation "polynomial", in units of ε and σ."""
    c = pair.cutoff_factor
    u, slope, curvature = pair.bare(c)
    c4 = (slope / c - curvature) / (8.0 * c**2)
    c2 = -slope / (2.0 * c) - 2.0 * c4 * c**2
    return float(-u - c2 * c**2 - c4 * c**4), float(c2), float(c4)


@dataclass(frozen=True)
class LennardJones(_Bare):
    """b(x) = 4 (x⁻¹² - x⁻⁶), by default shifted to zero at its cutoff.

    Cut at `MINIMUM` and shifted it is the purely repulsive potential of Weeks, Chandler and Andersen, J. Chem. Phys.
    54, 5237 (1971), doi:10.1063/1.1674820.

    Attributes
    ----------
    epsilon : float
        Depth of the minimum before the shift, in the model's energy unit.
    sigma : float
        Distance of zero energy before the shift, in the model's length unit.
    cutoff_factor : float
        The cutoff in units of this pair's own sigma.
    truncation : "cut", "shifted", "force-shifted", "xplor" or "polynomial"
        See `vitreous.glassformers.potentials`.
    onset_factor : float
        Where "xplor" begins, in units of sigma.
    """

    epsilon: float
    sigma: float
    cutoff_factor: float
    truncation: Truncation = added("shifted")
    onset_factor: float = added(0.0)

    @property
    def smoothness(self) -> int:
        """As of all; where the pair is cut at its minimum and shifted, the force is continuous too."""
        return 1 if self.cutoff_factor == MINIMUM and self.truncation == "shifted" else super().smoothness

    def bare(self, x: Reduced) -> tuple[Reduced, Reduced, Reduced]:
        """b(x), b'(x) and b''(x)."""
        sixth = x**-6.0
        return (
            4.0 * sixth * (sixth - 1.0),
            -24.0 * sixth * (2.0 * sixth - 1.0) / x,
            24.0 * sixth * (26.0 * sixth - 7.0) / x**2,
        )

    def energy_force(self, r: Array) -> tuple[Array, Array]:
        """Energy and force -du/dr at distances r > 0; exactly 0 from the cutoff on."""
        if self.truncation != "shifted":
            return super().energy_force(r)
        inside = r < self.cutoff
        sixth = (self.sigma / r) ** 6
        at_cutoff = self.cutoff_factor**-6.0
        # As a product, so that a pair that is cut at its minimum (where (σ/c)⁶ = 1/2) is repulsive to the last bit.
        energy = 4.0 * self.epsilon * (sixth - at_cutoff) * (sixth + (at_cutoff - 1.0))
        force = 24.0 * self.epsilon * sixth * (2.0 * sixth - 1.0) / r
        return np.where(inside, energy, 0.0), np.where(inside, force, 0.0)


@dataclass(frozen=True)
class InversePower(_Bare):
    """b(x) = x⁻ⁿ.

    Attributes
    ----------
    epsilon : float
        Energy of the bare potential at the distance `sigma`.
    sigma : float
    exponent : float
        n.
    cutoff_factor, truncation, onset_factor
        As of `LennardJones`.
    """

    kind: ClassVar = "inverse-power"

    epsilon: float
    sigma: float
    exponent: float
    cutoff_factor: float
    truncation: Truncation = "polynomial"
    onset_factor: float = added(0.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        positive("exponent", self.exponent)

    def bare(self, x: Reduced) -> tuple[Reduced, Reduced, Reduced]:
        """b(x), b'(x) and b''(x)."""
        n = self.exponent
        u = x**-n
        return u, -n * u / x, n * (n + 1.0) * u / x**2


@dataclass(frozen=True)
class Yukawa(_Bare):
    """b(x) = exp(-κσ (x - 1)) / x: a screened charge, with the energy ε at the distance σ.

    Attributes
    ----------
    epsilon : float
        Energy of the bare potential at the distance `sigma`; negative where particles attract each other.
    sigma : float
    kappa : float
        Inverse screening length κ, in the inverse of the model's length unit.
    cutoff_factor, truncation, onset_factor
        As of `LennardJones`.
    """

    kind: ClassVar = "yukawa"

    epsilon: float
    sigma: float
    kappa: float
    cutoff_factor: float
    truncation: Truncation = "shifted"
    onset_factor: float = added(0.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        positive("kappa", self.kappa)

    def bare(self, x: Reduced) -> tuple[Reduced, Reduced, Reduced]:
        """b(x), b'(x) and b''(x)."""
        k = self.kappa * self.sigma
        u = np.exp(-k * (x - 1.0)) / x
        return u, -u * (k + 1.0 / x), u * (k**2 + 2.0 * k / x + 2.0 / x**2)


@dataclass(frozen=True)
class Harmonic:
    """Soft spheres, u(r) = ε/2 (1 - r/σ)² where they overlap: O'Hern et al., Phys. Rev. E 68, 011306 (2003),
    doi:10.1103/PhysRevE.68.011306. Some authors leave out the 1/2; their ε is half of this one.

    Attributes
    ----------
    epsilon : float
        Twice the energy of particles in the same place.
    sigma : float
        The distance of contact, which is the cutoff.
    """

    kind: ClassVar = "harmonic"
    smoothness: ClassVar = 1

    epsilon: float
    sigma: float

    def __post_init__(self) -> None:
        positive("epsilon", self.epsilon)
        positive("sigma", self.sigma)

    @property
    def cutoff(self) -> float:
        """The distance from which on energy and force are zero: of contact."""
        return self.sigma

    def energy_force(self, r: Array) -> tuple[Array, Array]:
        """Energy and force -du/dr at distances r > 0; exactly 0 from the cutoff on."""
        overlap = np.maximum(1.0 - r / self.sigma, 0.0)
        return 0.5 * self.epsilon * overlap**2, self.epsilon / self.sigma * overlap


@dataclass(frozen=True)
class Table:
    """Energies and forces at given distances, and between them the cubic that has them at both ends.

    The force is the exact slope of that energy everywhere. Nearer than the first distance it stays what it is there;
    beyond the last one, the cutoff, both are 0.

    Attributes
    ----------
    sigma : float
        The distance that counts as that of contact.
    distances, energies, forces : tuple of float
        At least two, by increasing distance; a force is -du/dr.
    """

    kind: ClassVar = "table"

    sigma: float
    distances: tuple[float, ...]
    energies: tuple[float, ...]
    forces: tuple[float, ...]

    def __post_init__(self) -> None:
        positive("sigma", self.sigma)
        for name in ("distances", "energies", "forces"):
            object.__setattr__(self, name, tuple(map(float, getattr(self, name))))
        r, u, f = (np.array(one, np.float64) for one in (self.distances, self.energies, self.forces))
        if not (len(r) == len(u) == len(f) >= 2 and np.isfinite([r, u, f]).all()):
            raise InputError("table: expected at least two distances with a finite energy and force each")
        if not (r[0] > 0.0 and (np.diff(r) > 0.0).all()):
            raise InputError("table: distances must be positive and increase")

    @property
    def cutoff(self) -> float:
        """The distance from which on energy and force are zero: the last one."""
        return self.distances[-1]

    @property
    def smoothness(self) -> int:
        """As of all: what the last row is."""
        return -1 if self.energies[-1] else 0 if self.forces[-1] else 1

    def energy_force(self, r: Array) -> tuple[Array, Array]:
        """Energy and force -du/dr at distances r > 0; exactly 0 from the cutoff on."""
        x, u, f = (np.array(one) for one in (self.distances, self.energies, self.forces))
        k = np.clip(np.searchsorted(x, r, side="right") - 1, 0, len(x) - 2)
        h = x[k + 1] - x[k]
        t = (r - x[k]) / h
        rise = u[k + 1] - u[k]
        # u = u_k + t [-h f_k + t (a + t b)], with both values and both slopes
        a, b = 3.0 * rise + h * (2.0 * f[k] + f[k + 1]), -2.0 * rise - h * (f[k] + f[k + 1])
        energy = u[k] + t * (-h * f[k] + t * (a + t * b))
        force = f[k] - t * (2.0 * a + t * 3.0 * b) / h
        near, inside = r < x[0], r < x[-1]
        energy = np.where(near, u[0] + (x[0] - r) * f[0], energy)
        return np.where(inside, energy, 0.0), np.where(inside, np.where(near, f[0], force), 0.0)


PairPotential: TypeAlias = InversePower | Yukawa | Harmonic | Table | LennardJones
"""Whatever two particles may feel. The one without a ``kind`` comes last: records of it were made before there were
others.
"""
