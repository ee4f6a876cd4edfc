"""The tables of formats and of reading options in the documentation are those of the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from vitreous.cli.reading import OPTIONS
from vitreous.io import FORMATS

PAGE = Path(__file__).parents[2] / "docs" / "files.md"


@pytest.fixture(scope="module")
def tables():
    specification = importlib.util.spec_from_file_location(
        "reading_tables", PAGE.parent / "reading_tables.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_tables_are_those_of_the_code(tables):
    text = PAGE.read_text(encoding="utf-8")
    assert tables.page(text) == text, "run python docs/reading_tables.py"


def test_every_format_tells_what_it_holds(tables):
    for one in FORMATS:
        assert set(one.holds) == set(tables.HEADINGS), one.name
        assert f"| `{one.name}` |" in tables.formats()


def test_every_reading_option_is_in_the_table(tables):
    lines = tables.options().splitlines()
    assert len(lines) == 2 + len(OPTIONS)
    assert all("×" in line for line in lines[2:])
    assert {"reveal", "view", "relax", "propensity", "correlate", "explain", "tcc"} <= set(tables.commands())
