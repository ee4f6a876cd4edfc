"""Which LAMMPS commands a model may bring along: those that describe an interaction, and none that do anything else.

A LAMMPS script is a program: it can call the shell and Python, read and write any file, open ports. A model file is
data that people pass on, so its lines are held against a list of what they may say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from vitreous.errors import InputError

__all__ = ["ALLOWED", "UnsafeLineError", "file_names", "require_harmless", "words_of"]

ALLOWED = (
    *(f"{what}_{part}" for what in ("pair", "bond", "angle", "dihedral", "improper") for part in ("style", "coeff")),
    "pair_modify",
    "special_bonds",
    "kspace_style",
    "kspace_modify",
    "dielectric",
    "neighbor",
    "neigh_modify",
    "comm_modify",
)  # fmt: skip
"""The commands that a model may use."""

# Continuation of lines, texts in which white space or # is not what it is elsewhere, variables and their expressions.
_TRICKS = {
    "&": "continues a line",
    '"': "quotes",
    "'": "quotes",
    "$": "expands variables",
    "`": "quotes",
    "\\": "escapes",
}
_FOREIGN = re.compile(r"python|mliap|kim|quip|plugin|torch|deepmd|metatomic", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_FORMULA = "lepton"  # whose coefficients are expressions, in which numbers have points


class UnsafeLineError(InputError):
    """A line that is refused; `number` counts from 0."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


def words_of(line: str) -> list[str]:
    """The words of a line without its comment."""
    return line.partition("#")[0].split()


def file_names(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Words that can be nothing but names of files, with the numbers of their lines: with a dot, and no numbers."""
    found, formulas = [], False
    for number, line in enumerate(lines):
        command, *words = words_of(line) or [""]
        if command == "pair_style":
            formulas = any(word.startswith(_FORMULA) for word in words)
        if not formulas:
            found += [(number, word) for word in words if "." in word and not _NUMBER.fullmatch(word)]
    return found


def require_harmless(lines: Sequence[str], files: Collection[str]) -> None:
    """Make sure that LAMMPS commands describe an interaction and do nothing else.

    UnsafeLineError at the first line that is not on the list, continues, quotes, expands, loads foreign code, or names
    another file than `files`, those of the model.
    """
    for number, line in enumerate(lines):
        for sign, what in _TRICKS.items():
            if sign in line:  # in comments too: LAMMPS looks for some of them first
                raise UnsafeLineError(number, f"{sign} {what}, which a model may not; write it out")
        if not line.replace("\t", " ").isprintable():
            raise UnsafeLineError(number, "has characters that cannot be seen; remove them")
        command, *words = words_of(line) or [""]
        if command and command not in ALLOWED:
            raise UnsafeLineError(
                number,
                f"{command}: describes no interaction, so a model may not use it; allowed are {', '.join(ALLOWED)} "
                f"(--allow-shell lets everything pass, if you trust the file)",
            )
        for word in words:
            if word.startswith(("/", "~")) or ".." in word or ":" in word:
                raise UnsafeLineError(
                    number, f"{word}: lies outside the folder of the model; put the file beside it"
                )
            if _FOREIGN.search(word) and command.endswith("_style"):
                raise UnsafeLineError(
                    number,
                    f"{word}: runs programs that are not part of LAMMPS, so a model may not use it "
                    f"(--allow-shell lets it pass, if you trust the file)",
                )
    for number, name in file_names(lines):
        if name not in files:
            raise UnsafeLineError(number, f"{name}: this file is not beside the model; put it there")
