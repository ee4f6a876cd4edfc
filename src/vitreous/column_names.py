"""What the columns of a snapshot are called that the order parameters add to it."""

from __future__ import annotations

__all__ = [
    "CAGE",
    "CAGE_AVERAGED",
    "DEBYE_WALLER_AVERAGED",
    "P_RED",
    "P_RED_AVERAGED",
    "SUPERVISED_AVERAGED",
]

P_RED = "p_red"
P_RED_AVERAGED = "p_red_averaged"
CAGE = "cage"
CAGE_AVERAGED = "cage_averaged"
DEBYE_WALLER_AVERAGED = "debye_waller_averaged"
SUPERVISED_AVERAGED = "supervised_averaged"
