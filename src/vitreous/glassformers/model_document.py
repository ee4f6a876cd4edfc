"""What a model file may say: its keys, and the model that they make.

The keys are those of the classes here; `docs/models.md` has them in a table, which a test compares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations_with_replacement, pairwise
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from vitreous.errors import FileError, InputError
from vitreous.glassformers.diameters import DiameterDistribution
from vitreous.glassformers.interaction import (
    HardContact,
    Interaction,
    PairPotentials,
    RawLammps,
    mixed_diameter,
)
from vitreous.glassformers.lammps_lines import UnsafeLineError, file_names
from vitreous.glassformers.model import GlassFormer
from vitreous.glassformers.potential_table import table_of
from vitreous.glassformers.potentials import (
    MINIMUM,
    Harmonic,
    InversePower,
    LennardJones,
    PairPotential,
    Truncation,
    Yukawa,
)
from vitreous.glassformers.units import UNIT_STYLES, Units, UnitStyle
from vitreous.toml_document import Path, TomlDocument

__all__ = ["KINDS", "ModelDocument", "model_of"]

_Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Share = Annotated[float, Field(gt=0.0, le=1.0)]
_Label = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
_Kind = Literal["hard", "lennard-jones", "wca", "inverse-power", "harmonic", "yukawa", "table", "lammps"]

_SIZES = ("mean", "polydispersity", "minimum", "maximum")
_MANY = 10_000  # diameters that stand for a distribution
_SHARES = 1e-5  # by which fractions may miss 1
# Peak of S(q) of the paper's models: 8.2, 6.6 and 7.4 where this, over the mean diameter, is 8.0, 6.5 and 7.4.
_PEAK = 7.2
_TIMESTEP = 0.005  # of the paper's Lennard-Jones models, in the model's unit of time
_HARD_TIME, _STEPS = 0.01, 4  # shortest time worth recording: of hard spheres, and in time steps
# Processor seconds: of hard spheres for a particle and a unit of time; else for a step of a particle and for each of
# its neighbours within the cutoff, from the paper's two; commands of LAMMPS are taken to cost so many times more.
_HARD_COST, _STEP_COST, _PAIR_COST, _RAW = 2.5e-5, 1.6e-7, 1.9e-8, 5.0

KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "hard": ((), ()),
    "lennard-jones": (("cutoff",), ("epsilon", "sigma", "truncation", "onset")),
    "wca": ((), ("epsilon", "sigma")),
    "inverse-power": (("exponent", "cutoff"), ("epsilon", "sigma", "truncation", "onset")),
    "harmonic": ((), ("epsilon", "sigma")),
    "yukawa": (("kappa", "cutoff"), ("epsilon", "sigma", "truncation", "onset")),
    "table": (("file",), ("sigma",)),
    "lammps": (("commands", "cutoff", "units"), ("damping",)),
}
"""For each kind of interaction the keys that it needs, and those that it may have."""

_OF_ALL_PAIRS = ("kind", "nonadditivity", "pairs")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Diameters(_Strict):
    distribution: Literal["gaussian", "uniform", "r^-3", "log-normal"]
    mean: _Positive | None = None
    polydispersity: _Positive | None = None
    minimum: _Positive | None = None
    maximum: _Positive | None = None
    levels: Annotated[int, Field(ge=2)] | None = None


class _Species(_Strict):
    """One species; where its particles differ in size `diameters` stand in place of `diameter`."""

    fraction: _Share
    diameter: _Positive | None = None
    diameters: _Diameters | None = None
    mass: _Positive = 1.0
    charge: _Number | None = None


class _Pair(_Strict):
    """What may be said of all pairs, or of one in a table of its own."""

    kind: _Kind | None = None
    epsilon: _Number | list[list[_Number]] | None = None
    sigma: _Positive | list[list[_Positive]] | None = None
    cutoff: _Positive | None = None
    truncation: Truncation | None = None
    onset: _Positive | None = None
    exponent: _Positive | None = None
    kappa: _Positive | None = None
    file: str | None = None


class _OnePair(_Pair):
    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    epsilon: _Number | None = None
    sigma: _Positive | None = None


class _Interaction(_Pair):
    kind: _Kind
    nonadditivity: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = None
    pairs: list[_OnePair] = []
    commands: str | None = None
    units: UnitStyle | None = None
    damping: _Positive | None = None


class _Units(_Strict):
    length: str | None = None
    length_is: str | None = None
    energy: str | None = None
    time: str | None = None
    length_formula: str | None = None
    time_formula: str | None = None


class _Study(_Strict):
    ladder: list[_Positive] = []
    deepest: _Positive | None = None
    wave_number: _Positive | None = None
    scattering: Literal["total", "self"] = "self"
    neighbors: Literal["sann", "cutoff"] = "sann"
    descriptor_unit: _Positive | None = None
    shortest_time: _Positive | None = None
    cost: _Positive | None = None
    relaxation_times: list[Annotated[list[_Positive], Field(min_length=2, max_length=2)]] = []


class ModelDocument(_Strict):
    """A whole model file."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$")]
    title: str | None = None
    source: str = ""
    density: _Positive | None = None
    packing_fraction: Annotated[float, Field(gt=0.0, lt=1.0)] | None = None
    timestep: _Positive | None = None
    species: Annotated[dict[_Label, _Species], Field(min_length=1)]
    interaction: _Interaction
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
            kind = _OnePair
        case ("interaction", _):
            kind = _Interaction
        case ("units", _):
            kind = _Units
        case ("study", _):
            kind = _Study
    return list(kind.model_fields)


def model_of(written: TomlDocument, allow_shell: bool = False) -> tuple[GlassFormer, tuple[str, ...]]:
    """The model that a file describes, and which of its fields were derived since the file does not say them.

    Raises
    ------
    FileError
        With file and line.
    """
    document = written.checked(ModelDocument, known_keys)
    wrong = written.wrong
    species, of_study, unit_style = document.species, document.study, document.interaction.units or "lj"
    labels = tuple(species)
    distributions = tuple(_distribution(written, name, one) for name, one in species.items())
    polydisperse = any(distributions)
    diameters = tuple(
        float(one.diameter or 0.0) if distribution is None else distribution.average
        for one, distribution in zip(species.values(), distributions, strict=True)
    )
    fractions = tuple(float(one.fraction) for one in species.values())
    masses = tuple(float(one.mass) for one in species.values())
    if abs(sum(fractions) - 1.0) > _SHARES:
        raise wrong(("species",), f"species: their fractions add up to {sum(fractions):.6g}, not to 1")
    mean = sum(share * size for share, size in zip(fractions, diameters, strict=True))
    interaction = _interaction_of(written, document, diameters, allow_shell)
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
        timestep = float(told("timestep", timestep, lambda: _TIMESTEP))
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
        masses=masses,
        interaction=interaction,
        density=density,
        ladder=tuple(map(float, of_study.ladder)),
        deepest=None if deepest is None else float(deepest),
        wave_number=float(told("wave_number", of_study.wave_number, lambda: round(_PEAK / mean, 3))),
        scattering=of_study.scattering,
        neighbors=of_study.neighbors,
        descriptor_unit=float(told("descriptor_unit", of_study.descriptor_unit, lambda: round(mean, 3))),
        shortest_time=float(
            told(
                "shortest_time",
                of_study.shortest_time,
                lambda: _HARD_TIME if timestep is None else _STEPS * timestep,
            )
        ),
        timestep=timestep,
        cost=float(
            told("cost", of_study.cost, lambda: _cost(interaction, labels, fractions, density, timestep))
        ),
        relaxation_times=tuple((float(point), float(time)) for point, time in of_study.relaxation_times),
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
    numbers = {key: float(value) for key in _SIZES if (value := getattr(told, key)) is not None}
    try:
        return DiameterDistribution(told.distribution, levels=told.levels, **numbers)
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
    for place, told in ((("interaction",), document.interaction), *_own_pairs(document)):
        if told.sigma is not None or told.kind == "table":
            key = "kind" if told.sigma is None else "sigma"
            raise written.wrong(
                (*place, key), f"{key}: σ follows from the diameters of each pair, which differ; leave it out"
            )


def _own_pairs(document: ModelDocument) -> tuple[tuple[Path, _Pair], ...]:
    return tuple((("interaction", "pairs", k), one) for k, one in enumerate(document.interaction.pairs))


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
        return float(density or 0.0)
    volume = 0.0
    for one, distribution in zip(document.species.values(), distributions, strict=True):
        sizes = np.array([one.diameter]) if distribution is None else distribution.draw(_MANY)
        volume += math.pi / 6.0 * one.fraction * float((sizes**3).mean())
    return float(filled) / volume


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
    return tuple(float(one.charge or 0.0) for one in document.species.values())


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
    given = {name: getattr(told, name) for name in told.model_fields_set}
    if given and style != "lj":
        raise written.wrong(
            ("units",), f"units: they are those that LAMMPS calls {style}; leave this table out"
        )
    return Units(**{**{name: getattr(units, name) for name in units.__dataclass_fields__}, **given})


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


def _interaction_of(
    written: TomlDocument, document: ModelDocument, diameters: Sequence[float], allow_shell: bool
) -> Interaction:
    told, where = document.interaction, ("interaction",)
    _check_keys(written, told, told.kind, where, (*_OF_ALL_PAIRS, *_later_keys(told)))
    if told.kind == "hard":
        _refuse(written, told, ("nonadditivity", "pairs"), "hard spheres touch where their radii meet")
        return HardContact()
    if told.kind == "lammps":
        _refuse(written, told, ("nonadditivity", "pairs"), "the commands of LAMMPS say it")
        return _raw(written, told, allow_shell)
    labels = list(document.species)
    own: dict[frozenset[str], tuple[int, _OnePair]] = {}
    for k, one in enumerate(told.pairs):
        place: Path = ("interaction", "pairs", k, "between")
        for name in one.between:
            if name not in labels:
                raise written.wrong(
                    place, f"between: there is no species {name!r}; there are {', '.join(labels)}"
                )
        if frozenset(one.between) in own:
            raise written.wrong(place, f"between: the pair {'-'.join(one.between)} was told before")
        own[frozenset(one.between)] = k, one
    pairs = []
    for i, j in combinations_with_replacement(range(len(labels)), 2):
        default = mixed_diameter(diameters[i], diameters[j], told.nonadditivity or 0.0)
        if default <= 0.0:
            raise written.wrong(
                ("interaction", "nonadditivity"), "nonadditivity: is so large that diameters vanish"
            )
        found = own.get(frozenset((labels[i], labels[j])))
        pairs.append((labels[i], labels[j], _potential(written, told, found, (i, j), len(labels), default)))
    return PairPotentials(tuple(pairs), float(told.nonadditivity or 0.0))


def _later_keys(told: _Interaction) -> tuple[str, ...]:
    """Keys of other kinds, which stand above for pairs of that kind."""
    kinds = {one.kind for one in told.pairs if one.kind is not None}
    return tuple(key for kind in kinds for keys in KINDS[kind] for key in keys)


def _refuse(written: TomlDocument, told: _Interaction, keys: Sequence[str], why: str) -> None:
    for key in keys:
        if key in told.model_fields_set:
            raise written.wrong(("interaction", key), f"{key}: cannot be said, {why}")


def _check_keys(written: TomlDocument, told: _Pair, kind: str, where: Path, besides: Sequence[str]) -> None:
    needed, possible = KINDS[kind]
    for key in told.model_fields_set:
        if key not in (*needed, *possible, *besides):
            known = ", ".join((*needed, *possible)) or "none"
            raise written.wrong((*where, key), f"{key}: does not belong to {kind!r}, which has: {known}")


def _potential(
    written: TomlDocument,
    told: _Interaction,
    found: tuple[int, _OnePair] | None,
    numbers: tuple[int, int],
    species: int,
    default_sigma: float,
) -> PairPotential:
    """The potential of one pair: what its own table says, and else what is said of all."""
    where: Path = ("interaction",)
    kind: str = told.kind
    given: dict[str, Any] = {}
    places: dict[str, Path] = {}
    for key in told.model_fields_set - {"kind", "pairs", "nonadditivity"}:
        value = getattr(told, key)
        if isinstance(value, list):
            value = _element(written, key, value, numbers, species)
        given[key], places[key] = value, (*where, key)
    if found is not None:
        k, one = found
        where = ("interaction", "pairs", k)
        kind = one.kind or kind
        if kind in ("hard", "lammps"):
            raise written.wrong(
                (*where, "kind"), f"kind: {kind!r} is the interaction of all particles or of none"
            )
        _check_keys(written, one, kind, where, ("kind", "between"))
        for key in one.model_fields_set - {"kind", "between"}:
            given[key], places[key] = getattr(one, key), (*where, key)
    needed, possible = KINDS[kind]
    for key in needed:
        if given.get(key) is None:
            raise written.wrong(where, f"{key}: is missing, {kind!r} needs it")
    given = {key: value for key, value in given.items() if key in (*needed, *possible)}
    if "onset" in given and given.get("truncation") != "xplor":
        raise written.wrong(places["onset"], 'onset: belongs to truncation = "xplor"')
    try:
        return _made(written, kind, {"epsilon": 1.0, "sigma": default_sigma, **given})
    except FileError:
        raise
    except InputError as error:
        key = str(error).partition(":")[0]
        raise written.wrong(places.get(key, where), str(error)) from None


def _made(written: TomlDocument, kind: str, given: dict[str, Any]) -> PairPotential:
    sigma = float(given["sigma"])
    if kind == "table":
        return table_of(written.path.parent, given["file"], sigma)
    epsilon = float(given["epsilon"])
    if kind == "harmonic":
        return Harmonic(epsilon, sigma)
    if kind == "wca":
        return LennardJones(epsilon, sigma, MINIMUM)
    cutoff, onset = float(given["cutoff"]), float(given.get("onset", 0.0))
    truncation: Truncation = given.get("truncation") or (
        "polynomial" if kind == "inverse-power" else "shifted"
    )
    if kind == "lennard-jones":
        return LennardJones(epsilon, sigma, cutoff, truncation, onset)
    if kind == "yukawa":
        return Yukawa(epsilon, sigma, float(given["kappa"]), cutoff, truncation, onset)
    return InversePower(epsilon, sigma, float(given["exponent"]), cutoff, truncation, onset)


def _element(
    written: TomlDocument, key: str, matrix: list[list[float]], numbers: tuple[int, int], species: int
) -> float:
    place = ("interaction", key)
    if len(matrix) != species or any(len(row) != species for row in matrix):
        raise written.wrong(
            place, f"{key}: expected one number, or {species} rows of {species}, one for each species"
        )
    i, j = numbers
    if matrix[i][j] != matrix[j][i]:
        raise written.wrong(
            place, f"{key}: the matrix is not symmetric: {matrix[i][j]:g} and {matrix[j][i]:g}"
        )
    return matrix[i][j]


def _raw(written: TomlDocument, told: _Interaction, allow_shell: bool) -> RawLammps:
    for key in KINDS["lammps"][0]:
        if getattr(told, key) is None:
            raise written.wrong(("interaction",), f"{key}: is missing, 'lammps' needs it")
    assert told.commands is not None
    assert told.cutoff is not None
    assert told.units is not None
    lines = told.commands.removesuffix("\n").split("\n")
    folder = written.path.parent
    files = {}
    for _, name in file_names(lines):
        path = folder / name
        if path.resolve().parent == folder.resolve() and path.is_file():  # no folders, no links that lead out
            try:
                files[name] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise FileError(f"{path}: cannot be read: {error}") from None
    try:
        return RawLammps(
            tuple(lines), float(told.cutoff), told.units, tuple(files.items()), told.damping, allow_shell
        )
    except UnsafeLineError as error:
        raise written.wrong_within(("interaction", "commands"), error.number, str(error)) from None
