"""Polydisperse hard spheres all the way: simulated with swap moves, revealed, and correlated by classes of diameter."""

from __future__ import annotations

import json

import numpy as np

import vitreous as vt


def test_from_nothing_to_correlations(run, here):
    simulated = run(
        *("simulate", "hard-spheres-polydisperse", "--packing-fraction", 0.45, "-N", 216, "--swap"),
        *("--longest", 30, "-o", "a.gsd"),
    )
    assert simulated.status == 0, simulated
    assert "swap moves" in simulated.out
    snapshot = vt.read("a.gsd")
    model = vt.liquid("hard-spheres-polydisperse")
    assert np.array_equal(np.sort(snapshot.diameters), model.diameters_of(snapshot.species))
    moved = run("propensity", "a.gsd", "--runs", 4, "--times", "log:0.1:2:3", "--workers", 1, "-o", "p.gsd")
    assert moved.status == 0, moved
    assert "large particles" in moved.out
    found = run("correlate", "p.gsd", "--radius", 2, "--neighbors", "sann", "--json")
    assert found.status == 0, found
    told = json.loads(found.out)
    assert {one["species"] for one in told["noise"]} == {"small", "middle", "large"}
    classes = {one["class"]: one for one in told["diameter_classes"]}
    assert classes["small"]["largest_diameter"] <= classes["middle"]["smallest_diameter"]
    assert classes["large"]["largest_diameter"] == snapshot.diameters.max()
    revealed = run("reveal", "p.gsd", "--radius", 2)
    assert revealed.status == 0, revealed
    assert "thirds of the particles: small" in revealed.out
    assert "of small particles" in revealed.out
