"""Model glass formers as data, and what can be computed from the data alone."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vitreous.glassformers.catalogue import glass_former, glass_formers, model_of_record, model_record
from vitreous.glassformers.model import GlassFormer, HardContact, LennardJones, PairPotentials, Units

if TYPE_CHECKING:
    from vitreous.glassformers.potential import local_energy, pair_energy_force
    from vitreous.glassformers.snapshot import as_model, packing_fraction
    from vitreous.glassformers.start import composition, random_configuration

__all__ = [
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
_HOMES = {
    "as_model": "snapshot",
    "composition": "start",
    "local_energy": "potential",
    "packing_fraction": "snapshot",
    "pair_energy_force": "potential",
    "random_configuration": "start",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"vitreous.glassformers.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'vitreous.glassformers' has no attribute {name!r}")
