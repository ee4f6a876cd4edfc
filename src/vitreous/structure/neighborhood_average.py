"""Quantities compared within their species, then averaged over a smooth neighbourhood of all species."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.arrays import rows
from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.structure.local_average import local_average

__all__ = ["AVERAGING_LENGTH", "averaging_length", "neighborhood_average", "standardized_within_species"]

AVERAGING_LENGTH = 0.8
"""ξ in diameters of the largest particles. Chosen on Kob-Andersen at T = 0.44; 0.6 to 1.0 do nearly the same."""


def standardized_within_species(configuration: Configuration, values: ArrayLike) -> NDArray[np.float64]:
    """Values less the mean of their species, in its standard deviations.

    Parameters
    ----------
    configuration : Configuration
        N particles.
    values : (N,) or (N, K) array_like
        Each column by itself.

    Returns
    -------
    (N,) or (N, K) float64
        NaN stays NaN and is left out of means; 0 where all values of a species are the same.

    Raises
    ------
    InputError
        If `values` has another length.
    """
    given = rows("values", values, len(configuration))
    found = np.empty_like(given)
    for species in range(len(configuration.species_names)):
        mine = configuration.species_index == species
        known = ~np.isnan(given[mine])
        number = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, given[mine], 0.0).sum(axis=0) / number
        centered = given[mine] - mean
        deviation = np.sqrt((np.where(known, centered, 0.0) ** 2).sum(axis=0) / number)
        varies = deviation > 1e-12 * np.maximum(np.abs(mean), 1e-300)
        found[mine] = np.where(
            known, np.where(varies, centered / np.where(varies, deviation, 1.0), 0.0), np.nan
        )
    return found


def averaging_length(configuration: Configuration) -> float:
    """ξ of the exponential average, 0.8 diameters of the largest particles; InputError if there are no diameters."""
    if configuration.diameters is None:
        raise InputError(
            "diameters: the snapshot has none, so the length over which to average is unknown; give diameters, "
            "or the length"
        )
    return AVERAGING_LENGTH * float(configuration.diameters.max())


def neighborhood_average(
    configuration: Configuration, values: ArrayLike, *, length: float | None = None
) -> NDArray[np.float64]:
    r"""Average over the neighbourhood of what was standardised within each species.

    .. math:: \bar z_i = \frac{\sum_j z_j\, e^{-r_{ij}/\xi}}{\sum_j e^{-r_{ij}/\xi}}, \qquad r_{ij} < 5\xi,

    i included, over particles of all species, with z the values less the mean of their species in units of its
    standard deviation.

    Parameters
    ----------
    configuration : Configuration
        N particles.
    values : (N,) or (N, K) array_like
        Each column by itself.
    length : float, optional
        ξ, by default `averaging_length`.

    Returns
    -------
    (N,) or (N, K) float64
        NaN values are left out; NaN only where nothing else is within reach.

    Raises
    ------
    InputError
        If `values` has another length, ξ is not positive and finite, or neither it nor diameters are known.
    """
    scores = standardized_within_species(configuration, values)
    return local_average(
        configuration, scores, length=averaging_length(configuration) if length is None else length
    )
