"""The order parameter against propensities measured by others: `python benchmarks/kob_andersen.py FOLDER`.

FOLDER holds ka_T0.44_N4096_{1..6}.extxyz: Kob-Andersen at T* = 0.44, N = 4,096, with the propensity at τ_α from 32
isoconfigurational runs (positions from Shiba et al., J. Chem. Phys. 158, 084503 (2023)). Everything is fixed
beforehand: neighbours within the first minimum of each snapshot's own g(r), one model per snapshot, defaults and
seed 0, local average over 2 σ_AA, the sign from the structural rule. Signed Spearman's ρ, as it is; nothing is
chosen by looking at the propensity. Prints the tables of docs/results.md and writes the numbers as JSON beside them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

import vitreous as vt
from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.jobs.reveal import reveal
from vitreous.order_parameter.sealed_file import provenance
from vitreous.records import to_json

SHOWN = {P_RED: "P_red", P_RED_AVERAGED: "P̄_red"}


def snapshot_rows(path: Path, neighbors: str) -> list[dict[str, object]]:
    """All correlations of one snapshot."""
    snapshot = vt.read(path, diameters={"A": 1.0, "B": 0.88})
    rows = []
    for reducer in ("autoencoder", "pca"):
        found = reveal(snapshot, vt.OrderParameter(neighbors=neighbors, reducer=reducer), radius=2.0)
        report = found.model.reports_["all species"]
        for (quantity, species), value in found.correlations.items():
            rows.append(
                {
                    "snapshot": path.stem,
                    "neighbors": found.model.rule,
                    "reducer": reducer,
                    "quantity": quantity,
                    "species": species,
                    "rho": value.rho,
                    "low": value.low,
                    "high": value.high,
                    "report": to_json(report),
                }
            )
    return rows


def table(rows: list[dict[str, object]]) -> None:
    """One line per snapshot, one column per reducer, quantity and species; then the mean."""
    columns = sorted({(r["reducer"], r["quantity"], r["species"]) for r in rows})
    snapshots = sorted({r["snapshot"] for r in rows})
    head = [f"{SHOWN[quantity]} {species}, {reducer}" for reducer, quantity, species in columns]
    print("| snapshot | " + " | ".join(head) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for snapshot in snapshots:
        cells = []
        for column in columns:
            (r,) = (
                r
                for r in rows
                if r["snapshot"] == snapshot and (r["reducer"], r["quantity"], r["species"]) == column
            )
            cells.append(f"{r['rho']:+.2f} ({r['low']:+.2f}, {r['high']:+.2f})")
        print(f"| {str(snapshot)[-1]} | " + " | ".join(cells) + " |")
    means = []
    for column in columns:
        rho = np.array([r["rho"] for r in rows if (r["reducer"], r["quantity"], r["species"]) == column])
        means.append(f"**{rho.mean():+.2f} ± {rho.std(ddof=1) / np.sqrt(len(rho)):.2f}**")
    print("| mean | " + " | ".join(means) + " |")


def main() -> None:
    """Print the tables and write the numbers."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    paths = sorted(Path(sys.argv[1]).glob("ka_T0.44_N4096_?.extxyz"))
    if not paths:
        raise SystemExit(f"{sys.argv[1]}: no ka_T0.44_N4096_*.extxyz in there")
    numbers: dict[str, object] = {"provenance": provenance()}
    for neighbors in ("cutoff", "sann"):
        rows = [row for path in paths for row in snapshot_rows(path, neighbors)]
        title = "first minimum of g(r)" if neighbors == "cutoff" else "SANN, mutual"
        print(f"\n### Neighbours: {title}\n")
        table(rows)
        numbers[neighbors] = rows
    target = Path(__file__).parents[1] / "docs" / "results" / "kob_andersen_T0.44.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(numbers, indent=1) + "\n")


if __name__ == "__main__":
    main()
