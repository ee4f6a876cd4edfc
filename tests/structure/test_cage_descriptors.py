from __future__ import annotations

import numpy as np
import pytest

import shell_oracles as oracles
import vitreous as vt
from vitreous.errors import InputError
from vitreous.structure.shells import AngularShells, RadialShells, described

CENTERS = [0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5]
CENTERS += [2.6, 2.7, 2.8, 2.9, 3.0]
SHELLS = [(1.0, 0.12), (1.4, 0.2), (1.8, 0.2)]


def cut_out(snapshot, n):
    """The n particles next to the first, in open space."""
    near = np.argsort(np.linalg.norm(snapshot.positions - snapshot.positions[0], axis=1))[:n]
    return vt.Configuration(
        snapshot.positions[near], snapshot.box.vectors, snapshot.species[near], periodic=(False,) * 3
    )


@pytest.mark.parametrize("unit", [1.0, 1.1])
def test_they_are_the_radial_shells_and_the_bond_order(hard_spheres, unit):
    few = cut_out(hard_spheres, 60)
    found = vt.cage_descriptors(few, unit)
    assert found.shape == (60, 23 * 2 + 30)
    radial = oracles.radial_shells(few, CENTERS, 0.08, unit)
    np.testing.assert_allclose(found[:, :46], radial, rtol=0, atol=1e-11)
    angular = oracles.smooth_bond_order(few, SHELLS, range(1, 11), unit)
    np.testing.assert_allclose(found[:, 46:], angular, rtol=0, atol=1e-12)


def test_the_parts_are_the_public_functions(hard_spheres):
    found = vt.cage_descriptors(hard_spheres)
    np.testing.assert_allclose(
        found[:, :46], vt.radial_shells(hard_spheres, CENTERS, 0.08), rtol=0, atol=1e-11
    )
    angular = vt.smooth_bond_order(hard_spheres, SHELLS, range(1, 11))
    np.testing.assert_allclose(found[:, 46:], angular, rtol=0, atol=1e-13)
    assert np.isfinite(found).all()
    assert found.flags.c_contiguous


def test_each_part_ends_at_its_own_reach(hard_spheres):
    radial = RadialShells.of([1.0, 1.1], 0.05, 1.0)
    angular = AngularShells.of([(2.0, 0.2)], np.array([6]), 1.0)
    both = described(hard_spheres, radial, angular)
    np.testing.assert_allclose(
        both[:, :4], vt.radial_shells(hard_spheres, [1.0, 1.1], 0.05), rtol=0, atol=1e-13
    )
    np.testing.assert_allclose(
        both[:, 4:], vt.smooth_bond_order(hard_spheres, [(2.0, 0.2)], 6), rtol=0, atol=1e-13
    )


def test_names():
    names = vt.descriptor_names(("A", "B"))
    assert len(names) == len(set(names)) == 76
    assert (names[0], names[22], names[23], names[45]) == ("A at 0.8", "A at 3.0", "B at 0.8", "B at 3.0")
    assert names[46:58:10] == ("q1 at 1.0", "q1 at 1.4")
    assert (names[55], names[75]) == ("q10 at 1.0", "q10 at 1.8")


def test_three_species_and_one(hard_spheres):
    third = hard_spheres.species.copy()
    third[:100] = 7
    three = vt.Configuration(hard_spheres.positions, hard_spheres.box, third)
    one = vt.Configuration(hard_spheres.positions, hard_spheres.box)
    found, plain = vt.cage_descriptors(three), vt.cage_descriptors(one)
    assert found.shape == (2000, 99)
    assert plain.shape == (2000, 53)
    np.testing.assert_allclose(found[:, :69].reshape(-1, 3, 23).sum(axis=1), plain[:, :23], atol=1e-11)
    np.testing.assert_array_equal(found[:, 69:], plain[:, 23:])


def test_the_number_of_threads_changes_no_bit(gas, by_threads):
    np.testing.assert_array_equal(*by_threads(lambda: vt.cage_descriptors(gas)))


def test_a_wrong_unit(hard_spheres):
    with pytest.raises(InputError, match="unit: must be positive"):
        vt.cage_descriptors(hard_spheres, 0.0)
    with pytest.raises(InputError, match="are the length units the same"):
        vt.cage_descriptors(hard_spheres, 1e9)
