"""The numbers behind the figures of a study, as tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vitreous.column_names import CAGE_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.correlation.curves import CorrelationCurves
from vitreous.dynamics.diffusion import DiffusionConstant
from vitreous.jobs.explain import COLORS
from vitreous.study.evidence_tables import EVIDENCE, Cell, model_and_state
from vitreous.study.explanation_means import bond_order_means, cluster_means
from vitreous.study.prediction import SIZES, large_and_small, peak, sizes_of, standard_error
from vitreous.study.results import StateResults, StudyResults
from vitreous.study.supercooling import supercooling

__all__ = ["Cell", "Table", "study_tables"]

Table = tuple[list[str], list[list[Cell]]]

_CURVE = ["model", "state", "field", "species", "size", "delta_t", "rho", "error", "low", "high", "snapshots"]


def study_tables(results: StudyResults) -> dict[str, Table]:
    """Collect the numbers behind every figure of `study_figures`.

    Returns
    -------
    dict of str to (header, rows)
        By the stem of the figure, ``states`` first and ``steps`` last. Each row has a text or a number for each
        column. What is not known is NaN; what is not made yet has no row, but every state has one in ``states`` and
        ``figure-3``.

        ``state`` is the packing fraction of hard spheres, the temperature of the others; times and lengths are in the
        units of the model. ``rho`` is Spearman's ρ with its sign, a mean over so many ``snapshots``, ``error`` its
        standard error. ``low`` and ``high`` are ρ ± this error; of one snapshot they are its 95 % interval, and the
        error is half of it over 1.96 (NaN in the tables of what is explained).

        states
            ``verdict`` and length of the equilibration, in `tau_1e` of its own end and of the trajectory; τ_α and β of
            the stretched exponential, ``tau_missing`` why there is none; time at which F_s falls to 1/e;
            τ_D = σ_A²/(6 D) and D;
            ⟨P_red⟩ by the order parameter of the first snapshot of the deepest state, with its error for this
            order parameter, and ``mean_p_red_learning``, the standard deviation over those of all its snapshots, to be
            added in squares when compared with another study; for either species the largest ρ of P̄_red, its δt, and
            the noise ceiling there.
        figure-2
            Of the deepest states, all structural quantities, with ``ceiling``, the range of 95 % of random fields
            and ρ of the first snapshot alone. ``colored`` is 1 at the δt whose propensity is drawn, else 0.
        figure-3
            ⟨P_red⟩ by the order parameter of each snapshot of the deepest state, ``trained_on`` (from 1 on), with τ_α
            and τ_D; the figure fits to those trained on 1, and ``fit_...`` is this fit ln τ_α = a + b ⟨P_red⟩, with the
            rms deviation of ln τ_α and the linear correlation.
        figure-4, neighbor-rules
            P̄_red and the averaged cage order parameter of every state, with ``ceiling``; P_red and P̄_red of the deepest
            states with either neighbour ``rule``.
        topological-clusters
            ρ of P_red with membership among all particles, and the ``share`` of these that are members.
        bond-order
            Mean of q̄_l over particles of a ``color``, its standard error over snapshots, standard deviation over
            particles; ``contrast`` is the mean of red less that of white in root mean squares of both deviations.
        claims
            Every number that decides a claim, with its 95 % interval, the ``half_width`` that was aimed at, the fewest
            ``snapshots`` that a term of it has, the ``runs`` of each of them (0 if it needs no propensity), and the
            ``hours`` of one core that all that it rests on took; claims share these.
        predictors
            What predicts best: every quantity of a state with the propensity at τ_α; ``rho`` as it is and
            ``corrected`` to infinitely many runs, and the ``difference`` of rho to that of P̄_red in the same snapshots,
            each with its 95 % interval; ``verdict`` tells which is better. ``supervised_averaged`` is a regression that
            was trained on the propensities of all other snapshots of the state.
        decline
            P̄_red, and the averaged cage order parameter, of snapshots that were followed for longer than the others,
            corrected to infinitely many runs, mean of the species: at ``delta_t`` of its peak and at the longest, and
            the difference, later less peak, with its 95 % interval by the jackknife. A height without a peak is that of
            the largest. ``verdict`` says whether it is below.
        independence
            Of neighbouring snapshots: ``overlap``, the share of particles that are where they were, and ``correlation``
            of ⟨P_red⟩, which lies within ``limit`` of ``expected`` in 95 % of cases if they are independent.
        steps
            Every step that is made, with the ``snapshot`` (from 1 on, 0 if it is about none), and how many seconds it
            took: of all processors together, and of the clock.
    """
    makers = {
        "states": (_STATES, _states),
        "figure-2": ([*_CURVE, "ceiling", "chance_low", "chance_high", "rho_first", "colored"], _figure_2),
        "figure-3": (_FIGURE_3, _figure_3),
        "figure-4": ([*_CURVE, "ceiling"], _figure_4),
        "topological-clusters": (_CLUSTERS, _clusters),
        "bond-order": (_BOND_ORDER, _bond_order),
        "neighbor-rules": (["rule", *_CURVE], _neighbor_rules),
        **EVIDENCE,
        "steps": (["state", "step", "snapshot", "processor_seconds", "seconds"], _steps),
    }
    return {name: (list(header), list(rows(results))) for name, (header, rows) in makers.items()}


_STATES = [
    "model", "control", "state", "particles", "snapshots", "deepest", "verdict", "equilibration_in_own_tau_1e",
    "equilibration_in_tau_1e",
    "tau_alpha", "tau_alpha_error", "beta", "beta_error", "tau_missing", "tau_1e", "tau_1e_error",
    "tau_D", "tau_D_error", "D", "D_error", "mean_p_red", "mean_p_red_error", "mean_p_red_learning",
    *(f"{what}_{size}" for size in SIZES for what in ("rho", "rho_error", "delta_t", "ceiling")),
]  # fmt: skip


def _states(results: StudyResults) -> Iterator[list[Cell]]:
    for former in results.formers:
        states = results.of(former)
        means = supercooling(states)
        for k, one in enumerate(states):
            equilibration = one.equilibration
            fit, relaxed = one.fit, one.relaxation
            diffusion = DiffusionConstant() if relaxed is None else relaxed.motion.all.diffusion
            tau, crossing, motion = one.tau_alpha, one.tau_1e, one.diffusion_time
            row: list[Cell] = [
                former.name, former.control.name, one.state.state_point, one.state.settings.particles,
                len(one.snapshots),
                int(one.deepest), "" if equilibration is None else equilibration.verdict,
                np.nan if equilibration is None else equilibration.duration_in_tau_1e, one.equilibrated_for,
                tau.value, tau.error, fit.beta, fit.beta_error, tau.reason or "",
                crossing.value, crossing.error, motion.value, motion.error,
                diffusion.value, diffusion.error,
                float(means.p_red[k]), float(means.p_red_error[k]), _learning(one),
            ]  # fmt: skip
            curves = one.pooled()
            for species in large_and_small(former):
                found = peak(curves, species)
                row += [found.rho, found.error, found.time, found.ceiling]
            yield row


def _learning(state: StateResults) -> float:
    """How much ⟨P_red⟩ differs between the order parameters of the deepest state."""
    means = np.empty(0) if state.mean_p_red is None else state.mean_p_red.mean(axis=1)
    return float(means.std(ddof=1)) if len(means) > 1 else np.nan


def _figure_2(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.deepest:
        curves = state.pooled()
        if curves is None:
            continue
        first = state.curves()[0]
        colored = peak(curves, large_and_small(state.state.former)[0]).index
        for f, field in enumerate(curves.fields):
            for s, _ in enumerate(curves.species):
                for k, row in enumerate(_curve(state, curves, f, s)):
                    noise = [curves.ceiling[s, k], curves.chance_low[s, k], curves.chance_high[s, k]]
                    alone = float(first.rho[first.fields.index(field), s, k])
                    yield [*row, *(float(value) for value in noise), alone, int(k == colored)]


_FIGURE_3 = [
    "model", "state", "trained_on", "mean_p_red", "mean_p_red_error", "tau_alpha", "tau_alpha_error", "tau_D",
    "tau_D_error", "fit_a", "fit_a_error", "fit_b", "fit_b_error", "fit_rms", "fit_correlation",
]  # fmt: skip


def _figure_3(results: StudyResults) -> Iterator[list[Cell]]:
    for former in results.formers:
        states = results.of(former)
        found = supercooling(states)
        fit = found.fit
        line = (fit.a, fit.errors[0], fit.b, fit.errors[1], fit.deviation, fit.r)
        models = np.vstack([found.p_red[None], found.others])
        errors = np.full_like(models, np.nan)
        errors[0] = found.p_red_error
        for m, mean in enumerate(models):
            for k, point in enumerate(found.state_points):
                measured = [mean[k], errors[m, k], found.tau[k], found.tau_error[k]]
                measured += [found.diffusion_time[k], found.diffusion_time_error[k]]
                yield [former.name, float(point), m + 1, *(float(one) for one in measured), *line]


def _figure_4(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.states:
        curves = state.pooled()
        if curves is None:
            continue
        for field in (P_RED_AVERAGED, CAGE_AVERAGED):
            for species in large_and_small(state.state.former) if field in curves.fields else ():
                f, s = curves.fields.index(field), curves.species.index(species)
                rows = zip(_curve(state, curves, f, s), curves.ceiling[s], strict=True)
                yield from ([*row, float(ceiling)] for row, ceiling in rows)


def _neighbor_rules(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.deepest:
        for rule in state.rules:
            curves = state.pooled(rule)
            assert curves is not None
            for field in (P_RED, P_RED_AVERAGED):
                for species in large_and_small(state.state.former):
                    f, s = curves.fields.index(field), curves.species.index(species)
                    yield from ([rule, *row] for row in _curve(state, curves, f, s))


_CLUSTERS = ["model", "state", "type", "rho", "error", "low", "high", "share", "snapshots"]


def _clusters(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.deepest:
        found = cluster_means(state)
        if found is None:
            continue
        columns = (found.rho, found.error, found.low, found.high, found.share)
        for k, name in enumerate(found.types):
            numbers = (float(column[k]) for column in columns)
            yield [*model_and_state(state), name, *numbers, found.snapshots]


_BOND_ORDER = [
    "model", "state", "l", "color", "mean", "error", "deviation", "contrast", "contrast_error", "snapshots",
]  # fmt: skip


def _bond_order(results: StudyResults) -> Iterator[list[Cell]]:
    for state in results.deepest:
        found = bond_order_means(state)
        if found is None:
            continue
        for k, l in enumerate(found.l):
            contrast = [float(found.contrast[k]), float(found.contrast_error[k])]
            for c, color in enumerate(COLORS):
                numbers = [float(array[c, k]) for array in (found.mean, found.error, found.deviation)]
                yield [*model_and_state(state), l, color, *numbers, *contrast, found.snapshots]


def _curve(state: StateResults, curves: CorrelationCurves, f: int, s: int) -> Iterator[list[Cell]]:
    """A row for each δt."""
    species = curves.species[s]
    size = sizes_of(state.state.former).get(species, "medium")
    error = standard_error(curves)
    for k, time in enumerate(curves.times):
        numbers = [time, *(array[f, s, k] for array in (curves.rho, error, curves.low, curves.high))]
        about: list[Cell] = [*model_and_state(state), curves.fields[f], species, size]
        yield [*about, *(float(number) for number in numbers), curves.snapshots]


def _steps(results: StudyResults) -> Iterator[list[Cell]]:
    for record in results.provenance:
        snapshot = 0 if record.snapshot is None else record.snapshot + 1
        yield [record.state, record.kind, snapshot, record.processor_seconds, record.seconds]
