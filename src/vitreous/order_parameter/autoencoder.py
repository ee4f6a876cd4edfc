"""The autoencoder: its network, and the training of several of them side by side.

Networks of one shape are trained as one stack of matrices, (M, ...) arrays of M of them, which spares most of what
NumPy takes for a call on matrices this small. Each network sees its own particles in its own order, as if it were
alone: initial weights, split, shuffles, Adam and the rule for stopping are those of scikit-learn's `MLPRegressor`, in
the same order of operations. Tests hold it against that, bit by bit.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vitreous.parallel import thread_count

__all__ = ["HIDDEN_UNITS", "Autoencoder", "train_autoencoders"]

Array = NDArray[np.float64]

HIDDEN_UNITS = 80
# Particles reconstructed at a time: their hidden units stay in the cache, and in memory that was used before.
_ROWS = 128
_BATCH = 100
_LEARNING_RATE = 3e-3
_DECAY = 1e-4
_FIRST_MOMENT, _SECOND_MOMENT, _SMALLEST_STEP = 0.9, 0.999, 1e-8
_HELD_OUT = 0.2
# Training stops after so many epochs without a gain of _ENOUGH in the variance explained of the held-out particles.
_PATIENCE, _ENOUGH = 20, 1e-3
_MOST_EPOCHS = 400


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
        found = np.empty((len(z), self.weights[-1].shape[1]))
        buffers = [np.empty((min(_ROWS, len(z)), weight.shape[1])) for weight in self.weights[:-1]]
        for start in range(0, len(z), _ROWS):
            seen = z[start : start + _ROWS]
            units = [*(buffer[: len(seen)] for buffer in buffers), found[start : start + _ROWS]]
            for weight, intercept, unit in zip(self.weights, self.intercepts, units, strict=True):
                np.matmul(seen, weight, out=unit)
                unit += intercept
                if unit is not units[-1]:
                    np.tanh(unit, out=unit)
                seen = unit
        return found


def train_autoencoders(z: Array, wanted: Sequence[tuple[int, int]]) -> tuple[Autoencoder, ...]:
    """Train on standardised (N, 8) descriptors by Adam until held-out particles stop improving.

    After Boattini, Dijkstra, Filion, J. Chem. Phys. 151, 154901 (2019), doi:10.1063/1.5118867; sizes of the
    layers, learning rate, decay and the 20 % of particles held out are choices. One autoencoder is wanted for each
    bottleneck and seed; they come in that order.
    """
    from threadpoolctl import threadpool_limits

    threads = min(thread_count(), max(1, len(wanted)))
    most = -(-len(wanted) // threads)
    stacks: list[list[int]] = []
    for bottleneck in sorted({c for c, _ in wanted}):
        alike = [k for k, (c, _) in enumerate(wanted) if c == bottleneck]
        stacks += [list(part) for part in np.array_split(alike, -(-len(alike) // most))]
    stacks.sort(key=len, reverse=True)
    trained: list[Autoencoder | None] = [None] * len(wanted)
    interrupted = threading.Event()

    def train(stack: list[int]) -> None:
        try:
            found = _train_stack(z, wanted[stack[0]][0], [wanted[k][1] for k in stack], interrupted)
        except BaseException:
            interrupted.set()  # here, so that this thread does not begin another one
            raise
        for k, network in zip(stack, found, strict=True):
            trained[k] = network

    with threadpool_limits(1), ThreadPoolExecutor(threads) as pool:
        try:
            list(pool.map(train, stacks))
        except BaseException:
            interrupted.set()
            raise
    return tuple(network for network in trained if network is not None)


def _train_stack(
    z: Array, bottleneck: int, seeds: Sequence[int], interrupted: threading.Event
) -> list[Autoencoder]:
    """Networks with one bottleneck, each from its seed."""
    layers = (z.shape[1], HIDDEN_UNITS, bottleneck, HIDDEN_UNITS, z.shape[1])
    generators = [np.random.RandomState(seed) for seed in seeds]
    parameters = np.stack([_initial(generator, layers) for generator in generators])
    splits = [generator.permutation(len(z)) for generator in generators]
    part = int(np.ceil(_HELD_OUT * len(z)))
    held, orders = [z[split[:part]] for split in splits], [split[part:] for split in splits]
    batches = _Batches(layers, len(seeds), min(_BATCH, len(z) * 4 // 5))
    best = parameters.copy()
    score, idle = np.full(len(seeds), -np.inf), np.zeros(len(seeds), dtype=int)
    epochs = np.zeros(len(seeds), dtype=int)
    moments = np.zeros((2, *parameters.shape))
    going = np.arange(len(seeds))
    step = 0
    for epoch in range(1, _MOST_EPOCHS + 1):
        if interrupted.is_set():
            break
        rows = []
        for k in going:
            shuffle = np.arange(len(orders[k]))
            generators[k].shuffle(shuffle)
            orders[k] = orders[k][shuffle]
            rows.append(orders[k])
        step = batches.descend(z[np.stack(rows)], parameters, moments, step)
        epochs[going] = epoch
        for row, k in enumerate(going):
            found = _explained(_network(parameters[row], layers, epoch), held[k])
            idle[k] = idle[k] + 1 if found < score[k] + _ENOUGH else 0
            if found > score[k]:
                score[k], best[k] = found, parameters[row]
        stays = idle[going] <= _PATIENCE
        if not stays.all():
            going, parameters = going[stays], parameters[stays]
            moments = np.ascontiguousarray(moments[:, stays])
            batches = _Batches(layers, len(going), batches.length)
        if not len(going):
            break
    return [_network(best[k], layers, int(epochs[k])) for k in range(len(seeds))]


def _initial(generator: np.random.RandomState, layers: Sequence[int]) -> Array:
    """(P,) weights, then intercepts, uniform as by Glorot and Bengio."""
    weights, intercepts = [], []
    for before, after in pairwise(layers):
        bound = np.sqrt(6.0 / (before + after))
        weights.append(generator.uniform(-bound, bound, (before, after)).ravel())
        intercepts.append(generator.uniform(-bound, bound, after))
    return np.concatenate(weights + intercepts)


def _views(parameters: Array, layers: Sequence[int]) -> tuple[list[Array], list[Array]]:
    """Weights (..., before, after) and intercepts (..., after) of all layers, without copies."""
    weights, intercepts, start = [], [], 0
    for before, after in pairwise(layers):
        part = parameters[..., start : start + before * after]
        weights.append(part.reshape(*parameters.shape[:-1], before, after))
        start += before * after
    for after in layers[1:]:
        intercepts.append(parameters[..., start : start + after])
        start += after
    return weights, intercepts


def _network(parameters: Array, layers: Sequence[int], epochs: int) -> Autoencoder:
    weights, intercepts = _views(parameters, layers)
    return Autoencoder(
        tuple(np.ascontiguousarray(weight) for weight in weights),
        tuple(np.ascontiguousarray(intercept) for intercept in intercepts),
        epochs,
    )


def _explained(network: Autoencoder, z: Array) -> float:
    """Share of the variance of each descriptor that comes back, averaged over descriptors."""
    left = ((z - network.reconstruct(z)) ** 2).sum(axis=0)
    there = ((z - z.mean(axis=0)) ** 2).sum(axis=0)
    constant = there == 0.0
    shares = 1.0 - left / np.where(constant, 1.0, there)
    shares[constant] = np.where(left[constant] == 0.0, 1.0, 0.0)
    return float(np.mean(shares))


class _Batches:
    """Steps of Adam on M networks side by side, and the arrays that they need."""

    def __init__(self, layers: Sequence[int], members: int, length: int) -> None:
        self.layers = layers
        self.length = length
        self.weights = sum(a * b for a, b in pairwise(layers))
        self.gradient, self.spare = np.empty((2, members, self.weights + sum(layers[1:])))
        self.slopes, self.shifts = _views(self.gradient, layers)
        self.units = [np.empty((members, length, units)) for units in layers[1:]]
        self.steepness = [np.empty_like(units) for units in self.units[:-1]]
        self.errors = [np.empty_like(units) for units in self.units]

    def descend(self, shuffled: Array, parameters: Array, moments: Array, step: int) -> int:
        """One epoch over (M, n, 8) particles; changes parameters and moments, returns how many steps there were."""
        weights, intercepts = _views(parameters, self.layers)
        first, second = moments
        gradient, spare = self.gradient, self.spare
        for start in range(0, shuffled.shape[1], self.length):
            self._differentiate(shuffled[:, start : start + self.length], weights, intercepts, parameters)
            step += 1
            rate = _LEARNING_RATE * np.sqrt(1 - _SECOND_MOMENT**step) / (1 - _FIRST_MOMENT**step)
            first *= _FIRST_MOMENT
            first += np.multiply(gradient, 1 - _FIRST_MOMENT, out=spare)
            np.square(gradient, out=gradient)
            gradient *= 1 - _SECOND_MOMENT
            second *= _SECOND_MOMENT
            second += gradient
            np.sqrt(second, out=gradient)
            gradient += _SMALLEST_STEP
            np.multiply(first, -rate, out=spare)
            spare /= gradient
            parameters += spare
        return step

    def _differentiate(
        self, z: Array, weights: list[Array], intercepts: list[Array], parameters: Array
    ) -> None:
        """Derivatives of half the squared error, averaged over the batch, into `gradient`."""
        rows = z.shape[1]
        seen = z
        inputs = []
        units = [unit[:, :rows] for unit in self.units]
        for weight, intercept, unit in zip(weights, intercepts, units, strict=True):
            inputs.append(seen)
            np.matmul(seen, weight, out=unit)
            unit += intercept[:, None]
            if unit is not units[-1]:
                np.tanh(unit, out=unit)
            seen = unit
        errors = [error[:, :rows] for error in self.errors]
        np.subtract(seen, z, out=errors[-1])
        for layer in range(len(weights) - 1, -1, -1):
            np.matmul(inputs[layer].swapaxes(1, 2), errors[layer], out=self.slopes[layer])
            np.add.reduce(errors[layer], axis=1, out=self.shifts[layer])
            if layer:
                np.matmul(errors[layer], weights[layer].swapaxes(1, 2), out=errors[layer - 1])
                steepness = self.steepness[layer - 1][:, :rows]
                np.square(inputs[layer], out=steepness)
                np.subtract(1.0, steepness, out=steepness)
                errors[layer - 1] *= steepness
        decayed = np.multiply(parameters[:, : self.weights], _DECAY, out=self.spare[:, : self.weights])
        self.gradient[:, : self.weights] += decayed
        self.gradient /= rows
