from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import boxes
from vitreous.box import Box
from vitreous.errors import InputError


@pytest.mark.parametrize(
    ("written", "vectors"),
    [
        (2.0, np.diag([2, 2, 2])),
        ([2.0], np.diag([2, 2, 2])),
        ((1, 2, 3), np.diag([1, 2, 3])),
        ((4, 5, 6, 1, 2, 3), [[4, 0, 0], [1, 5, 0], [2, 3, 6]]),
        ([[1, 1, 0], [-1, 1, 0], [0, 0, 3]], [[1, 1, 0], [-1, 1, 0], [0, 0, 3]]),
    ],
)
def test_what_people_write(written, vectors):
    box = Box.of(written)
    np.testing.assert_array_equal(box.vectors, vectors)
    assert box.periodic == (True, True, True)
    assert box.is_orthorhombic == (np.count_nonzero(vectors) == 3)
    assert box.volume == pytest.approx(abs(np.linalg.det(np.array(vectors, float))))


def test_a_box_can_be_taken_over_with_changes():
    box = Box.of(3.0, periodic=(True, False, True), origin=(1, 2, 3))
    same, changed = Box.of(box), Box.of(box, periodic=(False,) * 3, origin=[0, 0, 0])
    assert same.periodic == (True, False, True)
    np.testing.assert_array_equal(same.origin, [1, 2, 3])
    assert changed.periodic == (False, False, False)
    np.testing.assert_array_equal(changed.origin, 0)
    assert "periodic=(True, False, True)" in repr(box)


def test_a_box_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        Box.of(1.0).vectors[0, 0] = 2.0


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("far", "cannot read 'far'"),
        (None, "box"),
        ((1, 2), r"got shape \(2,\)"),
        (np.ones((2, 2)), r"got shape \(2, 2\)"),
        (0.0, "along x is zero"),
        ((1, 1, 0), "along z is zero; two-dimensional"),
        ((1, -1, 1), "must be positive"),
        (np.nan, "finite"),
        ((1, np.inf, 1), "finite"),
        ([[1, 0, 0], [2, 0, 0], [0, 0, 1]], "one plane"),
        (1e-200, "out of any sensible range"),
        (1e200, "out of any sensible range"),
    ],
)
def test_boxes_that_are_none(written, words):
    with pytest.raises(InputError, match=words):
        Box.of(written)


@pytest.mark.parametrize("periodic", [True, (True, True), "xyz", 3])
def test_periodicity_is_three_flags(periodic):
    with pytest.raises(InputError, match="three flags"):
        Box.of(1.0, periodic=periodic)


@pytest.mark.parametrize("origin", [(0, 0), "corner", (0, 0, np.nan)])
def test_the_origin_is_a_point(origin):
    with pytest.raises(InputError, match="origin"):
        Box.of(1.0, origin=origin)


@given(boxes(), st.integers(0, 2**32 - 1))
def test_wrapping_keeps_the_place(vectors, seed):
    rng = np.random.default_rng(seed)
    periodic = rng.random(3) < 0.5
    box = Box(vectors, tuple(periodic), rng.normal(size=3))
    positions = box.origin + rng.uniform(-3, 4, (20, 3)) @ vectors
    wrapped, images = box.wrap(positions)
    size = np.abs(vectors).max()
    np.testing.assert_allclose(wrapped + images @ vectors, positions, atol=1e-13 * size)
    inside = box.fractional(wrapped)[:, periodic]
    assert ((inside > -1e-9) & (inside < 1 + 1e-9)).all()
    assert not images[:, ~periodic].any()


@given(boxes())
def test_heights_are_distances_between_faces(vectors):
    box = Box(vectors)
    for axis in range(3):
        face = np.cross(vectors[axis - 2], vectors[axis - 1])
        assert box.heights[axis] == pytest.approx(abs(vectors[axis] @ face) / np.linalg.norm(face))
    assert (box.heights <= box.lengths * (1 + 1e-12)).all()
