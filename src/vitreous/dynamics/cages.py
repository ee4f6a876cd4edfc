"""The cage in which each particle rattles before anything rearranges: its width, its middle, its shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError

__all__ = ["CageMoments", "Cages", "Plateau"]

Array = NDArray[np.float64]

# The upper triangle of a symmetric matrix, row by row.
_ROWS, _COLUMNS = np.triu_indices(3)


@dataclass(frozen=True, eq=False)
class CageMoments:
    """Sums over the recorded times of one short run, from which cages are made.

    Attributes
    ----------
    count : int
        Recorded times.
    displacement : (N, 3) float64
        Σ u over those times, u the displacement from the snapshot less that of the centre of mass.
    squared : (N, 6) float64
        Σ u uᵀ: xx, xy, xz, yy, yz, zz.
    last_distance : (N,) float64
        |u| at the last of those times.
    """

    count: int
    displacement: Array
    squared: Array
    last_distance: Array

    @classmethod
    def empty(cls, particles: int) -> CageMoments:
        """Moments before any time was seen."""
        return cls(0, np.zeros((particles, 3)), np.zeros((particles, 6)), np.zeros(particles))

    def with_time(self, moved: Array) -> CageMoments:
        """The moments with the displacements (N, 3) of one more time, the last so far."""
        return CageMoments(
            self.count + 1,
            self.displacement + moved,
            self.squared + moved[:, _ROWS] * moved[:, _COLUMNS],
            np.sqrt(np.einsum("ik,ik->i", moved, moved)),
        )

    @classmethod
    def total(cls, parts: Sequence[CageMoments]) -> CageMoments:
        """The sums over several runs, added in their order; `last_distance` is the mean over them."""
        first, *others = parts
        return cls(
            sum(one.count for one in parts),
            sum((one.displacement for one in others), first.displacement),
            sum((one.squared for one in others), first.squared),
            sum((one.last_distance for one in others), first.last_distance) / len(parts),
        )

    def covariance(self) -> Array:
        """(N, 3, 3) covariance of u over all runs and times together."""
        mean = self.displacement / self.count
        upper = self.squared / self.count - mean[:, _ROWS] * mean[:, _COLUMNS]
        full = np.empty((len(mean), 3, 3))
        full[:, _ROWS, _COLUMNS] = upper
        full[:, _COLUMNS, _ROWS] = upper
        return full

    def variance(self) -> Array:
        """(N,) trace of the covariance, ⟨|u|²⟩ - |⟨u⟩|²."""
        return np.asarray(np.trace(self.covariance(), axis1=1, axis2=2))


@dataclass(frozen=True, eq=False)
class Plateau:
    r"""Where the mean squared displacement rises least.

    Attributes
    ----------
    times : (K,) float64
        Ends t of the windows [t/2, t] that were tried.
    mean_squared_displacement : (K,) float64
        Its mean over a window, over particles and over the runs that went so far.
    slope : (K,) float64
        :math:`d \ln\langle u^2\rangle / d \ln t` between the window before and the one after; NaN for the first and
        the last. A free particle has 2, a diffusing one 1, a caged one little.
    """

    times: Array
    mean_squared_displacement: Array
    slope: Array

    @property
    def least_slope(self) -> float:
        """The smallest slope seen; NaN where there are fewer than three windows."""
        return float(np.nanmin(self.slope)) if np.isfinite(self.slope).any() else float("nan")


@dataclass(frozen=True, eq=False)
class Cages:
    r"""Cages of the N particles of a snapshot, from short runs that begin at it with different velocities.

    With u the displacement from the snapshot, less that of the centre of mass, and averages over runs and over the
    recorded times in [t_s/2, t_s]:

    .. math:: v_i = \langle |\mathbf u_i|^2\rangle - |\langle\mathbf u_i\rangle|^2.

    Attributes
    ----------
    snapshot : Configuration
        Where the runs began.
    variance : (N,) float64
        v_i, in the squared length unit of the snapshot: a local Debye-Waller factor.
    mean_positions : (N, 3) float64
        :math:`\mathbf r_i + \langle\mathbf u_i\rangle`, the middle of each cage, followed through the boundaries.
    covariance : (N, 3, 3) float64
        :math:`\langle\mathbf u_i\mathbf u_i^T\rangle - \langle\mathbf u_i\rangle\langle\mathbf u_i\rangle^T`.
    half_variances : (2, N) float64
        The variance over the first and over the second half of the runs.
    distance : (N,) float64
        Mean over the runs of \|u_i(t_s)\|, the propensity at the end of the short runs.
    duration : float
        t_s, in the time unit of the snapshot.
    recorded : int
        Times recorded in each run.
    runs : int
    agreement : float
        Rank correlation of ln v, averaged over neighbourhoods, between the two halves of the runs; the smallest of
        the species.
    plateau : Plateau
    liquid : str
        Name of the model whose forces moved the particles.
    unit : float or None
        Distance of a neighbour at contact in it, in which descriptors are measured; None if that is not known.
    temperature : float or None
        None for hard spheres, whose unit of energy it is.
    seed : int
        Seed of all velocities.
    remarks : tuple of str
        What a reader has to know, in words; empty if nothing is wrong.
    about : mapping
        Time step, versions of programs.

    References
    ----------
    Short-time Debye-Waller factor and propensity: Widmer-Cooper, Harrowell, Phys. Rev. Lett. 96, 185701 (2006),
    doi:10.1103/PhysRevLett.96.185701. Cage state: Alkemade, Smallenburg, Filion, J. Chem. Phys. 158, 134512 (2023),
    doi:10.1063/5.0144822.
    """

    snapshot: Configuration
    variance: Array
    mean_positions: Array
    covariance: Array
    half_variances: Array
    distance: Array
    duration: float
    recorded: int
    runs: int
    agreement: float
    plateau: Plateau
    liquid: str
    unit: float | None
    temperature: float | None
    seed: int
    remarks: tuple[str, ...] = ()
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def at_mean_positions(self) -> Configuration:
        """The snapshot with each particle in the middle of its cage, without columns."""
        snapshot = self.snapshot
        return Configuration(
            self.mean_positions, snapshot.box, snapshot.species, snapshot.diameters, unwrapped=True
        )

    def log_variance(self, half: int | None = None) -> Array:
        """(N,) ln v, of all runs or of one half (0 or 1) of them.

        Raises
        ------
        InputError
            If a particle did not move at all, so that there is no logarithm.
        """
        variance = self.variance if half is None else self.half_variances[half]
        if not (variance > 0.0).all():
            first = int(np.argmin(variance))
            raise InputError(
                f"cages: particle {first} did not move in the short runs, so its cage has no width"
            )
        return np.asarray(np.log(variance))

    def __repr__(self) -> str:
        return (
            f"Cages(N={len(self.variance)}, {self.liquid}, {self.runs} runs to {self.duration:g}, "
            f"halves agree {self.agreement:.2f})"
        )
