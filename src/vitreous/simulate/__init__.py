"""Simulations of the glass formers: hard spheres by our own engine, the mixtures by LAMMPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.simulate.ageing import Ageing as Ageing
    from vitreous.simulate.ageing import Half as Half
    from vitreous.simulate.drift import Drift as Drift
    from vitreous.simulate.engines import engine_of as engine_of
    from vitreous.simulate.equilibrate import check as check
    from vitreous.simulate.equilibrate import next_stage as next_stage
    from vitreous.simulate.equilibration_report import EquilibrationReport as EquilibrationReport
    from vitreous.simulate.lammps_script import write_lammps_input as write_lammps_input
    from vitreous.simulate.pair_energies import PairEnergies as PairEnergies
    from vitreous.simulate.stage import Stage as Stage
    from vitreous.simulate.swap import Exchanged as Exchanged
    from vitreous.simulate.swap import Swap as Swap
    from vitreous.simulate.swap import exchange_places as exchange_places
    from vitreous.simulate.swapping import SwapMD as SwapMD
    from vitreous.simulate.swapping import along_paths as along_paths

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

__all__ = __dir__()
