"""The paper's colours: white two standard deviations below the mean, dark red two above, grey for no number.

The rule is that of Fig. 2 in Boattini et al., Nat. Commun. 11, 5479 (2020),
doi:10.1038/s41467-020-19286-8. Pictures, figures and the interactive page all use the one table made here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import numbers

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

__all__ = ["NO_VALUE_RGB", "color_fractions", "red_colormap", "red_table", "two_sigma_limits", "value_colors"]

NO_VALUE_RGB = (148, 155, 163)
"""sRGB colour of particles whose value is NaN or infinite."""

# Control points of a cubic Bezier curve in CIELAB from white over a saturated red to dark red. The table
# is read off the curve at equal steps of lightness L*, so that it is perceptually monotone.
_RAMP_LAB = np.array([[100.0, 0.0, 0.0], [77.0, 36.0, 22.0], [44.0, 88.0, 64.0], [20.0, 42.0, 26.0]])

# CIE XYZ of the sRGB white point D65, and the matrix from XYZ to linear sRGB (IEC 61966-2-1).
_WHITE_XYZ = np.array([0.95047, 1.0, 1.08883])
_XYZ_TO_RGB = np.array(
    [
        [3.2404542, -1.5371385, -0.4985314],
        [-0.9692660, 1.8760108, 0.0415560],
        [0.0556434, -0.2040259, 1.0572252],
    ]
)


def two_sigma_limits(values: ArrayLike) -> tuple[float, float]:
    """The values drawn white and dark red: mean - 2 s.d. and mean + 2 s.d.

    Parameters
    ----------
    values : (N,) array_like
        One number per particle. NaN and infinite values are left out of mean and s.d.

    Returns
    -------
    low, high : float
        With the population standard deviation (division by N). If all values are the same both are that
        value, and every particle gets the middle colour; if there is no finite value both are NaN, and
        every particle is grey.

    Raises
    ------
    InputError
        If the values are not numbers.
    """
    finite = numbers("values", values)
    finite = finite[np.isfinite(finite)]
    if finite.size == 0:
        return float("nan"), float("nan")
    if finite.min() == finite.max():
        return float(finite.flat[0]), float(finite.flat[0])
    scale = float(np.abs(finite).max())
    scaled = finite / scale  # so that neither squares nor sums can overflow
    mean, deviation = float(scaled.mean()), float(scaled.std())
    return scale * (mean - 2 * deviation), scale * (mean + 2 * deviation)


def color_fractions(values: ArrayLike, limits: tuple[float, float]) -> NDArray[np.float64]:
    """Place on the ramp, 0 (white) to 1 (dark red), of each value.

    Parameters
    ----------
    values : (N,) array_like
        One number per particle.
    limits : (low, high)
        Values drawn white and dark red; linear in between, clipped outside. If low = high, values equal to
        them are placed at 0.5.

    Returns
    -------
    (N,) array of float
        NaN where the value is NaN or infinite, and everywhere if a limit is NaN.
    """
    given = numbers("values", values)
    low, high = (float(limit) for limit in limits)
    if high == low:
        fractions = 0.5 + 0.5 * np.sign(given - low)
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            fractions = np.clip((given - low) / (high - low), 0.0, 1.0)
    fractions = np.asarray(fractions, dtype=np.float64)
    fractions[~np.isfinite(given)] = np.nan
    return fractions


def value_colors(values: ArrayLike, limits: tuple[float, float] | None = None) -> NDArray[np.uint8]:
    """Colour of each particle by the paper's rule.

    Parameters
    ----------
    values : (N,) array_like
        One number per particle.
    limits : (low, high), optional
        Values drawn white and dark red; by default `two_sigma_limits` of the values.

    Returns
    -------
    (N, 3) array of uint8
        sRGB; `NO_VALUE_RGB` where the value is NaN or infinite.
    """
    fractions = color_fractions(values, two_sigma_limits(values) if limits is None else limits)
    known = ~np.isnan(fractions)
    colors = np.empty((*fractions.shape, 3), dtype=np.uint8)
    colors[...] = NO_VALUE_RGB
    colors[known] = red_table()[np.minimum((fractions[known] * 256).astype(np.int64), 255)]
    return colors


@cache
def red_table() -> NDArray[np.uint8]:
    """(256, 3) sRGB colours from white to dark red, read-only, with L* falling in equal steps."""
    s = np.linspace(0.0, 1.0, 4001)[:, None]
    weights = np.hstack([(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s**2 * (1 - s), s**3])
    curve = weights @ _RAMP_LAB
    lightness = np.linspace(curve[0, 0], curve[-1, 0], 256)
    lab = np.stack([np.interp(-lightness, -curve[:, 0], curve[:, k]) for k in range(3)], axis=1)
    table = np.rint(255 * _srgb_from_lab(lab)).astype(np.uint8)
    table.setflags(write=False)
    return table


def red_colormap() -> Colormap:
    """The 256 colours from white to red as a matplotlib colormap, with `NO_VALUE_RGB` for NaN."""
    from matplotlib.colors import ListedColormap

    colors = [(red / 255.0, green / 255.0, blue / 255.0) for red, green, blue in red_table().tolist()]
    red, green, blue = NO_VALUE_RGB
    return ListedColormap(colors, name="vitreous_red").with_extremes(
        bad=(red / 255.0, green / 255.0, blue / 255.0)
    )


def _srgb_from_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., 3) sRGB in 0..1, clipped to the gamut, of (..., 3) CIELAB (D65)."""
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE_XYZ
    linear = np.clip(xyz @ _XYZ_TO_RGB.T, 0.0, 1.0)
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))
