"""The isoconfigurational ensemble: numbers against plain sums, workers, faults."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.executor import missing_runs
from vitreous.ensemble.propensity import combine, run_campaign
from vitreous.ensemble.replica import read_replica, replica_path, run_replica, write_replica
from vitreous.ensemble.result import Propensity
from vitreous.errors import FileError, InputError, VitreousError

ARRAYS = ("times", "mean", "halves", "spread", "mean_squared", "self_scattering")


def assert_same(a, b):
    for name in ARRAYS:
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert a.runs == b.runs
    assert dict(a.about) == dict(b.about)


def by_hand(campaign, folder, runs):
    """Every run in this process, one after the other."""
    campaign.prepare(folder)
    for number in range(runs):
        write_replica(run_replica(campaign, number)[0], campaign, folder)
    return combine(campaign, folder, runs)


@pytest.fixture(scope="module", name="five")
def _five(campaign, tmp_path_factory):
    folder = tmp_path_factory.mktemp("five") / "campaign"
    return by_hand(campaign, folder, 5), folder


def test_the_numbers_are_those_of_plain_sums(campaign, five):
    found, folder = five
    r = np.array([read_replica(campaign, folder, k).distance for k in range(5)], dtype=np.float64)
    np.testing.assert_allclose(found.mean, r.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found.mean_squared, (r**2).mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found.spread, r.std(axis=0, ddof=1), rtol=1e-7)
    np.testing.assert_allclose(found.halves[0], r[:2].mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(found.halves[1], r[2:4].mean(axis=0), rtol=1e-14)
    scattering = np.sin(7.2 * r) / (7.2 * r)
    np.testing.assert_allclose(found.self_scattering, scattering.mean(axis=0), rtol=1e-12)
    assert found.runs == 5
    assert found.wave_number == 7.2


def test_it_begins_ballistically(five):
    found, _ = five
    # <|v|> of a Maxwell distribution at kT = m = 1 is sqrt(8/π); few collide within 0.01
    assert found.mean[0].mean() == pytest.approx(0.01 * np.sqrt(8 / np.pi), rel=0.1)


def test_saved_and_read_again(five, tmp_path):
    found, _ = five
    found.save(tmp_path / "p.gsd")
    again = Propensity.load(tmp_path / "p.gsd")
    assert_same(found, again)
    assert np.array_equal(again.snapshot.positions, found.snapshot.positions)
    frame = vt.read(tmp_path / "p.gsd", frame=2)
    assert np.array_equal(frame.columns["propensity"], found.mean[2])
    assert frame.time == found.times[2]
    with pytest.raises(FileError, match="no column 'speed'"):
        Propensity.load(tmp_path / "p.gsd", "speed")
    with pytest.raises(InputError, match=r"written to \.gsd"):
        found.save(tmp_path / "p.xyz")


def test_propensities_of_others(tmp_path, spheres):
    values = np.random.default_rng(0).random((3, len(spheres)))
    columns = dict(zip(("move", "move_half1", "move_half2"), values, strict=True))
    vt.write(tmp_path / "theirs.extxyz", spheres.with_columns(**columns))
    found = Propensity.load(tmp_path / "theirs.extxyz", "move")
    np.testing.assert_allclose(found.mean[0], values[0])
    np.testing.assert_allclose(found.halves[:, 0], values[1:])
    assert np.isnan(found.times).all()
    assert found.self_scattering is None
    assert not found.tau_1e.found
    with pytest.raises(FileError, match="its columns are"):
        Propensity.load(tmp_path / "theirs.extxyz")


def test_workers_give_the_same_bits(campaign, five, folder, content, notes):
    found, by_hand_folder = five
    assert run_campaign(campaign, folder, 5, workers=2, watcher=notes) == 5
    assert sorted(notes.done) == list(range(5))
    assert notes.there == [(0, 5, 2)]
    assert content(folder) == content(by_hand_folder)
    assert_same(combine(campaign, folder, 5), found)
    # Nothing that is finished is done again, and more runs leave the others as they are.
    assert run_campaign(campaign, folder, 5, watcher=notes) == 0
    assert run_campaign(campaign, folder, 6, workers=1, watcher=notes) == 1
    assert notes.there[-1] == (5, 6, 1)


def test_damaged_files_are_done_again_and_no_others(campaign, five, folder, content, notes):
    _, whole = five
    campaign.prepare(folder)
    for number in (0, 1, 2, 3, 4):
        replica_path(folder, number).write_bytes(replica_path(whole, number).read_bytes())
    damaged = bytearray(replica_path(folder, 1).read_bytes())
    damaged[1000] ^= 1
    replica_path(folder, 1).write_bytes(damaged)
    replica_path(folder, 3).write_bytes(replica_path(folder, 3).read_bytes()[:500])
    replica_path(folder, 4).unlink()
    assert missing_runs(campaign, folder, range(5), notes.failed) == [1, 3, 4]
    assert [number for number, _ in notes.lost] == [1, 3]
    assert all(reason.startswith("is damaged") for _, reason in notes.lost)
    with pytest.raises(FileError, match="damaged"):
        combine(campaign, folder, 5)
    assert run_campaign(campaign, folder, 5, workers=1, watcher=notes) == 3
    assert content(folder) == content(whole)


def test_shards_together_are_the_whole(campaign, five, folder, content):
    _, whole = five
    assert run_campaign(campaign, folder, 5, workers=1, shard=(0, 2)) == 3
    with pytest.raises(FileError, match=r"run-00001\.npz: is missing"):
        combine(campaign, folder, 5)
    assert run_campaign(campaign, folder, 5, workers=1, shard=(1, 2)) == 2
    assert content(folder) == content(whole)


def test_killed_workers_change_nothing(longer, folder, tmp_path, content, notes):
    rounds = []

    def kill_all(number):  # all, because one of them may just have nothing to do
        if len(rounds) < 2:
            rounds.append(number)
            for pid in _workers():
                if _parent(pid) == os.getpid():
                    os.kill(pid, signal.SIGKILL)

    notes.when_finished = kill_all
    assert run_campaign(longer, folder, 6, workers=2, watcher=notes) == 6
    assert sorted(set(notes.done)) == list(range(6))
    assert notes.lost
    assert {reason for _, reason in notes.lost} == {"its worker died"}
    by_hand(longer, tmp_path / "quiet", 6)
    assert content(folder) == content(tmp_path / "quiet")


def _workers():
    """Numbers of all processes that are Dask workers."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"dask_worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def _parent(pid):
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _wait_for_the_end_of(workers):
    deadline = time.monotonic() + 300
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "workers outlived their client"
        time.sleep(0.1)


def test_a_script_without_a_guard(spheres, tmp_path):
    """Workers do not import the script that started them."""
    vt.write(tmp_path / "start.gsd", spheres)
    (tmp_path / "script.py").write_text(
        textwrap.dedent("""
        import vitreous as vt
        found = vt.propensity(
            vt.read("start.gsd"), model="hard-spheres", times=[0.1, 0.2], runs=3, seed=5, workers=2
        )
        print(found.mean.shape, found.runs)
        """)
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "(2, 120) 3", done.stderr
    assert done.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["script.py", "start.gsd"]


def test_a_killed_client_loses_nothing(longer, folder, tmp_path, content):
    longer.prepare(folder)
    code = f"""
from pathlib import Path
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import run_campaign
folder = Path({str(folder)!r})
run_campaign(Campaign.load(folder), folder, 8, workers=2)
"""
    with subprocess.Popen([sys.executable, "-c", code]) as client:
        while len(list(folder.glob("run-*.npz"))) < 3:
            time.sleep(0.02)
            assert client.poll() is None
        workers = [pid for pid in _workers() if _parent(pid) == client.pid]
        client.kill()
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("run-*.npz")}
    _wait_for_the_end_of(workers)
    there = len(list(folder.glob("run-*.npz")))
    assert run_campaign(longer, folder, 8, workers=2) == 8 - there
    assert all((folder / name).stat().st_mtime_ns == when for name, when in before.items())
    by_hand(longer, tmp_path / "quiet", 8)
    found = {name: data for name, data in content(folder).items() if not name.startswith(".vitreous-")}
    assert found == content(tmp_path / "quiet")


def test_a_full_disk_is_one_line_and_keeps_what_was_written(campaign, folder, tmp_path):
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk takes the rights to do so")
    try:
        with pytest.raises(FileError, match=r"run-\d+\.npz: cannot write: No space left on device"):
            run_campaign(campaign, folder, 40, workers=1)
        whole = sorted(folder.glob("run-*.npz"))
        assert whole
        for path in whole:
            read_replica(campaign, folder, int(path.stem[4:]))
        assert not list(folder.glob(".vitreous-*"))
        subprocess.run(["mount", "-o", "remount,size=8m", str(folder)], check=True)
        assert run_campaign(campaign, folder, 40, workers=1) == 40 - len(whole)
        by_hand(campaign, tmp_path / "quiet", 40)
        assert_same(combine(campaign, folder, 40), combine(campaign, tmp_path / "quiet", 40))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_cluster_that_runs(campaign, longer, folder, tmp_path, content):
    """A scheduler and two workers as `dask scheduler` and `dask worker` start them; one is killed."""
    address = tmp_path / "scheduler.json"
    where = ["--scheduler-file", str(address)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler",
                *where,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--dashboard-address",
                "127.0.0.1:0",
            ],
            **silent,
        )
    ]
    try:
        worker = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            *where,
            "--nthreads",
            "1",
            "--no-dashboard",
        ]
        for k in range(2):
            command = [*worker, "--no-nanny", "--local-directory", str(tmp_path / f"w{k}")]
            processes.append(subprocess.Popen(command, **silent))
        while not (address.exists() and address.stat().st_size):  # it is there before it is written
            time.sleep(0.05)
        scheduler = json.loads(address.read_text())["address"]

        class Watcher:
            def stage(self, what): ...
            def runs(self, there, total, workers): ...
            def failed(self, number, reason): ...

            def finished(self, number):
                if number == 1:
                    processes[1].kill()

        assert run_campaign(longer, folder, 6, scheduler=scheduler, watcher=Watcher()) == 6
        by_hand(longer, tmp_path / "quiet", 6)
        assert content(folder) == content(tmp_path / "quiet")
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_no_scheduler_is_one_line(campaign, folder, monkeypatch):
    monkeypatch.setattr("vitreous.ensemble.workers._PATIENCE", 1.0)
    with pytest.raises(InputError, match="no Dask scheduler answers there"):
        run_campaign(campaign, folder, 2, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match="no Dask scheduler answers there"):
        run_campaign(campaign, folder, 2, scheduler="nonsense://here")


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        ({"runs": 1}, "at least 2"),
        ({"runs": 2.5}, "at least 2"),
        ({"shard": (2, 2)}, "0 <= i < n"),
        ({"shard": (-1, 2)}, "0 <= i < n"),
        ({"workers": 0}, "workers"),
    ],
)
def test_what_cannot_be_run_is_refused(campaign, folder, options, saying):
    with pytest.raises(InputError, match=saying):
        run_campaign(campaign, folder, **{"runs": 2, **options})
    assert not folder.exists()


def test_a_run_that_always_dies_is_told(campaign, folder, monkeypatch):
    monkeypatch.setattr("vitreous.ensemble.executor.carry_out_runs", _die)
    with pytest.raises(VitreousError, match=r"died \d+ times"):
        run_campaign(campaign, folder, 2, workers=1)


def _die(folder, digest, engine, numbers):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_thirty_two_runs_under_fire(longer, folder, tmp_path, content):
    """Workers and clients are killed at random and files damaged, until all runs are there."""
    longer = Campaign(longer.snapshot, longer.model, vt.log_times(0.5, 900.0, 5), seed=longer.seed)
    longer.prepare(folder)
    code = f"""
from pathlib import Path
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import run_campaign
folder = Path({str(folder)!r})
print(run_campaign(Campaign.load(folder), folder, 32, workers=2))
"""
    rng = np.random.default_rng(3)
    killed, clients, when, damaged, repeated = 0, 0, {}, set(), set()
    while True:
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as client:
            until = time.monotonic() + rng.uniform(8.0, 14.0)
            while client.poll() is None and (clients == 3 or time.monotonic() < until):
                time.sleep(rng.uniform(0.5, 3.5))
                ours = [pid for pid in _workers() if _parent(pid) == client.pid]
                if ours and killed < 14:
                    os.kill(rng.choice(ours), signal.SIGKILL)
                    killed += 1
                for path in folder.glob("run-*.npz"):
                    if when.setdefault(path.name, path.stat().st_mtime_ns) != path.stat().st_mtime_ns:
                        repeated.add(path.name)
            if client.poll() is None:
                workers = [pid for pid in _workers() if _parent(pid) == client.pid]
                client.kill()
                clients += 1
            else:
                assert client.returncode == 0
                assert clients == 3
                break
        _wait_for_the_end_of(workers)
        for path in folder.glob("run-*.npz"):
            when.setdefault(path.name, path.stat().st_mtime_ns)
        if clients == 2:
            for path, cut in zip(sorted(folder.glob("run-*.npz")), (200, -1), strict=False):
                path.write_bytes(path.read_bytes()[:cut])
                damaged.add(path.name)
    assert killed >= 10
    assert len(damaged) == 2
    assert repeated == damaged
    by_hand(longer, tmp_path / "quiet", 32)
    assert_same(combine(longer, folder, 32), combine(longer, tmp_path / "quiet", 32))
    found = {name: data for name, data in content(folder).items() if not name.startswith(".vitreous-")}
    assert found == content(tmp_path / "quiet")
