"""What a result depends on of a model glass former."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from vitreous.glassformers import GlassFormer, PairPotential, RawLammps
from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.records import added

__all__ = ["Liquid"]


@dataclass(frozen=True)
class Liquid:
    """The constants of a model, each as in `GlassFormer` and its interaction."""

    name: str
    species: tuple[str, ...]
    fractions: tuple[float, ...]
    diameters: tuple[float, ...]
    masses: tuple[float, ...]
    pairs: tuple[tuple[str, str, PairPotential], ...]
    density: float | None
    wave_number: float
    lammps: RawLammps | None = added(None)
    charges: tuple[float, ...] = added(())
    distributions: tuple[DiameterDistribution | None, ...] = added(())

    @classmethod
    def of(cls, former: GlassFormer) -> Self:
        """Those of a model."""
        return cls(
            former.name,
            former.species,
            former.fractions,
            former.diameters,
            former.masses,
            former.pair_potentials,
            former.density,
            former.wave_number,
            former.interaction if isinstance(former.interaction, RawLammps) else None,
            former.charges,
            former.distributions,
        )
