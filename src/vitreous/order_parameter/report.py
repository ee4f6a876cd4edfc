"""What a fit says about itself: how much it explains, how separate the two groups are, how stable it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

__all__ = ["AGREEMENT", "Report"]

# Below this rank correlation between two ways to the same answer, the answer is called unstable (choice).
AGREEMENT = 0.9
_SMALLEST_WEIGHT = 0.05
_SMALLEST_CONTRAST = 0.2


@dataclass(frozen=True)
class Report:
    """Numbers about one trained order parameter.

    Attributes
    ----------
    training_particles : int
        Particles the model was trained on.
    bottleneck : int
        Dimension c that was used.
    fve : mapping of int to float
        Fraction of variance explained for each bottleneck dimension that was tried.
    red_weight : float
        Weight of the red component in the mixture.
    separation : float
        Mahalanobis distance of the two component means.
    contrast : float
        Difference in overall bond order by which red was chosen, in standard deviations.
    bic_one, bic_two : float
        Bayesian information criterion of one and of two components; the lower one is preferred.
    seed_agreement : float or None
        Smallest Spearman correlation of P_red between two single autoencoders of the consensus; None for
        principal components, which have no seed.
    pca_agreement : float or None
        Spearman correlation of P_red with the route through principal components; None on that route.
    mixture_agreement : float
        Spearman correlation of P_red with that of the likeliest mixture, at full convergence.
    likelihood_gain : float
        Log-likelihood per particle by which that mixture is better.
    """

    told: ClassVar = ("stable", "remarks")

    training_particles: int
    bottleneck: int
    fve: Mapping[int, float]
    red_weight: float
    separation: float
    contrast: float
    bic_one: float
    bic_two: float
    seed_agreement: float | None
    pca_agreement: float | None
    mixture_agreement: float
    likelihood_gain: float

    @property
    def stable(self) -> bool:
        """Whether seeds agree, and agree with principal components, and no clearly better mixture disagrees.

        Agreement is a Spearman correlation of at least 0.9; clearly better, a gain in log-likelihood above
        what the Bayesian information criterion charges for a mixture of this many parameters.
        """
        values = [self.seed_agreement, self.pca_agreement, self.mixture_agreement if self._outdone else None]
        return all(value is None or value >= AGREEMENT for value in values)

    @property
    def _outdone(self) -> bool:
        c, n = self.bottleneck, self.training_particles
        parameters = 1 + 2 * c + c * (c + 1)
        return self.likelihood_gain * n > 0.5 * parameters * math.log(n)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a careful reader of the result should know, in plain words; the first says if it is stable."""
        said = []
        if self.seed_agreement is not None and self.seed_agreement < AGREEMENT:
            said.append(
                f"NOT stable over seeds: two autoencoders that differ only in their seed agree to a rank "
                f"correlation of {self.seed_agreement:.2f}. Their consensus is given; be careful."
            )
        if self.pca_agreement is not None and self.pca_agreement < AGREEMENT:
            said.append(
                f"NOT confirmed by principal components: the two routes agree to a rank correlation of "
                f"{self.pca_agreement:.2f}."
            )
        if self.mixture_agreement < AGREEMENT and self._outdone:
            said.append(
                f"NOT the best mixture: another one, clearly likelier (by {self.likelihood_gain:.4f} per "
                f"particle), ranks the particles differently (rank correlation {self.mixture_agreement:.2f})."
            )
        if self.stable:
            said.append("The answer is stable.")
        if self.mixture_agreement < AGREEMENT and not self._outdone:
            said.append(
                f"It is not the only mixture: another one, likelier by {self.likelihood_gain:.4f} per "
                f"particle, ranks the particles differently (rank correlation {self.mixture_agreement:.2f})."
            )
        if self.bic_two > self.bic_one:
            said.append(
                "One Gaussian describes these particles as well as two (BIC): red and white are two ends of "
                "a continuum, not two separate populations."
            )
        if min(self.red_weight, 1 - self.red_weight) < _SMALLEST_WEIGHT:
            said.append(
                f"One component holds only {100 * min(self.red_weight, 1 - self.red_weight):.1f} % of the "
                f"particles: the mixture has picked out a few unusual environments."
            )
        if self.contrast < _SMALLEST_CONTRAST:
            said.append(
                f"Both components have nearly the same overall bond order (difference "
                f"{self.contrast:.2f} s.d.): which one is called red is weakly founded."
            )
        return tuple(said)
