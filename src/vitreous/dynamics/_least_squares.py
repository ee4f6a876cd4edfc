"""Errors of the parameters of a fit to data whose errors are correlated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["parameter_covariance"]


def parameter_covariance(
    jacobian: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Covariance (P, P) of parameters fitted by least squares, all data points with the same weight.

    Parameters
    ----------
    jacobian : (M, P) float64
        Derivatives of the model at the data points. To fit with weights, scale its rows, and those of the data, by
        their roots.
    covariance : (M, M) float64
        Covariance of the data.
    """
    influence = np.linalg.pinv(jacobian)
    return np.asarray(influence @ covariance @ influence.T)
