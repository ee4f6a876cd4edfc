"""Whether a run begins at the start, and which particle of the run is which of the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.ensemble.run_files import Run
from vitreous.errors import InputError
from vitreous.frame_store import take
from vitreous.trajectory import same_box

__all__ = ["TOLERANCE", "Beginning", "beginning_of"]

Array = NDArray[np.float64]

TOLERANCE = 0.01
"""How far a particle may be off at the beginning of a run, in units of (V/N)^(1/3). A choice: two decimals in units
of a diameter pass, and one time step of thermal motion does not (the fastest of a thousand particles goes 0.02)."""

# A run without a frame at its very beginning: so far may the particles have gone on average (root mean square) in the
# first frame that it has, in the same unit. Particles of a liquid stay in cages of this size; those of another snapshot
# are farther apart. A choice.
_IN_CAGES = 0.2
_UNNAMED = "A"  # the species of all particles of a file that tells none


@dataclass(frozen=True, eq=False)
class Beginning:
    """How a run relates to its start.

    Attributes
    ----------
    order : (N,) int64
        The row of the run that each particle of the start is.
    reference : (N, 3) float64
        Where the particles of the start are in the run's unwrapped coordinates, in the order of the start.
    worst : float
        How far the first frame is off the start at most, but for a translation of the whole.
    recorded : bool
        Whether the first frame is the start; else it is later.
    tells_species : bool
    """

    order: NDArray[np.int64]
    reference: Array
    worst: float
    recorded: bool
    tells_species: bool


def beginning_of(run: Run, start: Configuration) -> Beginning:
    """Find the particles of the start in a run; InputError if particles, box, species or positions are others.

    Ids tell which particle is which where both have them; where only the run does, its particles are those of the start
    by increasing id; else rows are what they are.
    """
    trajectory, name = run.trajectory, run.name
    n = len(start)
    if trajectory.n_particles != n:
        raise InputError(f"{name}: it has {trajectory.n_particles} particles, the start has {n}")
    if not same_box(trajectory.box, start.box):
        raise InputError(
            f"{name}: its box is {_box_text(trajectory.box)}, that of the start is {_box_text(start.box)}; runs have "
            f"to begin in the box of the start and to keep it"
        )
    order = _order(run, start)
    tells_species = _check_species(run, start, order)
    first = take(trajectory.positions, 0)[order]
    off = _off(first, start)
    lengths = np.sqrt(np.einsum("ik,ik->i", off, off))
    worst = float(lengths.max())
    spacing = (start.box.volume / n) ** (1.0 / 3.0)
    recorded = worst <= TOLERANCE * spacing
    if not recorded:
        _check_near(run, start, lengths, spacing)
    return Beginning(order, first - off, worst, recorded, tells_species)


def _order(run: Run, start: Configuration) -> NDArray[np.int64]:
    ids = start.columns.get("id")
    if run.ids is None or ids is None or ids.dtype.kind not in "iu" or ids.ndim != 1:
        return np.arange(len(start), dtype=np.int64)
    known = np.isin(ids, run.ids)
    if not known.all():
        raise InputError(
            f"{run.name}: it has no particle with the id {ids[int(np.argmin(known))]}, the start has"
        )
    return np.searchsorted(run.ids, ids).astype(np.int64)


def _check_species(run: Run, start: Configuration, order: NDArray[np.int64]) -> bool:
    """Other names for the same species are no fault; whether the run tells any."""
    trajectory = run.trajectory
    names, ours = trajectory.species_names, start.species_names
    if names == (_UNNAMED,) and len(ours) > 1:
        return False
    mine, its = start.species_index, trajectory.species_index[order]
    pairs = np.unique(np.stack([mine, its]), axis=1)
    renamed = set(names).isdisjoint(ours)
    if pairs.shape[1] == len(ours) == len(names) and (
        renamed or all(ours[a] == names[b] for a, b in pairs.T)
    ):
        return True
    if renamed and _is_told_by_size(start, its):
        return True
    if renamed:  # the first particle that does not follow the names of those before
        named: dict[int, int] = {}
        wrong = next(
            k
            for k, (a, b) in enumerate(zip(mine.tolist(), its.tolist(), strict=True))
            if named.setdefault(a, b) != b or sum(other == b for other in named.values()) > 1
        )
    else:
        wrong = int(np.argmax(np.array(ours)[mine] != np.array(names)[its]))
    raise InputError(
        f"{run.name}: its species are not those of the start: particle {wrong} is {names[its[wrong]]} in the run and "
        f"{ours[mine[wrong]]} in the start"
    )


def _is_told_by_size(start: Configuration, kinds: NDArray[np.int64]) -> bool:
    """Whether the kinds of a run are the sizes of the start: programs without diameters have a kind for each."""
    if start.diameters is None:
        return False
    _, sizes = np.unique(np.stack([start.species_index, start.diameters]), axis=1, return_inverse=True)
    pairs = np.unique(np.stack([sizes.ravel(), kinds]), axis=1)
    return bool(pairs.shape[1] == len(np.unique(sizes)) == len(np.unique(kinds)))


def _off(positions: Array, start: Configuration) -> Array:
    """(N, 3) by how much positions differ from the start, but for whole boxes and a translation of all particles."""
    box = start.box
    moved = positions - start.positions
    moved -= moved[0]
    fractional = moved @ np.linalg.inv(box.vectors)
    moved -= (np.rint(fractional) * np.array(box.periodic)) @ box.vectors
    return np.asarray(moved - moved.mean(axis=0))


def _check_near(run: Run, start: Configuration, lengths: Array, spacing: float) -> None:
    """Let a run pass of which the frame at time 0 is missing; refuse all others."""
    typical = float(np.sqrt((lengths**2).mean()))
    worst = int(lengths.argmax())
    time = float(run.trajectory.times[0])
    if time > 0.0 and typical <= _IN_CAGES * spacing:
        return
    where = (
        f"particle {worst} of the start is {lengths[worst]:.3g} off in its first frame, at time {time:g} (root mean "
        f"square of all: {typical:.3g}; allowed are {TOLERANCE * spacing:.2g})"
    )
    if _same_in_other_order(take(run.trajectory.positions, 0), start, spacing):
        raise InputError(
            f"{run.name}: its particles are in another order than those of the start; {where}; both files need ids "
            f"(LAMMPS: dump the column id)"
        )
    late = "" if time <= 0.0 else "; a frame at time 0 is missing, and this one is no longer near the start"
    raise InputError(f"{run.name}: does not begin at the start: {where}{late}")


def _same_in_other_order(positions: Array, start: Configuration, spacing: float) -> bool:
    """Whether every particle of the start is at the place of one of the run, in the coordinates as they are."""
    box = start.box
    if not (box.is_orthorhombic and all(box.periodic)):
        return False
    from scipy.spatial import KDTree

    its, ours = (np.mod(x - box.origin, box.lengths) % box.lengths for x in (positions, start.positions))
    distance, found = KDTree(its, boxsize=box.lengths).query(ours)
    return bool((distance <= TOLERANCE * spacing).all()) and len(np.unique(found)) == len(ours)


def _box_text(box: Box) -> str:
    shape = box.lengths if box.is_orthorhombic else box.vectors
    axes = "".join(axis for axis, on in zip("xyz", box.periodic, strict=True) if on)
    return f"{np.round(shape, 6).tolist()}{'' if axes == 'xyz' else f', periodic along {axes or None}'}"
