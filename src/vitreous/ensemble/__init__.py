"""The isoconfigurational ensemble: many runs from the same positions, each with velocities of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.ensemble.campaign import Campaign
    from vitreous.ensemble.propensity import combine, run_campaign
    from vitreous.ensemble.run_inputs import write_run_inputs

__all__ = ["Campaign", "combine", "run_campaign", "write_run_inputs"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "campaign": ("Campaign",),
        "propensity": ("combine", "run_campaign"),
        "run_inputs": ("write_run_inputs",),
    },
)
