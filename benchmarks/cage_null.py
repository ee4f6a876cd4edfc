"""How often 95 % intervals of the learned, averaged field hold a zero that is true, and how much ρ scatters by chance.

    python benchmarks/cage_null.py FILE... [--liquid kob-andersen --temperature 0.44] [--trials 200]

Files are those of `vitreous propensity`, or snapshots by others with a column "propensity", for which liquid and
temperature have to be given. Cages are sampled once for each. What knows nothing:

- shuffled labels: ln v exchanged among the particles of a species, then learned from structure and averaged as ever;
- random numbers, averaged;
- cages of another snapshot: its ln v, turned, mirrored and translated at random, taken for that of the nearest particle
  of the species, then learned from the structure here and averaged;
- field of another snapshot: what was learned there, averaged, carried over in the same way.

Each is correlated with the propensity next to the relaxation time and with random numbers, averaged. Intervals are
those of `reveal --by cage`: of what was learned as wide as what the same labels teach after translations.
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
from vitreous.correlation.chance import chance_correlation, chance_interval
from vitreous.correlation.rank import scores
from vitreous.ensemble.propensity import Propensity
from vitreous.order_parameter.cage_null import learned_from_labels, places_elsewhere
from vitreous.order_parameter.ridge import Ridge
from vitreous.structure.neighborhood_average import neighborhood_average, standardized_within_species

MADE_UP = 200  # fields that stand for a propensity
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
        return self.averaged(self.ridges(labels))

    def ridges(self, labels: np.ndarray) -> list[Ridge]:
        """By species, from labels (T, N), all in one, with weights (F, T)."""
        found = []
        for k in range(len(self.snapshot.species_names)):
            own = labels[:, self.snapshot.species_index == k].T
            mine = self.features[self.snapshot.species_index == k]
            found.append(Ridge.fit(mine, own - own.mean(axis=0), PENALTY))
        return found

    def averaged(self, ridges: Sequence[Ridge]) -> np.ndarray:
        """(T, N) what they predict here, averaged."""
        predicted = np.empty((len(self.snapshot), ridges[0].weights.shape[1]))
        for k, ridge in enumerate(ridges):
            mine = self.snapshot.species_index == k
            predicted[mine] = ridge.predict(self.features[mine])
        return neighborhood_average(self.snapshot, predicted).T


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
    own = [case.snapshot.species == name for name in case.snapshot.species_names]
    theirs = [source.snapshot.species == name for name in case.snapshot.species_names]
    folded = np.mod(source.snapshot.positions, edge)
    trees = [cKDTree(folded[rows], boxsize=edge) for rows in theirs]
    found = np.empty((trials, len(case.snapshot)))
    for row in found:
        place = np.mod(
            case.snapshot.positions @ TURNS[rng.integers(len(TURNS))].T + rng.random(3) * edge, edge
        )
        for here, there, tree in zip(own, theirs, trees, strict=True):
            row[here] = values[there][tree.query(place[here])[1]]
    return found


def labels_that_know_nothing(
    case: Case, others: Sequence[Case], trials: int, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and labels (T, N) from which to learn."""
    yield "shuffled labels", shuffled(case, trials, rng)
    if others:
        share = -(-trials // len(others))
        labels = [carried_over(other, other.label, case, share, rng) for other in others]
        yield "cages of another snapshot", np.concatenate(labels)[:trials]


def fields_that_know_nothing(
    case: Case, others: Sequence[Case], trials: int, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Name and averaged fields (T, N) that are not learned here."""
    yield "random numbers, averaged", random_fields(case, trials, rng)
    if others:
        share = -(-trials // len(others))
        fields = [
            carried_over(other, other.learned(other.label[None])[0], case, share, rng) for other in others
        ]
        yield "field of another snapshot", np.concatenate(fields)[:trials]


def elsewhere_teach(case: Case, labels: np.ndarray, partners: np.ndarray) -> dict[str, np.ndarray]:
    """By species, root mean square (T, K) of ρ with partners (K, N) of what labels (T, N) teach after translations."""
    elsewhere = places_elsewhere(case.snapshot)
    of_species = {species: case.snapshot.species == species for species in case.snapshot.species_names}
    ranks = {species: scores(partners[:, rows]) for species, rows in of_species.items()}
    found = {species: np.empty((len(labels), len(partners))) for species in of_species}
    for t, label in enumerate(labels):
        taught = learned_from_labels(case.snapshot, case.features, label[elsewhere], PENALTY)
        fields = neighborhood_average(case.snapshot, taught)
        for species, rows in of_species.items():
            found[species][t] = np.sqrt(((scores(fields[rows].T) @ ranks[species].T) ** 2).mean(axis=0))
    return found


@dataclass(frozen=True, eq=False)
class Row:
    """ρ (P,) of fields of a kind with each partner, and whether the interval of 95 % holds zero (P,)."""

    snapshot: str
    species: str
    fields: str
    partner: str
    rho: np.ndarray
    holds: np.ndarray


def null(cases: Sequence[Case], trials: int, seed: int = 0) -> list[Row]:
    """Everything that knows nothing, for all cases."""
    found = []
    rng = np.random.default_rng(seed)
    for case in cases:
        others = [other for other in cases if other is not case]
        learned = dict(labels_that_know_nothing(case, others, trials, rng))
        kinds = {name: case.learned(labels) for name, labels in learned.items()}
        kinds |= fields_that_know_nothing(case, others, trials, rng)
        dynamics = np.concatenate([case.propensity[None], random_fields(case, MADE_UP, rng)])
        taught = {name: elsewhere_teach(case, labels, dynamics) for name, labels in learned.items()}
        for species in case.snapshot.species_names:
            rows = case.snapshot.species == species
            y = scores(dynamics[:, rows])
            for name, fields in kinds.items():
                x = scores(fields[:, rows])
                chance = chance_correlation(case.snapshot.box, case.snapshot.positions[rows], x, y)
                if name in taught:
                    chance = np.maximum(chance, taught[name][species])
                rho = x @ y.T
                low, high = chance_interval(rho, chance)
                holds = (low <= 0.0) & (high >= 0.0)
                for partner, columns in (("propensity", slice(0, 1)), ("random numbers", slice(1, None))):
                    pairs = rho[:, columns].ravel(), holds[:, columns].ravel()
                    found.append(Row(case.name, species, name, partner, *pairs))
    return found


def elsewhere(cases: Sequence[Case], trials: int, seed: int = 0) -> dict[str, tuple[float, float]]:
    """What weights learned from shuffled labels give here, and what the same weights give in other snapshots.

    By species: the correlation over trials of ρ here and there, mean over pairs of snapshots; it would be 0 if ρ here
    were chance alone. And the share of trials in which both agree within what the errors of both say, to 95 %.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[tuple[float, float]]] = {}
    for case in cases:
        ridges = case.ridges(shuffled(case, trials, rng))
        fields = [(other, other.averaged(ridges)) for other in cases]
        for species in case.snapshot.species_names:
            centers, chances = [], []
            for other, field in fields:
                rows = other.snapshot.species == species
                x, y = scores(field[:, rows]), scores(other.propensity[None, rows])
                centers.append(np.arctanh(x @ y[0]))
                positions = other.snapshot.positions[rows]
                chances.append(chance_correlation(other.snapshot.box, positions, x, y)[:, 0])
            here = cases.index(case)
            for there in range(len(cases)):
                if there != here:
                    apart = np.abs(centers[there] - centers[here]) / np.hypot(chances[there], chances[here])
                    together = np.corrcoef(np.tanh(centers[there]), np.tanh(centers[here]))[0, 1]
                    found.setdefault(species, []).append((together, (apart < 1.96).mean()))
    return {species: tuple(np.mean(values, axis=0).tolist()) for species, values in found.items()}


def pooled(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """Share of all trials whose interval holds zero, by kind of fields and what they are correlated with."""
    groups: dict[tuple[str, str], list[np.ndarray]] = {}
    for row in rows:
        groups.setdefault((row.fields, row.partner), []).append(row.holds)
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
    for row in rows:
        names = f"{row.snapshot} | {row.species} | {row.fields} | {row.partner} | {len(row.rho)}"
        print(f"| {names} | {100 * row.holds.mean():.1f} % | {row.rho.mean():+.3f} | {row.rho.std():.3f} |")
    for (name, partner), share in pooled(rows).items():
        print(f"| all | all | {name} | {partner} | | {100 * share:.1f} % | | |")
    print()
    for species, (together, agree) in elsewhere(cases, options.trials).items():
        print(
            f"{species}: with weights from shuffled labels, ρ here and in other snapshots correlate by "
            f"{together:.2f} over trials, and agree within their errors of 95 % in {100 * agree:.1f} % of trials."
        )


if __name__ == "__main__":
    main()
