"""The one loop that hands work out, with workers that are made up: they end, fail and die as told."""

from __future__ import annotations

import pytest
from distributed.client import FutureCancelledError

from vitreous.ensemble.dispatch import Dispatcher, Work
from vitreous.errors import VitreousError


class Future:
    def __init__(self, outcome):
        self._outcome = outcome

    def exception(self, timeout):
        return self._outcome if isinstance(self._outcome, Exception) else None

    def result(self, timeout):
        if self._outcome == "gone":
            raise FutureCancelledError("key", "lost")
        return self._outcome


class Workers:
    """Two threads; what is submitted is called when its turn comes."""

    def __init__(self):
        self.client, self.calls, self.cancelled, self.most = self, [], [], 0

    def nthreads(self):
        return {"one": 1, "two": 1}

    def submit(self, call, *arguments, key, pure):
        self.calls.append((key, *arguments))
        try:
            return Future(call(*arguments))
        except Exception as error:
            return Future(error)

    def cancel(self, futures, force):
        self.cancelled += futures

    def restart_dead(self):
        pass


class Watcher:
    def __init__(self):
        self.told = []

    def ended(self, work, runs, seconds):
        self.told.append(("ended", work.key, tuple(runs)))

    def failed(self, work, error):
        self.told.append(("failed", work.key, str(error)))

    def lost(self, work, runs):
        self.told.append(("lost", work.key, tuple(runs)))

    def look(self):
        pass


@pytest.fixture
def dispatched(monkeypatch):
    """Carries work out; returns the calls, and what the watcher was told."""
    monkeypatch.setattr(Dispatcher, "_ended", lambda self: list(self._running))

    def of(*several):
        workers, watcher = Workers(), Watcher()
        dispatcher = Dispatcher(workers, watcher)
        for work in several:
            dispatcher.add(work)
        dispatcher.carry_out()
        return workers.calls, watcher.told

    return of


def test_urgent_work_is_first_and_short_runs_go_several_at_a_time(dispatched):
    calls, told = dispatched(
        Work("late", lambda: None, ()),
        Work("runs", lambda folder, numbers: 0.01 * len(numbers), ("here",), list(range(40)), urgency=2.0),
        Work("soon", lambda: None, (), urgency=1.0),
    )
    handed = [
        numbers for key, *arguments in calls if key.startswith("vitreous-runs") for numbers in arguments[1:]
    ]
    assert sorted(number for numbers in handed for number in numbers) == list(range(40))
    assert [len(numbers) for numbers in handed][:4] == [1, 1, 1, 1]  # how long they take is not known yet
    assert max(map(len, handed)) > 4
    assert len(handed[-1]) == 1  # no worker is left with the last ones
    alone = [key for key, *_ in calls if not key.startswith("vitreous-runs")]
    assert [key.split("-")[1] for key in alone] == ["soon", "late"]
    assert len({key for key, *_ in calls}) == len(calls)
    assert [one for one in told if one[0] != "ended"] == []


def test_of_a_lost_call_just_the_runs_without_result_are_repeated(dispatched):
    there, died = set(), []

    def call(numbers):
        for number in numbers:
            if number == 3 and not died:
                died.append(number)
                raise FutureCancelledError("key", "lost")
            assert number not in there
            there.add(number)
        return 0.1

    work = Work("runs", call, (), list(range(40)), lambda some: [one for one in some if one not in there])
    work.duration = 0.05  # so that several go together
    _, told = dispatched(work)
    assert there == set(range(40))
    ended = [number for what, _, runs in told if what == "ended" for number in runs]
    assert sorted(ended) == list(range(40))
    assert [one for one in told if one[0] == "lost"] == [("lost", "runs", tuple(range(3, 10)))]


def test_a_worker_that_dies_with_the_result_in_its_memory_has_left_the_files(dispatched):
    called = []

    def call(numbers):
        called.extend(numbers)
        return "gone"

    def missing(some):  # the file of run 2 is whole only the second time
        return [number for number in some if number == 2 and called.count(2) < 2]

    _, told = dispatched(Work("runs", call, (), list(range(4)), missing))
    assert sorted(called) == [0, 1, 2, 2, 3]
    assert sorted(one for what, _, runs in told if what == "ended" for one in runs) == [0, 1, 2, 3]
    assert [one for one in told if one[0] == "lost"] == [("lost", "runs", (2,))]


@pytest.mark.parametrize("runs", [None, [7]])
def test_what_kills_every_worker_fails_and_the_rest_goes_on(dispatched, runs):
    def dies(*_):
        raise FutureCancelledError("key", "lost")

    calls, told = dispatched(Work("bad", dies, (), runs), Work("good", lambda: None, ()))
    assert sum(key.startswith("vitreous-bad") for key, *_ in calls) == 5
    what = "run 7: " if runs else ""
    assert ("failed", "bad", f"{what}its worker died 5 times; is there too little memory?") in told
    assert ("ended", "good", ()) in told


def test_what_raises_is_given_up_with_its_runs(dispatched):
    def raises(numbers):
        raise ValueError("no") if numbers[0] == 0 else VitreousError("never told")

    calls, told = dispatched(Work("bad", raises, (), list(range(20))))
    assert told == [("failed", "bad", "run 0: ValueError: no")]
    assert len(calls) < 20
