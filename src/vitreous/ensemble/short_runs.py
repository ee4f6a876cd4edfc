"""Runs that end before anything rearranges, recorded in windows of time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np

from vitreous.configuration import Configuration
from vitreous.dynamics.cages import CageMoments, Plateau
from vitreous.dynamics.displacement import displacements
from vitreous.errors import VitreousError
from vitreous.glassformers import GlassFormer
from vitreous.interrupts import held_interrupts
from vitreous.simulate.engine import Engine, EngineMaker
from vitreous.simulate.engines import engine_of

__all__ = ["RECORDED", "ShortRun", "ShortRunStart", "pilot_runs", "short_run_seeds", "short_runs_by"]

RECORDED = 10
"""Times recorded in a window [t/2, t], at equal distances."""

NO_PLATEAU = 0.5
"""A liquid whose mean squared displacement never rises more slowly than as t to this power has no cages (a choice; a
diffusing liquid has 1, supercooled ones 0.05 to 0.2)."""

# Ends of the windows in which the plateau is looked for, in the model's time unit; windows do not overlap.
_LADDER: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
# For a given end, so many windows before and after it, each twice as long as the one before.
_BEFORE, _AFTER = 3, 1
_LOOK = 0.5  # seconds between two looks for ctrl-C, where runs are shared
_PARTICLES = 4000  # so many displacements make a mean whose slope can be trusted: of one run or several


@dataclass(frozen=True, eq=False)
class ShortRunStart:
    """All that a short run depends on but its seed and its end.

    `liquid` may be None if `maker` is there, which is used in its place. Temperature and time step are those of
    Lennard-Jones models.
    """

    snapshot: Configuration
    liquid: GlassFormer | None
    temperature: float | None
    timestep: float | None
    maker: EngineMaker | None

    def engine(self, seed: int, before: Engine | None) -> Engine:
        """An engine at time 0, `before` used again where that saves work."""
        if self.maker is not None:
            return self.maker(self.snapshot, seed)
        assert self.liquid is not None
        return engine_of(
            self.liquid, self.snapshot, self.temperature, seed=seed, timestep=self.timestep, before=before
        )


@dataclass(frozen=True, eq=False)
class ShortRun:
    """What one run gave in one window: moments of the displacements, their mean square, and the mean potential energy
    per particle, NaN where there is none.
    """

    moments: CageMoments
    mean_square: float
    energy: float


class _Recorder:
    """A run that goes on from window to window."""

    def __init__(self, start: ShortRunStart, seed: int, before: Engine | None) -> None:
        self.engine = start.engine(seed, before)
        self._masses = start.snapshot.columns.get("mass")
        self._origin = self.engine.frame().unwrapped_positions

    def window(self, end: float) -> ShortRun:
        """Go on to `end`, looking at the particles from end/2 on."""
        moments = CageMoments.empty(len(self._origin))
        squares, energies = [], []
        for time in np.linspace(0.5 * end, end, RECORDED):
            sample = self.engine.advance(float(time))
            moved = displacements(self.engine.frame().unwrapped_positions, self._origin, self._masses)
            moments = moments.with_time(moved)
            squares.append(float(np.einsum("ik,ik->", moved, moved)) / len(moved))
            energies.append(math.nan if sample.energy is None else sample.energy)
        return ShortRun(moments, float(np.mean(squares)), float(np.mean(energies)))


def short_run_seeds(seed: int, runs: Sequence[int]) -> list[int]:
    """Seeds of the velocities of these runs; that of a run does not depend on how many there are."""
    sequences = (np.random.SeedSequence(seed, spawn_key=(run,)) for run in runs)
    return [int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1)) for sequence in sequences]


def pilot_runs(
    start: ShortRunStart, seed: int, duration: float | None, most: int
) -> tuple[list[ShortRun], float, Plateau]:
    """The first runs, at `most` so many, which go on until it is seen where the mean squared displacement rises least.

    Returned are runs 0, 1, ... in the window that ends at the duration, as any other run has it; the duration; and what
    was seen. A duration that is given is kept, and the slope around it is measured all the same; else it is the end of
    the first window with a slope of a plateau after which the slope rises, of the last one if it never does.
    """
    pilots = min(max(1, math.ceil(_PARTICLES / len(start.snapshot))), most)
    if duration is None:
        ladder, chosen = _LADDER, len(_LADDER) - 1
    else:
        ladder = tuple(duration * 2.0**k for k in range(-_BEFORE, _AFTER + 1))
        chosen = _BEFORE
    # Side by side, an engine for each, since their mean decides how far they go.
    recorders = [_Recorder(start, one, None) for one in short_run_seeds(seed, range(pilots))]
    windows: list[list[ShortRun]] = []
    mean_square: list[float] = []
    for end in ladder:
        windows.append([recorder.window(end) for recorder in recorders])
        mean_square.append(float(np.mean([run.mean_square for run in windows[-1]])))
        slope = _slopes(ladder, mean_square)
        # Flight and diffusion have slopes that are the same everywhere but for noise: no plateau ends there.
        if duration is None and len(slope) >= 4 and slope[-2] > slope[-3] and slope[-3] <= NO_PLATEAU:
            chosen = len(slope) - 3
            break
    plateau = Plateau(np.array(ladder[: len(windows)]), np.array(mean_square), np.array(slope))
    return windows[chosen], float(ladder[chosen]), plateau


def _slopes(times: Sequence[float], mean_square: Sequence[float]) -> list[float]:
    """Slope d ln⟨u²⟩ / d ln t from the windows before and after; NaN at the ends."""
    found = [math.nan] * len(mean_square)
    for k in range(1, len(mean_square) - 1):
        moved = mean_square[k - 1] > 0.0  # not yet, before the first time step
        rise = math.log(mean_square[k + 1] / mean_square[k - 1]) if moved else math.inf
        found[k] = rise / math.log(times[k + 1] / times[k - 1])
    return found


@contextmanager
def short_runs_by(workers: int) -> Iterator[Callable[[ShortRunStart, float, list[int]], list[ShortRun]]]:
    """A function that carries out runs to one end, with these seeds: in this process, or shared by several."""
    if workers == 1:
        yield _in_sequence
        return
    from distributed import wait

    from vitreous.ensemble.workers import packed, workers_of_this_machine

    with workers_of_this_machine(workers) as ours:

        def shared(start: ShortRunStart, end: float, seeds: list[int]) -> list[ShortRun]:
            parts = [part.tolist() for part in np.array_split(np.array(seeds, dtype=object), workers)]
            data = packed(start)
            try:
                with held_interrupts() as let_in:
                    futures = [
                        ours.client.submit(_of_worker, data, end, part, pure=False) for part in parts if part
                    ]
                    while not all(future.done() for future in futures):
                        with suppress(TimeoutError):
                            wait(futures, timeout=_LOOK)
                        let_in()
                    return [run for part in ours.client.gather(futures) for run in part]
            except VitreousError:
                raise
            except Exception as error:  # of an engine that is not ours
                if start.maker is None:
                    raise
                told = " ".join(str(error).split())
                raise VitreousError(f"engine: {type(error).__name__}: {told}") from None

        yield shared


def _of_worker(data: bytes, end: float, seeds: list[int]) -> list[ShortRun]:
    from vitreous.ensemble.workers import unpacked

    return _in_sequence(unpacked(data), end, seeds)


def _in_sequence(start: ShortRunStart, end: float, seeds: list[int]) -> list[ShortRun]:
    engine: Engine | None = None
    found = []
    for seed in seeds:
        recorder = _Recorder(start, seed, engine)
        found.append(recorder.window(end))
        engine = recorder.engine
    return found
