from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import vitreous as vt
from oracles import images_within
from strategies import configurations
from vitreous.errors import InputError
from vitreous.structure import _sphere_kernel as kernel
from vitreous.structure.cells import cell_list
from vitreous.structure.radial_distribution import radial_distribution


def counted(configuration, radius, bins):
    cells = cell_list(configuration, radius)
    return sum(kernel.histogram(*part, *cells.arrays, radius, bins) for part in cells.ranges())


@settings(max_examples=60)
@given(configurations(largest=20))
def test_the_histogram_counts_every_pair_once_from_each_side(configuration):
    radius = float(np.cbrt(configuration.box.volume / len(configuration)))
    radius = min(radius, 1.7 * float(configuration.box.heights.min()))
    distances = [
        pair[0] for i in range(len(configuration)) for pair in images_within(configuration, i, radius)
    ]
    expected, _ = np.histogram(distances, bins=7, range=(0, radius))
    np.testing.assert_array_equal(counted(configuration, radius, 7), expected)


def test_hard_spheres(hard_spheres):
    found = radial_distribution(hard_spheres)
    smallest = hard_spheres.diameters.min()
    assert not found.g[found.r < 0.99 * smallest].any()
    assert smallest < found.first_peak < 1.05
    # Beyond all contacts, before the second shell, and where few pairs are.
    assert 1.0 < found.first_minimum < np.sqrt(2.0)
    assert 0.0 < np.interp(found.first_minimum, found.r, found.g) < 0.8
    assert found.r[0] > 0
    assert np.ptp(np.diff(found.r)) < 1e-12


def test_g_is_one_where_nothing_is_correlated():
    rng = np.random.default_rng(0)
    gas = vt.Configuration(rng.random((4000, 3)) * 10, 10.0)
    found = radial_distribution(gas)
    assert found.g[found.r > 0.5].mean() == pytest.approx(1, abs=0.01)


def test_the_unit_of_length_does_not_matter(hard_spheres):
    scaled = vt.Configuration(hard_spheres.positions * 1e-9, hard_spheres.box.vectors * 1e-9)
    here, there = radial_distribution(hard_spheres), radial_distribution(scaled)
    assert there.first_peak == pytest.approx(here.first_peak * 1e-9, rel=1e-6)
    assert there.first_minimum == pytest.approx(here.first_minimum * 1e-9, rel=1e-6)


@pytest.mark.parametrize("number", range(1, 7))
def test_first_minimum_of_kob_andersen(data_folder, number):
    found = radial_distribution(vt.read(data_folder / f"ka_T0.44_N4096_{number}.extxyz"))
    assert 1.3 < found.first_minimum < 1.45
    assert 1.0 < found.first_peak < 1.15


def test_open_boxes_give_the_same_lengths(hard_spheres):
    cut = vt.Configuration(
        hard_spheres.positions, hard_spheres.box, periodic=(False,) * 3, species=hard_spheres.species
    )
    inside, outside = radial_distribution(hard_spheres), radial_distribution(cut)
    assert outside.first_peak == pytest.approx(inside.first_peak, abs=0.02)
    assert outside.first_minimum == pytest.approx(inside.first_minimum, abs=0.05)


@pytest.mark.parametrize("n", [1, 2, 20])
def test_too_few_particles(n):
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=f"{n} particles are too few"):
        radial_distribution(vt.Configuration(rng.random((n, 3)), 1.0))


def test_coinciding_particles_are_too_few_pairs():
    with pytest.raises(InputError, match="too few"):
        radial_distribution(vt.Configuration(np.ones((500, 3)), 10.0))
