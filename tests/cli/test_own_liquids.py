"""One model of each kind of interaction goes the whole way, from its file to a study of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from marks import needs_lammps
from vitreous.study.plan import read_plan
from vitreous.study.results import read_results
from vitreous.study.run import run_study

pytestmark = needs_lammps

MIXTURE = """\
[species.A]
fraction = 0.5
diameter = 1.0
[species.B]
fraction = 0.5
diameter = 1.2
mass = 1.5
"""
SALT = '''
units = "lj"
commands = """
pair_style hybrid/overlay coul/long 2.5 lj/cut 1.2
pair_coeff * * coul/long
pair_coeff * * lj/cut 1.0 1.0
pair_modify shift yes
kspace_style ewald 1e-4
"""
'''
# Interaction, density or nothing, state
KINDS = {
    "hard": ('kind = "hard"', "", 0.45),
    "lennard-jones": (
        'kind = "lennard-jones"\ncutoff = 2.0\ntruncation = "force-shifted"\nepsilon = [[1.0, 1.2], [1.2, 0.8]]',
        "density = 0.8",
        1.5,
    ),
    "wca": ('kind = "wca"', "density = 0.7", 1.5),
    "inverse-power": (
        'kind = "inverse-power"\nexponent = 12\ncutoff = 1.25\nnonadditivity = 0.1',
        "density = 0.8",
        1.0,
    ),
    "harmonic": ('kind = "harmonic"', "packing_fraction = 0.7", 0.02),
    "yukawa": ('kind = "yukawa"\nkappa = 6.0\ncutoff = 2.0', "density = 0.7", 0.5),
    "table": ('kind = "table"\nfile = "soft.table"', "density = 0.7", 1.0),
    "lammps": ('kind = "lammps"\ncutoff = 2.5' + SALT, "density = 0.5\ntimestep = 0.003", 1.5),
}


def text_of(kind):
    interaction, density, _ = KINDS[kind]
    species = MIXTURE
    if kind == "lammps":
        species = MIXTURE.replace("[species.B]", "charge = 1.0\n[species.B]").replace(
            "mass = 1.5", "charge = -1.0"
        )
    return f'name = "own-{kind}"\n{density}\n{species}\n[interaction]\n{interaction}\n'


def write_model(kind):
    Path("own.toml").write_text(text_of(kind))
    r = np.linspace(0.5, 1.5, 200)
    u, f = 10.0 * (1.5 - r) ** 3, 30.0 * (1.5 - r) ** 2
    np.savetxt("soft.table", np.stack([r, u, f], axis=1), fmt="%.17g")


@pytest.mark.filterwarnings("always::vitreous.errors.FileWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way(run, here, kind):
    write_model(kind)
    state = KINDS[kind][2]
    option = "--packing-fraction" if kind == "hard" else "-T"

    def done(*words):
        result = run(*words)
        assert result.status == 0, result
        return result

    words = (
        "-N",
        160,
        "--multiple",
        1,
        "--longest",
        1,
        "--times",
        "linear:0.02:2:100",
        "-o",
        "own.gsd",
        "-q",
    )
    done("simulate", "own.toml", option, state, *words)
    liquid = vt.read("own.gsd")
    assert liquid.species_names == ("A", "B")
    Path("own.toml").unlink()  # from here on the files know what they are of
    done("reveal", "own.gsd", "--reducer", "pca", "-q", "-o", "seen")
    done(
        "propensity", "own.gsd", "--runs", 4, "--times", "log:0.02:0.5:4", "--workers", 1, "-o", "p.gsd", "-q"
    )
    told = json.loads(done("correlate", "p.gsd", "--json", "-o", "c").out)
    fields = {one["field"] for one in told["correlations"]}
    assert {"p_red", "density"} <= fields
    assert ("energy" in fields) == (kind != "hard")
    done("relax", "own.gsd", "--wave-number", 6.5, "-q", "-o", "r")


@pytest.mark.parametrize("kind", ["hard", "harmonic", "lammps"])
def test_a_study_of_it(here, watcher, kind):
    write_model(kind)
    state = KINDS[kind][2]
    control = "packing_fraction" if kind == "hard" else "temperature"
    Path("plan.toml").write_text(
        "particles = 150\nequilibration = 1.0\nlongest_equilibration = 60\ntrajectory = 3.0\nsnapshots = 1\nruns = 4\n"
        f'propensity = 1.0\ntimes_per_decade = 2\nreducer = "pca"\n[["own.toml"]]\n{control} = {state}\n'
    )
    plan = read_plan("plan.toml")
    outcome = run_study(plan, watcher, workers=2)
    assert not outcome.failed, outcome.failed
    assert read_results(plan).missing == ()
