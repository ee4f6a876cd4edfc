"""One stage of an equilibration run, and its frames: regular ones, and dense ones after some of these."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import numbers
from vitreous.errors import InputError

__all__ = ["DENSE", "INTERVALS", "Stage", "stage_times"]

INTERVALS = 64
"""Regular frames follow each other by this part of a stage's duration."""

DENSE = np.arange(0, INTERVALS, 8)
"""Regular frames that dense ones follow, so that F_s is known at short times too: four in each half."""

_PER_DECADE = 5
# A frame may be this part of a regular interval off, because an engine moves in steps.
_TOLERANCE = 0.25


@dataclass(frozen=True, eq=False)
class Stage:
    """What was recorded at the times that `stage_times` gave, up to an engine's rounding to its steps.

    Parameters
    ----------
    times : (T,) float64
        Since the beginning of the run, increasing; the first is the beginning of the stage.
    positions : (T, N, 3) float64
        Unwrapped.
    pressure, temperature : (T,) float64
        Entry k is the mean over the interval that ended at times[k]; entry 0 is not used.
    energy : (T,) float64 or None
        Likewise, potential energy per particle; None for hard spheres.

    Attributes
    ----------
    regular : (65,) int64
        Numbers of the frames that divide the stage into 64 equal intervals.

    Raises
    ------
    InputError
        If shapes do not fit, a number is not finite, or the times are not those of a stage.
    """

    times: NDArray[np.float64]
    positions: NDArray[np.float64]
    pressure: NDArray[np.float64]
    temperature: NDArray[np.float64]
    energy: NDArray[np.float64] | None = None
    regular: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("times", "positions", "pressure", "temperature", "energy"):
            given = getattr(self, name)
            if name != "energy" or given is not None:
                put(self, name, numbers(f"stage: {name}", given))
        t, x = self.times, self.positions
        if t.ndim != 1 or x.ndim != 3 or x.shape[::2] != (len(t), 3) or x.shape[1] == 0:
            raise InputError(
                f"stage: expected times (T,) and positions (T, N, 3), got {t.shape} and {x.shape}"
            )
        if not (np.isfinite(t).all() and (np.diff(t) > 0).all()):
            raise InputError("stage: times must be finite and increasing")
        if not np.isfinite(x).all():
            raise InputError("stage: positions must be finite")
        for name in ("pressure", "temperature", "energy"):
            series = getattr(self, name)
            if series is None:
                continue
            if series.shape != t.shape:
                raise InputError(f"stage: {name} must have shape {t.shape}, got {series.shape}")
            if not np.isfinite(series[1:]).all():
                bad = 1 + int(np.flatnonzero(~np.isfinite(series[1:]))[0])
                raise InputError(f"stage: {name} is not finite in the interval that ended at {t[bad]:.6g}")
        put(self, "regular", self._find_regular())

    @property
    def begin(self) -> float:
        """Time of the first frame."""
        return float(self.times[0])

    @property
    def end(self) -> float:
        """Time of the last frame."""
        return float(self.times[-1])

    @property
    def duration(self) -> float:
        """Time from the first frame to the last."""
        return self.end - self.begin

    def after(self, k: int) -> NDArray[np.int64]:
        """Numbers of the dense frames between regular frames k and k + 1."""
        return np.arange(self.regular[k] + 1, self.regular[k + 1])

    def regular_means(self, series: NDArray[np.float64]) -> NDArray[np.float64]:
        """(64,) means over the regular intervals of a (T,) series of means over the intervals between frames."""
        integral = np.concatenate([[0.0], np.cumsum(series[1:] * np.diff(self.times))])
        return np.asarray(np.diff(integral[self.regular]) / np.diff(self.times[self.regular]))

    def _find_regular(self) -> NDArray[np.int64]:
        t = self.times
        if len(t) > INTERVALS:
            interval = self.duration / INTERVALS
            wanted = t[0] + interval * np.arange(INTERVALS + 1)
            right = np.clip(np.searchsorted(t, wanted), 1, len(t) - 1)
            nearest = np.where(wanted - t[right - 1] < t[right] - wanted, right - 1, right)
            dense = np.diff(nearest)[DENSE]
            if (np.abs(t[nearest] - wanted) <= _TOLERANCE * interval).all() and (dense == dense[0]).all():
                return np.asarray(nearest, dtype=np.int64)
        raise InputError(
            f"stage: the {len(t)} times are not those of a stage, which has frames at every {INTERVALS}th of its "
            f"duration and dense ones after every eighth of these; record at the times that next_stage gives"
        )


def stage_times(begin: float, duration: float, shortest: float) -> NDArray[np.float64]:
    """Times of a stage's frames, from its beginning to its end.

    Parameters
    ----------
    begin, duration : float
        In the model's unit of time.
    shortest : float
        Lower bound of the time from a regular frame to the first of the dense ones that follow it.

    Returns
    -------
    (T,) float64
        Those of 64 equal intervals; and within every eighth of these, dense ones, five a decade of the time since
        its beginning.
    """
    interval = duration / INTERVALS
    count = max(0, math.floor(_PER_DECADE * math.log10(interval / shortest) + 1e-9))
    dense = interval * 10.0 ** (-np.arange(count, 0, -1) / _PER_DECADE)
    regular = begin + interval * np.arange(INTERVALS + 1)
    regular[-1] = begin + duration
    return np.sort(np.concatenate([regular, np.add.outer(regular[DENSE], dense).ravel()]))
