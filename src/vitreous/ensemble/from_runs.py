"""Propensity from runs that other programs made from one snapshot."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive
from vitreous.configuration import Configuration
from vitreous.dynamics.displacement import displacements
from vitreous.ensemble.beginning import beginning_of
from vitreous.ensemble.result import Propensity
from vitreous.ensemble.run_files import Run, find_runs, missing_numbers, read_run
from vitreous.ensemble.sums import DistanceSums, usual_wave_number
from vitreous.errors import InputError
from vitreous.frame_store import FrameStore, take
from vitreous.glassformers import GlassFormer, as_model, glass_former, model_record, packing_fraction
from vitreous.records import Json
from vitreous.trajectory import Trajectory

if TYPE_CHECKING:
    from vitreous.io.keywords import TrajectoryKeywords

__all__ = ["propensity_from_runs"]

_SAME_TIME = 1e-6  # relative: times in files are rounded
_SAMPLE = 1000  # particles that tell runs apart
# Runs whose distances differ by less than this part on average are one run; independent speeds differ by one half.
_SAME_RUN = 0.01
_BEYOND_ROUNDING = 10.0  # times as far as positions are rounded have particles to be, before that can be seen


class _Row(NamedTuple):
    """Distances that one run has at one time, and where they are kept."""

    time: float
    run: int
    place: int


class _Facts(NamedTuple):
    """What is kept of one run besides its distances."""

    name: str
    worst: float
    recorded: bool
    tells_species: bool
    remarks: tuple[str, ...]


class _Gathered:
    """Distances of the runs that were read, kept in a file where they are many."""

    def __init__(self, start: Configuration, masses: NDArray[np.float64] | None) -> None:
        self._start, self._masses = start, masses
        self.store = FrameStore()
        self.rows: list[_Row] = []
        self.facts: list[_Facts] = []

    def add(self, run: Run) -> None:
        """Add the next run; nothing else of it is kept."""
        trajectory, beginning = run.trajectory, beginning_of(run, self._start)
        first = 1 if beginning.recorded else 0
        times = trajectory.times - (trajectory.times[0] if beginning.recorded else 0.0)
        if len(times) == first:
            raise InputError(f"{run.name}: there is no frame after the start; a run has to go on from there")
        for k in range(first, len(times)):
            positions = take(trajectory.positions, k)[beginning.order]
            moved = displacements(positions, beginning.reference, self._masses)
            self.rows.append(_Row(float(times[k]), len(self.facts), len(self.rows)))
            self.store.add(np.sqrt(np.einsum("ik,ik->i", moved, moved)).astype(np.float32))
        told = tuple(remark.partition(";")[0] for remark in trajectory.remarks)
        self.facts.append(
            _Facts(run.name, beginning.worst, beginning.recorded, beginning.tells_species, told)
        )


def propensity_from_runs(
    start: Configuration,
    runs: str | os.PathLike[str] | Iterable[str | os.PathLike[str] | Trajectory],
    *,
    model: str | GlassFormer | None = None,
    temperature: float | None = None,
    wave_number: float | None = None,
    progress: Callable[[str, int], None] = lambda name, done: None,
    **reading: Unpack[TrajectoryKeywords],
) -> Propensity:
    """Measure the dynamic propensity from trajectories that begin at one snapshot, made by any program.

    The result is what `propensity` gives for its own runs. Runs are read one after the other, in memory that does not
    grow with their number. A time δt counts if half of the runs, and two at least, have a frame there (times that agree
    to 1e-6 are the same); how many have is in ``about["runs_at_times"]``, and the halves are those of the runs that
    have. δt counts from the first frame, which has to be the start: every particle within 0.01 (V/N)^(1/3), whole boxes
    and a translation of the whole aside. A run that begins later, because a frame at time 0 is missing, is taken if
    its times are above 0 and its particles are still in their cages (0.2 (V/N)^(1/3), root mean square); its times
    count as they are then, and ``about["remarks"]`` says so.

    Parameters
    ----------
    start : Configuration
        N particles, where all runs began; lengths are in its unit. Particles are those of the runs by the column
        ``id`` where both have one, by increasing id where only the runs have, else row by row. Masses are those of a
        column ``mass``, else of the model, else equal.
    runs : path, pattern, or iterable of paths, patterns and trajectories
        At least two. Patterns as ``run_*/traj.gsd`` are expanded and sorted by the numbers in the names.
        Trajectories may come from a generator, which is asked for one after the other.
    model : str or GlassFormer, optional
        If the snapshot has to be one of it; it gives diameters, masses and the wave number.
    temperature : float, optional
        Kept with the result.
    wave_number : float, optional
        q of `Propensity.self_scattering`, in the inverse unit of length; by default that of the model, else the first
        peak of the structure factor of the start.
    progress : callable, optional
        Told the name of each run, and how many were read before.
    **reading
        How files are read, as for `read_trajectory`: `timestep`, `interval`, `unwrap`, `long_steps`, `box`, ...

    Returns
    -------
    Propensity

    Raises
    ------
    FileError
        If a file is missing or cannot be read, or a pattern matches nothing.
    InputError
        If a run does not begin at the start (other positions, particles, box or species), its particles cannot be
        followed, two runs are one, or fewer than two have common times.

    References
    ----------
    Widmer-Cooper, Harrowell, Fynewever, Phys. Rev. Lett. 93, 135701 (2004), doi:10.1103/PhysRevLett.93.135701.
    """
    if not isinstance(start, Configuration):
        raise InputError(f"start: expected a Configuration, as vt.read gives it, got {type(start).__name__}")
    former = None if model is None else glass_former(model)
    taken = start if former is None else as_model(start, former)
    q = None if wave_number is None else positive("wave_number", wave_number)
    if q is None:
        q = usual_wave_number(taken) if former is None else former.wave_number
    gathered = _Gathered(taken, _masses(taken, former))
    for run in _each(runs, reading, progress):
        gathered.add(run)
    facts = gathered.facts
    if len(facts) < 2:
        raise InputError(f"runs: at least two are needed, there {'is one' if facts else 'are none'}")
    kept, left_out = _common_times(gathered.rows, len(facts))
    if not kept:
        raise InputError(
            f"runs: there is no time after the beginning at which {_enough(len(facts))} of {len(facts)} have a frame; "
            f"let all of them write frames at the same times"
        )
    distances = gathered.store.array()
    off = max((one.worst for one in facts if one.recorded), default=0.0)
    _refuse_equal(distances, kept, [one.name for one in facts], off)
    found = []
    for group in kept:
        sums = DistanceSums(len(group), (len(taken),), q)
        for row in group:
            sums.add(take(distances, row.place))
        found.append(sums.means())
    mean, halves, spread, squared, scattering = (
        None if values[0] is None else np.array(values) for values in zip(*found, strict=True)
    )
    assert mean is not None
    assert halves is not None
    about: dict[str, Json] = {
        **({} if former is None else model_record(former)),
        **({} if temperature is None else {"temperature": temperature}),
        **({"packing_fraction": packing_fraction(taken)} if former is not None and former.is_hard else {}),
        "source": start.source,
        "from_runs": [one.name for one in facts],
        "runs_at_times": [len(group) for group in kept],
        "off_at_start": off,
        "wave_number": q,
        "remarks": list(_remarks(facts, kept, left_out)),
        "vitreous": version("vitreous"),
        "numpy": np.__version__,
    }
    snapshot = Configuration(
        taken.box.wrap(taken.positions)[0], taken.box, taken.species, taken.diameters, source=taken.source
    )
    times = np.array([group[0].time for group in kept])
    return Propensity(
        snapshot, times, mean, np.moveaxis(halves, 1, 0), spread, squared, scattering, len(facts), about
    )


def _masses(start: Configuration, former: GlassFormer | None) -> NDArray[np.float64] | None:
    column = start.columns.get("mass")
    if column is not None and column.ndim == 1 and column.dtype.kind in "iuf":
        return None if (column == column[0]).all() else column.astype(np.float64)
    return None if former is None or former.has_equal_masses else former.masses_of(start.species)


def _each(runs: Any, reading: TrajectoryKeywords, progress: Callable[[str, int], None]) -> Iterator[Run]:
    """The runs, read one after the other; paths are all looked for before the first is read."""
    if isinstance(runs, str | os.PathLike):
        runs = [runs]
    elif isinstance(runs, Trajectory):
        raise InputError("runs: expected several trajectories, got one")
    if isinstance(runs, Sequence) and all(isinstance(one, str | os.PathLike) for one in runs):
        runs = find_runs(runs)
    done = 0
    for one in runs:
        if isinstance(one, Trajectory):
            name = f"run {done}" if one.source is None else f"run {done} ({one.source})"
            progress(name, done)
            one.require_followed("propensity")
            yield Run(name, one)
            done += 1
        elif isinstance(one, str | os.PathLike):
            for path in find_runs([one]):
                progress(str(path), done)
                yield read_run(path, reading)
                done += 1
        else:
            raise InputError(f"runs: expected paths, patterns or trajectories, got {type(one).__name__}")


def _enough(runs: int) -> int:
    """How many runs have to have a time."""
    return max(2, (runs + 1) // 2)


def _common_times(rows: Sequence[_Row], runs: int) -> tuple[list[list[_Row]], int]:
    """The rows at each time that counts, in the order of the runs; and how many times do not."""
    groups: list[list[_Row]] = []
    for row in sorted(rows):
        if groups and row.time <= groups[-1][0].time * (1.0 + _SAME_TIME):
            groups[-1].append(row)
        else:
            groups.append([row])
    kept = []
    for group in groups:
        of_run: dict[int, _Row] = {}
        for row in group:
            of_run.setdefault(row.run, row)
        if len(of_run) >= _enough(runs):
            kept.append([of_run[run] for run in sorted(of_run)])
    return kept, len(groups) - len(kept)


def _refuse_equal(
    distances: NDArray[np.float32], kept: Sequence[list[_Row]], names: Sequence[str], off: float
) -> None:
    """Refuse runs that had the same velocities, as soon as particles have gone farther than positions are rounded."""
    sample = np.unique(np.linspace(0, distances.shape[1] - 1, _SAMPLE).astype(np.int64))
    for group in kept:
        moved = np.array([take(distances, row.place)[sample] for row in group], dtype=np.float64)
        typical = moved.mean(axis=1)
        if typical.min() > _BEYOND_ROUNDING * off:
            break
    for k in range(1, len(moved)):
        different = np.abs(moved[:k] - moved[k]).mean(axis=1)
        same = int(different.argmin())
        if different[same] <= _SAME_RUN * typical[k]:
            raise InputError(
                f"{names[group[k].run]}: is the same run as {names[group[same].run]}: the particles go the same ways "
                f"(at δt = {group[0].time:g}); runs need velocities of their own, so give each another seed, or leave "
                f"one out"
            )


def _remarks(facts: Sequence[_Facts], kept: Sequence[list[_Row]], left_out: int) -> Iterator[str]:
    """What has to be told with the result."""
    total = len(facts)
    if numbers := missing_numbers([one.name for one in facts]):
        some = ", ".join(map(str, numbers[:8])) + (" and more" if len(numbers) > 8 else "")
        yield f"by the names of the {total} runs {len(numbers)} may be missing: {some}"
    if late := [one for one in facts if not one.recorded]:
        yield (
            f"{_some(late, total)} no frame at time 0; that they begin at the start was taken for granted (no "
            f"particle is farther away than {max(one.worst for one in late):.3g} in their first frames)"
        )
    if silent := [one for one in facts if not one.tells_species]:
        yield f"{_some(silent, total)} no species; they were taken from the start"
    rarest = min(kept, key=len)
    if len(rarest) < total:
        yield f"not all of the {total} runs have all times; the fewest, {len(rarest)}, have δt = {rarest[0].time:g}"
    if left_out:
        yield f"{left_out} times were left out, which fewer than {_enough(total)} of the {total} runs have"
    for remark, count in Counter(remark for one in facts for remark in one.remarks).items():
        yield f"{'all runs' if count == total else f'{count} of {total} runs'}: {remark}"


def _some(facts: Sequence[_Facts], total: int) -> str:
    """Who has something, or has not."""
    if len(facts) == total:
        return "the runs have"
    others = f" and {len(facts) - 1} other runs have" if len(facts) > 1 else " has"
    return f"{facts[0].name}{others}"
