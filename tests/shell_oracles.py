"""Slow, readable answers for averages and shells of neighbours, in loops over images."""

from __future__ import annotations

import numpy as np
from scipy.special import sph_harm_y

from oracles import images_within

CUTOFF = 5.5


def unit_of(configuration, reach):
    """The mean spacing, or less in boxes so small that the oracle would look at too many images."""
    spacing = float(np.cbrt(configuration.box.volume / len(configuration)))
    return min(spacing, 1.5 * float(configuration.box.heights.min()) / reach)


def radial_shells(configuration, centers, width, unit=1.0):
    n, names = len(configuration), configuration.species_names
    shells = np.zeros((n, len(names), len(centers)))
    reach = (max(centers) + CUTOFF * width) * unit
    for i in range(n):
        for r, j, _ in images_within(configuration, i, reach):
            for k, center in enumerate(centers):
                d = r / unit - center
                shells[i, configuration.species_index[j], k] += np.exp(-(d**2) / (2 * width**2))
    return shells.reshape(n, -1)


def smooth_bond_order(configuration, shells, degrees, unit=1.0):
    q = np.full((len(configuration), len(shells), len(degrees)), np.nan)
    for i in range(len(configuration)):
        for s, (center, width) in enumerate(shells):
            near = images_within(configuration, i, (center + CUTOFF * width) * unit)
            near = [(r / unit - center, v / r) for r, _, v in near if r / unit - center > -CUTOFF * width]
            if not near:
                continue
            d, directions = np.array([item[0] for item in near]), np.array([item[1] for item in near])
            w = np.exp(-(d**2) / (2 * width**2))
            theta = np.arccos(np.clip(directions[:, 2], -1, 1))
            phi = np.arctan2(directions[:, 1], directions[:, 0])
            for column, l in enumerate(degrees):
                q_lm = [(w * sph_harm_y(l, m, theta, phi)).sum() / w.sum() for m in range(-l, l + 1)]
                q[i, s, column] = np.sqrt(4 * np.pi / (2 * l + 1) * (np.abs(q_lm) ** 2).sum())
    return q.reshape(len(configuration), -1)


def exponential_average(configuration, values, length):
    averaged = np.full(len(configuration), np.nan)
    for i in range(len(configuration)):
        near = [(0.0, i), *((r, j) for r, j, _ in images_within(configuration, i, 5 * length))]
        known = [(np.exp(-r / length), values[j]) for r, j in near if not np.isnan(values[j])]
        if known:
            averaged[i] = sum(w * z for w, z in known) / sum(w for w, _ in known)
    return averaged
