"""Model glass formers as data, and what can be computed from the data alone."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vitreous.glassformers.catalogue import (
        glass_former,
        glass_formers,
        library,
        liquid,
        model_of_record,
        model_record,
    )
    from vitreous.glassformers.energies import local_energy, pair_energy_force
    from vitreous.glassformers.interaction import HardContact, PairPotentials, RawLammps, mixed_diameter
    from vitreous.glassformers.model import GlassFormer
    from vitreous.glassformers.model_file import read_model, write_model
    from vitreous.glassformers.potentials import (
        Harmonic,
        InversePower,
        LennardJones,
        PairPotential,
        Table,
        Yukawa,
    )
    from vitreous.glassformers.snapshot import as_model, packing_fraction
    from vitreous.glassformers.start import composition, random_configuration
    from vitreous.glassformers.units import UNIT_STYLES, Units

__all__ = [
    "UNIT_STYLES",
    "GlassFormer",
    "HardContact",
    "Harmonic",
    "InversePower",
    "LennardJones",
    "PairPotential",
    "PairPotentials",
    "RawLammps",
    "Table",
    "Units",
    "Yukawa",
    "as_model",
    "composition",
    "glass_former",
    "glass_formers",
    "library",
    "liquid",
    "local_energy",
    "mixed_diameter",
    "model_of_record",
    "model_record",
    "packing_fraction",
    "pair_energy_force",
    "random_configuration",
    "read_model",
    "write_model",
]

# Loaded when it is first used: the command line lists the library by the names of its files alone.
_HOMES = {
    "GlassFormer": "model",
    "HardContact": "interaction",
    "Harmonic": "potentials",
    "InversePower": "potentials",
    "LennardJones": "potentials",
    "PairPotential": "potentials",
    "PairPotentials": "interaction",
    "RawLammps": "interaction",
    "Table": "potentials",
    "UNIT_STYLES": "units",
    "Units": "units",
    "Yukawa": "potentials",
    "as_model": "snapshot",
    "composition": "start",
    "glass_former": "catalogue",
    "glass_formers": "catalogue",
    "library": "catalogue",
    "liquid": "catalogue",
    "local_energy": "energies",
    "mixed_diameter": "interaction",
    "model_of_record": "catalogue",
    "model_record": "catalogue",
    "packing_fraction": "snapshot",
    "pair_energy_force": "energies",
    "random_configuration": "start",
    "read_model": "model_file",
    "write_model": "model_file",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"vitreous.glassformers.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'vitreous.glassformers' has no attribute {name!r}")
