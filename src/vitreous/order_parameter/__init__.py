"""The order parameter that a snapshot designs by itself: reducer, mixture, estimator, report, model file."""

from vitreous.order_parameter.estimator import OrderParameter
from vitreous.order_parameter.report import Report

__all__ = ["OrderParameter", "Report"]
