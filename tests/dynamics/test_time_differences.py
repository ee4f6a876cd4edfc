from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitreous.dynamics._time_differences import time_differences
from vitreous.errors import InputError


@st.composite
def schedules(draw):
    """Increasing times: linear, logarithmic, in blocks, or anything."""
    n = draw(st.integers(2, 40))
    kind = draw(st.sampled_from(["linear", "log", "blocks", "any"]))
    if kind == "linear":
        times = 3.0 + 0.7 * np.arange(n)
    elif kind == "log":
        times = np.concatenate([[0.0], np.geomspace(0.01, 50.0, n)])
    elif kind == "blocks":
        times = np.add.outer(10.0 * np.arange(4), np.geomspace(0.1, 8.0, 5)).ravel()
    else:
        times = np.cumsum(np.random.default_rng(draw(st.integers(0, 2**32 - 1))).random(n) + 1e-3)
    return times * draw(st.sampled_from([1e-6, 1.0, 1e4]))


@given(schedules())
def test_pairs_are_as_far_apart_as_they_should(times):
    found = time_differences(times)
    values = [difference.value for difference in found]
    assert len(found) >= 1
    assert (np.diff(values) > 0).all()
    for difference in found:
        apart = times[difference.later] - times[difference.earlier]
        assert (difference.earlier < difference.later).all()
        assert apart.max() <= 1.0101 * apart.min()
        assert apart.mean() == pytest.approx(difference.value, rel=1e-12)
        # All pairs within the window are there, none twice.
        all_apart = times[None] - times[:, None]
        inside = (all_apart >= apart.min() * (1 - 1e-12)) & (all_apart <= apart.min() * 1.01)
        assert difference.origins == len(set(zip(difference.earlier, difference.later, strict=True)))
        if inside.sum() <= 128:
            assert difference.origins == inside.sum()


def test_equal_distances_give_their_multiples():
    found = time_differences(0.5 * np.arange(101))
    multiples = [difference.value / 0.5 for difference in found]
    np.testing.assert_allclose(multiples, np.rint(multiples), rtol=1e-9)
    assert multiples[:5] == pytest.approx([1, 2, 3, 4, 5])
    assert [difference.origins for difference in found][:5] == [100, 99, 98, 97, 96]
    assert 20 < len(found) < 35


def test_logarithmic_times_after_one_origin():
    times = np.concatenate([[0.0], np.geomspace(0.01, 100.0, 41)])
    found = time_differences(times)
    for wanted in times[1:]:
        nearest = min(found, key=lambda difference: abs(np.log(difference.value / wanted)))
        assert nearest.value == pytest.approx(wanted, rel=0.12)
    last = found[-1]
    assert last.earlier[0] == 0
    assert last.later[-1] == 41


def test_origins_are_spread_and_limited():
    times = np.arange(2000.0)
    first = time_differences(times)[0]
    assert first.origins == 128
    assert (first.earlier[0], first.earlier[-1]) == (0, 1998)
    # A burst of frames at the beginning has more pairs, but they say less than few pairs over all of it.
    burst = np.concatenate(
        [np.arange(0.0, 6.0, 0.1), np.add.outer(100.0 * np.arange(1, 9), [0, 1.05]).ravel()]
    )
    near = min(time_differences(burst), key=lambda difference: abs(difference.value - 1.05))
    assert near.later.max() > 70


def test_what_is_seen_only_in_a_small_part_gives_way():
    """Many frames at the beginning, then few: differences that the few do not have stand for the beginning only."""
    times = np.concatenate([np.arange(0.0, 12.0, 0.1), np.arange(16.0, 401.0, 8.0)])
    values = np.array([difference.value for difference in time_differences(times)])
    near = values[(values > 8.5 / 10**0.15) & (values < 7.5 * 10**0.15)]
    np.testing.assert_allclose(near, 8.0, rtol=0.01)
    assert ((values > 1.0) & (values < 5.0)).sum() > 5  # where there is nothing better they stay


def test_refused():
    for times in ([1.0], [1.0, 1.0], [2.0, 1.0], [0.0, np.nan]):
        with pytest.raises(InputError, match="expected at least two, finite and increasing"):
            time_differences(times)
