"""One run and its file."""

from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from vitreous.ensemble.replica import read_replica, replica_path, run_replica, write_replica
from vitreous.errors import FileError


@pytest.fixture(scope="module", name="run")
def _run(campaign):
    return run_replica(campaign, 7)[0]


def test_distances_are_those_of_a_run_by_hand(campaign, run):
    md = vt.HardSphereMD(campaign.snapshot, seed=campaign.replica_seed(7))
    start = md.configuration.unwrapped_positions
    for k, time in enumerate(campaign.times):
        md.advance(time)
        moved = md.configuration.unwrapped_positions - start
        moved -= moved.mean(axis=0)
        np.testing.assert_allclose(run.distance[k], np.linalg.norm(moved, axis=1), rtol=1e-6)
    assert run.energy is None
    np.testing.assert_allclose(run.temperature, 1.0)
    assert 5.0 < run.pressure[-1] < 15.0


def test_a_run_depends_on_its_number_only(campaign, run):
    other, engine = run_replica(campaign, 8)
    again, _ = run_replica(campaign, 7, engine)
    assert np.array_equal(again.distance, run.distance)
    assert not np.array_equal(other.distance, run.distance)
    assert (again.seed, other.seed) == (campaign.replica_seed(7), campaign.replica_seed(8))


def test_the_file_holds_it_and_is_the_same_again(campaign, run, tmp_path):
    write_replica(run, campaign, tmp_path)
    before = replica_path(tmp_path, 7).read_bytes()
    found = read_replica(campaign, tmp_path, 7)
    for name in ("distance", "pressure", "temperature"):
        assert np.array_equal(getattr(found, name), getattr(run, name))
    assert (found.number, found.seed) == (7, run.seed)
    write_replica(run_replica(campaign, 7)[0], campaign, tmp_path)
    assert replica_path(tmp_path, 7).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run-00007.npz"]


def test_any_damage_is_noticed(campaign, run, tmp_path):
    write_replica(run, campaign, tmp_path)
    path = replica_path(tmp_path, 7)
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    data_begins = whole.index(b"\x93NUMPY")
    for cut in [0, 1, 100, *rng.integers(0, len(whole), 20), len(whole) - 1]:
        path.write_bytes(whole[:cut])
        with pytest.raises(FileError, match=r"run-00007\.npz: is damaged"):
            read_replica(campaign, tmp_path, 7)
    noticed = 0
    for place in rng.integers(data_begins, data_begins + run.distance.nbytes, 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(FileError, match="is damaged"):
            read_replica(campaign, tmp_path, 7)
        noticed += 1
    assert noticed == 40


def test_files_of_others_are_refused(campaign, longer, run, tmp_path):
    write_replica(run, campaign, tmp_path)
    with pytest.raises(FileError, match="is missing"):
        read_replica(campaign, tmp_path, 6)
    replica_path(tmp_path, 7).rename(replica_path(tmp_path, 6))
    with pytest.raises(FileError, match="another run"):
        read_replica(campaign, tmp_path, 6)
    write_replica(run, campaign, tmp_path)
    with pytest.raises(FileError, match="another campaign"):
        read_replica(longer, tmp_path, 7)
    np.savez(replica_path(tmp_path, 7), distance=np.zeros((2, 2)))
    with pytest.raises(FileError, match="is damaged"):
        read_replica(campaign, tmp_path, 7)
