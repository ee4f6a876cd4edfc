"""Collisions per second of polydisperse hard spheres against those of the mixture of two sizes.

    python benchmarks/polydisperse.py [--packing-fraction 0.56] [-N 2000]

The same engine, number of particles and packing fraction, in turns; collisions per second of processor time, and the
median of the ratios of each pair.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

import vitreous as vt


def engine(name: str, n: int, packing_fraction: float) -> vt.HardSphereMD:
    model = vt.liquid(name)
    species = np.repeat(model.species, [round(share * n) for share in model.fractions])
    made = vt.HardSphereMD.grow(model.diameters_of(species), packing_fraction, seed=1, species=species)
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
    names = ("hard-spheres", "hard-spheres-polydisperse")
    two, all_ = (engine(name, told.particles, told.packing_fraction) for name in names)
    pairs = [(rate(two, 10.0), rate(all_, 10.0)) for _ in range(told.pairs)]
    medians = [statistics.median(column) / 1e6 for column in zip(*pairs, strict=True)]
    ratio = statistics.median(many / few for few, many in pairs)
    print(f"two sizes {medians[0]:.2f} M/s, all sizes {medians[1]:.2f} M/s, ratio of pairs {ratio:.3f}")
