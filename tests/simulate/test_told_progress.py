"""What is told of a simulation that was stopped and goes on: the share of all of it, and the speed of this sitting."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from vitreous.cli.commands import simulate as command
from vitreous.glassformers import glass_former
from vitreous.simulate.plan import Plan
from vitreous.simulate.simulation import simulate
from vitreous.study.progress import Watcher


class Sitting:
    """Keeps where runs begin, end and go on from; stops the first run after some frames."""

    def __init__(self, frames=None):
        self.told, self.left = [], frames

    def stage(self, what):
        pass

    def run(self, what, engine, begin, end):
        self.told.append((what, begin, engine.time, end))

    def progress(self, time, work):
        pass

    def measured(self, sample):
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt

    def checked(self, report):
        pass


def test_a_recording_that_goes_on_is_told_from_its_first_time_on(tmp_path):
    times = np.linspace(0.0, 1.0, 11)
    plan = Plan(glass_former("hard-spheres"), 0.4, 60, seed=1, times=times, multiple=0.0)
    path = tmp_path / "liquid.gsd"
    first, second = Sitting(5), Sitting()
    with pytest.raises(KeyboardInterrupt):
        simulate(plan, path, first)
    simulate(plan, path, second)
    assert first.told == [("recording", 0.0, 0.0, 1.0)]
    ((what, begin, now, end),) = second.told
    assert (what, begin, end) == ("recording", 0.0, 1.0)
    assert now == pytest.approx(0.4)  # four frames were recorded, the fifth was not


def engine(time):
    return SimpleNamespace(time=time, work=1000, work_name="collisions")


def test_the_share_in_a_study_goes_on():
    shares = []
    watcher = Watcher(SimpleNamespace(tell=lambda what, share: shares.append((what, share))), lambda: True)
    watcher.run("recording", engine(26.0), 0.0, 100.0)
    watcher.progress(50.0, 2000)
    assert shares == [("recording", 0.26), ("recording", 0.5)]


def test_the_time_left_is_by_the_speed_of_this_sitting(tmp_path, monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(command.clock, "monotonic", lambda: now[0])
    watcher = command._Watcher(False, tmp_path / "a.gsd")
    watcher.run("recording", engine(50.0), 0.0, 100.0)
    now[0] = 20.0
    watcher.progress(60.0, 2000)  # ten time units in twenty seconds, forty to go
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("recording: time 50 to 100")
    assert said[1].endswith("time 60 of 100, 50 collisions/s, 80 s left")


def test_the_bar_goes_on(tmp_path, monkeypatch):
    watcher = command._Watcher(True, tmp_path / "a.gsd")
    begun = []
    monkeypatch.setattr(
        watcher, "begin", lambda what, total, completed, said: begun.append((what, total, completed))
    )
    watcher.run("recording", engine(26.0), 1.0, 101.0)
    assert begun == [("recording", 100.0, 25.0)]
