"""The interaction of a model as LAMMPS commands."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from vitreous.errors import FileError
from vitreous.glassformers import GlassFormer, RawLammps
from vitreous.glassformers.lammps_lines import words_of
from vitreous.glassformers.potentials import (
    Harmonic,
    InversePower,
    LennardJones,
    PairPotential,
    Table,
    Yukawa,
    polynomial,
)

# Tables, equally spaced in r², between which LAMMPS interpolates by cubics. A table of a formula begins at 0.3 σ and
# is good to 1e-11 of what particles in contact feel; one that a person brings has a kink at each of their rows, begins
# near 0, and is good to 1e-8.
_TABLE_POINTS = 40_000
_FEWEST_POINTS, _ALL_POINTS = (
    4_000,
    400_000,
)  # of a table and of all, where a polydisperse model has very many
_NEAREST, _NEAREST_OF_ROWS = 0.3, 1e-3  # in units of σ and of the cutoff
_STEEP = 1e3  # ε that a formula has there at least, so that no particle comes nearer; it is no table else
_KEYWORD = "PAIR"
_FOREIGN_SKIN = 2.0  # Å, where lengths are in that


def header_commands(model: GlassFormer) -> tuple[str, ...]:
    """Units, what an atom has, and a periodic box."""
    raw = model.interaction
    style = raw.unit_style if isinstance(raw, RawLammps) else "lj"
    return (f"units {style}", f"atom_style {'charge' if model.charges else 'atomic'}", "boundary p p p")


def begins_anywhere(model: GlassFormer) -> bool:
    """Whether LAMMPS can push particles apart that lie anywhere: its own Lennard-Jones style can, tables cannot."""
    pairs = [pair for _, _, pair in model.pair_potentials]
    return bool(pairs) and all(
        isinstance(pair, LennardJones) and pair.truncation == "shifted" for pair in pairs
    )


def longest_cutoff(model: GlassFormer) -> float:
    """How far particles feel each other."""
    if isinstance(model.interaction, RawLammps):
        return model.interaction.cutoff
    return max(pair.cutoff for _, _, pair in model.pair_potentials)


def skin(model: GlassFormer) -> float:
    """What is added to the cutoff in neighbour lists; changes the speed, not the physics."""
    if isinstance(model.interaction, RawLammps):
        return 0.3 if model.interaction.unit_style == "lj" else _FOREIGN_SKIN
    # Measured at N = 4,000: the short lists of a purely repulsive model are cheap, so that a thicker skin gains a
    # tenth.
    return 0.4 if longest_cutoff(model) < 2.0 else 0.3


def interaction_files(model: GlassFormer) -> dict[str, str]:
    """Texts of the files that the commands of a model read, by their names."""
    if isinstance(model.interaction, RawLammps):
        return dict(model.interaction.files)
    if has_own_style(model):
        return {}
    tables = ((a, b, pair) for a, b, pair in model.pair_potentials if _is_tabulated(pair))
    rows = _table_points(model)
    return {_table_name(a, b): _table_text(pair, rows) for a, b, pair in tables}


def interaction_commands(model: GlassFormer, place: Callable[[str], str] = str) -> tuple[str, ...]:
    """Masses, interaction and neighbour lists, of atoms that are there already; `place` says where a file is."""
    masses = (f"mass {kind} {float(mass)!r}" for kind, mass in enumerate(model.masses, start=1))
    charges = (f"set type {kind} charge {charge!r}" for kind, charge in enumerate(model.charges, start=1))
    lists = (f"neighbor {skin(model)} bin", "neigh_modify every 1 delay 0 check yes")
    if isinstance(model.interaction, RawLammps):
        files = {name for name, _ in model.interaction.files}
        lines = (
            " ".join(f'"{place(word)}"' if word in files else word for word in words_of(line))
            if any(word in files for word in words_of(line))
            else line
            for line in model.interaction.commands
        )
        return (*masses, *charges, *lists, *(line for line in lines if words_of(line)))
    return (*masses, *_pair_commands(model, place), *lists)


@contextmanager
def placed_interaction(model: GlassFormer) -> Iterator[tuple[str, ...]]:
    """`interaction_commands` whose files are in a folder that is removed when the block ends."""
    files = interaction_files(model)
    if not files:
        yield interaction_commands(model)
        return
    try:
        with tempfile.TemporaryDirectory(prefix="vitreous-") as name:
            folder = Path(name)
            for file, text in files.items():
                (folder / file).write_text(text, encoding="utf-8")
            yield interaction_commands(model, lambda file: str(folder / file))
    except OSError as error:
        reason = error.strerror or error
        raise FileError(f"{tempfile.gettempdir()}: cannot write temporary files: {reason}") from None


def _pair_commands(model: GlassFormer, place: Callable[[str], str]) -> tuple[str, ...]:
    """A style that is exact, where LAMMPS has one for all pairs; tables or formulas that it compiles, where not."""
    pairs = {}
    for a, b, pair in model.pair_potentials:
        i, j = sorted((model.species.index(a) + 1, model.species.index(b) + 1))
        pairs[i, j] = a, b, pair
    farthest = longest_cutoff(model)
    if has_own_style(model):
        return _own_style([(i, j, pair) for (i, j), (_, _, pair) in pairs.items()], farthest)
    styles = {
        "lepton": f"lepton {farthest!r}",
        "table": f"table spline {_table_points(model)}",
    }
    style_of = {ij: "table" if _is_tabulated(pair) else "lepton" for ij, (_, _, pair) in pairs.items()}
    used = [styles[name] for name in styles if name in style_of.values()]
    commands = [f"pair_style {'hybrid ' if len(used) > 1 else ''}{' '.join(used)}"]
    for (i, j), (a, b, pair) in pairs.items():
        style = f"{style_of[i, j]} " if len(used) > 1 else ""
        table = f'"{place(_table_name(a, b))}" {_KEYWORD}'
        what = table if style_of[i, j] == "table" else _formula(pair)
        commands.append(f"pair_coeff {i} {j} {style}{what} {pair.cutoff!r}")
    return tuple(commands)


def has_own_style(model: GlassFormer) -> bool:
    """Whether LAMMPS has one style that does all pairs exactly."""
    pairs = [pair for _, _, pair in model.pair_potentials]
    truncations = {pair.truncation for pair in pairs if isinstance(pair, LennardJones)}
    return all(isinstance(pair, Harmonic) for pair in pairs) or (
        all(isinstance(pair, LennardJones) for pair in pairs)
        and len(truncations) == 1
        and truncations <= {"cut", "shifted", "force-shifted"}
    )


def _own_style(pairs: Sequence[tuple[int, int, PairPotential]], farthest: float) -> tuple[str, ...]:
    coefficients = []
    head: tuple[str, ...] = ("pair_style harmonic/cut",)
    for i, j, pair in pairs:
        if isinstance(pair, LennardJones):
            coefficients.append(f"pair_coeff {i} {j} {pair.epsilon!r} {pair.sigma!r} {pair.cutoff!r}")
            if pair.truncation == "force-shifted":
                head = (f"pair_style lj/smooth/linear {farthest!r}",)
            else:
                shift = "yes" if pair.truncation == "shifted" else "no"
                head = (f"pair_style lj/cut {farthest!r}", f"pair_modify shift {shift}")
        elif isinstance(pair, Harmonic):
            coefficients.append(f"pair_coeff {i} {j} {pair.epsilon / (2.0 * pair.sigma**2)!r} {pair.sigma!r}")
    return (*head, *coefficients)


def _is_tabulated(pair: PairPotential) -> bool:
    """Whether LAMMPS is given a table. It compiles formulas anew for each step, so that takes three times as long."""
    if isinstance(pair, Table):
        return True
    if isinstance(pair, Harmonic) or pair.truncation == "xplor":  # which has a kink
        return False
    energy, _ = pair.energy_force(np.array([_NEAREST * pair.sigma]))
    return bool(pair.epsilon > 0.0 and energy[0] > _STEEP * pair.epsilon)


def _formula(pair: PairPotential) -> str:
    """The energy as an expression of r without spaces, of which LAMMPS derives the force (pair_style lepton)."""
    assert not isinstance(pair, Table)
    sigma = pair.sigma
    if isinstance(pair, Harmonic):
        return f"{0.5 * pair.epsilon!r}*(1-r/{sigma!r})^2"
    c = pair.cutoff_factor
    energy, where = "b", [_bare_formula(pair)]
    at_cutoff, slope, _ = (float(value) for value in pair.bare(c))
    if pair.truncation == "shifted":
        energy = f"b-({at_cutoff!r})"
    elif pair.truncation == "force-shifted":
        energy = f"b-({at_cutoff!r})-(x-{c!r})*({slope!r})"
    elif pair.truncation == "polynomial":
        c0, c2, c4 = (float(value) for value in polynomial(pair))
        energy = f"b+({c0!r})+x*x*(({c2!r})+x*x*({c4!r}))"
    elif pair.truncation == "xplor":
        o = pair.onset_factor
        energy = "select(step(x-o),b*s,b)".replace("-o", f"-{o!r}")
        where.append(f"s=({c**2!r}-x*x)^2*({c**2 - 3.0 * o**2!r}+2*x*x)/{(c**2 - o**2) ** 3!r}")
    return ";".join((f"{pair.epsilon!r}*({energy})", *where, f"x=r/{sigma!r}"))


def _bare_formula(pair: LennardJones | InversePower | Yukawa) -> str:
    if isinstance(pair, LennardJones):
        return "b=4*(i*i-i);i=(1/x)^6"
    if isinstance(pair, InversePower):
        n = int(pair.exponent) if float(pair.exponent).is_integer() else pair.exponent
        return f"b=(1/x)^{n!r}"
    return f"b=exp(-{pair.kappa * pair.sigma!r}*(x-1))/x"


def _table_name(a: str, b: str) -> str:
    return f"{a}-{b}.table"


def _table_points(model: GlassFormer) -> int:
    """Rows of each table; fewer where there are many, and energies are right to 1e-9 still."""
    return max(_FEWEST_POINTS, min(_TABLE_POINTS, _ALL_POINTS // max(len(model.pair_potentials), 1)))


@cache
def _table_text(pair: PairPotential, rows: int) -> str:
    """A table as LAMMPS reads it, at the distances at which LAMMPS wants it, so that it is not interpolated twice.

    Kept, because an engine reads it again whenever it begins anew.
    """
    own = isinstance(pair, Table)
    inner = _NEAREST_OF_ROWS * pair.cutoff if own else _NEAREST * pair.sigma
    r = np.sqrt(np.linspace(inner**2, pair.cutoff**2, rows))
    energy, force = pair.energy_force(r)
    # At the cutoff, as seen from below: a quartic through points before it.
    before = pair.cutoff * (1.0 - 1e-4 * np.arange(1.0, 6.0))
    if isinstance(pair, Table):
        before = pair.cutoff - 0.2 * (pair.distances[-1] - pair.distances[-2]) * np.arange(1.0, 6.0)
    fits = [np.polynomial.Polynomial.fit(before, values, 4) for values in pair.energy_force(before)]
    energy[-1], force[-1] = (float(fit(pair.cutoff)) for fit in fits)
    h = 1e-5 * inner
    last = float(fits[1].deriv()(pair.cutoff))
    first = 0.0 if own else float(np.diff(pair.energy_force(inner + np.array([-h, h]))[1])[0] / (2.0 * h))
    head = f"{_KEYWORD}\nN {rows} RSQ {inner!r} {pair.cutoff!r} FPRIME {first!r} {last!r}\n\n"
    points = zip(r.tolist(), energy.tolist(), force.tolist(), strict=True)
    return head + "".join(f"{k} {x!r} {u!r} {f!r}\n" for k, (x, u, f) in enumerate(points, 1))
