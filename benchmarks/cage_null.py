"""How often 95 % intervals of the learned, averaged field hold a zero that is true, and how much ρ scatters by chance.

    python benchmarks/cage_null.py FILE... [--liquid kob-andersen --temperature 0.44] [--trials 200]

Files are those of `vitreous propensity`, or snapshots by others with a column "propensity", for which liquid and
temperature have to be given. Cages are sampled once for each. What knows nothing:

- shuffled labels: ln v exchanged among the particles of a species, then learned from structure and averaged as ever;
- random numbers, averaged;
- cages of another snapshot: its ln v, turned, mirrored and translated at random, taken for that of the nearest particle
  of the species, then learned from the structure here and averaged;
- field of another snapshot: what was learned there, averaged, carried over in the same way.

Each is correlated with the propensity next to the relaxation time and with random numbers, averaged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from scipy.spatial import cKDTree

import vitreous as vt
from vitreous.chance_correlation import chance_correlation, chance_interval
from vitreous.correlation import scores
from vitreous.ensemble.propensity import Propensity
from vitreous.order_parameter.ridge import Ridge
from vitreous.structure.neighborhood_average import neighborhood_average, standardized_within_species

MADE_UP = 20  # fields that stand for a propensity
PENALTY = 0.3
TURNS = np.array(
    [np.diag(signs)[list(order)] for order in permutations(range(3)) for signs in product((1, -1), repeat=3)]
)


@dataclass(frozen=True, eq=False)
class Case:
    """A snapshot with its propensity (N,), ln v standardised within species (N,), and descriptors (N, F)."""

    name: str
    snapshot: vt.Configuration
    propensity: np.ndarray
    label: np.ndarray
    features: np.ndarray

    @classmethod
    def of(cls, name: str, propensity: Propensity, cages: vt.Cages) -> Case:
        """At the recorded time next to the relaxation time of these runs, or the last."""
        tau = propensity.relaxation_time.value
        at = len(propensity.times) - 1 if np.isnan(tau) else propensity.at(tau)
        label = standardized_within_species(cages.snapshot, cages.log_variance())
        features = vt.cage_descriptors(cages.at_mean_positions, cages.unit or 1.0)
        return cls(name, cages.snapshot, propensity.mean[at], label, features)

    def learned(self, labels: np.ndarray) -> np.ndarray:
        """(T, N) averaged fields that are learned from labels (T, N), as `CageOrderParameter` learns."""
        predicted = np.empty(labels.shape)
        for k in range(len(self.snapshot.species_names)):
            mine = self.snapshot.species_index == k
            for row, label in zip(predicted, labels, strict=True):
                own = label[mine]
                row[mine] = Ridge.fit(self.features[mine], own - own.mean(), PENALTY).predict(
                    self.features[mine]
                )
        return neighborhood_average(self.snapshot, predicted.T).T


def shuffled(case: Case, trials: int, rng: np.random.Generator) -> np.ndarray:
    """(T, N) labels exchanged within species."""
    labels = np.tile(case.label, (trials, 1))
    for k in range(len(case.snapshot.species_names)):
        mine = case.snapshot.species_index == k
        labels[:, mine] = rng.permuted(labels[:, mine], axis=1)
    return labels


def random_fields(case: Case, trials: int, rng: np.random.Generator) -> np.ndarray:
    """(T, N) averaged normal numbers."""
    return neighborhood_average(case.snapshot, rng.normal(size=(len(case.snapshot), trials))).T


def carried_over(
    source: Case, values: np.ndarray, case: Case, trials: int, rng: np.random.Generator
) -> np.ndarray:
    """(T, N) what the nearest particle of the species has in another snapshot, turned and translated at random.

    Boxes are cubes; a larger one than that of the source is filled by its periodic images.
    """
    edge = source.snapshot.box.lengths
    found = np.empty((trials, len(case.snapshot)))
    for row in found:
        turned = case.snapshot.positions @ TURNS[rng.integers(len(TURNS))].T + rng.random(3) * edge
        for name in case.snapshot.species_names:
            mine, theirs = case.snapshot.species == name, source.snapshot.species == name
            tree = cKDTree(np.mod(source.snapshot.positions[theirs], edge), boxsize=edge)
            row[mine] = values[theirs][tree.query(np.mod(turned[mine], edge))[1]]
    return found


def fields_that_know_nothing(
    case: Case, others: Sequence[Case], trials: int, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and averaged fields (T, N)."""
    yield "shuffled labels", case.learned(shuffled(case, trials, rng))
    yield "random numbers, averaged", random_fields(case, trials, rng)
    if others:
        share = -(-trials // len(others))
        labels = [carried_over(other, other.label, case, share, rng) for other in others]
        yield "cages of another snapshot", case.learned(np.concatenate(labels)[:trials])
        fields = [
            carried_over(other, other.learned(other.label[None])[0], case, share, rng) for other in others
        ]
        yield "field of another snapshot", np.concatenate(fields)[:trials]


def holds_zero(
    case: Case, fields: np.ndarray, dynamics: np.ndarray, species: str
) -> tuple[np.ndarray, np.ndarray]:
    """ρ (T,) of fields (T, N) with dynamics (K, N) by turns, and whether its interval of 95 % holds zero (T,)."""
    rows = case.snapshot.species == species
    x, y = scores(fields[:, rows]), scores(dynamics[:, rows])
    chance = chance_correlation(case.snapshot.box, case.snapshot.positions[rows], x, y)
    partner = np.arange(len(x)) % len(y)
    rho = (x * y[partner]).sum(axis=1)
    low, high = chance_interval(rho, chance[np.arange(len(x)), partner])
    return rho, (low <= 0.0) & (high >= 0.0)


def null(
    cases: Sequence[Case], trials: int, seed: int = 0
) -> list[tuple[str, str, str, str, np.ndarray, np.ndarray]]:
    """Rows: snapshot, species, what knows nothing, correlated with what, ρ (T,), interval holds zero (T,)."""
    found = []
    rng = np.random.default_rng(seed)
    for case in cases:
        others = [other for other in cases if other is not case]
        made_up = random_fields(case, MADE_UP, rng)
        for name, fields in fields_that_know_nothing(case, others, trials, rng):
            for species in case.snapshot.species_names:
                for what, dynamics in (("propensity", case.propensity[None]), ("random numbers", made_up)):
                    found.append(
                        (case.name, species, name, what, *holds_zero(case, fields, dynamics, species))
                    )
    return found


def pooled(rows: Sequence[tuple[str, str, str, str, np.ndarray, np.ndarray]]) -> dict[tuple[str, str], float]:
    """Share of all trials whose interval holds zero, by what knows nothing and what it is correlated with."""
    groups: dict[tuple[str, str], list[np.ndarray]] = {}
    for _, _, name, what, _, holds in rows:
        groups.setdefault((name, what), []).append(holds)
    return {key: float(np.concatenate(parts).mean()) for key, parts in groups.items()}


def case_of(path: str, liquid: str | None, temperature: float | None, duration: float | None) -> Case:
    """Read a file and sample its cages."""
    propensity = Propensity.load(path)
    liquid = liquid or propensity.about.get("model")
    temperature = temperature or propensity.about.get("temperature")
    cages = vt.sample_cages(propensity.snapshot, liquid, temperature=temperature, duration=duration)
    print(f"{path}: {cages}", file=sys.stderr)
    return Case.of(path.rpartition("/")[2], propensity, cages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--liquid")
    parser.add_argument("--temperature", type=float)
    parser.add_argument("--duration", type=float, help="of the short runs; by default where the plateau is")
    parser.add_argument("--trials", type=int, default=200)
    options = parser.parse_args()
    cases = [case_of(path, options.liquid, options.temperature, options.duration) for path in options.files]
    rows = null(cases, options.trials)
    print("| snapshot | species | what knows nothing | with | trials | holds zero | mean ρ | spread of ρ |")
    print("|---|---|---|---|---|---|---|---|")
    for *names, rho, holds in rows:
        numbers = f"{len(rho)} | {100 * holds.mean():.1f} % | {rho.mean():+.3f} | {rho.std():.3f}"
        print(f"| {' | '.join(names)} | {numbers} |")
    for (name, what), share in pooled(rows).items():
        print(f"| all | all | {name} | {what} | | {100 * share:.1f} % | | |")


if __name__ == "__main__":
    main()
