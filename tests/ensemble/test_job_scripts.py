"""The script of the documentation that keeps SLURM jobs as workers, where dask-jobqueue is installed."""

from __future__ import annotations

import re
import shlex
import stat
import subprocess
from pathlib import Path

import pytest
from distributed import Client, Security

PAGE = Path(__file__).parents[2] / "docs" / "cluster.md"
pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(name="script")
def _script(tmp_path, monkeypatch):
    """What the script has made when it is about to begin the study."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    (code,) = (
        block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "SLURMCluster" in block
    )
    beginning, _, rest = code.partition("study = subprocess.Popen(")
    assert rest
    made = {}
    exec(compile(beginning, str(PAGE), "exec"), made)
    yield made
    made["cluster"].close()


def test_jobs_of_the_script_are_workers_with_the_key(script, tmp_path):
    """The line that SLURM would run, run here, comes to the scheduler; the key is ours alone, and lets in."""
    keys = tmp_path / ".vitreous-keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in keys.iterdir()} == {0o600}
    job = script["cluster"].job_script()
    assert "#SBATCH -p normal\n" in job
    assert "export OMP_NUM_THREADS=1\n" in job
    (line,) = (one for one in job.splitlines() if "dask_worker" in one or "dask worker" in one)
    words = shlex.split(line)
    assert {"--tls-ca-file", "--tls-cert", "--tls-key"} <= set(words)
    address = script["cluster"].scheduler_address
    assert address.startswith("tls://")
    assert address in words
    worker = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        with Client(address, security=script["security"], timeout=30) as client:
            client.wait_for_workers(1, timeout=60)
            assert client.submit(sum, [1, 2]).result(timeout=60) == 3
        with pytest.raises((OSError, TimeoutError)):
            Client(address, security=Security.temporary(), timeout=3)
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
