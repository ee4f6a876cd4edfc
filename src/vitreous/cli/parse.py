"""From option texts to values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vitreous.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vitreous.ensemble.certificates import Certificates

__all__ = [
    "bottleneck",
    "budget",
    "certificates",
    "distances",
    "frames",
    "names",
    "neighbors",
    "reading",
    "refuse",
    "shard",
    "times",
]


def reading(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of `vitreous.read` and its like from the options of `cli.reading` that were given."""
    if given.get("frame") is not None:
        other = next((name for name in ("frames", "since", "until") if given.get(name) is not None), None)
        if other is not None:
            option = {"frames": "--frames", "since": "--from", "until": "--to"}[other]
            raise InputError(f"{option}: --frame chooses one frame; leave one out")
    values = {
        name: _READERS[name](value) if name in _READERS else value
        for name, value in given.items()
        if value is not None and value is not False
    }
    return {_ARGUMENTS.get(name, name): value for name, value in values.items()}


def refuse(why: str, **options: object) -> None:
    """Refuse the first of these options that was given, so is not None; `why` follows its name."""
    for name, value in options.items():
        if value is not None:
            raise InputError(f"--{name.replace('_', '-')}: {why}")


def neighbors(text: str | None) -> Any:
    """What `OrderParameter` takes as neighbours; None where nothing was said."""
    if text is None or text in ("sann", "cutoff"):
        return text
    return distances("--neighbors", text)


def distances(option: str, text: str) -> float | dict[tuple[str, str], float]:
    """One distance, or one for each pair of species from A-A=1.4,A-B=1.2,B-B=1.3."""
    if "=" not in text:
        return _number(option, text)
    matrix = {}
    for pair, distance in _pairs(option, text, lambda value: _number(option, value)).items():
        labels = pair.split("-")
        if len(labels) != 2 or not all(labels):
            raise InputError(f"{option}: expected pairs such as A-B=1.2, got {pair!r}")
        matrix[labels[0], labels[1]] = distance
    return matrix


def frames(text: str | None) -> slice | None:
    """What START:STOP:STEP chooses, as in Python; None where nothing was said."""
    if text is None:
        return None
    if text == "all":
        return slice(None)
    parts = text.split(":")
    try:
        if len(parts) not in (2, 3):
            raise ValueError
        chosen = slice(*(int(part) if part.strip() else None for part in parts))
    except ValueError:
        raise InputError(f"--frames: expected all or START:STOP:STEP, as 20:80:2; got {text!r}") from None
    if chosen.step is not None and chosen.step < 1:
        raise InputError(f"--frames: STEP must be 1 or more, got {text!r}")
    return chosen


def names(text: str | None) -> list[str] | None:
    """Names from A,B,...; None where nothing was said."""
    return None if text is None else [part.strip() for part in text.split(",")]


def bottleneck(text: str | None) -> int | Literal["auto"] | None:
    """A dimension or "auto"; None where nothing was said."""
    if text is None or text == "auto":
        return text  # type: ignore[return-value]
    if not text.isdigit():
        raise InputError(f"--bottleneck: expected auto or a whole number, got {text!r}")
    return int(text)


def times(text: str | None) -> NDArray[np.float64] | None:
    """Output times from log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...; None where nothing was said."""
    from vitreous.simulate.schedule import linear_times, log_times, output_times

    if text is None:
        return None
    kind, *parts = text.split(":")
    if not parts:
        return output_times([_number("--times", part) for part in text.split(",")])
    if kind not in ("log", "linear") or len(parts) != 3 or not parts[2].isdigit():
        raise InputError(
            f"--times: expected log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...; got {text!r}"
        )
    first, last = (_number("--times", part) for part in parts[:2])
    return (log_times if kind == "log" else linear_times)(first, last, int(parts[2]))


def shard(text: str | None) -> tuple[int, int]:
    """(i, n) from I/N; all of one where nothing was said."""
    if text is None:
        return 0, 1
    part, slash, parts = text.partition("/")
    if not (slash and part.isdigit() and parts.isdigit() and int(part) < int(parts)):
        raise InputError(f"--shard: expected I/N with I from 0 to N - 1, as 0/4; got {text!r}")
    return int(part), int(parts)


def budget(decide: bool, text: str | None) -> float | None:
    """Seconds of --budget, infinite where none was said; None without --decide."""
    if not decide:
        if text is not None:
            raise InputError("--budget: is for --decide; give it too")
        return None
    if text is None:
        return math.inf
    found = re.fullmatch(r"(\d+(?:\.\d*)?)([smh])", text.strip())
    if found is None:
        raise InputError(f"--budget: expected a time with its unit, as 8h, 90m or 600s; got {text!r}")
    return float(found[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[found[2]]


def certificates(
    scheduler: str | None, authority: Path | None, certificate: Path | None, key: Path | None
) -> Certificates:
    """--tls-ca, --tls-cert and --tls-key."""
    from vitreous.ensemble.certificates import Certificates

    found = Certificates(authority, certificate, key)
    if found.given and scheduler is None:
        raise InputError("--tls-ca, --tls-cert, --tls-key: are for --scheduler tls://HOST:PORT; give it too")
    return found


def _box(text: str) -> list[float] | str:
    if Path(text).is_file() or re.search(r"[a-zA-Z]{4}", text):
        return text  # a file with a box for each frame
    numbers = [_number("--box", part) for part in text.split(",")]
    if len(numbers) not in (1, 3, 6):
        raise InputError(f"--box: expected LX,LY,LZ or LX,LY,LZ,XY,XZ,YZ, got {text!r}")
    return numbers


def _species(text: str) -> dict[str, str] | str:
    return _pairs("--species", text, str) if re.search("[=,]", text) else text


def _axes(text: str) -> tuple[bool, bool, bool]:
    if text == "none":
        return False, False, False
    if not text or set(text) - set("xyz") or len(set(text)) != len(text):
        raise InputError(f"--periodic: expected axes such as xyz or xy, or none; got {text!r}")
    return "x" in text, "y" in text, "z" in text


def _diameters(text: str) -> float | dict[str, float]:
    if "=" not in text:
        return _number("--diameters", text)
    return _pairs("--diameters", text, lambda value: _number("--diameters", value))


def _pairs(option: str, text: str, value_of: Callable[[str], Any]) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise InputError(f"{option}: expected NAME=VALUE,NAME=VALUE, got {text!r}")
        if name.strip() in pairs:
            raise InputError(f"{option}: {name.strip()} is given twice")
        pairs[name.strip()] = value_of(value.strip())
    return pairs


def _number(option: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{option}: expected a number, got {text!r}")
    return number


_READERS: dict[str, Callable[[str], Any]] = {
    "frames": frames,
    "box": _box,
    "periodic": _axes,
    "species": _species,
    "diameters": _diameters,
}
_ARGUMENTS = {"since": "begin", "until": "end"}
