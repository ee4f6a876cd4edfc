"""The three model glass formers as data, and what can be computed from the data alone."""

from vitreous.glassformers.catalogue import glass_former
from vitreous.glassformers.model import GlassFormer, LennardJones
from vitreous.glassformers.potential import local_energy, pair_energy_force
from vitreous.glassformers.snapshot import as_model, packing_fraction
from vitreous.glassformers.start import composition, random_configuration

__all__ = [
    "GlassFormer",
    "LennardJones",
    "as_model",
    "composition",
    "glass_former",
    "local_energy",
    "packing_fraction",
    "pair_energy_force",
    "random_configuration",
]
