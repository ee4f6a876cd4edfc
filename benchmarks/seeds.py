"""Whether numbers of a study with other seeds differ by what their errors say, and are the same if it is done twice.

    python benchmarks/seeds.py FOLDER [PLAN.toml] [--seeds K]

Carries out PLAN, by default `seeds.toml` beside this file, with the seeds 1 to K, 5 unless told, and with seed 1 once
more, each in its own folder below FOLDER, and goes on where it was stopped. Prints for every kind of number in
states.csv its scatter over seeds in stated errors, and how many of all differences between two seeds lie within one
and two of theirs: 68 and 95 % of them if errors are Gaussian and known well, 63 and 88 % if each is a spread of three
snapshots. The error of ⟨P_red⟩ is for one order parameter, but every seed learns another one: a second row adds
how much ⟨P_red⟩ varies with the snapshot that is learned from (mean_p_red_learning). Then of all numbers that claims
and the table of predictors rest on, how many differences between two seeds lie within their 95 % interval, Student's
with the degrees of freedom of both spreads: 95 % of them if all is right, whatever the number of snapshots. Then how
many files of the steps made with seed 1 are the same in both folders.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from vitreous.study.claim_numbers import parts_of
from vitreous.study.claim_rules import RULES
from vitreous.study.interval import Estimate
from vitreous.study.plan import read_plan
from vitreous.study.predictors import predictors
from vitreous.study.results import StudyResults, read_results
from vitreous.study.tables import study_tables

NUMBERS = {
    "τ_α": ("tau_alpha", "tau_alpha_error"),
    "β": ("beta", "beta_error"),
    "F_s at 1/e": ("tau_1e", "tau_1e_error"),
    "D": ("D", "D_error"),
    "⟨P_red⟩": ("mean_p_red", "mean_p_red_error"),
    "⟨P_red⟩, learned from any snapshot": ("mean_p_red", "with_learning"),
    "largest ρ, large": ("rho_large", "rho_error_large"),
    "largest ρ, small": ("rho_small", "rho_error_small"),
}
MADE_AT = (".png", ".vtm")  # which hold when they were made


def carried_out(plan: Path, name: str, seed: int, folder: Path) -> Path:
    """The same plan with another seed, carried out."""
    text, count = re.subn(r"(?m)^seed = \d+", f"seed = {seed}", plan.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"{plan}: expected one line 'seed = ...', got {count}")
    copy = folder / name / "seeds.toml"
    copy.parent.mkdir(parents=True, exist_ok=True)
    if not copy.exists() or copy.read_text(encoding="utf-8") != text:
        copy.write_text(text, encoding="utf-8")
    subprocess.run([str(Path(sys.executable).with_name("vitreous")), "study", "run", str(copy)], check=True)
    return copy


def states(plan: Path) -> dict[tuple[str, float], dict[str, float]]:
    """Rows of states.csv, with the whole error of ⟨P_red⟩."""
    header, rows = study_tables(read_results(read_plan(plan)))["states"]
    found = {}
    for row in rows:
        named = dict(zip(header, row, strict=True))
        named["with_learning"] = np.hypot(named["mean_p_red_error"], named["mean_p_red_learning"])
        found[named["model"], named["state"]] = named
    return found


def scatter(studies: list[dict[tuple[str, float], dict[str, float]]]) -> None:
    """Print how numbers differ between seeds."""
    print("| number | scatter over seeds / stated error, by state | differences | within 1 | within 2 |")
    print("|---|---|---|---|---|")
    everything: list[float] = []
    for name, (value, error) in NUMBERS.items():
        ratios, differences = [], []
        for state in studies[0]:
            known = np.array([(study[state][value], study[state][error]) for study in studies])
            known = known[np.isfinite(known).all(axis=1)]
            differences += [
                abs(a[0] - b[0]) / np.hypot(a[1], b[1]) for a, b in itertools.combinations(known, 2)
            ]
            some = f" (of {len(known)})" if len(known) < len(studies) else ""
            if len(known) < 2:
                ratios.append("not known" + some)
                continue
            ratios.append(f"{known[:, 0].std(ddof=1) / np.sqrt((known[:, 1] ** 2).mean()):.2f}" + some)
        everything += differences
        print(f"| {name} | {', '.join(ratios)} | {line(differences)} |")
    print(f"| all | | {line(everything)} |")


def line(differences: list[float]) -> str:
    """Number of differences, and shares within one and two errors."""
    if not differences:
        return "0 | | "
    z = np.array(differences)
    return f"{len(z)} | {100 * (z < 1).mean():.0f} % | {100 * (z < 2).mean():.0f} %"


def numbers(results: StudyResults) -> dict[tuple[str, ...], Estimate]:
    """Every number with an interval: kind first, then what it is of."""
    found = {}
    for rule in RULES:
        for part in parts_of(rule, results) if rule.quantity != "exponential" else ():
            states = (one.state.state.name for _, one in part.terms)
            found["claims", rule.text, *part.models, *states] = part.estimate
    for state in results.states:
        for one in predictors(state):
            name = (state.state.name, one.species, one.field)
            found["ρ at τ_α", *name] = one.raw
            found["ρ at τ_α, infinitely many runs", *name] = one.corrected
            if one.field != "p_red_averaged":
                found["ρ at τ_α less that of P̄_red", *name] = one.difference
    return found


def within_intervals(studies: list[dict[tuple[str, ...], Estimate]]) -> None:
    """Print how many differences between two seeds lie within their 95 % interval."""
    print("\n| number | differences | within their 95 % interval |")
    print("|---|---|---|")
    inside: dict[str, list[bool]] = {}
    for one, two in itertools.combinations(studies, 2):
        for key in one.keys() & two.keys():
            difference = one[key] - two[key]
            if np.isfinite(difference.value) and difference.error > 0.0:
                low, high = difference.interval
                inside.setdefault(key[0], []).append(low <= 0.0 <= high)
    for kind, answers in (
        *sorted(inside.items()),
        ("all", [one for mine in inside.values() for one in mine]),
    ):
        print(f"| {kind} | {len(answers)} | {100 * np.mean(answers):.1f} % |")


def same(one: Path, two: Path) -> None:
    """Print how many files of steps have the same digests."""
    counts: Counter[str] = Counter()
    for record in sorted(one.with_suffix(".study").glob("*/*.made.json")):
        other = two.with_suffix(".study") / record.parent.name / record.name
        made, again = (json.loads(file.read_text(encoding="utf-8")) for file in (record, other))
        for suffix, digest in made["files"].items():
            if suffix not in MADE_AT:
                counts[
                    "same" if digest == again["files"][suffix] else f"differ ({record.name}, {suffix})"
                ] += 1
    print(f"twice with seed 1: {dict(counts)}")


def main() -> None:
    """Carry out all, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("plan", type=Path, nargs="?", default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    if given.seeds < 2:
        parser.error("--seeds: two at least, to compare")
    again = carried_out(given.plan, "again", 1, given.folder)
    plans = [
        carried_out(given.plan, f"seed-{seed}", seed, given.folder) for seed in range(1, given.seeds + 1)
    ]
    print("\n", ", ".join(f"{model} {state:g}" for model, state in states(plans[0])), "\n")
    scatter([states(plan) for plan in plans])
    within_intervals([numbers(read_results(read_plan(plan))) for plan in plans])
    same(plans[0], again)


if __name__ == "__main__":
    main()
