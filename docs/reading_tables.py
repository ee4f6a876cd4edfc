"""The two tables of files.md that are made from the code: ``python docs/reading_tables.py`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from vitreous.cli.app import whole
from vitreous.cli.reading import OPTIONS, READING, option_name
from vitreous.io import FORMATS
from vitreous.io.streams import COMPRESSIONS

PAGE = Path(__file__).parent / "files.md"
HEADINGS = {
    "species": "species",
    "sizes": "diameters",
    "cell": "cell",
    "faces": "periodicity",
    "images": "images, unwrapped",
    "time": "step, time",
    "identity": "which particle",
    "columns": "further columns",
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell or '–' for cell in line)} |\n" for line in lines)


def formats() -> str:
    """Format × how it is read and written, and format × what it may hold."""
    packed = ", ".join(f"`{one.suffix}`" for one in COMPRESSIONS)
    names = [
        [
            f"`{one.name}`",
            ", ".join(f"`{suffix}`" for suffix in one.suffixes),
            "yes" if one.write else "no",
            packed if one.compressible else "no",
        ]
        for one in FORMATS
    ]
    holds = [[f"`{one.name}`", *(one.holds[key] for key in HEADINGS)] for one in FORMATS]
    return (
        table(["name", "suffixes", "written", "compressed"], names)
        + "\n"
        + table(["name", *HEADINGS.values()], holds)
    )


def commands() -> dict[str, list[str]]:
    """The options of reading that each command has."""
    found: dict[str, list[str]] = {}

    def walk(command: object, name: str) -> None:
        for sub, one in getattr(command, "commands", {}).items():
            walk(one, f"{name} {sub}".strip())
        panel = [
            one.opts[0]
            for one in getattr(command, "params", [])
            if getattr(one, "rich_help_panel", None) == READING
        ]
        known = [option for option in panel if option in {option_name(one) for one in OPTIONS}]
        if known:
            found[name] = known

    walk(whole(), "")
    return found


def options() -> str:
    """Command × options of reading."""
    rows = []
    having = commands()
    names = {"simulate": [name for name in having if name.startswith("simulate")]}
    shown = {
        name: name for name in having if not name.startswith("simulate")
    } | {"`simulate` (of `--start`)": names["simulate"][0]}  # fmt: skip
    assert all(having[name] == having[names["simulate"][0]] for name in names["simulate"])
    columns = [f"`{name}`" if not name.startswith("`") else name for name in shown]
    for one in OPTIONS:
        option = option_name(one)
        rows.append([f"`{option}`", *("×" if option in having[name] else " " for name in shown.values())])
    return table(["option", *columns], rows)


def page(text: str) -> str:
    """The page with both tables as they are now."""
    for name, content in (("formats", formats()), ("options", options())):
        text, times = re.subn(
            rf"(<!-- {name}: made by docs/reading_tables.py -->\n).*?(<!-- end -->)",
            lambda found, content=content: f"{found[1]}\n{content}\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
        assert times == 1, name
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
