"""Whether the snapshots of a state are independent of each other: measured, not assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vitreous.study.results import StateResults

__all__ = ["Independence", "independence"]

_PLACE = 0.3  # of a large diameter, within which a particle is where it was


@dataclass(frozen=True)
class Independence:
    """How much a snapshot of a state has to do with the one before it.

    Attributes
    ----------
    overlap : float
        Share of the particles that are within 0.3 large diameters of where they were in the snapshot before; mean over
        pairs of neighbouring snapshots. NaN for fewer than two.
    correlation : float
        Of ⟨P_red⟩ in one snapshot with that in the next. NaN for fewer than four snapshots.
    expected, limit : float
        Its mean if they are independent, -1/(S - 1) for S snapshots, and how far from there 95 % of such correlations
        are, 1.96/√(S - 1).
    snapshots : int
        S.
    """

    overlap: float
    correlation: float
    expected: float
    limit: float
    snapshots: int


def independence(state: StateResults) -> Independence:
    """Measure it, from the snapshots that are made."""
    configurations = [one.configuration for one in state.snapshots]
    overlaps = []
    for before, after in pairwise(configurations):
        if before is not None and after is not None:
            edges = after.box.lengths  # of a cube, as in every study
            moved = after.positions - before.positions
            moved -= edges * np.rint(moved / edges)
            near = np.sqrt((moved**2).sum(axis=1)) < _PLACE * state.state.former.large_diameter
            overlaps.append(float(near.mean()))
    values = state.untrained_p_red
    count = 0 if values is None else len(values)
    correlation = math.nan
    if values is not None and count > 3 and np.ptp(values) > 0.0:
        about = values - values.mean()
        correlation = float((about[:-1] * about[1:]).sum() / (about**2).sum())
    return Independence(
        float(np.mean(overlaps)) if overlaps else math.nan,
        correlation,
        -1.0 / (count - 1) if count > 3 else math.nan,
        1.96 / math.sqrt(count - 1) if count > 3 else math.nan,
        count,
    )
