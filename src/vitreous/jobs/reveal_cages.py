"""The other main job: the cage order parameter of a snapshot, averaged, reported and ready to be written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import numbers, positive
from vitreous.column_names import CAGE, CAGE_AVERAGED, DEBYE_WALLER_AVERAGED
from vitreous.configuration import Configuration
from vitreous.correlation.associate import Correlation
from vitreous.correlation.in_file import (
    correlations_with_file,
    has_propensity,
    noise_ceilings_of_file,
    plain_correlations,
)
from vitreous.dynamics.cages import Cages
from vitreous.errors import InputError
from vitreous.jobs.reveal import snapshot_facts
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.order_parameter.cage_null import learned_from_elsewhere
from vitreous.records import Json, to_object
from vitreous.simulate.equilibration_report import recorded_tau_1e
from vitreous.structure.neighborhood_average import neighborhood_average

__all__ = ["CageRevelation", "reveal_cages"]

_LONG = 0.05  # of the relaxation time: longer runs see more than the cage


@dataclass(frozen=True, eq=False)
class CageRevelation:
    """What `reveal_cages` found.

    Attributes
    ----------
    configuration : Configuration
        The snapshot with the columns cage and cage_averaged, each (N,), and with cages also debye_waller_averaged.
    model : CageOrderParameter
    trained_here : bool
        Whether the model was trained on this snapshot, or given.
    cages : Cages or None
        None if bare positions were described.
    length : float
        ξ of the average, in the length unit of the positions.
    differences : tuple of str
        In words, why this is another liquid than the model's, if it was applied all the same.
    tau_1e : float
        Time in which F_s falls to 1/e, as the file tells it; NaN where it does not.
    correlations : dict of (quantity, species) to Correlation
        With the propensity that came with the file, if one did. The interval of what was learned here is as wide as
        that of what would be learned from the cages of other places (`learned_from_elsewhere`).
    noise_ceilings : dict of species to float
    """

    configuration: Configuration
    model: CageOrderParameter
    trained_here: bool
    cages: Cages | None
    length: float
    differences: tuple[str, ...]
    tau_1e: float
    correlations: dict[tuple[str, str], Correlation]
    noise_ceilings: dict[str, float]

    @property
    def averages(self) -> dict[str, NDArray[np.float64]]:
        """The averaged columns, (N,) each, by name: what is to be shown."""
        columns, shown = self.configuration.columns, (CAGE_AVERAGED, DEBYE_WALLER_AVERAGED)
        return {name: numbers(name, columns[name]) for name in shown if name in columns}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a careful reader should know, in plain words."""
        if self.cages is None:
            said = [
                "Positions only: no run was needed, and it predicts less well than with cages of this snapshot."
            ]
        else:
            said = []
            share = self.cages.duration / self.tau_1e
            if math.isfinite(share):
                warning = (
                    "" if share <= _LONG else ": NOT short, some particles have left their cages by then"
                )
                said.append(f"The short runs last {100 * share:.2g} % of the relaxation time{warning}.")
        said += [f"Another liquid: {difference}." for difference in self.differences]
        return (*self.model.report_.remarks, *said) if self.trained_here else tuple(said)

    def as_dict(self) -> dict[str, Json]:
        """Everything but the per-particle arrays, ready for JSON; None for NaN."""
        model, cages = self.model, self.cages
        return to_object(
            {
                **snapshot_facts(self.configuration),
                "cages": None
                if cages is None
                else {
                    "liquid": cages.liquid,
                    "temperature": cages.temperature,
                    "runs": cages.runs,
                    "duration": cages.duration,
                    "seed": cages.seed,
                    "agreement": cages.agreement,
                    "plateau": cages.plateau,
                    "about": dict(cages.about),
                },
                "model": {
                    "trained_on": model.source_,
                    "trained_here": self.trained_here,
                    "liquid": model.liquid_,
                    "temperature": model.temperature_,
                    "unit": model.unit_,
                    "report": model.report_,
                },
                "length": self.length,
                "tau_1e": self.tau_1e,
                "remarks": self.remarks,
                "correlations": plain_correlations(self.correlations),
                "noise_ceilings": self.noise_ceilings,
            }
        )


def reveal_cages(
    snapshot: Configuration,
    cages: Cages | None,
    model: CageOrderParameter,
    *,
    length: float | None = None,
    force: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> CageRevelation:
    """Apply a cage order parameter to a snapshot, training it first if it is not fitted.

    Parameters
    ----------
    snapshot : Configuration
    cages : Cages or None
        Cages of this snapshot, from `sample_cages`. Without them bare positions are described, by a model that is
        fitted.
    model : CageOrderParameter
        Unfitted: it is fitted to this snapshot. Fitted: it is applied unchanged.
    length : float, optional
        ξ of the average; by default 0.8 diameters of the largest particles, as the cages or the model know them.
    force : bool
        Apply the model to another density or composition all the same.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    CageRevelation

    Raises
    ------
    InputError, ModelError
        If the snapshot cannot be used, the model does not fit it, or there is nothing to train it on.
    """
    trained_here = not hasattr(model, "ridges_")
    if trained_here:
        if cages is None:
            raise InputError("cages: there are none to learn from; sample them, or give a trained model")
        progress("what structure says of the cages")
        model.fit(snapshot, cages)
    if length is None:
        length = model.averaging_length_
    length = positive("length", length)
    differences = model.differences(snapshot)
    progress("order parameter of every particle")
    cage = model.predict(snapshot, cages, force=force)
    progress("average over the neighbourhood")
    columns = {CAGE: cage, CAGE_AVERAGED: neighborhood_average(snapshot, cage, length=length)}
    if cages is not None:
        columns[DEBYE_WALLER_AVERAGED] = neighborhood_average(snapshot, cages.log_variance(), length=length)
    revealed = snapshot.with_columns(**columns)
    by_chance = {}
    if trained_here and cages is not None and has_propensity(snapshot) and all(snapshot.box.periodic):
        progress("what cages of other places would teach")
        learned = learned_from_elsewhere(snapshot, cages, model.unit_, model.penalty)
        by_chance = {CAGE: learned, CAGE_AVERAGED: neighborhood_average(snapshot, learned, length=length)}
    return CageRevelation(
        revealed,
        model,
        trained_here,
        cages,
        float(length),
        differences,
        recorded_tau_1e(snapshot),
        correlations_with_file(revealed, tuple(columns), by_chance),
        noise_ceilings_of_file(revealed),
    )
