from __future__ import annotations

import signal
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import vitreous as vt
from study.fixtures import digests, finished_study, study, watcher  # noqa: F401
from vitreous import parallel

settings.register_profile(
    "vitreous",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("vitreous")


def pytest_configure() -> None:
    """Listen to interrupts, which a shell may have told its background jobs to ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def by_threads(monkeypatch):
    """What a function gives on one thread and on four."""

    def computed(compute):
        answers = []
        for threads in (1, 4):
            monkeypatch.setattr(parallel, "thread_count", lambda threads=threads: threads)
            answers.append(compute())
        return answers

    return computed


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    """`monkeypatch` for all tests of a file."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Real snapshots by others, beside the project."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real snapshots by others (../shared/data) are not here")
    return folder


@pytest.fixture(scope="session")
def bundled() -> vt.Configuration:
    """The snapshot of the demo: 2,000 binary hard spheres at packing fraction 0.58, with their propensity."""
    with as_file(files("vitreous") / "data" / "hard_spheres_0.58.gsd") as path:
        return vt.read(path)


@pytest.fixture(scope="session")
def hard_spheres(bundled: vt.Configuration) -> vt.Configuration:
    """The same without anything but spheres in a box."""
    return vt.Configuration(bundled.positions, bundled.box, bundled.species, bundled.diameters)
