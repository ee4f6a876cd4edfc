"""How many more snapshots a number needs: a first stage tells how much it scatters, and nothing else is looked at.

The interval is exact although the number of snapshots was chosen after a look at the data, because it is computed with
the spread of the first stage and its degrees of freedom: the mean of all snapshots is independent of that spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vitreous.study.student import student_quantile

__all__ = ["Share", "Term", "needs_of", "share"]


class Term(NamedTuple):
    """One of the independent numbers that a claim's number is a sum of.

    Attributes
    ----------
    weight : float
        With which it enters.
    spread : float
        Standard deviation over the snapshots of the first stage.
    first : int
        Snapshots of the first stage.
    cost : float
        Of one more snapshot.
    """

    weight: float
    spread: float
    first: int
    cost: float = 1.0


class Share(NamedTuple):
    """What a budget buys.

    Attributes
    ----------
    snapshots : dict of str to int
        All snapshots of each resource.
    cost : float
        Of what is to be added.
    met : tuple of str
        Demands that are met whole.
    remaining : dict of str to float
        What each of the others would cost beyond that.
    """

    snapshots: dict[str, int]
    cost: float
    met: tuple[str, ...]
    remaining: dict[str, float]


def needs_of(terms: Sequence[Term], half_width: float) -> tuple[int, ...]:
    """Snapshots, all together, at which the interval of a sum of independent means is as narrow as is asked for.

    Parameters
    ----------
    terms : sequence of Term
        Each with a first stage of at least two snapshots.
    half_width : float
        Of the 95 % interval of the sum.

    Returns
    -------
    tuple of int
        One for each term: max(n₁, ⌈(w s₁ / e)²⌉), w its weight and e the standard error that falls to it. Of a single
        mean e = h/t with n₁ - 1 degrees of freedom. Of a sum, errors are chosen from weights and costs alone, in the
        proportion that is cheapest if all scatter alike, so that their interval, of a sum of Student's variables with
        known widths, is exact.

    References
    ----------
    Stein, Ann. Math. Stat. 16, 243 (1945), doi:10.1214/aoms/1177731088; Chapman, Ann. Math. Stat. 21, 601 (1950),
    doi:10.1214/aoms/1177729755.
    """
    widths = [math.sqrt(abs(term.weight) * math.sqrt(term.cost)) for term in terms]
    reach = student_quantile(widths, [term.first - 1.0 for term in terms])
    return tuple(
        max(term.first, math.ceil((term.weight * term.spread * reach / (half_width * width)) ** 2))
        for term, width in zip(terms, widths, strict=True)
    )


def share(
    demands: Mapping[str, Mapping[str, int]],
    there: Mapping[str, int],
    cost: Mapping[str, float],
    budget: float,
) -> Share:
    """Meet as many demands as a budget allows; they share snapshots, and the largest number wins.

    Parameters
    ----------
    demands : mapping of str to mapping of str to int
        By name all snapshots that each resource needs, those that are there included.
    there : mapping of str to int
        Snapshots of each resource that are there.
    cost : mapping of str to float
        Of one more.
    budget : float
        In the unit of the costs.

    Returns
    -------
    Share
        Again and again the demand that costs the least beyond what is bought. What is left of the budget goes to the
        first that cannot be met whole, to all its resources in proportion. Nothing in this depends on any mean.
    """
    bought, left, met = dict(there), budget, list[str]()

    def price(demand: str) -> float:
        return sum(max(count - bought[name], 0) * cost[name] for name, count in demands[demand].items())

    waiting = list(demands)
    while waiting:
        waiting.sort(key=price)
        wanted = price(waiting[0])
        part = 1.0 if wanted <= left else left / wanted
        for name, count in demands[waiting[0]].items():
            bought[name] += math.floor(part * max(count - bought[name], 0) + 1e-9)
        if part < 1.0:
            break
        left -= wanted
        met.append(waiting.pop(0))
    spent = sum((bought[name] - there[name]) * cost[name] for name in there)
    return Share(bought, spent, tuple(met), {demand: price(demand) for demand in waiting})
