from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitreous.errors import InputError
from vitreous.simulate.stage import DENSE, INTERVALS, Stage, stage_times


def at(times, /, **changes):
    t = len(times)
    given = {
        "times": times,
        "positions": np.zeros((t, 4, 3)),
        "pressure": np.ones(t),
        "temperature": np.ones(t),
    }
    return Stage(**{**given, **changes})


@given(st.floats(0, 1e5), st.floats(0.1, 1e5), st.floats(1e-3, 1))
def test_times(begin, duration, share):
    times = stage_times(begin, duration, share * duration / 64)
    assert times[0] == begin
    assert times[-1] == begin + duration
    if duration > 1e-3 * begin:
        assert (np.diff(times) > 0).all()
        assert np.diff(times).min() > 0.3 * share * duration / 64
        found = at(times)
        np.testing.assert_allclose(
            times[found.regular], begin + duration * np.arange(INTERVALS + 1) / INTERVALS, rtol=1e-12
        )


def test_dense_frames_are_logarithmic():
    times = stage_times(100.0, 64.0, 1e-2)
    found = at(times)
    for k in DENSE:
        lags = times[found.after(k)] - times[found.regular[k]]
        np.testing.assert_allclose(lags, 10.0 ** (-np.arange(10, 0, -1) / 5), rtol=1e-9)
    assert len(found.after(1)) == 0
    assert len(times) == 65 + 8 * 10


@pytest.mark.parametrize("step", [0.002, 0.005])
def test_times_rounded_to_steps(step):
    times = np.round(stage_times(13.37, 37.2, 0.1) / step) * step
    found = at(times)
    assert len(found.regular) == 65
    assert found.duration == pytest.approx(37.2, abs=2 * step)


def test_means_over_regular_intervals_weigh_by_time():
    times = stage_times(0.0, 64.0, 1e-2)
    integral = times**2 / 2  # of the time itself
    series = np.concatenate([[np.nan], np.diff(integral) / np.diff(times)])
    found = at(times, pressure=series)
    np.testing.assert_allclose(found.regular_means(found.pressure), np.arange(64) + 0.5, rtol=1e-9)


GOOD = stage_times(0.0, 10.0, 0.01)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"times": GOOD[:-1]}, "expected times"),
        ({"positions": np.zeros((len(GOOD), 4))}, "expected times"),
        ({"positions": np.zeros((len(GOOD), 0, 3))}, "expected times"),
        ({"positions": np.full((len(GOOD), 4, 3), np.nan)}, "positions must be finite"),
        ({"times": GOOD[::-1]}, "times must be finite and increasing"),
        ({"times": GOOD * np.nan}, "times must be finite and increasing"),
        ({"pressure": np.ones(3)}, "pressure must have shape"),
        ({"energy": np.full(len(GOOD), np.nan)}, "energy is not finite in the interval that ended at 0.0156"),
        ({"temperature": ["warm"] * len(GOOD)}, "temperature: must be an array of numbers"),
        ({"times": np.linspace(0, 10, len(GOOD))}, "times are not those of a stage"),
        ({"times": GOOD**2}, "times are not those of a stage"),
    ],
)
def test_refused(changes, words):
    with pytest.raises(InputError, match=words):
        at(GOOD, **changes)


def test_too_few_or_uneven_times():
    with pytest.raises(InputError, match="the 40 times are not those of a stage"):
        at(GOOD[:40])
    extra = np.sort(np.append(GOOD, GOOD[0] + 0.11))
    with pytest.raises(InputError, match="next_stage gives"):
        at(extra)


def test_the_first_entry_may_be_missing():
    pressure = np.ones(len(GOOD))
    pressure[0] = np.nan
    assert at(GOOD, pressure=pressure, energy=pressure).regular_means(pressure) == pytest.approx(1.0)
