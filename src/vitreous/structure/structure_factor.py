"""The static structure factor, total and by pairs of species, and its first peak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.density_modes import allowed_wave_vectors, density_modes, wave_number_spacing
from vitreous.errors import InputError
from vitreous.frame_store import take
from vitreous.partial import Partial, chosen_species
from vitreous.trajectory import Trajectory

__all__ = ["FirstPeak", "StructureFactor", "structure_factor"]

# In units of 2π over the mean distance of particles.
_LARGEST = 2.5
_PEAK_RANGE = (0.5, 1.75)
_MOST_PER_SHELL = 250
_MOST_FRAMES = 64
_FRAMES_AT_ONCE = 16
_NUMBERS_AT_ONCE = 2_000_000
# The parabola is laid through the shells within this part of the highest one's wave number, at least five.
_PEAK_WIDTH = 0.04
_PEAK_POINTS = 5
# A first peak stands out of 1 by so many standard errors of a shell, and by so much.
_SIGNIFICANT = 5.0
_LOWEST_PEAK = 1.1


@dataclass(frozen=True)
class FirstPeak:
    """The first peak of S(q).

    Attributes
    ----------
    wave_number : float
        Where the parabola through the shells around the highest one has its top.
    height : float
        S there.
    """

    wave_number: float
    height: float


@dataclass(frozen=True, eq=False)
class StructureFactor:
    """S(q) in shells of wave vectors.

    Attributes
    ----------
    wave_number : (B,) float64
        Mean length of the wave vectors in a shell, in the inverse length unit of the positions. Shells without any
        are left out.
    total : (B,) float64
        S(q) of all particles.
    error : (B,) float64
        Its standard error, from the scatter over the wave vectors of a shell; NaN with a single one.
    partial : mapping of (str, str) to (B,) float64
        S_ab of Ashcroft and Langreth, for a ≤ b in the order of `species_names`; empty where they are left out.
    vectors : (B,) int64
        Wave vectors averaged over, of k and -k only one.
    frames : int
        Frames averaged over.
    peak : FirstPeak or None
        None where no peak stands out.
    """

    wave_number: NDArray[np.float64]
    total: NDArray[np.float64]
    error: NDArray[np.float64]
    partial: Mapping[tuple[str, str], NDArray[np.float64]]
    vectors: NDArray[np.int64]
    frames: int
    peak: FirstPeak | None


def structure_factor(
    frames: Trajectory | Configuration,
    *,
    largest: float | None = None,
    width: float | None = None,
    partial: Partial = None,
) -> StructureFactor:
    r"""Static structure factor, total and partial, from the wave vectors that fit into the periodic box.

    .. math:: S(q) = \frac 1N \bigl\langle |\rho(\mathbf k)|^2 \bigr\rangle_{|\mathbf k| \approx q}, \qquad
              S_{ab}(q) = \frac{1}{\sqrt{N_a N_b}}
              \bigl\langle \mathrm{Re}\, \rho_a(\mathbf k) \rho_b^*(\mathbf k) \bigr\rangle, \qquad
              \rho_a(\mathbf k) = \sum_{i \in a} e^{-i\mathbf k\cdot\mathbf r_i}.

    The partial ones are those of Ashcroft and Langreth: S_ab → δ_ab for large q, and
    S = Σ_ab √(x_a x_b) S_ab with the shares x_a of the species.

    Parameters
    ----------
    frames : Trajectory or Configuration
        One snapshot, or a trajectory, of which at most 64 frames, evenly spread, are averaged over.
    largest : float, optional
        Largest wave number; by default 2.5 · 2π ρ^(1/3), beyond the second peak of a liquid.
    width : float, optional
        Width of a shell; by default 2π ρ^(1/3) / 64, about 0.1/σ in a liquid. Of shells with more than 250 wave vectors
        250, evenly spread over them, are taken.
    partial : bool, optional
        Whether the partial ones are wanted; by default if there are no more than ten species.

    Returns
    -------
    StructureFactor
        Its `peak` is the highest place between 0.5 and 1.75 · 2π ρ^(1/3), by a parabola through the shells within
        4 % of the highest (at least five), provided that it stands out of 1 by 0.1 and by five standard errors.

    Raises
    ------
    InputError
        If the box is not periodic along all axes, or an argument is not positive or leaves no wave vector.

    References
    ----------
    Ashcroft, Langreth, Phys. Rev. 156, 685 (1967), doi:10.1103/PhysRev.156.685. Hansen, McDonald, Theory of Simple
    Liquids, 4th ed., Academic Press (2013), chapters 2 and 3.
    """
    spacing = wave_number_spacing(frames.number_density)
    scale = 2.0 * math.pi * frames.number_density ** (1.0 / 3.0)
    top = positive("structure factor, largest", _LARGEST * scale if largest is None else largest)
    step = positive("structure factor, width", spacing if width is None else width)
    numbers, lengths = allowed_wave_vectors(frames.box, 0.0, top)
    if len(numbers) == 0:
        raise InputError(
            f"structure factor: the smallest wave number of this box is larger than {top:.4g}; ask for a larger one"
        )
    shells = _shells(lengths, step)
    vectors = np.array([len(shell) for shell in shells], dtype=np.int64)
    ends = np.cumsum(vectors)[:-1]
    names = chosen_species(frames.species_names, partial)
    count, each, products = _products(frames, numbers[np.concatenate(shells)], len(names))

    each /= len(frames.species_index)  # per wave vector, averaged over frames
    counts = np.bincount(frames.species_index)
    by_pair = {}
    for (a, b), product in products.items():
        scaled = product / math.sqrt(counts[a] * counts[b])
        by_pair[names[a], names[b]] = np.array([part.mean() for part in np.split(scaled, ends)])
    wave_number = np.array([lengths[shell].mean() for shell in shells])
    parts = np.split(each, ends)
    total = np.array([part.mean() for part in parts])
    spread = np.array([part.std(ddof=1) if len(part) > 1 else np.nan for part in parts])
    error = spread / np.sqrt(vectors)
    peak = _first_peak(wave_number, total, error, vectors, scale)
    return StructureFactor(wave_number, total, error, by_pair, vectors, count, peak)


def _products(
    frames: Trajectory | Configuration, numbers: NDArray[np.int64], species: int
) -> tuple[int, NDArray[np.float64], dict[tuple[int, int], NDArray[np.float64]]]:
    """Frames averaged over; |ρ(k)|² of all particles; Re ρ_a ρ_b* of each pair of so many species, of none if 0."""
    index = frames.species_index if species else np.zeros_like(frames.species_index)
    if isinstance(frames, Configuration):
        positions, chosen = frames.positions[None], np.zeros(1, dtype=np.int64)
    else:
        positions = frames.positions
        count = min(len(frames), _MOST_FRAMES)
        chosen = np.unique(np.linspace(0, len(frames) - 1, count).round().astype(np.int64))
    total = np.zeros(len(numbers))
    products = {pair: np.zeros(len(numbers)) for pair in combinations_with_replacement(range(species), 2)}
    rows = max(3 * len(index), 2 * max(1, species) * len(numbers))
    at_once = max(1, min(_FRAMES_AT_ONCE, _NUMBERS_AT_ONCE // rows))
    for start in range(0, len(chosen), at_once):
        part = take(positions, chosen[start : start + at_once])
        for modes in density_modes(part, frames.box, numbers, index):
            total += np.abs(modes.sum(axis=0)) ** 2
            for (a, b), product in products.items():
                product += (modes[a] * modes[b].conj()).real
    return len(chosen), total / len(chosen), {pair: sums / len(chosen) for pair, sums in products.items()}


def _shells(lengths: NDArray[np.float64], width: float) -> list[NDArray[np.int64]]:
    """Indices of the wave vectors in each shell that has any, thinned evenly where there are many."""
    shell = np.floor(lengths / width).astype(np.int64)
    order = np.argsort(shell, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(shell[order])) + 1)
    return [
        part
        if len(part) <= _MOST_PER_SHELL
        else part[np.arange(_MOST_PER_SHELL) * len(part) // _MOST_PER_SHELL]
        for part in members
    ]


def _first_peak(
    q: NDArray[np.float64],
    total: NDArray[np.float64],
    error: NDArray[np.float64],
    vectors: NDArray[np.int64],
    scale: float,
) -> FirstPeak | None:
    inside = np.flatnonzero((q > _PEAK_RANGE[0] * scale) & (q < _PEAK_RANGE[1] * scale))
    if len(inside) < _PEAK_POINTS:
        return None
    highest = int(inside[np.argmax(total[inside])])
    near = np.flatnonzero(np.abs(q - q[highest]) <= _PEAK_WIDTH * q[highest])
    if len(near) < _PEAK_POINTS:
        near = np.sort(np.argsort(np.abs(q - q[highest]), kind="stable")[:_PEAK_POINTS])
    x = q[near] - q[highest]
    c, b, a = np.polynomial.polynomial.polyfit(x, total[near], 2, w=np.sqrt(vectors[near]))
    if not a < 0.0:
        return None
    top = -b / (2.0 * a)
    height = c - b * b / (4.0 * a)
    noise = float(np.nanmean(error[near])) if np.isfinite(error[near]).any() else math.inf
    if not x[0] < top < x[-1] or height < max(_LOWEST_PEAK, 1.0 + _SIGNIFICANT * noise):
        return None
    return FirstPeak(float(q[highest] + top), float(height))
