"""Train the cage models that come with the package, for positions without any run.

    python benchmarks/train_cage_models.py FOLDER [LIQUID...]

FOLDER is that of `cage_snapshots.py`. The first of the three independent runs of a liquid is learned from, the others
are for tests (`cage_results.py`). No propensity is read.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import vitreous as vt
from vitreous.order_parameter.cage import PRETRAINED

# Of the short runs, as docs/results/cage/README.md fixes it; and temperatures.
DURATIONS = {"hard-spheres": 5.0, "kob-andersen": 2.0, "wahnstrom": 2.0}
TEMPERATURES = {"hard-spheres": None, "kob-andersen": 0.5, "wahnstrom": 0.7}
TARGET = Path(__file__).parents[1] / "src" / "vitreous" / "data" / "cages"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("liquids", nargs="*", default=PRETRAINED)
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for liquid in options.liquids:
        snapshots = [vt.read(path) for path in sorted(options.folder.glob(f"{liquid}_1?.gsd"))]
        cages = [
            vt.sample_cages(
                snapshot,
                liquid,
                temperature=TEMPERATURES[liquid],
                runs=32,
                duration=DURATIONS[liquid],
                random_state=10 + k,
            )
            for k, snapshot in enumerate(snapshots)
        ]
        model = vt.CageOrderParameter(random_state=1).fit(snapshots, cages)
        path = model.save(TARGET / f"{liquid}.vtm")
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB, learned from {model.source_}")
        print(
            f"  explained, bare positions: {model.report_.explained_bare}; stability {model.report_.stability:.2f}"
        )


if __name__ == "__main__":
    main()
