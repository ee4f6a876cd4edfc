"""A measured number of a study."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Measured"]


@dataclass(frozen=True)
class Measured:
    """A number with its standard error; NaN what is not known, and then why."""

    value: float = math.nan
    error: float = math.nan
    reason: str | None = None

    def __post_init__(self) -> None:
        if math.isnan(self.value) and self.reason is None:
            object.__setattr__(self, "reason", "not known")
