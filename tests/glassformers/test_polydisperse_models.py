"""Polydisperse models: what a file says, and energies in which every particle has its own diameter."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps
from vitreous.errors import FileError, InputError
from vitreous.glassformers import as_model, local_energy, random_configuration, read_model, write_model
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.records import from_json, to_json

NAMES = ("hard-spheres-polydisperse", "inverse-power-18-polydisperse", "inverse-power-12-polydisperse")
SOFT = {NAMES[1]: (18, 0.0), NAMES[2]: (12, 0.2)}  # exponent and non-additivity
SPHERES = """\
name = "mine"
[species.A]
fraction = 1.0
diameters = { distribution = "uniform", polydispersity = 0.1 }
[interaction]
kind = "hard"
"""


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read(tmp_path, name):
    model = vt.liquid(name)
    write_model(model, tmp_path / "model.toml")
    assert read_model(tmp_path / "model.toml") == model
    assert from_json(type(model), to_json(model)) == model
    assert model.is_polydisperse
    assert model.large_diameter == pytest.approx(1.0, abs=1e-4)


def test_monodisperse_models_are_told_as_before():
    for name in ("hard-spheres", "kob-andersen"):
        assert "distributions" not in to_json(vt.liquid(name))
        assert split_by_size(vt.liquid(name)) is vt.liquid(name)


@pytest.mark.parametrize(
    ("old", "new", "line", "saying"),
    [
        ("polydispersity = 0.1", "polydispersity = 0.7", 4, "zero or negative"),
        (", polydispersity = 0.1", "", 4, "needs minimum and maximum or a polydispersity"),
        ("polydispersity = 0.1", "width = 0.1", 4, "width"),
        ('"uniform"', '"triangle"', 4, "distribution"),
        ("fraction = 1.0", "fraction = 1.0\ndiameter = 1.0", 4, "give one of the two"),
        ("diameters = { distribution", "# diameters = { distribution", 2, "diameter: is missing"),
        ('kind = "hard"', 'kind = "wca"', 4, "levels: is missing"),
        ("0.1 }", "0.1, levels = 1 }", 4, "levels"),
    ],
)
def test_wrong_files_are_told_with_the_line(tmp_path, old, new, line, saying):
    path = tmp_path / "wrong.toml"
    text = SPHERES.replace(old, new)
    path.write_text(f"density = 1.0\n{text}" if "wca" in text else text)
    with pytest.raises(FileError, match=saying) as caught:
        read_model(path)
    assert f"line {line + ('wca' in text)}" in str(caught.value)


def test_a_sigma_is_refused_where_it_follows_from_diameters(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(
        "density = 1.0\n"
        + SPHERES.replace('kind = "hard"', 'kind = "wca"\nsigma = 1.0').replace("0.1 }", "0.1, levels = 4 }")
    )
    with pytest.raises(FileError, match=r"line 8: sigma: σ follows from the diameters"):
        read_model(path)


def test_snapshots_of_other_sizes_are_refused():
    model = vt.liquid(NAMES[0])
    diameters = model.diameters_of(np.repeat("A", 125))
    places = np.stack(np.meshgrid(*[np.arange(5.0)] * 3), axis=-1).reshape(-1, 3) * 1.7
    good = vt.Configuration(places, 8.5, np.repeat("A", 125), diameters)
    assert np.array_equal(as_model(good, model).diameters, diameters)
    with pytest.raises(InputError, match=r"those of .* lie between 0.7246 and 1.6131"):
        as_model(good.with_diameters(diameters * 1.02), model)
    with pytest.raises(InputError, match="are all different"):
        as_model(vt.Configuration(places, 8.5, np.repeat("A", 125)), model)
    with pytest.raises(InputError, match=r"none of the 16 sizes"):
        with_split_species(good, vt.liquid(NAMES[1]))


def energy_by_all_pairs(snapshot, n, nonadditivity):
    """Of inverse powers, from the formulas of the source, pair by pair."""
    x, d, length = snapshot.positions, snapshot.diameters, snapshot.box.lengths[0]
    i, j = np.triu_indices(len(x), 1)
    v = x[i] - x[j]
    v -= length * np.rint(v / length)
    r = np.sqrt((v**2).sum(axis=1))
    sigma = 0.5 * (d[i] + d[j]) * (1.0 - nonadditivity * np.abs(d[i] - d[j]))
    ratio, cut, n = r / sigma, 1.25, float(n)
    # u, u' and u'' of x^-n + c0 + c2 x² + c4 x⁴ vanish at the cutoff
    matrix = np.array([[1, cut**2, cut**4], [0, 2 * cut, 4 * cut**3], [0, 2, 12 * cut**2]])
    c0, c2, c4 = np.linalg.solve(matrix, [-(cut**-n), n * cut ** (-n - 1), -n * (n + 1) * cut ** (-n - 2)])
    u = ratio**-n + c0 + c2 * ratio**2 + c4 * ratio**4
    return float(u[ratio < cut].sum())


def liquid_like(model, n, seed):
    """Not equilibrated, but nobody too near: diameters thrown onto a lattice with small displacements."""
    rng = np.random.default_rng(seed)
    side = round(n ** (1 / 3))
    grid = np.stack(np.meshgrid(*[np.arange(float(side))] * 3), axis=-1).reshape(-1, 3)
    diameters = rng.permutation(model.diameters_of(np.repeat("A", n)))
    return vt.Configuration(grid + rng.normal(0, 0.03, grid.shape), side, np.repeat("A", n), diameters)


@pytest.mark.parametrize("name", SOFT)
def test_energies_are_those_of_every_diameter(name):
    model = vt.liquid(name)
    snapshot = liquid_like(model, 216, 3)
    energy = energy_by_all_pairs(snapshot, *SOFT[name])
    assert local_energy(snapshot, model).sum() == pytest.approx(energy, rel=1e-12)


@needs_lammps
def test_lammps_has_the_same_energies_and_keeps_the_diameters():
    from vitreous.simulate.lammps import LammpsMD

    model = vt.liquid(NAMES[1])
    engine = LammpsMD.liquid(model, 300, 0.3, seed=2)
    frame = engine.frame()
    energy = energy_by_all_pairs(frame, *SOFT[NAMES[1]]) / 300
    assert engine.advance(engine.time).energy == pytest.approx(energy, rel=1e-9)
    assert np.array_equal(np.sort(frame.diameters), random_configuration(model, 300, 0).diameters)
    assert frame.species_names == ("A",)
    engine.advance(0.5)
    engine.rebase()
    again = LammpsMD.restore(engine.frame(), engine.state(), model, 0.3)
    assert engine.advance(1.0) == again.advance(1.0)
    assert np.array_equal(engine.frame().positions, again.frame().positions)
    assert np.array_equal(engine.frame().diameters, frame.diameters)
