"""Distributions of diameters: what is drawn has the moments of the formula, by quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.integrate import quad

from vitreous.errors import InputError
from vitreous.glassformers.diameters import DiameterDistribution as Diameters


def gaussian(x):
    return np.exp(-0.5 * ((x - 1.2) / 0.12) ** 2)


def log_normal(x):
    variance = np.log1p(0.3**2)
    return np.exp(-0.5 * (np.log(x) + variance / 2) ** 2 / variance) / x


# (what is drawn, its density but for a factor, between which diameters)
CASES = [
    (Diameters("gaussian", mean=1.2, polydispersity=0.1), gaussian, (0.4, 2.0)),
    (Diameters("gaussian", mean=1.2, polydispersity=0.1, minimum=1.1, maximum=1.5), gaussian, (1.1, 1.5)),
    (Diameters("uniform", minimum=0.6, maximum=1.4), lambda x: 1.0, (0.6, 1.4)),
    (
        Diameters("uniform", mean=2.0, polydispersity=0.1),
        lambda x: 1.0,
        (2 - 0.2 * 3**0.5, 2 + 0.2 * 3**0.5),
    ),
    (Diameters("r^-3", minimum=0.73, maximum=1.62), lambda x: x**-3.0, (0.73, 1.62)),
    (Diameters("log-normal", polydispersity=0.3), log_normal, (0.1, 10.0)),
    (Diameters("log-normal", polydispersity=0.3, maximum=1.5), log_normal, (0.1, 1.5)),
]


def moment(density, ends, power):
    return quad(lambda x: density(x) * x**power, *ends, epsabs=1e-12, limit=200)[0]


@pytest.mark.parametrize(("distribution", "density", "ends"), CASES)
def test_moments_are_right_to_one_over_n(distribution, density, ends):
    all_ = moment(density, ends, 0)
    for n in (100, 1000, 10_000):
        drawn = distribution.draw(n)
        assert len(drawn) == n
        assert drawn.min() >= ends[0]
        assert drawn.max() <= ends[1]
        for power in (1, 2, 3, 6):
            expected = moment(density, ends, power) / all_
            # The rule of the midpoint misses at most half an interval of the quantiles at each end.
            widest = (distribution.quantile(1 - 1e-6) ** power - distribution.quantile(1e-6) ** power) / n
            assert abs((drawn**power).mean() - expected) < widest


@pytest.mark.parametrize(("distribution", "density", "ends"), CASES)
def test_quantiles_are_those_of_the_density(distribution, density, ends):
    all_ = moment(density, ends, 0)
    for share in (0.01, 0.3, 0.5, 0.77, 0.99):
        below = moment(density, (ends[0], float(distribution.quantile(share))), 0) / all_
        assert below == pytest.approx(share, abs=1e-8)


def test_a_seed_draws_independent_ones():
    distribution = CASES[4][0]
    first, again, other = (distribution.draw(4000, seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    error = distribution.draw(4000).std() / 4000**0.5
    assert abs(first.mean() - distribution.draw(4000).mean()) < 4 * error


def test_the_published_model_has_its_published_width():
    """Ninarello, Berthier, Coslovich: 23 % for a ratio of 0.4492 of the smallest to the largest."""
    drawn = Diameters("r^-3", minimum=0.4492, maximum=1.0).draw(10_000)
    assert drawn.std() / drawn.mean() == pytest.approx(0.23, abs=0.005)


@given(some.floats(0.01, 0.16), some.floats(0.2, 5.0), some.sampled_from(["gaussian", "log-normal"]))
def test_mean_and_width_are_what_was_asked_for(width, mean, name):
    drawn = Diameters(name, mean=mean, polydispersity=width).draw(20_000)
    assert drawn.mean() == pytest.approx(mean, rel=1e-3)
    assert drawn.std() / drawn.mean() == pytest.approx(width, rel=2e-3)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"distribution": "triangle"}, "known are gaussian, uniform"),
        ({"distribution": "gaussian"}, "needs a polydispersity"),
        ({"distribution": "gaussian", "polydispersity": 0.3}, "give a minimum"),
        ({"distribution": "gaussian", "polydispersity": -0.3}, "polydispersity: must be positive and finite"),
        ({"distribution": "gaussian", "polydispersity": 0.1, "minimum": 2.0}, "where no diameters are"),
        ({"distribution": "uniform", "polydispersity": 0.6}, "zero or negative"),
        ({"distribution": "uniform", "minimum": 1.0}, "needs minimum and maximum or a polydispersity"),
        ({"distribution": "uniform", "polydispersity": 0.1, "minimum": 1.0}, "not both"),
        ({"distribution": "r^-3", "polydispersity": 0.2}, "needs minimum and maximum"),
        ({"distribution": "r^-3", "minimum": 2.0, "maximum": 1.0}, "is not below maximum"),
        ({"distribution": "r^-3", "minimum": 0.5, "maximum": 1.0, "mean": 1.0}, "give only these"),
        ({"distribution": "log-normal", "polydispersity": float("nan")}, "must be positive"),
    ],
)
def test_what_cannot_be_is_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        Diameters(**parameters)
