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

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.parallel import map_ranges, ranges

__all__ = ["HIDDEN_UNITS", "Autoencoder", "Reducer", "ReducerName", "train_autoencoder"]

ReducerName = Literal["autoencoder", "pca"]
Array = NDArray[np.float64]

HIDDEN_UNITS = 80
# Particles reconstructed at a time: their 80 hidden units fit into the cache.
_ROWS = 1024


@dataclass(frozen=True, eq=False)
class Autoencoder:
    """A trained network 8 → 80 tanh → c tanh → 80 tanh → 8, as its weight matrices and intercepts.

    Attributes
    ----------
    weights : 4 arrays, (8, 80), (80, c), (c, 80), (80, 8)
    intercepts : 4 arrays, (80,), (c,), (80,), (8,)
    epochs : int
        Passes over the training particles until the held-out ones no longer improved.
    """

    weights: tuple[Array, ...]
    intercepts: tuple[Array, ...]
    epochs: int

    def reconstruct(self, z: Array) -> Array:
        """(N, 8) output of the decoder for (N, 8) standardised inputs."""
        for weight, intercept in zip(self.weights[:-1], self.intercepts[:-1], strict=True):
            z = z @ weight
            z += intercept
            np.tanh(z, out=z)
        return np.asarray(z @ self.weights[-1] + self.intercepts[-1])


def train_autoencoder(z: Array, bottleneck: int, seed: int) -> Autoencoder:
    """Train on standardised (N, 8) descriptors by Adam until held-out particles stop improving.

    After Boattini, Dijkstra, Filion, J. Chem. Phys. 151, 154901 (2019), doi:10.1063/1.5118867; sizes of the
    layers, learning rate, decay and the 20 % of particles held out are choices.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor
    from threadpoolctl import threadpool_limits

    network = MLPRegressor(
        hidden_layer_sizes=(HIDDEN_UNITS, bottleneck, HIDDEN_UNITS),
        activation="tanh",
        solver="adam",
        alpha=1e-4,
        batch_size=min(100, len(z) * 4 // 5),  # no more than there are to train on
        learning_rate_init=3e-3,
        early_stopping=True,
        validation_fraction=0.2,
        n_iter_no_change=20,
        tol=1e-3,
        max_iter=400,
        random_state=seed,
    )
    with warnings.catch_warnings(), threadpool_limits(1):
        # Reaching max_iter is no failure: the weights kept are those best on the held-out particles.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # Scikit-learn takes an interrupt for the wish to go on with a half-trained network. It is not.
        warnings.filterwarnings("error", "Training interrupted", UserWarning)
        try:
            network.fit(z, z)
        except UserWarning:
            raise KeyboardInterrupt from None
    return Autoencoder(
        tuple(np.ascontiguousarray(weight) for weight in network.coefs_),
        tuple(np.ascontiguousarray(intercept) for intercept in network.intercepts_),
        int(network.n_iter_),
    )


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
        cls,
        z: Array,
        bottleneck: int,
        seeds: Sequence[int],
        progress: Callable[[str], None] = lambda message: None,
    ) -> Reducer:
        """Fit to standardised (N, 8) descriptors: an autoencoder a seed, or none for principal components."""
        autoencoders = []
        for number, seed in enumerate(seeds, 1):
            progress(f"autoencoder {number} of {len(seeds)}, bottleneck {bottleneck}")
            autoencoders.append(train_autoencoder(z, bottleneck, seed))
        return cls.of(tuple(autoencoders), z, bottleneck)

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
            reconstruction = _median_reconstruction(self.autoencoders, z[start:stop])
            y[start:stop] = (reconstruction - self.center) @ self.axes.T

        map_ranges(fill, ranges(len(z), _ROWS))
        return y


def _median_reconstruction(autoencoders: tuple[Autoencoder, ...], z: Array) -> Array:
    if not autoencoders:
        return z
    if len(autoencoders) == 1:
        return autoencoders[0].reconstruct(z)
    return np.asarray(np.median([network.reconstruct(z) for network in autoencoders], axis=0))
