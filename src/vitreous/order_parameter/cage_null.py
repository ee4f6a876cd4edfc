"""What is learned from labels that have nothing to do with the structure they are learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.chance import partners_elsewhere
from vitreous.dynamics.cages import Cages
from vitreous.order_parameter.ridge import Ridge
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.neighborhood_average import standardized_within_species

__all__ = ["learned_from_elsewhere", "learned_from_labels", "places_elsewhere"]

Array = NDArray[np.float64]


def learned_from_elsewhere(
    snapshot: Configuration, cages: Cages, unit: float, penalty: float, seed: int = 0
) -> Array:
    """What would be learned if the cages were those of 200 other places of the same liquid.

    Labels are translated against the structure, which leaves them as clumped as they are and takes from them what they
    know of it. What is learned still is a combination of descriptors of the real structure, and nearly any such
    combination goes with mobility, one way or the other: to be believed, learning has to do better than this.

    Unit and penalty are those of the `CageOrderParameter` that learned. The fields (N, 200) are standardised within
    each species, and NaN where a descriptor is not defined. InputError if the box is open along an axis.
    """
    label = standardized_within_species(snapshot, cages.log_variance())
    features = cage_descriptors(cages.at_mean_positions, unit)
    fields = learned_from_labels(snapshot, features, label[places_elsewhere(snapshot, seed)], penalty)
    return standardized_within_species(snapshot, fields)


def places_elsewhere(snapshot: Configuration, seed: int = 0) -> NDArray[np.int64]:
    """(N, 200) for each random translation the particle of the same species that is nearest to the moved place."""
    columns = []
    for species in range(len(snapshot.species_names)):
        rows = np.flatnonzero(snapshot.species_index == species)
        partners = np.stack(list(partners_elsewhere(snapshot.box, snapshot.positions[rows], seed)), axis=1)
        columns.append((rows, rows[partners]))
    found = np.empty((len(snapshot), columns[0][1].shape[1]), dtype=np.int64)
    for rows, partners in columns:
        found[rows] = partners
    return found


def learned_from_labels(snapshot: Configuration, features: Array, labels: Array, penalty: float) -> Array:
    """(N, T) fields that a ridge for each species learns from labels (N, T), each by itself, and features (N, F).

    As `CageOrderParameter` learns; particles with a NaN are left out, and are NaN where a feature is.
    """
    found = np.full(labels.shape, np.nan)
    described = np.isfinite(features).all(axis=1)
    known = described & np.isfinite(labels).all(axis=1)
    for species in range(len(snapshot.species_names)):
        own = snapshot.species_index == species
        rows = own & known
        target = labels[rows] - labels[rows].mean(axis=0)
        ridge = Ridge.fit(features[rows], target, penalty)
        found[own & described] = ridge.predict(features[own & described])
    return found
