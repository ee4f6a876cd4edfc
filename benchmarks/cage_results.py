"""Everything that is reported of the cage order parameter, made again from snapshots with their propensities.

    python benchmarks/cage_results.py FOLDER [--shared DATA] [--only LIQUID...]

FOLDER is that of `cage_snapshots.py`; DATA holds the Kob-Andersen snapshots at T = 0.44 by others, if they are there.
Tables, figures and numbers go to docs/results/cage.
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
from cage_snapshots import STATES
from train_cage_models import DURATIONS, TEMPERATURES
from vitreous.correlation import scores
from vitreous.ensemble.propensity import Propensity
from vitreous.predictors.text import to_csv, to_markdown

TARGET = Path(__file__).parents[1] / "docs" / "results" / "cage"


@dataclass(frozen=True)
class Case:
    """Snapshots of one liquid at one state; those of one independent run share a group."""

    name: str
    liquid: str
    temperature: float | None
    duration: float
    at: float | None
    propensities: list[Propensity]
    cages: list[vt.Cages]
    groups: list[str]


def own(folder: Path, liquid: str) -> Case | None:
    """Snapshots of ours of one liquid, as many as there are propensities."""
    state = next(state for state in STATES if state.model == liquid)
    paths = sorted(folder.glob(f"{liquid}_*.propensity.gsd"))
    if not paths:
        return None
    found = [Propensity.load(path) for path in paths]
    temperature, duration = TEMPERATURES[liquid], DURATIONS[liquid]
    cages = [
        vt.sample_cages(one.snapshot, liquid, temperature=temperature, duration=duration, random_state=k)
        for k, one in enumerate(found)
    ]
    groups = [path.name.split("_")[1][0] for path in paths]
    return Case(
        f"{liquid} {state.value}", liquid, temperature, duration, state.relaxation, found, cages, groups
    )


def by_others(folder: Path, numbers: Sequence[int]) -> Case:
    """Kob-Andersen at T = 0.44, N = 4,096."""
    found = [Propensity.load(folder / f"ka_T0.44_N4096_{number}.extxyz") for number in numbers]
    cages = [
        vt.sample_cages(one.snapshot, "kob-andersen", temperature=0.44, duration=5.0, random_state=k)
        for k, one in zip(numbers, found, strict=True)
    ]
    name = f"kob-andersen 0.44 ({numbers[0]} to {numbers[-1]})"
    return Case(name, "kob-andersen", 0.44, 5.0, None, found, cages, [str(number) for number in numbers])


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
    """ρ(δt) of each quantity, and of D(t) itself with D at τ_α, each from other runs; mean and error over snapshots.

    What D(t) of half of the runs tells of D(τ_α) of the other half has no noise in common with it; so that it can be
    compared, the quantities are held against the same half.
    """
    times = case.propensities[0].times
    at = int(np.argmin(np.abs(np.log(times / case.at))))
    species = case.cages[0].snapshot.species_names
    names = (*fields_of(case, 0),)
    rho = np.empty((len(case.cages), len(names), len(species), len(times)))
    ceiling = np.empty((len(case.cages), len(species), len(times)))
    late = np.empty((len(case.cages), len(names) + 2, len(species), len(times)))
    for k, propensity in enumerate(case.propensities):
        snapshot, fields = case.cages[k].snapshot, fields_of(case, k)
        first, second = propensity.halves
        averaged = vt.neighborhood_average(snapshot, first.T).T
        for s in range(len(species)):
            mine = snapshot.species_index == s
            for t in range(len(times)):
                for f, field in enumerate(fields.values()):
                    rho[k, f, s, t] = rank_correlation(field[mine], propensity.mean[t, mine])
                    late[k, f, s, t] = rank_correlation(field[mine], second[at, mine])
                half = rank_correlation(first[t, mine], second[t, mine])
                ceiling[k, s, t] = np.sqrt(max(2.0 * half / (1.0 + half), 0.0))
                late[k, -2, s, t] = rank_correlation(first[t, mine], second[at, mine])
                late[k, -1, s, t] = rank_correlation(averaged[t, mine], second[at, mine])
    labels = (*names, "D(t), half of the runs", "D(t), half of the runs, averaged")
    return {
        "times": times.tolist(),
        "relaxation_time": case.at,
        "species": list(species),
        "groups": case.groups,
        "quantities": list(names),
        "rho": summary(rho, case.groups),
        "ceiling": summary(ceiling, case.groups),
        "at_relaxation_time": {"quantities": list(labels), **summary(late, case.groups)},
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


def independence(case: Case, folder: Path) -> list[dict[str, Any]]:
    """Of two snapshots of one run: how many particles are still where they were, and what is left of the field."""
    rows = []
    for run in dict.fromkeys(case.groups):
        pair = [k for k, group in enumerate(case.groups) if group == run]
        paths = sorted(folder.glob(f"{case.liquid}_{run}?.gsd"))
        if len(pair) < 2 or len(paths) < 2:
            continue
        frames = [vt.read(path) for path in paths]
        moved = frames[1].unwrapped_positions - frames[0].unwrapped_positions
        moved -= moved.mean(axis=0)
        stayed = np.linalg.norm(moved, axis=1) < 0.3
        fields = [fields_of(case, k)["cage"] for k in pair[:2]]
        for s, name in enumerate(frames[0].species_names):
            mine = frames[0].species_index == s
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
    at = int(np.argmin(np.abs(np.log(case.propensities[0].times / case.at))))
    rows = []
    for k, group in enumerate(case.groups):
        if group == "1":
            continue
        snapshot = case.cages[k].snapshot
        bare = vt.neighborhood_average(snapshot, model.predict(snapshot))
        paper = fields_of(case, k)["P_red"]
        for s, name in enumerate(snapshot.species_names):
            mine = snapshot.species_index == s
            dynamics = case.propensities[k].mean[at, mine]
            rows.append(
                {
                    "snapshot": name_of(case.propensities[k]),
                    "species": name,
                    "positions_only": round(rank_correlation(bare[mine], dynamics), 3),
                    "p_red_averaged": round(rank_correlation(paper[mine], dynamics), 3),
                }
            )
    return rows


def save(name: str, tree: Mapping[str, Any]) -> None:
    path = TARGET / f"{name}.json"
    path.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path.name, flush=True)


def at_relaxation(propensity: Propensity) -> Propensity:
    """At the recorded time nearest to the snapshot's own 1/e time; at the last if F_s has not fallen so far."""
    if len(propensity.times) == 1:
        return propensity
    tau = propensity.relaxation_time.value
    k = -1 if np.isnan(tau) else int(np.argmin(np.abs(np.log(propensity.times / tau))))
    one = slice(k, None if k == -1 else k + 1)
    return replace(
        propensity,
        times=propensity.times[one],
        mean=propensity.mean[one],
        halves=propensity.halves[:, one],
        spread=None,
        mean_squared=None,
        self_scattering=None,
    )


def relaxation(case: Case) -> list[dict[str, Any]]:
    """F_s of each snapshot's own runs: when it falls to 1/e, or how far it falls."""
    rows = []
    for propensity in case.propensities:
        if len(propensity.times) == 1:
            continue
        tau = propensity.relaxation_time
        rows.append(
            {
                "snapshot": name_of(propensity),
                "relaxation_time": None if np.isnan(tau.value) else round(tau.value, 1),
                "error": None if np.isnan(tau.error) else round(tau.error, 1),
                "last_time": float(propensity.times[-1]),
                "scattering_at_last_time": round(float(propensity.self_scattering[-1].mean()), 3),
            }
        )
    return rows


def name_of(propensity: Propensity) -> str:
    return Path(str(propensity.snapshot.source)).name.split(".propensity")[0].removesuffix(".extxyz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--only", nargs="*", default=[*DURATIONS, "shared"])
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    if options.shared is not None and "shared" in options.only:
        for numbers in ((1, 2, 3), (4, 5, 6)):
            case = by_others(options.shared, numbers)
            report(case, f"kob-andersen_0.44_{numbers[0]}-{numbers[-1]}")
    for liquid in DURATIONS:
        if liquid in options.only and (case := own(options.folder, liquid)) is not None:
            report(case, liquid)
            save(
                f"{liquid}_curves",
                {
                    **curves(case),
                    "relaxation": relaxation(case),
                    "independence": independence(case, options.folder),
                    "positions_only": pretrained(case),
                },
            )


def report(case: Case, name: str) -> None:
    found = vt.league(
        [cages.snapshot for cages in case.cages],
        [at_relaxation(one) for one in case.propensities],
        liquid=case.liquid,
        temperature=case.temperature,
        cages=case.cages,
        groups=case.groups,
        random_state=1,
        progress=lambda message: print(f"  {message}", flush=True),
    )
    save(f"{name}_league", found.as_dict())
    (TARGET / f"{name}_league.csv").write_text(to_csv(found), encoding="utf-8")
    (TARGET / f"{name}_league.md").write_text(to_markdown(found), encoding="utf-8")


if __name__ == "__main__":
    main()
