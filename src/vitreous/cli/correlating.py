"""What the command `correlate` does, and the table of what came out."""

from __future__ import annotations

import json as json_module
import time as clock
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from vitreous.cli.console import NO_INTERVAL, stages
from vitreous.cli.files import check_target, stem
from vitreous.correlation.curves import CorrelationCurves, Method, pool
from vitreous.ensemble.propensity import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, glass_former, model_of_record
from vitreous.io import atomic_path
from vitreous.jobs.correlate import correlate, structural_fields
from vitreous.order_parameter import OrderParameter
from vitreous.plot import save_figure
from vitreous.plot.correlation import correlation_figure

__all__ = ["correlate_files"]

_NAMES = {"p_red": "P_red", "p_red_averaged": "P̄_red"}


def correlate_files(
    files: list[str],
    reading: dict[str, Any],
    *,
    column: str,
    model: Path | None,
    neighbors: Any,
    radius: float | None,
    seed: int,
    method: Method,
    former: str | None,
    prefix: str | None,
    quiet: bool,
    json: bool,
) -> None:
    """Correlate the order parameter of each snapshot with its propensity, and pool; None is what was not said."""
    begun = clock.monotonic()
    if prefix is None:
        prefix = f"{stem(files[0])}.correlation"
    check_target(prefix)
    trained = None
    if model is not None:
        trained = OrderParameter.load(model)
        trained.require(neighbors=neighbors, symmetry=None)
    curves, rules, averaged_over = [], set(), 0.0
    with stages(quiet or json) as stage:
        for file in files:
            name = Path(file).name
            stage(f"{name}: reading")
            dynamics = Propensity.load(file, column, **reading)
            model_of_matter = None if former is None else glass_former(former)
            if former is None and "model" in dynamics.about:
                model_of_matter = model_of_record(dynamics.about)
            parameter = trained or _untrained(neighbors, model_of_matter, seed)
            stage(f"{name}: order parameter and controls")
            fields, averaged_over = structural_fields(
                dynamics.snapshot, parameter, radius=radius, former=model_of_matter
            )
            rules.add(str(parameter.neighbors))
            stage(f"{name}: correlations")
            curves.append(correlate(fields, dynamics, method=method, radius=averaged_over, seed=seed))
        try:
            pooled = pool(curves)
        except InputError as error:
            raise InputError(f"these snapshots cannot be pooled: {error}") from None
        facts: dict[str, object] = {
            **pooled.as_dict(),
            "files": files,
            "neighbors": sorted(rules),
            "radius": averaged_over,
            "seed": seed,
            "vitreous": version("vitreous"),
        }
        if len(curves) > 1:
            facts["each"] = [one.as_dict() for one in curves]
        written = [f"{prefix}.json", f"{prefix}.png"]
        stage("figure and files")
        with atomic_path(written[0]) as numbers, atomic_path(written[1]) as picture:
            numbers.write_text(
                json_module.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
            save_figure(correlation_figure(pooled), picture)
    if json:
        print(json_module.dumps(facts, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(pooled, averaged_over, ", ".join(sorted(rules)), written, clock.monotonic() - begun)


def _untrained(neighbors: Any, former: GlassFormer | None, seed: int) -> OrderParameter:
    """With the rule that was said, or that of the paper for the model."""
    if neighbors is None and former is not None:
        neighbors = former.neighbors
    return OrderParameter(random_state=seed, **({} if neighbors is None else {"neighbors": neighbors}))


def _summary(curves: CorrelationCurves, radius: float, rule: str, written: list[str], seconds: float) -> None:
    console = Console(highlight=False)
    known = len(curves.times) > 1 and np.isfinite(curves.times).all()
    tau = curves.tau_1e
    at = len(curves.times) - 1
    when = "the time of the file"
    if known and np.isfinite(tau) and curves.times[0] <= tau <= curves.times[-1]:
        at = curves.at(tau)
        when = f"δt = {curves.times[at]:.4g}, the nearest to τ_1e = {tau:.4g}"
    elif known:
        when = f"δt = {curves.times[at]:.4g}, the last; τ_1e is not known"
    name = "Spearman's ρ" if curves.method == "spearman" else "Pearson's r"
    several = curves.snapshots > 1
    console.print()
    console.print(f"[bold]{name} with the propensity at {when}[/]")
    how = (
        f"mean over {curves.snapshots} snapshots ± standard error"
        if several
        else NO_INTERVAL
        if np.isnan(curves.low).all()
        else "in parentheses 95 % intervals, by translating one field against the other"
    )
    console.print(f"neighbours: {rule}; averages over {radius:.4g}; {how}\n")
    table = Table(box=None, padding=(0, 3, 0, 0))
    table.add_column("")
    for s, kind in enumerate(curves.species):
        table.add_column(f"{kind} ({curves.particles[s]:,})", justify="left", no_wrap=True)
    for f, field in enumerate(curves.fields):
        cells = [_cell(curves, f, s, at, several) for s in range(len(curves.species))]
        style = "bold" if field.startswith("p_red") else ""
        table.add_row(_NAMES.get(field, field.replace("_", " ")), *cells, style=style)

    def row(label: str, values: Any, form: str = "{:+.3f}") -> None:
        if np.isfinite(values[:, at]).any():
            table.add_row(label, *(form.format(value) for value in values[:, at]))

    table.add_section()
    table.add_row("", *([""] * len(curves.species)))
    row("both halves of the runs", curves.half)
    row("noise ceiling", curves.ceiling)
    if "p_red_averaged" in curves.fields:
        row("P̄_red without noise", curves.disattenuated[curves.fields.index("p_red_averaged")])
    if np.isfinite(curves.chance_high[:, at]).any():
        ranges = (f"{low:+.3f} to {high:+.3f}" for low, high in zip(curves.chance_low[:, at], curves.chance_high[:, at],
                                                                    strict=True))  # fmt: skip
        table.add_row("random, averaged", *ranges)
    if known and "p_red_averaged" in curves.fields:
        curve = curves.rho[curves.fields.index("p_red_averaged")]
        peaks = (f"{one.max():+.3f} at δt = {curves.times[int(one.argmax())]:.3g}" for one in curve)
        table.add_row("P̄_red, peak", *peaks)
    console.print(table)
    console.print(f"\n{seconds:.1f} s; written {', '.join(written)}\n", soft_wrap=True)


def _cell(curves: CorrelationCurves, f: int, s: int, at: int, several: bool) -> str:
    rho, low, high = curves.rho[f, s, at], curves.low[f, s, at], curves.high[f, s, at]
    if several:
        return f"{rho:+.3f} ± {high - rho:.3f}"
    return f"{rho:+.3f}" + (f" ({low:+.2f} to {high:+.2f})" if np.isfinite(low) else "")
