"""Results of a study that nobody made: numbers that are known, of any number of models, states and snapshots."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from vitreous.configuration import Configuration
from vitreous.correlation.curves import CorrelationCurves, joined
from vitreous.dynamics.diffusion import DiffusionConstant
from vitreous.dynamics.relaxation import RelaxationTime
from vitreous.dynamics.stretched_exponential import StretchedExponential
from vitreous.ensemble.result import Propensity
from vitreous.glassformers import glass_former
from vitreous.study.kinds.cage import Caged
from vitreous.study.kinds.equilibrate import Equilibration
from vitreous.study.kinds.explain import (
    BondOrder,
    ClusterRow,
    Clusters,
    Explained,
    Explanation,
    GroupBondOrder,
    Rho,
)
from vitreous.study.kinds.order_parameter import Revealed
from vitreous.study.kinds.relax import DecayTimes, Motion, Motions, Relaxation, Scattering
from vitreous.study.measured import Measured
from vitreous.study.plan import Settings, State, StudyPlan
from vitreous.study.results import SnapshotResults, StateResults, StudyResults
from vitreous.study.step import Record

MODELS = ("hard-spheres", "wahnstrom", "kob-andersen")
FIELDS = ("p_red", "p_red_averaged", "density")
OURS = ("cage_averaged", "supervised_averaged")  # beside the paper's
TYPES = ("sp3a", "5A", "8B", "11A", "rare", "none")
MEMBERS = (90, 60, 40, 20, 3, 0)  # of 100 particles
_CLUSTERS = Clusters((), np.zeros((100, 0), dtype=bool))
TIMES = 40  # δt, from 0.01 to three times τ_α
INTERCEPT, SLOPE = 11.0, -14.0  # of ln τ_α against ⟨P_red⟩


def study_results(models=MODELS, states=3, snapshots=2, label="", seed=0):
    """Complete results; `without` takes parts away."""
    made = []
    for m, name in enumerate(models):
        former = glass_former(name)
        points = sorted(former.ladder, reverse=former.control.deepens)[:states]
        for k, point in enumerate(points):
            state = State(former, point, Settings(particles=100, snapshots=snapshots))
            made.append(_state(state, k, snapshots, seed + 100 * m + k))
    plan = StudyPlan(Path("made-up.toml"), label, tuple(one.state for one in made))
    records = tuple(_record(one.state.name, kind) for one in made for kind in ("equilibrate", "propensity"))
    return StudyResults(plan, tuple(made), records, ())


def without(results, *parts):
    """The same without some parts of every state or of every snapshot, as if these were not made yet."""
    empty = {"curves": {}}
    states = []
    for one in results.states:
        of_snapshot = {
            part: empty.get(part) for part in parts if part in SnapshotResults.__dataclass_fields__
        }
        of_state = {part: None for part in parts if part in ("equilibration", "relaxation", "mean_p_red")}
        snapshots = tuple(replace(snapshot, **of_snapshot) for snapshot in one.snapshots)
        states.append(replace(one, snapshots=snapshots, **of_state))
    return replace(results, states=tuple(states))


def with_fit(state, **changes):
    """A state with another stretched exponential of F."""
    scattering = state.relaxation.scattering
    total = replace(scattering.total, fit=replace(scattering.total.fit, **changes))
    return replace(state, relaxation=replace(state.relaxation, scattering=replace(scattering, total=total)))


def with_times(state, factors):
    """A state whose snapshots relax at other times in their own runs, each by a factor."""
    snapshots = []
    for one, factor in zip(state.snapshots, factors, strict=True):
        curves = {rule: replace(each, tau_1e=factor * each.tau_1e) for rule, each in one.curves.items()}
        snapshots.append(replace(one, curves=curves))
    return replace(state, snapshots=tuple(snapshots))


def nothing(models=MODELS, states=3, snapshots=2):
    """Results of which nothing is made yet."""
    everything = ("revealed", "caged", "propensity", "curves", "explained")
    made = replace(study_results(models, states, snapshots), provenance=())
    return without(made, *everything, "equilibration", "relaxation", "mean_p_red")


def curves_of(results, model, state=0, snapshot=0, rule=None):
    """Correlations of one snapshot."""
    former = glass_former(model)
    one = results.of(former)[state].snapshots[snapshot]
    return one.curves[rule or former.neighbors]


def _state(state, k, snapshots, seed):
    rng = np.random.default_rng(seed)
    deepest = k == 0
    mean = 0.4 + 0.07 * k
    mean_p_red = mean + 0.01 * rng.standard_normal((snapshots, snapshots))
    known = mean_p_red[0, 1:] if deepest and snapshots > 1 else mean_p_red[0]
    tau = float(np.exp(INTERCEPT + SLOPE * known.mean()))
    fit = StretchedExponential(tau, 0.05 * tau, 0.6, 0.02, 0.8, 0.01)
    decay = DecayTimes(fit, RelaxationTime(0.8 * tau, 0.03 * tau))
    motion = Motion(DiffusionConstant(0.2 / tau, 0.01 / tau), Measured(tau / 1.2, 0.05 * tau))
    return StateResults(
        state,
        deepest,
        Equilibration("equilibrated", (), 8.0 * tau, 10.5, Measured(0.8 * tau)),
        Relaxation(Scattering(decay, decay), Motions(motion)),
        tuple(_snapshot(state, number, deepest, tau, k, rng) for number in range(snapshots)),
        mean_p_red,
    )


def _snapshot(state, number, deepest, tau, k, rng):
    former = state.former
    side = 6.0
    species = np.where(np.arange(100) < round(100 * former.fractions[0]), *former.species)
    positions = side * rng.random((100, 3))
    times = np.geomspace(0.01, 3.0 * tau, TIMES)
    rules = ("sann", "cutoff") if former.neighbors == "sann" else ("cutoff", "sann")
    columns = {"p_red": rng.random(100), "p_red_averaged": 0.4 + 0.2 * rng.random(100)}
    snapshot = Configuration(positions, side, species, former.diameter_of)
    revealed = Configuration(positions, side, species, former.diameter_of, columns=columns)
    caged = snapshot.with_columns(cage=positions[:, 0] - 3.0, cage_averaged=0.5 * (positions[:, 0] - 3.0))
    return SnapshotResults(
        number,
        Revealed(revealed, 2.0 * former.large_diameter),
        Caged(caged),
        Propensity(snapshot, times, rng.random((TIMES, 100)) + np.arange(TIMES)[:, None]),
        {rule: _with_ours(_curves(former, times, tau, k, rng)) for rule in (rules if deepest else rules[:1])},
        Explained(tuple(_explanation(rng) for _ in rules), _CLUSTERS) if deepest else None,
    )


def _curves(former, times, tau, k, rng):
    """A maximum near τ, lower and lower from the deepest state on."""
    peak = np.exp(-0.5 * (np.log(times / tau) / 1.5) ** 2)
    height = np.array([[0.35, 0.25], [0.65, 0.45], [0.2, 0.1]])[:, :, None] * (1.0 - 0.15 * k)
    rho = height * peak + 0.02 * rng.standard_normal((3, 2, TIMES))
    half = np.full((2, TIMES), 0.8)
    chance = np.full((2, TIMES), 0.1)
    particles = np.array([round(100 * share) for share in former.fractions])
    return CorrelationCurves(
        "spearman", FIELDS, former.species, times, rho, rho - 0.08, rho + 0.08, half, -chance, chance, particles, 1,
        tau * float(np.exp(0.05 * rng.standard_normal())),
    )  # fmt: skip


def _with_ours(curves):
    """With the cage order parameter, better by 0.2 than P̄_red, and the supervised reference, by 0.25."""
    rho = curves.rho[1] + np.array([0.2, 0.25])[:, None, None]
    return joined(curves, replace(curves, fields=OURS, rho=rho, low=rho - 0.08, high=rho + 0.08))


def _explanation(rng):
    clusters = []
    for name, members, rho in zip(TYPES, MEMBERS, (0.3, 0.1, -0.1, -0.3, 0.05, None), strict=True):
        for group in ("all", "A"):
            value = np.nan if rho is None else rho + 0.03 * float(rng.standard_normal())
            half = 0.1 if members >= 10 else np.nan
            row = Rho(value, value - half, value + half)
            clusters.append(ClusterRow(name, group, 100, members, row, row))
    white = 0.1 + 0.03 * np.arange(8)
    red = white + 0.01 + 0.002 * rng.standard_normal(8)
    order = GroupBondOrder(
        "all",
        BondOrder(white, np.full(8, 0.01)),
        BondOrder(red, np.full(8, 0.02)),
        (red - white) / np.sqrt(0.5 * (0.01**2 + 0.02**2)),
    )
    return Explanation(tuple(range(1, 9)), (order,), tuple(clusters))


def _record(state, kind):
    return Record(
        kind,
        state,
        None if kind == "equilibrate" else 0,
        {"seed": 0},
        (),
        {".gsd": "0123456789abcdef" * 4},
        200.0,
        300.0,
        {"python": "3.12.0", "vitreous": "0.1.0"},
    )
