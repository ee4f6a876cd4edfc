"""The command `model`: what was understood of a model file, its potentials as a picture, its forces checked."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from vitreous.cli.console import add_ending, facts_table, show, stages
from vitreous.cli.files import prefix_of, print_json
from vitreous.cli.liquids import AllowShell, complete_liquid
from vitreous.cli.options import Debug, Json, Quiet, output_option
from vitreous.errors import VitreousError

if TYPE_CHECKING:
    from vitreous.glassformers import GlassFormer, PairPotential
    from vitreous.jobs.examine_model import ForceCheck

__all__ = ["model"]

_SMOOTHNESS = {
    -1: "its energy jumps at the cutoff",
    0: "its energy is continuous at the cutoff",
    1: "energy and force are continuous at the cutoff",
    2: "energy, force and its slope are continuous at the cutoff",
}


def model(
    file: Annotated[
        str,
        typer.Argument(
            metavar="LIQUID",
            help="A model file such as my.toml, or a name of the library.",
            autocompletion=complete_liquid,
        ),
    ],
    allow_shell: AllowShell = False,
    output: Annotated[
        str | None, output_option("PREFIX", "Start of the name of the picture.", "NAME.model")
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what a model file says, in which units, draw its potentials, and check its forces."""
    from vitreous.glassformers.catalogue import liquid_and_derived
    from vitreous.jobs.examine_model import check_forces, pair_curves
    from vitreous.plot import save_figure
    from vitreous.plot.potential import potential_figure
    from vitreous.records import to_object

    begun = clock.monotonic()
    former, derived = liquid_and_derived(file, allow_shell=allow_shell)
    prefix = prefix_of(Path(file).name.removesuffix(".toml"), output, ".model")
    with stages(quiet or json) as stage:
        stage("forces against differences of the energy")
        check = check_forces(former)
        stage("curves")
        curves = pair_curves(former)
        written = [f"{prefix}.png"] if curves else []
        if curves:
            save_figure(potential_figure(curves, former.units, former.title), written[0])
    if json:
        print_json(
            {
                "model": to_object(former),
                "derived": list(derived),
                "units": units_of(former),
                "forces": None if check is None else {**asdict(check), "passed": check.passed},
            },
            written,
        )
    elif not quiet:
        _summary(former, derived, check, written, clock.monotonic() - begun)
    if check is not None and not check.passed:
        raise VitreousError(
            f"{file}: forces differ from differences of the energy by {check.largest:.2g} of their size; "
            f"{check.limit:g} is allowed"
        )


def units_of(model: GlassFormer) -> dict[str, str]:
    """Which quantity is in which unit."""
    units = model.units
    if model.is_hard:
        states = {"packing fraction": "1"}
    else:
        states = {
            "temperature": units.temperature or f"{units.energy}/k_B",
            "density": f"1/{units.length}³",
        }
    return {
        "length": f"{units.length} ({units.length_is})" if units.length_is else units.length,
        "energy": units.energy,
        "time": units.time,
        "mass": units.mass or "m",
        **states,
        "pressure": units.pressure or f"{units.energy}/{units.length}³",
        "wave number": f"1/{units.length}",
    }


def _summary(
    model: GlassFormer,
    derived: Sequence[str],
    check: ForceCheck | None,
    written: list[str],
    seconds: float,
) -> None:
    table = facts_table()

    def row(name: str, value: Any, field: str = "") -> None:
        table.add_row(
            name, f"{value}  [dim](derived: the file does not say it)[/]" if field in derived else f"{value}"
        )

    row("model", f"{model.name}: {model.title}", "title")
    row("source", model.source or "[yellow]not said[/]")
    if model.density is not None:
        volume = sum(share * size**3 for share, size in zip(model.fractions, model.diameters, strict=True))
        row("density", f"{model.density:.6g}, packing fraction {math.pi / 6.0 * volume * model.density:.4g}")
    row("states", ", ".join(f"{state:g}" for state in model.ladder) or "none told")
    if model.timestep is not None:
        row("time step", f"{model.timestep:g}", "timestep")
    row("wave number", f"{model.wave_number:g}", "wave_number")
    row("shortest time", f"{model.shortest_time:g}", "shortest_time")
    row("unit of descriptors", f"{model.descriptor_unit:g}", "descriptor_unit")
    row("cost", f"{model.cost:g} processor seconds for a particle and a unit of time", "cost")
    for k, (name, unit) in enumerate(units_of(model).items()):
        row("units" if k == 0 else "", f"{name}: {unit}")
    if check is not None:
        verdict = "[green]agree with[/]" if check.passed else "[bold red]differ from[/]"
        row(
            "forces",
            f"{verdict} differences of the energy, by {check.largest:.1e} of their size at most ({check.components} of "
            f"{check.particles} particles; {check.limit:g} is allowed)",
        )
    else:
        row(
            "forces",
            "none, only contact" if model.is_hard else "[yellow]not checked: LAMMPS is not installed[/]",
        )
    add_ending(table, seconds, written)
    show(_species(model), _interaction(model), table)


def _species(model: GlassFormer) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    columns = {"species": model.species, "fraction": model.fractions, "diameter": model.diameters}
    columns |= {"mass": model.masses} | ({"charge": model.charges} if model.charges else {})
    for name in columns:
        table.add_column(name, justify="left" if name == "species" else "right")
    for values in zip(*columns.values(), strict=True):
        table.add_row(*(value if isinstance(value, str) else f"{value:g}" for value in values))
    return table


def _interaction(model: GlassFormer) -> Table:
    from vitreous.glassformers import RawLammps

    table = Table(box=None, padding=(0, 2, 0, 0))
    if model.is_hard:
        table.add_column("hard particles, which collide where they touch")
    elif isinstance(model.interaction, RawLammps):
        table.add_column(f"LAMMPS, units {model.interaction.unit_style}")
        for line in model.interaction.commands:
            table.add_row(line)
        for name, text in model.interaction.files:
            table.add_row(f"[dim]{name}: {len(text):,} characters[/]")
    else:
        for name in ("pair", "potential", "cutoff", "at the cutoff"):
            table.add_column(name)
        for a, b, pair in model.pair_potentials:
            table.add_row(f"{a}-{b}", _formula(pair), f"{pair.cutoff:.6g}", _SMOOTHNESS[pair.smoothness])
    return table


def _formula(pair: PairPotential) -> str:
    from vitreous.glassformers import Harmonic, InversePower, LennardJones, Table, Yukawa

    sigma = f"σ = {pair.sigma:.6g}"
    match pair:
        case Table():
            return f"table of {len(pair.distances)} rows, {sigma}"
        case Harmonic():
            return f"ε/2 (1 - r/σ)², ε = {pair.epsilon:.6g}, {sigma}"
        case LennardJones():
            text = "4ε [(σ/r)¹² - (σ/r)⁶]"
        case InversePower():
            text = f"ε (σ/r)^{pair.exponent:g}"
        case Yukawa():
            text = f"ε exp(-κ(r - σ)) σ/r, κ = {pair.kappa:g}"
    onset = f" from {pair.onset_factor:g} σ on" if pair.truncation == "xplor" else ""
    return f"{text}, ε = {pair.epsilon:.6g}, {sigma}, {pair.truncation}{onset}"
