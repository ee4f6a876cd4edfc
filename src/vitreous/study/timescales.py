"""The relaxation times of a state, as its trajectory has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from vitreous.glassformers import GlassFormer

__all__ = ["Measured", "crossing_time", "relaxation_time"]


@dataclass(frozen=True)
class Measured:
    """A number with its standard error; NaN what is not known, and then why."""

    value: float = np.nan
    error: float = np.nan
    reason: str | None = None

    @classmethod
    def told(cls, value: float | None, error: float | None, reason: str | None) -> Self:
        """From JSON, in which None is not known."""
        if value is None:
            return cls(reason=reason or "not known")
        return cls(float(value), np.nan if error is None else float(error))


def relaxation_time(former: GlassFormer, relaxation: Mapping[str, Any]) -> Measured:
    """τ_α as the paper has it: the stretched exponential fitted to F of hard spheres, to F_s of the others.

    Parameters
    ----------
    former : GlassFormer
    relaxation : mapping
        What `Relaxation.as_dict` tells.

    Returns
    -------
    Measured
        In the unit of time of the model.
    """
    fit = relaxation["scattering"][former.scattering]["fit"]
    return Measured.told(fit["tau"], fit["tau_error"], fit["reason"])


def crossing_time(relaxation: Mapping[str, Any]) -> Measured:
    """Time at which F_s of all particles falls to 1/e.

    Parameters
    ----------
    relaxation : mapping
        What `Relaxation.as_dict` tells.

    Returns
    -------
    Measured
        In the unit of time of the model.
    """
    crossing = relaxation["scattering"]["self"]["crossing"]
    return Measured.told(crossing["value"], crossing["error"], crossing["reason"])
