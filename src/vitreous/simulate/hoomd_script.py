"""A script with which HOOMD-blue does what `LammpsMD` does."""

from __future__ import annotations

from collections.abc import Mapping

from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer
from vitreous.glassformers.model import LennardJones

__all__ = ["hoomd_script"]

_DAMPING = 100  # period of the thermostat in time steps, as in LAMMPS


def hoomd_script(model: GlassFormer, temperature: float, timestep: float, names: Mapping[str, str]) -> str:
    """One Python script for many runs of HOOMD-blue 4 or later: ``python SCRIPT 7``.

    Constant volume and temperature by the thermostat of Martyna, Tuckerman, Tobias and Klein; potentials cut and
    shifted; the velocities that LAMMPS is given.

    Parameters
    ----------
    model : GlassFormer
        A model of Lennard-Jones particles.
    temperature, timestep : float
    names : mapping
        Names of the files: ``script``, ``start`` (GSD), ``velocities``, ``steps`` and ``trajectory`` (GSD), with
        ``${run}`` in the place of the number of the run.

    Raises
    ------
    InputError
        For a model of other particles.
    """
    pairs = model.pair_potentials
    if not pairs or not all(isinstance(pair, LennardJones) for _, _, pair in pairs):
        raise InputError(f"{model.name}: a HOOMD-blue script can be written for Lennard-Jones models only")
    coefficients = "\n".join(
        f"lennard_jones.params[({a!r}, {b!r})] = dict(epsilon={pair.epsilon!r}, sigma={pair.sigma!r})\n"
        f"lennard_jones.r_cut[({a!r}, {b!r})] = {pair.cutoff!r}"
        for a, b, pair in pairs
    )
    masses = dict(zip(model.species, map(float, model.masses), strict=True))
    velocities, trajectory = (names[name].replace("${run}", "{run}") for name in ("velocities", "trajectory"))
    return f'''\
"""{model.name}, T = {temperature}, NVT, by HOOMD-blue 4 or later: one run of many from the same positions.

python {names["script"]} NUMBER
"""

import sys
from pathlib import Path

import hoomd
import numpy as np

run = int(sys.argv[1])
masses = {masses!r}

simulation = hoomd.Simulation(device=hoomd.device.auto_select(), seed=1 + run % 65535)
simulation.timestep = 0
simulation.create_state_from_gsd({names["start"]!r})

# The file has all vx, then all vy, then all vz, each after a line with their number.
lines = Path(f{velocities!r}).read_text().split("\\n")[1:]
count = int(lines[0])
columns = [lines[k * (count + 1) + 1 : (k + 1) * (count + 1)] for k in range(3)]
snapshot = simulation.state.get_snapshot()
if snapshot.communicator.rank == 0:
    velocities = [[float(line.split()[1]) for line in column] for column in columns]
    snapshot.particles.velocity[:] = np.array(velocities).T
    of_type = np.array([masses[name] for name in snapshot.particles.types])
    snapshot.particles.mass[:] = of_type[snapshot.particles.typeid]
    snapshot.particles.image[:] = 0
simulation.state.set_snapshot(snapshot)

lennard_jones = hoomd.md.pair.LJ(nlist=hoomd.md.nlist.Cell(buffer=0.4), mode="shift")
{coefficients}
thermostat = hoomd.md.methods.thermostats.MTTK(kT={float(temperature)!r}, tau={_DAMPING * float(timestep)!r})
method = hoomd.md.methods.ConstantVolume(filter=hoomd.filter.All(), thermostat=thermostat)
simulation.operations.integrator = hoomd.md.Integrator(
    dt={float(timestep)!r}, methods=[method], forces=[lennard_jones]
)

# The last step of the file is beyond the end, for LAMMPS.
steps = [int(line) for line in Path({names["steps"]!r}).read_text().split()][:-1]
writer = hoomd.write.GSD(
    trigger=hoomd.trigger.Or([hoomd.trigger.On(step) for step in [0, *steps]]),
    filename=f{trajectory!r},
    mode="wb",
    dynamic=["property", "particles/image"],  # else frames would have the images of the first one
)
simulation.operations.writers.append(writer)
simulation.run(steps[-1], write_at_start=True)
writer.flush()
'''
