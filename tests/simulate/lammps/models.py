"""The two models as the tests of the LAMMPS engine have them."""

from __future__ import annotations

import numpy as np

from vitreous.glassformers import glass_former

KA = glass_former("kob-andersen")
WAHNSTROM = glass_former("wahnstrom")
TEMPERATURE = {KA.name: 0.6, WAHNSTROM.name: 0.8}


def same(one, other):
    """Whether two engines are at the same place, to the last bit."""
    a, b = one.frame(), other.frame()
    return (
        np.array_equal(a.positions, b.positions)
        and np.array_equal(a.columns["velocity"], b.columns["velocity"])
        and (a.time, a.step) == (b.time, b.step)
    )
