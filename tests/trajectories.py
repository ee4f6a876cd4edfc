"""Trajectories whose dynamics is known."""

from __future__ import annotations

import numpy as np

from vitreous.configuration import Configuration
from vitreous.simulate.equilibrate import next_stage
from vitreous.simulate.stage import Stage

SIDE = 10.0
WAVE_NUMBER = 7.0


def constant(times):
    """Diffusion coefficient of particles that relax in one time unit."""
    return np.full(np.shape(times), 1 / WAVE_NUMBER**2)


def particles(n=400, seed=0):
    """N particles at random places in a box."""
    rng = np.random.default_rng(seed)
    return Configuration(rng.random((n, 3)) * SIDE, SIDE, unwrapped=True)


def brownian(times, start, seed, diffusion=constant, mobilities=None):
    """(T, N, 3) positions of Brownian particles; `diffusion` of the time, `mobilities` (T - 1, N) or 1.

    F_s(t) = exp(-q² D t) where the diffusion coefficient D is constant.
    """
    rng = np.random.default_rng(seed)
    middles = 0.5 * (times[1:] + times[:-1])
    spread = np.sqrt(2 * diffusion(middles) * np.diff(times))[:, None] * np.ones(len(start))
    if mobilities is not None:
        spread = spread * np.sqrt(mobilities)
    steps = rng.normal(size=(len(times) - 1, len(start), 3)) * spread[..., None]
    return np.concatenate([start[None], start + np.cumsum(steps, axis=0)])


def stage(times, start, seed, diffusion=constant, slope=0.0, noise=0.1, **options):
    """A stage of Brownian particles with a pressure of white noise about 10 + slope · t."""
    rng = np.random.default_rng([seed, 1])
    lengths = np.diff(times, prepend=times[0] - 1)
    pressure = 10 + slope * times + noise * rng.normal(size=len(times)) / np.sqrt(lengths)
    pressure[0] = np.nan
    positions = brownian(times, start, seed, diffusion, **options)
    return Stage(times, positions, pressure, np.full(len(times), 0.5))


def run(configuration, seed=0, *, multiple=10.0, first_duration=0.2, longest=1e3, **options):
    """All stages that `next_stage` asks for."""
    stages, start = [], configuration.positions
    while True:
        times = next_stage(
            stages,
            wave_number=WAVE_NUMBER,
            multiple=multiple,
            first_duration=first_duration,
            longest=longest,
        )
        if times is None:
            return stages
        stages.append(stage(times, start, seed + 1000 * len(stages), **options))
        start = stages[-1].positions[-1]
