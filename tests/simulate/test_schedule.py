from __future__ import annotations

import numpy as np
import pytest

import vitreous as vt
from vitreous.simulate.schedule import output_times


def test_log_times_have_a_constant_ratio_and_exact_ends():
    times = vt.log_times(0.1, 1000, 41)
    assert times[0] == 0.1
    assert times[-1] == 1000
    np.testing.assert_allclose(times[1:] / times[:-1], 10**0.1, rtol=1e-12)


def test_linear_times_may_begin_at_zero():
    np.testing.assert_array_equal(vt.linear_times(0, 2, 5), [0, 0.5, 1, 1.5, 2])


@pytest.mark.parametrize(
    ("make", "arguments", "saying"),
    [
        (vt.log_times, (0, 10, 5), "0 < first < last"),
        (vt.log_times, (1, 1, 5), "first 1 and last 1"),
        (vt.log_times, (1, np.inf, 5), "0 < first"),
        (vt.log_times, (1, 10, 1), "at least 2"),
        (vt.log_times, (1, 10, 2.5), "at least 2"),
        (vt.linear_times, (-1, 10, 5), "0 <= first < last"),
        (vt.linear_times, (3, np.nan, 5), "0 <= first < last"),
        (output_times, ([1, 3, 2],), "2 follows 3"),
        (output_times, ([1, 1],), "1 follows 1"),
        (output_times, ([-1, 1],), "not negative"),
        (output_times, ([np.nan],), "finite"),
        (output_times, ([],), "at least one"),
        (output_times, ([[1, 2]],), "shape"),
        (output_times, (["soon"],), "numbers"),
    ],
)
def test_wrong_times_are_refused_in_words(make, arguments, saying):
    with pytest.raises(vt.InputError, match=saying):
        make(*arguments)
