"""Pairs of frames by their difference in time, for any schedule of frames."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.errors import InputError

__all__ = ["TimeDifference", "time_differences"]

_TOLERANCE = 0.01
_SPACING = 0.05  # of differences, in decades
_CELLS_PER_DECADE = 15
_CANDIDATES = 10  # looked at in each cell
# Origins are spread well if they are found in most of so many equal parts of the trajectory. A difference gives way to
# a better one this near, in decades, if it is spread over less than half as many, and of those possible less than 3/4.
_PLACES = 16
_NEAR = 0.15
_MUCH_LESS, _LESS = 0.5, 0.75
_MOST_ORIGINS = 128
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True, eq=False)
class TimeDifference:
    """Pairs of frames that are equally far apart in time.

    Attributes
    ----------
    value : float
        Mean difference of the pairs.
    earlier, later : (P,) int64
        Numbers of the frames.
    """

    value: float
    earlier: NDArray[np.int64]
    later: NDArray[np.int64]

    @property
    def origins(self) -> int:
        """Number of pairs."""
        return len(self.earlier)


def time_differences(times: ArrayLike) -> list[TimeDifference]:
    """The differences at which to look at a trajectory, and all pairs of frames for each.

    Pairs of frames belong together if their differences agree to one per cent. Of the differences that occur, those
    come first whose origins are spread over most sixteenths of the trajectory, then those of most pairs, then those
    that begin at the earliest frame; each is taken if it is a twentieth of a decade from all before. One that is
    seen only in a small part of the trajectory is left out if there is a better one near by. So frames at equal
    distances give their multiples, frames at logarithmic times after one origin these times, and anything between is
    used as far as it goes. Of more than 128 pairs 128 are taken, evenly spread in time.

    Parameters
    ----------
    times : (T,) array_like
        Increasing.

    Returns
    -------
    list of TimeDifference
        In increasing order.

    Raises
    ------
    InputError
        If there are fewer than two times, or they do not increase.
    """
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != 1 or len(t) < 2 or not (np.isfinite(t).all() and (np.diff(t) > 0).all()):
        raise InputError("times: expected at least two, finite and increasing")
    origins = np.arange(len(t) - 1)
    if len(t) ** 2 > 2 * _MOST_PAIRS:
        origins = np.unique(
            np.linspace(0, len(t) - 2, max(1, 2 * _MOST_PAIRS // len(t))).round().astype(np.int64)
        )
    earlier = np.repeat(origins, len(t) - 1 - origins)
    later = np.concatenate([np.arange(k + 1, len(t)) for k in origins])
    difference = t[later] - t[earlier]
    order = np.lexsort((earlier, difference))
    earlier, later, difference = earlier[order], later[order], difference[order]

    # Windows [d, d (1 + tolerance)] beginning at each difference; the fullest of each cell on a logarithmic scale.
    end = np.searchsorted(difference, difference * (1.0 + _TOLERANCE), side="right")
    count = end - np.arange(len(difference))
    scale = np.log10(difference / difference[0])
    cell = np.floor(_CELLS_PER_DECADE * scale + 1e-9).astype(np.int64)
    ranked = np.lexsort((earlier, -count, cell))
    candidates = np.concatenate(
        [_apart(part, difference) for part in np.split(ranked, np.flatnonzero(np.diff(cell[ranked])) + 1)]
    )

    place = np.floor(_PLACES * (t - t[0]) / (t[-1] - t[0])).astype(np.int64)
    spread = np.array([len(np.unique(place[earlier[k : end[k]]])) for k in candidates])
    share = spread / (np.floor(_PLACES * (1.0 - difference[candidates] / (t[-1] - t[0]))) + 1.0)
    chosen: list[int] = []
    for k in np.lexsort((earlier[candidates], -count[candidates], -spread)).tolist():
        distance = np.abs(scale[candidates[chosen]] - scale[candidates[k]])
        better = (spread[k] < _MUCH_LESS * spread[chosen]) & (share[k] < _LESS * share[chosen])
        if (distance >= np.where(better, _NEAR, _SPACING)).all():
            chosen.append(k)
    found = []
    for k in np.sort(candidates[chosen]).tolist():
        window = k + np.argsort(earlier[k : end[k]], kind="stable")
        if len(window) > _MOST_ORIGINS:
            begins = t[earlier[window]]
            nearest = np.searchsorted(begins, np.linspace(begins[0], begins[-1], _MOST_ORIGINS))
            window = window[np.unique(np.minimum(nearest, len(window) - 1))]
        value = math.fsum(difference[window]) / len(window)
        found.append(TimeDifference(value, earlier[window], later[window]))
    return found


def _apart(ranked: NDArray[np.int64], difference: NDArray[np.float64]) -> NDArray[np.int64]:
    """The first ten of `ranked` whose windows do not overlap."""
    chosen: list[int] = []
    while len(ranked) and len(chosen) < _CANDIDATES:
        chosen.append(int(ranked[0]))
        distance = np.abs(difference[ranked] - difference[chosen[-1]])
        ranked = ranked[distance > _TOLERANCE * difference[ranked]]
    return np.array(chosen, dtype=np.int64)
