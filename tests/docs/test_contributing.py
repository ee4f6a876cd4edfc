"""What the page on contributing says has to be touched: few places, and all of them there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (Adding .*?)\n\nPlaces: (.*?)\.$", TEXT, re.M))


def test_whatever_is_added_has_its_places():
    told = " ".join(SECTIONS)
    assert all(word in told for word in ("glass former", "format", "descriptor", "kind of step", "command"))
    assert len(SECTIONS) == len(re.findall(r"^## Adding", TEXT, re.M))


@pytest.mark.parametrize("section", SECTIONS)
def test_at_most_three_places_and_all_there(section):
    places = re.findall(r"`(.*?)`", SECTIONS[section])
    assert 1 <= len(places) <= 3
    for place in places:
        path = ROOT / place
        if path.stem == "NAME":  # a new file among others of its like
            assert len(list(path.parent.glob(f"[a-z]*{path.suffix}"))) >= 3, place
        else:
            assert path.exists(), place
