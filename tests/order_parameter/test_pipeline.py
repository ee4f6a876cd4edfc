from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from scipy.stats import spearmanr

from vitreous.errors import InputError
from vitreous.order_parameter import pipeline as module
from vitreous.order_parameter.pipeline import Pipeline
from vitreous.order_parameter.report import Report
from vitreous.records import from_json, to_json


def two_populations(n=1000, share=0.4, degrees=8, seed=0):
    """Descriptors of two kinds of environment, of which the second has the higher bond order throughout."""
    rng = np.random.default_rng(seed)
    ordered = rng.random(n) < share
    q = 0.3 + 0.02 * rng.normal(size=(n, degrees)) + 0.06 * ordered[:, None] * rng.uniform(0.8, 1.2, degrees)
    return q, ordered


def fit(q, **options):
    defaults = {"reducer": "pca", "bottleneck": 2, "members": 2, "random_state": 0}
    return Pipeline.fit(q, **{**defaults, **options}, progress=lambda message: None)


@pytest.mark.parametrize(("reducer", "share"), [("pca", 0.2), ("pca", 0.5), ("autoencoder", 0.4)])
def test_two_populations_are_recovered_and_the_ordered_one_is_red(reducer, share):
    q, ordered = two_populations(share=share)
    trained = fit(q, reducer=reducer)
    assert ((trained.probabilities(q)[:, 1] > 0.5) == ordered).mean() > 0.98
    report = trained.report
    assert report.red_weight == pytest.approx(ordered.mean(), abs=0.03)
    assert report.bic_two < report.bic_one
    assert report.stable
    assert report.remarks == ("The answer is stable.",)


def test_new_particles_are_judged_by_the_same_scale():
    q, _ = two_populations()
    fresh, ordered = two_populations(seed=9, share=0.05)
    assert ((fit(q).probabilities(fresh)[:, 1] > 0.5) == ordered).mean() > 0.98


def test_the_unit_of_a_descriptor_does_not_matter():
    q, _ = two_populations()
    scale = np.linspace(0.5, 2, 8)
    np.testing.assert_allclose(
        fit(q * scale).probabilities(q * scale), fit(q).probabilities(q), rtol=0, atol=1e-9
    )


def test_auto_takes_the_smallest_dimension_that_explains_three_quarters():
    rng = np.random.default_rng(0)
    q = (
        0.3
        + 0.02
        * rng.normal(size=(2000, 8))
        * [6, 6, 3, 3, 1, 1, 1, 1]
        @ np.linalg.qr(rng.normal(size=(8, 8)))[0]
    )
    trained = fit(q, bottleneck="auto")
    report = trained.report
    assert report.fve[report.bottleneck] >= 0.75 > report.fve[report.bottleneck - 1]
    assert trained.transform(q).shape == (2000, report.bottleneck)
    assert list(report.fve.values()) == sorted(report.fve.values())


def test_auto_goes_on_where_four_dimensions_are_not_enough():
    q = 0.3 + 0.02 * np.random.default_rng(0).normal(size=(2000, 8))
    report = fit(q, bottleneck="auto").report
    assert report.bottleneck > 4
    assert set(report.fve) == set(range(1, report.bottleneck + 1))


def test_the_variance_explained_is_tabulated():
    q, _ = two_populations()
    assert set(fit(q).report.fve) == {1, 2, 3, 4}
    assert set(fit(q, bottleneck=6).report.fve) == {1, 2, 3, 4, 6}
    assert set(fit(q[:, :2]).report.fve) == {1, 2}


def test_many_particles_are_sampled_with_the_seed(monkeypatch):
    q, ordered = two_populations()
    monkeypatch.setattr(module, "MOST_PARTICLES", 400)
    first, again, other = fit(q), fit(q), fit(q, random_state=1)
    assert first.report.training_particles == 400
    np.testing.assert_array_equal(first.mean, again.mean)
    assert (first.mean != other.mean).all()
    assert ((first.probabilities(q)[:, 1] > 0.5) == ordered).mean() > 0.98


@pytest.mark.parametrize("n", [0, 1, 99])
def test_too_few_particles(n):
    with pytest.raises(InputError, match=f"{n} particles with neighbours are too few .* at least 100"):
        fit(two_populations(n)[0])


def test_a_hundred_particles_are_enough():
    assert np.isfinite(fit(two_populations(100)[0]).report.separation)


@pytest.mark.parametrize("noise", [0, 1e-12])
def test_nothing_to_learn_from(noise):
    q = 0.3 + noise * np.random.default_rng(0).normal(size=(200, 8))
    with pytest.raises(InputError, match="as in a perfect crystal"):
        fit(q)


def test_agreements_are_rank_correlations():
    q, _ = two_populations()
    q += 0.05 * np.random.default_rng(5).normal(size=q.shape)
    network, principal = fit(q, reducer="autoencoder"), fit(q)
    expected = spearmanr(network.probabilities(q)[:, 1], principal.probabilities(q)[:, 1])[0]
    assert network.report.pca_agreement == pytest.approx(expected)
    assert -1 <= network.report.seed_agreement <= 1
    assert principal.report.seed_agreement is principal.report.pca_agreement is None


REPORT = Report(
    training_particles=1000, bottleneck=2, fve={1: 0.4, 2: 0.7}, red_weight=0.4, separation=2.0, contrast=1.0,
    bic_one=10.0, bic_two=5.0, seed_agreement=0.99, pca_agreement=0.98, mixture_agreement=0.95,
    likelihood_gain=0.001,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words", "stable"),
    [
        ({"seed_agreement": 0.89}, "NOT stable over seeds", False),
        ({"pca_agreement": 0.5}, "NOT confirmed by principal components", False),
        (
            {"mixture_agreement": 0.1, "likelihood_gain": 0.1},
            "NOT the best mixture: another one, clearly",
            False,
        ),
        ({"mixture_agreement": 0.1}, "It is not the only mixture: another one, likelier by 0.0010", True),
        ({"bic_two": 11.0}, "One Gaussian describes", True),
        ({"red_weight": 0.03}, "only 3.0 %", True),
        ({"red_weight": 0.97}, "only 3.0 %", True),
        ({"contrast": 0.1}, "weakly founded", True),
    ],
)
def test_what_a_careful_reader_should_know(change, words, stable):
    report = dataclasses.replace(REPORT, **change)
    assert any(words in remark for remark in report.remarks)
    assert report.stable is stable
    assert ("The answer is stable." in report.remarks) is stable
    assert not any(words in remark for remark in REPORT.remarks)


def test_a_report_survives_json():
    assert from_json(Report, json.loads(json.dumps(to_json(REPORT)))) == REPORT
    principal = dataclasses.replace(REPORT, seed_agreement=None, pca_agreement=None)
    assert from_json(Report, json.loads(json.dumps(to_json(principal)))) == principal
