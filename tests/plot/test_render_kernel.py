"""The depth buffer against what geometry says."""

from __future__ import annotations

import numpy as np
import pytest

from vitreous.plot import _render_kernel as kernel

SIZE = 600
SCALE = 100.0


def view(g=0.0):
    """6 x 6 length units about the axis."""
    return np.array([SCALE, -3.0, 3.0, g])


def empty():
    depth = np.full((SIZE, SIZE), -np.inf, dtype=np.float32)
    return depth, np.full((SIZE, SIZE), kernel.BACKGROUND, dtype=np.int32)


def spheres(centers, radii, g=0.0, owners=None, rows=(0, SIZE)):
    count = len(radii)
    extents = np.tile(np.array([0, SIZE, 0, SIZE], dtype=np.int32), (count, 1))
    owners = np.arange(count) if owners is None else owners
    depth, owner = empty()
    kernel.draw_spheres(
        np.array(centers, dtype=np.float32),
        np.array(radii, dtype=np.float32),
        np.array(owners, dtype=np.int32),
        extents,
        view(g),
        *rows,
        depth,
        owner,
    )
    return depth, owner


def sample_points():
    """(p, q) of every sample."""
    p = -3.0 + (np.arange(SIZE) + 0.5) / SCALE
    return np.meshgrid(p, -p)


@pytest.mark.parametrize("radius", [0.3, 1.0, 2.5])
def test_silhouette_of_one_sphere_in_parallel_projection(radius):
    depth, owner = spheres([[0.0, 0.0, 0.4]], [radius])
    assert (owner >= 0).sum() / SCALE**2 == pytest.approx(np.pi * radius**2, rel=2e-3)
    assert depth[SIZE // 2, SIZE // 2] == pytest.approx(0.4 + radius, abs=1e-4)
    assert (np.isinf(depth) == (owner == kernel.BACKGROUND)).all()


def test_depth_is_that_of_the_sphere_everywhere():
    depth, owner = spheres([[0.5, -0.7, 0.2]], [1.5])
    p, q = sample_points()
    inside = 1.5**2 - (p - 0.5) ** 2 - (q + 0.7) ** 2
    # float32 centres and radii: the rim may be off by a sample
    seen = owner == 0
    assert (seen == (inside >= 0)).mean() > 0.9999
    np.testing.assert_allclose(depth[seen], 0.2 + np.sqrt(np.maximum(inside[seen], 0)), atol=2e-3)


def test_silhouette_in_perspective_is_the_tangent_cone():
    g, radius = 0.1, 2.0
    _, owner = spheres([[0.0, 0.0, 0.0]], [radius], g)
    apparent = radius / np.sqrt(1 - (g * radius) ** 2)
    assert (owner == 0).sum() / SCALE**2 == pytest.approx(np.pi * apparent**2, rel=2e-3)


def test_points_seen_in_perspective_lie_on_the_sphere_towards_the_eye():
    g, center, radius = 0.12, np.array([0.8, -0.5, 0.9]), 1.1
    depth, owner = spheres([center], [radius], g)
    p, q = sample_points()
    seen = owner == 0
    w = depth[seen].astype(np.float64)
    point = np.stack([p[seen] * (1 - g * w), q[seen] * (1 - g * w), w], axis=1)
    normal = (point - center) / radius
    np.testing.assert_allclose(np.linalg.norm(normal, axis=1), 1.0, atol=1e-5)
    to_eye = np.array([0, 0, 1 / g]) - point
    assert (np.einsum("ij,ij->i", normal, to_eye) > -1e-2).all()


def test_nearer_sphere_hides_the_further_one_in_any_order():
    centers = [[0.0, 0.0, -1.0], [0.0, 0.0, 2.0], [0.4, 0.0, 0.0]]
    radii = [2.0, 0.5, 1.0]
    depth, owner = spheres(centers, radii)
    assert owner[SIZE // 2, SIZE // 2] == 1
    for order in ([2, 1, 0], [1, 0, 2], [0, 2, 1]):
        again = spheres(np.array(centers)[order], np.array(radii)[order], owners=order)
        assert (again[0] == depth).all()
        assert (again[1] == owner).all()


def test_order_and_bands_do_not_matter_for_many_spheres():
    rng = np.random.default_rng(3)
    centers, radii = rng.uniform(-2.5, 2.5, (300, 3)), rng.uniform(0.1, 0.6, 300)
    depth, owner = spheres(centers, radii, 0.08)
    order = rng.permutation(300)
    other_depth, other = spheres(centers[order], radii[order], 0.08, owners=order)
    assert (other == owner).all()
    assert (other_depth == depth).all()
    upper = spheres(centers, radii, 0.08, rows=(0, 250))[1]
    lower = spheres(centers, radii, 0.08, rows=(250, SIZE))[1]
    assert (np.maximum(upper, lower) == owner).all()


def test_equal_depth_goes_to_the_smaller_number():
    for owners in ([4, 7], [7, 4]):
        _, owner = spheres([[0, 0, 0], [0, 0, 0]], [1.0, 1.0], owners=owners)
        assert set(np.unique(owner)) == {kernel.BACKGROUND, 4}


@pytest.mark.parametrize("g", [0.0, 0.15])
def test_lines_are_hidden_behind_spheres_and_seen_before_them(g):
    depth, owner = spheres([[0.0, 0.0, 0.0]], [1.0], g)
    behind = np.array([[[-2.0, 0.0, -1.5], [2.0, 0.0, -1.5]]])
    before = np.array([[[-2.0, 0.5, 1.5], [2.0, 0.5, 1.5]]])
    kernel.draw_lines(np.concatenate([behind, before]), 2.0, view(g), 0, SIZE, depth, owner)
    middle = SIZE // 2
    row_before = int((3.0 - 0.5 / (1 - 1.5 * g)) * SCALE)
    assert owner[middle, middle] == 0
    assert owner[row_before, middle] == kernel.LINE
    left_of_sphere = int((3.0 - 1.5 / (1 + 1.5 * g)) * SCALE)
    assert owner[middle, left_of_sphere] == kernel.LINE


@pytest.mark.parametrize("g", [0.0, 0.1])
def test_depth_along_a_line_and_its_width(g):
    depth, owner = empty()
    ends = np.array([[-1.5, -1.0, -2.0], [2.0, 1.2, 2.5]])
    kernel.draw_lines(ends[None], 3.0, view(g), 0, SIZE, depth, owner)
    for t in (0.1, 0.4, 0.8):
        u, v, w = ends[0] + t * (ends[1] - ends[0])
        column = int((u / (1 - g * w) + 3.0) * SCALE)
        row = int((3.0 - v / (1 - g * w)) * SCALE)
        assert owner[row, column] == kernel.LINE
        assert depth[row, column] == pytest.approx(w, abs=0.03)
    p = ends[:, :2] / (1 - g * ends[:, 2:])
    length = np.linalg.norm(p[1] - p[0]) * SCALE
    assert (owner == kernel.LINE).sum() == pytest.approx(6 * length + np.pi * 9, rel=0.03)


def test_vertical_and_horizontal_lines_and_points():
    for end in ([0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]):
        depth, owner = empty()
        kernel.draw_lines(np.array([[[0.0, 0.0, 0.0], end]]), 2.0, view(), 0, SIZE, depth, owner)
        length = np.hypot(end[0], end[1]) * SCALE
        assert (owner == kernel.LINE).sum() == pytest.approx(4 * length + np.pi * 2.0**2, abs=12)
