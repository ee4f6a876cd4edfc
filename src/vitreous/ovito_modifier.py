"""The order parameter as a modifier in OVITO's pipelines; found there by the entry point group ``OVITO.Modifier``.

Nothing but OVITO imports this module, which needs the package `ovito`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ovito.pipeline import ModifierInterface
from ovito.traits import FilePath
from traits.api import Enum, Float, Int, Range

from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.convert.ovito_data import from_ovito
from vitreous.errors import InputError, VitreousError
from vitreous.jobs.reveal import reveal
from vitreous.order_parameter import OrderParameter

__all__ = ["NAMES", "OrderParameterModifier"]

# Properties that it adds to the particles, by the columns that files of vitreous have.
NAMES = {P_RED: "P_red", P_RED_AVERAGED: "P_red averaged"}

_SANN, _MINIMUM, _DISTANCE = "SANN, mutual", "First minimum of g(r)", "Distance"


class OrderParameterModifier(ModifierInterface):  # type: ignore[misc]
    """Give every particle P_red, the probability of being in red surroundings, and its local average.

    Without a model each frame trains one of its own, which takes seconds; with a saved one (`vitreous reveal`,
    `OrderParameter.save`) that is applied to all frames, which can then be compared. Adds the properties ``P_red`` and
    ``P_red averaged``, and the attributes ``vitreous.radius`` and ``vitreous.stable``.
    """

    model = FilePath("", label="Saved model (.vtm)")
    neighbors = Enum(_SANN, _MINIMUM, _DISTANCE, label="Neighbours, without a model")
    distance = Range(low=0.0, value=0.0, exclude_low=False, label="Distance of neighbours")
    radius = Float(0.0, label="Radius of the average (0: chosen)")
    seed = Int(0, label="Seed of the training")

    def modify(self, data: Any, *, frame: int, **kwargs: Any) -> Generator[str, None, None]:
        """Compute both for the particles of one frame; OVITO calls it."""
        yield "Order parameter"
        try:
            snapshot = from_ovito(data)
            found = reveal(snapshot, self._model(), radius=self.radius or None)
        except VitreousError as error:
            raise RuntimeError(" ".join(str(error).split())) from None
        for column, name in NAMES.items():
            data.particles_.create_property(name, data=found.configuration.columns[column])
        data.attributes["vitreous.radius"] = found.radius
        data.attributes["vitreous.stable"] = int(
            all(report.stable for report in found.model.reports_.values())
        )

    def _model(self) -> OrderParameter:
        if self.model:
            return OrderParameter.load(self.model)
        if self.neighbors == _DISTANCE and not self.distance > 0.0:
            raise InputError("distance: give the distance up to which particles are neighbours")
        chosen = {_SANN: "sann", _MINIMUM: "cutoff", _DISTANCE: self.distance}[self.neighbors]
        return OrderParameter(neighbors=chosen, random_state=self.seed)
