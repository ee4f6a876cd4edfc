"""The error of any number that is computed from several snapshots together, by leaving out one at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Jackknifed", "jackknife"]


@dataclass(frozen=True, eq=False)
class Jackknifed:
    """A number computed from n snapshots.

    Attributes
    ----------
    value : float
        From all together.
    pseudo : (n,) float64
        n θ - (n - 1) θ₋ᵢ of each snapshot i, where θ₋ᵢ is the number without it: independent, as if each snapshot had a
        number of its own. All NaN if a number is not known without one of the snapshots; of one snapshot θ itself.
    """

    value: float
    pseudo: NDArray[np.float64]

    @property
    def spread(self) -> float:
        """Standard deviation of `pseudo`; NaN for one snapshot."""
        return float(self.pseudo.std(ddof=1)) if len(self.pseudo) > 1 else math.nan

    @property
    def error(self) -> float:
        """Standard error of `value`; NaN for one snapshot."""
        return self.spread / math.sqrt(len(self.pseudo))


def jackknife(number: Callable[[NDArray[np.intp]], float], snapshots: int) -> Jackknifed:
    """Compute a number from all snapshots, and without each of them.

    Parameters
    ----------
    number : callable
        Of the indices of the snapshots that it may use, at least one.
    snapshots : int

    Returns
    -------
    Jackknifed
        NaN without any snapshot. For a mean: the mean and the snapshots' own values.

    References
    ----------
    Tukey, Ann. Math. Stat. 29, 614 (1958); Miller, Biometrika 61, 1 (1974), doi:10.1093/biomet/61.1.1.
    """
    everyone = np.arange(snapshots)
    if snapshots == 0:
        return Jackknifed(math.nan, np.empty(0))
    whole = number(everyone)
    if snapshots == 1:
        return Jackknifed(whole, np.array([whole]))
    without = np.array([number(np.delete(everyone, k)) for k in everyone])
    pseudo = snapshots * whole - (snapshots - 1) * without
    return Jackknifed(whole, pseudo if np.isfinite(pseudo).all() else np.full(snapshots, np.nan))
