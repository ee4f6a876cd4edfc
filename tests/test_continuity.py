"""Jumps by whole boxes: found where they are, and not where particles do go far."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from strategies import boxes
from vitreous.continuity import Continuity, NearestImages

RNG = np.random.default_rng(0)


def verdict(positions, box, **options):
    steps = Continuity(vt.Box.of(box), **options)
    for frame in positions:
        steps.add(frame)
    return steps


def walk(n, frames, spread, vectors, seed=0, gaussian=True):
    """(frames, n, 3) positions in a box, with steps that are so wide as parts of its edges."""
    rng = np.random.default_rng(seed)
    size = (frames - 1, n, 3)
    steps = rng.normal(0, spread, size) if gaussian else rng.uniform(-spread, spread, size)
    start = rng.random((1, n, 3))
    return np.concatenate([start, start + np.cumsum(steps, axis=0)]) @ vectors


def wrapped(positions, vectors):
    parts = positions @ np.linalg.inv(vectors)
    return (parts - np.floor(parts)) @ vectors


@pytest.mark.parametrize("spread", [0.001, 0.1, 0.16, 0.3, 0.6, 2.0])
def test_diffusion_is_followed_however_far(spread):
    """Gaussian steps of 2,000 particles, from far below to far beyond half of the box."""
    found = verdict(walk(2000, 6, spread, np.eye(3) * 7), 7.0)
    assert found.followed
    assert (found.jumps > 0) == (spread > 0.1)


@pytest.mark.parametrize("spread", [0.001, 0.05, 0.16, 0.3, 0.6])
def test_wrapped_is_found_however_far(spread):
    found = verdict(wrapped(walk(2000, 6, spread, np.eye(3) * 7), np.eye(3) * 7), 7.0)
    assert not found.followed
    assert found.largest.length > 0.5


@pytest.mark.parametrize("gaussian", [True, False])
def test_images_that_begin_anew_in_the_middle(gaussian):
    """As after a restart from a file without images: nothing is wrapped for good, but one step is wrong."""
    x = walk(500, 30, 0.2, np.eye(3) * 7, gaussian=gaussian)
    assert verdict(x, 7.0).followed
    x[15:] -= np.floor(x[15] / 7.0) * 7.0
    assert not verdict(x, 7.0).followed


def test_somebody_knows():
    """A few long steps are not plain to see; whoever says that they are real is believed, unless they are wrapped."""
    x = walk(300, 4, 0.1, np.eye(3) * 7)
    x[2:, 5] += [5.0, 0.0, 0.0]
    assert not verdict(x, 7.0).followed
    assert verdict(x, 7.0, long_steps=True).followed
    assert not verdict(wrapped(x, np.eye(3) * 7), 7.0, long_steps=True).followed


def test_open_axes_have_no_boundaries():
    x = walk(20, 5, 3.0, np.eye(3))
    x[..., :2] = x[0, :, :2]
    assert verdict(x, vt.Box.of(1.0, (True, True, False))).followed
    assert not verdict(x, vt.Box.of(1.0, (True, False, True))).followed


@settings(max_examples=150)
@given(boxes(), st.integers(1, 30), st.integers(2, 6), st.integers(0, 2**32 - 1), st.data())
def test_no_step_of_the_box_is_overlooked(vectors, n, frames, seed, data):
    """Nobody goes farther than 0.45 along an edge, and some particles are put back once, whole boxes away."""
    x = walk(n, frames, 0.45, vectors, seed, gaussian=False)
    rng = np.random.default_rng(seed)
    moved = rng.choice(n, data.draw(st.integers(1, n)), replace=False)
    images = rng.integers(-1, 2, (len(moved), 3))
    images[~images.any(axis=1), 0] = 1
    x[data.draw(st.integers(1, frames - 1)) :, moved] += images @ vectors
    assert not verdict(x, vectors).followed


@settings(max_examples=150)
@given(boxes(), st.integers(1, 20), st.integers(2, 6), st.floats(0.01, 0.6), st.integers(0, 2**32 - 1))
def test_the_nearest_image_is_right_where_it_is_sure(vectors, n, frames, spread, seed):
    """Steps up to 0.45 along the edges, or more: right, or not sure. In a slanted cell 0.45 may be too far."""
    spread = min(spread, 0.45)
    x = walk(n, frames, spread, vectors, seed, gaussian=False)
    images = NearestImages(vt.Box.of(vectors))
    found = np.array([images.follow(frame) for frame in wrapped(x, vectors)])
    if images.sure:
        np.testing.assert_allclose(found - found[0], x - x[0], atol=1e-9 * np.abs(vectors).max())
    heights = vt.Box.of(vectors).heights
    if spread < 0.45 and (np.linalg.norm(np.diff(x, axis=0), axis=2) < 0.44 * heights.min()).all():
        assert images.sure


def test_the_longest_step_is_named():
    x = np.repeat(RNG.random((1, 4, 3)) * 0.1 + 2.0, 5, axis=0)
    x[3:, 2, 1] += 1.2
    images = NearestImages(vt.Box.of((5.0, 4.0, 6.0)))
    for frame in x:
        images.follow(frame)
    assert str(images.largest) == "0.3 of the box along b (particle 2, frames 2 and 3)"


def test_a_slanted_cell_is_looked_at_both_ways():
    """A step of 0.4 of one edge that is long, which another image of a shorter cell is nearer to, is not sure."""
    vectors = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [3.0, 0.0, 1.0]])
    images = NearestImages(vt.Box.of(vectors))
    images.follow(np.zeros((1, 3)))
    images.follow(0.4 * vectors[2:])
    assert not images.sure
