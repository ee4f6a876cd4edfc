"""A mixture of two Gaussians, with one of them called red by a structural rule.

In a supercooled liquid the coordinates form one cloud that is only slightly not Gaussian: two components are
often no better than one (BIC). The likelihood then has a flat top, and where expectation maximisation ends up
on it, after dozens of steps, depends on the last digit of the coordinates. So (choice) it starts from the
two halves of the particles below and above the median overall bond order, the quantity by which red is
chosen, and stops when a step gains less than 0.001 in log-likelihood per particle, before it drifts along
the top. No seed enters. How much the answer differs from that of the likeliest mixture is measured and told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.order_parameter.two_gaussians import TwoGaussians, maximise

__all__ = ["Mixture"]

Array = NDArray[np.float64]
# Gain in log-likelihood per particle and step at which to stop.
_ENOUGH = 1e-3
_CONVERGED = 1e-5


@dataclass(frozen=True, eq=False)
class Mixture:
    """Two Gaussians with full covariances in c dimensions; component 0 is white, component 1 is red.

    Red is the component whose particles have the larger mean of Σ_l z-scored q̄_l (choice; Boattini et al.
    find the fast particles to have the higher overall bond order). No dynamics enters.

    Attributes
    ----------
    weights : (2,)
    means : (2, c)
    covariances : (2, c, c)
    contrast : float
        Mean of Σ_l z-scored q̄_l over red minus over white particles, in standard deviations of that sum;
        never negative, and the nearer to 0 the less the rule has to go by.
    bic : (2,)
        Bayesian information criterion of one and of two components on the training particles; the lower
        one is preferred.
    """

    weights: Array
    means: Array
    covariances: Array
    contrast: float
    bic: Array

    @classmethod
    def fit(cls, y: Array, overall_order: Array) -> Mixture:
        """Fit to (N, c) coordinates by expectation maximisation from the two halves of Σ_l z-scored q̄_l (N,)."""
        return cls._of(maximise(y, overall_order, _ENOUGH), y, overall_order)

    @classmethod
    def likeliest(cls, y: Array, overall_order: Array) -> Mixture:
        """The likeliest mixture found by running to full convergence from several starts.

        From the same halves, from the halves of each coordinate, and from k-means.
        """
        starts = [overall_order, *y.T, None]
        candidates = [maximise(y, start, _CONVERGED) for start in starts]
        return cls._of(max(candidates, key=lambda found: found.likelihood), y, overall_order)

    @classmethod
    def _of(cls, fitted: TwoGaussians, y: Array, overall_order: Array) -> Mixture:
        bic = np.array([_bic_of_one(y), fitted.bic(y)])
        mixture = cls(fitted.weights, fitted.means, fitted.covariances, 0.0, bic)
        share = mixture.probabilities(y)
        means = share.T @ overall_order / share.sum(axis=0)
        order = np.argsort(means, kind="stable")
        return cls(
            mixture.weights[order],
            mixture.means[order],
            mixture.covariances[order],
            float(means[order[1]] - means[order[0]]) / float(overall_order.std()),
            bic,
        )

    def probabilities(self, y: Array) -> Array:
        """(N, 2) probabilities of being white and red of (N, c) coordinates."""
        logarithms = np.empty((len(y), 2))
        for k in range(2):
            lower = np.linalg.cholesky(self.covariances[k])
            scaled = (y - self.means[k]) @ np.linalg.inv(lower).T
            logarithms[:, k] = (
                np.log(self.weights[k]) - np.log(np.diag(lower)).sum() - 0.5 * (scaled**2).sum(axis=1)
            )
        logarithms -= logarithms.max(axis=1, keepdims=True)
        share = np.exp(logarithms)
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    @property
    def separation(self) -> float:
        """Distance of the two means in units of the pooled spread (Mahalanobis); 0 if they coincide."""
        difference = self.means[1] - self.means[0]
        pooled = self.covariances.mean(axis=0)
        return float(np.sqrt(difference @ np.linalg.solve(pooled, difference)))


def _bic_of_one(y: Array) -> float:
    """Bayesian information criterion of one Gaussian at its maximum of likelihood."""
    n, c = y.shape
    volume = np.linalg.slogdet(np.atleast_2d(np.cov(y, rowvar=False, bias=True)))[1]
    likelihood = -0.5 * n * (c * np.log(2 * np.pi) + volume + c)
    return float(-2.0 * likelihood + (c + c * (c + 1) / 2) * np.log(n))
