"""Dask workers: some of our own on this machine, or those of a cluster that is running.

Our own are plain subprocesses with one thread each. So a script needs no ``if __name__ == "__main__"``, one that dies
is started again, and all end with us. Nothing is forked. They listen to this machine only, and to nobody without the
key that is made for them.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vitreous.ensemble.certificates import Certificates, security_of_cluster, temporary_security
from vitreous.errors import InputError, VitreousError
from vitreous.interrupts import held_interrupts

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Workers", "packed", "unpacked", "workers_of_cluster", "workers_of_this_machine"]

_PATIENCE = 10.0  # seconds, to reach a scheduler
_DEATHS = 10  # of each worker of ours: more are no accident


class Workers:
    """A Dask client, the certificates that another needs, and the worker processes that are ours."""

    def __init__(
        self,
        client: Client,
        certificates: Certificates,
        processes: list[subprocess.Popen[bytes]],
        command: list[str],
    ) -> None:
        self.client = client
        self.certificates = certificates
        self._processes = processes
        self._command = command
        self._deaths = 0

    def restart_dead(self) -> None:
        """Start those of our own again that died; VitreousError if they die again and again."""
        for k, process in enumerate(self._processes):
            if process.poll() is None:
                continue
            self._deaths += 1
            if self._deaths > _DEATHS * len(self._processes):
                raise VitreousError(
                    f"workers: they died {self._deaths} times (exit status {process.returncode}); is there too "
                    f"little memory?"
                )
            self._processes[k] = _spawn(self._command)

    def stop(self) -> None:
        """Kill our own: what they had not finished is not wanted any more."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()


@contextmanager
def workers_of_this_machine(count: int) -> Iterator[Workers]:
    """So many workers, and a scheduler that only this machine can reach."""
    with _closed_undisturbed() as stack:
        with held_interrupts():
            workers = _start(count, stack)
        yield workers


@contextmanager
def _closed_undisturbed() -> Iterator[ExitStack]:
    stack = ExitStack()
    try:
        yield stack
    finally:
        with held_interrupts():
            stack.close()


def _start(count: int, stack: ExitStack) -> Workers:
    import dask
    from distributed import Client, LocalCluster

    _be_quiet()
    # mkdtemp makes it 0700.
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="vitreous-workers-", ignore_cleanup_errors=True)
    )
    security, files = temporary_security(Path(folder))
    # A run whose worker died is told to us at once, and we count the deaths of workers, not of runs.
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.http.routes": []}
    stack.enter_context(dask.config.set(settings))
    cluster = stack.enter_context(
        LocalCluster(
            n_workers=0,
            processes=True,
            host="127.0.0.1",
            protocol="tls",
            security=security,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        )
    )
    client = stack.enter_context(Client(cluster))
    command = [
        *(sys.executable, "-m", "distributed.cli.dask_worker", cluster.scheduler_address),
        *("--tls-ca-file", str(files.authority), "--tls-cert", str(files.certificate)),
        *("--tls-key", str(files.key), "--host", "127.0.0.1", "--protocol", "tls"),
        *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
        *("--death-timeout", "5", "--memory-limit", "0", "--local-directory", folder),
    ]
    workers = Workers(client, files, [_spawn(command) for _ in range(count)], command)
    stack.callback(workers.stop)
    return workers


@contextmanager
def workers_of_cluster(address: str, certificates: Certificates | None = None) -> Iterator[Workers]:
    """The workers of a running Dask scheduler, which see the same files and have vitreous installed.

    InputError if there is no scheduler, or its certificates do not fit.
    """
    from distributed import Client

    _be_quiet()
    certificates = certificates or Certificates()
    security = security_of_cluster(address, certificates)
    try:
        with held_interrupts():
            client = Client(address, timeout=_PATIENCE, security=security)
    except (OSError, ValueError, TypeError, ImportError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"--scheduler {address}: no Dask scheduler answers there: {reason}") from None
    with _closed_undisturbed() as stack:
        stack.enter_context(client)
        yield Workers(client, certificates, [], [])


def packed(engine: Any) -> bytes:
    """A function, or what holds one, for other processes; InputError if it cannot be given to them."""
    from distributed.protocol import pickle

    try:
        return bytes(pickle.dumps(engine))
    except Exception as error:  # whatever the objects in it make of it
        raise InputError(
            f"engine: cannot be given to other processes: {_told(error)}; let it be a function of a module or script, "
            f"which makes by itself whatever it needs"
        ) from None


def unpacked(data: bytes) -> Any:
    """What `packed` was given, or an InputError if this process cannot load it.

    Not left to Dask, whose workers lose their connection over what they cannot load.
    """
    from distributed.protocol import pickle

    try:
        return pickle.loads(data)
    except Exception as error:
        raise InputError(
            f"engine: the workers cannot load it: {_told(error)}; its module has to be beside the script, or installed "
            f"where they are"
        ) from None


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: ctrl-C is for us, and we stop the workers.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={
            **os.environ,
            # So that a function of a module beside the script, an engine say, is found as it is here.
            "PYTHONPATH": os.pathsep.join(filter(os.path.isdir, sys.path)),
            "OMP_NUM_THREADS": "1",
            "VITREOUS_NUM_THREADS": "1",
            "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
            "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
        },
    )


def _be_quiet() -> None:
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
