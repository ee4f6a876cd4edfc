"""The reference lists what is public: all of `vitreous`, and names of its public rooms."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vitreous as vt

TEXT = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^\.\. (?:autoclass|autofunction|autoexception|py:data):: ([\w.]+)(?:\n   :members:(.*))?", re.M
)
ENTRIES = {name if "." in name else f"vitreous.{name}": members for name, members in ENTRY.findall(TEXT)}


@pytest.mark.parametrize("name", vt.__all__)
def test_every_public_name_is_listed(name):
    assert f"vitreous.{name}" in ENTRIES


@pytest.mark.parametrize("path", ENTRIES)
def test_every_listed_name_is_where_the_reference_says(path):
    package, *room, name = path.split(".")
    assert package == "vitreous"
    assert len(room) <= 1
    assert set(room) <= set(vt._ROOMS)
    found = getattr(getattr(vt, room[0]) if room else vt, name)
    assert found is getattr(importlib.import_module(".".join([package, *room])), name)
    if room and room != ["records"]:
        assert name in getattr(vt, room[0]).__all__
    assert inspect.getdoc(found)
    for member in filter(None, map(str.strip, ENTRIES[path].split(","))):
        assert hasattr(found, member) or member in found.__annotations__


def test_every_entry_is_listed_once():
    assert len(ENTRIES) == len(ENTRY.findall(TEXT))


@pytest.mark.parametrize("room", vt._ROOMS)
def test_the_page_names_the_public_rooms(room):
    assert f"`{room}`" in TEXT or f"`vitreous.{room}`" in TEXT
    assert room in dir(vt)


@pytest.mark.parametrize("room", [room for room in vt._ROOMS if hasattr(getattr(vt, room), "__path__")])
def test_a_room_gives_all_of_its_names_whatever_was_imported_before(room):
    """A module of the same name would hide what it gives."""
    found = getattr(vt, room)
    assert sorted(found.__all__) == found.__all__
    modules = [path.stem for path in Path(found.__path__[0]).glob("*.py")]
    assert not set(found.__all__) & set(modules)


def test_the_rooms_need_no_import_of_their_own():
    code = f"import vitreous as vt\nfor room in {vt._ROOMS!r}: print(getattr(vt, room).__name__)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.split() == [f"vitreous.{room}" for room in vt._ROOMS]
