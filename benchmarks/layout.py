"""Where the scatter of ρ comes from in a study, and what number of runs is best: between snapshots, or noise of runs.

    python benchmarks/layout.py PLAN.toml [HOURS]

For each state whose snapshots have a propensity: variance of ρ (P̄_red, mean of the species, at τ_α or the longest δt)
between snapshots and of a single run, from both halves of the runs; what a snapshot costs without its runs, and a run,
in seconds of one core; the best number of runs, and the standard error that so many hours of one core would give.
"""

from __future__ import annotations

import math
import sys

import numpy as np

from vitreous.column_names import P_RED_AVERAGED
from vitreous.correlation.rank import correlation_of_rows
from vitreous.study import read_plan, read_results
from vitreous.study.layout import layout, variances
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.results import SnapshotResults, StateResults, StudyResults


def of_halves(snapshot: SnapshotResults, tau: float) -> np.ndarray:
    """(2,) ρ with the propensity of either half of the runs."""
    measured, p_red = snapshot.propensity, snapshot.revealed.configuration.columns[P_RED_AVERAGED]
    k = int(np.argmin(np.abs(np.log(measured.times / tau))))
    species = measured.snapshot.species_index
    found = [
        [correlation_of_rows(p_red[species == s], half[k, species == s]) for s in np.unique(species)]
        for half in measured.halves
    ]
    return np.mean(found, axis=1)


def costs(results: StudyResults, state: StateResults) -> tuple[float, float]:
    """Seconds of one core: of a snapshot three τ_α after the one before it, without its runs; and of a run."""
    mine = [one for one in results.provenance if one.state == state.state.name]
    total = {
        kind: [one.processor_seconds for one in mine if one.kind == kind]
        for kind in ("propensity", "order-parameter", "correlate", "explain")
    }
    asked = state.state.settings
    followed = sum(asked.runs_of(k) * asked.propensity_of(k) for k in range(asked.snapshots))
    run = sum(total.pop("propensity")) / followed  # to τ_α
    alone = sum(map(sum, total.values())) / asked.snapshots
    return alone + run * asked.distance, run * asked.propensity_of_all


def main(path: str, hours: float = 1.0) -> None:
    """Print the table."""
    results = read_results(read_plan(path))
    print(
        "| state | snapshots | runs | σ_b | σ_w | a snapshot | a run | best runs | error of it | with 32 runs |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for state in results.states:
        made = [one for one in state.snapshots if one.propensity is not None and one.revealed is not None]
        runs = {one.propensity.runs for one in made}
        if len(made) < 2 or len(runs) != 1:
            continue
        (count,) = runs
        tau = shown_relaxation_time(state).time.value
        found = variances([of_halves(one, tau) for one in made], count)
        snapshot, run = costs(results, state)
        best = layout(found, snapshot, run, 3600.0 * hours, fewest=2)
        many = layout(found, snapshot, run, 3600.0 * hours, fewest=32)
        spread = " | ".join(f"{math.sqrt(one):.3f}" for one in found)
        errors = " | ".join(f"{math.sqrt(one.variance):.3f}" for one in (best, many))
        print(
            f"| {state.state.name} | {len(made)} | {count} | {spread} | {snapshot:.0f} s | {run:.1f} s | {best.runs} "
            f"| {errors} |"
        )


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))
