from __future__ import annotations

import freud
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError
from vitreous.structure._solid_bonds import crystalline_fraction, solid_bonds
from vitreous.structure.neighbors import NeighborList, sann, within
from vitreous.structure.radial_distribution import radial_distribution


def crystal(edges, basis, repeats):
    cells = np.array(list(np.ndindex(*repeats)), dtype=float)
    positions = (cells[:, None] + np.array(basis)).reshape(-1, 3) * edges
    return vt.Configuration(positions, np.multiply(edges, repeats))


FCC = crystal((np.sqrt(2),) * 3, [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]], (4, 4, 4))
BCC = crystal((2 / np.sqrt(3),) * 3, [[0, 0, 0], [0.5, 0.5, 0.5]], (5, 5, 5))
HCP = crystal(
    (1.0, np.sqrt(3), np.sqrt(8 / 3)),
    [[0, 0, 0], [0.5, 0.5, 0], [0.5, 5 / 6, 0.5], [0, 1 / 3, 0.5]],
    (6, 4, 4),
)


def by_cutoff(configuration):
    return within(configuration, radial_distribution(configuration).first_minimum)


@pytest.mark.parametrize("search", [sann, by_cutoff], ids=["sann", "cutoff"])
@pytest.mark.parametrize("noise", [1e-6, 0.03, 0.05])
@pytest.mark.parametrize(("perfect", "count"), [(FCC, 12), (BCC, 14), (HCP, 12)], ids=["fcc", "bcc", "hcp"])
def test_crystals(perfect, count, noise, search):
    shaken = perfect.positions + np.random.default_rng(0).normal(scale=noise, size=perfect.positions.shape)
    neighbors = search(vt.Configuration(shaken, perfect.box))
    assert crystalline_fraction(neighbors) > 0.995
    if noise < 1e-3 and search is sann:
        assert (solid_bonds(neighbors) == count).all()


def test_half_a_crystal():
    """A crystal in contact with a gas: about half of the particles are crystalline."""
    gas = np.random.default_rng(1).random((len(FCC), 3)) * FCC.box.lengths
    gas[:, 2] += FCC.box.lengths[2]
    positions = np.vstack([FCC.positions, gas])
    both = vt.Configuration(positions, FCC.box.lengths * [1, 1, 2])
    assert 0.3 < crystalline_fraction(sann(both)) < 0.55


def test_random_places():
    gas = vt.Configuration(np.random.default_rng(2).random((3000, 3)) * 14, 14.0)
    assert crystalline_fraction(sann(gas)) < 0.001


@pytest.mark.parametrize("search", [sann, by_cutoff], ids=["sann", "cutoff"])
@pytest.mark.parametrize(
    "name", ["hs_eta0.58_N2000.sph", "ka_T0.44_N4096_1.extxyz", "ka_T0.44_N4096_6.extxyz", "wahn_N1000.xyz"]
)
def test_supercooled_liquids_are_not_crystalline(data_folder, name, search):
    assert crystalline_fraction(search(vt.read(data_folder / name))) < 0.003


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("search", [sann, by_cutoff], ids=["sann", "cutoff"])
def test_freud_with_the_same_bonds(search, threshold):
    """A crystal shaken until it is half molten."""
    shaken = FCC.positions + np.random.default_rng(3).normal(scale=0.1, size=FCC.positions.shape)
    configuration = vt.Configuration(shaken, FCC.box)
    neighbors = search(configuration)
    box = freud.box.Box.cube(FCC.box.lengths[0])
    bonds = freud.locality.NeighborList.from_arrays(
        len(FCC),
        len(FCC),
        np.repeat(np.arange(len(FCC)), neighbors.counts),
        neighbors.indices,
        neighbors.vectors.astype(np.float32),
    )
    oracle = freud.order.SolidLiquid(l=6, q_threshold=threshold, solid_threshold=7, normalize_q=True)
    oracle.compute((box, box.wrap(shaken - FCC.box.lengths / 2)), neighbors=bonds)
    found, expected = solid_bonds(neighbors, threshold), oracle.num_connections
    assert (found != expected).sum() <= 2  # freud counts in single precision
    assert 0.1 < crystalline_fraction(neighbors, threshold) <= 1


@settings(max_examples=30)
@given(configurations(smallest=5, periodic=(True,) * 3), st.integers(0, 2**32 - 1))
def test_invariances(configuration, seed):
    rng = np.random.default_rng(seed)
    rotation, order = Rotation.random(random_state=seed).as_matrix(), rng.permutation(len(configuration))
    neighbors = sann(configuration)
    counts = neighbors.counts
    moved = sann(
        vt.Configuration(
            ((configuration.positions + rng.normal(size=3)) @ rotation.T)[order],
            configuration.box.vectors @ rotation.T,
            unwrapped=True,
        )
    )
    if np.array_equal(moved.counts, counts[order]):
        # A product within rounding of the threshold may fall on either side.
        low, high = solid_bonds(neighbors, 0.7 + 1e-9), solid_bonds(neighbors, 0.7 - 1e-9)
        found = solid_bonds(moved)
        assert ((low[order] <= found) & (found <= high[order])).all()


def test_bonds_made_by_hand():
    """Two particles with parallel bonds, one whose bonds stand across them, one without neighbours."""
    z, x = [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]
    neighbors = NeighborList(
        np.array([0, 2, 3, 4, 4]),
        np.array([1, 2, 0, 0]),
        np.array([z, z, z, x]),
        np.ones(4),
        np.empty(0, np.int64),
    )
    assert solid_bonds(neighbors).tolist() == [1, 1, 0, 0]
    assert crystalline_fraction(neighbors, bonds=1) == 0.5
    assert solid_bonds(neighbors, threshold=-1.0).tolist() == [2, 1, 1, 0]


def test_refused():
    neighbors = sann(FCC)
    for threshold in (1.1, -2.0, np.nan):
        with pytest.raises(InputError, match="threshold: must be from -1 to 1"):
            solid_bonds(neighbors, threshold)
    with pytest.raises(InputError, match="bonds: must be at least 1"):
        crystalline_fraction(neighbors, bonds=0)
