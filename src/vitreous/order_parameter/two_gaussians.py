"""Two Gaussians with full covariances, by expectation maximisation from a given start.

The steps are those of scikit-learn's `GaussianMixture`, and the start without a guess is that of its `KMeans`, seed 0;
the tests hold both against it. To import scikit-learn takes longer than all the rest of an order parameter by principal
components.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TwoGaussians", "maximise"]

Array = NDArray[np.float64]
# Added to every variance, so that a component of equal particles is no division by zero.
_SMALLEST_VARIANCE = 1e-6
_MOST_STEPS = 1000
# Two means: places to begin with that are compared, passes, and the shift in variances at which to stop.
_TRIALS, _MOST_PASSES, _SMALLEST_SHIFT = 2, 300, 1e-4


@dataclass(frozen=True, eq=False)
class TwoGaussians:
    """Weights (2,), means (2, c), covariances (2, c, c), and the mean log-likelihood before the last step."""

    weights: Array
    means: Array
    covariances: Array
    likelihood: float

    def bic(self, y: Array) -> float:
        """Bayesian information criterion on (N, c) coordinates."""
        n, c = y.shape
        likelihood, _ = _expect(y, self.weights, self.means, _whitening(self.covariances))
        return float(-2 * likelihood * n + (1 + 2 * c + c * (c + 1)) * math.log(n))


def maximise(y: Array, start: Array | None, tolerance: float) -> TwoGaussians:
    """The likeliest two Gaussians of (N, c) coordinates near a start: the particles below and above its median.

    None begins with two means. It stops where a step gains less than the tolerance in log-likelihood per particle.
    """
    if start is None:
        labels = _two_means(y)
    else:
        labels = start > np.median(start)
        if not labels.any():  # where most particles are alike, as in a crystal with defects
            labels = start == start.max()
    weights, means, covariances = _estimate(y, np.stack([~labels, labels], axis=1).astype(np.float64))
    likelihood = -math.inf
    for _ in range(_MOST_STEPS):
        before = likelihood
        likelihood, shares = _expect(y, weights, means, _whitening(covariances))
        weights, means, covariances = _estimate(y, shares)
        if abs(likelihood - before) < tolerance:
            break
    return TwoGaussians(weights, means, covariances, likelihood)


def _expect(y: Array, weights: Array, means: Array, whitening: Array) -> tuple[float, Array]:
    """Mean log-likelihood, and the (N, 2) probabilities of either component."""
    logarithms = np.empty((len(y), 2))
    for k in range(2):
        white = y @ whitening[k] - means[k] @ whitening[k]
        scale = np.log(np.diag(whitening[k])).sum()
        distances = np.square(white).sum(axis=1)
        logarithms[:, k] = (-0.5 * (y.shape[1] * math.log(2 * math.pi) + distances) + scale) + np.log(
            weights[k]
        )
    higher = logarithms.max(axis=1)
    both = np.log1p(np.exp(logarithms.min(axis=1) - higher)) + higher
    with np.errstate(under="ignore"):
        logarithms -= both[:, None]
        return float(both.mean()), np.exp(logarithms, out=logarithms)


def _estimate(y: Array, shares: Array) -> tuple[Array, Array, Array]:
    """Weights, means and covariances of both components."""
    counts = shares.sum(axis=0) + 10 * np.finfo(np.float64).eps
    means = shares.T @ y / counts[:, None]
    covariances = np.empty((2, y.shape[1], y.shape[1]))
    for k in range(2):
        from_mean = y - means[k]
        covariances[k] = ((shares[:, k] * from_mean.T) @ from_mean) / counts[k]
        covariances[k].flat[:: y.shape[1] + 1] += _SMALLEST_VARIANCE
    return counts / counts.sum(), means, covariances


def _whitening(covariances: Array) -> Array:
    """(2, c, c) upper triangles U with U Uᵀ the inverse of each covariance."""
    return np.linalg.inv(np.linalg.cholesky(covariances)).swapaxes(1, 2)


def _two_means(y: Array) -> NDArray[np.bool_]:
    """(N,) who is nearer to the second of two means."""
    enough = _SMALLEST_SHIFT * float(np.var(y, axis=0).mean())
    y = y - y.mean(axis=0)
    generator = np.random.RandomState(0)
    first = int(generator.choice(len(y), p=np.full(len(y), 1.0 / len(y))))
    distances = _squared_distances(y, y[first])
    drawn = generator.uniform(size=_TRIALS) * distances.sum()
    tried = np.minimum(np.searchsorted(np.cumsum(distances), drawn), len(y) - 1)
    left = [np.minimum(distances, _squared_distances(y, y[place])).sum() for place in tried]
    centers = y[[first, int(tried[np.argmin(left)])]]
    labels = former = np.zeros(0, dtype=bool)
    for _ in range(_MOST_PASSES):
        labels = _nearer_second(y, centers)
        if not labels.any() or np.array_equal(labels, former):
            return labels
        moved = np.stack([y[~labels].mean(axis=0), y[labels].mean(axis=0)])
        shift = float(((moved - centers) ** 2).sum())
        centers, former = moved, labels
        if shift <= enough:
            break
    return _nearer_second(y, centers)


def _nearer_second(y: Array, centers: Array) -> NDArray[np.bool_]:
    return np.asarray(_squared_distances(y, centers[1]) < _squared_distances(y, centers[0]))


def _squared_distances(y: Array, place: Array) -> Array:
    return np.asarray(((y - place) ** 2).sum(axis=1))
