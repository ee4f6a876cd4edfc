from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from cage_oracles import made_up_cages


@pytest.fixture(scope="session")
def other(hard_spheres):
    """Another snapshot of the same liquid: shaken, in another order."""
    rng = np.random.default_rng(5)
    order = rng.permutation(len(hard_spheres))
    shaken = hard_spheres.positions + rng.normal(scale=0.03, size=(len(order), 3))
    return vt.Configuration(shaken[order], hard_spheres.box, species=hard_spheres.species[order])


@pytest.fixture(scope="session")
def principal(hard_spheres):
    """A model on principal components, fitted to the hard spheres."""
    return vt.OrderParameter(reducer="pca").fit(hard_spheres)


@pytest.fixture(scope="session")
def network(hard_spheres):
    """A small consensus of two autoencoders, fitted to the hard spheres."""
    return vt.OrderParameter(members=2, random_state=1).fit(hard_spheres)


@pytest.fixture(scope="session", name="liquid")
def _liquid(hard_spheres):
    """A cube of the hard spheres, in a smaller box."""
    places = hard_spheres.positions % hard_spheres.box.lengths
    inside = (places < 7.3).all(axis=1)
    return vt.Configuration(
        places[inside], 7.3, hard_spheres.species[inside], {"A": 1.0, "B": 0.85}, source="some/where/one.gsd"
    )


@pytest.fixture(scope="session", name="cages")
def _cages(liquid):
    return made_up_cages(liquid)


@pytest.fixture(scope="session")
def cage_model(liquid, cages):
    return vt.CageOrderParameter(penalty=0.4, random_state=3).fit(liquid, cages)


VARIANTS = {
    "sann": {},
    "union": {"symmetry": "union"},
    "cutoff": {"neighbors": 1.4},
    "first minimum": {"neighbors": "cutoff"},
    "matrix": {"neighbors": [[1.5, 1.4], [1.4, 1.3]]},
    "per species": {"per_species": True},
    "some degrees": {"l": (4, 6, 8)},
    "auto": {"bottleneck": "auto"},
    "without a seed": {"random_state": None},
}


@pytest.fixture(scope="session", params=[*VARIANTS, "autoencoder"])
def variant(request, hard_spheres):
    """Fitted models of every kind."""
    if request.param == "autoencoder":
        return request.getfixturevalue("network")
    return vt.OrderParameter(reducer="pca", **VARIANTS[request.param]).fit(hard_spheres)
