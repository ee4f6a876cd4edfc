"""Slow, readable answers that the kernels are held against."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.special import sph_harm_y


def images_within(configuration, i, radius):
    """Every image of every particle nearer than `radius` to particle i: list of (distance, j, vector)."""
    box = configuration.box
    wrapped, _ = box.wrap(configuration.positions)
    reach = [
        int(np.ceil(radius / height)) + 1 if periodic else 0
        for height, periodic in zip(box.heights, box.periodic, strict=True)
    ]
    found = []
    for image in itertools.product(*(range(-k, k + 1) for k in reach)):
        shift = np.array(image) @ box.vectors
        vectors = wrapped - wrapped[i] + shift
        distances = np.linalg.norm(vectors, axis=1)
        for j in np.flatnonzero(distances < radius):
            if j != i or any(image):
                found.append((distances[j], int(j), vectors[j]))
    return sorted(found, key=lambda item: item[0])


def sann_radius(configuration, i):
    """van Meel's criterion, literally; None if it cannot be met."""
    radius = 1.5 * float(configuration.box.heights.min())
    finite = not any(configuration.box.periodic)
    while True:
        near = _all(configuration, i) if finite else images_within(configuration, i, radius)
        for m in range(3, len(near) + 1):
            shell = sum(item[0] for item in near[:m]) / (m - 2)
            following = near[m][0] if m < len(near) else (np.inf if finite else radius)
            if shell <= following * (1 + 1e-12):  # equal but for rounding is equal
                return shell
        if finite:
            return None
        radius *= 1.5


def _all(configuration, i):
    vectors = configuration.positions - configuration.positions[i]
    distances = np.linalg.norm(vectors, axis=1)
    found = [(distances[j], j, vectors[j]) for j in range(len(configuration)) if j != i]
    return sorted(found, key=lambda item: item[0])


def sann_neighbors(configuration, symmetry):
    """Per particle the sorted list of (j, vector rounded) under each symmetry."""
    n = len(configuration)
    radii = [sann_radius(configuration, i) for i in range(n)]
    lists = []
    for i in range(n):
        reach = max((r for r in radii if r is not None), default=0.0)
        near = (
            images_within(configuration, i, reach)
            if any(configuration.box.periodic)
            else _all(configuration, i)
        )
        mine = radii[i] if radii[i] is not None else 0.0
        kept = []
        for distance, j, vector in near:
            theirs = radii[j] if radii[j] is not None else 0.0
            limit = {"none": mine, "mutual": min(mine, theirs), "union": max(mine, theirs)}[symmetry]
            if distance < limit * (1 - 1e-12):
                kept.append((j, vector))
        lists.append(kept)
    return lists


def bond_order(neighbors, degrees):
    """q_l from scipy's spherical harmonics."""
    vectors = neighbors.vectors
    r = np.linalg.norm(vectors, axis=1)
    theta = np.arccos(np.clip(vectors[:, 2] / r, -1, 1))
    phi = np.arctan2(vectors[:, 1], vectors[:, 0])
    n = neighbors.n_particles
    owner = np.repeat(np.arange(n), neighbors.counts)
    q = np.empty((n, len(degrees)))
    for column, l in enumerate(degrees):
        power = np.zeros(n)
        for m in range(-l, l + 1):
            harmonic = sph_harm_y(l, m, theta, phi)
            total = np.bincount(owner, harmonic.real, n) + 1j * np.bincount(owner, harmonic.imag, n)
            with np.errstate(invalid="ignore"):
                power += abs(total / neighbors.counts) ** 2
        q[:, column] = np.sqrt(4 * np.pi / (2 * l + 1) * power)
    return q
