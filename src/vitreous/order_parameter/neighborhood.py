"""Which neighbours a trained order parameter sees: by SANN or by cutoffs, in any snapshot that is large enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError, ModelError
from vitreous.structure.neighbors import NeighborList, NeighborRule, Symmetry, cutoff_matrix, sann, within
from vitreous.structure.radial_distribution import radial_distribution
from vitreous.structure.surroundings import Surroundings, surroundings

__all__ = ["Neighborhood"]


@dataclass(frozen=True, eq=False)
class Neighborhood:
    """SANN with a symmetry where there is no cutoff, else one cutoff, (1, 1), or those of all pairs of S species."""

    symmetry: Symmetry
    cutoff: NDArray[np.float64] | None
    species_names: tuple[str, ...]

    @classmethod
    def measured(cls, rule: NeighborRule, symmetry: Symmetry, snapshot: Configuration) -> Neighborhood:
        """As `OrderParameter` takes it, with the first minimum of g(r) of this snapshot if that is asked for."""
        names = snapshot.species_names
        if not isinstance(rule, str):
            return cls(symmetry, cutoff_matrix(rule, names), names)
        if rule == "sann":
            return cls(symmetry, None, names)
        if rule == "cutoff":
            return cls(symmetry, np.array([[radial_distribution(snapshot).first_minimum]]), names)
        raise InputError(
            f"neighbors: expected 'sann', 'cutoff', a distance or a matrix of distances, got {rule!r}"
        )

    def __str__(self) -> str:
        if self.cutoff is None:
            return f"SANN neighbours ({self.symmetry})"
        if self.cutoff.size == 1:
            return f"neighbours within {self.cutoff.item():.6g}"
        return f"neighbours within {self.cutoff.tolist()} for {', '.join(self.species_names)}"

    @property
    def by_species(self) -> bool:
        """Whether it depends on the species who is a neighbour."""
        return self.cutoff is not None and self.cutoff.size > 1

    def neighbor_list(self, snapshot: Configuration) -> NeighborList:
        """The neighbours in a snapshot; InputError where one would be seen twice."""
        cutoff = self._cutoff_in(snapshot)
        found = sann(snapshot, self.symmetry) if cutoff is None else within(snapshot, cutoff)
        _refuse_small_box(snapshot, float(found.distances.max(initial=0.0)))
        return found

    def surroundings(self, snapshot: Configuration, l: Iterable[int]) -> Surroundings:
        """Their averaged bond order, without a list of them; errors as for `neighbor_list`."""
        found = surroundings(snapshot, l, symmetry=self.symmetry, cutoff=self._cutoff_in(snapshot))
        _refuse_small_box(snapshot, found.farthest)
        return found

    def _cutoff_in(self, snapshot: Configuration) -> NDArray[np.float64] | None:
        cutoff = self.cutoff
        if cutoff is None:
            return None
        if self.by_species:  # the snapshot may lack species that the model knows
            known = [self.species_names.index(name) for name in snapshot.species_names]
            cutoff = cutoff[np.ix_(known, known)]
        half = _half_box(snapshot)
        if cutoff.max() > half:
            raise InputError(
                f"cutoff: {cutoff.max():.6g} is more than half the box, {half:.6g}; a larger system or a "
                f"smaller cutoff is needed"
            )
        return cutoff

    def require(self, rule: NeighborRule | None, symmetry: Symmetry | None) -> None:
        """Refuse if these are others, by a ModelError; None is not compared, and "cutoff" stands for any cutoffs."""
        if symmetry is not None and (self.cutoff is not None or symmetry != self.symmetry):
            raise ModelError(
                f"model: it was trained with {self}, not with symmetry {symmetry}; train a new one or "
                f"drop the request"
            )
        if rule is None:
            return
        if isinstance(rule, str):
            fits = rule == ("sann" if self.cutoff is None else "cutoff")
        else:
            fits = self.cutoff is not None and np.array_equal(
                cutoff_matrix(rule, self.species_names), self.cutoff
            )
        if not fits:
            raise ModelError(
                f"model: it was trained with {self}, not {rule}; train a new one or drop the request"
            )


def _refuse_small_box(snapshot: Configuration, farthest: float) -> None:
    half = _half_box(snapshot)
    if farthest > half:
        raise InputError(
            f"box: a neighbourhood of radius {farthest:.6g} reaches over half the box, "
            f"{half:.6g}, so particles would be their own neighbours; a larger system is needed"
        )


def _half_box(snapshot: Configuration) -> float:
    """Half the least height of the box along its periodic axes."""
    return 0.5 * float(np.where(snapshot.box.periodic, snapshot.box.heights, np.inf).min())
