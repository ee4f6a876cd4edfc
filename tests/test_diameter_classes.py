"""Species where there are some, thirds by diameter where sizes are continuous; and who uses them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import vitreous as vt
from vitreous.correlation.associate import associate
from vitreous.correlation.clusters import groups_of
from vitreous.correlation.rank import correlation_of_rows
from vitreous.diameter_classes import CLASSES, diameter_ranges, particle_groups, phrase, told_ranges

N, LENGTH = 300, 8.0


def snapshot(diameters, species="A", **options):
    rng = np.random.default_rng(1)
    labels = np.resize(list(species), len(diameters))
    return vt.Configuration(rng.random((len(diameters), 3)) * LENGTH, LENGTH, labels, diameters, **options)


def test_species_stay_species():
    for one in (
        vt.Configuration(np.random.default_rng(0).random((N, 3)), 2.0),
        snapshot(np.resize([1.0, 0.85], N), "AB"),
        snapshot(np.resize(np.linspace(0.8, 1.2, 10), N)),  # ten sizes are still few
    ):
        groups = particle_groups(one)
        assert groups.names == one.species_names
        assert np.array_equal(groups.index, one.species_index)
        assert groups.diameter_ranges == ()
        assert diameter_ranges(one) == {}
        assert told_ranges(groups.names, groups.diameter_ranges) is None


@given(some.permutations(range(90)))
def test_thirds_by_diameter_whoever_comes_first(order):
    diameters = 1.0 + 0.01 * np.array(order)
    groups = particle_groups(snapshot(diameters))
    assert groups.names == CLASSES
    assert np.array_equal(groups.index, np.array(order) // 30)
    np.testing.assert_allclose(groups.diameter_ranges, [(1.0, 1.29), (1.3, 1.59), (1.6, 1.89)])


def test_equal_diameters_are_in_one_class():
    diameters = np.resize(np.linspace(0.7, 1.6, 16), N)
    groups = particle_groups(snapshot(diameters))
    for size in np.unique(diameters):
        assert len(set(groups.index[diameters == size])) == 1
    assert np.bincount(groups.index).min() > N // 4


def test_what_is_told():
    groups = particle_groups(snapshot(np.linspace(0.7, 1.6, N)))
    told = told_ranges(groups.names, groups.diameter_ranges)
    assert (
        told == "by diameter, thirds of the particles: small 0.7 to 0.998, middle 1 to 1.3, large 1.3 to 1.6"
    )
    assert [phrase(name) for name in ("A", "small")] == ["species A", "small particles"]


def test_correlations_are_those_of_the_classes():
    """A field that knows nothing but the size correlates by size only: within the classes much less."""
    rng = np.random.default_rng(2)
    diameters = np.linspace(0.7, 1.6, N)
    one = snapshot(diameters)
    field, other = rng.normal(size=(2, N))
    found = associate(one, field[None], other[None])
    assert found.rho.shape == (1, 3, 1)
    for k in range(3):
        mine = slice(100 * k, 100 * (k + 1))
        assert found.rho[0, k, 0] == pytest.approx(
            float(correlation_of_rows(field[mine], other[mine])), abs=1e-12
        )
    assert list(groups_of(one)) == ["all", *CLASSES]


def test_curves_tell_the_diameters(tmp_path):
    from vitreous.jobs.correlate import correlate

    start = vt.HardSphereMD.grow(np.linspace(0.8, 1.2, 120), 0.3, seed=1, rate=0.5).frame()
    start = vt.Configuration(start.positions, start.box, start.species, start.diameters)
    model = vt.liquid(_polydisperse(tmp_path))
    found = vt.propensity(start, model=model, runs=4, times=[0.1, 0.5], seed=1)
    curves = correlate({"random": np.random.default_rng(0).random(120)}, found)
    assert curves.species == CLASSES
    assert curves.particles.tolist() == [40, 40, 40]
    assert curves.diameter_ranges[0] == pytest.approx((0.8, np.linspace(0.8, 1.2, 120)[39]))
    told = curves.as_dict()["diameter_classes"]
    assert [one["class"] for one in told] == list(CLASSES)


def _polydisperse(folder):
    path = folder / "spheres.toml"
    path.write_text(
        'name = "spheres"\n[species.A]\nfraction = 1.0\n'
        'diameters = { distribution = "uniform", minimum = 0.8, maximum = 1.2 }\n[interaction]\nkind = "hard"\n'
    )
    return path
