"""Tables of the numbers behind the figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from study.synthetic import MODELS, TIMES, TYPES, curves_of, nothing, study_results, with_fit
from vitreous.glassformers import glass_former
from vitreous.study.prediction import large_and_small, peak, shown_relaxation_time, standard_error
from vitreous.study.tables import study_tables


@pytest.fixture(scope="module", name="results")
def _results():
    return study_results(states=3, snapshots=2)


@pytest.fixture(scope="module", name="tables")
def _tables(results):
    return study_tables(results)


def rows(table, **wanted):
    """Rows as dictionaries, those in which some columns are as wanted."""
    header, lines = table
    named = [dict(zip(header, line, strict=True)) for line in lines]
    return [row for row in named if all(row[name] == value for name, value in wanted.items())]


def test_one_for_each_figure(tables):
    assert list(tables) == [
        "states", "figure-2", "figure-3", "figure-4", "topological-clusters", "bond-order", "neighbor-rules",
        "claims", "predictors", "decline", "independence", "steps",
    ]  # fmt: skip
    for name, (header, lines) in tables.items():
        assert len(set(header)) == len(header)
        assert lines or name == "decline"  # all were followed for the same time
        for line in lines:
            assert len(line) == len(header)
            assert all(type(cell) in (str, float, int) for cell in line)


def test_states(results, tables):
    found = rows(tables["states"])
    assert [row["model"] for row in found] == [name for name in MODELS for _ in range(3)]
    assert [row["deepest"] for row in found] == [1, 0, 0] * 3
    for row, state in zip(found, results.states, strict=True):
        assert row["state"] == state.state.state_point
        assert (row["verdict"], row["equilibration_in_own_tau_1e"]) == ("equilibrated", 10.5)
        assert row["equilibration_in_tau_1e"] == state.equilibrated_for > 5.0
        assert not state.too_short
        one, two = state.mean_p_red.mean(
            axis=1
        )  # by the order parameters of both snapshots of the deepest state
        assert row["mean_p_red_learning"] == pytest.approx(abs(one - two) / np.sqrt(2), rel=1e-9)
        assert (row["tau_alpha"], row["tau_alpha_error"]) == (
            state.tau_alpha.value,
            state.tau_alpha.error,
        )
        assert (row["beta"], row["beta_error"], row["tau_missing"]) == (0.6, 0.02, "")
        assert row["tau_1e"] == state.tau_1e.value
        assert row["tau_D"] == state.diffusion_time.value
        assert row["D"] == state.relaxation.motion.all.diffusion.value
        seen = (
            state.mean_p_red[0, 1:] if state.deepest else state.mean_p_red[0]
        )  # it was trained on the first
        assert row["mean_p_red"] == pytest.approx(seen.mean())
        large, _ = large_and_small(state.state.former)
        curves = state.pooled()
        best = np.argmax(curves.rho[1, curves.species.index(large)])
        assert row["delta_t_large"] == curves.times[best]
        assert row["rho_large"] == curves.rho[1, curves.species.index(large), best]
        assert row["ceiling_large"] == pytest.approx(np.sqrt(1.6 / 1.8))


def test_curves_are_means_with_standard_errors(results, tables):
    found = rows(tables["figure-2"], model="wahnstrom", field="p_red_averaged", size="large")
    both = [curves_of(results, "wahnstrom", snapshot=k).rho[1, 1] for k in range(2)]  # B is the large one
    assert [row["species"] for row in found] == ["B"] * TIMES
    assert [row["rho"] for row in found] == pytest.approx(np.mean(both, axis=0))
    assert [row["error"] for row in found] == pytest.approx(np.abs(both[0] - both[1]) / 2)
    assert [row["rho_first"] for row in found] == pytest.approx(both[0])
    assert [row["colored"] for row in found].index(1) == int(np.argmax(np.mean(both, axis=0)))
    assert sum(row["colored"] for row in found) == 1


def test_one_snapshot_has_an_interval():
    results = study_results(MODELS[:1], 1, 1)
    curves = curves_of(results, "hard-spheres")
    assert standard_error(curves) == pytest.approx(np.full(curves.rho.shape, 0.08 / 1.959964))
    row = rows(study_tables(results)["figure-4"])[0]
    assert (row["low"], row["high"]) == (curves.low[1, 0, 0], curves.high[1, 0, 0])
    assert np.isnan(rows(study_tables(results)["topological-clusters"])[0]["error"])


def test_supercooling(results, tables):
    found = rows(tables["figure-3"], model="kob-andersen", trained_on=2)
    states = results.of(glass_former("kob-andersen"))
    assert [row["mean_p_red"] for row in found] == pytest.approx([one.mean_p_red[1].mean() for one in states])
    assert found[0]["fit_b"] == pytest.approx(-14.0)
    assert found[0]["fit_rms"] == pytest.approx(0.0, abs=1e-9)


def test_every_state_and_either_rule(tables):
    assert len(rows(tables["figure-4"])) == 9 * 2 * 2 * TIMES
    assert {row["field"] for row in rows(tables["figure-4"])} == {"p_red_averaged", "cage_averaged"}
    ceilings = {round(row["ceiling"], 12) for row in rows(tables["figure-4"])}
    assert ceilings == {round(np.sqrt(1.6 / 1.8), 12)}
    assert len(rows(tables["neighbor-rules"])) == 3 * 2 * 2 * 2 * TIMES
    assert {row["rule"] for row in rows(tables["neighbor-rules"])} == {"sann", "cutoff"}


def test_clusters_with_enough_members(results, tables):
    found = rows(tables["topological-clusters"], model="hard-spheres")
    assert {row["type"] for row in found} == set(TYPES[:4])
    assert [row["rho"] for row in found] == sorted((row["rho"] for row in found), reverse=True)
    explained = [one.explained.explanations[0].cluster_correlations for one in results.states[0].snapshots]
    both = [next(r.p_red.rho for r in one if (r.type, r.group) == ("5A", "all")) for one in explained]
    row = next(row for row in found if row["type"] == "5A")
    assert row["rho"] == pytest.approx(np.mean(both))
    assert row["error"] == pytest.approx(abs(both[0] - both[1]) / 2)
    assert row["share"] == 0.6


def test_bond_order(results, tables):
    found = rows(tables["bond-order"], model="hard-spheres", color="red")
    both = [
        one.explained.explanations[0].bond_order[0].red.mean
        for one in results.of(results.formers[0])[0].snapshots
    ]
    assert [row["l"] for row in found] == list(range(1, 9))
    assert [row["mean"] for row in found] == pytest.approx(np.mean(both, axis=0))
    assert [row["deviation"] for row in found] == [0.02] * 8


def test_nothing_is_made():
    tables = study_tables(nothing())
    assert len(tables["states"][1]) == 9
    row = rows(tables["states"])[0]
    assert row["verdict"] == ""
    assert row["tau_missing"] == "not made yet"
    assert np.isnan(
        [row[name] for name in ("tau_alpha", "beta", "D", "mean_p_red", "rho_small", "ceiling_small")]
    ).all()
    for name in ("figure-2", "figure-4", "topological-clusters", "bond-order", "neighbor-rules"):
        assert tables[name][1] == []


def test_the_largest_correlation_has_its_sign(results):
    curves = curves_of(results, "hard-spheres")
    curves.rho[1, 0, :] = -0.5
    curves.rho[1, 0, 3] = -0.1
    assert peak(curves, "A").index == 3
    assert peak(curves, "A").rho == -0.1
    curves.rho[1, 0, :] = np.nan
    assert peak(curves, "A").index == -1
    assert peak(None, "A").index == -1


def test_which_relaxation_time_is_shown(results):
    state = study_results(MODELS[:1], 1, 1).states[0]
    assert shown_relaxation_time(state).kind == "fit"
    state = with_fit(state, tau=np.nan, reason="too short")
    assert shown_relaxation_time(state).kind == "crossing"
    assert shown_relaxation_time(state).time == state.tau_1e
    assert shown_relaxation_time(nothing(MODELS[:1], 1, 1).states[0]).kind == "none"


def test_steps(results, tables):
    found = rows(tables["steps"])
    assert [row["state"] for row in found[::2]] == [one.state.name for one in results.states]
    assert [(row["step"], row["snapshot"]) for row in found[:2]] == [("equilibrate", 0), ("propensity", 1)]
    assert {(row["processor_seconds"], row["seconds"]) for row in found} == {(300.0, 200.0)}


def test_an_equilibration_that_was_too_short_for_its_trajectory():
    """Its check was content, counting in a relaxation time of its own."""
    state = study_results(MODELS[:1], 1, 1).states[0]
    half = 0.5 * state.state.settings.equilibration * state.tau_1e.value
    for factor, too_short in ((0.99, True), (1.01, False)):
        changed = replace(state, equilibration=replace(state.equilibration, duration=factor * half))
        assert changed.too_short is too_short
    unknown = replace(state, relaxation=None)
    assert np.isnan(unknown.equilibrated_for)
    assert not unknown.too_short
