from __future__ import annotations

import numpy as np
import pytest

from vitreous.configuration import Configuration
from vitreous.errors import InputError

X = np.array([[0.5, 0.5, 0.5], [1.5, 1.0, 0.5], [0.5, 1.5, 1.9]])


def test_what_is_not_said():
    snapshot = Configuration(X, 2.0)
    assert len(snapshot) == snapshot.n_particles == 3
    assert snapshot.species.tolist() == ["A", "A", "A"]
    assert snapshot.species_names == ("A",)
    assert snapshot.diameters is None
    assert snapshot.periodic == (True, True, True)
    assert snapshot.number_density == pytest.approx(3 / 8)
    assert "N=3, species {A: 3}" in repr(snapshot)


@pytest.mark.parametrize(
    ("labels", "names", "index"),
    [
        ([2, 1, 2], ("1", "2"), [1, 0, 1]),
        ([10, 9, 2], ("2", "9", "10"), [2, 1, 0]),
        (["b", "a", "b"], ("a", "b"), [1, 0, 1]),
        (np.array(["b", "a", "b"], object), ("a", "b"), [1, 0, 1]),
    ],
)
def test_species_keep_their_labels(labels, names, index):
    snapshot = Configuration(X, 2.0, species=labels)
    assert snapshot.species.tolist() == list(labels)
    assert snapshot.species_names == names
    assert snapshot.species_index.tolist() == index


@pytest.mark.parametrize("diameters", [{"A": 1.0, "B": 2.0}, [1, 2, 1], np.array([1.0, 2.0, 1.0])])
def test_diameters(diameters):
    snapshot = Configuration(X, 2.0, species=list("ABA"), diameters=diameters)
    assert snapshot.diameters.tolist() == [1, 2, 1]
    assert snapshot.with_diameters(3).diameters.tolist() == [3, 3, 3]


def test_everything_is_copied_and_frozen():
    positions, column = X.copy(), np.arange(3.0)
    snapshot = Configuration(positions, 2.0, columns={"c": column}, images=np.zeros((3, 3), int))
    positions[:] = column[:] = 7
    np.testing.assert_array_equal(snapshot.positions, X)
    np.testing.assert_array_equal(snapshot.columns["c"], [0, 1, 2])
    arrays = (snapshot.positions, snapshot.columns["c"], snapshot.images, snapshot.species_index)
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(TypeError):
        snapshot.columns["d"] = column
    with pytest.raises(AttributeError):
        snapshot.time = 1.0


def test_columns_are_added_and_replaced():
    snapshot = Configuration(X, 2.0, columns={"c": [1, 2, 3]}, time=1.5, step=4, metadata={"T": 0.4})
    changed = snapshot.with_columns(c=[3, 2, 1], v=X)
    assert changed.columns["c"].tolist() == [3, 2, 1]
    assert changed.columns["v"].shape == (3, 3)
    assert snapshot.columns["c"].tolist() == [1, 2, 3]
    assert (changed.time, changed.step, changed.metadata["T"]) == (1.5, 4, 0.4)


def test_unwrapped_positions():
    images = [[1, 0, 0], [0, 0, 0], [0, -1, 0]]
    with_images = Configuration(X, 2.0, images=images)
    np.testing.assert_allclose(with_images.unwrapped_positions, X + 2.0 * np.array(images))
    followed = Configuration(X * 100, 2.0, unwrapped=True)
    np.testing.assert_array_equal(followed.unwrapped_positions, X * 100)
    open_box = Configuration(X, 2.0, periodic=(False,) * 3)
    np.testing.assert_array_equal(open_box.unwrapped_positions, X)
    with pytest.raises(InputError, match="no image flags"):
        _ = Configuration(X, 2.0).unwrapped_positions


def test_density_of_an_open_box_is_that_of_the_particles():
    x = np.array([[0, 0, 0], [1, 2, 4]])
    snapshot = Configuration(x, 100.0, periodic=(False,) * 3)
    assert snapshot.number_density == pytest.approx(2 / 8)


@pytest.mark.parametrize("extent", [1.0, 1.2])
def test_a_skin_around_the_box_is_allowed(extent):
    Configuration([[0, 0, 0], [extent, 0, 0]], 1.0)


def test_particles_far_outside_are_named():
    with pytest.raises(InputError, match="particle 2 lies outside the box: along y"):
        Configuration([[0, 0, 0], [0, 0.1, 0], [0, 7, 0]], 1.0)
    Configuration([[0, 0, 0], [0, 0.1, 0], [0, 7, 0]], 1.0, periodic=(True, False, True))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"positions": X[:, :2]}, "two-dimensional data"),
        ({"positions": X[0]}, r"expected shape \(N, 3\), got \(3,\)"),
        ({"positions": np.empty((0, 3))}, "no particles"),
        ({"positions": "many"}, "array of numbers"),
        ({"positions": [[1, 2], [1]]}, "array of numbers"),
        ({"positions": [[0, 0, 0], [0, np.nan, 0], [np.inf, 0, 0]]}, "2 of 3 .* first is particle 1"),
        ({"box": 0}, "zero"),
        ({"species": ["A"]}, "one label for each of 3"),
        ({"species": [1.0, 2.0, 3.0]}, "all integers or all strings"),
        ({"species": [1, "A", None]}, "all integers or all strings"),
        ({"diameters": [1, 2]}, "expected 3 values"),
        ({"diameters": [1, 0, 1]}, "particle 1 has 0.0"),
        ({"diameters": -1}, "must be positive; particle 0"),
        ({"diameters": [1, np.nan, 1]}, "first is particle 1"),
        ({"diameters": {"B": 1}}, "none given for species A"),
        ({"diameters": {"A": 1, "B": 1}}, "unknown species B; the configuration has A"),
        ({"images": [[0, 0, 0]]}, r"expected shape \(3, 3\)"),
        ({"images": X}, "whole numbers"),
        ({"images": np.full((3, 3), np.nan)}, "images"),
        ({"images": np.zeros((3, 3), int), "unwrapped": True}, "not both"),
        ({"columns": {"c": [1, 2]}}, "column 'c': expected 3 rows"),
        ({"columns": {"c": 1}}, "column 'c': expected 3 rows"),
        ({"columns": {"c": [[1], [1, 2], []]}}, "column 'c': its rows differ"),
        ({"columns": {"c": [None, 1, 2]}}, "column 'c': must be numbers, flags or strings"),
        ({"time": "late"}, "time: expected a number"),
        ({"step": "first"}, "step: expected a number"),
        ({"periodic": (True, True)}, "three flags"),
    ],
)
def test_the_gate(arguments, words):
    with pytest.raises(InputError, match=words):
        Configuration(**{"positions": X, "box": 2.0, **arguments})
