"""The main job: from a snapshot to its order parameter, averaged, reported and ready to be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import numbers, positive
from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.configuration import Configuration
from vitreous.correlation.associate import Correlation
from vitreous.correlation.in_file import correlations_with_file, noise_ceilings_of_file, plain_correlations
from vitreous.diameter_classes import diameter_ranges
from vitreous.errors import InputError
from vitreous.order_parameter import OrderParameter
from vitreous.order_parameter.pipeline import check_enough
from vitreous.records import Json, to_object
from vitreous.structure.local_average import local_average
from vitreous.structure.neighbors import NeighborList
from vitreous.structure.radial_distribution import radial_distribution

__all__ = ["Revelation", "reveal", "snapshot_facts"]


@dataclass(frozen=True, eq=False)
class Revelation:
    """What `reveal` found.

    Attributes
    ----------
    configuration : Configuration
        The snapshot with columns p_red and p_red_averaged, each (N,).
    model : OrderParameter
    trained_here : bool
        Whether the model was trained on this snapshot, or given.
    radius : float
        Radius of the local average, in the length unit of the positions.
    radius_origin : str
        How that radius came about, in words.
    neighbor_counts : (N,) int64
        Numbers of neighbours that the model sees.
    correlations : dict of (quantity, species) to Correlation
        With the propensity that came with the file, if one did. The intervals are those of `correlate`, NaN in a box
        that is open along an axis.
    noise_ceilings : dict of species to float
        What a perfect predictor would reach, if the propensities from both halves of the runs came too.
    """

    configuration: Configuration
    model: OrderParameter
    trained_here: bool
    radius: float
    radius_origin: str
    neighbor_counts: NDArray[np.int64]
    correlations: dict[tuple[str, str], Correlation]
    noise_ceilings: dict[str, float]

    @cached_property
    def neighbors(self) -> NeighborList:
        """The neighbours that the model sees, found again when they are first asked for."""
        return self.model.neighbor_list(self.configuration)

    @property
    def p_red(self) -> NDArray[np.float64]:
        """(N,) probability of being red; NaN without neighbours."""
        return numbers(P_RED, self.configuration.columns[P_RED])

    @property
    def p_red_averaged(self) -> NDArray[np.float64]:
        """(N,) local average of P_red."""
        return numbers(P_RED_AVERAGED, self.configuration.columns[P_RED_AVERAGED])

    def as_dict(self) -> dict[str, Json]:
        """Everything but the per-particle arrays, ready for JSON."""
        model = self.model
        return to_object(
            {
                **snapshot_facts(self.configuration),
                "neighbors": model.rule,
                "cutoff": model.cutoff_,
                "l": [int(l) for l in model.l],
                "mean_neighbors": float(self.neighbor_counts.mean()),
                "without_neighbors": int((self.neighbor_counts == 0).sum()),
                "model": {
                    "trained_on": model.source_,
                    "trained_here": self.trained_here,
                    "random_state": model.random_state_,
                    "reducer": model.reducer,
                    "reports": model.reports_,
                },
                "mean_p_red": None if np.isnan(self.p_red).all() else float(np.nanmean(self.p_red)),
                "radius": self.radius,
                "radius_origin": self.radius_origin,
                "correlations": plain_correlations(self.correlations),
                "noise_ceilings": self.noise_ceilings,
            }
        )


def snapshot_facts(snapshot: Configuration) -> dict[str, object]:
    """What is told of a snapshot beside any order parameter."""
    counts = np.bincount(snapshot.species_index).tolist()
    ranges = diameter_ranges(snapshot)
    return {
        "source": snapshot.source,
        "particles": len(snapshot),
        "species": dict(zip(snapshot.species_names, counts, strict=True)),
        **({"diameter_classes": ranges} if ranges else {}),
        "number_density": snapshot.number_density,
    }


def reveal(
    snapshot: Configuration,
    model: OrderParameter | None = None,
    *,
    radius: float | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Revelation:
    """Apply an order parameter to a snapshot, training it first if it is not fitted.

    Parameters
    ----------
    snapshot : Configuration
    model : OrderParameter, optional
        Unfitted: it is fitted to this snapshot. Fitted: it is applied unchanged. By default one with SANN neighbours.
    radius : float, optional
        Radius of the local average. By default two diameters of the largest particles, and where diameters are
        not known, twice the distance of the first peak of g(r).
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    Revelation

    Raises
    ------
    InputError, ModelError
        If the snapshot cannot be used, the model does not fit it, or the radius is more than half the box.
    """
    if model is None:
        model = OrderParameter(random_state=0)
    trained_here = not hasattr(model, "pipelines_")
    if trained_here:
        check_enough(len(snapshot))
    if radius is not None:
        origin = "given"
    elif snapshot.diameters is not None:
        radius, origin = 2.0 * float(snapshot.diameters.max()), "two large diameters"
    else:
        progress("radial distribution function")
        radius = 2.0 * _first_peak(snapshot)
        origin = "twice the first peak of g(r), for want of diameters"
    _check_radius(snapshot, radius, origin)
    if trained_here:
        seen = model.learn(snapshot, progress)
    else:
        progress("neighbours and bond order")
        seen = model.surroundings(snapshot)
    progress("order parameter of every particle")
    p_red = model.p_red(snapshot, neighbors=seen)
    counts = seen.counts
    del seen
    progress("local average")
    averaged = local_average(snapshot, p_red, radius)
    revealed = snapshot.with_columns(**{P_RED: p_red, P_RED_AVERAGED: averaged})
    return Revelation(
        revealed,
        model,
        trained_here,
        radius,
        origin,
        counts,
        correlations_with_file(revealed, (P_RED, P_RED_AVERAGED)),
        noise_ceilings_of_file(revealed),
    )


def _first_peak(snapshot: Configuration) -> float:
    try:
        return radial_distribution(snapshot).first_peak
    except InputError:
        raise InputError(
            f"radius: g(r) of these {len(snapshot)} particles has no clear first peak, and diameters are not "
            f"known; give the radius of the local average, or diameters"
        ) from None


def _check_radius(snapshot: Configuration, radius: float, origin: str) -> None:
    positive("radius", radius)
    for axis in range(3):
        half = float(snapshot.box.heights[axis]) / 2
        if snapshot.box.periodic[axis] and radius > half:
            raise InputError(
                f"radius: the local average over {radius:.6g} ({origin}) reaches over half the box, "
                f"{half:.6g} along {'xyz'[axis]}; give a smaller radius or a larger system"
            )
