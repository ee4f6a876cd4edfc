"""The command `view`: an interactive page of a snapshot."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import vitreous as vt
from vitreous.cli.console import stages
from vitreous.cli.files import check_target, stem
from vitreous.cli.options import OUTPUT, Debug, Quiet, option, output_option
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.column_names import CAGE_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.errors import InputError
from vitreous.io.keywords import SnapshotKeywords

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["view"]


@reads(*SNAPSHOT)
def view(
    file: Annotated[Path, typer.Argument(help="Any readable file; best what reveal has written.")],
    output: Annotated[Path | None, output_option("PAGE.html", "The page.", "FILE.html")] = None,
    color: Annotated[str | None, option(OUTPUT, "Column to colour by at first.", metavar="COLUMN")] = None,
    browser: Annotated[bool, option(OUTPUT, "Open the page in the browser.", "--open")] = False,
    reading: SnapshotKeywords = {},  # noqa: B006  # the options of `reads`
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make an interactive 3D page of a snapshot: one file, no network needed."""
    from vitreous.plot import write_page

    target = output if output is not None else Path(f"{stem(file)}.html")
    if target.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{target}: a page needs the suffix .html")
    check_target(str(target))
    with stages(quiet) as stage:
        stage(f"reading {file.name}")
        snapshot = vt.read(file, **reading)
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
            title=file.name,
            color_by=color or (preferred[0] if preferred else None),
        )
    if not quiet:
        print(f"{target} ({target.stat().st_size / 1e6:.1f} MB): open it in any browser, no network needed")
    if browser:
        webbrowser.open(target.resolve().as_uri())


def _flat(snapshot: vt.Configuration) -> dict[str, NDArray[Any]]:
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
