"""Ctrl-C that waits for its moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from vitreous.interrupts import held_interrupts


def press():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture(autouse=True)
def _undisturbed():
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_is_let_in_at_the_moments_named():
    passed = []

    def work():
        with held_interrupts() as let_in:
            let_in()
            press()
            passed.append(1)
            let_in()
            passed.append(2)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert passed == [1]


def test_the_end_lets_it_in():
    passed = []

    def work():
        with held_interrupts():
            with held_interrupts():
                press()
                passed.append("inside")
            passed.append("outside")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert passed == ["inside", "outside"]


def test_an_error_does_not_hide_it():
    def work():
        with held_interrupts():
            press()
            raise ValueError("of what was going on")

    with pytest.raises(KeyboardInterrupt) as caught:
        work()
    assert isinstance(caught.value.__context__, ValueError)


def test_the_second_does_not_wait():
    passed = []

    def work():
        with held_interrupts():
            press()
            passed.append(1)
            press()
            passed.append(2)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert passed == [1]


def test_whoever_listened_is_told_in_his_way():
    told = []
    signal.signal(signal.SIGINT, lambda number, frame: told.append(number))
    try:
        with held_interrupts() as let_in:
            press()
            assert told == []
            let_in()
            let_in()
            assert told == [signal.SIGINT]
        assert told == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ignored_it_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held_interrupts() as let_in:
            press()
            let_in()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_other_threads_have_nothing_to_hold():
    went_well = []

    def work():
        with held_interrupts() as let_in:
            let_in()
        went_well.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert went_well


def test_a_campaign_ends_wherever_it_strikes():
    """In the middle of taking the lock that Dask's event loop needs next, and where Python would lose it."""
    script = textwrap.dedent("""
        import signal, sys, time
        from vitreous.ensemble.dispatch import Dispatcher, Work
        from vitreous.ensemble.workers import workers_of_this_machine

        signal.signal(signal.SIGINT, signal.default_int_handler)

        class Watcher:
            def ended(self, work, runs, seconds): pass
            def look(self): pass

        def strike(place, when):
            def trace(frame, event, argument):
                if (frame.f_code.co_qualname, event) == (place, when):
                    sys.settrace(None)
                    struck.append(place)
                    signal.raise_signal(signal.SIGINT)
                return trace
            return trace

        with workers_of_this_machine(1) as workers:
            for place, when in [("Condition.__enter__", "return"), ("Future.__del__", "line"),
                                ("WeakSet.__init__.<locals>._remove", "line")]:
                struck = []
                dispatcher = Dispatcher(workers, Watcher())
                dispatcher.add(Work(place, sum, (), list(range(100_000))))
                sys.settrace(strike(place, when))
                try:
                    dispatcher.carry_out()
                except KeyboardInterrupt:
                    print(*struck)
                sys.settrace(None)
    """)
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    places = ["Condition.__enter__", "Future.__del__", "WeakSet.__init__.<locals>._remove"]
    assert (run.stdout.splitlines(), run.stderr) == (places, "")
