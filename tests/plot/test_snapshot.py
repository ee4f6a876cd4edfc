"""Pictures of configurations: true sizes, boxes of any shape, colours, errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.plot import Camera, render_snapshot
from vitreous.plot._particles import displayed_diameters, displayed_positions
from vitreous.plot.snapshot import _scene

PARALLEL = Camera(azimuth=0.0, elevation=0.0, distance=None)
DATA = Path(__file__).parents[2].parent / "shared" / "data"


def liquid(n=60, seed=0, **options):
    rng = np.random.default_rng(seed)
    options = {"diameters": 1.0, "box": 5.0, **options}
    return Configuration(positions=rng.uniform(0, 5, (n, 3)), **options)


def reddish(image):
    return (image[..., 0].astype(int) - image[..., 1] > 40) & (image[..., 3] == 255)


def test_picture_is_rgba_with_transparent_paper():
    configuration = liquid()
    image = render_snapshot(configuration, np.arange(60.0), pixels=200)
    assert image.dtype == np.uint8
    assert image.ndim == 3
    assert max(image.shape[:2]) == 200
    assert image.shape[2] == 4
    assert image[0, 0, 3] == 0
    assert (image[..., 3] == 255).mean() > 0.2


def test_area_of_a_sphere_is_to_scale():
    # Looking along y at a box of 10 with one sphere: its disc covers pi r^2 of the picture.
    configuration = Configuration(positions=[[5.0, 5.0, 5.0]], box=10.0, diameters=6.0)
    image = render_snapshot(configuration, [1.0], limits=(0.0, 1.0), pixels=400, camera=PARALLEL)
    length = 400 / (10.0 * 1.02)
    row, column = (size // 2 for size in image.shape[:2])
    half = int(3.0 * length)
    inner = slice(row - half - 3, row + half + 3), slice(column - half - 3, column + half + 3)
    area = image[(*inner, 3)].sum() / 255 / length**2
    assert area == pytest.approx(np.pi * 3.0**2, rel=5e-3)


def test_species_have_their_true_radii():
    configuration = Configuration(
        positions=[[2.5, 5.0, 5.0], [7.5, 5.0, 5.0]],
        box=10.0,
        species=["A", "B"],
        diameters={"A": 4.0, "B": 2.0},
    )
    image = render_snapshot(configuration, [1.0, 1.0], limits=(0.0, 1.0), pixels=500, camera=PARALLEL)
    middle = image.shape[1] // 2
    left, right = reddish(image)[:, :middle].sum(), reddish(image)[:, middle:].sum()
    assert left / right == pytest.approx(4.0, rel=0.05)


def test_spheres_stay_within_their_extents():
    scene = _scene(liquid(), np.full(60, 1.0), Camera(distance=2.0))
    angles = np.linspace(0, 2 * np.pi, 400)
    for center, radius, span in zip(scene.centers, scene.radii, scene.spans(), strict=True):
        # The outline seen from the eye is where the tangent cone touches.
        eye = np.array([0.0, 0.0, 1 / scene.g])
        axis = eye - center
        distance = np.linalg.norm(axis)
        axis /= distance
        across = np.cross(axis, [1.0, 0.0, 0.0])
        across /= np.linalg.norm(across)
        down = np.cross(axis, across)
        ring = center + axis * radius**2 / distance
        ring = ring + radius * np.sqrt(1 - (radius / distance) ** 2) * (
            np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * down
        )
        p = ring[:, :2] / (1 - scene.g * ring[:, 2:])
        expected = [p[:, 0].min(), p[:, 0].max(), p[:, 1].min(), p[:, 1].max()]
        np.testing.assert_allclose(span, expected, atol=1e-3)


def test_order_of_particles_does_not_matter():
    configuration = liquid()
    values = np.arange(60.0)
    order = np.random.default_rng(1).permutation(60)
    shuffled = Configuration(positions=configuration.positions[order], box=5.0, diameters=1.0)
    assert (
        render_snapshot(configuration, values, pixels=150)
        == render_snapshot(shuffled, values[order], pixels=150)
    ).all()


def test_nearest_particle_has_the_middle_of_the_picture():
    # From -y towards +y: the particle at y = 1 hides the one at y = 4.
    for red in (0, 1):
        configuration = Configuration(positions=[[2.5, 1, 2.5], [2.5, 4, 2.5]], box=5.0, diameters=[1.0, 2.0])
        values = np.array([red, 1 - red])
        image = render_snapshot(configuration, values, limits=(0, 1), pixels=200, camera=PARALLEL)
        middle = image[image.shape[0] // 2, image.shape[1] // 2].astype(int)
        assert (middle[0] - middle[1] > 60) == (red == 1)


def test_missing_values_are_grey():
    configuration = Configuration(positions=[[2.5, 2.5, 2.5]], box=5.0, diameters=3.0)
    image = render_snapshot(configuration, [np.nan], pixels=100)
    middle = image[50, 50].astype(int)
    assert middle[3] == 255
    assert 80 < middle[:3].mean() < 200
    assert np.ptp(middle[:3]) < 25


def test_white_particles_have_a_visible_outline():
    configuration = Configuration(positions=[[2.5, 2.5, 2.5]], box=5.0, diameters=4.0)
    image = render_snapshot(configuration, [0.0], limits=(0.0, 1.0), pixels=300, camera=PARALLEL)
    row = image[150].astype(int)
    covered = np.flatnonzero(row[:, 3] == 255)
    sphere = covered[(covered > 20) & (covered < 280)]
    assert row[150, :3].min() > 225
    assert row[sphere[:2], :3].min() < 190


def test_particles_are_wrapped_into_a_triclinic_box():
    box = Box.of((4.0, 4.0, 4.0, 1.5, 0.5, -1.0))
    rng = np.random.default_rng(5)
    inside = rng.uniform(0, 1, (40, 3)) @ box.vectors
    images = rng.integers(-2, 3, (40, 3)) @ box.vectors
    wrapped = Configuration(positions=inside, box=box, diameters=0.8)
    unwrapped = Configuration(positions=inside + images, box=box, diameters=0.8, unwrapped=True)
    np.testing.assert_allclose(displayed_positions(unwrapped), inside, atol=1e-12)
    a, b = (render_snapshot(c, np.arange(40.0), pixels=120) for c in (wrapped, unwrapped))
    assert (a == b).mean() > 0.999


def test_particles_outside_a_box_without_periodicity_stay_there():
    positions = np.array([[0.5, 0.5, 0.5], [3.0, 0.5, 0.5]])
    configuration = Configuration(positions=positions, box=1.0, periodic=(False, True, True), diameters=0.5)
    assert (displayed_positions(configuration) == positions).all()
    image = render_snapshot(configuration, [0.0, 1.0], pixels=200, camera=PARALLEL)
    assert image.shape[1] == 200
    assert image.shape[0] < 90  # three times as wide as high


def test_diameters_given_known_or_from_density():
    bare = liquid(diameters=None)
    fallback = displayed_diameters(bare)
    assert (fallback == fallback[0]).all()
    assert 60 * np.pi / 6 * fallback[0] ** 3 / 125 == pytest.approx(0.55)
    assert (displayed_diameters(liquid(diameters=0.7)) == 0.7).all()
    assert (displayed_diameters(liquid(diameters=0.7), 0.9) == 0.9).all()
    one = Configuration(positions=[[1.0, 1.0, 1.0]], box=2.0, periodic=(False, False, False))
    assert 0.5 < displayed_diameters(one)[0] < 3.0
    with pytest.raises(InputError, match="diameters"):
        render_snapshot(bare, np.zeros(60), diameters=np.ones(3))


def test_wrong_values_are_refused():
    configuration = liquid()
    with pytest.raises(InputError, match=r"each of 60 particles, got shape \(59,\)"):
        render_snapshot(configuration, np.zeros(59))
    with pytest.raises(InputError, match="strings"):
        render_snapshot(configuration, np.full(60, "A"))
    with pytest.raises(InputError, match="pixels"):
        render_snapshot(configuration, np.zeros(60), pixels=3)


@pytest.mark.parametrize(
    "options", [{"elevation": 91}, {"azimuth": np.nan}, {"distance": 1.0}, {"distance": np.inf}]
)
def test_cameras_that_cannot_be(options):
    with pytest.raises(InputError, match="camera"):
        Camera(**options)


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (28, 20), (200, -50), (-90, 90)])
def test_camera_axes_are_a_rotation(azimuth, elevation):
    axes = Camera(azimuth, elevation).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-14)
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_a_real_snapshot():
    path = DATA / "hs_eta0.58_N2000.sph"
    if not path.exists():
        pytest.skip("the snapshots of others are not beside the project")
    lines = [line.split() for line in path.read_text().splitlines()]
    configuration = Configuration(
        positions=[[float(x) for x in line[1:4]] for line in lines[2:]],
        box=[float(x) for x in lines[1]],
        species=[line[0] for line in lines[2:]],
        diameters=[2 * float(line[4]) for line in lines[2:]],
    )
    image = render_snapshot(configuration, configuration.positions[:, 2], pixels=300)
    body = image[image[..., 3] == 255]
    assert 0.4 < len(body) / image[..., 0].size < 0.8
