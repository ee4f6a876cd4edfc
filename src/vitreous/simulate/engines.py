"""The engine of a model: the one place where a model meets the program that moves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer, composition
from vitreous.simulate.engine import Engine, Progress
from vitreous.simulate.swap import Swap
from vitreous.simulate.swapping import Rearrangeable, SwapMD

__all__ = ["engine_of"]


def engine_of(
    model: GlassFormer,
    start: Configuration | int,
    state_point: float | None = None,
    *,
    seed: int | tuple[int, ...],
    timestep: float | None = None,
    state: Mapping[str, NDArray[Any]] | None = None,
    before: Engine | None = None,
    swap: Swap | None = None,
    progress: Progress | None = None,
) -> Engine:
    """An engine that moves a model, at time 0 with Maxwell velocities drawn from the seed, or where another one was.

    Parameters
    ----------
    model : GlassFormer
    start : Configuration or int
        N particles of the model, in its units; or N itself, for a liquid made from nothing: spheres that grow, others
        melted and quenched.
    state_point : float, optional
        The temperature of models that have one, which need it; the packing fraction to which spheres grow.
    seed : int or tuple of int
    timestep : float, optional
        By default the model's.
    state : mapping, optional
        With `start` a frame of another engine, what its `state` gave: the new one goes on from there.
    before : Engine, optional
        One that this function gave for the same model, temperature and time step; it is used again where that saves
        work, and is lost as what it was.
    swap : Swap, optional
        Let particles exchange their places at fixed intervals: for equilibration, never for dynamics.
    progress : callable, optional
        Told the work done while spheres grow.

    Returns
    -------
    Engine

    Raises
    ------
    InputError
        If the engine cannot start from that, or LAMMPS is needed and not installed.
    """
    if swap is not None:
        plain = engine_of(
            model,
            start,
            state_point,
            seed=seed,
            timestep=timestep,
            state=state,
            before=before,
            progress=progress,
        )
        temperature = None if model.is_hard else state_point
        return SwapMD(cast(Rearrangeable, plain), swap, model, temperature, seed=seed, state=state)
    if model.is_hard:
        from vitreous.simulate.event_driven import HardSphereMD

        if not isinstance(start, Configuration):
            assert state_point is not None
            counts = list(composition(model, start).values())
            species = np.repeat(model.species, counts)
            diameters = model.diameters_of(species)
            masses = model.masses_of(species)
            return HardSphereMD.grow(
                diameters, state_point, seed=seed, species=species, masses=masses, progress=progress
            )
        if state is not None:
            return HardSphereMD.restore(start, state, seed=seed)
        return HardSphereMD(start, seed=seed, masses=model.masses_of(start.species))
    from vitreous.simulate.lammps import LammpsMD

    assert state_point is not None
    step = model.resolved_timestep(timestep)
    assert step is not None
    if isinstance(seed, tuple):
        seed = int(np.random.SeedSequence(seed).generate_state(1)[0])
    if not isinstance(start, Configuration):
        return LammpsMD.liquid(model, start, state_point, seed=seed, timestep=step)
    if state is not None:
        return LammpsMD.restore(start, state, model, state_point, timestep=step)
    if isinstance(before, LammpsMD):
        before.reset(start, seed)
        return before
    return LammpsMD(start, model, state_point, seed=seed, timestep=step)
