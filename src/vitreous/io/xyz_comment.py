"""What the comment line of an xyz file says: of extended xyz, atooms, RUMD, LAMMPS, and whoever writes like them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitreous.io.comment import parse_colons, parse_pairs
from vitreous.io.text import TextFile, shorten

__all__ = ["ALIASES", "Cell", "comment_values", "take_cell", "take_clock", "take_unwrapped"]

_COLON_KEYS = {"cell", "columns", "step", "time", "timestep", "dt", "pbc", "box"}
_WORDS = re.compile(
    r"(?<![a-z])(time[ _-]?step|step|time)\s*[:=]?\s+([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)(?![\w.])"
)
# Other names, in lower case, under which programs write the time and the step.
ALIASES = {
    "time": ("time", "t", "simtime", "sim_time", "simulation_time", "physical_time"),
    "step": (
        "step", "timestep", "time_step", "timestepindex", "mdstep", "md_step", "nstep", "iteration", "iter", "i",
    ),
}  # fmt: skip
_CASE_COUNTS = ("t", "i")  # T is a temperature
_LATTICES = ("lattice", "cell", "box", "boxlengths", "sim_box")
_CENTRED = ("boxlengths", "sim_box")  # RUMD has the origin in the middle of the box
_RECTANGULAR, _SHEARED = "RectangularSimulationBox", "LeesEdwardsSimulationBox"


def comment_values(comment: str) -> dict[str, Any]:
    """Values by key, of whatever dialect; a comment without any is kept as ``comment``."""
    pairs = parse_pairs(comment)
    if "Properties" in pairs:
        return pairs
    colons = parse_colons(comment)
    if _COLON_KEYS & {key.lower() for key in colons}:
        return colons
    if "=" in comment:
        return pairs
    found: dict[str, Any] = {}
    for key, number in _WORDS.findall(comment.lower()):
        value = _number(number)
        if value is not None:
            found.setdefault(re.sub("[ -]", "_", key), value)
    return {**found, "comment": comment} if comment else {}


def _number(word: str) -> int | float | None:
    try:
        return int(word) if re.fullmatch(r"[-+]?[0-9]{1,18}", word) else float(word)
    except ValueError:
        return None


def _take_number(
    values: dict[str, Any], what: str, types: tuple[type, ...]
) -> tuple[bool, int | float | None]:
    """A number under one of the names of `what`, taken out; whether the file says that it is not known."""
    if what in values and values[what] is None:
        del values[what]
        return True, None
    for key in [what, *values]:
        name = key if key.lower() in _CASE_COUNTS else key.lower()
        if name in ALIASES[what] and type(values.get(key)) in types:
            return True, values.pop(key)
    return False, None


def take_clock(values: dict[str, Any]) -> tuple[int | None, float | None]:
    """Step and time, taken out of the values of a comment; the time also from the step and ``dt``."""
    _, step = _take_number(values, "step", (int,))
    told, time = _take_number(values, "time", (int, float))
    if time is None and not told and step is not None:
        dt: Any = values.get("dt", values.get("timestep"))
        integrator = values.get("integrator")
        if isinstance(integrator, str) and integrator.startswith(
            "Integrator"
        ):  # of RUMD: name, time step, ...
            dt = _number([*integrator.split(","), ""][1])
        if type(dt) in (int, float) and 0 < dt < np.inf and abs(step) < 2**53:
            time = step * float(dt)
    return None if step is None else int(step), time


def take_unwrapped(values: dict[str, Any]) -> bool:
    """The flag ``unwrapped``, taken out."""
    return bool(values.pop("unwrapped")) if type(values.get("unwrapped")) is bool else False


class Cell(NamedTuple):
    """What a comment says of the cell: (3, 3) edges as rows, zero where they are not known, (3,) origin, flags."""

    vectors: NDArray[np.float64] | None
    origin: NDArray[np.float64] | None
    periodic: tuple[bool, bool, bool] | None


def take_cell(text: TextFile, values: dict[str, Any], line: int) -> Cell:
    """Cell, origin and periodicity, taken out of the values of a comment; errors name the line."""
    periodic = None
    if "pbc" in values:
        periodic = _flags(text, values.pop("pbc"), line)
    origin = _numbers(text, "Origin", values.pop("Origin"), (3,), line) if "Origin" in values else None
    keys = sorted(
        (key for key in values if key.lower() in _LATTICES), key=lambda key: _LATTICES.index(key.lower())
    )
    for key in keys:
        if key.lower() == "box" and len(_split(values[key])) not in (3, 9) and not _is_length(values[key]):
            continue  # whatever it is, metadata
        value = values.pop(key)
        kind = ""
        if key.lower() == "sim_box":
            kind, *words = str(value).split(",")
            if kind not in (_RECTANGULAR, _SHEARED):
                raise text.error(f"cannot read the box {shorten(str(value))}", line)
            value = words
        vectors = _vectors(text, key, value, kind == _SHEARED, line)
        if key.lower() in _CENTRED and origin is None:
            origin = -0.5 * vectors.sum(axis=0)
        return Cell(vectors, origin, periodic)
    return Cell(None, origin, periodic)


def _vectors(text: TextFile, key: str, value: Any, sheared: bool, line: int) -> NDArray[np.float64]:
    if len(_split(value)) == 2:
        raise text.error(f"{key} has two lengths: two-dimensional; vitreous needs three dimensions", line)
    sizes = (4,) if sheared else (9,) if key == "Lattice" else (1, 9, 3)
    numbers = _numbers(text, key, value, sizes, line)
    if numbers.size == 9:
        return numbers.reshape(3, 3)
    if (numbers[:3] < 0).any() or not numbers.any():
        raise text.error(f"{key} must have positive lengths, got {shorten(str(value))}", line)
    vectors = np.diag(np.broadcast_to(numbers[:3], 3)).copy()
    if sheared:
        vectors[1, 0] = numbers[3]
    return vectors


def _is_length(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < np.inf


def _split(value: Any) -> list[Any]:
    """The words of a list, however it is separated."""
    if isinstance(value, str):
        return [word for word in re.split(r"[\s,;]+", value.strip().strip("[](){}\"'")) if word]
    return np.asarray(value).ravel().tolist() if isinstance(value, np.ndarray | list) else [value]


def _numbers(text: TextFile, key: str, value: Any, sizes: tuple[int, ...], line: int) -> NDArray[np.float64]:
    try:
        words = _split(value)
        if any(isinstance(word, str) and "_" in word for word in words):
            raise ValueError
        numbers = np.array(words, dtype=np.float64).ravel()
    except (TypeError, ValueError, OverflowError):
        numbers = np.empty(0)
    if numbers.size not in sizes:
        raise text.error(f"{key} must have {sizes[-1]} values, got {shorten(str(value))}", line)
    return numbers


def _flags(text: TextFile, value: Any, line: int) -> tuple[bool, bool, bool]:
    if isinstance(value, str):
        words = _split(value)
        words = list(words[0]) if len(words) == 1 and len(words[0]) == 3 else words
        known = {"t": True, "f": False, "true": True, "false": False, "1": True, "0": False}
        value = [known.get(str(word).lower(), word) for word in words]
    flags = np.broadcast_to(_numbers(text, "pbc", value, (1, 3), line), 3)
    return bool(flags[0]), bool(flags[1]), bool(flags[2])
