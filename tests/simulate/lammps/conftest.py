"""Liquids for the tests of the LAMMPS engine."""

from __future__ import annotations

import pytest

from simulate.lammps.models import KA, TEMPERATURE, WAHNSTROM
from vitreous.simulate.lammps import LammpsMD


@pytest.fixture(scope="module")
def liquids():
    """A liquid of each model, its overlaps long gone."""
    return {
        model.name: LammpsMD.liquid(model, n, TEMPERATURE[model.name], seed=5).frame()
        for model, n in ((KA, 150), (WAHNSTROM, 120))
    }


@pytest.fixture(params=[KA, WAHNSTROM], ids=lambda model: model.name)
def case(request, liquids):
    """Start, model, temperature."""
    return liquids[request.param.name], request.param, TEMPERATURE[request.param.name]
