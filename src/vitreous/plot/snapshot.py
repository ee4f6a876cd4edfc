"""A snapshot as an image: lit spheres of true size in their box, on any machine without a display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration, Diameters
from vitreous.errors import InputError
from vitreous.parallel import map_ranges, ranges
from vitreous.plot._particles import displayed_diameters, displayed_positions, particle_column
from vitreous.plot.camera import Camera
from vitreous.plot.colors import value_colors

__all__ = ["box_edges", "render_snapshot", "render_snapshots"]

_SAMPLES = 3  # subpixels along each side of a pixel
_MARGIN = 0.01  # empty border, as a share of the longer side
_BAND_ROWS = 64  # rows of the image that a thread makes at a time
_LINE_WIDTH = 1 / 600  # of the box edges, as a share of the longer side
_LARGEST_PIXELS = 20_000


@dataclass(frozen=True)
class _Scene:
    """Spheres and box edges in camera coordinates."""

    centers: NDArray[np.float64]  # (N, 3)
    radii: NDArray[np.float64]  # (N,)
    edges: NDArray[np.float64]  # (12, 2, 3)
    g: float

    def spans(self) -> NDArray[np.float64]:
        """(N, 4) exact left, right, bottom and top of each sphere's outline on the plane w = 0."""
        shrink = 1.0 - self.g * self.centers[:, 2]
        gr2 = (self.g * self.radii) ** 2
        out = np.empty((len(self.radii), 4))
        for axis in range(2):
            c = self.centers[:, axis]
            reach = self.radii * np.sqrt((self.g * c) ** 2 + shrink**2 - gr2)
            out[:, 2 * axis] = (c * shrink - reach) / (shrink**2 - gr2)
            out[:, 2 * axis + 1] = (c * shrink + reach) / (shrink**2 - gr2)
        return out


def render_snapshot(
    configuration: Configuration,
    values: ArrayLike,
    *,
    diameters: Diameters | None = None,
    pixels: int = 1000,
    limits: tuple[float, float] | None = None,
    camera: Camera | None = None,
) -> NDArray[np.uint8]:
    """Picture of all particles as lit spheres, coloured from white to dark red.

    Particles are shown inside the box along its periodic axes and as they are along the others. What hides
    what is exact in each of nine samples a pixel. One million particles take seconds.

    Parameters
    ----------
    configuration : Configuration
        N particles in any box.
    values : (N,) array_like
        What is coloured. NaN and infinite values are grey.
    diameters : (N,) array_like, float or mapping from species label, optional
        In the length unit of the positions; by default those of the configuration. If it has none, all
        spheres get the diameter at which they would fill 55 % of the space.
    pixels : int
        Length of the longer side; the other follows from what there is to see. Memory is about 100 bytes
        a pixel.
    limits : (low, high), optional
        Values drawn white and dark red; by default mean - 2 s.d. and mean + 2 s.d., the paper's rule.
    camera : Camera, optional
        By default a little from above and from the side, in mild perspective.

    Returns
    -------
    (height, width, 4) array of uint8
        sRGB and straight alpha; transparent where there is nothing.

    Raises
    ------
    InputError
        If values or diameters do not fit the configuration, or `pixels` is not from 16 to 20,000.
    """
    images = render_snapshots(
        configuration, [values], diameters=diameters, pixels=pixels, limits=limits, camera=camera
    )
    return np.asarray(images[0])


def render_snapshots(
    configuration: Configuration,
    columns: Sequence[ArrayLike],
    *,
    diameters: Diameters | None = None,
    pixels: int = 1000,
    limits: tuple[float, float] | None = None,
    camera: Camera | None = None,
) -> NDArray[np.uint8]:
    """Draw the same particles once for each of P quantities, in the time of little more than one picture.

    Parameters
    ----------
    configuration : Configuration
        N particles in any box.
    columns : sequence of P (N,) array_like
        What is coloured. All else is as for `render_snapshot`.

    Returns
    -------
    (P, height, width, 4) array of uint8

    Raises
    ------
    InputError
        As `render_snapshot`.
    """
    if not 16 <= pixels <= _LARGEST_PIXELS:
        raise InputError(f"pixels: must be from 16 to {_LARGEST_PIXELS}, got {pixels}")
    checked = [particle_column("values", values, len(configuration)) for values in columns]
    if any(column.dtype.kind == "U" for column in checked):
        raise InputError("values: must be numbers, got strings")
    colors = np.stack([_linear_light()[value_colors(column, limits)] for column in checked])
    scene = _scene(configuration, displayed_diameters(configuration, diameters), camera or Camera())
    return _draw(scene, colors, int(pixels))


def box_edges(configuration: Configuration) -> NDArray[np.float64]:
    """(12, 2, 3) both ends of the twelve edges of the box."""
    corners = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=np.float64)
    pairs = [
        (a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(corners[a] - corners[b]).sum() == 1.0
    ]
    points = configuration.box.origin + corners @ configuration.box.vectors
    return np.asarray(points[np.array(pairs)])


def _scene(configuration: Configuration, diameters: NDArray[np.float64], camera: Camera) -> _Scene:
    positions = displayed_positions(configuration)
    edges = box_edges(configuration)
    radii = diameters / 2
    low = np.minimum((positions - radii[:, None]).min(axis=0), edges.min(axis=(0, 1)))
    high = np.maximum((positions + radii[:, None]).max(axis=0), edges.max(axis=(0, 1)))
    center = (low + high) / 2
    axes = camera.axes
    return _Scene(
        (positions - center) @ axes.T,
        radii,
        (edges - center) @ axes.T,
        camera.inverse_distance(float(np.linalg.norm(high - low)) / 2),
    )


def _draw(scene: _Scene, colors: NDArray[np.float32], pixels: int) -> NDArray[np.uint8]:
    # The kernels compile when their module is imported, once per machine: hence not before it is needed.
    from vitreous.plot import _render_kernel as kernel

    spans = scene.spans()
    ends = scene.edges[..., :2] / (1.0 - scene.g * scene.edges[..., 2:])
    left, bottom = np.minimum(spans[:, ::2].min(axis=0), ends.min(axis=(0, 1)))
    right, top = np.maximum(spans[:, 1::2].max(axis=0), ends.max(axis=(0, 1)))
    border = _MARGIN * max(right - left, top - bottom)
    left, right, bottom, top = left - border, right + border, bottom - border, top + border
    per_pixel = max(right - left, top - bottom) / pixels
    width = max(1, min(pixels, round((right - left) / per_pixel)))
    height = max(1, min(pixels, round((top - bottom) / per_pixel)))
    scale = _SAMPLES / per_pixel
    # Rounding the shape to whole pixels: share the difference between both sides.
    left -= (width * per_pixel - (right - left)) / 2
    top += (height * per_pixel - (top - bottom)) / 2
    view = np.array([scale, left, top, scene.g])
    rows, columns = height * _SAMPLES, width * _SAMPLES

    extents = np.empty((len(spans), 4), dtype=np.int32)
    extents[:, 0] = np.clip(np.ceil((top - spans[:, 3]) * scale - 0.5), 0, rows)
    extents[:, 1] = np.clip(np.floor((top - spans[:, 2]) * scale - 0.5) + 1, 0, rows)
    extents[:, 2] = np.clip(np.ceil((spans[:, 0] - left) * scale - 0.5), 0, columns)
    extents[:, 3] = np.clip(np.floor((spans[:, 1] - left) * scale - 0.5) + 1, 0, columns)
    del spans

    centers = scene.centers.astype(np.float32)
    radii = scene.radii.astype(np.float32)
    near_first = np.argsort(-(centers[:, 2] + radii), kind="stable")
    sorted_spheres = (
        centers[near_first],
        radii[near_first],
        near_first.astype(np.int32),
        extents[near_first],
    )
    depth = np.full((rows, columns), -np.inf, dtype=np.float32)
    owner = np.full((rows, columns), kernel.BACKGROUND, dtype=np.int32)
    images = np.zeros((len(colors), height, width, 4), dtype=np.uint8)
    half_width = max(0.5 * _SAMPLES, 0.5 * _LINE_WIDTH * max(rows, columns))
    reach = float(1.3 * np.median(scene.radii) * 2)

    def draw(first: int, last: int) -> None:
        kernel.draw_spheres(*sorted_spheres, view, first * _SAMPLES, last * _SAMPLES, depth, owner)
        kernel.draw_lines(scene.edges, half_width, view, first * _SAMPLES, last * _SAMPLES, depth, owner)

    map_ranges(draw, ranges(height, _BAND_ROWS))
    middle = (slice(_SAMPLES // 2, None, _SAMPLES),) * 2
    occluders = np.where(owner[middle] >= 0, depth[middle], np.float32(-np.inf))

    def light(first: int, last: int) -> None:
        kernel.shade(
            depth, owner, occluders, centers, radii, colors, reach, view, _SAMPLES, first, last, images
        )

    map_ranges(light, ranges(height, _BAND_ROWS))
    return images


def _linear_light() -> NDArray[np.float32]:
    """(256,) linear light of each sRGB byte."""
    s = np.arange(256) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4).astype(np.float32)
