"""Radical Voronoi cells against intersections of half-spaces, and crystals whose cells are known."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.spatial import ConvexHull, HalfspaceIntersection

import oracles
import vitreous as vt
from strategies import configurations
from vitreous.errors import InputError

PERIODIC = (True, True, True)


def plain_cell(configuration, i, reach=None):
    """Volume, surface and neighbours [(j, bond), ...] of the cell of i, where the half-spaces of all images meet."""
    radii = configuration.diameters / 2
    # Its own images alone keep the cell of i within half of the box's edges.
    extent = 0.5 * np.linalg.norm(configuration.box.vectors, axis=1).sum()
    reach = reach or extent + np.sqrt(extent**2 + radii.max() ** 2)
    near = oracles.images_within(configuration, i, reach)
    r = np.array([distance for distance, _, _ in near])
    j = np.array([number for _, number, _ in near])
    bonds = np.array([vector for _, _, vector in near])
    planes = (r**2 + radii[i] ** 2 - radii[j] ** 2) / (2 * r)
    normals = bonds / r[:, None]
    # The centre of the largest sphere inside is inside; the particle itself need not be.
    inside = linprog([0, 0, 0, -1], np.c_[normals, np.ones(len(r))], planes, bounds=(None, None))
    if inside.x[3] < 1e-9 * extent:
        return 0.0, 0.0, []
    meeting = HalfspaceIntersection(np.c_[normals, -planes], inside.x[:3])
    hull = ConvexHull(meeting.intersections)
    touching = sorted({plane for planes in meeting.dual_facets for plane in planes})
    return hull.volume, hull.area, [(j[k], bonds[k]) for k in touching]


@st.composite
def spheres(draw, largest=9):
    """Particles in a periodic box with diameters up to so much that some have no cell."""
    configuration = draw(configurations(largest=largest, periodic=PERIODIC))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spacing = configuration.number_density ** (-1 / 3)
    return configuration.with_diameters(
        rng.uniform(0.1, draw(st.floats(0.2, 2.5)), len(configuration)) * spacing
    )


@settings(max_examples=20)
@given(spheres())
def test_cells_are_where_all_half_spaces_meet(configuration):
    cells = vt.voronoi_cells(configuration)
    unit = configuration.number_density ** (-1 / 3)
    assert cells.volume.sum() == pytest.approx(configuration.box.volume, rel=1e-9)
    assert cells.area.sum() == pytest.approx(cells.face_areas.sum())
    for i in range(len(configuration)):
        volume, area, neighbors = plain_cell(configuration, i)
        assert cells.volume[i] == pytest.approx(volume, abs=1e-8 * unit**3)
        assert cells.area[i] == pytest.approx(area, abs=1e-6 * unit**2)
        mine = slice(cells.neighbors.offsets[i], cells.neighbors.offsets[i + 1])
        for j, bond, face in zip(
            cells.neighbors.indices[mine], cells.neighbors.vectors[mine], cells.face_areas[mine], strict=True
        ):
            # Which of the smallest faces there are is a matter of rounding.
            assert face < 1e-6 * unit**2 or any(
                j == k and np.allclose(bond, other, rtol=0, atol=1e-7 * unit) for k, other in neighbors
            )


def test_a_liquid(hard_spheres):
    cells = vt.voronoi_cells(hard_spheres)
    assert cells.volume.sum() == pytest.approx(hard_spheres.box.volume, rel=1e-12)
    # Cells hold their spheres, and no sphere reaches into the cell of another one.
    assert (cells.volume > np.pi / 6 * hard_spheres.diameters**3).all()
    large = hard_spheres.diameters > 0.9
    assert cells.volume[large].min() > cells.volume[~large].mean()
    assert 13.5 < cells.neighbors.counts.mean() < 14.5
    assert 1.2 < cells.asphericity.min() < cells.asphericity.mean() < 1.45
    for i in (0, 1999):
        volume, area, neighbors = plain_cell(hard_spheres, i, 4.0)
        assert (cells.volume[i], cells.area[i]) == pytest.approx((volume, area), rel=1e-9)
        assert set(cells.neighbors.of(i)) == {j for j, _ in neighbors}


def test_faces_have_two_sides(hard_spheres):
    cells = vt.voronoi_cells(hard_spheres)
    neighbors = cells.neighbors
    owner = np.repeat(np.arange(len(hard_spheres)), neighbors.counts)
    here = np.lexsort((neighbors.indices, owner))
    there = np.lexsort((owner, neighbors.indices))
    np.testing.assert_array_equal(owner[here], neighbors.indices[there])
    np.testing.assert_array_equal(neighbors.vectors[here], -neighbors.vectors[there])
    np.testing.assert_allclose(cells.face_areas[here], cells.face_areas[there], atol=1e-10)
    np.testing.assert_allclose(neighbors.distances, np.linalg.norm(neighbors.vectors, axis=1), rtol=1e-14)


LATTICES = {  # places in the cubic cell, asphericity and faces
    "simple cubic": ([[0, 0, 0]], 6 / np.pi, 6),
    "bcc": ([[0, 0, 0], [1, 1, 1]], 3 * (1 + 12**0.5) ** 3 / (64 * np.pi), 14),
    "fcc": ([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], 6 / (2**0.5 * np.pi), 12),
}


@pytest.mark.parametrize("cells_along", [1, 3])
@pytest.mark.parametrize("name", LATTICES)
def test_crystals(name, cells_along):
    places, asphericity, faces = LATTICES[name]
    cubes = np.stack(np.meshgrid(*[np.arange(cells_along)] * 3), axis=-1).reshape(-1, 1, 3)
    positions = 1.7 * (cubes + np.array(places) / 2).reshape(-1, 3)
    found = vt.voronoi_cells(vt.Configuration(positions, 1.7 * cells_along, diameters=0.9))
    np.testing.assert_allclose(found.volume, 1.7**3 / len(places), rtol=1e-12)
    np.testing.assert_allclose(found.asphericity, asphericity, rtol=1e-9)
    np.testing.assert_array_equal(found.neighbors.counts, faces)


def test_unequal_spheres_of_rock_salt():
    cubes = np.stack(np.meshgrid(*[np.arange(4)] * 3), axis=-1).reshape(-1, 3)
    small = cubes.sum(axis=1) % 2 == 0
    salt = vt.Configuration(cubes.astype(float), 4.0, diameters=np.where(small, 0.6, 1.0))
    found = vt.voronoi_cells(salt)
    half = (1 + 0.3**2 - 0.5**2) / 2
    np.testing.assert_allclose(found.volume[small], (2 * half) ** 3)
    np.testing.assert_allclose(found.volume[~small], 2 - (2 * half) ** 3)
    np.testing.assert_allclose(found.asphericity[small], 6 / np.pi)
    np.testing.assert_array_equal(found.neighbors.counts[small], 6)
    equal = vt.voronoi_cells(salt, radical=False)
    np.testing.assert_allclose(equal.volume, 1.0)


def test_a_particle_inside_a_much_larger_one_can_have_no_cell():
    pair = vt.Configuration([[5.0, 5, 5], [5.5, 5, 5]], 10.0, diameters=[6.0, 0.1])
    found = vt.voronoi_cells(pair)
    np.testing.assert_allclose(found.volume, [1000, 0])
    assert found.area[1] == 0
    assert found.neighbors.counts[1] == 0
    assert np.isnan(found.asphericity[1])


@settings(max_examples=20)
@given(spheres(largest=25), st.integers(0, 2**32 - 1))
def test_what_must_not_matter_does_not(configuration, seed):
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    order = rng.permutation(len(configuration))
    unit = 10.0 ** rng.uniform(-9, 9)
    edges = configuration.box.vectors
    # The same lattice by other edges, left-handed or not, and particles in any of their images.
    others = np.array([edges[0] + edges[2], edges[1] - edges[0], edges[2]])[rng.permutation(3)]
    images = rng.integers(-3, 4, (len(order), 3))
    moved = vt.Configuration(
        (configuration.positions[order] + images @ edges + edges.T @ rng.normal(size=3)) @ turn * unit,
        others @ turn * unit,
        diameters=configuration.diameters[order] * unit,
        unwrapped=True,
    )
    found, expected = vt.voronoi_cells(moved), vt.voronoi_cells(configuration)
    scale = configuration.number_density ** (-1 / 3)
    np.testing.assert_allclose(found.volume / unit**3, expected.volume[order], atol=1e-9 * scale**3)
    np.testing.assert_allclose(found.area / unit**2, expected.area[order], atol=1e-7 * scale**2)


def test_without_diameters(hard_spheres):
    bare = vt.Configuration(hard_spheres.positions, hard_spheres.box)
    with pytest.raises(InputError, match="diameters: the radical Voronoi tessellation needs them"):
        vt.voronoi_cells(bare)
    equal = vt.voronoi_cells(bare.with_diameters(1.0))
    np.testing.assert_array_equal(vt.voronoi_cells(bare, radical=False).volume, equal.volume)


def test_open_boxes_are_refused():
    slab = vt.Configuration(np.eye(3), 4.0, diameters=1.0, periodic=(True, True, False))
    with pytest.raises(InputError, match=r"periodic along x, y and z, but periodic is \(True, True, False\)"):
        vt.voronoi_cells(slab)


@pytest.mark.parametrize("apart", [0.0, 1e-7])
def test_coinciding_particles_are_named(apart):
    positions = np.random.default_rng(0).random((50, 3)) * 5
    positions[31] = positions[7] + apart
    with pytest.raises(InputError, match="particles 7 and 31 are at the same place"):
        vt.voronoi_cells(vt.Configuration(positions, 5.0, diameters=1.0))


def test_absurd_diameters(hard_spheres):
    diameters = np.where(np.arange(2000) < 5, 1e9, 1.0)
    with pytest.raises(InputError, match="diameters: "):
        vt.voronoi_cells(hard_spheres.with_diameters(diameters))


def test_the_library_may_be_missing(hard_spheres, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyvoro2", None)
    with pytest.raises(InputError, match=r'pip install "vitreous\[voronoi\]"'):
        vt.voronoi_cells(hard_spheres)
