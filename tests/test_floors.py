"""ARCHITECTURE.md's table of floors holds for every import, and no files import each other in a circle.

Imports inside functions count, and those for annotations only: who names a thing knows of it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "vitreous"
FILES = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")}
NOT_YET: set[tuple[str, str]] = set()  # (file, what it imports) that breaks a floor; to shrink to nothing


def imports(name: str) -> Iterator[str]:
    """Files of the package that one imports, as dotted paths below it."""
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vitreous."):
            module = node.module.removeprefix("vitreous.")
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in FILES else module if module in FILES else f"{module}.__init__"


def floors() -> dict[str, int]:
    """Floor by room or file, as the table has it."""
    table = re.findall(r"^\| (\d+) \| (.*?) \|", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.M)
    return {
        room.removesuffix(".py").rstrip("/"): int(floor)
        for floor, rooms in table
        for room in re.findall(r"`(.*?)`", rooms)
    }


IMPORTS = {name: set(imports(name)) for name in FILES if name != "__init__"}  # which names everything
FLOORS = floors()


def test_the_table_has_every_room():
    assert {name.split(".")[0] for name in IMPORTS} == FLOORS.keys()


@pytest.mark.parametrize("name", sorted(IMPORTS))
def test_imports_go_downwards(name):
    room, rooms = name.split(".")[0], {other: other.split(".")[0] for other in IMPORTS[name]}
    highest = 1 if FLOORS[room] == 1 else FLOORS[room] - 1
    upwards = {other for other in rooms if rooms[other] != room and FLOORS[rooms[other]] > highest}
    assert {(name, other) for other in upwards} == {pair for pair in NOT_YET if pair[0] == name}


def test_no_circle_of_files():
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


def test_drawing_needs_nothing_that_computes():
    """What `plot` names of other rooms in annotations is not loaded by it."""
    figures = [f"vitreous.{name}" for name in FILES if name.startswith("plot.")]
    code = f"import sys, {', '.join(figures)}\nprint(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = {name.split(".")[1] for name in found.stdout.split() if name.startswith("vitreous.")}
    assert not loaded & {"simulate", "ensemble", "jobs", "study"}
