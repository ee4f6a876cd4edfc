"""The command `relax`: structure and dynamics of a trajectory."""

from __future__ import annotations

import math
import time as clock
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

import vitreous as vt
from vitreous.cli.console import add_ending, facts_table, show, stages
from vitreous.cli.files import prefix_of, print_json, write_with_figure
from vitreous.cli.options import Debug, Json, Quiet, option, output_option
from vitreous.cli.reading import FOLLOWED, reads
from vitreous.formatting import scientific_with_error
from vitreous.io.keywords import TrajectoryKeywords
from vitreous.partial import MANY_SPECIES

__all__ = ["relax"]

_NONE = "–"


_METHOD = "Dynamics"


@reads(*FOLLOWED)
def relax(
    file: Annotated[
        Path, typer.Argument(help="Trajectory, unwrapped or with images: GSD, extxyz, LAMMPS text dump, ...")
    ],
    wave_number: Annotated[
        float | None, option(_METHOD, "q of F and F_s.", default="the first peak of S(q)")
    ] = None,
    partial: Annotated[
        bool, option(_METHOD, "Also partial quantities of more than ten species.", "--partial")
    ] = False,
    reading: TrajectoryKeywords = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        output_option("PREFIX", "Start of the names of PREFIX.relaxation.json and PREFIX.relaxation.png."),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Structure factor, relaxation times and diffusion of a trajectory: S(q), F(q,t), τ_α, MSD, D, τ_D."""
    from vitreous.plot.relaxation import relaxation_figure

    begun = clock.monotonic()
    prefix = prefix_of(file, output)
    with stages(quiet or json) as stage:
        stage(f"reading {file.name}")
        trajectory = vt.read_trajectory(file, wrapped=True, **reading)
        found = vt.relax(trajectory, wave_number=wave_number, partial=partial or None, progress=stage)
        stage("picture and files")
        document = found.as_dict()
        files = write_with_figure(document, relaxation_figure(found), f"{prefix}.relaxation")
    if json:
        print_json(document, files)
    elif not quiet:
        _summary(found, files, clock.monotonic() - begun)


def _summary(found: vt.Relaxation, files: list[str], seconds: float) -> None:
    import numpy as np

    trajectory, peak = found.trajectory, found.structure.peak
    facts = facts_table()
    counts = np.bincount(trajectory.species_index)
    species = ", ".join(f"{n:,} {name}" for name, n in zip(trajectory.species_names, counts, strict=True))
    if len(counts) > MANY_SPECIES:
        species = f"{len(counts)} species"
    facts.add_row("trajectory", Path(str(trajectory.source)).name)
    facts.add_row(
        "frames", f"{len(trajectory):,}, times {trajectory.times[0]:.6g} to {trajectory.times[-1]:.6g}"
    )
    facts.add_row(
        "particles", f"{trajectory.n_particles:,} ({species}), number density {trajectory.number_density:.4g}"
    )
    top = "none" if peak is None else f"at {peak.wave_number:.4g}, height {peak.height:.3g}"
    facts.add_row("first peak of S(q)", f"{top}; {found.structure.frames} frames averaged")
    facts.add_row(
        "wave number q", f"{found.wave_number:.4g}, {'given' if found.wave_number_given else 'the peak'}"
    )

    decays = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("", "τ_α", "β", "γ", "fitted", "1/e at"):
        decays.add_column(title, no_wrap=True, style="bold" if not title else None)
    for name, decay in found.decays.items():
        fit, crossing = decay.fit, decay.crossing
        held = (
            "1 (held)" if fit.found and math.isnan(fit.gamma_error) else _number(fit.gamma, fit.gamma_error)
        )
        decays.add_row(
            name,
            _number(fit.tau, fit.tau_error),
            _number(fit.beta, fit.beta_error),
            held,
            _window(fit.begin, fit.end),
            _number(crossing.value, crossing.error),
        )

    motions = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("", "D", "τ_D", "linear", "largest α_2"):
        motions.add_column(title, no_wrap=True, style="bold" if not title else None)
    for name, motion in found.motions.items():
        diffusion = motion.diffusion
        motions.add_row(
            name,
            _number(diffusion.value, diffusion.error),
            _number(*found.diffusion_time(diffusion)),
            _window(diffusion.begin, diffusion.end),
            _largest(found, name),
        )

    ending = facts_table()
    for k, remark in enumerate(found.remarks):
        ending.add_row("" if k else "remarks", f"[yellow]{remark}[/]")
    add_ending(ending, seconds, files)
    show(facts, decays, *([motions] if found.motions else []), ending)


def _number(value: float, error: float) -> str:
    if math.isnan(value):
        return _NONE
    if math.isnan(error):
        return f"{value:.4g}"
    return scientific_with_error(value, error, range(-3, 6), "e{}")


def _window(begin: float, end: float) -> str:
    return _NONE if math.isnan(begin) else f"{_short(begin)} to {_short(end)}"


def _short(value: float) -> str:
    """Three digits, without a power of ten where numbers are of a usual size."""
    return f"{float(f'{value:.3g}'):,.0f}" if 1e3 <= value < 1e7 else f"{value:.3g}"


def _largest(found: vt.Relaxation, name: str) -> str:
    import numpy as np

    value = found.motions[name].non_gaussian.value
    if np.isnan(value).all():
        return _NONE
    k = int(np.nanargmax(value))
    assert found.motion is not None
    return f"{value[k]:.2f} at {_short(float(found.motion.time[k]))}"
