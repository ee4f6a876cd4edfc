"""Names of the files that commands write, and writing all of them or none."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vitreous.errors import FileError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from vitreous.configuration import Configuration

__all__ = [
    "check_target",
    "prefix_of",
    "print_json",
    "stem",
    "write_json",
    "write_revealed",
    "write_with_figure",
]


class _Model(Protocol):
    def save(self, path: str | Path) -> Path: ...


def write_revealed(
    configuration: Configuration,
    panels: Mapping[str, ArrayLike],
    prefix: str,
    *,
    model: _Model | None,
    diameters: Any = None,
) -> list[str]:
    """Write picture, GSD, extxyz and model under temporary names, and give them theirs when all are whole.

    Diameters are those of the picture, where the configuration has none.
    """
    from vitreous.io import atomic_path, write
    from vitreous.plot import save_figure, snapshot_figure

    if configuration.diameters is not None:
        diameters = None
    suffixes = [".png", ".gsd", ".extxyz", *([] if model is None else [".vtm"])]
    with ExitStack() as stack:
        temporary = {suffix: stack.enter_context(atomic_path(prefix + suffix)) for suffix in suffixes}
        if model is not None:
            model.save(temporary[".vtm"])
        write(temporary[".gsd"], configuration)
        write(temporary[".extxyz"], configuration)
        save_figure(snapshot_figure(configuration, panels, diameters=diameters), temporary[".png"])
    return [prefix + suffix for suffix in suffixes]


def write_with_figure(document: Mapping[str, Any], figure: Figure, prefix: str) -> list[str]:
    """Write PREFIX.json and PREFIX.png, both or none."""
    from vitreous.io import atomic_path
    from vitreous.plot import save_figure

    files = [f"{prefix}.json", f"{prefix}.png"]
    with atomic_path(files[0]) as numbers, atomic_path(files[1]) as picture:
        write_json(numbers, document)
        save_figure(figure, picture)
    return files


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """A document as a text file."""
    path.write_text(_json(document) + "\n", encoding="utf-8")


def print_json(document: Mapping[str, Any], files: Sequence[str]) -> None:
    """What `--json` prints in every command: the numbers, and under ``files`` the names of the files written."""
    print(_json({**document, "files": list(files)}))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def prefix_of(file: str | Path, given: str | None, ending: str = "") -> str:
    """Start of the names of the files written: as given, or by what is read. Refused where it could not be written."""
    prefix = f"{stem(file)}{ending}" if given is None else given
    check_target(prefix)
    return prefix


def stem(file: str | Path) -> str:
    """Name of the file in the current folder without the suffixes of its format."""
    from vitreous.io import FORMATS

    name = Path(file).name
    name = name.removesuffix(".gz")
    for suffix in {suffix for known in FORMATS for suffix in known.suffixes}:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def check_target(prefix: str) -> None:
    """Refuse before the work what could not be written after it."""
    folder = Path(prefix).parent
    if not Path(prefix).name or prefix.endswith("/"):
        raise FileError(f"{prefix}: the output needs a name, not only a folder")
    if not folder.is_dir():
        raise FileError(f"{prefix}: the folder {folder} does not exist")
    if not os.access(folder, os.W_OK):
        raise FileError(f"{prefix}: the folder {folder} is not writable; choose another with --output")
