"""Hold two studies of the same plan against each other, made before and after a change: every number to the last bit.

Keys of steps, names and texts may differ; times and pictures are left out. Of each step the numbers of its files are
compared, of JSON all numbers whatever their names, of GSD, npz and model files all arrays; then the tables of the
reports, cell by cell. Prints what differs, and exits with status 1 if anything does.

    python benchmarks/same_study.py before/quick.study after/quick.study
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import gsd.hoomd
import numpy as np

from vitreous.correlation.curves import CorrelationCurves
from vitreous.records import RecordError, from_json

Numbers = Counter[str]
SUFFIXES = (".json", ".gsd", ".npz", ".vtm")
STEP = re.compile(r"(?P<series>[a-z-]+(-\d+)?)-[0-9a-f]{10}(?P<suffix>(\.equilibration)?\.\w+)")


def of_json(tree: object) -> Iterator[str]:
    """Numbers, and where something is not known."""
    if isinstance(tree, dict):
        for name, part in tree.items():
            if name not in ("format", "parameters"):
                yield from of_json(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from of_json(part)
    elif tree is None or isinstance(tree, int | float):
        yield repr(tree)


def of_file(path: Path) -> Numbers:
    """All numbers of a file."""
    if path.suffix == ".json":
        tree = json.loads(path.read_text(encoding="utf-8"))
        try:  # correlations were written as `correlate --json` prints them, with the radius
            tree = from_json(CorrelationCurves, tree).as_dict()
        except RecordError:
            if {"correlations", "noise", "radius"} <= tree.keys():
                del tree["radius"]
        return Counter(of_json(tree))
    found: Numbers = Counter()
    if path.suffix == ".gsd":
        with gsd.hoomd.open(path) as file:
            for frame in file:
                arrays = {"position": frame.particles.position, "box": frame.configuration.box, **frame.log}
                for name, array in arrays.items():
                    if np.asarray(array).dtype.kind in "fiub" and not name.startswith("vitreous/"):
                        found[digest(array)] += 1
        return found
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        for name in archive.namelist():
            if name.endswith(".npy"):
                found[digest(np.load(io.BytesIO(archive.read(name)), allow_pickle=False))] += 1
    return found


def digest(array: object) -> str:
    """An array as text, to the last bit."""
    values = np.ascontiguousarray(array)
    return f"{values.shape} {values.dtype} {values.tobytes().hex()}"


def files(study: Path) -> dict[tuple[str, str], list[Numbers]]:
    """Numbers of all files by what they are: several where the steps of a kind differ in their key alone."""
    found: dict[tuple[str, str], list[Numbers]] = {}
    for path in sorted(study.glob("*/*")):
        name = STEP.fullmatch(path.name)
        if name and path.suffix in SUFFIXES and not path.name.endswith(".made.json"):
            what = (f"{path.parent.name}/{name['series']}", name["suffix"])
            found.setdefault(what, []).append(of_file(path))
    return found


def table(path: Path) -> list[list[str]]:
    """The cells of a table without its names and without hours, or the texts of the claims."""
    if path.suffix == ".json":
        return [
            [str(claim["numbers"]), claim["verdict"]]
            for claim in json.loads(path.read_text(encoding="utf-8"))
        ]
    names, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return [[cell for name, cell in zip(names, row, strict=True) if name != "hours"] for row in rows]


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    given = parser.parse_args()
    before, after = files(given.before), files(given.after)
    differ = [what for what in before if what not in after]
    compared = 0
    for what, several in before.items():
        left = list(after.get(what, []))
        for numbers in several:
            compared += sum(numbers.values())
            if numbers in left:
                left.remove(numbers)
            elif what in after:
                nearest = min(after[what], key=lambda other: sum((numbers - other).values()))
                gone = list((numbers - nearest).elements())
                differ.append(
                    (*what, f"{len(gone)} of {sum(numbers.values())}, for instance {gone[:1]}"[:200])
                )
    tables = 0
    for path in [*sorted(given.before.glob("report/*.csv")), given.before / "report" / "claims.json"]:
        tables += 1
        if path.name != "steps.csv" and table(path) != table(given.after / "report" / path.name):
            differ.append(("report", path.name))
    for what in differ:
        print("differs:", *what)
    print(
        f"{len(before)} kinds of files with {compared} numbers and arrays, {tables} tables: {len(differ)} differ"
    )
    sys.exit(bool(differ))


if __name__ == "__main__":
    main()
