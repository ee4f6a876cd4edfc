from __future__ import annotations

import threading

import pytest

from vitreous.parallel import map_ranges, ranges, thread_count


@pytest.mark.parametrize(("n", "length"), [(0, 5), (1, 5), (5, 5), (6, 5), (23, 4)])
def test_ranges_cover_everything_once(n, length):
    parts = ranges(n, length)
    assert [i for start, stop in parts for i in range(start, stop)] == list(range(n))
    assert all(0 < stop - start <= length for start, stop in parts)


@pytest.mark.parametrize(("said", "threads"), [("1", 1), ("7", 7)])
def test_the_environment_sets_the_threads(monkeypatch, said, threads):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", said)
    assert thread_count() == threads


@pytest.mark.parametrize("said", ["", "0", "-1", "many", "1.5"])
def test_senseless_settings_leave_the_default(monkeypatch, said):
    monkeypatch.delenv("VITREOUS_NUM_THREADS", raising=False)
    default = thread_count()
    monkeypatch.setenv("VITREOUS_NUM_THREADS", said)
    assert thread_count() == default >= 1


@pytest.mark.parametrize("threads", ["1", "4"])
def test_results_come_in_order(monkeypatch, threads):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)
    parts = ranges(100, 7)
    assert map_ranges(lambda start, stop, factor: factor * (stop - start), parts, 3) == [
        3 * (stop - start) for start, stop in parts
    ]
    assert map_ranges(lambda start, stop: 1, []) == []


def test_the_parts_run_side_by_side(monkeypatch):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", "2")
    meeting = threading.Barrier(2, timeout=30)
    assert sorted(map_ranges(lambda start, stop: meeting.wait(), ranges(2, 1))) == [0, 1]


def test_a_kernel_is_compiled_by_one_call(monkeypatch):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", "4")

    class Kernel:
        signatures = ()
        compiling = False

        def __call__(self, start, stop):
            assert self.signatures or not self.compiling
            self.compiling = True
            self.signatures = ("compiled",)
            return start

    assert map_ranges(Kernel(), ranges(8, 1)) == list(range(8))


@pytest.mark.parametrize("threads", ["1", "4"])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_errors_come_through(monkeypatch, threads, error):
    monkeypatch.setenv("VITREOUS_NUM_THREADS", threads)

    def kernel(start, stop):
        if start == 5:
            raise error("here")

    with pytest.raises(error, match="here"):
        map_ranges(kernel, ranges(9, 1))
