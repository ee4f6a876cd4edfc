"""Whether a quantity still drifts, judged against its own slow fluctuations."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.errors import InputError

__all__ = ["Drift", "measure_drift"]

# Shares of the variance of one block that may belong to the slow fluctuations, all equally likely beforehand.
_SHARES = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
_FEWEST = 8


@dataclass(frozen=True)
class Drift:
    """A straight line through block means.

    Attributes
    ----------
    begin, end : float
        Where the first block begins and the last ends.
    mean : float
        Mean of the blocks: the line at the middle.
    slope : float
        Change per time.
    error : float
        Standard error of the slope.
    """

    begin: float
    end: float
    mean: float
    slope: float
    error: float

    @property
    def change(self) -> float:
        """Change along the line from begin to end."""
        return self.slope * (self.end - self.begin)

    @property
    def change_error(self) -> float:
        """Standard error of the change."""
        return self.error * (self.end - self.begin)

    @property
    def relative(self) -> float:
        """Change as a share of the mean's magnitude; NaN if that is zero."""
        return self.change / abs(self.mean) if self.mean != 0 else math.nan

    @property
    def significance(self) -> float:
        """Slope in units of its standard error, with its sign; 0 for a constant."""
        return self.slope / self.error if self.error > 0 else 0.0

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """The line at some times."""
        return np.asarray(self.mean + self.slope * (np.asarray(time) - 0.5 * (self.begin + self.end)))


def measure_drift(values: ArrayLike, begin: float, end: float, correlation_time: float) -> Drift:
    r"""Drift of a quantity given as means over equal blocks of time.

    Pressure and energy of a supercooled liquid fluctuate for as long as its structure takes to relax. Blocks are
    much shorter than that, and a straight line through them with the usual error calls equilibrium a drift in
    one of three runs. Here a block's deviation from the line has two parts, one independent in every block, the
    other with correlations exp(-|t| / correlation_time); the line is that of generalised least squares. How
    much is slow is not known: slope and error are means over all shares from 0 to 0.99, weighted by their
    (restricted) likelihood.

    Parameters
    ----------
    values : (B,) array_like
        Means over B equal blocks, at least 8.
    begin, end : float
        Begin and end of the whole series.
    correlation_time : float
        Correlation time of the slow fluctuations.

    Returns
    -------
    Drift

    Raises
    ------
    InputError
        If there are fewer than 8 blocks, a number is not finite, or a time is not positive.

    References
    ----------
    Restricted likelihood of a regression with correlated errors: Harville, J. Am. Stat. Assoc. 72, 320 (1977),
    doi:10.1080/01621459.1977.10480998.
    """
    y = np.asarray(values, dtype=np.float64)
    n = len(y) if y.ndim == 1 else 0
    if n < _FEWEST or not np.isfinite(y).all():
        raise InputError(f"drift: expected at least {_FEWEST} finite block means, got shape {y.shape}")
    if not (end > begin and correlation_time > 0):
        raise InputError("drift: the series and the correlation time must be longer than zero")
    mean, scale = float(y.mean()), float(np.abs(y - y.mean()).max())
    if scale <= 1e-13 * abs(mean):
        return Drift(begin, end, mean, 0.0, 0.0)
    y = (y - mean) / scale
    t = (np.arange(n) - 0.5 * (n - 1)) / n
    design = np.stack([np.ones(n), t], axis=1)
    slow = _block_correlations(n, (end - begin) / n / correlation_time)
    lines, covariances, costs = [], [], []
    for share in _SHARES:
        inverse = np.linalg.inv(share * slow + (1.0 - share) * np.eye(n))
        information = design.T @ inverse @ design
        line = np.linalg.solve(information, design.T @ inverse @ y)
        rest = y - design @ line
        variance = max(rest @ inverse @ rest / (n - 2), 1e-30)  # of a perfect line it would be 0
        lines.append(line)
        covariances.append(variance * np.linalg.inv(information)[1, 1])
        costs.append(
            0.5
            * ((n - 2) * np.log(variance) - np.linalg.slogdet(inverse)[1] + np.linalg.slogdet(information)[1])
        )
    likelihood = np.exp(np.min(costs) - np.array(costs))
    likelihood /= likelihood.sum()
    intercept, slope = likelihood @ np.array(lines)
    uncertainty = likelihood @ (np.array(covariances) + (np.array(lines)[:, 1] - slope) ** 2)
    per_time = scale / (end - begin)
    return Drift(
        begin,
        end,
        mean + scale * float(intercept),
        per_time * float(slope),
        per_time * math.sqrt(uncertainty),
    )


def _block_correlations(n: int, x: float) -> NDArray[np.float64]:
    """(n, n) correlations of means over blocks, x correlation times long, of an exponentially correlated noise."""
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    same = 2.0 * (x + np.expm1(-x)) / x**2
    other = np.exp(-(apart - 1) * x) * (np.expm1(-x) / x) ** 2
    return np.asarray(np.where(apart > 0, other / same, 1.0))
