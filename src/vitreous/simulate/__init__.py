"""Simulations of the glass formers: hard spheres by our own engine, the mixtures by LAMMPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.simulate.ageing import Ageing, Half
    from vitreous.simulate.drift import Drift
    from vitreous.simulate.engines import engine_of
    from vitreous.simulate.equilibrate import check, next_stage
    from vitreous.simulate.equilibration_report import EquilibrationReport
    from vitreous.simulate.lammps_script import write_lammps_input
    from vitreous.simulate.pair_energies import PairEnergies
    from vitreous.simulate.stage import Stage
    from vitreous.simulate.swap import Exchanged, Swap, exchange_places
    from vitreous.simulate.swapping import SwapMD, along_paths

__all__ = [
    "Ageing",
    "Drift",
    "EquilibrationReport",
    "Exchanged",
    "Half",
    "PairEnergies",
    "Stage",
    "Swap",
    "SwapMD",
    "along_paths",
    "check",
    "engine_of",
    "exchange_places",
    "next_stage",
    "write_lammps_input",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "ageing": ("Ageing", "Half"),
        "drift": ("Drift",),
        "engines": ("engine_of",),
        "equilibrate": ("check", "next_stage"),
        "equilibration_report": ("EquilibrationReport",),
        "lammps_script": ("write_lammps_input",),
        "pair_energies": ("PairEnergies",),
        "stage": ("Stage",),
        "swap": ("Exchanged", "Swap", "exchange_places"),
        "swapping": ("SwapMD", "along_paths"),
    },
)
