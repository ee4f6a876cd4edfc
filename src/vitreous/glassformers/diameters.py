"""Polydispersity: distributions of diameters, and the diameters of N particles drawn from one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import positive, whole
from vitreous.errors import InputError

__all__ = ["DiameterDistribution"]

_Name = Literal["gaussian", "uniform", "r^-3", "log-normal"]
_NAMES: tuple[str, ...] = get_args(_Name)
# A Gaussian without a lower bound may have tails only where no diameter that is ever drawn is negative: six widths
# below the mean lies 1e-9 of it.
_WIDTHS_ABOVE_ZERO = 6.0


@dataclass(frozen=True)
class DiameterDistribution:
    r"""How the diameters of a polydisperse model are distributed.

    Parameters
    ----------
    distribution : "gaussian", "uniform", "r^-3" or "log-normal"
        "r^-3" is :math:`P(\sigma) \propto \sigma^{-3}` between `minimum` and `maximum`, of Ninarello, Berthier,
        Coslovich, Phys. Rev. X 7, 021039 (2017), doi:10.1103/PhysRevX.7.021039; "log-normal" that of which the
        logarithm is Gaussian.
    mean : float, optional
        Of "gaussian" and "log-normal", as they are before anything is cut off; of "uniform" where it has no bounds.
        In the model's unit of length; 1 by default.
    polydispersity : float, optional
        Standard deviation per mean, of the same.
    minimum, maximum : float, optional
        Bounds: "uniform" and "r^-3" lie between them; "gaussian" and "log-normal" are cut off there, and the mean of
        what is left is not exactly `mean`.
    levels : int, optional
        Number of different diameters, each of them that of the same share of particles; by default all differ. Where
        particles have pair potentials it is needed, because LAMMPS knows a limited number of kinds.

    Raises
    ------
    InputError
        If a parameter is missing, too many are given, or a diameter could be zero or negative.
    """

    distribution: _Name
    mean: float | None = None
    polydispersity: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    levels: int | None = None

    def __post_init__(self) -> None:
        if self.distribution not in _NAMES:
            raise InputError(
                f"diameters: distribution {self.distribution!r} is not known; known are {', '.join(_NAMES)}"
            )
        for name in ("mean", "polydispersity", "minimum", "maximum"):
            if (value := getattr(self, name)) is not None:
                positive(f"diameters, {name}", value)
        if self.levels is not None:
            whole("diameters, levels", self.levels, 2)
        bounded = self.minimum is not None and self.maximum is not None
        if bounded and not self.minimum < self.maximum:  # type: ignore[operator]
            raise InputError(f"diameters: minimum {self.minimum} is not below maximum {self.maximum}")
        if self.distribution == "r^-3" or (self.distribution == "uniform" and self.polydispersity is None):
            if not bounded:
                other = " or a polydispersity" if self.distribution == "uniform" else ""
                raise InputError(f"diameters: {self.distribution!r} needs minimum and maximum{other}")
            if self.mean is not None or self.polydispersity is not None:
                raise InputError(
                    f"diameters: mean and polydispersity of {self.distribution!r} follow from minimum and maximum; "
                    f"give only these"
                )
        elif self.polydispersity is None:
            raise InputError(f"diameters: {self.distribution!r} needs a polydispersity")
        elif self.distribution == "uniform" and (self.minimum is not None or self.maximum is not None):
            raise InputError("diameters: 'uniform' takes minimum and maximum or a polydispersity, not both")
        low, high = self.bounds
        if low >= high:
            raise InputError(
                f"diameters: minimum or maximum is more than {_WIDTHS_ABOVE_ZERO:g} widths from the mean, where no "
                f"diameters are"
            )
        if low <= 0.0:
            raise InputError(
                f"diameters: with polydispersity {self.polydispersity:g} some would be zero or negative; give a "
                f"minimum or a smaller polydispersity"
            )

    def quantile(self, share: ArrayLike) -> NDArray[np.float64]:
        """The diameters below which these shares (...) of all lie, between 0 and 1, both excluded; (...) float64."""
        from scipy.special import ndtr, ndtri

        u = np.asarray(share, dtype=np.float64)
        low, high = self.bounds
        if self.distribution == "uniform":
            return low + (high - low) * u
        if self.distribution == "r^-3":
            return np.asarray((low**-2.0 - u * (low**-2.0 - high**-2.0)) ** -0.5)
        centre, width = self._normal()
        ends = [low, high]
        if self.distribution == "log-normal":
            ends = [math.log(end) for end in ends]
        first, last = (float(ndtr((end - centre) / width)) for end in ends)
        normal = centre + width * ndtri(first + (last - first) * u)
        return np.asarray(np.exp(normal) if self.distribution == "log-normal" else normal)

    def draw(self, n: int, seed: int | None = None) -> NDArray[np.float64]:
        """Diameters of n particles.

        Parameters
        ----------
        n : int
        seed : int, optional
            Without it they are the quantiles of the shares (k + ½)/n, in increasing order: the same every time, and
            moments are those of the distribution up to terms of 1/n. With it they are independent.

        Returns
        -------
        (n,) float64
        """
        whole("diameters: number of particles", n, 1)
        shares = (np.arange(n) + 0.5) / n if seed is None else np.random.default_rng(seed).random(n)
        if self.levels is not None:
            shares = (np.floor(shares * self.levels) + 0.5) / self.levels
        return self.quantile(shares)

    def sizes(self) -> NDArray[np.float64]:
        """(K,) the different diameters, increasing, where their number is limited."""
        assert self.levels is not None
        return self.draw(self.levels)

    @property
    def average(self) -> float:
        """The mean of all diameters, what is cut off left out."""
        low, high = self.bounds
        if self.distribution == "uniform":
            return 0.5 * (low + high)
        if self.distribution == "r^-3":
            return 2.0 * low * high / (low + high)
        centre, width = self._normal()
        if self.distribution == "gaussian":
            first, last = (low - centre) / width, (high - centre) / width
            density = math.exp(-0.5 * first**2) - math.exp(-0.5 * last**2)
            return centre + width * density / math.sqrt(2.0 * math.pi) / (_below(last) - _below(first))
        first, last = (math.log(low) - centre) / width, (math.log(high) - centre) / width
        share = (_below(last - width) - _below(first - width)) / (_below(last) - _below(first))
        return math.exp(centre + 0.5 * width**2) * share

    def _normal(self) -> tuple[float, float]:
        """Centre and width of the Gaussian, of the diameters or of their logarithms."""
        mean, relative = 1.0 if self.mean is None else self.mean, self.polydispersity
        assert relative is not None
        if self.distribution == "gaussian":
            return mean, relative * mean
        variance = math.log1p(relative**2)
        return math.log(mean) - 0.5 * variance, math.sqrt(variance)

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which all diameters lie."""
        low, high = self.minimum, self.maximum
        if self.distribution == "uniform" and self.polydispersity is not None:
            mean = 1.0 if self.mean is None else self.mean
            half = math.sqrt(3.0) * self.polydispersity * mean
            return mean - half, mean + half
        if self.distribution == "gaussian":
            centre, width = self._normal()
            low = centre - _WIDTHS_ABOVE_ZERO * width if low is None else low
            high = centre + _WIDTHS_ABOVE_ZERO * width if high is None else high
        elif self.distribution == "log-normal":
            centre, width = self._normal()
            low = math.exp(centre - _WIDTHS_ABOVE_ZERO * width) if low is None else low
            high = math.exp(centre + _WIDTHS_ABOVE_ZERO * width) if high is None else high
        assert low is not None
        assert high is not None
        return low, high


def _below(x: float) -> float:
    """Share of a Gaussian of width 1 below x."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))
