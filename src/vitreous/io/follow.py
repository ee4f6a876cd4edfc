"""What frames need if particles are to be followed through them: names, and times that go on."""

from __future__ import annotations

import numpy as np

from vitreous.configuration import Configuration
from vitreous.errors import FileError
from vitreous.io.frame import Frame

__all__ = ["Follower"]

_SAME = 1e-6  # of the box: what two writings of one snapshot may differ by


class Follower:
    """Looks at one frame after the other; `name` is that of the file, for messages."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last: Configuration | None = None
        self._number = 0

    def accepts(self, frame: Frame, snapshot: Configuration) -> bool:
        """Whether the frame is to be used: False if it is the one before once more.

        Raises
        ------
        FileError
            If its particles cannot be told apart, its time is not known, or the times begin anew.
        """
        number, last = frame.number, self._last
        if last is not None and frame.unordered is not None:
            raise FileError(
                f"{self._name}: {frame.unordered}; so particles cannot be followed from frame to frame"
            )
        if snapshot.time is None:
            what = (
                "a step but no time; give the time of one step (command line: --timestep)"
                if snapshot.step is not None
                else "neither a time nor a step; give the time from frame to frame (command line: --interval)"
            )
            raise FileError(f"{self._name}: frame {number}: it has {what}")
        if last is not None and last.time is not None and snapshot.time <= last.time:
            if snapshot.time == last.time and self._is_last(snapshot):
                return False
            self._tell(last, snapshot, number)
        self._last, self._number = snapshot, number
        return True

    def _is_last(self, snapshot: Configuration) -> bool:
        """Whether it is the frame before, written again."""
        last = self._last
        assert last is not None
        if (
            len(last) != len(snapshot)
            or last.species_names != snapshot.species_names
            or (last.species_index != snapshot.species_index).any()
        ):
            return False
        size = float(last.box.lengths.max())
        if (np.abs(last.box.vectors - snapshot.box.vectors) > _SAME * size).any():
            return False
        places = [
            one.positions if one.images is None else one.positions + one.images @ one.box.vectors
            for one in (last, snapshot)
        ]
        return bool((np.abs(places[1] - places[0]) <= _SAME * size).all())

    def _tell(self, last: Configuration, snapshot: Configuration, number: int) -> None:
        same = snapshot.time == last.time
        step = snapshot.step is not None and snapshot.step == last.step
        if same and step and snapshot.step == 0:
            raise FileError(
                f"{self._name}: frames {self._number} and {number} are both at step 0 and differ, so the file does "
                f"not tell its times; give the time from frame to frame (command line: --interval)"
            )
        what = f"step {snapshot.step}" if step else f"time {snapshot.time:g}"
        if same:
            raise FileError(
                f"{self._name}: {what} stands twice, in frames {self._number} and {number}, and they differ; choose "
                f"one part (command line: --frames :{number} or --frames {number}:)"
            )
        steps = ""
        if snapshot.step is not None and last.step is not None and snapshot.step < last.step:
            steps = f" (step {snapshot.step} after step {last.step})"
        raise FileError(
            f"{self._name}: times must increase, but they begin anew: frame {number} at {snapshot.time:g} follows "
            f"frame {self._number} at {last.time:g}{steps}; choose one part (command line: --frames :{number} or "
            f"--frames {number}:)"
        )
