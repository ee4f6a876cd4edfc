"""An engine whose particles exchange their places now and then: for equilibration, never for dynamics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.simulate.engine import Engine, Progress, Sample
from vitreous.simulate.pair_energies import PairEnergies
from vitreous.simulate.swap import Swap, exchange_places

__all__ = ["PATH", "Rearrangeable", "SwapMD", "along_paths", "swaps_of"]

PATH = "path"
"""The column (N,) that tells on which path each particle is. A path is the continuous way that one place takes through
the liquid; where two particles exchange their places, they exchange their paths."""

_STATE = "swap"
_PURPOSE = 4  # keeps the random numbers apart from those of velocities, thermostat and growth
_ROUNDING = 1e-9  # of an interval: a round that is due at the very time that is asked for is done


class Rearrangeable(Engine, Protocol):
    """An engine whose particles can be put at each other's places."""

    def rearrange(self, places: NDArray[np.int64]) -> None:
        """Put particle i where particle places[i] is now; places is a permutation of all N.

        If all masses are equal it takes over that one's velocity, so that the motion goes on as if sizes had been
        exchanged; else every particle keeps its own. Both leave kinetic energy and momentum as they are.
        """


class SwapMD:
    """Molecular dynamics with swap moves, at fixed intervals of its time.

    It is an engine like the one inside, and a run of it is the same to the last bit for the same start, seed and
    parameters, also if it goes on from `frame` and `state` after `rebase`.

    Parameters
    ----------
    engine : HardSphereMD or LammpsMD
        It moves the particles between two rounds; it is used up.
    swap : Swap
    model : GlassFormer, optional
        Whose energies decide; without one, or for a hard one, spheres must not overlap.
    temperature : float, optional
        Of the model, if it has one.
    seed : int or sequence of int
        Of the exchanges; the engine has its own.
    state : mapping of str to array, optional
        With an engine that goes on from another's frame, what `state` of that other `SwapMD` gave.

    Raises
    ------
    InputError
        If the state is not one of such an engine.
    """

    def __init__(
        self,
        engine: Rearrangeable,
        swap: Swap,
        model: GlassFormer | None = None,
        temperature: float | None = None,
        *,
        seed: int | tuple[int, ...] = 0,
        state: Mapping[str, NDArray[np.generic]] | None = None,
    ) -> None:
        self._engine, self._swap = engine, swap
        self._energies = None
        if model is not None and not model.is_hard:
            model.check_temperature(temperature)
            assert temperature is not None
            self._energies = PairEnergies.of(model, temperature)
        self._seed = seed if isinstance(seed, tuple) else (seed,)
        self.work_name = engine.work_name
        n = len(engine.frame())
        self._rounds, self._tried, self._done = 0, 0, 0
        self._path = np.arange(n)
        if state is not None:
            if _STATE not in state or np.shape(state[_STATE]) != (3 + n,):
                raise InputError("state: has no swap moves, so it comes from another engine")
            counters, self._path = np.split(np.array(state[_STATE], dtype=np.int64), [3])
            self._rounds, self._tried, self._done = (int(value) for value in counters)

    @property
    def time(self) -> float:
        """Time since the beginning."""
        return self._engine.time

    @property
    def work(self) -> int:
        """Collisions or steps of the engine."""
        return self._engine.work

    @property
    def tried(self) -> int:
        """Pairs of different particles that could have been exchanged, so far."""
        return self._tried

    @property
    def done(self) -> int:
        """Pairs that were exchanged, so far."""
        return self._done

    def advance(self, time: float, progress: Progress | None = None) -> Sample:
        """Go on until `time`, with all rounds of swap moves that are due until then; means are over all of it."""
        begin = self.time
        parts: list[Sample] = []
        while (due := (self._rounds + 1) * self._swap.interval) <= time + _ROUNDING * self._swap.interval:
            parts.append(self._engine.advance(max(min(due, time), self.time), progress))
            self._exchange()
        if time > self.time or not parts:
            parts.append(self._engine.advance(time, progress))
        durations = np.array([part.end - part.begin for part in parts])
        if durations.sum() == 0.0:
            return replace(parts[-1], begin=begin)
        weights = durations / durations.sum()
        means = {
            name: math.fsum(
                weight * getattr(part, name) for weight, part in zip(weights, parts, strict=True) if weight
            )
            for name in ("pressure", "temperature", *(() if parts[0].energy is None else ("energy",)))
        }
        return Sample(begin, parts[-1].end, **means)

    def rebase(self) -> None:
        """Forget everything about the past that `frame` and `state` do not tell."""
        self._engine.rebase()

    def frame(self) -> Configuration:
        """The engine's frame, with the column "path" (N,)."""
        frame = self._engine.frame()
        return replace(frame, columns={**frame.columns, PATH: self._path.copy()})

    def state(self) -> dict[str, NDArray[np.generic]]:
        """The engine's state, and "swap": rounds, pairs tried and exchanged, and everybody's path, (3 + N,) int64."""
        counters = np.array([self._rounds, self._tried, self._done], dtype=np.int64)
        return {**self._engine.state(), _STATE: np.concatenate([counters, self._path])}

    def _exchange(self) -> None:
        seed = (*self._seed, _PURPOSE, self._rounds)
        round_ = exchange_places(self._engine.frame(), self._swap, seed, self._energies)
        self._engine.rearrange(round_.places)
        self._path = self._path[round_.places]
        self._rounds += 1
        self._tried += round_.tried
        self._done += round_.done

    def __repr__(self) -> str:
        share = self._done / self._tried if self._tried else math.nan
        return f"SwapMD({self._engine!r}, {self._tried:,} swap moves tried, {share:.3%} accepted)"


def along_paths(frame: Configuration) -> NDArray[np.float64]:
    """Unwrapped positions (N, 3) in the order of the paths instead of the particles.

    Without the column "path" the two are the same. Displacements and F_s of the paths are what shows whether a run
    with swap moves has relaxed: those of the particles jump.
    """
    path = frame.columns.get(PATH)
    positions = frame.unwrapped_positions
    if path is None:
        return positions
    ordered = np.empty_like(positions)
    ordered[path.astype(np.int64)] = positions
    return ordered


def swaps_of(state: Mapping[str, NDArray[np.generic]]) -> tuple[int, int]:
    """Pairs tried and pairs exchanged, from the `state` of a `SwapMD`."""
    return int(state[_STATE][1]), int(state[_STATE][2])
