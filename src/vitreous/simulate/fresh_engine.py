"""One engine for one model: the place where a model meets the program that moves it."""

from __future__ import annotations

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer
from vitreous.simulate.engine import Engine

__all__ = ["fresh_engine"]


def fresh_engine(
    snapshot: Configuration,
    model: GlassFormer,
    seed: int,
    *,
    temperature: float | None = None,
    timestep: float = 0.005,
    before: Engine | None = None,
) -> Engine:
    """An engine at time 0 at the positions of a snapshot, with Maxwell velocities drawn from the seed.

    Parameters
    ----------
    snapshot : Configuration
        N particles of the model, in its units.
    model : GlassFormer
    seed : int
    temperature : float, optional
        Of Lennard-Jones models, which need it.
    timestep : float
        Of Lennard-Jones models.
    before : Engine, optional
        One that this function gave for the same model, temperature and time step; it is used again where that saves
        work, and is lost as what it was.

    Returns
    -------
    Engine

    Raises
    ------
    InputError
        If the engine cannot start from the snapshot, or LAMMPS is needed and not installed.
    """
    if model.pairs is None:
        from vitreous.simulate.event_driven import HardSphereMD

        return HardSphereMD(snapshot, seed=seed)
    from vitreous.simulate.lammps import LammpsMD

    if isinstance(before, LammpsMD):
        before.reset(snapshot, seed)
        return before
    assert temperature is not None
    return LammpsMD(snapshot, model, temperature, seed=seed, timestep=timestep)
