"""The part of HOOMD-blue's interface that our script uses, for free flight: to see that the script holds together.

Signatures are those of HOOMD-blue 4 and 5: what they do not take is an error here too. It says nothing of forces.
"""

from __future__ import annotations

from types import SimpleNamespace

import gsd.hoomd
import numpy as np


class Simulation:
    def __init__(self, device, seed=None):
        assert 0 <= seed < 2**16
        self._timestep, self.state = None, None
        self.operations = SimpleNamespace(integrator=None, writers=[])

    @property
    def timestep(self):
        return self._timestep

    @timestep.setter
    def timestep(self, step):
        assert self.state is None, "State must not be set to change timestep."
        self._timestep = step

    def create_state_from_gsd(self, filename, frame=-1):
        with gsd.hoomd.open(filename) as file:
            self.state = State(file[frame])

    def run(self, steps, write_at_start=False):
        end = self._timestep + steps
        dt = self.operations.integrator.dt
        if write_at_start:
            self._write()
        while self._timestep < end:
            self._timestep += 1
            self.state.fly(dt)
            self._write()

    def _write(self):
        for writer in self.operations.writers:
            if writer.trigger(self._timestep):
                writer.write(self.state, self._timestep)


class State:
    def __init__(self, frame):
        particles = frame.particles
        self._box = np.array(frame.configuration.box[:3], dtype=np.float64)
        self._snapshot = SimpleNamespace(
            communicator=SimpleNamespace(rank=0),
            particles=SimpleNamespace(
                types=list(particles.types),
                typeid=particles.typeid.copy(),
                position=particles.position.astype(np.float64),
                velocity=np.zeros((particles.N, 3)),
                image=particles.image.copy() + 7,  # which a script has to put to zero
                mass=np.zeros(particles.N),
            ),
        )

    def get_snapshot(self):
        return self._snapshot

    def set_snapshot(self, snapshot):
        assert (snapshot.particles.mass > 0).all()
        self._snapshot = snapshot

    def fly(self, dt):
        p = self._snapshot.particles
        x = p.position + dt * p.velocity
        over = np.floor(x / self._box + 0.5).astype(int)
        p.position, p.image = x - over * self._box, p.image + over

    def frame(self, step, images):
        p = self._snapshot.particles
        one = gsd.hoomd.Frame()
        one.configuration.step, one.configuration.box = step, [*self._box, 0, 0, 0]
        one.particles.N, one.particles.types, one.particles.typeid = len(p.mass), p.types, p.typeid
        one.particles.position = p.position.astype(np.float32)
        one.particles.image = images
        return one

    def images(self):
        return self._snapshot.particles.image.astype(np.int32)


class GSD:
    def __init__(self, trigger, filename, filter=None, mode="ab", truncate=False, dynamic=None, logger=None):
        assert mode in ("wb", "xb", "ab")
        self.trigger = trigger
        self._images = "particles/image" in (dynamic or ["property"]) or "momentum" in (dynamic or [])
        self._file = gsd.hoomd.open(filename, mode.rstrip("b"))
        self._first = None

    def write(self, state, step):
        self._first = state.images() if self._first is None else self._first
        self._file.append(state.frame(step, state.images() if self._images else self._first))

    def flush(self):
        self._file.close()


class _Pairs(dict):
    pass


class LJ:
    made = None

    def __init__(self, nlist, default_r_cut=None, default_r_on=0.0, mode="none"):
        assert mode in ("none", "shift", "xplor")
        self.mode, self.params, self.r_cut = mode, _Pairs(), _Pairs()
        LJ.made = self


def stand_in():
    """Something to be called `hoomd`."""
    made = SimpleNamespace
    return made(
        Simulation=Simulation,
        device=made(auto_select=lambda: None),
        filter=made(All=lambda: None),
        trigger=made(
            On=lambda timestep: lambda now: now == timestep,
            Or=lambda triggers: lambda now: any(one(now) for one in triggers),
        ),
        write=made(GSD=GSD),
        md=made(
            pair=made(LJ=LJ),
            nlist=made(Cell=lambda buffer, exclusions=("bond",): None),
            methods=made(
                ConstantVolume=lambda filter, thermostat=None: thermostat,
                thermostats=made(MTTK=lambda kT, tau: (kT, tau)),
            ),
            Integrator=lambda dt, methods, forces: made(dt=dt, methods=methods, forces=forces),
        ),
    )
