"""Which of its inputs a trained order parameter needs: each q̄_l is shuffled, held at its mean, or left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.rank import correlation_of_rows
from vitreous.errors import InputError
from vitreous.order_parameter.autoencoder import Autoencoder, train_autoencoders
from vitreous.order_parameter.estimator import OrderParameter
from vitreous.order_parameter.pipeline import ALL_SPECIES, MOST_PARTICLES, Pipeline, check_enough, p_red_by
from vitreous.order_parameter.reducer import Reducer
from vitreous.structure.bond_order import averaged_bond_order
from vitreous.structure.neighbors import NeighborList

__all__ = ["Relevance", "input_relevance"]

Array = NDArray[np.float64]

_SHUFFLES = 10


@dataclass(frozen=True, eq=False)
class Relevance:
    r"""What each of L inputs q̄_l is worth to one trained chain, and to one trained anew.

    Errors are of reconstruction, in units of the variance: of the standardised inputs z and what comes back out of the
    bottleneck, :math:`\hat z`,

    .. math:: E = \sum_{i,l} (z_{il} - \hat z_{il})^2 \Big/ \sum_{i,l} (z_{il} - \bar z_l)^2 .

    An agreement is Spearman's ρ of P_red of the same particles, computed in two ways; 1 if that makes no difference.

    Attributes
    ----------
    l : tuple of int, L degrees
    explained : (L,) float64
        Fraction of the variance of each q̄_l that its reconstruction explains.
    shuffled_agreement, shuffled_agreement_deviation : (L,) float64
        Agreement of P_red with that from inputs in which this q̄_l is shuffled among the particles: mean and standard
        deviation over 10 shuffles. No training.
    shuffled_loss, shuffled_loss_deviation : (L,) float64
        By how much E grows then, all L outputs compared with the inputs as they were.
    held_loss : (L,) float64
        By how much E grows if this q̄_l is the same, its mean, for all particles.
    dropped_agreement, dropped_agreement_deviation : (L,) float64
        Agreement of P_red with that of a chain trained on this snapshot without this q̄_l: mean and standard deviation
        over the seeds of single networks. Red is chosen anew, by the q̄_l that are left; a negative value means that
        it is then the other component. NaN if only two degrees are in use. The deviation is NaN for principal
        components, which have no seed.
    retrained_agreement, retrained_agreement_deviation : float
        The same with nothing left out: as near to 1 as training anew comes.
    seeds : int
        Networks trained for each of these L + 1 agreements; 0 for principal components.
    """

    told: ClassVar = ("held_share",)

    l: tuple[int, ...]
    explained: Array
    shuffled_agreement: Array
    shuffled_agreement_deviation: Array
    shuffled_loss: Array
    shuffled_loss_deviation: Array
    held_loss: Array
    dropped_agreement: Array
    dropped_agreement_deviation: Array
    retrained_agreement: float
    retrained_agreement_deviation: float
    seeds: int

    @property
    def held_share(self) -> Array:
        """(L,) each input's share of the sum of `held_loss`: the relative importance."""
        return np.asarray(self.held_loss / self.held_loss.sum())


def input_relevance(
    model: OrderParameter,
    snapshot: Configuration,
    *,
    neighbors: NeighborList | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Relevance]:
    """How much a fitted order parameter depends on each of its inputs.

    Three ways to take an input away, since inputs are correlated and one can stand in for another: *shuffled*
    (permutation importance; the trained chain gets a value of another particle), *held* at its mean (the trained chain
    gets none), *left out* (a chain trained without it; what the other inputs cannot replace).

    `Relevance.held_share` is the improved stepwise method of Gevrey, Dimopoulos and Lek: one input at a time is held
    at its mean, and the growth of the error of reconstruction, each output compared with the input as it was, is taken
    as a share of the sum over all inputs. Boattini, Dijkstra and Filion find the most relevant inputs with their
    trained autoencoder; that they do it in just this way was not checked. Agreement of P_red, shuffling and
    training anew are choices of this program.

    Parameters
    ----------
    model : OrderParameter
        Fitted. Each of its chains is taken by itself: with one model for each species, particles are shuffled within
        theirs; with one for all, among all.
    snapshot : Configuration
        At least 100 particles with neighbours (of each species, if it has its own chain); beyond 10,000 a
        random 10,000 are used.
    neighbors : NeighborList, optional
        What `OrderParameter.neighbor_list` gave for this snapshot, if it is at hand.
    seed : int
        Seed of the shuffles and the networks. As many networks are trained as the model has in its consensus, each
        answering by itself.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    dict of str to Relevance
        Under the names of ``model.pipelines_``; species that the snapshot lacks are left out.

    Raises
    ------
    InputError, ModelError
        If there are too few particles, the bond order is the same for all, or the model does not fit.

    References
    ----------
    Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324 (permutation); Gevrey, Dimopoulos, Lek, Ecol.
    Model. 160, 249 (2003), doi:10.1016/S0304-3800(02)00257-0 (held at the mean); Boattini, Dijkstra, Filion, J. Chem.
    Phys. 151, 154901 (2019), doi:10.1063/1.5118867, Ref. 10 of Boattini et al., Nat. Commun. 11, 5479 (2020).
    """
    if neighbors is None:
        neighbors = model.neighbor_list(snapshot)
    q = averaged_bond_order(neighbors, model.l)
    whole = np.isfinite(q).all(axis=1)
    found = {}
    for name, pipeline in model.pipelines_.items():
        mine = whole
        if name != ALL_SPECIES:
            if name not in snapshot.species_names:
                continue
            mine = whole & (snapshot.species_index == snapshot.species_names.index(name))
        check_enough(int(mine.sum()), "particles with neighbours")
        found[name] = _of_chain(pipeline, q[mine], model, seed, progress)
    return found


def _of_chain(
    pipeline: Pipeline, q: Array, model: OrderParameter, seed: int, progress: Callable[[str], None]
) -> Relevance:
    stream = np.random.SeedSequence(seed)
    rng = np.random.default_rng(stream)
    if len(q) > MOST_PARTICLES:
        q = q[np.sort(rng.choice(len(q), MOST_PARTICLES, replace=False))]
    if (q.std(axis=0) < 1e-8).any():
        raise InputError(
            "relevance: the bond order is the same for all particles, as in a perfect crystal; no input can be told "
            "from another"
        )
    degrees = tuple(int(l) for l in model.l)
    z = (q - pipeline.mean) / pipeline.deviation
    p_red = pipeline.probabilities(q)[:, 1]
    error = _error(pipeline, z, z)
    agreement, loss = np.empty((2, len(degrees), _SHUFFLES))
    held = np.empty(len(degrees))
    progress("inputs shuffled and held")
    for k in range(len(degrees)):
        for n in range(_SHUFFLES):
            other = q.copy()
            other[:, k] = rng.permutation(q[:, k])
            agreement[k, n] = correlation_of_rows(p_red, pipeline.probabilities(other)[:, 1])
            loss[k, n] = _error(pipeline, (other - pipeline.mean) / pipeline.deviation, z) - error
        still = z.copy()
        still[:, k] = z[:, k].mean()
        held[k] = _error(pipeline, still, z) - error
    seeds = [int(one) for one in stream.generate_state(model.members)] if model.reducer != "pca" else []
    # On this snapshot, which need not be the one that the model was trained on.
    own = (q - q.mean(axis=0)) / q.std(axis=0)
    c = pipeline.reducer.bottleneck
    progress("trained anew")
    again = _retrained(own, c, seeds, p_red)
    dropped = np.full((len(degrees), max(1, len(seeds))), np.nan)
    for k, l in enumerate(degrees):
        if len(degrees) > 2:
            progress(f"trained without q̄_{l}")
            dropped[k] = _retrained(np.delete(own, k, axis=1), min(c, len(degrees) - 1), seeds, p_red)
    residual = ((z - pipeline.reducer.reconstruct(z)) ** 2).sum(axis=0)
    return Relevance(
        degrees,
        1.0 - residual / ((z - z.mean(axis=0)) ** 2).sum(axis=0),
        agreement.mean(axis=1),
        agreement.std(axis=1, ddof=1),
        loss.mean(axis=1),
        loss.std(axis=1, ddof=1),
        held,
        dropped.mean(axis=1),
        _deviation(dropped),
        float(again.mean()),
        float(_deviation(again[None])[0]),
        len(seeds),
    )


def _error(pipeline: Pipeline, z: Array, wanted: Array) -> float:
    """Squared error of the reconstruction of z, compared with what is wanted, in units of the variance of that."""
    residual = ((wanted - pipeline.reducer.reconstruct(z)) ** 2).sum()
    return float(residual / ((wanted - wanted.mean(axis=0)) ** 2).sum())


def _retrained(z: Array, bottleneck: int, seeds: list[int], p_red: Array) -> Array:
    """Agreement of P_red with that of each network trained on z, or of principal components if there is no seed."""
    networks = train_autoencoders(z, [(bottleneck, seed) for seed in seeds])
    alone: list[tuple[Autoencoder, ...]] = [(network,) for network in networks]
    answers = [p_red_by(Reducer.of(one, z, bottleneck), z, z.sum(axis=1)) for one in alone or [()]]
    return np.array([correlation_of_rows(p_red, answer) for answer in answers])


def _deviation(values: Array) -> Array:
    """Standard deviation along the last axis; NaN of a single value."""
    if values.shape[-1] < 2:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(values.std(axis=-1, ddof=1))
