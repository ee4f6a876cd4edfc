"""How well structural quantities predict where particles go, at every δt, and how well anything could."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.configuration import Configuration
from vitreous.correlation.associate import associate
from vitreous.correlation.curves import CorrelationCurves, Method
from vitreous.correlation.rank import FEWEST_PAIRS, correlation_of_rows, scores
from vitreous.diameter_classes import particle_groups
from vitreous.ensemble.propensity import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.jobs.reveal import reveal
from vitreous.order_parameter import OrderParameter
from vitreous.simulate.energies import particle_energies
from vitreous.structure.local_average import local_average
from vitreous.structure.simple_descriptors import coordination_number, local_density, random_averages

__all__ = ["correlate", "simple_fields", "structural_fields"]

_RANDOM = 200  # fields that know nothing


def structural_fields(
    snapshot: Configuration,
    model: OrderParameter,
    *,
    radius: float | None = None,
    former: GlassFormer | None = None,
) -> tuple[dict[str, NDArray[np.float64]], float]:
    """The order parameter of every particle, and the simple quantities it has to beat.

    Parameters
    ----------
    snapshot : Configuration
        N particles.
    model : OrderParameter
        Fitted, it is applied unchanged; else it is fitted to the snapshot.
    radius : float, optional
        Of all averages; by default as in `reveal`, two large diameters.
    former : GlassFormer, optional
        With it, and if it has a potential, the potential energy is among the quantities.

    Returns
    -------
    fields : dict of str to (N,) float64
        ``p_red`` and ``p_red_averaged``; ``density``, within the radius; ``coordination`` and ``energy``, bare and
        averaged as P_red is.
    radius : float

    Raises
    ------
    InputError, ModelError
        As `reveal`: if the snapshot cannot be used, or the model does not fit it.
    """
    found = reveal(snapshot, model, radius=radius)
    order = {P_RED: found.p_red, P_RED_AVERAGED: found.p_red_averaged}
    return order | simple_fields(snapshot, found.radius, former), found.radius


def simple_fields(
    snapshot: Configuration, radius: float, former: GlassFormer | None = None
) -> dict[str, NDArray[np.float64]]:
    """What an order parameter has to beat: those of `structural_fields` but P_red, by name, each (N,)."""
    fields = {"density": local_density(snapshot, radius)}
    bare = {"coordination": coordination_number(snapshot)}
    if former is not None and not former.is_hard:
        bare["energy"] = particle_energies(snapshot, former)
    for name, values in bare.items():
        fields[name] = values
        fields[f"{name}_averaged"] = local_average(snapshot, values, radius)
    return fields


def correlate(
    fields: Mapping[str, ArrayLike],
    propensity: Propensity,
    *,
    method: Method = "spearman",
    radius: float | None = None,
    seed: int = 0,
) -> CorrelationCurves:
    r"""Correlate structural quantities with the propensity, species by species, at every δt.

    Where diameters are continuous, in thirds of the particles by diameter in place of species, see
    `vitreous.diameter_classes.particle_groups`.

    Each value has its sign. With both halves of the runs the noise ceiling is found: if these correlate by r, the
    propensity from all runs has the reliability 2r/(1 + r), and what is perfect correlates by the root of that.

    Parameters
    ----------
    fields : mapping of str to (N,) array_like
        Particles with NaN are left out.
    propensity : Propensity
        Of the same N particles.
    method : "spearman" or "pearson"
        Rank or linear correlation.
    radius : float, optional
        The range of random fields is computed with averages over this radius.
    seed : int
        Of the translations and the random fields.

    Returns
    -------
    CorrelationCurves

    Raises
    ------
    InputError
        If shapes differ, a method is unknown, or a species has fewer than 10 particles with values.

    References
    ----------
    Spearman, Am. J. Psychol. 15, 72 (1904); Br. J. Psychol. 3, 271 (1910), for reliability from halves.
    """
    if method not in ("spearman", "pearson"):
        raise InputError(f"method: expected 'spearman' or 'pearson', got {method!r}")
    snapshot = propensity.snapshot
    n = len(snapshot)
    arrays = {}
    for name, values in fields.items():
        array = np.asarray(values, dtype=np.float64)
        if array.shape != (n,):
            raise InputError(f"{name}: expected {n} values, one for each particle, got shape {array.shape}")
        arrays[name] = array
    if not arrays:
        raise InputError("fields: there is none to correlate with")
    ranks = method == "spearman"
    groups = particle_groups(snapshot)
    names = groups.names
    found = associate(snapshot, np.array(list(arrays.values())), propensity.mean, ranks=ranks, seed=seed)
    for f, s in np.argwhere(found.particles < FEWEST_PAIRS):
        raise InputError(
            f"{list(arrays)[f]}: {found.particles[f, s]} particles of species {names[s]} are too few, at least "
            f"{FEWEST_PAIRS} are needed"
        )
    random = None if radius is None else random_averages(snapshot, radius, _RANDOM, seed)
    half, low, high = (np.full((len(names), len(propensity.times)), np.nan) for _ in range(3))
    for s in range(len(names)):
        mine = np.flatnonzero(groups.index == s)
        if propensity.halves is not None:
            half[s] = correlation_of_rows(*(values[:, mine] for values in propensity.halves), ranks=ranks)
        if random is not None:
            y = scores(propensity.mean[:, mine], ranks=ranks)
            by_chance = [(scores(field[mine], ranks=ranks) * y).sum(axis=-1) for field in random]
            low[s], high[s] = np.percentile(np.clip(by_chance, -1.0, 1.0), [2.5, 97.5], axis=0)
    return CorrelationCurves(
        method,
        tuple(arrays),
        names,
        propensity.times,
        found.rho,
        found.low,
        found.high,
        half,
        low,
        high,
        np.bincount(groups.index),
        1,
        propensity.tau_1e.value,
        groups.diameter_ranges,
    )
