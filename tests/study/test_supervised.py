"""The supervised reference of a state: learned from the other snapshots at τ_α, and correlated like anything else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from leagues import made_up
from vitreous.correlation.curves import joined
from vitreous.correlation.rank import scores
from vitreous.errors import InputError, NoPlateauError
from vitreous.predictors.across import trained_on_others
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.neighborhood_average import neighborhood_average
from vitreous.study.kinds import supervised
from vitreous.study.plan import read_plan
from vitreous.study.steps import steps_of

TIMES = np.array([1.0, 10.0, 100.0])
TAU = 12.0


class Silent:
    def stage(self, what):
        pass


def steps(folder, snapshots):
    path = folder / "mine.toml"
    path.write_text(f"snapshots = {snapshots}\nparticles = 400\n[[hard-spheres]]\npacking_fraction = 0.5\n")
    return [step for step in steps_of(read_plan(path)) if step.kind == "supervised"]


@pytest.fixture(scope="module", name="input")
def _input():
    """What can be learned stands at the time nearest to τ_α; at the others there is noise."""
    snapshots, dynamics, cages = made_up(3, 400)
    rng = np.random.default_rng(3)
    propensities = []
    for one in dynamics:
        noise = rng.uniform(0.1, 1.0, (2, 2, len(snapshots[0])))
        halves = np.stack([noise[:, 0], one.halves[:, 0], noise[:, 1]], axis=1)
        propensities.append(replace(one, times=TIMES, halves=halves, mean=halves.mean(axis=0)))
    return propensities, cages


@pytest.fixture
def made(input, tmp_path, monkeypatch):
    """Makes the step from propensities and cages, or in place of the cages of a snapshot a reason."""

    def make(propensities=input[0], reasons=()):
        def cages_of(caged, *_):
            if caged.snapshot in reasons:
                raise NoPlateauError("there are none")
            return input[1][caged.snapshot]

        monkeypatch.setattr(supervised.cage, "cages_of", cages_of)
        monkeypatch.setattr(supervised.propensity, "read", lambda one, _: propensities[one.snapshot])
        monkeypatch.setattr(
            supervised.relax, "read", lambda *_: SimpleNamespace(known_time=lambda former: TAU)
        )
        (step,) = steps(tmp_path, 3)
        step.path(tmp_path, "").parent.mkdir(exist_ok=True)
        assert supervised.make(step, tmp_path, Silent()) == [".json"]
        return supervised.read(step, tmp_path)

    return make


def test_it_is_the_regression_of_the_league(made, input):
    propensities, cages = input
    found = made()
    assert found.reason == ""
    said = trained_on_others(
        [one.snapshot for one in cages],
        [cage_descriptors(one.at_mean_positions, 1.0) for one in cages],
        [one.mean[1] for one in propensities],
        ["x", "y", "z"],
    )
    for curves, cage, values, one in zip(found.curves, cages, said, propensities, strict=True):
        assert curves.fields == ("supervised_averaged",)
        assert np.array_equal(curves.times, TIMES)
        averaged = neighborhood_average(cage.snapshot, values)
        for s, species in enumerate(curves.species):
            mine = cage.snapshot.species == species
            for t in range(3):
                expected = float(np.dot(*scores(np.array([averaged[mine], one.mean[t, mine]]))))
                assert curves.rho[0, s, t] == pytest.approx(expected, abs=1e-12)


def test_what_can_be_learned_at_tau_is_learned_there(made):
    rho = np.array([one.rho[0] for one in made().curves])
    assert (rho[:, :, 1] > 0.2).all()
    # Noise: ρ of 120 particles of the smaller species has a standard deviation of 0.09, of averaged fields more.
    assert abs(rho[:, :, [0, 2]].mean()) < 0.2


def test_ones_own_propensity_has_no_influence(made, input):
    """What is said of a snapshot is the same whatever its own particles do."""
    first, *others = input[0]
    before = made()
    shuffled = np.random.default_rng(0).permutation(len(first.mean[0]))
    other = replace(first, mean=first.mean[:, shuffled], halves=first.halves[:, :, shuffled])
    again = made([other, *others])
    assert not np.array_equal(again.curves[1].rho[0, :, 1], before.curves[1].rho[0, :, 1])
    assert abs(again.curves[0].rho[0, :, 1]).max() < 0.35  # nothing of its shuffled self was seen


def test_where_nothing_is_caged_it_is_said(made):
    found = made(reasons=(1,))
    assert found.curves == ()
    assert found.reason == "cage 2: there are none"


def test_one_snapshot_has_no_others_to_learn_from(tmp_path):
    assert steps(tmp_path, 1) == []
    assert len(steps(tmp_path, 2)) == 1


def test_it_stands_beside_the_other_quantities(made):
    one, two, _ = made().curves
    both = joined(replace(one, fields=("density",)), one)
    assert both.fields == ("density", "supervised_averaged")
    assert np.array_equal(both.rho[0], both.rho[1])
    assert np.array_equal(both.half, one.half)
    with pytest.raises(InputError, match="not of the same species and times"):
        joined(one, replace(two, times=2.0 * two.times))
