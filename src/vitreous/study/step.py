"""One step of a study: what it depends on, the files in which its result is, and the record of how it was made.

A step has a key, a digest of all that its result depends on: the kind of step and its version, its own parameters, and
the keys of the steps before it. The key is in the names of its files. So a step is made once, whoever asks for it; a
change in a plan leads to other keys of just what depends on it; and taking the change back finds the former results
again.

A step is made when its record is there, ``NAME.made.json``, which is written last and tells parameters, versions, the
time it took, and the digest of every file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from vitreous.errors import FileError
from vitreous.io.record_file import read_record
from vitreous.records import Json, to_json
from vitreous.study.plan import State

__all__ = ["Record", "Step", "record_of", "step_differences"]

_MADE = ".made.json"

P = TypeVar("P", covariant=True)


@dataclass(frozen=True, eq=False)
class Step(Generic[P]):
    """One step.

    Attributes
    ----------
    kind : str
        Name of its kind, see `vitreous.study.kinds`.
    version : int
        Version of its kind.
    state : State
    snapshot : int, or None
        Number of the snapshot that it is about, if it is about one.
    parameters : Parameters of its kind
    requires : tuple of Step
    key : str
    """

    kind: str
    version: int
    state: State
    snapshot: int | None
    parameters: P
    requires: tuple[Step[object], ...]
    key: str = field(init=False)

    def __post_init__(self) -> None:
        keys = [step.key for step in self.requires]
        tree = [self.version, self.kind, self.snapshot, to_json(self.parameters), keys]
        digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
        object.__setattr__(self, "key", digest[:10])

    @property
    def name(self) -> str:
        """Name of the step within its state, in words."""
        return self.kind if self.snapshot is None else f"{self.kind} {self.snapshot + 1}"

    @property
    def _series(self) -> str:
        """What the names of the files of this step begin with, whatever its key is."""
        number = "" if self.snapshot is None else f"-{self.snapshot + 1}"
        return f"{self.state.name}/{self.kind}{number}-"

    @property
    def stem(self) -> str:
        """Path of its files below the folder of the study, without suffix."""
        return f"{self._series}{self.key}"

    def path(self, folder: Path, suffix: str) -> Path:
        """One of its files."""
        return folder / f"{self.stem}{suffix}"

    @property
    def runs(self) -> int:
        """So many runs have to be carried out before it is made; 1 if it is made of one piece."""
        return int(getattr(self.parameters, "runs", 1))

    def required(self, kind: str) -> Step[object]:
        """The first step of a kind that this one requires."""
        return next(step for step in self.requires if step.kind == kind)


@dataclass(frozen=True)
class Record:
    """How a step was made.

    Attributes
    ----------
    kind, state : str
    snapshot : int or None
        Counted from 0.
    parameters : dict
    requires : tuple of str
        `Step.stem` of those that it requires.
    files : dict of str to str
        SHA-256 by suffix.
    seconds, processor_seconds : float
        That it took, of the clock and of all processors together.
    versions : dict of str to str
        Versions of the packages.
    version : int
        Version of the kind of step.
    """

    kind: str
    state: str
    snapshot: int | None
    parameters: dict[str, Json]
    requires: tuple[str, ...]
    files: dict[str, str]
    seconds: float
    processor_seconds: float
    versions: dict[str, str]
    version: int = 1


def record_of(step: Step[object], folder: Path) -> Record | None:
    """The record of a step, or None if the step is not made: without a record, or one of its files gone.

    Raises
    ------
    FileError
        If the record cannot be read.
    """
    try:
        record = read_record(step.path(folder, _MADE), Record)
    except FileNotFoundError:
        return None
    except FileError as error:
        raise FileError(f"{error}; remove it, and the step is made again") from None
    if not all(step.path(folder, suffix).exists() for suffix in record.files):
        return None
    return record


def step_differences(step: Step[object], folder: Path) -> tuple[str, ...]:
    """Why a step that is not made is to be made: what differs from the most similar one of its kind that is made.

    Returns
    -------
    tuple of str
        One line each: a file that is gone, another version, each parameter with its values then and now, each step
        before it that is another; or that there is none so far.
    """
    own = step.path(folder, _MADE)
    if own.exists():
        files = (step.path(folder, suffix) for suffix in read_record(own, Record).files)
        return tuple(f"its file {file.name} is gone" for file in files if not file.exists())
    made = folder.glob(f"{step._series}{'[0-9a-f]' * len(step.key)}{_MADE}")
    return min((_differences(step, read_record(path, Record)) for path in made), key=len, default=_NONE)


_NONE = ("none was made so far",)


def _differences(step: Step[object], before: Record) -> tuple[str, ...]:
    found = []
    if before.version != step.version:
        found.append(f"version of this kind of step: {before.version}, now {step.version}")
    then, now = _flat(before.parameters), _flat(to_json(step.parameters))
    for name in dict.fromkeys([*then, *now]):
        was, will_be = (json.dumps(each[name]) if name in each else "not told" for each in (then, now))
        if was != will_be:
            found.append(f"{name}: {was}, now {will_be}")
    others = set(before.requires) - {one.stem for one in step.requires}
    found += [
        f"{stem.rpartition('/')[2].rpartition('-')[0]} before it: another one" for stem in sorted(others)
    ]
    if len(before.requires) != len(step.requires):
        found.append(f"number of steps before it: {len(before.requires)}, now {len(step.requires)}")
    return tuple(found)


def _flat(tree: Json, where: str = "") -> dict[str, Json]:
    """Values by their names, those of objects within objects with dots between."""
    if not isinstance(tree, dict):
        return {where: tree}
    found: dict[str, Json] = {}
    for name, part in tree.items():
        found |= _flat(part, f"{where}.{name}" if where else name)
    return found
