"""Which species are looked at one by one: all of a few, none of many unless they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MANY_SPECIES", "Partial", "chosen_species", "left_out"]

MANY_SPECIES = 10

Partial = bool | None


def chosen_species(names: Sequence[str], partial: Partial = None) -> tuple[str, ...]:
    """Species whose partial quantities are wanted.

    Pairs of species are as many as their number squared; with a diameter of its own for each particle, as in
    polydisperse models, that is all of the cost and says nothing.

    Parameters
    ----------
    names : sequence of str
        All species.
    partial : bool, optional
        Whether partial quantities are asked for; by default they are if there are no more than ten species.
    """
    wanted = len(names) <= MANY_SPECIES if partial is None else partial
    return tuple(names) if wanted else ()


def left_out(names: Sequence[str], partial: Partial = None) -> str | None:
    """The line that tells that partial quantities were left out because there are many species; None if not."""
    if partial is not None or len(names) <= MANY_SPECIES:
        return None
    return (
        f"there are {len(names)} species: partial quantities of more than {MANY_SPECIES} are left out unless asked for "
        f"(partial=True, command line: --partial)"
    )
