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
    from vitreous.simulate.stage import Stage

__all__ = [
    "Ageing",
    "Drift",
    "EquilibrationReport",
    "Half",
    "Stage",
    "check",
    "engine_of",
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
        "stage": ("Stage",),
    },
)
