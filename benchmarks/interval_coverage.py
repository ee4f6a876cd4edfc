"""How often 95 % intervals of a correlation miss a zero that is true: blocks of the box against translations.

    python benchmarks/interval_coverage.py SNAPSHOT...

P_red and its local average are correlated with what has nothing to do with them: membership in random clumps of 5 or
13 particles, and random fields averaged over the same radius. Translations are the intervals of vitreous; resampled
blocks of the box, about three diameters wide, what one would do else. Right would be 5 %.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.spatial import cKDTree

import vitreous as vt
from vitreous.correlation.rank import scores
from vitreous.jobs.reveal import reveal
from vitreous.structure.simple_descriptors import random_averages

TRIALS = 400
CLUMPS = {"a single clump": (1, 1), "2 to 8 clumps": (2, 8), "20 to 150 clumps": (20, 150)}


def clumps(snapshot: vt.Configuration, fewest: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """(TRIALS, N) members of randomly many clumps, each a particle and those nearest to it."""
    edges = snapshot.box.lengths
    tree = cKDTree(np.mod(snapshot.positions, edges), boxsize=edges)
    members = np.zeros((TRIALS, len(snapshot)))
    for row in members:
        centres = rng.choice(len(snapshot), rng.integers(fewest, most + 1), replace=False)
        size = rng.choice([5, 13])
        row[tree.query(np.mod(snapshot.positions[centres], edges), size)[1].ravel()] = 1.0
    return members


def of_blocks(snapshot: vt.Configuration, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the correlation of scores (N,) and (T, N) over 1,000 resamples of blocks of the box."""
    count = np.maximum(2, (snapshot.box.lengths / (3.5 * snapshot.number_density ** (-1 / 3))).astype(int))
    share = np.mod(snapshot.box.fractional(snapshot.positions), 1.0)
    place = np.minimum((share * count).astype(int), count - 1)
    block = np.unique(place @ [1, count[0], count[0] * count[1]], return_inverse=True)[1]
    blocks = int(block.max()) + 1
    times = np.random.default_rng(0).multinomial(blocks, np.full(blocks, 1 / blocks), size=1000).astype(float)

    def mean(values: np.ndarray) -> np.ndarray:
        sums = np.array([np.bincount(block, row, minlength=blocks) for row in np.atleast_2d(values)]).T
        return times @ sums / (times @ np.bincount(block, minlength=blocks))[:, None]

    variance = (mean(x * x) - mean(x) ** 2) * (mean(y * y) - mean(y) ** 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        resampled = (mean(x * y) - mean(x) * mean(y)) / np.sqrt(variance)
    return tuple(np.nanpercentile(resampled, [2.5, 97.5], axis=0))


def missed(low: np.ndarray, high: np.ndarray) -> str:
    known = np.isfinite(low)
    return f"{100 * ((low > 0) | (high < 0))[known].mean():.0f} %" if known.any() else "none given"


def main() -> None:
    rng = np.random.default_rng(0)
    print(
        "| snapshot | unrelated field | blocks: P_red | P̄_red | translations: P_red | P̄_red |\n"
        "|---|---|---|---|---|---|"
    )
    for path in sys.argv[1:]:
        given = vt.read(path)
        found = reveal(given, vt.OrderParameter(reducer="pca"), radius=2.0)
        one = vt.Configuration(
            given.positions, given.box
        )  # of one species, so that all particles are one group
        fields = {"p_red": found.p_red, "p_red_averaged": found.p_red_averaged}
        kinds = {name: clumps(one, *numbers, rng) for name, numbers in CLUMPS.items()}
        kinds["random field, averaged"] = random_averages(one, 2.0, TRIALS, 1)
        for name, unrelated in kinds.items():
            y = scores(unrelated)
            cells = [missed(*of_blocks(one, scores(values), y)) for values in fields.values()]
            shifted = vt.correlate(fields, vt.Propensity(one, np.arange(1.0, TRIALS + 1), unrelated))
            cells += [missed(shifted.low[f, 0], shifted.high[f, 0]) for f in range(2)]
            print(f"| {path.rpartition('/')[2]} | {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
