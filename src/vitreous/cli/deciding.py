"""What `study run --decide` and `study status` say of further snapshots: claim by claim, and state by state."""

from __future__ import annotations

import math

from rich.table import Table
from rich.text import Text

from vitreous.cli.console import duration
from vitreous.study.decision import Decision, Forecast

__all__ = ["decision_lines", "decision_table"]


def decision_table(decision: Decision) -> Table:
    """A row for each claim: what its further snapshots cost by themselves, and whether they are among those decided."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("claim", "all snapshots", "one core", ""):
        table.add_column(name)
    for one in decision.forecasts:
        cost = "" if math.isnan(one.seconds) else duration(one.seconds) if one.seconds else "nothing"
        if one.reason:
            verdict = Text(one.reason, style="yellow")
        elif one.met:
            verdict = Text("is met", style="green")
        else:
            verdict = Text(f"remains: {duration(one.remaining)} more", style="yellow")
        table.add_row(one.claim, _needs(one) if one.seconds else "", cost, verdict)
    return table


def _needs(one: Forecast) -> str:
    """All snapshots of each state; those for ⟨P_red⟩ only where there is no word of a propensity."""
    told = {name: count for name, count in one.needs.items() if not name.endswith(" structures")}
    return ", ".join(f"{name}: {count}" for name, count in (told or one.needs).items())


def decision_lines(decision: Decision) -> list[str]:
    """How many snapshots are added, and what remains."""
    added = [
        f"{name} {one.followed} with a propensity, {one.structures} in all"
        for name, one in decision.further.items()
        if one.followed or one.structures
    ]
    open_ones = [one for one in decision.forecasts if not one.met and not one.reason]
    told = [
        f"further snapshots: {'; '.join(added) or 'none'}; about {duration(decision.seconds)} of one core"
    ]
    if open_ones:
        least = min(one.remaining for one in open_ones)
        told.append(
            f"{len(open_ones)} of {len(decision.forecasts)} claims may remain undecided; the cheapest of them takes "
            f"{duration(least)} more"
        )
    return told
