"""Whether relaxation times differ between samples by what their errors say.

    python benchmarks/relaxation_errors.py FILE...

The files are trajectories of one liquid from different seeds, for instance `trajectory-KEY.gsd` of studies that differ
in `seed`. Prints the scatter of τ_α, β and the time at 1/e over them, for F and F_s of all particles, in their stated
errors (root mean square): 1 is right, and six files tell it to a third. D as well, where it is known.
"""

from __future__ import annotations

import sys

import numpy as np

import vitreous as vt
from vitreous.jobs.relax import relax


def main() -> None:
    """Print the table."""
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    found: dict[str, list[tuple[float, float]]] = {}
    for file in sys.argv[1:]:
        relaxation = relax(vt.read_trajectory(file))
        for name in ("F", "F_s"):
            decay = relaxation.decays[name]
            fit, crossing = decay.fit, decay.crossing
            found.setdefault(f"{name}: τ_α", []).append((fit.tau, fit.tau_error))
            found.setdefault(f"{name}: β", []).append((fit.beta, fit.beta_error))
            found.setdefault(f"{name}: 1/e at", []).append((crossing.value, crossing.error))
        diffusion = relaxation.as_dict()["motion"]["all"]["diffusion"]
        found.setdefault("D", []).append(
            tuple(np.nan if diffusion[k] is None else diffusion[k] for k in ("value", "error"))
        )
    print("| | mean | scatter | stated error | scatter / stated | files |")
    print("|---|---|---|---|---|---|")
    for name, pairs in found.items():
        known = np.array(pairs)
        known = known[np.isfinite(known).all(axis=1)]
        if len(known) < 2:
            print(f"| {name} | not known | | | | {len(known)} |")
            continue
        value, stated = known[:, 0], np.sqrt((known[:, 1] ** 2).mean())
        scatter = value.std(ddof=1)
        print(
            f"| {name} | {value.mean():.3g} | {scatter:.2g} | {stated:.2g} | {scatter / stated:.2f} | {len(known)} |"
        )


if __name__ == "__main__":
    main()
