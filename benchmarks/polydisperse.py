"""Collisions per second of polydisperse hard spheres against those of the mixture of two sizes.

    python benchmarks/polydisperse.py [--packing-fraction 0.56] [-N 2000]

The same engine, number of particles and packing fraction, in turns; collisions per second of processor time, and the
median of the ratios of each pair with their range. Three distributions: a Gaussian of 10 %, a uniform one of 20 %, and
the `r^-3` of 23 % of the library.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
from numpy.typing import NDArray

import vitreous as vt
from vitreous.glassformers.diameters import DiameterDistribution

DISTRIBUTIONS = {
    "Gaussian, 10 %": DiameterDistribution("gaussian", polydispersity=0.1),
    "uniform, 20 %": DiameterDistribution("uniform", polydispersity=0.2),
    "r^-3, 23 %": DiameterDistribution("r^-3", minimum=0.7246, maximum=1.6131),
}


def two_sizes(n: int) -> NDArray[np.float64]:
    model = vt.liquid("hard-spheres")
    return model.diameters_of(np.repeat(model.species, [round(share * n) for share in model.fractions]))


def engine(diameters: NDArray[np.float64], packing_fraction: float) -> vt.HardSphereMD:
    made = vt.HardSphereMD.grow(diameters, packing_fraction, seed=1)
    made.run(20.0)
    return made


def rate(one: vt.HardSphereMD, duration: float) -> float:
    begun, before = time.process_time(), one.collisions
    one.run(duration)
    return (one.collisions - before) / (time.process_time() - begun)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packing-fraction", type=float, default=0.56)
    parser.add_argument("-N", "--particles", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=15)
    told = parser.parse_args()
    two = engine(two_sizes(told.particles), told.packing_fraction)
    for name, distribution in DISTRIBUTIONS.items():
        many = engine(distribution.draw(told.particles), told.packing_fraction)
        pairs = [(rate(two, 10.0), rate(many, 10.0)) for _ in range(told.pairs)]
        medians = [statistics.median(column) / 1e6 for column in zip(*pairs, strict=True)]
        ratios = [all_sizes / few for few, all_sizes in pairs]
        print(
            f"{name:15} two sizes {medians[0]:.2f} M/s, all sizes {medians[1]:.2f} M/s, "
            f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
            flush=True,
        )
