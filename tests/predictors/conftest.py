from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from leagues import SPHERES, made_up
from vitreous.order_parameter import OrderParameter
from vitreous.predictors.values import Subject


@pytest.fixture(autouse=True, scope="session")
def _quick() -> Iterator[None]:
    """Principal components in place of autoencoders, which take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vitreous.predictors.values.OrderParameter", partial(OrderParameter, reducer="pca"))
        yield


@pytest.fixture(scope="session", name="input")
def _input():
    """Snapshots, propensities and cages of three small liquids."""
    return made_up()


@pytest.fixture(scope="session", name="subjects")
def _subjects(input):
    snapshots, _, cages = input
    return [
        Subject(str(k), *one, 0) for k, one in enumerate(zip(snapshots, [SPHERES] * 3, cages, strict=True))
    ]
