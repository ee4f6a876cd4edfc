"""Let an engine run and record it, so that a run that was stopped goes on where its file ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.simulate.engine import Engine, Progress, Sample

__all__ = ["record", "record_frame"]


def record_frame(
    engine: Engine, trajectory: TrajectoryFile, sample: Sample | None, metadata: Mapping[str, Any]
) -> None:
    """Add the present to the trajectory; the engine forgets what the file does not know.

    The frame's metadata say what was measured since the frame before, under "measured".
    """
    engine.rebase()
    frame = engine.frame()
    measured = {} if sample is None else {"measured": asdict(sample)}
    trajectory.append(replace(frame, metadata={**metadata, **measured}), engine.state())


def record(
    engine: Engine,
    trajectory: TrajectoryFile,
    times: Sequence[float] | NDArray[np.float64],
    metadata: Mapping[str, Any],
    progress: Progress | None = None,
) -> None:
    """Go on to each of the times and add a frame.

    Parameters
    ----------
    engine : Engine
        Freshly recorded or restored from the last frame of the trajectory.
    trajectory : TrajectoryFile
    times : (T,) sequence of float
        Times of the engine's clock that lie ahead, increasing.
    metadata : mapping
        What to say in every frame.
    progress : callable, optional
        As in `Engine.advance`.
    """
    for time in times:
        record_frame(engine, trajectory, engine.advance(float(time), progress), metadata)
