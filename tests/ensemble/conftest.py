"""Small campaigns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import vitreous as vt
from ensemble.exports import recorded_runs
from vitreous.ensemble.campaign import Campaign
from vitreous.ensemble.propensity import combine
from vitreous.ensemble.replica import run_replica, write_replica
from vitreous.errors import InputError
from vitreous.glassformers import composition, glass_former

SPHERES = glass_former("hard-spheres")


class Notes:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.there: list[tuple[int, int, int]] = []
        self.done: list[int] = []
        self.lost: list[tuple[int, str]] = []
        self.when_finished: Callable[[int], None] = lambda number: None

    def stage(self, what: str) -> None:
        self.stages.append(what)

    def runs(self, there: int, total: int, workers: int) -> None:
        self.there.append((there, total, workers))

    def finished(self, number: int) -> None:
        self.done.append(number)
        self.when_finished(number)

    def failed(self, number: int, reason: str) -> None:
        self.lost.append((number, reason))


@pytest.fixture(name="notes")
def _notes() -> Notes:
    return Notes()


@pytest.fixture(scope="session")
def spheres() -> vt.Configuration:
    """120 hard spheres."""
    counts = composition(SPHERES, 120)
    species = [name for name, count in counts.items() for _ in range(count)]
    diameters = [SPHERES.diameter_of[name] for name in species]
    md = vt.HardSphereMD.grow(diameters, 0.45, seed=3, species=species)
    md.run(2.0)
    return md.configuration


@pytest.fixture(scope="session")
def campaign(spheres: vt.Configuration) -> Campaign:
    return Campaign(spheres, SPHERES, vt.log_times(0.01, 0.5, 6), seed=5)


@pytest.fixture(name="longer", scope="session")
def _longer(spheres: vt.Configuration) -> Campaign:
    """One whose runs take about half a second."""
    return Campaign(spheres, SPHERES, vt.log_times(0.5, 120.0, 5), seed=5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "campaign"


@pytest.fixture(scope="session")
def content() -> Callable[[Path], dict[str, bytes | None]]:
    """Every file and folder below, with what is in it."""

    def of(folder: Path) -> dict[str, bytes | None]:
        return {
            str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*"))
        }

    return of


@pytest.fixture(scope="session", name="frames")
def _frames(campaign):
    return recorded_runs(campaign, 5)


@pytest.fixture(scope="session", name="ours")
def _ours(campaign, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours") / "campaign"
    campaign.prepare(folder)
    for number in range(5):
        write_replica(run_replica(campaign, number)[0], campaign, folder)
    return combine(campaign, folder, 5)


@pytest.fixture(name="refused")
def _refused(campaign, tmp_path):
    def check(saying, runs=None, start=None, error=InputError, **options):
        with pytest.raises(error, match=saying) as told:
            vt.propensity_from_runs(
                campaign.snapshot if start is None else start,
                str(tmp_path / "run-*") if runs is None else runs,
                **options,
            )
        assert "\n" not in str(told.value)

    return check
