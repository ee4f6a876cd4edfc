"""Coverage of 95 % intervals when the number of snapshots is chosen after a first stage: studies that are made up.

    python benchmarks/two_stages.py [STUDIES]

In each study three numbers share the snapshots of five states: the mean of one state, the difference of two, and the
slope of a line through all. Values of snapshots are normal, their spread another in every state. The first stage has
so many snapshots of each state; `needs_of` and `share` choose the rest, within a budget or without. "One stage again"
is what one must not do: the same snapshots, with the spread of all of them.
"""

from __future__ import annotations

import sys

import numpy as np

from vitreous.study.interval import Estimate
from vitreous.study.two_stages import Term, needs_of, share

MEANS = np.array([0.5, 0.45, 0.4, 0.35, 0.3])
SPREADS = np.array([0.2, 0.15, 0.1, 0.1, 0.05])
COSTS = np.array([30.0, 5.0, 1.0, 0.5, 0.3])
WEIGHTS = {  # of the five states, and the half-width that is asked for
    "mean": (np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 0.15),
    "difference": (np.array([1.0, -1.0, 0.0, 0.0, 0.0]), 0.20),
    "slope": (np.array([-0.2, -0.1, 0.0, 0.1, 0.2]), 0.05),
}


def one_study(first: int, budget: float, rng: np.random.Generator) -> np.ndarray:
    """(3, 4) of each number: whether its interval holds the truth, its half-width, whether it is met, and naively."""
    names = [str(k) for k in range(len(MEANS))]
    values = [m + s * rng.standard_normal(first) for m, s in zip(MEANS, SPREADS, strict=True)]
    spreads = [float(one.std(ddof=1)) for one in values]
    demands = {}
    for name, (weights, half_width) in WEIGHTS.items():
        used = np.flatnonzero(weights)
        needs = needs_of([Term(weights[k], spreads[k], first, COSTS[k]) for k in used], half_width)
        demands[name] = {names[k]: n for k, n in zip(used, needs, strict=True)}
    costs = dict(zip(names, map(float, COSTS), strict=True))
    bought = share(demands, dict.fromkeys(names, first), costs, budget)
    for k, name in enumerate(names):
        more = bought.snapshots[name] - first
        values[k] = np.concatenate([values[k], MEANS[k] + SPREADS[k] * rng.standard_normal(more)])
    honest = [
        Estimate(float(one.mean()), spread / len(one) ** 0.5, first - 1.0, len(one) > first)
        for one, spread in zip(values, spreads, strict=True)
    ]
    rows = []
    for name, (weights, _) in WEIGHTS.items():
        row = []
        for estimates in (honest, [Estimate.of(one) for one in values]):
            low, high = Estimate.sum(list(zip(weights, estimates, strict=True))).interval
            row.append((low < weights @ MEANS < high, 0.5 * (high - low)))
        rows.append([row[0][0], row[0][1], name in bought.met, row[1][0]])
    return np.array(rows, dtype=float)


def main(studies: int = 10_000) -> None:
    """Print the table."""
    print("| first stage | budget | number | asked for | half-width | met | coverage | one stage again |")
    print("|---|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(0)
    for first in (4, 6, 3):
        for budget in (np.inf, 150.0):
            found = np.array([one_study(first, budget, rng) for _ in range(studies)])
            for k, (name, (_, half_width)) in enumerate(WEIGHTS.items()):
                held, _, met, again = found[:, k].mean(axis=0)
                print(
                    f"| {first} | {'none' if np.isinf(budget) else f'{budget:.0f}'} | {name} | {half_width:.2f} | "
                    f"{np.median(found[:, k, 1]):.3f} | {100 * met:.0f} % | {100 * held:.1f} % | {100 * again:.1f} % |"
                )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
