"""How strongly two unrelated fields correlate by chance, if each is alike for particles close by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.errors import InputError

__all__ = ["TWO_SIDED", "chance_correlation", "chance_interval", "partners_elsewhere"]

TWO_SIDED = 1.959964
"""95 % of a normal distribution are within so many standard deviations."""
_TRANSLATIONS = 200
_SHORTEST = 0.25  # of the smallest height of the box: shorter ones keep some of the association


def chance_correlation(
    box: Box,
    positions: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    seed: int = 0,
) -> NDArray[np.float64]:
    r"""Root mean square of the correlation of each field x with each field y displaced by random translations.

    A translation leaves both fields as they are, clumps and long waves, and takes from them only what they have
    to do with each other. What they still correlate is chance:

    .. math:: \sigma_{xy}^2 = \Bigl\langle \Bigl[ \sum_i x_i\, y_{j(i, \mathbf t)} \Bigr]^2 \Bigr\rangle_{\mathbf t},

    where j(i, t) is the particle nearest to :math:`\mathbf r_i + \mathbf t`, mirrored at random in a box with right
    angles, and t is drawn evenly from the box, without what is shorter than a quarter of its smallest height. (Nearest
    in fractional coordinates times the heights of the box, the same in a box with right angles.)

    Parameters
    ----------
    box : Box
        Periodic along all axes.
    positions : (N, 3) float64
    x : (F, N) float64
        Scores: each row has mean 0 and length 1, so that Σ x y is the correlation.
    y : (K, N) float64
        Likewise. A row with NaN has the chance NaN.
    seed : int
        Seed of the 200 translations.

    Returns
    -------
    (F, K) float64

    Raises
    ------
    InputError
        If the box is open along an axis.

    See Also
    --------
    partners_elsewhere : Which particles take part.

    References
    ----------
    Lotwick, Silverman, J. R. Stat. Soc. B 44, 406 (1982), doi:10.1111/j.2517-6161.1982.tb01221.x; Harms, Condit,
    Hubbell, Foster, J. Ecol. 89, 947 (2001), doi:10.1111/j.1365-2745.2001.00615.x.
    """
    square = np.zeros((len(x), len(y)))
    for partner in partners_elsewhere(box, positions, seed):
        # Σ_i x_i y_j(i) = Σ_j w_j y_j, with w_j the sum of x over the particles whose partner is j.
        gathered = np.array([np.bincount(partner, row, minlength=len(positions)) for row in x])
        square += (gathered @ y.T) ** 2
    return np.asarray(np.sqrt(square / _TRANSLATIONS))


def partners_elsewhere(
    box: Box, positions: NDArray[np.float64], seed: int = 0
) -> Iterator[NDArray[np.int64]]:
    """Yield, for each of 200 random translations t, the particle j(i, t) nearest to every r_i + t.

    A field y seen through it, y[j], is the same field somewhere else. In a box with right angles places are mirrored at
    random before they are moved: a liquid has no handedness, and one pair of fields shows more of what chance can do.
    All this depends on nothing but the box and the seed, so several species are moved together. Positions are (N, 3),
    the yields (N,); an `InputError` is raised if the box is open along an axis.
    """
    from scipy.spatial import cKDTree

    if not all(box.periodic):
        raise InputError("box: chance by translations needs a box that is periodic along all axes")
    heights = np.asarray(box.heights)
    fractional = box.fractional(positions)
    tree = cKDTree(_folded(fractional, heights), boxsize=heights)
    rng = np.random.default_rng(seed)
    shifts = _translations(box, heights, rng)
    mirrors = rng.choice([-1.0, 1.0], shifts.shape) if box.is_orthorhombic else np.ones(shifts.shape)
    for shift, mirror in zip(shifts, mirrors, strict=True):
        yield tree.query(_folded(fractional * mirror + shift, heights))[1]


def chance_interval(
    rho: NDArray[np.float64], chance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""95 % interval of correlations, by Fisher: :math:`\tanh(\mathrm{artanh}\,\rho \pm 1.96/\sqrt{n - 3})`.

    Correlations of n independent pairs scatter by chance with :math:`\sigma = 1/\sqrt{n - 1}`, which defines the
    effective number n, of which smooth fields have few. With n at most 3 nothing is known: the interval is all
    that is possible.

    Parameters
    ----------
    rho, chance : (...) float64
        The correlation, and σ as `chance_correlation` has it.

    Returns
    -------
    low, high : (...) float64
        NaN where either is; -1 and 1 where σ² is 1/2 or more.

    References
    ----------
    Fisher, Biometrika 10, 507 (1915); effective numbers of correlated points: Clifford, Richardson, Hémon, Biometrics
    45, 123 (1989), doi:10.2307/2532039.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        center = np.arctanh(rho)
        margin = TWO_SIDED * chance / np.sqrt(np.maximum(1.0 - 2.0 * chance**2, 0.0))  # n - 3 = 1/σ² - 2
        low, high = np.tanh(center - margin), np.tanh(center + margin)
    nothing = np.isinf(margin) & ~np.isnan(center)
    return np.where(nothing, -1.0, low), np.where(nothing, 1.0, high)


def _translations(box: Box, heights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """(T, 3) fractional translations, none of them short."""
    shifts = np.empty((0, 3))
    while len(shifts) < _TRANSLATIONS:
        drawn = rng.random((_TRANSLATIONS, 3)) - 0.5
        far = ((drawn * heights) ** 2).sum(axis=1) >= (_SHORTEST * heights.min()) ** 2
        shifts = np.concatenate([shifts, drawn[far]])
    return shifts[:_TRANSLATIONS]


def _folded(fractional: NDArray[np.float64], heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Into [0, height) along each axis, where the tree wants them."""
    folded = np.mod(fractional, 1.0) * heights
    return np.asarray(np.where(folded < heights, folded, 0.0))
