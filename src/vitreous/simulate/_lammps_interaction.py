"""The interaction of a model as LAMMPS commands."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
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

__all__ = [
    "header_commands",
    "interaction_commands",
    "interaction_files",
    "longest_cutoff",
    "placed_interaction",
    "skin",
]

_TABLE_POINTS = 40_000  # equally spaced in r², between which LAMMPS interpolates by cubics
_NEAREST = 1e-3  # where such a table begins, in units of its cutoff
_KEYWORD = "PAIR"
_FOREIGN_SKIN = 2.0  # Å, where lengths are in that


def header_commands(model: GlassFormer) -> tuple[str, ...]:
    """Units, what an atom has, and a periodic box."""
    raw = model.interaction
    style = raw.unit_style if isinstance(raw, RawLammps) else "lj"
    return (f"units {style}", f"atom_style {'charge' if model.charges else 'atomic'}", "boundary p p p")


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
    tables = ((a, b, pair) for a, b, pair in model.pair_potentials if isinstance(pair, Table))
    return {_table_name(a, b): _table_text(pair) for a, b, pair in tables}


def interaction_commands(model: GlassFormer, place: Callable[[str], str] = str) -> tuple[str, ...]:
    """Masses, interaction and neighbour lists, of atoms that are there already.

    Parameters
    ----------
    model : GlassFormer
    place : callable
        Where a file of `interaction_files` is.
    """
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
    """`interaction_commands` whose files are in a folder that is removed when the block ends.

    Raises
    ------
    FileError
        If they cannot be written.
    """
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
    """Styles that are exact, where LAMMPS has one for all pairs; formulas that it compiles, where not."""
    pairs = {}
    for a, b, pair in model.pair_potentials:
        i, j = sorted((model.species.index(a) + 1, model.species.index(b) + 1))
        pairs[i, j] = a, b, pair
    farthest = longest_cutoff(model)
    every = [pair for _, _, pair in pairs.values()]
    truncations = {pair.truncation for pair in every if isinstance(pair, LennardJones)}
    if all(isinstance(pair, LennardJones) for pair in every) and len(truncations) == 1:
        own = {
            "shifted": (f"pair_style lj/cut {farthest!r}", "pair_modify shift yes"),
            "cut": (f"pair_style lj/cut {farthest!r}", "pair_modify shift no"),
            "force-shifted": (f"pair_style lj/smooth/linear {farthest!r}",),
        }.get(truncations.pop())
        if own is not None:
            return (
                *own,
                *(
                    f"pair_coeff {i} {j} {pair.epsilon!r} {pair.sigma!r} {pair.cutoff!r}"
                    for (i, j), (_, _, pair) in pairs.items()
                    if isinstance(pair, LennardJones)
                ),
            )
    if all(isinstance(pair, Harmonic) for pair in every):
        return (
            "pair_style harmonic/cut",
            *(
                f"pair_coeff {i} {j} {pair.epsilon / (2.0 * pair.sigma**2)!r} {pair.sigma!r}"
                for (i, j), (_, _, pair) in pairs.items()
                if isinstance(pair, Harmonic)
            ),
        )
    styles = {
        "lepton": f"lepton {farthest!r}",
        "table": f"table spline {_TABLE_POINTS}",
    }
    style_of = {ij: "table" if isinstance(pair, Table) else "lepton" for ij, (_, _, pair) in pairs.items()}
    used = [styles[name] for name in styles if name in style_of.values()]
    commands = [f"pair_style {'hybrid ' if len(used) > 1 else ''}{' '.join(used)}"]
    for (i, j), (a, b, pair) in pairs.items():
        style = f"{style_of[i, j]} " if len(used) > 1 else ""
        what = f'"{place(_table_name(a, b))}" {_KEYWORD}' if isinstance(pair, Table) else _formula(pair)
        commands.append(f"pair_coeff {i} {j} {style}{what} {pair.cutoff!r}")
    return tuple(commands)


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


@cache
def _table_text(pair: Table) -> str:
    """A table as LAMMPS reads it, at the distances at which LAMMPS wants it, so that it is not interpolated twice.

    Kept, because an engine reads it again whenever it begins anew.
    """
    inner = _NEAREST * pair.cutoff
    squares = np.linspace(inner**2, pair.cutoff**2, _TABLE_POINTS)
    r = np.sqrt(squares)
    energy, force = pair.energy_force(r)
    energy[-1], force[-1] = pair.energies[-1], pair.forces[-1]  # as seen from below
    rows = zip(r.tolist(), energy.tolist(), force.tolist(), strict=True)
    slopes = f"FPRIME {_slope(pair, 0)!r} {_slope(pair, -1)!r}"
    head = f"{_KEYWORD}\nN {_TABLE_POINTS} RSQ {inner!r} {pair.cutoff!r} {slopes}\n\n"
    return head + "".join(f"{k} {x!r} {u!r} {f!r}\n" for k, (x, u, f) in enumerate(rows, 1))


def _slope(pair: Table, end: int) -> float:
    """Of the force, df/dr, at the beginning, where it is constant, and at the end."""
    if end == 0:
        return 0.0
    near = pair.cutoff - 1e-6 * (pair.distances[-1] - pair.distances[-2])
    return float((pair.forces[-1] - pair.energy_force(np.array([near]))[1][0]) / (pair.cutoff - near))
