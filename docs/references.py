"""The page of references out of references.bib: ``python docs/references.py`` writes it anew."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

SOURCE = Path(__file__).with_name("references.bib")
PAGE = Path(__file__).with_name("references.md")
ENTRY = re.compile(r"^@(\w+)\{(\w+),\n((?:  \w+ = \{.*\},\n)*)\}$", re.M)
FIELD = re.compile(r"^  (\w+) = \{(.*)\},$", re.M)
BEGIN = """# References

Also as a file for reference managers, `docs/references.bib`.
"""


def entries(text: str) -> dict[str, dict[str, str]]:
    """Fields of every entry by its key; one field a line, as `references.bib` has them."""
    return {key: dict(FIELD.findall(fields)) for _, key, fields in ENTRY.findall(text)}


def cited(entry: dict[str, str]) -> str:
    """One entry as Markdown."""
    names = entry.get("author", "").split(" and ")
    authors = ", ".join(names).removesuffix(", others") + (" et al." if names[-1] == "others" else "")
    edition = f"{entry['edition']} ed." if "edition" in entry else ""
    journal = " ".join([entry["journal"], *volume(entry)]) if "journal" in entry else ""
    begin = ", ".join(
        filter(None, (authors, f"*{entry['title']}*", journal, edition, entry.get("publisher")))
    )
    year = f" ({entry['year']})" if "year" in entry else ""
    links = [
        f"[{label}:{entry[field]}](https://{address}/{entry[field]})."
        for field, label, address in (("doi", "doi", "doi.org"), ("eprint", "arXiv", "arxiv.org/abs"))
        if field in entry
    ]
    links += [f"<{entry['url']}>."] if "url" in entry else []
    return " ".join([f"{begin}{year}.", *links, entry.get("annotation", "")]).rstrip()


def volume(entry: dict[str, str]) -> list[str]:
    """Volume and page, where there are any."""
    return [f"**{entry['volume']}**, {entry['pages']}"] if "volume" in entry else []


def page(text: str) -> str:
    """The page, with a section for each keyword, in the order of the file."""
    sections: dict[str, list[str]] = {}
    for entry in entries(text).values():
        item = textwrap.fill(
            f"- {cited(entry)}", 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
        sections.setdefault(entry["keywords"], []).append(item)
    return BEGIN + "".join(f"\n## {name}\n\n" + "\n".join(items) + "\n" for name, items in sections.items())


if __name__ == "__main__":
    PAGE.write_text(page(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
