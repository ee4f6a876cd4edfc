"""The order parameter that a snapshot designs by itself: reducer, mixture, estimator, report, model file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.order_parameter.cage_report import CageReport
    from vitreous.order_parameter.estimator import OrderParameter
    from vitreous.order_parameter.relevance import Relevance, input_relevance
    from vitreous.order_parameter.report import Report
    from vitreous.order_parameter.ridge import Ridge

__all__ = ["CageReport", "OrderParameter", "Relevance", "Report", "Ridge", "input_relevance"]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "cage_report": ("CageReport",),
        "estimator": ("OrderParameter",),
        "relevance": ("Relevance", "input_relevance"),
        "report": ("Report",),
        "ridge": ("Ridge",),
    },
)
