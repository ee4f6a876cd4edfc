"""How a liquid is made from nothing: where its particles begin, and how hot it is first."""

from __future__ import annotations

from vitreous.configuration import Configuration
from vitreous.glassformers import GlassFormer, random_configuration
from vitreous.simulate._lammps_interaction import begins_anywhere
from vitreous.simulate.soft_spheres import separated_configuration

# A choice: the Lennard-Jones models of the paper relax within one time unit at this temperature.
_HOT = 2.0
_HOT_TIMESTEP = 0.005  # at most
_MELTING_TIME = 10.0
# All others, whatever their units: at so many times their temperature, for so many time steps.
_TIMES_HOTTER = 2.0
_MELTING_STEPS = 2000


def first_positions(model: GlassFormer, n: int, seed: int) -> Configuration:
    """Anywhere, where LAMMPS can push particles apart from anywhere; else such that none is on top of another."""
    return (random_configuration if begins_anywhere(model) else separated_configuration)(model, n, seed)


def melting(model: GlassFormer, temperature: float, timestep: float) -> tuple[float, float, float]:
    """Temperature and time step while a liquid melts, and for how long; it then stays at its own as long."""
    if begins_anywhere(model):
        return max(temperature, _HOT), min(timestep, _HOT_TIMESTEP), _MELTING_TIME
    return _TIMES_HOTTER * temperature, timestep, _MELTING_STEPS * timestep
