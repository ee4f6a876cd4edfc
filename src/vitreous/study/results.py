"""What a study has found so far, read from the files of its steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.curves import CorrelationCurves, pool
from vitreous.ensemble.propensity import Propensity
from vitreous.glassformers import GlassFormer
from vitreous.io import read
from vitreous.study.plan import State, StudyPlan
from vitreous.study.steps import Kind, Step, read_record, steps_of
from vitreous.study.timescales import Measured, crossing_time, relaxation_time

__all__ = ["Measured", "SnapshotResults", "StateResults", "StudyResults", "read_results"]


@dataclass(frozen=True, eq=False)
class SnapshotResults:
    """One snapshot of a state. What is not made yet is None.

    Attributes
    ----------
    number : int
        From 0 on.
    revealed : Configuration, or None
        With columns ``p_red`` and ``p_red_averaged`` (N,), by the model trained on this snapshot with the neighbour
        rule of the plan.
    model : mapping, or None
        What `Revelation.as_dict` tells of it.
    propensity : Propensity, or None
    curves : mapping of str to CorrelationCurves
        By neighbour rule, as the plan calls it; that of the plan first. Only the deepest state has two.
    explanations : tuple of mapping
        `Explanation.as_dict` for the rule of the plan and the other; empty where there is none.
    clusters : (types, membership), or None
        K names of topological clusters and (N, K) bool.
    """

    number: int
    revealed: Configuration | None
    model: Mapping[str, Any] | None
    propensity: Propensity | None
    curves: Mapping[str, CorrelationCurves]
    explanations: tuple[Mapping[str, Any], ...]
    clusters: tuple[tuple[str, ...], NDArray[np.bool_]] | None


@dataclass(frozen=True, eq=False)
class StateResults:
    """One state. What is not made yet is None.

    Attributes
    ----------
    state : State
    deepest : bool
        Whether it is the most supercooled of its model.
    equilibration : mapping, or None
        `EquilibrationReport.as_dict`.
    relaxation : mapping, or None
        `Relaxation.as_dict`.
    snapshots : tuple of SnapshotResults
    mean_p_red : (M, S) float64, or None
        ⟨P_red⟩ of S snapshots of this state by M models, trained on the snapshots of the deepest state.
    """

    state: State
    deepest: bool
    equilibration: Mapping[str, Any] | None
    relaxation: Mapping[str, Any] | None
    snapshots: tuple[SnapshotResults, ...]
    mean_p_red: NDArray[np.float64] | None

    @property
    def rules(self) -> tuple[str, ...]:
        """Neighbour rules with correlations in every snapshot, that of the plan first."""
        first, *others = (one.curves for one in self.snapshots)
        return tuple(rule for rule in first if all(rule in curves for curves in others))

    def pooled(self, rule: str | None = None) -> CorrelationCurves | None:
        """Correlations pooled over the snapshots, with a neighbour rule, by default the plan's; None if not made."""
        rule = rule or next(iter(self.rules), None)
        if rule is None or rule not in self.rules:
            return None
        return pool([one.curves[rule] for one in self.snapshots])

    @property
    def relaxation_time(self) -> Measured:
        """τ_α as the paper has it: the stretched exponential fitted to F of hard spheres, F_s of the others."""
        if self.relaxation is None:
            return Measured(reason="not made yet")
        return relaxation_time(self.state.former, self.relaxation)

    @property
    def crossing_time(self) -> Measured:
        """Time at which F_s of all particles falls to 1/e."""
        if self.relaxation is None:
            return Measured(reason="not made yet")
        return crossing_time(self.relaxation)

    @property
    def equilibrated_for(self) -> float:
        """Length of the equilibration in `crossing_time`, that of the trajectory after it; NaN if not known.

        The check of equilibrium counts in relaxation times of its own, too short where relaxation still slows down.
        """
        duration = (self.equilibration or {}).get("duration")
        return np.nan if duration is None else float(duration) / self.crossing_time.value

    @property
    def too_short(self) -> bool:
        """Whether it was equilibrated for less than half as long as asked for, by the relaxation of its trajectory."""
        return self.equilibrated_for < 0.5 * self.state.settings.equilibration

    @property
    def diffusion_time(self) -> Measured:
        """τ_D = σ_A²/(6 D), D of all particles."""
        if self.relaxation is None:
            return Measured(reason="not made yet")
        motion = self.relaxation["motion"]["all"]
        time = motion["diffusion_time"]
        return Measured.told(time["value"], time["error"], motion["diffusion"]["reason"])


@dataclass(frozen=True, eq=False)
class StudyResults:
    """All that a study has found so far.

    Attributes
    ----------
    plan : StudyPlan
    states : tuple of StateResults
        Model by model, each from the deepest state on.
    provenance : tuple of mapping
        The record of every step that is made.
    missing : tuple of str
        Steps that are not made, in words.
    """

    plan: StudyPlan
    states: tuple[StateResults, ...]
    provenance: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...]

    @cached_property
    def formers(self) -> tuple[GlassFormer, ...]:
        """The models, in the order of the paper."""
        return self.plan.formers

    def of(self, former: GlassFormer) -> tuple[StateResults, ...]:
        """The states of a model, the deepest first."""
        return tuple(one for one in self.states if one.state.former == former)


def read_results(plan: StudyPlan) -> StudyResults:
    """Read what is made of a study.

    Parameters
    ----------
    plan : StudyPlan

    Returns
    -------
    StudyResults

    Raises
    ------
    FileError
        If a file is damaged.
    """
    folder = plan.folder.resolve()
    steps = steps_of(plan)
    made = [step for step in steps if read_record(step, folder) is not None]
    deepest = {plan.of(former)[0].name for former in plan.formers}
    states = tuple(
        _state(state, state.name in deepest, [step for step in made if step.state.name == state.name], folder)
        for state in plan.states
    )
    return StudyResults(
        plan,
        states,
        tuple(json.loads(step.path(folder, ".made.json").read_text(encoding="utf-8")) for step in made),
        tuple(f"{step.state.name}, {step.name}" for step in steps if step not in made),
    )


def _state(state: State, deepest: bool, made: list[Step], folder: Path) -> StateResults:
    def tree(kind: Kind, suffix: str = ".json") -> Any:
        step = next((step for step in made if step.kind == kind), None)
        return None if step is None else json.loads(step.path(folder, suffix).read_text(encoding="utf-8"))

    transfer = tree("transfer")
    return StateResults(
        state,
        deepest,
        tree("equilibrate", ".equilibration.json"),
        tree("relax"),
        tuple(
            _snapshot(k, state, [step for step in made if step.snapshot == k], folder)
            for k in range(state.settings.snapshots)
        ),
        None if transfer is None else np.array(transfer["mean_p_red"], dtype=np.float64),
    )


def _snapshot(number: int, state: State, made: list[Step], folder: Path) -> SnapshotResults:
    rule = state.settings.neighbors or state.former.neighbors
    revealed = model = propensity = clusters = None
    curves: dict[str, CorrelationCurves] = {}
    explanations: tuple[Mapping[str, Any], ...] = ()
    for step in made:
        if step.kind == "order-parameter" and step.parameters["neighbors"] == rule:
            revealed = read(step.path(folder, ".gsd"))
            model = json.loads(step.path(folder, ".json").read_text(encoding="utf-8"))
        elif step.kind == "propensity":
            propensity = Propensity.load(step.path(folder, ".gsd"))
        elif step.kind == "correlate":
            trained = step.required("order-parameter")
            tree = json.loads(step.path(folder, ".json").read_text(encoding="utf-8"))
            curves[str(trained.parameters["neighbors"])] = CorrelationCurves.from_dict(tree)
        elif step.kind == "explain":
            explanations = tuple(
                json.loads(step.path(folder, ".json").read_text(encoding="utf-8"))["explanations"]
            )
            with np.load(step.path(folder, ".npz"), allow_pickle=False) as arrays:
                clusters = (tuple(str(name) for name in arrays["types"]), arrays["membership"])
    first = {str(rule): curves[str(rule)]} if str(rule) in curves else {}
    return SnapshotResults(number, revealed, model, propensity, first | curves, explanations, clusters)
