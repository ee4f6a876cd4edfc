"""Model glass formers as data, and what can be computed from the data alone."""

from typing import TYPE_CHECKING

from vitreous._lazy import lazy
from vitreous.glassformers.catalogue import glass_former, glass_formers, model_of_record, model_record
from vitreous.glassformers.model import Control, GlassFormer, HardContact, LennardJones, PairPotentials, Units

if TYPE_CHECKING:
    from vitreous.glassformers.potential import local_energy, pair_energy_force
    from vitreous.glassformers.snapshot import as_model, packing_fraction
    from vitreous.glassformers.start import composition, random_configuration

__all__ = [
    "Control",
    "GlassFormer",
    "HardContact",
    "LennardJones",
    "PairPotentials",
    "Units",
    "as_model",
    "composition",
    "glass_former",
    "glass_formers",
    "local_energy",
    "model_of_record",
    "model_record",
    "packing_fraction",
    "pair_energy_force",
    "random_configuration",
]

# What computes is loaded when it is first used: to know the models costs next to nothing.
__getattr__, __dir__ = lazy(
    __name__,
    {
        "potential": ("local_energy", "pair_energy_force"),
        "snapshot": ("as_model", "packing_fraction"),
        "start": ("composition", "random_configuration"),
    },
)
