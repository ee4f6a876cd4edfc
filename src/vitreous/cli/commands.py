"""What the commands do: read, compute, write everything or nothing, print."""

from __future__ import annotations

import json as json_module
import os
import time
import webbrowser
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.compilation import kernels_are_compiled
from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.io import FORMATS, atomic_path, read, write
from vitreous.order_parameter import OrderParameter
from vitreous.reveal import P_RED, P_RED_AVERAGED, Revelation
from vitreous.reveal import reveal as reveal_snapshot

__all__ = ["COMPILING", "check_target", "demo", "reveal", "stem", "view"]

_BUNDLED = "hard_spheres_0.58.gsd"
COMPILING = "compiling the kernels (once after installation)"


def reveal(
    file: str,
    reading: dict[str, Any],
    *,
    model: Path | None,
    neighbors: Any,
    symmetry: Any,
    training: dict[str, Any],
    radius: float | None,
    prefix: str | None,
    quiet: bool,
    json: bool,
) -> None:
    """The command `reveal`; in `training` and elsewhere, None is what the person did not say."""
    from vitreous.cli.console import stages, summary

    begun = time.monotonic()
    if prefix is None:
        prefix = f"{stem(file)}.vitreous"
    check_target(prefix)
    said = {name: value for name, value in training.items() if value is not None}
    if model is None:
        order_parameter = _untrained(neighbors=neighbors, symmetry=symmetry, **said)
    else:
        if said:
            option = "--" + next(iter(said)).replace("_", "-")
            raise InputError(f"{option}: it is for training, but --model is applied unchanged; leave one out")
        order_parameter = OrderParameter.load(model)
        order_parameter.require(neighbors=neighbors, symmetry=symmetry)
    with stages(quiet or json) as stage:
        stage(f"reading {Path(file).name}")
        snapshot = read(file, **reading)
        if not kernels_are_compiled():
            stage(COMPILING)
            _compile()
        found = reveal_snapshot(snapshot, order_parameter, radius=radius, progress=stage)
        stage("picture and files")
        written = _write_all(found, prefix, with_model=found.trained_here)
    if json:
        print(json_module.dumps({**found.as_dict(), "files": written}, ensure_ascii=False, indent=1))
    elif not quiet:
        summary(found, written, time.monotonic() - begun)


def _untrained(*, seed: int = 0, **options: Any) -> OrderParameter:
    given = {name: value for name, value in options.items() if value is not None}
    order_parameter = OrderParameter(random_state=seed, **given)
    order_parameter.check_parameters()
    return order_parameter


def view(
    file: str,
    reading: dict[str, Any],
    *,
    page: Path | None,
    color: str | None,
    browser: bool,
    quiet: bool,
) -> None:
    """The command `view`."""
    from vitreous.cli.console import stages
    from vitreous.plot import write_page

    target = page if page is not None else Path(f"{stem(file)}.html")
    if target.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{target}: a page needs the suffix .html")
    check_target(str(target))
    with stages(quiet) as stage:
        stage(f"reading {Path(file).name}")
        snapshot = read(file, **reading)
        columns = _flat(snapshot)
        if color is not None and color not in columns:
            known = ", ".join(columns) or "no columns"
            raise InputError(f"--color: {file} has no column {color!r}; it has {known}")
        preferred = [name for name in (P_RED_AVERAGED, P_RED) if name in columns]
        stage("page")
        write_page(
            target,
            snapshot,
            columns,
            title=Path(file).name,
            color_by=color or (preferred[0] if preferred else None),
        )
    if not quiet:
        print(f"{target} ({target.stat().st_size / 1e6:.1f} MB): open it in any browser, no network needed")
    if browser:
        webbrowser.open(target.resolve().as_uri())


def _flat(snapshot: Configuration) -> dict[str, NDArray[Any]]:
    """The columns to show, those with several components cut into one column each."""
    columns: dict[str, NDArray[Any]] = {}
    for name, values in snapshot.columns.items():
        if name == "species":
            continue
        if values.ndim == 1:
            columns[name] = values
            continue
        rows = values.reshape(len(values), -1)
        columns |= {f"{name}_{k}": rows[:, k - 1] for k in range(1, rows.shape[1] + 1)}
    return columns


def demo(*, prefix: str, quiet: bool, json: bool) -> None:
    """The command `demo`."""
    with as_file(files("vitreous") / "data" / _BUNDLED) as path:
        reveal(
            str(path),
            {},
            model=None,
            neighbors=None,
            symmetry=None,
            training={},
            radius=None,
            prefix=prefix,
            quiet=quiet,
            json=json,
        )
    if not quiet and not json:
        print(f"Next: vitreous view {prefix}.gsd, or vitreous reveal on a snapshot of your own.\n")


def _write_all(found: Revelation, prefix: str, *, with_model: bool) -> list[str]:
    """Write all files under temporary names, and give them theirs when all are whole."""
    from vitreous.plot import save_figure, snapshot_figure

    panels = {
        r"$P_\mathrm{red}$": found.p_red,
        r"$\bar{P}_\mathrm{red}$": found.p_red_averaged,
    }
    diameters = None if found.configuration.diameters is not None else found.radius / 2
    suffixes = [".png", ".gsd", ".extxyz", *([".vtm"] if with_model else [])]
    with ExitStack() as stack:
        temporary = {suffix: stack.enter_context(atomic_path(prefix + suffix)) for suffix in suffixes}
        try:
            if with_model:
                found.model.save(temporary[".vtm"])
            write(temporary[".gsd"], found.configuration)
            write(temporary[".extxyz"], found.configuration)
            save_figure(snapshot_figure(found.configuration, panels, diameters=diameters), temporary[".png"])
        except FileError as error:
            message = str(error)
            for suffix, path in temporary.items():  # the names that a person knows
                message = message.replace(str(path), prefix + suffix)
            raise FileError(message) from None
    return [prefix + suffix for suffix in suffixes]


def stem(file: str) -> str:
    """Name of the file in the current folder without the suffixes of its format."""
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


def _compile() -> None:
    """Call the kernels once on a small system, so that the wait has its own message."""
    from vitreous.plot import render_snapshot

    rng = np.random.default_rng(0)
    snapshot = Configuration(rng.random((200, 3)) * 6.0, box=(6.0, 6.0, 6.0))
    model = OrderParameter(reducer="pca").fit(snapshot)
    found = reveal_snapshot(snapshot, model, radius=2.0)
    render_snapshot(found.configuration, found.p_red, pixels=32)
