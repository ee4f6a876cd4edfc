"""Everything that is reported of the cage order parameter, made again from snapshots with their propensities.

    python benchmarks/cage_results.py [--folder FOLDER] [--shared DATA] [--only LIQUID...]

FOLDER has what `cage_snapshots.py --pack` kept, by default benchmarks/data/cage; DATA holds the Kob-Andersen snapshots
at T = 0.44 by others, if they are there. Tables and numbers go to docs/results/cage.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import vitreous as vt
from train_cage_models import DURATIONS, TEMPERATURES
from vitreous.correlation.rank import scores
from vitreous.ensemble.propensity import Propensity
from vitreous.predictors.text import to_csv, to_markdown

TARGET = Path(__file__).parents[1] / "docs" / "results" / "cage"


@dataclass(frozen=True)
class Ensemble:
    """A snapshot with its propensities; times (T,), mean (T, N), halves (2, T, N)."""

    name: str
    group: str
    propensity: Propensity
    unwrapped: np.ndarray
    scattering: np.ndarray
    relaxation: float
    relaxation_error: float

    @staticmethod
    def read(path: Path, liquid: str) -> Ensemble:
        """What `cage_snapshots.pack` wrote."""
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
        diameters = vt.glass_former(liquid).diameter_of
        snapshot = vt.Configuration(
            found["positions"], found["box"], found["species"], diameters, source=path.stem
        )
        propensity = Propensity(
            snapshot,
            found["times"],
            found["mean"].astype(np.float64),
            found["halves"].astype(np.float64),
            runs=int(found["runs"]),
        )
        tau, error = found["relaxation"].tolist()
        group = path.stem.split("_")[1][0]
        return Ensemble(path.stem, group, propensity, found["unwrapped"], found["scattering"], tau, error)

    def at_relaxation(self) -> Propensity:
        """At the recorded time nearest to the snapshot's own 1/e time; at the last if F_s has not fallen so far."""
        times = self.propensity.times
        k = len(times) - 1
        if not np.isnan(self.relaxation):
            k = int(np.argmin(np.abs(np.log(times / self.relaxation))))
        one = slice(k, k + 1)
        return replace(
            self.propensity,
            times=times[one],
            mean=self.propensity.mean[one],
            halves=self.propensity.halves[:, one],
        )


@dataclass(frozen=True)
class Case:
    """Snapshots of one liquid at one state; those of one independent run share a group."""

    liquid: str
    temperature: float | None
    ensembles: list[Ensemble]
    cages: list[vt.Cages]

    @property
    def groups(self) -> list[str]:
        """Number of the independent run of each snapshot."""
        return [one.group for one in self.ensembles]

    @property
    def at(self) -> float:
        """Geometric mean of the snapshots' own 1/e times."""
        return float(np.exp(np.mean([np.log(one.relaxation) for one in self.ensembles])))


def own(folder: Path, liquid: str) -> Case | None:
    """Snapshots of ours of one liquid, as many as there are."""
    found = [Ensemble.read(path, liquid) for path in sorted(folder.glob(f"{liquid}_*.npz"))]
    if not found:
        return None
    temperature = TEMPERATURES[liquid]
    cages = [
        vt.sample_cages(
            one.propensity.snapshot,
            liquid,
            temperature=temperature,
            duration=DURATIONS[liquid],
            random_state=k,
        )
        for k, one in enumerate(found)
    ]
    return Case(liquid, temperature, found, cages)


def fields_of(case: Case, k: int) -> dict[str, np.ndarray]:
    """Averaged quantities of one snapshot whose curves are shown."""
    cages = case.cages[k]
    snapshot = cages.snapshot
    model = vt.CageOrderParameter().fit(snapshot, cages)
    paper = vt.glass_former(case.liquid)
    p_red = vt.OrderParameter(neighbors=paper.neighbors).fit(snapshot).p_red(snapshot)
    radius = 2.0 * float(snapshot.diameters.max())
    return {
        "cage": vt.neighborhood_average(snapshot, model.predict(snapshot, cages)),
        "ln v": vt.neighborhood_average(snapshot, cages.log_variance()),
        "P_red": vt.local_average(snapshot, p_red, radius),
        "D(t_s)": vt.neighborhood_average(snapshot, cages.distance),
    }


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    a, b = scores([x, y])
    return float(a @ b)


def curves(case: Case) -> dict[str, Any]:
    """ρ(δt) of each quantity, and of D(t) itself with D at τ_1e, each from other runs; mean and error over snapshots.

    What D(t) of half of the runs tells of D(τ_1e) of the other half has no noise in common with it; so that it can be
    compared, the quantities are held against the same half.
    """
    # Slow snapshots were recorded further than the others, at times that go on from the same ones.
    times = min((one.propensity.times for one in case.ensembles), key=len)
    assert all(np.array_equal(one.propensity.times[: len(times)], times) for one in case.ensembles)
    at = int(np.argmin(np.abs(np.log(times / case.at))))
    species = case.cages[0].snapshot.species_names
    fields = [fields_of(case, k) for k in range(len(case.cages))]
    names = (*fields[0],)
    rho = np.empty((len(case.cages), len(names), len(species), len(times)))
    ceiling = np.empty((len(case.cages), len(species), len(times)))
    late = np.empty((len(case.cages), len(names) + 2, len(species), len(times)))
    for k, ensemble in enumerate(case.ensembles):
        snapshot, propensity = case.cages[k].snapshot, ensemble.propensity
        first, second = propensity.halves
        averaged = vt.neighborhood_average(snapshot, first.T).T
        for s in range(len(species)):
            mine = snapshot.species_index == s
            for t in range(len(times)):
                for f, field in enumerate(fields[k].values()):
                    rho[k, f, s, t] = rank_correlation(field[mine], propensity.mean[t, mine])
                    late[k, f, s, t] = rank_correlation(field[mine], second[at, mine])
                half = rank_correlation(first[t, mine], second[t, mine])
                ceiling[k, s, t] = np.sqrt(max(2.0 * half / (1.0 + half), 0.0))
                late[k, -2, s, t] = rank_correlation(first[t, mine], second[at, mine])
                late[k, -1, s, t] = rank_correlation(averaged[t, mine], second[at, mine])
    labels = (*names, "D(t), half of the runs", "D(t), half of the runs, averaged")
    return {
        "times": times.tolist(),
        "tau_1e": case.at,
        "species": list(species),
        "snapshots": [one.name for one in case.ensembles],
        "quantities": list(names),
        "rho": summary(rho, case.groups),
        "ceiling": summary(ceiling, case.groups),
        "at_tau_1e": {"quantities": list(labels), **summary(late, case.groups)},
    }


def summary(values: np.ndarray, groups: Sequence[str]) -> dict[str, Any]:
    """Mean over independent runs and its standard error."""
    of_groups = np.array([values[[g == one for g in groups]].mean(axis=0) for one in dict.fromkeys(groups)])
    count = len(of_groups)
    error = (
        of_groups.std(axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.full(of_groups.shape[1:], np.nan)
    )
    return {
        "mean": np.round(of_groups.mean(axis=0), 4).tolist(),
        "error": np.where(np.isnan(error), None, np.round(error, 4)).tolist(),
    }


def independence(case: Case) -> list[dict[str, Any]]:
    """Of two snapshots of one run: how many particles are still where they were, and what is left of the field."""
    rows = []
    for run in dict.fromkeys(case.groups):
        pair = [k for k, group in enumerate(case.groups) if group == run]
        if len(pair) < 2:
            continue
        before, after = (case.ensembles[k] for k in pair[:2])
        moved = after.unwrapped - before.unwrapped
        moved -= moved.mean(axis=0)
        stayed = np.linalg.norm(moved, axis=1) < 0.3
        fields = [fields_of(case, k)["cage"] for k in pair[:2]]
        snapshot = before.propensity.snapshot
        for s, name in enumerate(snapshot.species_names):
            mine = snapshot.species_index == s
            rows.append(
                {
                    "run": run,
                    "species": name,
                    "within_0.3": round(float(stayed[mine].mean()), 3),
                    "field_correlation": round(rank_correlation(fields[0][mine], fields[1][mine]), 3),
                }
            )
    return rows


def pretrained(case: Case) -> list[dict[str, Any]]:
    """The model that comes along, which learned from run 1, on bare positions of the other runs."""
    model = vt.CageOrderParameter.pretrained(case.liquid)
    rows = []
    for k, ensemble in enumerate(case.ensembles):
        if ensemble.group == "1":
            continue
        snapshot = case.cages[k].snapshot
        bare = vt.neighborhood_average(snapshot, model.predict(snapshot))
        paper = fields_of(case, k)["P_red"]
        dynamics = ensemble.at_relaxation().mean[0]
        for s, name in enumerate(snapshot.species_names):
            mine = snapshot.species_index == s
            rows.append(
                {
                    "snapshot": ensemble.name,
                    "species": name,
                    "positions_only": round(rank_correlation(bare[mine], dynamics[mine]), 3),
                    "p_red_averaged": round(rank_correlation(paper[mine], dynamics[mine]), 3),
                }
            )
    return rows


def relaxation(case: Case) -> list[dict[str, Any]]:
    """F_s of each snapshot's own runs: when it falls to 1/e, or how far it falls."""
    return [
        {
            "snapshot": one.name,
            "runs": one.propensity.runs,
            "tau_1e": None if np.isnan(one.relaxation) else round(one.relaxation, 1),
            "error": None if np.isnan(one.relaxation_error) else round(one.relaxation_error, 1),
            "last_time": float(one.propensity.times[-1]),
            "scattering_at_last_time": round(float(one.scattering[-1]), 3),
            "judged_at": float(one.at_relaxation().times[0]),
        }
        for one in case.ensembles
    ]


def save(name: str, tree: Mapping[str, Any]) -> None:
    path = TARGET / f"{name}.json"
    path.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path.name, flush=True)


def report(
    name: str,
    propensities: Sequence[Propensity],
    cages: Sequence[vt.Cages],
    groups: Sequence[str],
) -> None:
    """The league of some snapshots, in three formats."""
    found = vt.league(
        [one.snapshot for one in cages],
        propensities,
        liquid=cages[0].liquid,
        temperature=cages[0].temperature,
        cages=cages,
        groups=groups,
        random_state=1,
        progress=lambda message: print(f"  {message}", flush=True),
    )
    save(f"{name}_league", found.as_dict())
    (TARGET / f"{name}_league.csv").write_text(to_csv(found), encoding="utf-8")
    (TARGET / f"{name}_league.md").write_text(to_markdown(found), encoding="utf-8")


def by_others(folder: Path, numbers: Sequence[int]) -> None:
    """Kob-Andersen at T = 0.44, N = 4,096, whose propensities are at τ_α only."""
    found = [Propensity.load(folder / f"ka_T0.44_N4096_{number}.extxyz") for number in numbers]
    cages = [
        vt.sample_cages(one.snapshot, "kob-andersen", temperature=0.44, duration=5.0, random_state=number)
        for number, one in zip(numbers, found, strict=True)
    ]
    groups = [str(number) for number in numbers]
    report(f"kob-andersen_0.44_{numbers[0]}-{numbers[-1]}", found, cages, groups)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "data" / "cage")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--only", nargs="*", default=[*DURATIONS, "shared"])
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for liquid in DURATIONS:
        if liquid not in options.only or (case := own(options.folder, liquid)) is None:
            continue
        report(liquid, [one.at_relaxation() for one in case.ensembles], case.cages, case.groups)
        rest = {
            "relaxation": relaxation(case),
            "independence": independence(case),
            "positions_only": pretrained(case),
        }
        save(f"{liquid}_curves", {**curves(case), **rest})
    if options.shared is not None and "shared" in options.only:
        for numbers in ((1, 2, 3), (4, 5, 6)):
            by_others(options.shared, numbers)


if __name__ == "__main__":
    main()
