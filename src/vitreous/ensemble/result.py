"""Dynamic propensity: how far a particle goes on average, from where it is, over all velocities it might have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.dynamics.relaxation import RelaxationTime, relaxation_time
from vitreous.dynamics.spatial_error import spatial_standard_error
from vitreous.errors import FileError, InputError
from vitreous.io import atomic_path, read
from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.io.registry import read_frames
from vitreous.records import Json

if TYPE_CHECKING:
    from vitreous.io.keywords import FileKeywords

__all__ = ["Propensity"]

# Names of the per-particle columns of a file, one frame for each δt.
_MEAN, _HALVES = "propensity", ("propensity_half1", "propensity_half2")
_SPREAD, _SQUARED, _SCATTERING = "propensity_spread", "squared_displacement", "self_scattering"


@dataclass(frozen=True, eq=False)
class Propensity:
    r"""Dynamic propensity of every particle of a snapshot, over an isoconfigurational ensemble.

    .. math:: D_i(\delta t) = \bigl\langle |\Delta\mathbf r_i(\delta t)| \bigr\rangle

    the mean going over runs from the same positions with different velocities, the drift of the whole removed.
    Lengths and times are in the unit of the snapshot. What is not known of propensities made by others is None.

    Attributes
    ----------
    snapshot : Configuration
        Where the runs began; N particles.
    times : (T,) float64
        δt; NaN where a file does not tell it.
    mean : (T, N) float64
        D_i(δt).
    halves : (2, T, N) float64, or None
        The same over the first and over the second half of the runs.
    spread : (T, N) float64, or None
        Standard deviation of the distance over the runs.
    mean_squared : (T, N) float64, or None
        Mean squared distance over the runs.
    self_scattering : (T, N) float64, or None
        Mean of sin(q r_i)/(q r_i) over the runs at `wave_number`; its mean over particles is F_s(q, δt).
    runs : int or None
    about : mapping
        Parameters, seeds, versions.

    References
    ----------
    Widmer-Cooper, Harrowell, Fynewever, Phys. Rev. Lett. 93, 135701 (2004), doi:10.1103/PhysRevLett.93.135701.
    """

    snapshot: Configuration
    times: NDArray[np.float64]
    mean: NDArray[np.float64]
    halves: NDArray[np.float64] | None = None
    spread: NDArray[np.float64] | None = None
    mean_squared: NDArray[np.float64] | None = None
    self_scattering: NDArray[np.float64] | None = None
    runs: int | None = None
    about: Mapping[str, Json] = field(default_factory=dict)

    @property
    def wave_number(self) -> float | None:
        """The q of `self_scattering`, in the inverse unit of length."""
        q = self.about.get("wave_number")
        return float(q) if isinstance(q, int | float) else None

    @property
    def tau_1e(self) -> RelaxationTime:
        """Time at which F_s of all particles falls to 1/e in these runs; without a value where F_s is not known."""
        if self.self_scattering is None:
            return RelaxationTime(np.nan, np.nan, "F_s is not known")
        error = spatial_standard_error(self.self_scattering, self.snapshot)
        return relaxation_time(self.times, self.self_scattering.mean(axis=1), error)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a GSD file: one frame for each δt, the snapshot with the quantities as columns.

        Raises
        ------
        FileError
        """
        if Path(path).suffix.lower() != ".gsd":
            raise InputError(f"{path}: propensities are written to .gsd")
        with atomic_path(path) as temporary:
            file = TrajectoryFile(temporary)
            for k, time in enumerate(self.times):
                columns = {_MEAN: self.mean[k]}
                if self.halves is not None:
                    columns |= {name: self.halves[h, k] for h, name in enumerate(_HALVES)}
                for name, values in (
                    (_SPREAD, self.spread),
                    (_SQUARED, self.mean_squared),
                    (_SCATTERING, self.self_scattering),
                ):
                    if values is not None:
                        columns[name] = values[k]
                frame = self.snapshot._replace(
                    time=None if np.isnan(time) else float(time),
                    step=None,
                    columns=columns,
                    metadata={"propensity": {**self.about, "runs": self.runs}},
                )
                file.append(frame)

    @staticmethod
    def load(
        path: str | os.PathLike[str], column: str = _MEAN, **reading: Unpack[FileKeywords]
    ) -> Propensity:
        """Read propensities: those that `save` wrote, or the columns of any readable file, made by others.

        Parameters
        ----------
        path : path
        column : str
            Of the propensity. Columns ``<column>_half1`` and ``<column>_half2`` are taken for those of half the
            runs.
        **reading
            As for `vitreous.read`.

        Raises
        ------
        FileError
            If there is no such column.
        """
        frames = _frames(path, reading)
        values = [frame.columns.get(column) for frame in frames]
        for frame, found in zip(frames, values, strict=True):
            if found is None or found.ndim != 1 or found.dtype.kind not in "fiu":
                known = ", ".join(frame.columns) or "none"
                raise FileError(f"{path}: has no column {column!r} of numbers; its columns are {known}")
        first = frames[0]
        ours = "propensity" in first.metadata  # the time of a snapshot by others is its own, no δt

        def stack(name: str) -> NDArray[np.float64] | None:
            if any(name not in frame.columns for frame in frames):
                return None
            return np.array([frame.columns[name] for frame in frames], dtype=np.float64)

        halves = [stack(f"{column}_half{k}") for k in (1, 2)]
        told: Any = first.metadata.get("propensity") or {}
        about = dict(told)
        runs = about.pop("runs", first.metadata.get("runs"))
        return Propensity(
            first._replace(columns={}, metadata={}, time=None, source=str(path)),
            np.array([frame.time if ours and frame.time is not None else np.nan for frame in frames]),
            np.array(values, dtype=np.float64),
            None if any(half is None for half in halves) else np.array(halves),
            stack(_SPREAD),
            stack(_SQUARED),
            stack(_SCATTERING),
            int(runs) if isinstance(runs, int | float) else None,
            about,
        )


def _frames(path: str | os.PathLike[str], reading: FileKeywords) -> list[Configuration]:
    first = read(path, frame=0, **reading)
    if "propensity" not in first.metadata:
        return [read(path, **reading)]
    return list(read_frames(path, **reading))
