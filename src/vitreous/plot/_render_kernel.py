"""Kernels of the renderer: spheres and lines into a depth buffer, and its shading into pixels.

Pure functions on arrays without the GIL; each works on a range of rows, so threads can share a picture.

Camera coordinates (u, v, w) have w towards the eye, which is at (0, 0, 1/g); g = 0 is parallel projection.
The ray through the point (p, q) of the plane w = 0 holds the points (p (1 - g w), q (1 - g w), w).
Samples are the subpixels: sample (row, column) is at p = (column + 1/2) / scale + left and
q = top - (row + 1/2) / scale.

Every kernel takes
- view (4,): scale, left, top, g;
- depth (rows, columns): the w of what is seen, -inf where nothing is;
- owner (rows, columns): the number of the particle seen, or BACKGROUND, or LINE;
- first_row, last_row: the rows it works on, exclusive at the end.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from vitreous._kernel_cache import can_be_kept

__all__ = ["BACKGROUND", "LINE", "draw_lines", "draw_spheres", "shade"]

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

# One compiled version of each kernel.
_BUFFERS = "f4[:,::1], i4[:,::1]"
_DRAW_SPHERES = f"void(f4[:,::1], f4[::1], i4[::1], i4[:,::1], f8[::1], i8, i8, {_BUFFERS})"
_DRAW_LINES = f"void(f8[:,:,::1], f8, f8[::1], i8, i8, {_BUFFERS})"
_OPENNESS = "f8(f4[:,::1], f8, f8, f8, f8, f8, f8, f8, f8, f8, f8, f8[::1])"
_SHADE = (
    f"void({_BUFFERS}, f4[:,::1], f4[:,::1], f4[::1], f4[:,:,::1], f8, f8[::1], i8, i8, i8, u1[:,:,:,::1])"
)
_FAST = {"contract", "arcp", "nsz"}  # keeps infinities, which mark the background

BACKGROUND = -1
LINE = -2

# Look: share of light that reaches every side, gloss, and where the rim of a sphere begins to darken.
_AMBIENT = 0.68
_BRIGHTEST = 1.08
_GLOSS = 0.16
_RIM_COSINE = 0.36
_RIM_DARKEST = 0.30
_OCCLUSION_TAPS = 5
_OCCLUSION_STRENGTH = 1.45
_TURN = (math.cos(2.399963), math.sin(2.399963))  # the golden angle
# Directions in which the spiral of occlusion may begin.
_SPIRAL = np.stack(
    [np.cos(2 * np.pi * np.arange(256) / 256), np.sin(2 * np.pi * np.arange(256) / 256)], axis=1
)
# Bytes of the sRGB curve by linear light, 0 to 1: finer than a byte even where the curve is steepest.
_FINEST = 16384
_LINEAR = (np.arange(_FINEST + 1) + 0.5) / _FINEST
_ENCODED = np.where(
    _LINEAR <= 0.0031308, 12.92 * _LINEAR, 1.055 * np.minimum(_LINEAR, 1.0) ** (1 / 2.4) - 0.055
)
_ENCODED = np.rint(255 * _ENCODED).astype(np.uint8)
_LIGHT = (-0.42, 0.56, 0.714)
_HALFWAY = (-0.2266, 0.3022, 0.9259)
_LINE_GREY = 0.04


@njit(_DRAW_SPHERES, cache=can_be_kept(), nogil=True)
def draw_spheres(
    centers: F32,
    radii: F32,
    owners: I32,
    extents: I32,
    view: F64,
    first_row: int,
    last_row: int,
    depth: F32,
    owner: I32,
) -> None:
    """Put spheres into the buffers; each sample keeps the nearest, at equal depth the smaller number.

    The result does not depend on the order of the spheres. From near to far is fast: a hidden one then costs
    one comparison a sample. Sphere k has centre centers (M, 3) in camera coordinates, radius radii (M,) and
    number owners (M,); extents (M, 4) are the first row, last row, first column and last column that it can
    touch, exclusive at the end, within the buffers.
    """
    scale, left, top, g = view[0], view[1], view[2], view[3]
    step = 1.0 / scale
    for k in range(len(radii)):
        row0 = max(extents[k, 0], first_row)
        row1 = min(extents[k, 1], last_row)
        if row0 >= row1:
            continue
        column0, column1 = extents[k, 2], extents[k, 3]
        cu, cv, cw, r = float(centers[k, 0]), float(centers[k, 1]), float(centers[k, 2]), float(radii[k])
        me = owners[k]
        shrink = 1.0 - g * cw
        r2 = r * r
        nearest = np.float32(cw + r)
        for row in range(row0, row1):
            q = top - (row + 0.5) * step
            b = q * shrink - cv
            gq = -g * q
            for column in range(column0, column1):
                if depth[row, column] > nearest:
                    continue
                p = left + (column + 0.5) * step
                a = p * shrink - cu
                gp = -g * p
                quadratic = 1.0 + gp * gp + gq * gq
                linear = a * gp + b * gq
                inside = linear * linear - quadratic * (a * a + b * b - r2)
                if inside < 0.0:
                    continue
                w = np.float32(cw + (math.sqrt(inside) - linear) / quadratic)
                here = depth[row, column]
                if w > here or (w == here and me < owner[row, column]):
                    depth[row, column] = w
                    owner[row, column] = me


@njit(_DRAW_LINES, cache=can_be_kept(), nogil=True)
def draw_lines(
    segments: F64, half_width: float, view: F64, first_row: int, last_row: int, depth: F32, owner: I32
) -> None:
    """Draw straight lines where nothing nearer has been drawn.

    Their ends are segments (M, 2, 3) in camera coordinates; half_width is in samples, the same at any depth.
    """
    scale, left, top, g = view[0], view[1], view[2], view[3]
    columns = depth.shape[1]
    for k in range(len(segments)):
        s0 = 1.0 / (1.0 - g * segments[k, 0, 2])
        s1 = 1.0 / (1.0 - g * segments[k, 1, 2])
        x0 = (segments[k, 0, 0] * s0 - left) * scale - 0.5
        x1 = (segments[k, 1, 0] * s1 - left) * scale - 0.5
        y0 = (top - segments[k, 0, 1] * s0) * scale - 0.5
        y1 = (top - segments[k, 1, 1] * s1) * scale - 0.5
        dx, dy = x1 - x0, y1 - y0
        length2 = max(dx * dx + dy * dy, 1e-12)
        row_from = max(first_row, math.floor(min(y0, y1) - half_width))
        row_to = min(last_row, math.ceil(max(y0, y1) + half_width) + 1)
        for row in range(row_from, row_to):
            # Only the columns that the thick line can reach in this row.
            x_from, x_to = min(x0, x1), max(x0, x1)
            if abs(dy) > 1e-9:
                reach = half_width * math.sqrt(length2) / abs(dy)
                here = x0 + (row - y0) / dy * dx
                x_from, x_to = max(x_from, here - reach), min(x_to, here + reach)
            column_from = max(0, math.floor(x_from - half_width))
            column_to = min(columns, math.ceil(x_to + half_width) + 1)
            for column in range(column_from, column_to):
                t = min(max(((column - x0) * dx + (row - y0) * dy) / length2, 0.0), 1.0)
                off_x, off_y = column - x0 - t * dx, row - y0 - t * dy
                if off_x * off_x + off_y * off_y > half_width * half_width:
                    continue
                # 1 / (1 - g w) is linear on the picture, and so is w itself when g = 0.
                s = s0 + t * (s1 - s0)
                share = t * s1 / s
                w = np.float32(segments[k, 0, 2] + share * (segments[k, 1, 2] - segments[k, 0, 2]))
                if w > depth[row, column]:
                    depth[row, column] = w
                    owner[row, column] = LINE


@njit(_OPENNESS, cache=can_be_kept(), nogil=True, fastmath=_FAST)
def _openness(
    occluders: F32,
    y: float,
    x: float,
    noise: float,
    u: float,
    v: float,
    w: float,
    nu: float,
    nv: float,
    nw: float,
    reach: float,
    view: F64,
) -> float:
    """Share of ambient light, 0 to 1, that reaches a point from the half space above its surface.

    The occluders, one a pixel, are probed on a spiral of radius `reach` about the point (u, v, w) with normal
    (nu, nv, nw), which is seen at (y, x) in pixels: what stands above the surface takes light. The spiral is turned
    by the noise, 0 to 1, from sample to sample, so that averaging over subpixels removes its pattern.
    """
    scale, left, top, g = view[0], view[1], view[2], view[3]
    rows, columns = occluders.shape
    pixel = 1.0 / scale
    spread = reach * scale / (1.0 - g * w) / _OCCLUSION_TAPS
    across, down = _SPIRAL[int(noise * len(_SPIRAL))]
    start = 7.1317 * noise
    start -= math.floor(start)
    soft = 0.02 * reach * reach
    hidden = 0.0
    for tap in range(_OCCLUSION_TAPS):
        distance = spread * (tap + start)
        i = int(y + distance * down)
        j = int(x + distance * across)
        across, down = across * _TURN[0] - down * _TURN[1], across * _TURN[1] + down * _TURN[0]
        if i < 0 or j < 0 or i >= rows or j >= columns:
            continue
        w2 = float(occluders[i, j])
        if w2 == -math.inf:
            continue
        shrink = 1.0 - g * w2
        du = (left + (j + 0.5) * pixel) * shrink - u
        dv = (top - (i + 0.5) * pixel) * shrink - v
        dw = w2 - w
        cosine = (du * nu + dv * nv + dw * nw) / math.sqrt(du * du + dv * dv + dw * dw + soft)
        hidden += max(0.0, cosine - 0.05)
    return max(0.0, 1.0 - _OCCLUSION_STRENGTH * hidden / _OCCLUSION_TAPS)


@njit(_SHADE, cache=can_be_kept(), nogil=True, fastmath=_FAST)
def shade(
    depth: F32,
    owner: I32,
    occluders: F32,
    centers: F32,
    radii: F32,
    colors: F32,
    reach: float,
    view: F64,
    samples: int,
    first_row: int,
    last_row: int,
    images: U8,
) -> None:
    """Light the samples and average samples x samples of them into each pixel of the images.

    The shade of a point depends on what is around it, up to the length `reach`: occluders (rows, columns) of the
    images are the w of what is seen in the middle of each pixel, -inf where that is no sphere.
    centers (N, 3) and radii (N,) are those of the owners. Each of P sets of colors (P, N, 3), linear light
    from 0 to 1, makes one of the images (P, rows, columns, 4), sRGB with straight alpha, 0 where nothing was
    drawn; light and shadow are the same in all. first_row and last_row are rows of the images.
    """
    scale, left, top, g = view[0], view[1], view[2], view[3]
    pixels = view.copy()
    pixels[0] = scale / samples
    sums = np.empty((colors.shape[0], 3))
    for y in range(first_row, last_row):
        for x in range(images.shape[2]):
            for panel in range(sums.shape[0]):
                for channel in range(3):
                    sums[panel, channel] = 0.0
            covered = 0
            for row in range(y * samples, (y + 1) * samples):
                for column in range(x * samples, (x + 1) * samples):
                    k = owner[row, column]
                    if k == BACKGROUND:
                        continue
                    covered += 1
                    if k == LINE:
                        for panel in range(sums.shape[0]):
                            for channel in range(3):
                                sums[panel, channel] += _LINE_GREY
                        continue
                    w = float(depth[row, column])
                    shrink = 1.0 - g * w
                    p, q = left + (column + 0.5) / scale, top - (row + 0.5) / scale
                    u, v = p * shrink, q * shrink
                    nu = (u - centers[k, 0]) / radii[k]
                    nv = (v - centers[k, 1]) / radii[k]
                    nw = (w - centers[k, 2]) / radii[k]
                    lambert = max(0.0, nu * _LIGHT[0] + nv * _LIGHT[1] + nw * _LIGHT[2])
                    halfway = max(0.0, nu * _HALFWAY[0] + nv * _HALFWAY[1] + nw * _HALFWAY[2])
                    facing = (nw - g * (p * nu + q * nv)) / math.sqrt(1.0 + g * g * (p * p + q * q))
                    rim = min(max(facing / _RIM_COSINE, 0.0), 1.0)
                    rim = _RIM_DARKEST + (1.0 - _RIM_DARKEST) * rim * rim * (3.0 - 2.0 * rim)
                    noise = 0.06711056 * column + 0.00583715 * row
                    noise = 52.9829189 * (noise - math.floor(noise))
                    noise -= math.floor(noise)
                    at, across = (row + 0.5) / samples, (column + 0.5) / samples
                    light = _openness(occluders, at, across, noise, u, v, w, nu, nv, nw, reach, pixels)
                    light *= rim * (_AMBIENT + (_BRIGHTEST - _AMBIENT) * lambert)
                    shine = halfway * halfway * halfway
                    shine = shine * shine * shine * shine
                    shine = _GLOSS * light * shine * shine * shine
                    for panel in range(sums.shape[0]):
                        for channel in range(3):
                            sums[panel, channel] += min(1.0, colors[panel, k, channel] * light + shine)
            for panel in range(sums.shape[0]):
                images[panel, y, x, 3] = round(255.0 * covered / (samples * samples))
                if covered > 0:
                    for channel in range(3):
                        images[panel, y, x, channel] = _ENCODED[int(sums[panel, channel] / covered * _FINEST)]
