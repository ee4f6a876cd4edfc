"""Polydisperse models in which every size is a species of its own, as programs want them that know kinds only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers.interaction import PairPotentials, mixed_diameter
from vitreous.glassformers.model import GlassFormer

__all__ = ["split_by_size", "with_split_species"]

_ROUNDING = 1e-4  # relative: diameters in files are rounded


def split_by_size(model: GlassFormer) -> GlassFormer:
    """The same model with a species for each size: A1, A2, ... in place of a polydisperse species A.

    Two particles interact as their species do, with the σ of their own diameters, see `mixed_diameter`; so energies and
    forces are exactly those of the polydisperse model, the number of whose sizes is limited.

    Parameters
    ----------
    model : GlassFormer
        With pair potentials; one that is not polydisperse is given back as it is.

    Returns
    -------
    GlassFormer
    """
    if not model.is_polydisperse:
        return model
    assert isinstance(model.interaction, PairPotentials)
    kinds = [
        (k, label, float(size))
        for k in range(len(model.species))
        for label, size in _labels_and_sizes(model, k)
    ]
    counts = [sum(k == one for one, _, _ in kinds) for k in range(len(model.species))]
    pairs = []
    for first, (k, label, size) in enumerate(kinds):
        for other, its_label, its_size in kinds[first:]:
            sigma = mixed_diameter(size, its_size, model.interaction.nonadditivity)
            pair = model.pair(model.species[k], model.species[other])
            pairs.append((label, its_label, replace(pair, sigma=sigma)))
    return replace(
        model,
        species=tuple(label for _, label, _ in kinds),
        fractions=tuple(model.fractions[k] / counts[k] for k, _, _ in kinds),
        diameters=tuple(size for _, _, size in kinds),
        masses=tuple(model.masses[k] for k, _, _ in kinds),
        interaction=PairPotentials(tuple(pairs), model.interaction.nonadditivity),
        distributions=(),
    )


def with_split_species(snapshot: Configuration, model: GlassFormer) -> Configuration:
    """The snapshot with the species of `split_by_size`, found by the diameters.

    InputError if diameters are missing, or one is no size of the model.
    """
    if not model.is_polydisperse:
        return snapshot
    if snapshot.diameters is None:
        raise InputError(f"diameters: the snapshot has none, and those of {model.name} are all different")
    names = snapshot.species.astype(str)
    labels = np.array(names, dtype=object)
    for k, name in enumerate(model.species):
        mine = np.flatnonzero(names == name)
        split, sizes = zip(*_labels_and_sizes(model, k), strict=True)
        near = _nearest(np.array(sizes), snapshot.diameters[mine])
        off = np.abs(np.array(sizes)[near] / snapshot.diameters[mine] - 1.0) > _ROUNDING
        if off.any():
            i = int(mine[np.argmax(off)])
            raise InputError(
                f"diameters: particle {i} has {snapshot.diameters[i]:.6g}, which is none of the {len(sizes)} sizes of "
                f"{name} in {model.name}"
            )
        labels[mine] = np.array(split)[near]
    return replace(snapshot, species=labels.astype(str))


def _labels_and_sizes(model: GlassFormer, k: int) -> list[tuple[str, float]]:
    """Of one species: a label for each size."""
    distribution = model.distributions[k]
    if distribution is None:
        return [(model.species[k], model.diameters[k])]
    return [(f"{model.species[k]}{m}", float(size)) for m, size in enumerate(distribution.sizes(), start=1)]


def _nearest(sizes: NDArray[np.float64], diameters: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N,) numbers of the nearest of some increasing sizes."""
    between = 0.5 * (sizes[1:] + sizes[:-1])
    return np.asarray(np.searchsorted(between, diameters), dtype=np.int64)
