"""What a campaign is, and the folder that keeps it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import vitreous as vt
from vitreous.ensemble.campaign import Campaign
from vitreous.errors import FileError, FileWarning, InputError
from vitreous.glassformers import glass_former

SPHERES = glass_former("hard-spheres")


def test_it_is_in_its_folder(campaign, folder, content):
    campaign.prepare(folder)
    before = content(folder)
    loaded = Campaign.load(folder)
    assert loaded.digest == campaign.digest
    assert np.array_equal(loaded.snapshot.positions, campaign.snapshot.positions)
    assert np.array_equal(loaded.times, campaign.times)
    campaign.prepare(folder)
    assert content(folder) == before


@pytest.mark.parametrize(
    ("change", "saying"),
    [
        ({"seed": 6}, "its seed is 5, not 6"),
        ({"times": [0.1, 0.2]}, "its times are others"),
        ({"snapshot": None}, "its snapshot is another"),
    ],
)
def test_the_folder_of_another_campaign_is_refused(campaign, folder, content, change, saying):
    campaign.prepare(folder)
    before = content(folder)
    if "snapshot" in change:
        snapshot = campaign.snapshot
        moved = snapshot.positions.copy()
        moved[3, 0] += 1e-13
        change = {"snapshot": replace(snapshot, positions=moved)}
    with pytest.raises(FileError, match=saying):
        replace(campaign, **change).prepare(folder)
    assert content(folder) == before


def test_a_folder_of_something_else_is_refused(campaign, folder, content):
    folder.mkdir()
    (folder / "thesis.tex").write_text("x")
    before = content(folder)
    with pytest.raises(FileError, match="not the folder of a campaign"):
        campaign.prepare(folder)
    with pytest.raises(FileError, match=r"campaign\.json is missing"):
        Campaign.load(folder)
    (folder / "thesis.tex").rename(folder / "campaign.json")
    with pytest.raises(FileError, match="cannot be read"):
        campaign.prepare(folder)
    assert len(content(folder)) == len(before)
    with pytest.raises(FileError, match="not the folder of a campaign"):
        campaign.prepare(folder / "campaign.json")


def test_a_plan_that_was_changed_is_noticed(campaign, folder):
    campaign.prepare(folder)
    plan = folder / "campaign.json"
    told = json.loads(plan.read_text())
    told["seed"] = 99
    plan.write_text(json.dumps(told))
    with pytest.raises(FileError, match="were changed"):
        Campaign.load(folder)


def test_seeds_differ_in_everything(campaign):
    seeds = [campaign.replica_seed(k) for k in range(1000)]
    assert len(set(seeds)) == 1000
    assert seeds[0] == campaign.replica_seed(0)
    others = [replace(campaign, seed=6), replace(campaign, times=[0.1, 0.3])]
    assert len({seeds[0], *(other.replica_seed(0) for other in others)}) == 3


def test_only_positions_count(campaign, spheres):
    dressed = spheres.with_columns(velocity=np.ones((len(spheres), 3)))
    unwrapped = vt.Configuration(
        spheres.positions + np.array([spheres.box.lengths[0], 0, 0]),
        spheres.box,
        spheres.species,
        spheres.diameters,
    )
    assert replace(campaign, snapshot=dressed).digest == campaign.digest
    again = replace(campaign, snapshot=unwrapped).snapshot
    np.testing.assert_allclose(again.positions, campaign.snapshot.positions, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "saying"),
    [
        ({"times": [0.0, 1.0]}, "at time 0 are 0"),
        ({"times": [1.0, 0.5]}, "increas"),
        ({"times": [1.0, np.nan]}, "times"),
        ({"times": []}, "times"),
        ({"seed": -1}, "seed"),
        ({"temperature": 1.0}, "hard spheres have none"),
    ],
)
def test_what_cannot_be_measured_is_refused(campaign, change, saying):
    with pytest.raises(InputError, match=saying):
        replace(campaign, **change)


def test_lennard_jones_models_need_a_temperature_and_whole_steps():
    model = glass_former("kob-andersen")
    side = (125 / 1.2) ** (1 / 3)
    points = np.stack(np.unravel_index(np.arange(125), (5, 5, 5)), axis=1) * side / 5
    start = vt.Configuration(points, side, ["A"] * 100 + ["B"] * 25)
    with pytest.raises(InputError, match="give it"):
        Campaign(start, model, [1.0])
    with pytest.raises(InputError, match="temperature: must be positive"):
        Campaign(start, model, [1.0], 0.0)
    with pytest.raises(InputError, match="a time step or more"):
        Campaign(start, model, [0.001, 1.0], 0.5)
    found = Campaign(start, model, [0.011, 0.012, 1.0], 0.5)
    np.testing.assert_allclose(found.times, [0.01, 1.0])
    with pytest.warns(FileWarning), pytest.raises(InputError, match="in the model's units"):
        Campaign(vt.Configuration(3.4 * points, side * 3.4, start.species), model, [1.0], 0.5)


def test_overlaps_are_refused(campaign):
    x = campaign.snapshot.positions.copy()
    x[7] = x[8] + 0.1
    with pytest.raises(InputError, match=r"particles 7 and 8 overlap: their distance is 0\.173"):
        replace(campaign, snapshot=replace(campaign.snapshot, positions=x))
