import pytest

from vitreous.study.plan import read_plan
from vitreous.study.steps import steps_of

PLAN = """\
snapshots = 2
[[hard-spheres]]
packing_fraction = 0.54
[[hard-spheres]]
packing_fraction = 0.50
[[kob-andersen]]
temperature = 0.8
"""


@pytest.fixture
def steps(tmp_path):
    def of(text):
        path = tmp_path / "plan.toml"
        path.write_text(text)
        return steps_of(read_plan(path))

    return of


def changed(before, after):
    """What has another key afterwards."""
    keys = {step.key for step in before}
    return {(step.state.name, step.name) for step in after if step.key not in keys}


def test_every_step_comes_after_those_that_it_requires(steps):
    seen = set()
    for step in steps(PLAN):
        assert all(required in seen for required in step.requires)
        seen.add(step)


def test_keys_are_different_and_stay_the_same(steps):
    first, second = steps(PLAN), steps(PLAN)
    assert [step.key for step in first] == [step.key for step in second]
    assert len({step.key for step in first}) == len(first)
    assert len({step.stem for step in first}) == len(first)


def test_both_neighbour_rules_are_followed_at_the_deepest_state_only(steps):
    for step in steps(PLAN):
        if step.kind == "explain":
            assert step.state.name != "hard-spheres-0.5"
            rules = [one.parameters.neighbors for one in step.requires[1:]]
            assert rules == (["cutoff", "sann"] if "kob" in step.state.name else ["sann", "cutoff"])


def test_a_change_of_a_state_changes_just_what_depends_on_it(steps):
    before = steps(PLAN)
    seed = changed(before, steps(PLAN.replace("fraction = 0.50", "fraction = 0.50\nseed = 9")))
    assert {state for state, _ in seed} == {"hard-spheres-0.5"}
    assert ("hard-spheres-0.5", "equilibrate") in seed

    runs = changed(before, steps(PLAN.replace("fraction = 0.54", "fraction = 0.54\nruns = [32, 8]")))
    assert runs == {("hard-spheres-0.54", name) for name in ("propensity 2", "correlate 2", "supervised")}

    model = changed(before, steps(PLAN.replace("fraction = 0.54", 'fraction = 0.54\nreducer = "pca"')))
    assert ("hard-spheres-0.5", "transfer") in model  # by the model of the deepest state
    assert not any(name.startswith(("equilibrate", "trajectory", "propensity", "relax")) for _, name in model)
    assert not any(state == "kob-andersen-0.8" for state, _ in model)


def test_another_order_of_the_file_changes_nothing(steps):
    head, first, second, third = PLAN.split("[[")
    assert not changed(steps(PLAN), steps("[[".join([head, third, second, first])))


def test_a_new_state_changes_nothing_of_the_others_unless_it_is_deeper(steps):
    shallow = changed(steps(PLAN), steps(PLAN + "[[kob-andersen]]\ntemperature = 0.9\n"))
    assert {state for state, _ in shallow} == {"kob-andersen-0.9"}
    deep = changed(steps(PLAN), steps(PLAN + "[[kob-andersen]]\ntemperature = 0.7\n"))
    assert {(s, n) for s, n in deep if s != "kob-andersen-0.7"} == {("kob-andersen-0.8", "transfer")}


def test_the_ensemble_goes_by_the_relaxation_of_the_trajectory(steps):
    (propensity, *_) = (step for step in steps(PLAN) if step.kind == "propensity")
    assert [step.kind for step in propensity.requires] == ["trajectory", "relax"]
