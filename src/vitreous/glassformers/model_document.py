"""What a model file may say: its keys, and the model that they make.

The keys are those of the classes here; `docs/models.md` has them in a table, which a test compares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field

from vitreous.errors import InputError
from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.glassformers.interaction import HardContact, Interaction, PairPotentials, RawLammps
from vitreous.glassformers.interaction_document import (
    InteractionTable,
    Number,
    OnePairTable,
    Positive,
    Strict,
    interaction_of,
)
from vitreous.glassformers.model import GlassFormer
from vitreous.glassformers.units import UNIT_STYLES, Units, UnitStyle
from vitreous.toml_document import Path, TomlDocument

__all__ = ["ModelDocument", "known_keys", "model_of"]

_Share = Annotated[float, Field(gt=0.0, le=1.0)]
_Label = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]

_MANY = 10_000  # diameters that stand for a distribution
_SHARES = 1e-5  # by which fractions may miss 1
# Peak of S(q) of the paper's models: 8.2, 6.6 and 7.4 where this, over the mean diameter, is 8.0, 6.5 and 7.4.
_PEAK = 7.2
_TIMESTEP = 0.005  # of the paper's Lennard-Jones models, in the model's unit of time
_HARD_TIME, _STEPS = 0.01, 4  # shortest time worth recording: of hard spheres, and in time steps
# Processor seconds: of hard spheres for a particle and a unit of time; else for a step of a particle and for each of
# its neighbours within the cutoff, from the paper's two; commands of LAMMPS are taken to cost so many times more.
_HARD_COST, _STEP_COST, _PAIR_COST, _RAW = 2.5e-5, 1.6e-7, 1.9e-8, 5.0


class _Diameters(Strict):
    distribution: Literal["gaussian", "uniform", "r^-3", "log-normal"]
    mean: Positive | None = None
    polydispersity: Positive | None = None
    minimum: Positive | None = None
    maximum: Positive | None = None
    levels: Annotated[int, Field(ge=2)] | None = None


class _Species(Strict):
    """One species; where its particles differ in size `diameters` stand in place of `diameter`."""

    fraction: _Share
    diameter: Positive | None = None
    diameters: _Diameters | None = None
    mass: Positive = 1.0
    charge: Number | None = None


class _Units(Strict):
    length: str | None = None
    length_is: str | None = None
    energy: str | None = None
    time: str | None = None
    length_formula: str | None = None
    time_formula: str | None = None


class _Study(Strict):
    ladder: list[Positive] = Field(default=[])
    deepest: Positive | None = None
    wave_number: Positive | None = None
    scattering: Literal["total", "self"] = "self"
    neighbors: Literal["sann", "cutoff"] = "sann"
    descriptor_unit: Positive | None = None
    shortest_time: Positive | None = None
    cost: Positive | None = None
    relaxation_times: list[Annotated[list[Positive], Field(min_length=2, max_length=2)]] = Field(default=[])


class ModelDocument(Strict):
    """A whole model file."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$")]
    title: str | None = None
    source: str = ""
    density: Positive | None = None
    packing_fraction: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None
    timestep: Positive | None = None
    species: Annotated[dict[_Label, _Species], Field(min_length=1)]
    interaction: InteractionTable
    units: _Units = _Units()
    study: _Study = _Study()


def known_keys(where: Path) -> Sequence[str]:
    """Which keys may stand beside one."""
    kind: type[BaseModel] = ModelDocument
    match where:
        case ("species", _, "diameters", _):
            kind = _Diameters
        case ("species", _, _):
            kind = _Species
        case ("interaction", "pairs", _, _):
            kind = OnePairTable
        case ("interaction", _):
            kind = InteractionTable
        case ("units", _):
            kind = _Units
        case ("study", _):
            kind = _Study
    return list(kind.model_fields)


def model_of(written: TomlDocument, allow_shell: bool = False) -> tuple[GlassFormer, tuple[str, ...]]:
    """The model that a file describes, and which of its fields were derived since the file does not say them.

    FileError, with file and line, if anything is wrong.
    """
    document = written.checked(ModelDocument, known_keys)
    wrong = written.wrong
    species, of_study, unit_style = document.species, document.study, document.interaction.units or "lj"
    labels = tuple(species)
    distributions = tuple(_distribution(written, name, one) for name, one in species.items())
    polydisperse = any(distributions)
    diameters = tuple(
        one.diameter or 0.0 if distribution is None else distribution.average
        for one, distribution in zip(species.values(), distributions, strict=True)
    )
    fractions = tuple(one.fraction for one in species.values())
    if abs(sum(fractions) - 1.0) > _SHARES:
        raise wrong(("species",), f"species: their fractions add up to {sum(fractions):.6g}, not to 1")
    mean = sum(share * size for share, size in zip(fractions, diameters, strict=True))
    interaction = interaction_of(
        written, document.interaction, dict(zip(labels, diameters, strict=True)), allow_shell
    )
    if polydisperse:
        _check_polydispersity(written, document, interaction)
    hard = isinstance(interaction, HardContact)
    density = _density(written, document, hard, distributions)
    charges = _charges(written, document)
    timestep = document.timestep
    if hard and timestep is not None:
        raise wrong(("timestep",), "timestep: hard spheres go from collision to collision and need none")
    derived: list[str] = []

    def told(name: str, value: Any, otherwise: Callable[[], Any]) -> Any:
        if value is None:
            derived.append(name)
            return otherwise()
        return value

    if not hard:
        if timestep is None and isinstance(interaction, RawLammps):
            raise wrong((), "timestep: is missing; commands of LAMMPS do not tell which step they need")
        timestep = told("timestep", timestep, lambda: _TIMESTEP)
    deepest = of_study.deepest
    if hard and document.packing_fraction is not None:
        if deepest is not None and deepest != document.packing_fraction:
            raise wrong(("packing_fraction",), f"packing_fraction: is not the deepest state, {deepest:g}")
        deepest = document.packing_fraction
    if of_study.ladder and deepest is None:
        deepest = max(of_study.ladder) if hard else min(of_study.ladder)
        derived.append("deepest")
    _check_states(written, document, hard, deepest)
    model = GlassFormer(
        name=document.name,
        title=told("title", document.title, lambda: document.name),
        species=labels,
        fractions=fractions,
        diameters=diameters,
        masses=tuple(one.mass for one in species.values()),
        interaction=interaction,
        density=density,
        ladder=tuple(of_study.ladder),
        deepest=deepest,
        wave_number=told("wave_number", of_study.wave_number, lambda: round(_PEAK / mean, 3)),
        scattering=of_study.scattering,
        neighbors=of_study.neighbors,
        descriptor_unit=told("descriptor_unit", of_study.descriptor_unit, lambda: round(mean, 3)),
        shortest_time=told(
            "shortest_time",
            of_study.shortest_time,
            lambda: _HARD_TIME if timestep is None else _STEPS * timestep,
        ),
        timestep=timestep,
        cost=told("cost", of_study.cost, lambda: _cost(interaction, labels, fractions, density, timestep)),
        relaxation_times=tuple((point, time) for point, time in of_study.relaxation_times),
        units=_units(written, document.units, unit_style, hard),
        source=document.source,
        charges=charges,
        distributions=distributions if polydisperse else (),
    )
    return model, tuple(derived)


def _distribution(written: TomlDocument, name: str, species: _Species) -> DiameterDistribution | None:
    told, where = species.diameters, ("species", name)
    if (told is None) == (species.diameter is None):
        if told is None:
            raise written.wrong(where, "diameter: is missing; give it, or diameters where they differ")
        raise written.wrong((*where, "diameter"), "diameter: diameters say it already; give one of the two")
    if told is None:
        return None
    try:
        return DiameterDistribution(**told.model_dump())
    except InputError as error:
        raise written.wrong((*where, "diameters"), str(error)) from None


def _check_polydispersity(written: TomlDocument, document: ModelDocument, interaction: Interaction) -> None:
    if isinstance(interaction, RawLammps):
        raise written.wrong(
            ("species",), "diameters: commands of LAMMPS do not depend on them; make a species of each size"
        )
    if isinstance(interaction, HardContact):
        return
    for name, one in document.species.items():
        if one.diameters is not None and one.diameters.levels is None:
            raise written.wrong(
                ("species", name, "diameters"),
                "levels: is missing; with pair potentials the number of different diameters is limited, say 32",
            )
    tables: list[tuple[Path, InteractionTable | OnePairTable]] = [(("interaction",), document.interaction)]
    tables += [(("interaction", "pairs", k), one) for k, one in enumerate(document.interaction.pairs)]
    for place, told in tables:
        if told.sigma is not None or told.kind == "table":
            key = "kind" if told.sigma is None else "sigma"
            raise written.wrong(
                (*place, key), f"{key}: σ follows from the diameters of each pair, which differ; leave it out"
            )


def _density(
    written: TomlDocument,
    document: ModelDocument,
    hard: bool,
    distributions: Sequence[DiameterDistribution | None],
) -> float | None:
    density, filled = document.density, document.packing_fraction
    if hard:
        if density is not None:
            raise written.wrong(("density",), "density: of hard spheres the packing fraction is told instead")
        return None
    if density is None and filled is None:
        raise written.wrong((), "density: is missing; give it, or packing_fraction")
    if density is not None and filled is not None:
        raise written.wrong(
            ("packing_fraction",), "packing_fraction: density says that already; give one of the two"
        )
    if filled is None:
        return density
    volume = 0.0
    for one, distribution in zip(document.species.values(), distributions, strict=True):
        sizes = np.array([one.diameter]) if distribution is None else distribution.draw(_MANY)
        volume += math.pi / 6.0 * one.fraction * float((sizes**3).mean())
    return filled / volume


def _charges(written: TomlDocument, document: ModelDocument) -> tuple[float, ...]:
    charges = {name: one.charge for name, one in document.species.items() if one.charge is not None}
    if not charges:
        return ()
    if document.interaction.kind != "lammps":
        name = next(iter(charges))
        raise written.wrong(
            ("species", name, "charge"), 'charge: only interactions of the kind "lammps" have charges'
        )
    total = sum(one.fraction * (one.charge or 0.0) for one in document.species.values())
    if abs(total) > _SHARES * max(map(abs, charges.values())):
        raise written.wrong(
            ("species",), f"charge: the mean charge is {total:.6g}; a liquid has to be neutral"
        )
    return tuple(one.charge or 0.0 for one in document.species.values())


def _check_states(written: TomlDocument, document: ModelDocument, hard: bool, deepest: float | None) -> None:
    told = document.study
    for key, states in (
        ("ladder", told.ladder),
        ("relaxation_times", [state for state, _ in told.relaxation_times]),
    ):
        if any(b <= a for a, b in pairwise(states)):
            raise written.wrong(("study", key), f"{key}: states must increase")
        if hard and any(state >= 1.0 for state in states):
            raise written.wrong(("study", key), f"{key}: packing fractions lie between 0 and 1")
    if deepest is not None and told.ladder and deepest not in told.ladder:
        raise written.wrong(("study", "deepest"), f"deepest: {deepest:g} is not on the ladder")


def _units(written: TomlDocument, told: _Units, style: UnitStyle, hard: bool) -> Units:
    units = UNIT_STYLES[style]
    if hard:
        units = Units("σ", "", "kT", "sqrt(m σ²/kT)", r"\sigma", r"\sqrt{m\sigma^2/k_\mathrm{B}T}")
    given = told.model_dump(exclude_unset=True)
    if given and style != "lj":
        raise written.wrong(
            ("units",), f"units: they are those that LAMMPS calls {style}; leave this table out"
        )
    return replace(units, **given)


def _cost(
    interaction: Interaction,
    labels: Sequence[str],
    fractions: Sequence[float],
    density: float | None,
    timestep: float | None,
) -> float:
    if density is None or timestep is None:
        return _HARD_COST
    share = dict(zip(labels, fractions, strict=True))
    if isinstance(interaction, PairPotentials):
        cubes = sum(
            share[a] * share[b] * (1 if a == b else 2) * pair.cutoff**3 for a, b, pair in interaction.pairs
        )
        factor = 1.0
    else:
        assert isinstance(interaction, RawLammps)
        cubes, factor = interaction.cutoff**3, _RAW
    neighbors = 2.0 * math.pi / 3.0 * density * cubes
    return float(f"{factor * (_STEP_COST + _PAIR_COST * neighbors) / timestep:.2g}")
