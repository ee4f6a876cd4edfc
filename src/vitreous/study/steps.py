"""The steps of a study: what each depends on, and the files in which its result is.

A step has a key, a digest of all that its result depends on: its own parameters and the keys of the steps before it.
The key is in the names of its files. So a step is made once, whoever asks for it; a change in a plan leads to other
keys of just what depends on it; and taking the change back finds the former results again.

A step is made when its record is there, ``NAME.made.json``, which is written last and tells parameters, versions, the
time it took, and the digest of every file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from vitreous.errors import FileError
from vitreous.simulate.plan import Plan
from vitreous.study.plan import State, StudyPlan

__all__ = ["Kind", "Record", "Step", "equilibration", "read_record", "steps_of"]

Kind = Literal[
    "equilibrate", "trajectory", "relax", "propensity", "order-parameter", "correlate", "explain", "transfer"
]

# Of every kind, to be raised when its result comes to mean something else.
_VERSION = 1


@dataclass(frozen=True, eq=False)
class Step:
    """One step.

    Attributes
    ----------
    kind : Kind
    state : State
    snapshot : int, or None
        Number of the snapshot that it is about, if it is about one.
    parameters : dict
        Its own, ready for JSON.
    requires : tuple of Step
    key : str
    """

    kind: Kind
    state: State
    snapshot: int | None
    parameters: dict[str, Any]
    requires: tuple[Step, ...]
    key: str = field(init=False)

    def __post_init__(self) -> None:
        told = [_VERSION, self.kind, self.snapshot, self.parameters, [step.key for step in self.requires]]
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        object.__setattr__(self, "key", digest[:10])

    @property
    def name(self) -> str:
        """Of the step within its state, in words."""
        return self.kind if self.snapshot is None else f"{self.kind} {self.snapshot + 1}"

    @property
    def stem(self) -> str:
        """Path of its files below the folder of the study, without suffix."""
        number = "" if self.snapshot is None else f"-{self.snapshot + 1}"
        return f"{self.state.name}/{self.kind}{number}-{self.key}"

    def path(self, folder: Path, suffix: str) -> Path:
        """One of its files."""
        return folder / f"{self.stem}{suffix}"

    def required(self, kind: Kind) -> Step:
        """The first step of a kind that this one requires."""
        return next(step for step in self.requires if step.kind == kind)


@dataclass(frozen=True)
class Record:
    """What is told of a step that is made.

    Attributes
    ----------
    files : dict of str to str
        SHA-256 by suffix.
    seconds, processor_seconds : float
        That it took, of the clock and of all processors together.
    versions : dict of str to str
    """

    files: dict[str, str]
    seconds: float
    processor_seconds: float
    versions: dict[str, str]


def read_record(step: Step, folder: Path) -> Record | None:
    """The record of a step, or None if the step is not made: without a record, or one of its files gone.

    Raises
    ------
    FileError
        If the record cannot be read.
    """
    path = step.path(folder, ".made.json")
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        record = Record(told["files"], told["seconds"], told["processor_seconds"], told["versions"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"{path}: cannot be read ({error}); remove it, and the step is made again") from None
    if not all(step.path(folder, suffix).exists() for suffix in record.files):
        return None
    return record


def steps_of(plan: StudyPlan) -> list[Step]:
    """All steps of a study, each after those that it requires."""
    steps: list[Step] = []
    for former in plan.formers:
        deepest: list[Step] = []  # order parameters of the deepest state, with the rule of the model
        for state in plan.of(former):
            of_state = list(_steps_of_state(state, explained=not deepest))
            trained = [step for step in of_state if step.kind == "order-parameter"]
            rule = trained[0].parameters["neighbors"]
            deepest = deepest or [step for step in trained if step.parameters["neighbors"] == rule]
            trajectory = next(step for step in of_state if step.kind == "trajectory")
            count = {"snapshots": state.settings.snapshots}
            transfer = Step("transfer", state, None, count, (trajectory, *deepest))
            steps += [*of_state, transfer]
    return steps


def equilibration(state: State) -> Plan:
    """How a state is equilibrated."""
    settings = state.settings
    return Plan(
        state.former,
        state.state_point,
        settings.particles,
        settings.seed,
        multiple=settings.equilibration,
        longest=settings.longest_equilibration,
    )


def _steps_of_state(state: State, explained: bool) -> Iterator[Step]:
    settings = state.settings
    yield (equilibrate := Step("equilibrate", state, None, equilibration(state).as_dict(), ()))
    length = {
        "relaxation_times": settings.trajectory,
        "snapshots": settings.snapshots,
        "seed": settings.seed,
    }
    yield (trajectory := Step("trajectory", state, None, length, (equilibrate,)))
    yield (relax := Step("relax", state, None, {}, (trajectory,)))
    for k in range(settings.snapshots):
        ensemble = {
            "runs": settings.runs_of(k),
            "relaxation_times": settings.propensity,
            "times_per_decade": settings.times_per_decade,
            "seed": settings.seed,
        }
        yield (propensity := Step("propensity", state, k, ensemble, (trajectory, relax)))
        rule = settings.neighbors or state.former.neighbors
        other = "cutoff" if rule == "sann" else "sann"
        trained = []
        for neighbors in (rule, other) if explained else (rule,):
            training = {
                "neighbors": neighbors,
                "reducer": settings.reducer,
                "bottleneck": settings.bottleneck,
                "seed": settings.seed,
            }
            trained.append(Step("order-parameter", state, k, training, (trajectory,)))
            yield trained[-1]
            yield Step("correlate", state, k, {"seed": settings.seed}, (propensity, trained[-1]))
        if explained:
            yield Step("explain", state, k, {"seed": settings.seed}, (trajectory, *trained))
