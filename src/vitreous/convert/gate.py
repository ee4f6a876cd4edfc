"""What the objects of all programs go through to become a `Configuration`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.io.frame import Frame, Overrides, assemble

__all__ = ["configuration_of", "three_flags"]


def configuration_of(frame: Frame, name: str, says: Mapping[str, object]) -> Configuration:
    """Make the configuration of a frame; `name` is for messages and becomes the source."""
    given: Mapping[str, Any] = says
    known = Overrides.__dataclass_fields__
    unknown = [option for option in says if option not in known]
    if unknown:
        raise InputError(f"{unknown[0]}: no such option; there are {', '.join(known)}")
    if frame.positions.ndim != 2 or frame.positions.shape[1:] != (3,) or not len(frame.positions):
        raise InputError(f"{name}: expected positions of shape (N, 3), got {frame.positions.shape}")
    return assemble(frame, Overrides(**given), name)


def three_flags(values: Any) -> tuple[bool, bool, bool]:
    """Periodicity along a, b and c from one flag or three."""
    a, b, c = np.broadcast_to(np.asarray(values, dtype=bool), 3).tolist()
    return a, b, c
