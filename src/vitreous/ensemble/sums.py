"""Means over runs of how far particles went, the runs added one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.structure.structure_factor import structure_factor

__all__ = ["DistanceMeans", "DistanceSums", "usual_wave_number"]

Array = NDArray[np.float64]


class DistanceMeans(NamedTuple):
    """Means over the runs, each of the shape of one run's distances; `halves` has two of them.

    The spread is a standard deviation; `self_scattering` is None where no wave number is known.
    """

    mean: Array
    halves: Array
    spread: Array
    mean_squared: Array
    self_scattering: Array | None


class DistanceSums:
    """Sums over runs: memory does not grow with their number, and the same runs in the same order give the same bits.

    Parameters
    ----------
    runs : int
        How many there will be, at least 2. The first runs // 2 are the first half; of an odd number the last run is
        in neither half.
    shape : tuple of int
        Shape of the distances of one run.
    wave_number : float or None
        q of sin(q r)/(q r), in the inverse unit of length.
    """

    def __init__(self, runs: int, shape: tuple[int, ...], wave_number: float | None) -> None:
        self._runs, self._half = runs, runs // 2
        self._q = wave_number
        self._total, self._squared, self._scattering = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._halves = np.zeros((2, *shape))
        self._added = 0

    def add(self, distance: NDArray[np.float32]) -> None:
        """Add the next run's distances."""
        r = distance.astype(np.float64)
        self._total += r
        if self._added < 2 * self._half:
            self._halves[self._added // self._half] += r
        if self._q is not None:
            self._scattering += np.sinc(r * (self._q / np.pi))
        r *= r
        self._squared += r
        self._added += 1

    def means(self) -> DistanceMeans:
        """The means, once all runs are added."""
        n = self._runs
        mean, squared = self._total / n, self._squared / n
        variance = np.maximum(squared - mean**2, 0.0) * (n / (n - 1))
        scattering = None if self._q is None else self._scattering / n
        return DistanceMeans(mean, self._halves / self._half, np.sqrt(variance), squared, scattering)


def usual_wave_number(snapshot: Configuration) -> float | None:
    """The first peak of the structure factor of a snapshot; None where there is none, or the box is open."""
    if not all(snapshot.box.periodic):
        return None
    peak = structure_factor(snapshot, partial=False).peak
    return None if peak is None else peak.wave_number
