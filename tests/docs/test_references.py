"""Citations are in one file, `docs/references.bib`: the page is made from it, and nothing else is cited anywhere."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CITED = re.compile(r"(?:doi:|doi\.org/)(10\.\d{4,}/(?:\([^\s()]*\)|[^\s,;`\"'()\]}|])+)")

spec = importlib.util.spec_from_file_location("references", DOCS / "references.py")
references = importlib.util.module_from_spec(spec)
spec.loader.exec_module(references)
TEXT = (DOCS / "references.bib").read_text(encoding="utf-8")
ENTRIES = references.entries(TEXT)


def test_the_page_is_that_of_the_file():
    made = references.page(TEXT)
    assert (DOCS / "references.md").read_text(encoding="utf-8") == made, "run python docs/references.py"


def test_all_of_the_file_is_understood():
    assert len(ENTRIES) == TEXT.count("\n@") + 1
    assert len({entry["title"] for entry in ENTRIES.values()}) == len(ENTRIES)
    lines = [line for line in TEXT.splitlines() if line and not line.startswith(("@", "}"))]
    assert len(lines) == sum(map(len, ENTRIES.values()))


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_says_where_to_find_it(key):
    entry = ENTRIES[key]
    assert entry["keywords"]
    assert {"doi", "eprint", "url", "publisher"} & entry.keys()
    if "author" in entry:
        assert key.startswith(
            re.sub(r"[^a-z]", "", plain(entry["author"].split(" and ")[0].split()[-1].lower()))
        )
        assert entry["year"] in key


def plain(name):
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def test_everything_that_is_cited_is_in_the_file():
    known = {entry["doi"].lower() for entry in ENTRIES.values() if "doi" in entry}
    files = [
        *(ROOT / "src").rglob("*.py"),
        *DOCS.glob("*.md"),
        *(DOCS / "concepts").glob("*.md"),
        *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CITATION.cff")),
    ]
    missing = {
        (doi.lower().rstrip("."), file.name)
        for file in files
        for doi in CITED.findall(file.read_text(encoding="utf-8"))
    }
    assert not {pair for pair in missing if pair[0] not in known}
