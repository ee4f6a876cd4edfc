"""The command `demo`: the order parameter of the paper and that of the cages, of one bundled snapshot, side by side."""

from __future__ import annotations

import time
from importlib.resources import as_file, files
from typing import Annotated

import vitreous as vt
from vitreous.cli.compiling import compile_kernels
from vitreous.cli.console import stages
from vitreous.cli.files import check_target, print_json, write_revealed
from vitreous.cli.options import Debug, Json, Quiet, output_option
from vitreous.cli.revelation import PANELS, cage_rows, paper_panels, paper_summary
from vitreous.column_names import CAGE_AVERAGED

__all__ = ["demo"]

_BUNDLED = "hard_spheres_0.58.gsd"


def demo(
    output: Annotated[
        str, output_option("PREFIX", "Start of the names of all files written.", default=True)
    ] = "vitreous-demo",
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Reveal a bundled snapshot of 2,000 hard spheres at packing fraction 0.58, in seconds."""
    begun = time.monotonic()
    check_target(output)
    with stages(quiet or json) as stage:
        with as_file(files("vitreous") / "data" / _BUNDLED) as path:
            snapshot = vt.read(path)
        compile_kernels(stage)
        paper = vt.reveal(snapshot, progress=stage)
        cages = vt.sample_cages(paper.configuration, "hard-spheres", progress=stage)
        cage = vt.reveal_cages(paper.configuration, cages, vt.CageOrderParameter(), progress=stage)
        stage("picture and files")
        panels = {**paper_panels(paper), PANELS[CAGE_AVERAGED]: cage.averages[CAGE_AVERAGED]}
        written = write_revealed(cage.configuration, panels, output, model=paper.model)
    if json:
        print_json({"paper": paper.as_dict(), "cage": cage.as_dict()}, written)
    elif not quiet:
        beside = [("", ""), *cage_rows(cage)]
        paper_summary(paper, written, time.monotonic() - begun, beside=beside)
        print(f"Next: vitreous view {output}.gsd, or vitreous reveal on a snapshot of your own.\n")
