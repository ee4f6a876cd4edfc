"""Liquids of the LAMMPS models from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from marks import needs_lammps
from simulate.lammps.models import KA, TEMPERATURE, WAHNSTROM, same
from vitreous.errors import FileError, InputError
from vitreous.simulate.lammps import LammpsMD
from vitreous.simulate.lammps_script import write_lammps_input

pytestmark = needs_lammps


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
    monkeypatch.setattr("vitreous.simulate._lammps_melting._MELTING_TIME", 0.5)
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
