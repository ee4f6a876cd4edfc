"""How stable the order parameter is over seeds and routes: `python benchmarks/stability.py FOLDER`.

FOLDER holds hs_eta0.58_N2000.sph and ka_T0.44_N4096_{1,2,3}.extxyz. For bottlenecks c = 1 to 4, ten random states:
fraction of variance explained, smallest Spearman correlation of P_red between any two states, smallest with the route
through principal components, and that of state 0 with its likeliest mixture. Prints the table of docs/results.md.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

import vitreous as vt
from vitreous.order_parameter.autoencoder import train_autoencoders
from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.reducer import Reducer

STATES = 10
MEMBERS = vt.OrderParameter().members
CASES = [
    ("hs_eta0.58_N2000.sph", "sann"),
    *((f"ka_T0.44_N4096_{k}.extxyz", rule) for k in (1, 2, 3) for rule in ("sann", "cutoff")),
]


def descriptors(path: Path, neighbors: str) -> np.ndarray:
    """Standardised averaged bond order, as `OrderParameter` sees it."""
    snapshot = vt.read(path)
    model = vt.OrderParameter(neighbors=neighbors, reducer="pca").fit(snapshot)
    q = vt.averaged_bond_order(model.neighbor_list(snapshot))
    return (q - q.mean(axis=0)) / q.std(axis=0)


def main() -> None:
    """Print the table line by line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print(
        "| snapshot | neighbours | c | variance explained | between states | with PCA | with the likeliest |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, rule in CASES:
        z = descriptors(Path(sys.argv[1]) / name, rule)
        overall = z.sum(axis=1)
        for c in (1, 2, 3, 4):
            principal = Reducer.of((), z, c)
            y = principal.transform(z)
            reference = Mixture.fit(y, overall).probabilities(y)[:, 1]
            answers, explained = [], []
            for state in range(STATES):
                seeds = [int(s) for s in np.random.SeedSequence(state).generate_state(MEMBERS)]
                reducer = Reducer.of(train_autoencoders(z, [(c, seed) for seed in seeds]), z, c)
                y = reducer.transform(z)
                answers.append(Mixture.fit(y, overall).probabilities(y)[:, 1])
                if state == 0:
                    best = Mixture.likeliest(y, overall).probabilities(y)[:, 1]
                    likeliest = spearmanr(answers[-1], best)[0]
                explained.append(reducer.fve)
            pairs = min(spearmanr(a, b)[0] for a, b in combinations(answers, 2))
            route = min(spearmanr(answer, reference)[0] for answer in answers)
            print(
                f"| {name.rsplit('.', 1)[0]} | {rule} | {c} | {np.mean(explained):.3f} | {pairs:.3f} | {route:.3f} "
                f"| {likeliest:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
