"""What a cage order parameter says about itself, in numbers and in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

__all__ = ["CageReport"]

# Two halves of the short runs have to agree so well, by rank correlation, for the sampling to count as converged.
_LABELS, _LEARNED = 0.65, 0.9
_STABLE = 0.9


@dataclass(frozen=True)
class CageReport:
    """Numbers about one fit.

    Attributes
    ----------
    particles : mapping of species to int
        Learned from.
    explained : mapping of species to float
        Share of the variance of ln v that the structure explains in blocks of space that were not learned from, eight
        in each snapshot.
    explained_bare : mapping of species to float
        The same from bare positions, without the mean positions in the cages.
    label_agreement : float
        Rank correlation of the averaged ln v of both halves of the short runs; the smallest over species and
        snapshots.
    learned_agreement : float
        The same of what is learned from either half, averaged.
    stability : float
        The same of what is learned from one random half of the blocks of space or from the other; the smallest over
        five draws.
    runs : int
        Short runs of each snapshot, the smallest number.
    duration : float
        Duration of the short runs, t_s, the largest.
    snapshots : int
    remarks_of_cages : tuple of str
        What the sampling of the cages had to say.
    """

    told: ClassVar = ("converged", "remarks")

    particles: Mapping[str, int]
    explained: Mapping[str, float]
    explained_bare: Mapping[str, float]
    label_agreement: float
    learned_agreement: float
    stability: float
    runs: int
    duration: float
    snapshots: int
    remarks_of_cages: tuple[str, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether both halves of the runs tell the same: 0.65 for the averaged labels, 0.9 for what is learned."""
        return self.label_agreement >= _LABELS and self.learned_agreement >= _LEARNED

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a careful reader should know; the first says whether the sampling has converged."""
        runs = f"{self.runs} short runs to {self.duration:g}"
        agreement = f"averaged ln v {_two(self.label_agreement)}, learned {_two(self.learned_agreement)}"
        if self.converged:
            said = [f"Both halves of the {runs} tell the same ({agreement})."]
        else:
            said = [f"NOT converged: the halves of the {runs} differ ({agreement}); take more runs."]
        share = ", ".join(f"{name} {100 * value:.0f} %" for name, value in self.explained.items())
        said.append(
            f"Structure explains this share of the variance of ln v where it was not learned: {share}."
        )
        if max(self.explained.values()) <= 0.0:
            said.append(
                "NOTHING was learned: structure says nothing of these cages; use the averaged ln v itself."
            )
        if not self.stability >= _STABLE:
            said.append(
                f"NOT stable: learned from one half of space or from the other, it agrees to {_two(self.stability)}; "
                f"a larger snapshot, or several, would help."
            )
        said.append(
            "Assumed: a wider cage means a more mobile particle (no sign is fitted), the interactions, and the "
            "temperature. It uses short-time dynamics within the cage, nothing later, and no propensity."
        )
        return (*said, *(f"{remark[0].upper()}{remark[1:]}." for remark in self.remarks_of_cages))


def _two(value: float) -> str:
    return "unknown" if math.isnan(value) else f"{value:.2f}"
