"""From 8 bond order parameters to c coordinates: an autoencoder, or principal components.

The bottleneck of an autoencoder has no coordinates of its own: any invertible change of its c units, undone
by the decoder, is an equally good autoencoder. A Gaussian mixture, however, sees only affine changes as the
same. Two trainings that agree on every reconstruction can so disagree on the clusters. We therefore describe
a particle by its *reconstruction*, which has no such freedom, and give the c-dimensional surface of
reconstructions its natural coordinates, its c leading principal components (choice). Several trainings from
different seeds are combined by the median of their reconstructions (choice). If decoder and encoder are
linear, this is principal component analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.order_parameter.autoencoder import Autoencoder, train_autoencoders
from vitreous.parallel import map_ranges, ranges

__all__ = ["ROWS", "Reducer", "ReducerName"]

ReducerName = Literal["autoencoder", "pca"]
Array = NDArray[np.float64]

# Particles reduced at a time.
ROWS = 1024


@dataclass(frozen=True, eq=False)
class Reducer:
    """Standardised descriptors to c coordinates.

    Attributes
    ----------
    autoencoders : tuple of Autoencoder
        The trainings whose median reconstruction is used; none for principal component analysis.
    center : (8,)
        Mean reconstruction of the training particles.
    axes : (c, 8)
        Leading principal axes of the reconstructions, orthonormal; the largest entry of each is positive.
    fve : float
        Fraction of the variance of the training particles that the reconstruction explains.
    """

    autoencoders: tuple[Autoencoder, ...]
    center: Array
    axes: Array
    fve: float

    @classmethod
    def fit(
        cls, z: Array, wanted: Mapping[int, Sequence[int]], progress: Callable[[str], None]
    ) -> dict[int, Reducer]:
        """For each bottleneck one that is fitted to standardised (N, 8) descriptors, all side by side.

        It has an autoencoder for each of the seeds wanted, or, if there are none, is of principal components.
        """
        networks = [(bottleneck, seed) for bottleneck, seeds in wanted.items() for seed in seeds]
        if networks:
            progress(f"{len(networks)} autoencoders")
        trained = iter(train_autoencoders(z, networks))
        return {
            bottleneck: cls.of(tuple(next(trained) for _ in seeds), z, bottleneck)
            for bottleneck, seeds in wanted.items()
        }

    @classmethod
    def of(cls, autoencoders: tuple[Autoencoder, ...], z: Array, bottleneck: int) -> Reducer:
        """The reducer of given autoencoders, its coordinates taken from standardised (N, 8) descriptors."""
        reconstruction = _median_reconstruction(autoencoders, z)
        center = reconstruction.mean(axis=0)
        covariance = np.cov(reconstruction - center, rowvar=False)
        axes = np.linalg.eigh(covariance)[1][:, ::-1][:, :bottleneck].T
        largest = np.abs(axes).argmax(axis=1)
        axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
        if not autoencoders:  # the reconstruction of principal component analysis is the projection
            reconstruction = center + (z - center) @ axes.T @ axes
        residual = ((z - reconstruction) ** 2).sum()
        fve = 1.0 - residual / ((z - z.mean(axis=0)) ** 2).sum()
        return cls(autoencoders, center, np.ascontiguousarray(axes), float(fve))

    @property
    def bottleneck(self) -> int:
        """Number of coordinates c."""
        return len(self.axes)

    def reconstruct(self, z: Array) -> Array:
        """(N, 8) descriptors as they come back out of the bottleneck."""
        if self.autoencoders:
            return _median_reconstruction(self.autoencoders, z)
        return np.asarray(self.center + (z - self.center) @ self.axes.T @ self.axes)

    def transform(self, z: Array) -> Array:
        """(N, c) coordinates of standardised (N, 8) descriptors."""
        y = np.empty((len(z), self.bottleneck))

        def fill(start: int, stop: int) -> None:
            y[start:stop] = self.coordinates(z[start:stop])

        map_ranges(fill, ranges(len(z), ROWS))
        return y

    def coordinates(self, z: Array) -> Array:
        """As `transform`, all at once."""
        return np.asarray((_median_reconstruction(self.autoencoders, z) - self.center) @ self.axes.T)


def _median_reconstruction(autoencoders: tuple[Autoencoder, ...], z: Array) -> Array:
    if not autoencoders:
        return z
    if len(autoencoders) == 1:
        return autoencoders[0].reconstruct(z)
    return np.asarray(np.median([network.reconstruct(z) for network in autoencoders], axis=0))
