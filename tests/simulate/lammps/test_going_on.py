"""LAMMPS runs that go on in another process, to the last bit."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import numpy as np
import pytest

from marks import needs_lammps
from simulate.lammps.models import KA, WAHNSTROM, same
from vitreous.errors import FileError, InputError
from vitreous.simulate.lammps import LammpsMD

pytestmark = needs_lammps


ELSEWHERE = """
import sys
import numpy as np
import vitreous as vt
from vitreous.glassformers import glass_former
from vitreous.simulate.lammps import LammpsMD

given = np.load(sys.argv[1])
frame = vt.Configuration(
    given["positions"], given["lengths"], given["species"], unwrapped=True, time=float(given["time"])
)
model = glass_former(sys.argv[2])
state = {"lammps_restart": given["lammps_restart"]}
engine = LammpsMD.restore(frame, state, model, float(sys.argv[3]))
first = engine.frame()
sample = engine.advance(float(given["until"]))
last = engine.frame()
np.savez(
    sys.argv[4], x0=first.positions, x=last.positions, v=last.columns["velocity"], energy=sample.energy,
    pressure=sample.pressure, step=last.step
)
"""


def test_another_process_goes_on_to_the_last_bit(case, tmp_path):
    start, model, temperature = case
    engine = LammpsMD(start, model, temperature, seed=1)
    engine.advance(7.77)
    engine.rebase()
    frame, until = engine.frame(), engine.time + 15.0
    np.savez(
        tmp_path / "given.npz",
        positions=frame.positions,
        lengths=frame.box.lengths,
        species=frame.species,
        time=frame.time,
        until=until,
        **engine.state(),
    )
    sample = engine.advance(until)
    subprocess.run(
        [
            *(sys.executable, "-c", ELSEWHERE, str(tmp_path / "given.npz"), model.name),
            *(str(temperature), str(tmp_path / "found.npz")),
        ],
        check=True,
    )
    found, last = np.load(tmp_path / "found.npz"), engine.frame()
    np.testing.assert_array_equal(found["x0"], frame.positions)
    np.testing.assert_array_equal(found["x"], last.positions)
    np.testing.assert_array_equal(found["v"], last.columns["velocity"])
    assert (found["energy"], found["pressure"], found["step"]) == (sample.energy, sample.pressure, last.step)


def test_restored_again_and_again(case):
    start, model, temperature = case
    engine = LammpsMD(start, model, temperature, seed=3)
    for k in range(1, 6):
        engine.advance(0.913 * k)
        engine.rebase()
        restored = LammpsMD.restore(engine.frame(), engine.state(), model, temperature)
        assert same(engine, restored)
        assert restored.work == 0
        np.testing.assert_array_equal(restored.state()["lammps_restart"], engine.state()["lammps_restart"])
        engine.advance(0.913 * k + 0.5)
        restored.advance(0.913 * k + 0.5)
        assert same(engine, restored)
        engine = restored


def test_rebase_changes_nothing_but_rounding(case):
    start, model, temperature = case
    one, other = (LammpsMD(start, model, temperature, seed=3) for _ in range(2))
    one.advance(1.0)
    other.advance(1.0)
    work = one.work
    one.rebase()
    assert (one.time, one.work) == (1.0, work)
    np.testing.assert_allclose(one.frame().positions, other.frame().positions, rtol=0, atol=1e-14)
    one.advance(1.5)
    other.advance(1.5)
    # The thermostat too is where it was: were it started anew, velocities would differ at once.
    difference = one.frame().columns["velocity"] - other.frame().columns["velocity"]
    assert np.abs(difference).max() < 1e-9


def test_a_state_that_does_not_fit_is_refused(liquids):
    engine = LammpsMD(liquids[KA.name], KA, 0.6)
    engine.advance(0.5)
    engine.rebase()
    frame, state = engine.frame(), engine.state()
    (restart,) = state.values()
    for damaged in (restart[:0], restart[:100], restart[:-1]):
        with pytest.raises(InputError, match=r"state: cannot be continued: .*(Invalid|Incomplete)"):
            LammpsMD.restore(frame, {"lammps_restart": damaged}, KA, 0.6)
    with pytest.raises(InputError, match="does not come from a LAMMPS run"):
        LammpsMD.restore(frame, {"hard_spheres": np.zeros(2)}, KA, 0.6)
    with pytest.raises(InputError, match="the positions differ"):
        LammpsMD.restore(liquids[KA.name], state, KA, 0.6)
    with pytest.raises(InputError, match=r"150 particles instead of 120"):
        LammpsMD.restore(liquids[WAHNSTROM.name], state, WAHNSTROM, 0.6)
    with pytest.raises(InputError, match=r"timestep: 100 steps of 0\.01 are not the time 0\.5"):
        LammpsMD.restore(frame, state, KA, 0.6, timestep=0.01)


def test_temporary_files_are_removed(liquids, tmp_path, monkeypatch):
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    engine = LammpsMD(liquids[KA.name], KA, 0.6)
    engine.rebase()
    assert list(folder.iterdir()) == []
    folder.rmdir()
    engine.advance(0.1)
    with pytest.raises(FileError, match="temporary files: cannot write a temporary file: No such file"):
        engine.rebase()
    folder.mkdir()
    engine.advance(0.2)  # nothing was lost
    engine.rebase()
