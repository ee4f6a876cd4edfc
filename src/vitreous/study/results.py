"""What a study has found so far, read from the files of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.correlation.curves import CorrelationCurves, joined, pool
from vitreous.dynamics.stretched_exponential import StretchedExponential
from vitreous.ensemble.result import Propensity
from vitreous.glassformers import GlassFormer
from vitreous.study.decision import decided
from vitreous.study.kinds import (
    all_kinds,
    cage,
    correlate,
    equilibrate,
    explain,
    order_parameter,
    propensity,
    relax,
    supervised,
    transfer,
)
from vitreous.study.measured import Measured
from vitreous.study.plan import State, StudyPlan
from vitreous.study.step import Record, Step, record_of
from vitreous.study.steps import steps_of

__all__ = ["Measured", "SnapshotResults", "StateResults", "StudyResults", "read_results"]


@dataclass(frozen=True, eq=False)
class SnapshotResults:
    """One snapshot of a state. What is not made yet is None.

    Attributes
    ----------
    number : int
        From 0 on.
    revealed : Revealed, or None
        By the model trained on this snapshot with the neighbour rule of the plan.
    caged : Caged, or None
        The cage order parameter of this snapshot.
    propensity : Propensity, or None
    curves : mapping of str to CorrelationCurves
        By neighbour rule, as the plan calls it; that of the plan first. Only the deepest state has two. The supervised
        reference is among the quantities if that of the state is made.
    explained : Explained, or None
        With the rule of the plan and the other, and the topological clusters. Only the deepest state has it.
    """

    number: int
    revealed: order_parameter.Revealed | None
    caged: cage.Caged | None
    propensity: Propensity | None
    curves: Mapping[str, CorrelationCurves]
    explained: explain.Explained | None

    @property
    def configuration(self) -> Configuration | None:
        """The particles, with the order parameter of the paper if that is known."""
        if self.revealed is not None:
            return self.revealed.configuration
        if self.propensity is not None:
            return self.propensity.snapshot
        return None if self.caged is None else self.caged.configuration


@dataclass(frozen=True, eq=False)
class StateResults:
    """One state. What is not made yet is None.

    Attributes
    ----------
    state : State
    deepest : bool
        Whether it is the most supercooled of its model.
    equilibration : Equilibration, or None
    relaxation : Relaxation, or None
    snapshots : tuple of SnapshotResults
        Those with a propensity: all that the plan asks for, and of further ones those of which everything is made.
    mean_p_red : (M, S) float64, or None
        ⟨P_red⟩ of S snapshots of this state by M models, trained on the snapshots of the deepest state.
    """

    state: State
    deepest: bool
    equilibration: equilibrate.Equilibration | None
    relaxation: relax.Relaxation | None
    snapshots: tuple[SnapshotResults, ...]
    mean_p_red: NDArray[np.float64] | None

    @property
    def rules(self) -> tuple[str, ...]:
        """Neighbour rules with correlations in every snapshot, that of the plan first."""
        first, *others = (one.curves for one in self.snapshots)
        return tuple(rule for rule in first if all(rule in curves for curves in others))

    def curves(self, rule: str | None = None) -> list[CorrelationCurves]:
        """Correlations of each snapshot with a neighbour rule, by default the plan's; empty if not all are made."""
        rule = rule or next(iter(self.rules), "")
        return [one.curves[rule] for one in self.snapshots] if rule in self.rules else []

    def pooled(self, rule: str | None = None) -> CorrelationCurves | None:
        """`curves` pooled over the snapshots; None if not all are made."""
        made = self.curves(rule)
        return pool(made) if made else None

    @property
    def untrained_p_red(self) -> NDArray[np.float64] | None:
        """⟨P_red⟩ by the model of the deepest state's first snapshot; without that snapshot if there are others."""
        if self.mean_p_red is None:
            return None
        values: NDArray[np.float64] = self.mean_p_red[0]
        return values[1:] if self.deepest and len(values) > 1 else values

    @property
    def first_of_all(self) -> int:
        """How many of `untrained_p_red` belong to the first stage."""
        count = self.state.settings.all_snapshots
        return count - 1 if self.deepest and count > 1 else count

    @property
    def tau_alpha(self) -> Measured:
        """τ_α as the paper has it: the stretched exponential fitted to the scattering function of the model."""
        if self.relaxation is None:
            return _NOT_MADE
        return self.relaxation.tau_alpha(self.state.former)

    @property
    def fit(self) -> StretchedExponential:
        """The stretched exponential whose τ_α that is; without numbers where there is none."""
        if self.relaxation is None or not np.isfinite(self.tau_alpha.value):
            return StretchedExponential()
        return self.relaxation.fit_of(self.state.former)

    @property
    def tau_1e(self) -> Measured:
        """Time at which F_s of all particles falls to 1/e."""
        return _NOT_MADE if self.relaxation is None else self.relaxation.tau_1e

    @property
    def equilibrated_for(self) -> float:
        """Length of the equilibration in `tau_1e`, that of the trajectory after it; NaN if not known.

        The check of equilibrium counts in relaxation times of its own, too short where relaxation still slows down.
        """
        return np.nan if self.equilibration is None else self.equilibration.duration / self.tau_1e.value

    @property
    def too_short(self) -> bool:
        """Whether it was equilibrated for less than half as long as asked for, by the relaxation of its trajectory."""
        return self.equilibrated_for < 0.5 * self.state.settings.equilibration

    @property
    def diffusion_time(self) -> Measured:
        """τ_D = σ_A²/(6 D), D of all particles."""
        return _NOT_MADE if self.relaxation is None else self.relaxation.diffusion_time


_NOT_MADE = Measured(reason="not made yet")


@dataclass(frozen=True, eq=False)
class StudyResults:
    """All that a study has found so far.

    Attributes
    ----------
    plan : StudyPlan
    states : tuple of StateResults
        Model by model, each from the deepest state on.
    provenance : tuple of Record
        Record of every step that is made.
    missing : tuple of str
        Steps that are not made, in words.
    steps : mapping of Step to Record
        Those that are made; `result` reads any of them.
    """

    plan: StudyPlan
    states: tuple[StateResults, ...]
    provenance: tuple[Record, ...]
    missing: tuple[str, ...]
    steps: Mapping[Step[object], Record] = field(default_factory=dict)

    @cached_property
    def formers(self) -> tuple[GlassFormer, ...]:
        """The models, in the order of the paper."""
        return self.plan.formers

    def of(self, former: GlassFormer) -> tuple[StateResults, ...]:
        """The states of a model, the deepest first."""
        return tuple(one for one in self.states if one.state.former == former)

    @property
    def deepest(self) -> tuple[StateResults, ...]:
        """The deepest state of each model."""
        return tuple(self.of(former)[0] for former in self.formers)

    def result(self, step: Step[object]) -> object:
        """What `Kind.read` of its kind makes of the files of a step that is made."""
        return all_kinds()[step.kind].read(step, self.plan.folder.resolve())


def read_results(plan: StudyPlan) -> StudyResults:
    """Read what is made of a study, further snapshots that were decided included.

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
    plan, folder = decided(plan), plan.folder.resolve()
    steps = steps_of(plan)
    records = {step: record for step in steps if (record := record_of(step, folder)) is not None}
    deepest = {plan.of(former)[0].name for former in plan.formers}
    states = tuple(
        _state(
            state,
            state.name in deepest,
            [step for step in records if step.state.name == state.name],
            {step.snapshot for step in steps if step.state.name == state.name and step not in records},
            folder,
        )
        for state in plan.states
    )
    missing = tuple(f"{step.state.name}, {step.name}" for step in steps if step not in records)
    return StudyResults(plan, states, tuple(records.values()), missing, records)


def _state(
    state: State, deepest: bool, made: list[Step[object]], unfinished: set[int | None], folder: Path
) -> StateResults:
    by_kind = {step.kind: step for step in made if step.snapshot is None}
    reference = supervised.read(by_kind["supervised"], folder).curves if "supervised" in by_kind else ()
    snapshots = tuple(
        _snapshot(k, state, [step for step in made if step.snapshot == k], reference[k : k + 1], folder)
        for k in range(state.followed)
        if k < state.settings.snapshots or k not in unfinished
    )
    equilibrated, relaxed = by_kind.get("equilibrate"), by_kind.get("relax")
    transferred = [transfer.read(step, folder).mean_p_red for step in made if step.kind == "transfer"]
    return StateResults(
        state,
        deepest,
        None if equilibrated is None else equilibrate.read(equilibrated, folder),
        None if relaxed is None else relax.read(relaxed, folder),
        snapshots,
        np.concatenate(transferred, axis=1) if "transfer" in by_kind else None,
    )


def _snapshot(
    number: int,
    state: State,
    made: list[Step[object]],
    reference: tuple[CorrelationCurves, ...],
    folder: Path,
) -> SnapshotResults:
    revealed = caged = measured = explained = None
    curves: dict[str, CorrelationCurves] = {}
    rule = state.settings.neighbors or state.former.neighbors
    for step in made:
        if step.kind == "order-parameter" and order_parameter.neighbors_of(step) == rule:
            revealed = order_parameter.read(step, folder)
        elif step.kind == "propensity":
            measured = propensity.read(step, folder)
        elif step.kind == "correlate":
            by = order_parameter.neighbors_of(step.required("order-parameter"))
            curves[str(by)] = reduce(joined, reference, correlate.read(step, folder))
        elif step.kind == "cage":
            caged = cage.read(step, folder)
        elif step.kind == "explain":
            explained = explain.read(step, folder)
    first = {str(rule): curves[str(rule)]} if str(rule) in curves else {}
    return SnapshotResults(number, revealed, caged, measured, first | curves, explained)
