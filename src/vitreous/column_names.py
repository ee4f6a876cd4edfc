"""What the columns of a snapshot are called that the order parameter adds to it."""

from __future__ import annotations

__all__ = ["P_RED", "P_RED_AVERAGED"]

P_RED = "p_red"
P_RED_AVERAGED = "p_red_averaged"
