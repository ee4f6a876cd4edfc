"""LAMMPS data files, as `read_data` takes and `write_data` makes them: one snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError
from vitreous.io.cell import complete_cell
from vitreous.io.frame import Entry, Frame, take_diameters
from vitreous.io.streams import open_text
from vitreous.io.text import Field, TextFile, shorten

__all__ = ["HOLDS", "looks_like_data", "read", "read_all"]

HOLDS = {
    "species": "`type`, also by its label",
    "sizes": "diameter of the style sphere",
    "cell": "orthogonal or triclinic, any origin",
    "faces": "all periodic: the file does not say",
    "images": "three whole numbers at the end of a row",
    "time": "step of `write_data`",
    "identity": "`id`",
    "columns": "all others, velocities, masses",
}

# What stands between the first number of a row and its images, by the style of the atoms.
_STYLES = {
    "atomic": "type x y z",
    "charge": "type q x y z",
    "bond": "molecule type x y z",
    "angle": "molecule type x y z",
    "molecular": "molecule type x y z",
    "full": "molecule type q x y z",
    "sphere": "type diameter density x y z",
    "bpm/sphere": "molecule type diameter density x y z",
    "ellipsoid": "type ellipsoidflag density x y z",
    "dipole": "type q x y z mux muy muz",
    "dpd": "type theta x y z",
    "mdpd": "type rho x y z",
    "edpd": "type edpd_temp edpd_cv x y z",
    "peri": "type volume density x y z",
    "sph": "type rho esph cv x y z",
    "spin": "type x y z spx spy spz sp",
    "line": "molecule type lineflag density x y z",
    "tri": "molecule type triangleflag density x y z",
    "body": "type bodyflag mass x y z",
    "electron": "type q espin eradius x y z",
}
_GUESSES = ("atomic", "molecular", "charge", "full", "sphere", "bpm/sphere")
_KINDS = {"x": "f", "y": "f", "z": "f", "type": "is", "molecule": "i", "diameter": "f"}
_SECTION = re.compile(r"[A-Z][A-Za-z]+(?: [A-Za-z/]+)*(?:\s*#.*)?$")
_COUNT = re.compile(r"(\d{1,18})\s+([a-z][a-z ]*)$")
_HEADER = re.compile(rb"^\s*\d+\s+atoms\s*(?:#.*)?$", re.MULTILINE)
_BOUNDS = re.compile(rb"^.*\b(?:xlo\s+xhi|avec)\b", re.MULTILINE)
_STEP = re.compile(r"timestep\s*=\s*(\d{1,18})\b")
_MOST_TYPES = 10_000


def looks_like_data(head: bytes) -> bool:
    """Whether the first bytes of a file leave no doubt that it is such a file."""
    return bool(_HEADER.search(head) and _BOUNDS.search(head))


@dataclass
class _Header:
    counts: dict[str, int] = field(default_factory=dict)
    vectors: NDArray[np.float64] = field(default_factory=lambda: np.zeros((3, 3)))
    origin: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    step: int | None = None
    bounds: set[str] = field(default_factory=set)


def read(path: Path, name: str, frame: int) -> tuple[Frame, None]:
    """Read the snapshot of a LAMMPS data file.

    Particles come sorted by id. The style of the atoms is that of the comment behind ``Atoms``, else what the number
    of words in a row leaves. All axes are periodic, since such files do not tell.
    """
    if frame not in (0, -1):
        raise FileError(f"{name}: there is no frame {frame}; a data file has one, 0")
    with open_text(path, name) as text:
        return _read(text), None


def read_all(path: Path, name: str) -> Iterator[Entry]:
    """The one frame."""
    yield Entry(0, lambda: read(path, name, 0)[0])


def _read(text: TextFile) -> Frame:
    if text.at_end():
        raise FileError(f"{text.name}: the file is empty")
    text.commented = True
    header = _Header()
    found = _STEP.search(text.line("a title"))
    header.step = int(found[1]) if found else None
    masses: dict[str, float] = {}
    labels: dict[str, str] = {}
    atoms: dict[str, NDArray[Any]] | None = None
    velocities: dict[str, NDArray[Any]] | None = None
    while not text.at_end():
        line = text.line("a section").strip()
        words, _, comment = line.partition("#")
        words = words.strip()
        if not words or _read_header_line(text, words, header):
            continue
        if not _SECTION.match(line):
            raise text.error(f"expected a header or a section of a LAMMPS data file, got {shorten(line)}")
        if "atoms" not in header.counts or header.bounds != {"x", "y", "z"}:
            raise text.error(
                "the header of a LAMMPS data file has to give atoms, xlo xhi, ylo yhi and zlo zhi"
            )
        text.at_end()
        if words == "Atoms":
            atoms = _atoms(text, header.counts["atoms"], comment.strip())
        elif words == "Velocities":
            columns = [Field("id", "i"), Field("velocity", "f", 3)]
            extra = text.row_width() - 4
            columns += [Field(f"more{k}", "f") for k in range(max(extra, 0))]
            velocities = text.table(header.counts["atoms"], columns).columns
        elif words == "Masses":
            masses = {a: _float(text, b) for a, b in _pairs(text, header.counts.get("atom types", 0))}
        elif words == "Atom Type Labels":
            labels = dict(_pairs(text, header.counts.get("atom types", 0)))
        else:
            _pass_over(text)
        if atoms is not None and velocities is not None:
            break
    if atoms is None:
        raise FileError(f"{text.name}: the data file has no section Atoms")
    return _frame(text, header, atoms, velocities, masses, labels)


def _read_header_line(text: TextFile, words: str, header: _Header) -> bool:
    parts = words.split()
    names = " ".join(part for part in parts if part[0].isalpha() and part not in ("nan", "inf"))
    numbers = parts[: len(parts) - len(names.split())]
    if names in ("xlo xhi", "ylo yhi", "zlo zhi") and len(numbers) == 2:
        axis = "xyz".index(names[0])
        low, high = (_float(text, number) for number in numbers)
        if high < low:
            raise text.error(f"the box has no extent along {names[0]}: from {low} to {high}")
        header.origin[axis], header.vectors[axis, axis] = low, high - low
        header.bounds.add(names[0])
    elif names == "xy xz yz" and len(numbers) == 3:
        xy, xz, yz = (_float(text, number) for number in numbers)
        header.vectors[1, 0], header.vectors[2, 0], header.vectors[2, 1] = xy, xz, yz
    elif names in ("avec", "bvec", "cvec") and len(numbers) == 3:
        header.vectors["abc".index(names[0])] = [_float(text, number) for number in numbers]
        header.bounds.add("xyz"["abc".index(names[0])])
    elif names == "abc origin" and len(numbers) == 3:
        header.origin[:] = [_float(text, number) for number in numbers]
    elif count := _COUNT.match(words):
        header.counts[count[2].strip()] = int(count[1])
    else:
        return bool(numbers) and bool(names)  # what other programs need, as "extra bond per atom"
    return True


def _float(text: TextFile, word: str) -> float:
    try:
        number = float(word) if "_" not in word else np.nan
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise text.error(f"expected a number, got {shorten(word)}")
    return number


def _pairs(text: TextFile, count: int) -> list[tuple[str, str]]:
    """The rows of a section of types: number and value."""
    if count > _MOST_TYPES:
        raise text.error(f"a data file of {count} atom types cannot be read")
    rows = []
    for _ in range(count):
        words = text.line("a row of types").partition("#")[0].split()
        if len(words) != 2:
            raise text.error(f"expected a type and its value, got {shorten(' '.join(words))}")
        rows.append((words[0], words[1]))
    return rows


def _pass_over(text: TextFile) -> None:
    """Go to the section after this one: the next line that begins with a capital letter."""
    text.find(lambda line: bool(_SECTION.match(line.decode("utf-8", "replace").strip())))


def _atoms(text: TextFile, count: int, style: str) -> dict[str, NDArray[Any]]:
    words = text.look().partition(b"#")[0].split()
    width = len(words)
    name = style.split()[0] if style else ""
    if name not in _STYLES:
        name = _guess(text, words, name)
    columns = _STYLES[name].split()
    images = width == len(columns) + 4
    if not images and width != len(columns) + 1:
        raise text.error(
            f"atoms of style {name} have {len(columns) + 1} or, with images, {len(columns) + 4} words in a row, "
            f"got {width}",
            text.line_number + 1,
        )
    fields = [Field("id", "i"), *(Field(column, _KINDS.get(column, "if")) for column in columns)]
    fields += [Field("image", "i", 3)] if images else []
    return text.table(count, fields).columns


def _guess(text: TextFile, words: list[bytes], name: str) -> str:
    """The style of the atoms, from the number of words in a row and which of them are whole numbers."""
    whole = [bool(re.fullmatch(rb"[+-]?\d+", word)) for word in words]
    fitting = []
    for style in _GUESSES:
        columns = _STYLES[style].split()
        extra = len(words) - 1 - len(columns)
        if extra not in (0, 3) or (extra == 3 and not all(whole[-3:])):
            continue
        kinds = {column: words[1 + k] for k, column in enumerate(columns)}
        numbered = "molecule" not in kinds or whole[1 + columns.index("molecule")]
        if numbered and (whole[1 + columns.index("type")] or kinds["type"][:1].isalpha()):
            fitting.append(style)
    if not fitting or name:
        known, found = ", ".join(_STYLES), shorten(name) if name else "not known"
        raise text.error(
            f"the style of the atoms is {found}; write it behind Atoms, as 'Atoms # atomic'; known are "
            f"{known}",
            text.line_number + (0 if name else 1),
        )
    return fitting[0]


def _frame(
    text: TextFile,
    header: _Header,
    atoms: dict[str, NDArray[Any]],
    velocities: dict[str, NDArray[Any]] | None,
    masses: dict[str, float],
    labels: dict[str, str],
) -> Frame:
    positions = np.stack([atoms.pop(axis) for axis in "xyz"], axis=1)
    if not (np.abs(positions) < 1e100).all():
        row = int(np.argmin((np.abs(positions) < 1e100).all(axis=1)))
        raise FileError(
            f"{text.name}: atom id {atoms['id'][row]}: the coordinates {positions[row].tolist()} are not finite "
            f"numbers of a sensible size"
        )
    order = np.argsort(atoms["id"], kind="stable")
    ids = atoms["id"][order]
    if (np.diff(ids) == 0).any():
        raise FileError(f"{text.name}: the atom id {ids[:-1][np.diff(ids) == 0][0]} occurs more than once")
    atoms = {name: values[order] for name, values in atoms.items()}
    if velocities is not None:
        place = np.argsort(velocities["id"], kind="stable")
        if not np.array_equal(velocities["id"][place], ids):
            raise FileError(f"{text.name}: the ids of the section Velocities are not those of Atoms")
        atoms["velocity"] = velocities["velocity"][place]
    types = atoms.pop("type")
    if masses and "mass" not in atoms and {str(one) for one in np.unique(types).tolist()} <= set(masses):
        different, index = np.unique(types, return_inverse=True)
        atoms["mass"] = np.array([masses[str(one)] for one in different.tolist()])[index.reshape(-1)]
    if labels and types.dtype.kind == "i":
        different, index = np.unique(types, return_inverse=True)
        types = np.array([labels.get(str(one), str(one)) for one in different.tolist()])[index.reshape(-1)]
    images = atoms.pop("image", None)
    box = complete_cell(header.vectors, None, header.origin, positions[order])
    if box is None:
        raise FileError(f"{text.name}: the box of the data file has no extent")
    return Frame(
        positions=positions[order],
        box=box,
        species=types,
        diameters=take_diameters(atoms),
        images=images,
        step=header.step,
        columns=atoms,
        confined=True,
        ids=ids,
    )
