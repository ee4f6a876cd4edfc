"""What a model file may say of its interaction, and what that makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vitreous.errors import FileError, InputError
from vitreous.glassformers.interaction import (
    HardContact,
    Interaction,
    PairPotentials,
    RawLammps,
    mixed_diameter,
)
from vitreous.glassformers.lammps_lines import UnsafeLineError, file_names
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
from vitreous.glassformers.units import UnitStyle
from vitreous.toml_document import Path, TomlDocument

__all__ = ["KINDS", "InteractionTable", "Number", "OnePairTable", "Positive", "Strict", "interaction_of"]

Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
_Kind = Literal["hard", "lennard-jones", "wca", "inverse-power", "harmonic", "yukawa", "table", "lammps"]

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


class Strict(BaseModel):
    """A table in which nothing may stand that is not known, and in which a text is no number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Pair(Strict):
    """What may be said of all pairs, or of one in a table of its own."""

    kind: _Kind | None = None
    epsilon: Number | list[list[Number]] | None = None
    sigma: Positive | list[list[Positive]] | None = None
    cutoff: Positive | None = None
    truncation: Truncation | None = None
    onset: Positive | None = None
    exponent: Positive | None = None
    kappa: Positive | None = None
    file: str | None = None


class OnePairTable(_Pair):
    """What is said of one pair of species: ``[[interaction.pairs]]``."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    epsilon: Number | None = None
    sigma: Positive | None = None


class InteractionTable(_Pair):
    """What is said of all pairs: ``[interaction]``."""

    kind: _Kind
    nonadditivity: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] | None = None
    pairs: list[OnePairTable] = []
    commands: str | None = None
    units: UnitStyle | None = None
    damping: Positive | None = None


def interaction_of(
    written: TomlDocument, told: InteractionTable, diameters: Mapping[str, float], allow_shell: bool
) -> Interaction:
    """The interaction of species with these diameters; FileError, with file and line, if anything is wrong."""
    where = ("interaction",)
    _check_keys(written, told, told.kind, where, (*_OF_ALL_PAIRS, *_later_keys(told)))
    if told.kind == "hard":
        _refuse(written, told, ("nonadditivity", "pairs"), "hard spheres touch where their radii meet")
        return HardContact()
    if told.kind == "lammps":
        _refuse(written, told, ("nonadditivity", "pairs"), "the commands of LAMMPS say it")
        return _raw(written, told, allow_shell)
    labels = list(diameters)
    nonadditivity = told.nonadditivity or 0.0
    own: dict[frozenset[str], tuple[int, OnePairTable]] = {}
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
        default = mixed_diameter(diameters[labels[i]], diameters[labels[j]], nonadditivity)
        if default <= 0.0:
            raise written.wrong(
                ("interaction", "nonadditivity"), "nonadditivity: is so large that diameters vanish"
            )
        found = own.get(frozenset((labels[i], labels[j])))
        pairs.append((labels[i], labels[j], _potential(written, told, found, (i, j), len(labels), default)))
    return PairPotentials(tuple(pairs), nonadditivity)


def _later_keys(told: InteractionTable) -> tuple[str, ...]:
    """Keys of other kinds, which stand above for pairs of that kind."""
    kinds = {one.kind for one in told.pairs if one.kind is not None}
    return tuple(key for kind in kinds for keys in KINDS[kind] for key in keys)


def _refuse(written: TomlDocument, told: InteractionTable, keys: Sequence[str], why: str) -> None:
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
    told: InteractionTable,
    found: tuple[int, OnePairTable] | None,
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
    sigma, epsilon = given["sigma"], given["epsilon"]
    if kind == "table":
        return table_of(written.path.parent, given["file"], sigma)
    if kind == "harmonic":
        return Harmonic(epsilon, sigma)
    if kind == "wca":
        return LennardJones(epsilon, sigma, MINIMUM)
    cutoff, onset = given["cutoff"], given.get("onset", 0.0)
    truncation: Truncation = given.get("truncation") or (
        "polynomial" if kind == "inverse-power" else "shifted"
    )
    if kind == "lennard-jones":
        return LennardJones(epsilon, sigma, cutoff, truncation, onset)
    if kind == "yukawa":
        return Yukawa(epsilon, sigma, given["kappa"], cutoff, truncation, onset)
    return InversePower(epsilon, sigma, given["exponent"], cutoff, truncation, onset)


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


def _raw(written: TomlDocument, told: InteractionTable, allow_shell: bool) -> RawLammps:
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
            tuple(lines), told.cutoff, told.units, tuple(files.items()), told.damping, allow_shell
        )
    except UnsafeLineError as error:
        raise written.wrong_within(("interaction", "commands"), error.number, str(error)) from None
