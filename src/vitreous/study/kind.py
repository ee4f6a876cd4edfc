"""What a kind of step is. Each is one module in `vitreous.study.kinds`, with all that is to be known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from vitreous.ensemble.dispatch import Work
from vitreous.study.plan import State
from vitreous.study.progress import Watcher
from vitreous.study.step import Step

__all__ = ["Kind", "Planned", "StateSteps"]

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Planned(Generic[P]):
    """A step that is wanted: its parameters, the steps before it, and the snapshot that it is about."""

    parameters: P
    requires: tuple[Step[Any], ...] = ()
    snapshot: int | None = None


@dataclass(frozen=True)
class StateSteps:
    """A state while its steps are found.

    Attributes
    ----------
    state : State
    here : mapping of str to steps
        Those of this state by kind, so far: of all kinds that a kind requires.
    deepest : mapping of str to steps
        Those of the most supercooled state of the same model.
    """

    state: State
    here: Mapping[str, Sequence[Step[Any]]]
    deepest: Mapping[str, Sequence[Step[Any]]]

    @property
    def is_deepest(self) -> bool:
        """Whether this is the most supercooled state of its model."""
        return self.here is self.deepest

    def source(self, snapshot: int) -> Step[Any]:
        """The step in whose files a snapshot is, counted from 0."""
        if snapshot < self.state.settings.snapshots:
            return self.one("trajectory")
        return self.one("further", snapshot)

    def one(self, kind: str, snapshot: int | None = None) -> Step[Any]:
        """The first step of a kind in this state, about a snapshot if one is given."""
        return next(step for step in self.here[kind] if snapshot is None or step.snapshot == snapshot)


@dataclass(frozen=True)
class Kind(Generic[P, R]):
    """A kind of step.

    Attributes
    ----------
    name : str
        Name of the module, with hyphens.
    version : int
        To be raised when results come to mean something else, or other numbers.
    column : str
        Where `vitreous study status` counts its steps.
    requires : tuple of str
        Kinds whose steps have to be found before those of this kind.
    steps : callable
        The steps of a state.
    make : callable
        Makes a step in the folder of a study; the steps that it requires are made. Returns the suffixes of its files.
    read : callable
        The result, from the files of a step that is made.
    cost : callable or float
        Processor seconds that a step takes, roughly.
    family : str, optional
        Kinds of one family are slower or faster than expected together; by default each by itself.
    runs : callable, optional
        What workers do before a step is made, run by run; the last argument is told of each damaged run.
    decides : bool
        Whether claims rest on it. A decision on further snapshots is void with other steps of such a kind in the first
        stage, and only with these.
    """

    name: str
    version: int
    column: str
    requires: tuple[str, ...]
    steps: Callable[[StateSteps], Iterator[Planned[P]]]
    make: Callable[[Step[P], Path, Watcher], Sequence[str]]
    read: Callable[[Step[P], Path], R]
    cost: Callable[[Step[P], Path], float] | float
    family: str = ""
    runs: Callable[[Step[P], Path, Callable[[int, str], None]], Work] | None = None
    decides: bool = True
