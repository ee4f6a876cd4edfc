"""The engine of the documentation: its code as it stands there, executed, and its physics."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt

PAGE = Path(__file__).parents[2] / "docs" / "your_own_engine.md"
MODULE, SCRIPT = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engine")
    (folder / "brownian.py").write_text(MODULE, encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", name="brownian")
def _brownian(folder):
    specification = importlib.util.spec_from_file_location("brownian", folder / "brownian.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.Brownian


def test_the_script_runs_from_anywhere(folder, tmp_path):
    """Workers find the module beside the script, wherever it is called from."""
    command = [sys.executable, "-W", "error", str(folder / "script.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "(4, 100)\n(100,)\n"
    assert not list(tmp_path.iterdir())


def test_it_is_an_engine(brownian):
    """Every member of the protocol is there."""
    asked = {name for name in vars(vt.Engine) if not name.startswith("_")} | set(vt.Engine.__annotations__)
    assert asked == {"work_name", "time", "work", "advance", "rebase", "frame", "state"}
    start = vt.Configuration([[1.0, 1.0, 1.0], [3.0, 3.0, 3.0]], 6.0, diameters=1.0)
    engine = brownian(start, 0, 1.0)
    assert all(hasattr(engine, name) for name in asked)


def test_free_particles_diffuse(brownian):
    """<r²> = 6 kT t of 2,000 spheres that do not meet: relative standard error sqrt(2/3N) = 0.018."""
    places = np.random.default_rng(0).uniform(0.0, 10.0, (2000, 3))
    engine = brownian(vt.Configuration(places, 10.0, diameters=1e-6), 1, 0.5)
    sample = engine.advance(1.0)
    squares = ((engine.frame().positions - places) ** 2).sum(axis=1)
    assert squares.mean() == pytest.approx(6 * 0.5 * 1.0, rel=4 * 0.0183)
    assert (sample.begin, sample.end, sample.energy, engine.work) == (0.0, 1.0, 0.0, 20)


def test_forces_are_those_of_the_energy(brownian):
    rng = np.random.default_rng(0)
    places, diameters = rng.uniform(0.0, 3.0, (20, 3)), rng.uniform(0.8, 1.2, 20)
    engine = brownian(vt.Configuration(places, 3.0, diameters=diameters), 0, 0.0)
    forces, _ = engine.forces()
    h = 1e-5
    for particle, axis in ((0, 0), (7, 1), (19, 2)):
        energies = []
        for step in (h, -2 * h):
            engine.positions[particle, axis] += step
            energies.append(20 * engine.forces()[1])
        engine.positions[particle, axis] += h
        # Of a central difference, h² times a third derivative that is of order 1; it jumps where spheres touch.
        assert (energies[1] - energies[0]) / (2 * h) == pytest.approx(forces[particle, axis], abs=1e-6)


def test_it_goes_on_as_if_it_had_not_been_stopped(brownian):
    start = vt.Configuration(np.random.default_rng(0).uniform(0.0, 4.0, (30, 3)), 4.0, diameters=1.0)
    engine = brownian(start, 5, 0.1)
    engine.advance(1.0)
    engine.rebase()
    again = brownian(engine.frame(), int(engine.state()["seed"][0]), 0.1)
    engine.advance(2.0)
    again.advance(1.0)
    assert np.array_equal(engine.frame().positions, again.frame().positions)
