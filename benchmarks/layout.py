"""Where the scatter of ρ comes from in a study, and what number of runs is best: between snapshots, or noise of runs.

    python benchmarks/layout.py PLAN.toml [HOURS]

For each state whose snapshots have a propensity: variance of ρ (P̄_red, mean of the species, at τ_α or the longest δt)
between snapshots and of a single run, from both halves of the runs; what a snapshot costs without its runs, and a run,
in seconds of one core; the best number of runs, and the standard error that so many hours of one core would give.
"""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from vitreous.column_names import P_RED_AVERAGED
from vitreous.correlation.rank import correlation_of_rows
from vitreous.study import read_plan, read_results
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.results import SnapshotResults, StateResults, StudyResults


class Variances(NamedTuple):
    """σ_b² between snapshots, each with infinitely many runs; σ_w² that a single run would add, of r runs σ_w²/r."""

    between: float
    within: float


class Layout(NamedTuple):
    """So many snapshots with so many runs each; what the mean over them has for a variance, and what they cost."""

    snapshots: int
    runs: int
    variance: float
    cost: float


def variances(halves: ArrayLike, runs: int) -> Variances:
    """Separate the scatter between n ≥ 2 snapshots from the noise of their runs: unbiased, but for the cut at 0.

    `halves` (n, 2) is the number in each snapshot from the first and from the second half of all its `runs`.
    """
    table = np.asarray(halves, dtype=np.float64)
    noise = float(((table[:, 0] - table[:, 1]) ** 2).mean()) / 2.0  # of one half
    between = float(table.mean(axis=1).var(ddof=1)) - noise / 2.0
    return Variances(max(between, 0.0), noise * runs / 2.0)


def best_runs(found: Variances, snapshot_cost: float, run_cost: float, *, fewest: int = 4) -> int:
    """Runs of each snapshot at which a given time gives the narrowest interval: √(c_s σ_w² / (c_r σ_b²)), even.

    Where snapshots differ by nothing but noise a single one would be best, and no number of runs is too large:
    `fewest` then, for that is not believed.
    """
    if found.between <= 0.0:
        return fewest
    best = math.sqrt(snapshot_cost * found.within / (run_cost * found.between))
    return max(fewest, 2 * round(best / 2.0))


def layout(
    found: Variances, snapshot_cost: float, run_cost: float, budget: float, *, fewest: int = 4
) -> Layout:
    """Spend a budget where the error is, on at least one snapshot, even where that costs more."""
    runs = best_runs(found, snapshot_cost, run_cost, fewest=fewest)
    each = snapshot_cost + runs * run_cost
    snapshots = max(1, math.floor(budget / each * (1.0 + 1e-12)))
    return Layout(snapshots, runs, (found.between + found.within / runs) / snapshots, snapshots * each)


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
