"""`OrderParameter`: fit it to one snapshot, ask it for P_red of any."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import whole
from vitreous.configuration import Configuration
from vitreous.errors import InputError, ModelError
from vitreous.order_parameter import model_file
from vitreous.order_parameter.neighborhood import Neighborhood
from vitreous.order_parameter.parameters import Estimator, not_fitted
from vitreous.order_parameter.pipeline import ALL_SPECIES, Pipeline, check_enough
from vitreous.order_parameter.reducer import ReducerName
from vitreous.order_parameter.report import Report
from vitreous.structure.bond_order import averaged_bond_order
from vitreous.structure.neighbors import NeighborList, NeighborRule, Symmetry
from vitreous.structure.surroundings import Surroundings

__all__ = ["OrderParameter"]


class OrderParameter(Estimator):
    """The order parameter that the structure of one snapshot suggests by itself.

    Averaged bond order q̄_l → standardise → autoencoder → mixture of two Gaussians → the probability P_red of
    belonging to the component with the higher overall bond order. No dynamics is used.

    Parameters
    ----------
    neighbors : "sann", "cutoff", float, matrix or mapping
        Who counts as a neighbour: SANN; the first minimum of the snapshot's g(r), measured when fitting;
        or a cutoff as in `vitreous.within`.
    symmetry : "mutual", "union" or "none"
        Which neighbours SANN keeps, see `vitreous.sann`.
    l : iterable of int
        Degrees of the bond order parameters.
    reducer : "autoencoder" or "pca"
    bottleneck : int or "auto"
        Dimension c. "auto" takes the smallest that explains 75 % of the variance.
    per_species : bool
        Train one model for each species instead of one for all particles.
    members : int
        Autoencoders, trained from different seeds, whose median reconstruction is used.
    random_state : int or None
        Seed of everything random; None draws one and keeps it in `random_state_`.

    Attributes
    ----------
    pipelines_ : dict of str to Pipeline
        The trained chain, under "all species" or under each species' name.
    reports_ : dict of str to Report
        What each chain says about itself.
    cutoff_ : (1, 1) or (S, S) array or None
        Cutoffs in use; None with SANN.
    species_names_ : tuple of str
        Species of the training snapshot.
    number_density_ : float
        Number density of the training snapshot.
    random_state_ : int
    source_ : str or None
        Name of the file of the training snapshot.

    References
    ----------
    Boattini, Marín-Aguilar, Mitra, Foffi, Smallenburg, Filion, Nat. Commun. 11, 5479 (2020),
    doi:10.1038/s41467-020-19286-8. The network's sizes and training, c = 2, the consensus over seeds and the
    rule for red are choices of this program, not the paper's.
    """

    def __init__(
        self,
        *,
        neighbors: NeighborRule = "sann",
        symmetry: Symmetry = "mutual",
        l: Iterable[int] = range(1, 9),
        reducer: ReducerName = "autoencoder",
        bottleneck: int | Literal["auto"] = 2,
        per_species: bool = False,
        members: int = 5,
        random_state: int | None = 0,
    ) -> None:
        self.neighbors = neighbors
        self.symmetry = symmetry
        self.l = l
        self.reducer = reducer
        self.bottleneck = bottleneck
        self.per_species = per_species
        self.members = members
        self.random_state = random_state

    def fit(
        self, snapshot: Configuration, progress: Callable[[str], None] = lambda message: None
    ) -> OrderParameter:
        """Learn from one snapshot.

        Parameters
        ----------
        snapshot : Configuration
            At least 100 particles with neighbours (per species, with `per_species`). Beyond 10,000 a random
            10,000 are learned from.
        progress : callable, optional
            Told what is going on.

        Returns
        -------
        OrderParameter
            Itself.

        Raises
        ------
        InputError
            If a parameter or the snapshot cannot be used.
        """
        self.learn(snapshot, progress)
        return self

    def learn(
        self, snapshot: Configuration, progress: Callable[[str], None] = lambda message: None
    ) -> Surroundings:
        """As `fit`, but returns what was learned from, to be given to `p_red` in place of neighbours."""
        self.check_parameters()
        check_enough(len(snapshot))
        random_state = secrets.randbits(32) if self.random_state is None else int(self.random_state)
        neighborhood = Neighborhood.measured(self.neighbors, self.symmetry, snapshot)
        progress("neighbours and bond order")
        seen = neighborhood.surroundings(snapshot, self.l)
        whole = np.isfinite(seen.q).all(axis=1)
        pipelines: dict[str, Pipeline] = {}
        for name, mine in self._parts(snapshot):
            try:
                pipelines[name] = Pipeline.fit(
                    _rows(seen.q, mine & whole),
                    reducer=self.reducer,
                    bottleneck=self.bottleneck,
                    members=self.members,
                    random_state=random_state,
                    progress=progress,
                )
            except InputError as error:
                raise InputError(f"species {name}: {error}" if self.per_species else str(error)) from None
        # Only now, so that a fit that fails leaves an earlier one as it was.
        self.random_state_ = random_state
        self.species_names_ = snapshot.species_names
        self.number_density_ = snapshot.number_density
        self.source_ = None if snapshot.source is None else Path(snapshot.source).name
        self.cutoff_ = neighborhood.cutoff
        self.pipelines_ = pipelines
        return seen

    def transform(
        self, snapshot: Configuration, *, neighbors: NeighborList | Surroundings | None = None
    ) -> NDArray[np.float64]:
        """Coordinates in the bottleneck.

        Parameters
        ----------
        snapshot : Configuration
        neighbors : NeighborList or Surroundings, optional
            What `neighbor_list` or `surroundings` gave for this snapshot, if it is at hand.

        Returns
        -------
        (N, c) float64
            NaN for particles without neighbours. With `per_species` each species has its own coordinates.

        Raises
        ------
        ModelError
            If the model is not fitted or does not fit the snapshot.
        InputError
            If the snapshot's box is too small for its neighbourhoods.
        """
        return self._apply(snapshot, neighbors, Pipeline.transform)

    def predict_proba(
        self, snapshot: Configuration, *, neighbors: NeighborList | Surroundings | None = None
    ) -> NDArray[np.float64]:
        """(N, 2) probabilities of being white and red; parameters, NaN and errors as for `transform`."""
        return self._apply(snapshot, neighbors, Pipeline.probabilities)

    def p_red(
        self, snapshot: Configuration, *, neighbors: NeighborList | Surroundings | None = None
    ) -> NDArray[np.float64]:
        """(N,) probability P_red of being red; parameters, NaN and errors as for `transform`."""
        return np.ascontiguousarray(self.predict_proba(snapshot, neighbors=neighbors)[:, 1])

    def neighbor_list(self, snapshot: Configuration) -> NeighborList:
        """The neighbours that the model sees in a snapshot.

        Raises
        ------
        ModelError
            If the model does not fit the snapshot.
        InputError
            If a neighbourhood reaches over half the box, so that a particle would be seen twice.
        """
        self._check_fits(snapshot)
        return self._neighborhood.neighbor_list(snapshot)

    def surroundings(self, snapshot: Configuration) -> Surroundings:
        """Averaged bond order and numbers of neighbours, in a fifth of the memory that their list would take.

        Raises
        ------
        ModelError, InputError
            As `neighbor_list`.
        """
        self._check_fits(snapshot)
        return self._neighborhood.surroundings(snapshot, self.l)

    def require(
        self,
        *,
        neighbors: NeighborRule | None = None,
        symmetry: Symmetry | None = None,
        l: Iterable[int] | None = None,
    ) -> None:
        """Refuse if the model was trained with other neighbours or degrees than the ones wanted.

        Parameters
        ----------
        neighbors, symmetry, l : optional
            As for the class; what is left out is not compared. "cutoff" stands for any cutoffs.

        Raises
        ------
        ModelError
            Saying what the model has and what is wanted.
        """
        self._check_fitted()
        wanted = None if l is None else tuple(l)
        if wanted is not None and wanted != tuple(self.l):
            ours, theirs = (", ".join(map(str, degrees)) for degrees in (self.l, wanted))
            raise ModelError(
                f"model: it was trained on l = {ours}, not {theirs}; train a new one or drop the request"
            )
        self._neighborhood.require(neighbors, symmetry)

    def check_parameters(self) -> None:
        """Refuse parameters that no snapshot can serve; `fit` does it too.

        Raises
        ------
        InputError
            Naming the parameter.
        """
        if self.symmetry not in ("mutual", "union", "none"):
            raise InputError(f"symmetry: expected 'mutual', 'union' or 'none', got {self.symmetry!r}")
        if self.reducer not in ("autoencoder", "pca"):
            raise InputError(f"reducer: expected 'autoencoder' or 'pca', got {self.reducer!r}")
        try:
            degrees = tuple(int(l) for l in self.l)
        except (TypeError, ValueError):
            raise InputError(f"l: expected whole numbers, got {self.l!r}") from None
        if isinstance(self.l, Iterator):
            raise InputError("l: an iterator can be read only once; give a list or a range")
        if len(set(degrees)) < max(len(degrees), 2) or min(degrees) < 1:
            raise InputError(f"l: expected at least two different degrees from 1, got {list(degrees)}")
        if self.bottleneck != "auto" and (
            not isinstance(self.bottleneck, int | np.integer) or not 1 <= self.bottleneck <= len(degrees)
        ):
            raise InputError(
                f"bottleneck: expected 'auto' or a whole number from 1 to {len(degrees)}, got "
                f"{self.bottleneck!r}"
            )
        whole("members", self.members, 1)
        if self.random_state is not None:
            whole("random_state", self.random_state, 0)

    @property
    def rule(self) -> str:
        """The neighbour rule of the fitted model in words."""
        return str(self._neighborhood)

    @property
    def reports_(self) -> dict[str, Report]:
        """What each trained chain says about itself, by species or under "all species"."""
        self._check_fitted()
        return {name: pipeline.report for name, pipeline in self.pipelines_.items()}

    def save(self, path: str | Path) -> Path:
        """Write the trained model to a file; see `vitreous.order_parameter.model_file` for the format."""
        self._check_fitted()
        return model_file.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> OrderParameter:
        """Read a trained model; it predicts to the last bit what the saved one did.

        Raises
        ------
        ModelError
            If the file is damaged, edited, not a model, or written by a later, incompatible version.
        FileError
            If it cannot be read at all.
        """
        return model_file.load(cls, path)

    def _check_fitted(self) -> None:
        if not hasattr(self, "pipelines_"):
            raise not_fitted("this OrderParameter is not fitted yet; call fit(snapshot) or load a model")

    @property
    def _neighborhood(self) -> Neighborhood:
        return Neighborhood(self.symmetry, self.cutoff_, self.species_names_)

    def _parts(self, snapshot: Configuration) -> list[tuple[str, NDArray[np.bool_]]]:
        if not self.per_species:
            return [(ALL_SPECIES, np.ones(len(snapshot), bool))]
        return [(name, snapshot.species_index == k) for k, name in enumerate(snapshot.species_names)]

    def _apply(
        self,
        snapshot: Configuration,
        neighbors: NeighborList | Surroundings | None,
        method: Callable[[Pipeline, NDArray[np.float64]], NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        self._check_fits(snapshot)
        if neighbors is None:
            neighbors = self._neighborhood.surroundings(snapshot, self.l)
        q = neighbors.q if isinstance(neighbors, Surroundings) else averaged_bond_order(neighbors, self.l)
        if len(q) != len(snapshot):
            raise InputError(f"neighbors: they are of {len(q)} particles, the snapshot has {len(snapshot)}")
        whole = np.isfinite(q).all(axis=1)
        parts = [(name, mine & whole) for name, mine in self._parts(snapshot)]
        found = [(rows, method(self.pipelines_[name], _rows(q, rows))) for name, rows in parts]
        if len(found) == 1 and whole.all():
            return found[0][1]
        result = np.full((len(snapshot), max(values.shape[1] for _, values in found)), np.nan)
        for rows, values in found:
            result[rows, : values.shape[1]] = values
        return result

    def _check_fits(self, snapshot: Configuration) -> None:
        self._check_fitted()
        named = self.per_species or self._neighborhood.by_species
        unknown = sorted(set(snapshot.species_names) - set(self.species_names_))
        if named and unknown:
            raise ModelError(
                f"model: it knows species {', '.join(self.species_names_)}, the snapshot also has "
                f"{', '.join(unknown)}; rename species or train a new model"
            )
        if self.cutoff_ is not None:
            ratio = snapshot.number_density / self.number_density_
            if not 0.5 < ratio < 2.0:
                raise ModelError(
                    f"model: its cutoff belongs to number density {self.number_density_:.4g}, the snapshot "
                    f"has {snapshot.number_density:.4g}; are the length units the same?"
                )


def _rows(q: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The chosen rows, without a copy where they are all."""
    return q if chosen.all() else q[chosen]
