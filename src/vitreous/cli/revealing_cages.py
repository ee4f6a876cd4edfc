"""What `reveal --by cage` does: cages, order parameter, files, and what is seen of them."""

from __future__ import annotations

import json as json_module
import math
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from vitreous.cli.console import correlation_rows, facts_table, stages
from vitreous.cli.files import check_target, stem, write_revealed
from vitreous.configuration import Configuration
from vitreous.ensemble.cage_sampling import sample_cages
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, glass_former, model_of_record
from vitreous.glassformers.snapshot import as_model
from vitreous.io import read
from vitreous.jobs.reveal_cages import (
    CAGE,
    CAGE_AVERAGED,
    DEBYE_WALLER_AVERAGED,
    CageRevelation,
    reveal_cages,
)
from vitreous.order_parameter.cage import CageOrderParameter

__all__ = ["PANELS", "cage_rows", "reveal_by_cage"]

_NAMES = {CAGE: "cage", CAGE_AVERAGED: "cage averaged", DEBYE_WALLER_AVERAGED: "ln v averaged"}
_LEARNED_HERE = (
    "intervals of what was learned here span what is learned from the cages of other places, since any structure goes "
    "with mobility somehow; to narrow them, take several snapshots (correlate --league)"
)
PANELS = {
    CAGE_AVERAGED: "cage, averaged",
    DEBYE_WALLER_AVERAGED: r"$\ln\,v$, averaged",
}
"""Titles of the pictures."""


def reveal_by_cage(
    file: str,
    reading: dict[str, Any],
    *,
    model: CageOrderParameter | None,
    seed: int | None,
    liquid: str | None = None,
    temperature: float | None = None,
    runs: int = 16,
    duration: float | None = None,
    workers: int = 1,
    length: float | None = None,
    force: bool = False,
    prefix: str | None,
    quiet: bool,
    json: bool,
) -> None:
    """The command `reveal` for a cage order parameter, to be trained or given; None is what the person did not say."""
    begun = time.monotonic()
    if prefix is None:
        prefix = f"{stem(file)}.vitreous"
    check_target(prefix)
    with stages(quiet or json) as stage:
        stage(f"reading {Path(file).name}")
        snapshot = read(file, **reading)
        former, heat = _liquid(snapshot, liquid, temperature, file, needed=model is None)
        cages = None
        if former is not None:
            snapshot = _with_diameters(snapshot, former)
            cages = sample_cages(
                snapshot,
                former,
                temperature=heat,
                runs=runs,
                duration=duration,
                random_state=0 if seed is None else seed,
                workers=workers,
                progress=stage,
            )
        found = reveal_cages(
            snapshot,
            cages,
            CageOrderParameter() if model is None else model,
            length=length,
            force=force,
            progress=stage,
        )
        stage("picture and files")
        panels = {PANELS[name]: values for name, values in found.averages.items()}
        written = write_revealed(
            found.configuration,
            panels,
            prefix,
            model=found.model if found.trained_here else None,
            diameters=found.model.unit_,
        )
    if json:
        print(json_module.dumps({**found.as_dict(), "files": written}, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(found, written, time.monotonic() - begun)


def _liquid(
    snapshot: Configuration, liquid: str | None, temperature: float | None, file: str, *, needed: bool
) -> tuple[GlassFormer | None, float | None]:
    """Whose forces move the particles; what the file says counts where a model has to be trained."""
    told = snapshot.metadata.get("simulation")
    told = told if needed and isinstance(told, dict) else {}
    if liquid is None and "model" not in told:
        if needed:
            raise InputError(
                f"--liquid: {file} does not say of which liquid it is, and cages are seen by moving its particles; "
                f"give --liquid, or --model with a trained model, which needs positions only"
            )
        return None, None
    former = model_of_record(told) if liquid is None else glass_former(liquid)
    if temperature is None and not former.is_hard:
        temperature = told.get("temperature")
        if temperature is None:
            raise InputError("--temperature: a snapshot does not show its temperature; give it")
    return former, temperature


def _with_diameters(snapshot: Configuration, former: GlassFormer) -> Configuration:
    known = as_model(snapshot, former).diameters
    return snapshot if snapshot.diameters is not None else snapshot.with_diameters(known)


def cage_rows(found: CageRevelation) -> list[tuple[str, str]]:
    """Rows of the summary about cages, what was learned, and the propensity in the file."""
    model, cages = found.model, found.cages
    rows = []
    if cages is not None:
        heat = "" if cages.temperature is None else f" at temperature {cages.temperature:g}"
        rows.append(
            (
                "cages",
                f"{cages.runs} short runs of {cages.liquid}{heat} to t = {cages.duration:g}, seed {cages.seed}; both "
                f"halves agree to {cages.agreement:.2f}",
            )
        )
        slope = cages.plateau.least_slope
        if math.isfinite(slope):
            rows.append(("", f"the mean squared displacement rises as t^{slope:.2f} where it rises least"))
    if found.trained_here:
        rows.append(("trained on", "the cages of this snapshot"))
    else:
        state = "" if model.temperature_ is None else f" at temperature {model.temperature_:g}"
        rows.append(("trained on", f"{model.source_ or 'snapshots'}, {model.liquid_}{state}"))
    for remark in found.remarks:
        style = (
            "yellow" if "NOT" in remark or "NOTHING" in remark or remark.startswith("Another") else "green"
        )
        plain = remark.startswith(("Structure explains", "Assumed", "Positions only"))
        rows.append(("", remark if plain else f"[{style}]{remark}[/]"))
    rows.append(("averaged with", f"exp(-r/{found.length:.3g})"))
    remark = _LEARNED_HERE if found.trained_here else ""
    return [*rows, *correlation_rows(found.correlations, found.noise_ceilings, _NAMES, remark)]


def _summary(found: CageRevelation, files: list[str], seconds: float) -> None:
    console = Console(highlight=False)
    facts: dict[str, Any] = found.as_dict()
    table = facts_table()
    species = ", ".join(f"{n:,} {name}" for name, n in facts["species"].items())
    table.add_row("snapshot", Path(str(facts["source"])).name)
    table.add_row(
        "particles", f"{facts['particles']:,} ({species}), number density {facts['number_density']:.4g}"
    )
    for row in cage_rows(found):
        table.add_row(*row)
    table.add_row("time", f"{seconds:.1f} s")
    for k, file in enumerate(files):
        table.add_row("written" if k == 0 else "", file)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
