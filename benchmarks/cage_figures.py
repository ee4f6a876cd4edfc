"""Figures and summary of the cage order parameter, from what `cage_results.py` left in docs/results/cage.

python benchmarks/cage_figures.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vitreous.plot import save_figure
from vitreous.plot.league import league_figure
from vitreous.predictors.result import League

FOLDER = Path(__file__).parents[1] / "docs" / "results" / "cage"
LIQUIDS = {
    "hard-spheres": "hard spheres, 0.58",
    "kob-andersen": "Kob-Andersen, 0.5",
    "wahnstrom": "Wahnström, 0.7",
}
STYLES = {
    "cage": ("#bb1c1f", "-", 1.6, "cage, averaged"),
    "ln v": ("#2a6f97", "-", 0.9, r"$\ln v$, averaged"),
    "P_red": ("#bb1c1f", (0, (3.5, 1.8)), 1.0, r"$\bar{P}_\mathrm{red}$ (the paper)"),
    "D(t_s)": ("#b08900", "-", 0.9, r"$D(t_s)$ of the short runs, averaged"),
}


def curves_figure(trees: dict[str, dict[str, Any]]) -> Figure:
    """ρ(δt) above, and below what D(t) of half of the runs tells of D at τ_1e of the other half."""
    columns = [(name, s) for name in trees for s in range(len(trees[name]["species"]))]
    figure = Figure(figsize=(17.0 / 2.54, 11.5 / 2.54), dpi=300, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, len(columns), sharey=True, squeeze=False)
    for c, (name, s) in enumerate(columns):
        tree = trees[name]
        times, tau = np.array(tree["times"]), tree["tau_1e"]
        above, below = axes[:, c]
        for quantity, (color, style, width, label) in STYLES.items():
            f = tree["quantities"].index(quantity)
            mean, error = (number(tree["rho"][key])[f, s] for key in ("mean", "error"))
            above.fill_between(times, mean - error, mean + error, color=color, alpha=0.13, lw=0)
            above.plot(times, mean, color=color, linestyle=style, lw=width, label=label)
        above.plot(times, number(tree["ceiling"]["mean"])[s], ":", color="black", lw=1, label="noise ceiling")
        late = number(tree["at_tau_1e"]["mean"])
        for row, style, label in ((-2, ":", r"$D(t)$"), (-1, "-", r"$D(t)$, averaged")):
            below.plot(times, late[row, s], color="#5b6670", linestyle=style, lw=1, label=label)
        f = tree["quantities"].index("cage")
        below.axhline(late[f, s, 0], color="#bb1c1f", lw=1.6, label="cage, averaged")
        for one in (above, below):
            one.set(xscale="log", ylim=(0, 1), xlim=(times[0], times[-1]))
            one.axvline(tau, color="#9aa3ab", lw=0.7, dashes=(5, 3))
            one.tick_params(which="both", direction="in", top=True, right=True, labelsize=6.5, width=0.6)
        species = tree["species"][s]
        above.set_title(f"{LIQUIDS[name]}\n{species}" if s == 0 else f"\n{species}", fontsize=7, loc="left")
        below.set_xlabel("time", fontsize=7)
    axes[0, 0].set_ylabel(r"$\rho$ with $D(\delta t)$", fontsize=8)
    axes[1, 0].set_ylabel(r"$\rho$ with $D(\tau_{1/\mathrm{e}})$ of other runs", fontsize=8)
    found = {}
    for one in axes.ravel():
        handles, labels = one.get_legend_handles_labels()
        found |= dict(zip(labels, handles, strict=True))
    figure.legend(
        found.values(), found.keys(), fontsize=6, frameon=False, loc="outside lower center", ncols=4
    )
    return figure


def number(values: Any) -> np.ndarray:
    return np.array(values, dtype=np.float64)  # None becomes NaN


def read(name: str) -> dict[str, Any] | None:
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def main() -> None:
    trees = {name: tree for name in LIQUIDS if (tree := read(f"{name}_curves")) is not None}
    if trees:
        save_figure(curves_figure(trees), FOLDER / "curves.png")
    leagues = [League.from_dict(tree) for name in LIQUIDS if (tree := read(f"{name}_league")) is not None]
    if leagues:
        save_figure(league_figure(leagues), FOLDER / "league.png")


if __name__ == "__main__":
    main()
