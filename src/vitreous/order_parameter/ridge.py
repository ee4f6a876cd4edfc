"""Linear regression that prefers small weights, one for each species."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

__all__ = ["Ridge"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ridge:
    r"""A label predicted from standardised features.

    Attributes
    ----------
    mean, deviation : (F,) float64
        Mean and standard deviation of the features of the particles learned from.
    weights : (F,) or (F, T) float64
        Weights of the standardised features, for each label.
    """

    mean: Array
    deviation: Array
    weights: Array

    @classmethod
    def fit(cls, features: Array, label: Array, penalty: float) -> Ridge:
        r"""Minimise :math:`\sum_i (y_i - \mathbf w\cdot\mathbf x_i)^2 + \lambda n\,|\mathbf w|^2`.

        Parameters
        ----------
        features : (n, F) float64
            Standardised here; one that does not vary gets the weight 0.
        label : (n,) or (n, T) float64
            y, of mean 0; several are learned each by itself.
        penalty : float
            λ, per particle.
        """
        mean, deviation = features.mean(axis=0), features.std(axis=0)
        varies = deviation > 1e-9 * np.maximum(np.abs(mean), 1e-3)
        deviation = np.where(varies, deviation, 1.0)
        x = np.where(varies, (features - mean) / deviation, 0.0)
        gram = x.T @ x + penalty * len(x) * np.eye(x.shape[1])
        return cls(mean, deviation, np.asarray(solve(gram, x.T @ label, assume_a="pos")))

    def predict(self, features: Array) -> Array:
        """(n,) or (n, T) label of features (n, F); NaN where one is NaN."""
        return np.asarray(((features - self.mean) / self.deviation) @ self.weights)
