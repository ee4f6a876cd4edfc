"""Model glass formers as data, and what can be computed from the data alone."""

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.glassformers.catalogue import (
        glass_former,
        glass_formers,
        library,
        liquid,
        model_of_record,
        model_record,
    )
    from vitreous.glassformers.diameters import DiameterDistribution
    from vitreous.glassformers.energies import local_energy, pair_energy_force
    from vitreous.glassformers.interaction import HardContact, PairPotentials, RawLammps, mixed_diameter
    from vitreous.glassformers.model import Control, GlassFormer
    from vitreous.glassformers.model_file import read_model, write_model
    from vitreous.glassformers.potentials import (
        Harmonic,
        InversePower,
        LennardJones,
        PairPotential,
        Table,
        Yukawa,
    )
    from vitreous.glassformers.sizes import split_by_size
    from vitreous.glassformers.snapshot import as_model, packing_fraction
    from vitreous.glassformers.start import composition, random_configuration
    from vitreous.glassformers.units import Units

__all__ = [
    "Control",
    "DiameterDistribution",
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
    "split_by_size",
    "write_model",
]

# Loaded when it is first used: the command line lists the library by the names of its files alone.
__getattr__, __dir__ = lazy(
    __name__,
    {
        "catalogue": (
            "glass_former",
            "glass_formers",
            "library",
            "liquid",
            "model_of_record",
            "model_record",
        ),
        "diameters": ("DiameterDistribution",),
        "energies": ("local_energy", "pair_energy_force"),
        "interaction": ("HardContact", "PairPotentials", "RawLammps", "mixed_diameter"),
        "model": ("Control", "GlassFormer"),
        "model_file": ("read_model", "write_model"),
        "potentials": ("Harmonic", "InversePower", "LennardJones", "PairPotential", "Table", "Yukawa"),
        "sizes": ("split_by_size",),
        "snapshot": ("as_model", "packing_fraction"),
        "start": ("composition", "random_configuration"),
        "units": ("UNIT_STYLES", "Units"),
    },
)
