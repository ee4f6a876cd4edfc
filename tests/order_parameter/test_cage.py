"""The cage order parameter: what it predicts, what it may not depend on, what it refuses, what it says of itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge as SklearnRidge

import vitreous as vt
from cage_oracles import carried, made_up_cages, reordered
from vitreous.errors import InputError, ModelError
from vitreous.order_parameter.cage import CageOrderParameter
from vitreous.structure.neighborhood_average import neighborhood_average, standardized_within_species


def cube_of(snapshot, corner, edge=7.3):
    """A cube cut out, for speed; across its faces a few overlap."""
    places = (snapshot.positions - corner) % snapshot.box.lengths
    inside = (places < edge).all(axis=1)
    return vt.Configuration(places[inside], edge, snapshot.species[inside], {"A": 1.0, "B": 0.85})


@pytest.fixture(scope="module", name="liquid")
def _liquid(hard_spheres):
    return cube_of(hard_spheres, 0.0)


@pytest.fixture(scope="module", name="cages")
def _cages(liquid):
    return made_up_cages(liquid)


@pytest.fixture(scope="module", name="model")
def _model(liquid, cages):
    return CageOrderParameter().fit(liquid, cages)


@pytest.fixture(scope="module", name="predicted")
def _predicted(model, liquid, cages):
    return model.predict(liquid, cages)


# What it predicts


def by_hand(snapshot, described, learned_from, cages, unit=1.0):
    """METHOD, section 7.2, by other people's ridge regression: for each species standardise, fit, standardise."""
    found = np.empty(len(snapshot))
    features, known = vt.cage_descriptors(described, unit), vt.cage_descriptors(learned_from, unit)
    for name in snapshot.species_names:
        mine = snapshot.species == name
        x, y = known[mine], np.log(cages.variance[mine])
        x, here = ((z - x.mean(axis=0)) / x.std(axis=0) for z in (x, features[mine]))
        y = (y - y.mean()) / y.std()
        p = SklearnRidge(alpha=0.3 * mine.sum(), fit_intercept=False).fit(x, y).predict(here)
        found[mine] = (p - p.mean()) / p.std()
    return found


def test_it_is_what_the_method_says(liquid, cages, predicted):
    middles = cages.at_mean_positions
    np.testing.assert_allclose(predicted, by_hand(liquid, middles, middles, cages), atol=1e-9)


def test_without_cages_it_is_what_bare_positions_say(liquid, cages, model):
    expected = by_hand(liquid, liquid, liquid, cages)
    np.testing.assert_allclose(model.predict(liquid), expected, atol=1e-9)


def test_scores_within_species(liquid, predicted):
    assert predicted.shape == (len(liquid),)
    for name in "AB":
        assert predicted[liquid.species == name].mean() == pytest.approx(0.0, abs=1e-12)
        assert predicted[liquid.species == name].std() == pytest.approx(1.0, rel=1e-12)


def test_a_wider_cage_is_more(liquid, cages, predicted):
    for name in "AB":
        mine = liquid.species == name
        assert np.corrcoef(predicted[mine], cages.log_variance()[mine])[0, 1] > 0.5


def test_several_snapshots_are_learned_from_together(hard_spheres, liquid, cages):
    cube = cube_of(hard_spheres, 5.0)
    scale = (len(cube) / len(liquid)) ** (1 / 3)  # to the same density
    second = made_up_cages(
        changed(cube, positions=cube.positions * scale, box=cube.box.lengths * scale), seed=4
    )
    both = CageOrderParameter().fit([liquid, second.snapshot], [cages, second])
    species = np.concatenate([liquid.species, second.snapshot.species])
    assert both.report_.particles == {name: (species == name).sum() for name in "AB"}
    assert both.report_.snapshots == 2
    x = np.concatenate([vt.cage_descriptors(one.at_mean_positions) for one in (cages, second)])
    y = np.concatenate(
        [standardized_within_species(one.snapshot, np.log(one.variance)) for one in (cages, second)]
    )
    for name in "AB":
        mine = species == name
        z = (x[mine] - x[mine].mean(axis=0)) / x[mine].std(axis=0)
        expected = SklearnRidge(alpha=0.3 * mine.sum(), fit_intercept=False).fit(z, y[mine]).coef_
        np.testing.assert_allclose(both.ridges_[name].weights, expected, atol=1e-9)


def test_another_penalty_and_another_unit(liquid, cages, model):
    softer = CageOrderParameter(penalty=30.0).fit(liquid, cages)
    assert (np.abs(softer.ridges_["A"].weights).sum()) < 0.5 * np.abs(model.ridges_["A"].weights).sum()
    wider = CageOrderParameter(unit=1.1).fit(liquid, cages)
    middles = cages.at_mean_positions
    expected = by_hand(liquid, middles, middles, cages, 1.1)
    np.testing.assert_allclose(wider.predict(liquid, cages), expected, atol=1e-9)


def test_the_unit_of_the_liquid_or_of_the_particles(liquid, cages, model):
    assert model.unit_ == 1.0
    assert CageOrderParameter().fit(liquid, replace(cages, unit=1.1)).unit_ == 1.1
    unknown = CageOrderParameter().fit(liquid, replace(cages, unit=None))
    assert unknown.unit_ == pytest.approx((1.0 + 0.85) / 2)
    bare = vt.Configuration(liquid.positions, liquid.box, liquid.species)
    nobody_knows = replace(cages, snapshot=bare, unit=None)
    refused("unit: neither the liquid nor the snapshot", CageOrderParameter().fit, bare, nobody_knows)


# What it does not depend on


def test_columns_change_no_bit(liquid, cages, model, predicted):
    rng = np.random.default_rng(0)
    n = len(liquid)
    bare = model.predict(liquid)
    propensity = rng.random(n)
    for columns in (
        {"propensity": propensity, "propensity_half1": propensity, "propensity_half2": propensity},
        {"propensity": rng.permutation(propensity)},
        {"propensity": np.full(n, np.nan), "mass": rng.random(n), "velocity": rng.random((n, 3))},
    ):
        told = liquid.with_columns(**columns)
        again = CageOrderParameter().fit(told, cages)
        np.testing.assert_array_equal(again.predict(told, cages), predicted)
        np.testing.assert_array_equal(again.predict(told), bare)
        np.testing.assert_array_equal(model.predict(told, cages), predicted)
        assert again.report_ == model.report_


def test_it_is_the_same_again_and_the_seed_is_of_the_report_only(liquid, cages, model, predicted):
    again = CageOrderParameter().fit(liquid, cages)
    np.testing.assert_array_equal(again.predict(liquid, cages), predicted)
    assert again.report_ == model.report_
    other = CageOrderParameter(random_state=7).fit(liquid, cages)
    np.testing.assert_array_equal(other.predict(liquid, cages), predicted)
    assert other.report_.stability != model.report_.stability
    for name in "AB":
        assert other.report_.explained[name] == pytest.approx(model.report_.explained[name], abs=0.05)


def test_the_number_of_threads_changes_no_bit(liquid, cages, predicted, by_threads):
    for found in by_threads(lambda: CageOrderParameter().fit(liquid, cages).predict(liquid, cages)):
        np.testing.assert_array_equal(found, predicted)


def test_permuted_particles_permute_the_answer(liquid, cages, model, predicted):
    order = np.random.default_rng(0).permutation(len(liquid))
    snapshot, theirs = reordered(liquid, cages, order)
    again = CageOrderParameter().fit(snapshot, theirs)
    np.testing.assert_allclose(again.predict(snapshot, theirs), predicted[order], atol=1e-9)
    np.testing.assert_allclose(model.predict(snapshot, theirs), predicted[order], atol=1e-9)
    assert again.report_.label_agreement == model.report_.label_agreement
    assert again.report_.learned_agreement == pytest.approx(model.report_.learned_agreement, abs=1e-6)
    assert again.report_.explained == pytest.approx(model.report_.explained, abs=1e-6)
    assert again.report_.stability == pytest.approx(model.report_.stability, abs=1e-6)


CUBIC = [Rotation.create_group("O").as_matrix()[k].round() for k in (5, 13, 22)]


@pytest.mark.parametrize(
    ("turn", "shift"), [*((turn, 0.0) for turn in CUBIC), (-np.eye(3), 0.0), (np.eye(3), [3.3, -7.0, 40.0])]
)
def test_a_turned_mirrored_or_moved_liquid(liquid, cages, predicted, model, turn, shift):
    snapshot, theirs = carried(liquid, cages, turn, shift)
    again = CageOrderParameter().fit(snapshot, theirs)
    np.testing.assert_allclose(again.predict(snapshot, theirs), predicted, atol=1e-7)
    np.testing.assert_allclose(model.predict(snapshot), model.predict(liquid), atol=1e-7)
    averaged = neighborhood_average(snapshot, again.predict(snapshot, theirs))
    np.testing.assert_allclose(averaged, neighborhood_average(liquid, predicted), atol=1e-7)


def test_any_rotation_of_the_box_as_well(liquid, cages, predicted):
    turn = Rotation.from_rotvec([0.3, -1.1, 0.7]).as_matrix()
    snapshot, theirs = carried(liquid, cages, turn)
    again = CageOrderParameter().fit(snapshot, theirs)
    np.testing.assert_allclose(again.predict(snapshot, theirs), predicted, atol=1e-7)


def test_names_of_species_do_not_matter(liquid, cages, predicted):
    for labels in ({"A": "B", "B": "A"}, {"A": "large", "B": "small"}):
        snapshot, theirs = carried(liquid, cages, labels=labels)
        again = CageOrderParameter().fit(snapshot, theirs)
        np.testing.assert_allclose(again.predict(snapshot, theirs), predicted, atol=1e-9)
    numbered = vt.Configuration(liquid.positions, liquid.box, np.where(liquid.species == "A", 1, 2))
    again = CageOrderParameter().fit(numbered, replace(cages, snapshot=numbered))
    np.testing.assert_allclose(again.predict(numbered), by_hand_bare(liquid, cages), atol=1e-9)


def by_hand_bare(snapshot, cages):
    return by_hand(snapshot, snapshot, snapshot, cages)


def test_the_unit_of_the_variance_does_not_matter(liquid, cages, predicted):
    """Nor anything else that is the same for all particles of a species."""
    factor = np.where(liquid.species == "A", 100.0, 0.3)
    scaled = replace(cages, variance=factor * cages.variance, half_variances=factor * cages.half_variances)
    found = CageOrderParameter().fit(liquid, scaled).predict(liquid, scaled)
    np.testing.assert_allclose(found, predicted, atol=1e-9)


def test_a_prediction_needs_middles_but_no_widths(liquid, cages, model, predicted):
    """Widths are what is learned from; afterwards they are not looked at."""
    other = replace(cages, variance=np.random.default_rng(0).random(len(liquid)))
    np.testing.assert_array_equal(model.predict(liquid, other), predicted)


# What it refuses


def refused(message, action, *arguments, error=InputError, **options):
    with pytest.raises(error, match=message) as caught:
        action(*arguments, **options)
    assert "\n" not in str(caught.value)


def changed(snapshot, **changes):
    values = {
        "positions": snapshot.positions,
        "box": snapshot.box,
        "species": snapshot.species,
        "diameters": snapshot.diameters,
    }
    return vt.Configuration(**{**values, **changes})


def test_cages_of_another_snapshot(liquid, cages, model, other):
    message = "cages: they are those of another snapshot"
    moved = liquid.positions.copy()
    moved[0, 0] += 1e-9
    swapped = liquid.species.copy()
    swapped[[0, -1]] = swapped[[-1, 0]]
    for snapshot in (
        changed(other, diameters={"A": 1.0, "B": 0.85}),
        changed(liquid, positions=moved),
        changed(liquid, species=swapped),
        changed(liquid, box=liquid.box.lengths * (1 + 1e-9)),
    ):
        refused(message, CageOrderParameter().fit, snapshot, cages)
        refused(message, model.predict, snapshot, cages)
    few = vt.Configuration(liquid.positions[:500], liquid.box, liquid.species[:500])
    refused(message, CageOrderParameter().fit, few, cages)


def test_too_few_particles(spheres_120):
    message = "cage order parameter: 36 particles of species A are too few to learn from, at least 50 of each"
    refused(message, CageOrderParameter().fit, spheres_120, made_up_cages(spheres_120))


@pytest.fixture(name="spheres_120")
def _spheres_120():
    rng = np.random.default_rng(0)
    return vt.Configuration(
        rng.random((120, 3)) * 6, 6.0, np.repeat(["A", "B"], [36, 84]), {"A": 1.0, "B": 0.85}
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"penalty": 0.0}, "penalty: must be positive and finite"),
        ({"penalty": -1}, "penalty: must be positive and finite"),
        ({"penalty": np.nan}, "penalty: must be positive and finite"),
        ({"penalty": "much"}, "penalty: must be positive and finite"),
        ({"unit": 0.0}, "unit: must be positive and finite"),
        ({"unit": np.inf}, "unit: must be positive and finite"),
        ({"unit": "wide"}, "unit: must be positive and finite"),
        ({"random_state": -1}, "random_state: expected a whole number"),
        ({"random_state": None}, "random_state: expected a whole number"),
    ],
)
def test_parameters(liquid, cages, parameters, message):
    refused(message, CageOrderParameter(**parameters).fit, liquid, cages)


def test_numbers_of_snapshots_and_cages(liquid, cages):
    fit = CageOrderParameter().fit
    refused("cages: expected as many as snapshots, got 1 for 2", fit, [liquid] * 2, cages)
    refused("cages: expected as many as snapshots, got 0 for 0, and at least one", fit, [], [])


def test_different_liquids(liquid, cages):
    renamed, theirs = carried(liquid, cages, labels={"A": "C"})
    fit = CageOrderParameter().fit
    message = "snapshots: they are not all of one liquid"
    refused(message, fit, [liquid, renamed], [cages, theirs])
    refused(message, fit, [liquid] * 2, [cages, replace(cages, liquid="kob-andersen")])
    message = "snapshots: they are not all of one state"
    refused(message, fit, [liquid] * 2, [cages, replace(cages, temperature=0.5)])


def test_a_particle_that_did_not_move(liquid, cages):
    variance = cages.variance.copy()
    variance[3] = 0.0
    refused("particle 3 did not move", CageOrderParameter().fit, liquid, replace(cages, variance=variance))


def test_a_perfect_crystal():
    crystal = vt.Configuration(
        np.array(list(np.ndindex(8, 8, 8))) * 1.1, 8.8, np.where(np.arange(512) % 2 == 0, "A", "B"), 1.0
    )
    cages = made_up_cages(crystal.with_diameters(1.0 + 1e-9 * np.arange(512)))
    still = replace(cages, mean_positions=crystal.positions, snapshot=crystal)
    refused("all particles have the same surroundings", CageOrderParameter().fit, crystal, still)


def test_other_species(liquid, model):
    renamed = changed(liquid, species=np.where(liquid.species == "A", "C", "B"), diameters=None)
    message = "model: it was trained on species A, B, the snapshot has B, C; rename them"
    refused(message, model.predict, renamed, error=ModelError)
    refused(message, model.predict, renamed, force=True, error=ModelError)
    one = vt.Configuration(liquid.positions, liquid.box)
    refused("trained on species A, B, the snapshot has A;", model.predict, one, error=ModelError)


def test_another_density(liquid, cages, model, predicted):
    denser = changed(liquid, positions=liquid.positions * 0.99, box=liquid.box.lengths * 0.99)
    message = r"model: it was trained at number density 1.5\d*, the snapshot has 1.5\d*; .* --force"
    refused(message, model.predict, denser, error=ModelError)
    refused(message, model.check_fits, denser, error=ModelError)
    assert len(model.differences(denser)) == 1
    assert np.isfinite(model.predict(denser, force=True)).all()
    model.check_fits(denser, force=True)
    nearly = changed(liquid, positions=liquid.positions * 0.998, box=liquid.box.lengths * 0.998)
    assert np.corrcoef(model.predict(nearly), model.predict(liquid))[0, 1] > 0.9
    assert model.differences(liquid) == ()


def test_another_composition(liquid, model):
    species = liquid.species.copy()
    species[np.flatnonzero(species == "B")[:30]] = "A"
    other = changed(liquid, species=species)
    message = (
        r"model: it was trained with [\d.]+ % of A, the snapshot has [\d.]+ %; train a new one, or .* --force"
    )
    refused(message, model.predict, other, error=ModelError)
    assert len(model.differences(other)) == 2
    assert np.isfinite(model.predict(other, force=True)).all()


def test_force_does_not_excuse_foreign_cages(liquid, cages, model):
    moved = changed(liquid, positions=liquid.positions + 0.5)
    refused("cages: they are those of another snapshot", model.predict, moved, cages, force=True)


def test_not_fitted(liquid, tmp_path):
    model = CageOrderParameter()
    for action in (
        lambda: model.predict(liquid),
        lambda: model.save(tmp_path / "m.vtm"),
        lambda: model.check_fits(liquid),
    ):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            action()
    assert not list(tmp_path.iterdir())


def test_a_fit_that_fails_leaves_an_earlier_one(liquid, cages, predicted):
    model = CageOrderParameter().fit(liquid, cages)
    moved = changed(liquid, positions=liquid.positions + 0.5)
    refused("another snapshot", model.fit, moved, cages)
    np.testing.assert_array_equal(model.predict(liquid, cages), predicted)


def test_parameters_as_scikit_learn_wants_them(liquid, cages, predicted):
    model = clone(CageOrderParameter(penalty=2.0)).set_params(penalty=0.3)
    assert model.get_params() == {"unit": None, "penalty": 0.3, "random_state": 0}
    np.testing.assert_array_equal(model.fit(liquid, cages).predict(liquid, cages), predicted)
