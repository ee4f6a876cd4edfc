import json
import math
import os
from types import SimpleNamespace

import numpy as np
import pytest

from vitreous.ensemble.dispatch import Work
from vitreous.ensemble.workers import workers_of_this_machine
from vitreous.errors import InputError
from vitreous.records import to_json
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import read_plan
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.progress import read_progress
from vitreous.study.results import read_results
from vitreous.study.run import _Run, run_study
from vitreous.study.status import study_status
from vitreous.study.step import record_of
from vitreous.study.steps import steps_of


def edited(plan, before, after):
    text = plan.path.read_text()
    assert before in text
    plan.path.write_text(text.replace(before, after))
    return read_plan(plan.path)


def test_what_is_made_is_not_made_again(study, watcher):
    times = {path: path.stat().st_mtime_ns for path in study.folder.rglob("*") if path.is_file()}
    outcome = run_study(study, watcher, workers=1)
    assert (outcome.made, outcome.failed, outcome.blocked) == (0, {}, ())
    assert {path: path.stat().st_mtime_ns for path in study.folder.rglob("*") if path.is_file()} == times


def test_nothing_is_left_behind_but_results(finished_study):
    names = [path.name for path in finished_study.folder.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith((".lock", ".progress")) or name.startswith(".")]


def test_records_tell_how_each_step_came_about(finished_study):
    for step in steps_of(finished_study):
        told = json.loads(step.path(finished_study.folder, ".made.json").read_text())
        assert (told["kind"], told["state"], told["snapshot"]) == (step.kind, step.state.name, step.snapshot)
        assert told["parameters"] == to_json(step.parameters)
        assert told["requires"] == [required.stem for required in step.requires]
        assert {"python", "vitreous", "numpy", "numba"} <= told["versions"].keys()
        assert told["processor_seconds"] > 0.0


def test_editing_one_state_remakes_just_what_depends_on_it(study, watcher, digests):
    before = digests(study)
    changed = edited(study, "packing_fraction = 0.40", "packing_fraction = 0.40\nruns = 6")
    assert run_study(changed, watcher, workers=1).made == 2
    assert sorted(watcher.finished) == [
        ("hard-spheres-0.4", "correlate 1"),
        ("hard-spheres-0.4", "propensity 1"),
    ]
    after = digests(changed)
    assert before.items() & after.items() == {pair for pair in before.items() if pair[0] in after}
    edited(changed, "\nruns = 6\n", "\n")  # and taken back, the former results are there again
    back = read_plan(study.path)
    assert run_study(back, watcher, workers=1).made == 0
    assert digests(back) == before


def test_a_file_that_was_changed_is_made_again(study, watcher, digests):
    before = digests(study)
    step = next(step for step in steps_of(study) if step.kind == "correlate")
    path = step.path(study.folder, ".json")
    path.write_text(path.read_text().replace("0.", "1.", 1))
    assert run_study(study, watcher, workers=1).made == 1
    assert watcher.remarks == [
        (step.state.name, step.name, f"{path.name} was changed after it was made; it is made again")
    ]
    assert digests(study) == before


def test_a_file_that_is_gone_is_made_again(study, watcher, digests):
    before = digests(study)
    step = next(step for step in steps_of(study) if step.kind == "relax")
    step.path(study.folder, ".json").unlink()
    assert run_study(study, watcher, workers=1).made == 1
    assert digests(study) == before


def test_how_far_the_ensembles_are_followed(finished_study):
    """To a multiple of τ_α of the trajectory, by the definition of the paper."""
    results = read_results(finished_study)
    for state in results.states:
        longest = state.state.settings.propensity * shown_relaxation_time(state).time.value
        for snapshot in state.snapshots:
            assert snapshot.propensity.times[-1] == pytest.approx(longest, rel=0.05)


def test_a_step_that_fails_does_not_keep_the_rest_from_being_made(study, watcher):
    """F_s that does not fall within the longest equilibration leaves no time scale."""
    changed = edited(study, "packing_fraction = 0.40", "packing_fraction = 0.55\nlongest_equilibration = 0.5")
    outcome = run_study(changed, watcher, workers=2)
    assert [(step.state.name, step.name) for step in outcome.failed] == [("hard-spheres-0.55", "trajectory")]
    assert "give this state a larger longest_equilibration" in next(iter(outcome.failed.values()))
    blocked = {step.state.name for step in outcome.blocked}
    assert blocked == {
        "hard-spheres-0.55",
        "hard-spheres-0.45",
    }  # whose model is no longer that of the deepest
    steps = steps_of(changed)
    status = study_status(steps, changed.folder)
    assert list(status.standing.values()).count("failed") == 1
    assert [step.kind for step in steps if status.standing[step] == "made" and "0.55" in step.state.name] == [
        "equilibrate"
    ]


def test_shards_share_the_states(study, watcher):
    changed = edited(study, "propensity = 2.0", "propensity = 1.0")
    first = run_study(changed, watcher, workers=1, shard=(0, 2))
    assert {state for state, _ in watcher.finished} == {"hard-spheres-0.45"}
    assert (first.failed, first.blocked) == ({}, ())
    run_study(changed, watcher, workers=1, shard=(1, 2))
    assert {state for state, _ in watcher.finished} == {"hard-spheres-0.45", "hard-spheres-0.4"}
    assert run_study(changed, watcher, workers=1).made == 0


@pytest.mark.parametrize(
    ("options", "saying"), [({"workers": 0}, "workers"), ({"shard": (2, 2)}, "0 <= i < n")]
)
def test_what_cannot_be_run_is_refused(study, watcher, options, saying):
    with pytest.raises(InputError, match=saying):
        run_study(study, watcher, **options)


def test_results_are_those_of_the_files(finished_study):
    results = read_results(finished_study)
    assert results.missing == ()
    assert len(results.provenance) == len(steps_of(finished_study))
    deep, shallow = results.states
    assert (deep.deepest, shallow.deepest) == (True, False)
    assert (deep.rules, shallow.rules) == (("sann", "cutoff"), ("sann",))
    snapshot = deep.snapshots[0]
    assert len(snapshot.explained.explanations) == 2
    assert snapshot.explained.clusters.membership.shape == (150, len(snapshot.explained.clusters.types))
    np.testing.assert_array_equal(
        snapshot.revealed.configuration.positions, snapshot.propensity.snapshot.positions
    )
    # The model of the deepest state, unchanged, on the snapshot that it was trained on.
    assert deep.mean_p_red[0, 0] == pytest.approx(
        snapshot.revealed.configuration.columns["p_red"].mean(), abs=1e-12
    )
    assert shallow.tau_1e.value < deep.tau_1e.value
    curves = deep.pooled()
    from vitreous.correlation.associate import spearman

    mine = snapshot.revealed.configuration.species_index == 1
    rho = spearman(
        snapshot.revealed.configuration.columns["p_red"][mine], snapshot.propensity.mean[3, mine]
    ).rho
    assert curves.rho[0, 1, 3] == pytest.approx(rho, abs=1e-12)


def test_results_of_a_study_that_has_not_begun(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("[[hard-spheres]]\npacking_fraction = 0.5\n")
    results = read_results(read_plan(path))
    (state,) = results.states
    assert state.pooled() is None
    assert state.rules == ()
    assert np.isnan(state.tau_alpha.value)
    assert len(results.missing) == len(steps_of(results.plan))
    assert not path.with_suffix(".study").exists()


def test_a_step_that_is_begun_tells_how_far_it_is(study):
    step = next(step for step in steps_of(study) if step.kind == "propensity")
    step.path(study.folder, ".made.json").unlink()
    told = {"what": "3 of 4 runs", "share": 0.75, "seconds": 4.0, "processor_seconds": 3.0, "failed": None}
    path = step.path(study.folder, ".progress")
    path.write_text(json.dumps(told))
    assert study_status([step], study.folder).standing[step] == "running"
    assert record_of(step, study.folder) is None
    assert read_progress(step, study.folder).processor_seconds == 3.0
    os.utime(path, (0, 0))
    assert study_status([step], study.folder).standing[step] == "stopped"
    assert study_status([step], study.folder).left[step] > 0.0


def test_a_step_whose_runs_last_long_is_running(study, watcher):
    step = next(step for step in steps_of(study) if step.kind == "propensity")
    step.path(study.folder, ".made.json").unlink()
    path = step.path(study.folder, ".progress")
    run = _Run([step], set(), study.folder, None, watcher)
    work = Work("runs", print, (), [2, 3])
    run._dispatcher = SimpleNamespace(running=[work])
    run._steps[work], run._left[step] = step, step.runs
    run.look()  # before the first of them has ended
    found = study_status([step], study.folder)
    assert (found.standing[step], found.told[step].what) == ("running", f"0 of {step.runs} runs")
    run.ended(work, [0], 7.0)
    os.utime(path, (0, 0))
    run._told = -math.inf
    run.look()
    found = study_status([step], study.folder)
    assert (found.standing[step], found.told[step].what) == ("running", f"1 of {step.runs} runs")
    assert found.told[step].processor_seconds == 7.0


def test_runs_are_expected_to_last_as_they_do_without_a_fit(study):
    """Where τ_α is not known, runs are as long as F_s takes to fall to 1/e; so is what they are expected to cost."""
    step = next(step for step in steps_of(study) if step.kind == "propensity")
    path = step.required("relax").path(study.folder, ".json")
    told = json.loads(path.read_text())
    for one in ("total", "self"):
        told["scattering"][one]["fit"]["tau"] = None
    path.write_text(json.dumps(told))
    asked, former = step.parameters, step.state.former
    lasts = told["scattering"]["self"]["crossing"]["value"] * asked.relaxation_times
    cost = all_kinds()["propensity"].cost(step, study.folder)
    assert cost == pytest.approx(former.cost * 150 * lasts * asked.runs)


def test_workers_of_a_cluster_make_the_same(study, watcher, digests):
    before = digests(study)
    for step in steps_of(study):
        if step.kind in ("propensity", "correlate"):
            step.path(study.folder, ".made.json").unlink()
    with workers_of_this_machine(1) as cluster:
        address = cluster.client.scheduler.address
        outcome = run_study(study, watcher, scheduler=address, certificates=cluster.certificates)
    assert (outcome.made, outcome.failed) == (5, {})
    assert digests(study) == before
