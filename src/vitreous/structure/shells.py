"""Description of every particle by shells of its neighbours, radial ones, angular ones or both, in one pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.parallel import map_ranges
from vitreous.structure import _shells_kernel as kernel
from vitreous.structure._gaussian_kernel import CUTOFF
from vitreous.structure.cells import cell_list, check_reach

__all__ = ["AngularShells", "RadialShells", "described"]

# From one equidistant Gaussian to the next, none on the way may be smaller than exp(-600).
_LARGEST_EXPONENT = 600.0


class RadialShells(NamedTuple):
    """Centers (K,) and one width, in the length unit of the positions; checked."""

    centers: NDArray[np.float64]
    width: float

    @classmethod
    def of(cls, centers: ArrayLike, width: float, unit: float) -> RadialShells:
        """Check what `radial_shells` is given."""
        length = positive("unit", unit)
        try:
            given = np.asarray(centers, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"centers: expected numbers, got {centers!r}") from None
        if given.ndim != 1 or given.size == 0:
            raise InputError(f"centers: expected one or more radii, got shape {given.shape}")
        if not (np.isfinite(given).all() and (given >= 0).all()):
            raise InputError(f"centers: must be finite and not negative, got {given.tolist()}")
        return cls(given * length, positive("width", width) * length)

    @property
    def reach(self) -> float:
        """How far away neighbours count."""
        return float(self.centers.max(initial=-CUTOFF * self.width)) + CUTOFF * self.width

    @property
    def step(self) -> float:
        """Spacing if the centers are equidistant and each Gaussian can be had from the one before, else 0."""
        if self.centers.size < 2:
            return 0.0
        steps = np.diff(self.centers)
        farthest = max(float(self.centers[0]), self.reach - float(self.centers[0]))
        if np.ptp(steps) > 1e-12 * self.reach or 0.5 * (farthest / self.width) ** 2 > _LARGEST_EXPONENT:
            return 0.0
        return float(steps.mean())


class AngularShells(NamedTuple):
    """Centers and widths (M,), in the length unit of the positions, and degrees (L,); checked."""

    centers: NDArray[np.float64]
    widths: NDArray[np.float64]
    degrees: NDArray[np.int64]

    @classmethod
    def of(cls, shells: ArrayLike, degrees: NDArray[np.int64], unit: float) -> AngularShells:
        """Check what `smooth_bond_order` is given; the degrees have been."""
        length = positive("unit", unit)
        try:
            table = np.array(shells, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError(f"shells: expected pairs (center, width), got {shells!r}") from None
        if table.ndim != 2 or table.shape[0] == 0 or table.shape[1] != 2:
            raise InputError(f"shells: expected pairs (center, width), got {shells!r}")
        if not (np.isfinite(table).all() and (table[:, 0] >= 0).all() and (table[:, 1] > 0).all()):
            raise InputError(
                f"shells: centers must not be negative and widths positive, got {table.tolist()}"
            )
        return cls(table[:, 0] * length, table[:, 1] * length, degrees)

    @property
    def limits(self) -> NDArray[np.float64]:
        """How far from its center each shell goes."""
        return CUTOFF * self.widths

    @property
    def reach(self) -> float:
        """How far away neighbours count."""
        return float((self.centers + self.limits).max(initial=0.0))


NO_RADIAL = RadialShells(np.empty(0), 1.0)
NO_ANGULAR = AngularShells(np.empty(0), np.empty(0), np.ones(1, np.int64))


def described(
    configuration: Configuration, radial: RadialShells = NO_RADIAL, angular: AngularShells = NO_ANGULAR
) -> NDArray[np.float64]:
    """(N, S * K + M * L) K `radial_shells` of each species, then `smooth_bond_order` of L degrees in each of M shells.

    InputError if particles coincide, where there are angular shells, or one reaches over thousands of images.
    """
    reach = max(radial.reach, angular.reach)
    check_reach(configuration, reach, "shells")
    # Cells of half the reach: 125 of them hold fewer candidates than 27 of twice that width.
    cells = cell_list(configuration, reach / 2.0)
    n_kinds, l_max = len(configuration.species_names), int(angular.degrees.max())
    columns = n_kinds * radial.centers.size + angular.centers.size * angular.degrees.size
    table = np.empty((len(configuration), columns))
    found = map_ranges(
        kernel.describe, cells.ranges(), *cells.arrays, cells.order, configuration.species_index[cells.order], n_kinds,
        radial.reach, radial.centers, radial.step, radial.width,
        angular.reach, angular.centers, angular.widths, angular.limits, angular.degrees, l_max, table,
    )  # fmt: skip
    cells.refuse_coincidence(configuration, found)
    return table
