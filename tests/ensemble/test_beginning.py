"""Whether a run begins at the start, and which of its particles is which."""

from __future__ import annotations

import numpy as np

import vitreous as vt
from ensemble.exports import at_time, dump, our_gsd, written
from vitreous.trajectory import Trajectory


def test_two_decimals_are_enough_to_know_the_start(campaign, frames, tmp_path, refused):
    spacing = (campaign.snapshot.box.volume / len(campaign.snapshot)) ** (1 / 3)
    assert np.sqrt(3) * 0.005 < 0.01 * spacing
    pattern = written(tmp_path, frames, dump, "dump", digits="%.2f")
    found = vt.propensity_from_runs(campaign.snapshot, pattern)
    assert 0.005 < found.about["off_at_start"] < 0.01 * spacing
    written(tmp_path, frames, dump, "dump", digits="%.1f")
    refused(
        r"run-0\.dump: does not begin at the start: particle \d+ of the start is 0\.0\d+ off .* allowed are 0\.0"
    )


def test_one_time_step_too_late_is_seen(campaign, frames, tmp_path, refused):
    """Frames that say time 0 but are 0.01 later: the fastest of 120 particles went 0.03."""
    late = [[at_time(frame, frame.time - run[1].time) for frame in run[1:]] for run in frames]
    written(tmp_path, late, our_gsd, "gsd")
    refused(r"run-0\.gsd: does not begin at the start: particle \d+ of the start is 0\.0\d+ off")


def test_another_start(campaign, frames, tmp_path, refused):
    written(tmp_path, frames, dump, "dump")
    start = campaign.snapshot
    moved = start.positions.copy()
    moved[17] += [0.0, 0.0, 0.05]
    refused("particle 17 of the start is 0.0496 off", start=start._replace(positions=moved))
    refused("it has 120 particles, the start has 119", start=_rows(start, np.arange(119)))
    refused(
        r"its box is \[.*\], that of the start is \[",
        start=vt.Configuration(start.positions, 1.001 * start.box.lengths, start.species),
    )


def _rows(frame, rows, **more):
    return vt.Configuration(frame.positions[rows], frame.box, frame.species[rows], **more)


def test_which_particle_is_which(campaign, ours, frames, tmp_path, refused):
    start = campaign.snapshot
    rows = np.random.default_rng(3).permutation(len(start))
    pattern = written(tmp_path, frames, dump, "dump", order=np.random.default_rng(1))
    # By ids where the start has them, in whatever order it is.
    found = vt.propensity_from_runs(_rows(start, rows, columns={"id": rows + 1}), pattern)
    np.testing.assert_allclose(found.mean, ours.mean[:, rows], rtol=1e-6)
    refused("it has no particle with the id 121", start=_rows(start, rows, columns={"id": rows + 2}))
    # Without ids rows are what they are, and another order is told. (Within species, which would be seen first.)
    swapped = np.concatenate([np.arange(35, -1, -1), np.arange(36, 120)])
    refused("its particles are in another order than those of the start", start=_rows(start, swapped))


def test_species(campaign, ours, frames, tmp_path, refused):
    start = campaign.snapshot
    pattern = written(tmp_path, frames, dump, "dump")  # types 1 and 2
    named = np.where(start.species == "A", "Cu", "Zr")
    found = vt.propensity_from_runs(vt.Configuration(start.positions, start.box, named), pattern)
    np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6)
    mixed = start.species.copy()
    mixed[[3, 100]] = mixed[[100, 3]]
    refused(
        r"its species are not those of the start: particle \d+ is [12] in the run and [AB] in the start",
        start=vt.Configuration(start.positions, start.box, mixed),
    )
    one = np.where(np.arange(120) == 50, "C", start.species)
    refused("its species are not", start=vt.Configuration(start.positions, start.box, one))
    # The same names the other way round are no other names.
    named = np.where(start.species == "A", 2, 1)
    refused(
        "particle 0 is 1 in the run and 2 in the start",
        start=vt.Configuration(start.positions, start.box, named),
    )


def test_no_frame_at_time_0_and_none_near_it(campaign, refused):
    """Where particles have left their places nothing tells that this was the start."""
    start = campaign.snapshot
    steps = np.random.default_rng(0).normal(scale=0.25, size=(2, 3, 120, 3)).cumsum(axis=1)
    runs = [Trajectory(start.positions + walk, [1.0, 2.0, 3.0], start.box, start.species) for walk in steps]
    refused(
        "does not begin at the start: .* a frame at time 0 is missing, and this one is no longer", runs=runs
    )


def test_in_an_open_and_in_a_tilted_box(spheres):
    rng = np.random.default_rng(0)
    for box in (vt.Box.of(spheres.box, (True, True, False)), vt.Box.of([5.0, 5.0, 5.0, 1.0, 0.0, 0.5])):
        x = rng.random((60, 3)) @ box.vectors
        steps = rng.normal(scale=0.3, size=(3, 4, 60, 3)).cumsum(axis=1)
        runs = [Trajectory(np.concatenate([x[None], x + walk]), np.arange(5.0), box, None) for walk in steps]
        found = vt.propensity_from_runs(vt.Configuration(x, box), runs, wave_number=7.0)
        moved = steps - steps.mean(axis=2, keepdims=True)
        np.testing.assert_allclose(found.mean, np.linalg.norm(moved, axis=3).mean(axis=0), rtol=1e-6)
