"""The command `reveal`: the order parameter of a snapshot, by the paper or by cage."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import vitreous as vt
from vitreous.cli import parse
from vitreous.cli.compiling import compile_kernels
from vitreous.cli.console import stages
from vitreous.cli.files import prefix_of, print_json, write_revealed
from vitreous.cli.liquids import AllowShell, liquid_of, liquid_option, told_of
from vitreous.cli.options import (
    METHOD,
    Debug,
    Json,
    Quiet,
    Radius,
    SnapshotFile,
    neighbors_option,
    option,
    output_option,
)
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.cli.revelation import cage_panels, cage_summary, paper_panels, paper_summary
from vitreous.errors import InputError
from vitreous.io.keywords import SnapshotKeywords

__all__ = ["reveal"]

_CAGES = "With --by cage"


@reads(*SNAPSHOT)
def reveal(
    file: SnapshotFile,
    by: Annotated[
        str | None,
        option(
            METHOD,
            "paper: bond order of one snapshot, no dynamics; cage: what structure says of its cages, seen in a "
            "few short runs.",
            default="paper",
        ),
    ] = None,
    model: Annotated[
        str | None,
        option(
            METHOD,
            "Apply this trained model of either kind unchanged; hard-spheres, kob-andersen and wahnstrom come "
            "along, for positions without any run.",
            metavar="FILE.vtm",
        ),
    ] = None,
    liquid: Annotated[str | None, liquid_option("Whose forces move the particles", _CAGES)] = None,
    allow_shell: AllowShell = False,
    temperature: Annotated[
        float | None, option(_CAGES, "Temperature of the snapshot.", default="as the file says")
    ] = None,
    runs: Annotated[int | None, option(_CAGES, "Short runs, an even number.", default="16", min=4)] = None,
    duration: Annotated[
        float | None,
        option(
            _CAGES, "Duration of the short runs.", default="where the mean squared displacement rises least"
        ),
    ] = None,
    workers: Annotated[int | None, option(_CAGES, "Processes that share them.", default="1", min=1)] = None,
    length: Annotated[
        float | None,
        option(_CAGES, "ξ of the average with weights exp(-r/ξ).", default="0.8 large diameters"),
    ] = None,
    force: Annotated[
        bool, option(_CAGES, "Apply --model to another density or composition.", "--force")
    ] = False,
    neighbors: Annotated[str | None, neighbors_option("sann")] = None,
    symmetry: Annotated[
        str | None,
        option(
            METHOD, "One-sided SANN pairs: mutual removes, union adds, none keeps them.", default="mutual"
        ),
    ] = None,
    reducer: Annotated[str | None, option(METHOD, "autoencoder or pca.", default="autoencoder")] = None,
    bottleneck: Annotated[
        str | None, option(METHOD, "Dimension, or auto: the smallest with 75 % of the variance.", default="2")
    ] = None,
    per_species: Annotated[
        bool, option(METHOD, "Train one model for each species.", "--per-species")
    ] = False,
    radius: Radius = None,
    seed: Annotated[int | None, option(METHOD, "Seed of everything random.", default="0", min=0)] = None,
    reading: SnapshotKeywords = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None, output_option("PREFIX", "Start of the names of all files written.", "FILE.vitreous")
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Find the order parameter of a snapshot: files for OVITO, a picture, a model, a summary."""
    training: dict[str, Any] = {
        "neighbors": parse.neighbors(neighbors),
        "symmetry": symmetry,
        "reducer": reducer,
        "bottleneck": parse.bottleneck(bottleneck),
        "per_species": per_species or None,
        "radius": radius,
    }
    sampling: dict[str, Any] = {
        "liquid": liquid,
        "allow_shell": allow_shell or None,
        "temperature": temperature,
        "runs": runs,
        "duration": duration,
        "workers": workers,
        "length": length,
        "force": force or None,
    }
    if by not in (None, "paper", "cage"):
        raise InputError(f"--by: expected paper or cage, got {by!r}")
    trained = None if model is None else _load(model)
    kind = by or ("paper" if trained is None or isinstance(trained, vt.OrderParameter) else "cage")
    other, others = ("cage", sampling) if kind == "paper" else ("paper", training)
    parse.refuse(f"it belongs to --by {other}; leave it out here", **others)
    if kind == "cage":
        if trained is not None and not isinstance(trained, vt.CageOrderParameter):
            raise InputError(f"--by cage: {model} is a model of the paper's order parameter; leave --by out")
        options = {name: value for name, value in sampling.items() if value is not None}
        _reveal_by_cage(
            file, reading, model=trained, seed=seed, prefix=output, quiet=quiet, json=json, **options
        )
        return
    if trained is not None and not isinstance(trained, vt.OrderParameter):
        raise InputError(f"--by paper: {model} is a cage order parameter; leave --by out")
    _reveal_by_paper(
        file, reading, model=trained, seed=seed, prefix=output, quiet=quiet, json=json, **training
    )


def _load(model: str) -> vt.OrderParameter | vt.CageOrderParameter:
    """A model of either kind, from a file or by the name of one that comes along."""
    from vitreous.order_parameter.cage import PRETRAINED
    from vitreous.order_parameter.cage_file import FORMAT as CAGE_FORMAT
    from vitreous.order_parameter.sealed_file import format_of

    if not Path(model).exists() and model in PRETRAINED:
        return vt.CageOrderParameter.pretrained(model)
    if format_of(model) == CAGE_FORMAT:
        return vt.CageOrderParameter.load(model)
    return vt.OrderParameter.load(model)


def _reveal_by_paper(
    file: Path,
    reading: SnapshotKeywords,
    *,
    model: vt.OrderParameter | None,
    neighbors: Any,
    symmetry: Any,
    radius: float | None,
    seed: int | None,
    prefix: str | None,
    quiet: bool,
    json: bool,
    **training: Any,
) -> None:
    begun = time.monotonic()
    prefix = prefix_of(file, prefix, ".vitreous")
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
        stage(f"reading {file.name}")
        snapshot = vt.read(file, **reading)
        compile_kernels(stage)
        found = vt.reveal(snapshot, order_parameter, radius=radius, progress=stage)
        stage("picture and files")
        written = write_revealed(
            found.configuration,
            paper_panels(found),
            prefix,
            model=found.model if found.trained_here else None,
            diameters=found.radius / 2,
        )
    if json:
        print_json(found.as_dict(), written)
    elif not quiet:
        paper_summary(found, written, time.monotonic() - begun)


def _untrained(*, seed: int = 0, **options: Any) -> vt.OrderParameter:
    given = {name: value for name, value in options.items() if value is not None}
    order_parameter = vt.OrderParameter(random_state=seed, **given)
    order_parameter.check_parameters()
    return order_parameter


def _reveal_by_cage(
    file: Path,
    reading: SnapshotKeywords,
    *,
    model: vt.CageOrderParameter | None,
    seed: int | None,
    liquid: str | None = None,
    allow_shell: bool = False,
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
    """Train a cage order parameter or apply a given one; None is what the person did not say."""
    begun = time.monotonic()
    prefix = prefix_of(file, prefix, ".vitreous")
    with stages(quiet or json) as stage:
        stage(f"reading {file.name}")
        snapshot = vt.read(file, **reading)
        former, heat = _liquid(snapshot, liquid, allow_shell, temperature, file, needed=model is None)
        cages = None
        if former is not None:
            snapshot = _with_diameters(snapshot, former)
            cages = vt.sample_cages(
                snapshot,
                former,
                temperature=heat,
                runs=runs,
                duration=duration,
                random_state=0 if seed is None else seed,
                workers=workers,
                progress=stage,
            )
        found = vt.reveal_cages(
            snapshot,
            cages,
            vt.CageOrderParameter() if model is None else model,
            length=length,
            force=force,
            progress=stage,
        )
        stage("picture and files")
        written = write_revealed(
            found.configuration,
            cage_panels(found),
            prefix,
            model=found.model if found.trained_here else None,
            diameters=found.model.unit_,
        )
    if json:
        print_json(found.as_dict(), written)
    elif not quiet:
        cage_summary(found, written, time.monotonic() - begun)


def _liquid(
    snapshot: vt.Configuration,
    liquid: str | None,
    allow_shell: bool,
    temperature: float | None,
    file: Path,
    *,
    needed: bool,
) -> tuple[vt.GlassFormer | None, float | None]:
    """Whose forces move the particles; what the file says counts where a model has to be trained."""
    told = told_of(snapshot) if needed else {}
    former = liquid_of(liquid, told, allow_shell)
    if former is None:
        if needed:
            raise InputError(
                f"--liquid: {file} does not say of which liquid it is, and cages are seen by moving its particles; "
                f"give --liquid, or --model with a trained model, which needs positions only"
            )
        return None, None
    if temperature is None and not former.is_hard:
        temperature = told.get("temperature")
        if temperature is None:
            raise InputError("--temperature: a snapshot does not show its temperature; give it")
    return former, temperature


def _with_diameters(snapshot: vt.Configuration, former: vt.GlassFormer) -> vt.Configuration:
    from vitreous.glassformers import as_model

    known = as_model(snapshot, former).diameters
    return snapshot if known is None or snapshot.diameters is not None else snapshot.with_diameters(known)
