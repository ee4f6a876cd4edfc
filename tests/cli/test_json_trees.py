"""What every command prints as JSON: names and types, held by tests/data/json_trees.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from json_trees import COMMANDS, shape, trees

GOLDEN = Path(__file__).parents[1] / "data" / "json_trees.json"


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    return trees(tmp_path_factory.mktemp("trees"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_tree_is_as_documented(printed, name):
    """Written anew by: python tests/json_trees.py FOLDER, then python tests/json_trees.py FOLDER --keep."""
    assert shape(printed[name]) == json.loads(GOLDEN.read_text(encoding="utf-8"))[name]
