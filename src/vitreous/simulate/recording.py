"""Write what an engine does into a trajectory, so that a run that was stopped goes on where its file ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from vitreous.io.gsd_trajectory import TrajectoryFile
from vitreous.simulate.engine import Engine, Sample

__all__ = ["record_frame"]


def record_frame(
    engine: Engine,
    trajectory: TrajectoryFile,
    sample: Sample | None,
    metadata: Mapping[str, Any],
    *,
    light: bool = False,
) -> None:
    """Add the present to a trajectory.

    Parameters
    ----------
    engine : Engine
        Rebased, unless `light`.
    trajectory : TrajectoryFile
    sample : Sample, optional
        What was measured since the frame before; the frame's metadata tell it under "measured".
    metadata : mapping
        What else to say.
    light : bool
        Only to be looked at, see `TrajectoryFile`.
    """
    measured = {} if sample is None else {"measured": asdict(sample)}
    frame = replace(engine.frame(), metadata={**metadata, **measured})
    trajectory.append(frame, None if light else engine.state(), light=light)
