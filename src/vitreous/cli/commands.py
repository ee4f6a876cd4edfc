"""What the commands do: read, compute, write everything or nothing, print."""

from __future__ import annotations

import json as json_module
import time
import webbrowser
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.cli.files import check_target, stem, write_revealed
from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.compilation import kernels_are_compiled
from vitreous.configuration import Configuration
from vitreous.ensemble.cage_sampling import sample_cages
from vitreous.errors import InputError
from vitreous.io import read
from vitreous.jobs.reveal import Revelation
from vitreous.jobs.reveal import reveal as reveal_snapshot
from vitreous.jobs.reveal_cages import CAGE_AVERAGED, reveal_cages
from vitreous.order_parameter import OrderParameter
from vitreous.order_parameter.cage import PRETRAINED, CageOrderParameter
from vitreous.order_parameter.cage_file import FORMAT as CAGE_FORMAT
from vitreous.order_parameter.sealed_file import format_of

__all__ = ["COMPILING", "demo", "reveal", "view"]

_BUNDLED = "hard_spheres_0.58.gsd"
COMPILING = "compiling the kernels (once after installation)"


def reveal(
    file: str,
    reading: dict[str, Any],
    *,
    by: str | None,
    model: str | None,
    training: dict[str, Any],
    sampling: dict[str, Any],
    seed: int | None,
    prefix: str | None,
    quiet: bool,
    json: bool,
) -> None:
    """The command `reveal`; `training` are the options of the paper's order parameter, `sampling` those of the cages'.

    None is what the person did not say.
    """
    if by not in (None, "paper", "cage"):
        raise InputError(f"--by: expected paper or cage, got {by!r}")
    trained = None if model is None else _load(model)
    kind = by or ("cage" if isinstance(trained, CageOrderParameter) else "paper")
    others = {"paper": sampling, "cage": training}[kind]
    for name, value in others.items():
        if value is not None:
            other = "cage" if kind == "paper" else "paper"
            raise InputError(f"--{name.replace('_', '-')}: it belongs to --by {other}; leave it out here")
    if kind == "cage":
        from vitreous.cli.revealing_cages import reveal_by_cage

        if trained is not None and not isinstance(trained, CageOrderParameter):
            raise InputError(f"--by cage: {model} is a model of the paper's order parameter; leave --by out")
        options = {name: value for name, value in sampling.items() if value is not None}
        reveal_by_cage(
            file, reading, model=trained, seed=seed, prefix=prefix, quiet=quiet, json=json, **options
        )
        return
    if trained is not None and not isinstance(trained, OrderParameter):
        raise InputError(f"--by paper: {model} is a cage order parameter; leave --by out")
    _reveal_by_paper(
        file, reading, model=trained, seed=seed, prefix=prefix, quiet=quiet, json=json, **training
    )


def _load(model: str) -> OrderParameter | CageOrderParameter:
    """A model of either kind, from a file or by the name of one that comes along."""
    if not Path(model).exists() and model in PRETRAINED:
        return CageOrderParameter.pretrained(model)
    if format_of(model) == CAGE_FORMAT:
        return CageOrderParameter.load(model)
    return OrderParameter.load(model)


def _reveal_by_paper(
    file: str,
    reading: dict[str, Any],
    *,
    model: OrderParameter | None,
    neighbors: Any,
    symmetry: Any,
    radius: float | None,
    seed: int | None,
    prefix: str | None,
    quiet: bool,
    json: bool,
    **training: Any,
) -> None:
    from vitreous.cli.console import stages, summary

    begun = time.monotonic()
    if prefix is None:
        prefix = f"{stem(file)}.vitreous"
    check_target(prefix)
    said = {name: value for name, value in {**training, "seed": seed}.items() if value is not None}
    if model is None:
        order_parameter = _untrained(neighbors=neighbors, symmetry=symmetry, **said)
    else:
        if said:
            option = "--" + next(iter(said)).replace("_", "-")
            raise InputError(f"{option}: it is for training, but --model is applied unchanged; leave one out")
        order_parameter = model
        order_parameter.require(neighbors=neighbors, symmetry=symmetry)
    with stages(quiet or json) as stage:
        stage(f"reading {Path(file).name}")
        snapshot = read(file, **reading)
        if not kernels_are_compiled():
            stage(COMPILING)
            _compile()
        found = reveal_snapshot(snapshot, order_parameter, radius=radius, progress=stage)
        stage("picture and files")
        written = write_revealed(
            found.configuration,
            _panels(found),
            prefix,
            model=found.model if found.trained_here else None,
            diameters=found.radius / 2,
        )
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
        preferred = [name for name in (CAGE_AVERAGED, P_RED_AVERAGED, P_RED) if name in columns]
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
    """The command `demo`: the order parameter of the paper and that of the cages, of one snapshot, side by side."""
    from vitreous.cli.console import stages, summary
    from vitreous.cli.revealing_cages import PANELS, cage_rows

    begun = time.monotonic()
    check_target(prefix)
    with stages(quiet or json) as stage:
        with as_file(files("vitreous") / "data" / _BUNDLED) as path:
            snapshot = read(path)
        if not kernels_are_compiled():
            stage(COMPILING)
            _compile()
        paper = reveal_snapshot(snapshot, OrderParameter(random_state=0), progress=stage)
        cages = sample_cages(paper.configuration, "hard-spheres", progress=stage)
        cage = reveal_cages(paper.configuration, cages, CageOrderParameter(), progress=stage)
        stage("picture and files")
        panels = {**_panels(paper), PANELS[CAGE_AVERAGED]: cage.averages[CAGE_AVERAGED]}
        written = write_revealed(cage.configuration, panels, prefix, model=paper.model)
    if json:
        both = {"paper": paper.as_dict(), "cage": cage.as_dict(), "files": written}
        print(json_module.dumps(both, ensure_ascii=False, indent=1))
    elif not quiet:
        beside = [("", ""), *cage_rows(cage)]
        summary(paper, written, time.monotonic() - begun, beside=beside)
        print(f"Next: vitreous view {prefix}.gsd, or vitreous reveal on a snapshot of your own.\n")


def _panels(found: Revelation) -> dict[str, NDArray[np.float64]]:
    return {r"$P_\mathrm{red}$": found.p_red, r"$\bar{P}_\mathrm{red}$": found.p_red_averaged}


def _compile() -> None:
    """Call the kernels once on a small system, so that the wait has its own message."""
    from vitreous.plot import render_snapshot

    rng = np.random.default_rng(0)
    snapshot = Configuration(rng.random((200, 3)) * 6.0, box=(6.0, 6.0, 6.0))
    model = OrderParameter(reducer="pca").fit(snapshot)
    found = reveal_snapshot(snapshot, model, radius=2.0)
    render_snapshot(found.configuration, found.p_red, pixels=32)
