"""Random configurations, for property tests above all."""

from __future__ import annotations

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vitreous.configuration import Configuration


@st.composite
def boxes(draw):
    """(3, 3) edge vectors: orthorhombic or triclinic, more or less elongated."""
    scale = st.floats(0.6, 2.0)
    vectors = np.diag([draw(scale), draw(scale), draw(scale)])
    if draw(st.booleans()):
        tilt = st.floats(-0.7, 0.7)
        vectors[1, 0], vectors[2, 0], vectors[2, 1] = draw(tilt), draw(tilt), draw(tilt)
    return vectors * draw(st.sampled_from([0.01, 1.0, 37.0]))


@st.composite
def configurations(draw, largest=40, smallest=1, periodic=None):
    """1 to `largest` random particles of 1 to 3 species, in any box, periodic along any axes."""
    n = draw(st.integers(smallest, largest))
    vectors = draw(boxes())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    fractional = rng.random((n, 3))
    if periodic is None:
        periodic = draw(
            st.sampled_from(
                [(True,) * 3, (True,) * 3, (True, True, False), (False, True, False), (False,) * 3]
            )
        )
    species = rng.choice(list("ABC")[: draw(st.integers(1, 3))], n)
    positions = fractional @ vectors
    if n > 1:
        gaps = np.linalg.norm(positions[:, None] - positions[None], axis=-1)[np.triu_indices(n, 1)]
        assume(gaps.min() > 1e-6 * np.abs(vectors).max())
    return Configuration(positions, box=vectors, species=species, periodic=periodic)


def moved(configuration, rng, scale=1.0):
    """The same elsewhere: turned, reflected or not, shifted, by other images, on another scale; and a new order.

    Returns the configuration, and which of the particles each of its particles is.
    """
    n, vectors = len(configuration), configuration.box.vectors
    turned = scale * rng.choice([-1, 1]) * Rotation.random(random_state=rng).as_matrix().T
    order = rng.permutation(n)
    positions = configuration.positions + rng.integers(-3, 4, (n, 3)) @ vectors
    positions += rng.normal(size=3) * configuration.box.lengths
    return Configuration(
        (positions @ turned)[order], vectors @ turned, configuration.species[order], unwrapped=True
    ), order


def shaken_lattice(n=7):
    """Particles of two species on a shaken lattice, at the density of Kob-Andersen."""
    rng = np.random.default_rng(4)
    spacing = 1.2 ** (-1 / 3)
    x = np.stack(np.meshgrid(*[np.arange(n)] * 3), axis=-1).reshape(-1, 3) * spacing
    x += 0.05 * rng.standard_normal(x.shape)
    return Configuration(x % (n * spacing), n * spacing, rng.permutation(np.resize(list("AAAAB"), n**3)))
