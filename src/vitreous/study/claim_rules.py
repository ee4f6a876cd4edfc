"""What the paper claims, and by which rule each claim is decided: fixed before any number of a study is looked at.

The rules know nothing of results. `vitreous.study.claims` holds them against a study.

**Numbers.** ρ is Spearman's ρ, mean of both species. Where models, states or time differences are compared, ρ is that
of infinitely many runs (ρ over the noise ceiling of its own δt, errors by jackknife over snapshots): a finite number of
runs weakens correlations most where dynamics is least heterogeneous, which would look like physics. The raw one stands
beside it. What is compared within the same snapshots is paired: differences are taken snapshot by snapshot.

**Intervals.** 95 %, Student's t with the spread between independent snapshots; of sums of such numbers, as differences
of two states, the sum of Student's variables. If the number of snapshots was chosen after a first stage, the spread and
its degrees of freedom are those of the first stage (Stein 1945).

**Verdicts.** A part of a claim is one model, or one pair of models or of states. It holds if its 95 % interval lies
where the claim puts it. A claim holds if every part does. It does not hold if the interval of a part lies wholly
elsewhere: of m parts, at the level 1 - 0.05/m, since one of many fails by chance more easily than one. Else it is
undecided.

**Widths.** `half_width` is that to which an interval has to shrink so that what the study is to see is seen. It fixes
the number of further snapshots, together with the spread in the first stage. No verdict needs it except that of the
exponential, which a study too coarse to see a departure must not confirm. Widths are chosen from the former study
(seed 1, three snapshots), whose numbers are therefore not used again: a study by these rules needs another seed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from vitreous.column_names import P_RED, P_RED_AVERAGED

__all__ = ["CLOSE", "LEVEL", "LINE_WIDTH", "PYRAMIDS", "RULES", "TETRAHEDRA", "THIRD", "Quantity", "Rule"]

LEVEL = 0.95

THIRD = "kob-andersen"
"""The model for which the paper claims less."""

CLOSE = math.log10(2.0)
"""Very close to τ_α: within a factor of two either way."""

LINE_WIDTH = 0.25
"""Largest root mean square error of ln τ at which agreement with an exponential counts: a departure by a factor of two
at one state would stand out by 2.8 of these."""

# Built of tetrahedra that share faces alone; larger ones come of these. Square pyramids are sp4b.
TETRAHEDRA = ("sp3b", "sp3c", "6Z", "sp5c", "8B", "9B", "10B", "12D", "13A")
PYRAMIDS = ("sp4b",)

Quantity = Literal[
    "at τ_α", "gain at τ_α", "peak place", "peak height", "clusters", "mean P_red", "exponential"
]


@dataclass(frozen=True)
class Rule:
    """How one claim is decided.

    Attributes
    ----------
    text : str
        What the paper says.
    figure : str
        Where.
    measure : str
        What the number is, in words.
    quantity : Quantity
        What is taken from each state.
    of : str or tuple of str
        The column that is correlated, or the types of cluster.
    over : "deepest", "models", "steps" or "slope"
        One number a model, from its deepest state; the third model less each of the others; each state less the one
        before it, which is deeper; or the slope of a line through all states against their number, the deepest first.
        States whose peak lies at an edge of what was followed are left out of a slope, which needs three.
    limits : (float, float)
        Where the claim puts the number.
    half_width : float
        Of the 95 % interval that is aimed at, in the unit of the number.
    corrected : bool
        Whether ρ is that of infinitely many runs.
    third : bool
        Whether it is claimed for the third model too.
    """

    text: str
    figure: str
    measure: str
    quantity: Quantity
    of: str | tuple[str, ...]
    over: Literal["deepest", "models", "steps", "slope"]
    limits: tuple[float, float]
    half_width: float
    corrected: bool = False
    third: bool = True


_ABOVE, _BELOW = (0.0, math.inf), (-math.inf, 0.0)

RULES = (
    Rule(
        "Red particles are the faster ones.",
        "2",
        "ρ of P̄_red with the propensity at δt = τ_α",
        "at τ_α",
        P_RED_AVERAGED,
        "deepest",
        _ABOVE,
        0.15,
    ),
    Rule(
        "Averaging over the neighbourhood improves the correlation.",
        "2",
        "ρ of P̄_red less ρ of P_red at δt = τ_α, paired",
        "gain at τ_α",
        P_RED_AVERAGED,
        "deepest",
        _ABOVE,
        0.03,
    ),
    Rule(
        "The correlation of P_red peaks slightly below τ_α.",
        "2",
        "log₁₀ of the δt of the peak over τ_α, infinitely many runs",
        "peak place",
        P_RED,
        "deepest",
        _BELOW,
        0.25,
        corrected=True,
    ),
    Rule(
        "The correlation of P̄_red peaks very close to τ_α.",
        "2",
        "log₁₀ of the δt of the peak over τ_α, infinitely many runs; close is within a factor of 2, ±0.30",
        "peak place",
        P_RED_AVERAGED,
        "deepest",
        (-CLOSE, CLOSE),
        0.20,
        corrected=True,
    ),
    Rule(
        "Kob-Andersen is the model whose behaviour is captured least.",
        "2",
        "ρ of P̄_red at δt = τ_α, infinitely many runs, less that of each other model",
        "at τ_α",
        P_RED_AVERAGED,
        "models",
        _BELOW,
        0.15,
        corrected=True,
    ),
    Rule(
        "⟨P_red⟩ rises monotonically as the system moves out of the glassy regime.",
        "3",
        "⟨P_red⟩ of a state less that of the state before it, which is deeper; by the order parameter trained on the "
        "first snapshot of the deepest state, unchanged, in snapshots on which it was not trained",
        "mean P_red",
        P_RED,
        "steps",
        _ABOVE,
        0.02,
    ),
    Rule(
        "The relation of ⟨P_red⟩ and τ_α is exponential for hard spheres and Wahnström.",
        "3",
        "a line through ln τ_α against ⟨P_red⟩, weighted by the errors of both; it holds if it falls, if χ² of this "
        "fit is not too large at 5 % (errors of few snapshots allowed for), and if points are known to 25 % or better",
        "exponential",
        P_RED,
        "slope",
        _BELOW,
        LINE_WIDTH,
        third=False,
    ),
    Rule(
        "Correlations become weaker away from the glass.",
        "4",
        "slope of the peak of ρ (P̄_red, retrained, infinitely many runs) against the number of the state, "
        "the deepest first",
        "peak height",
        P_RED_AVERAGED,
        "slope",
        _BELOW,
        0.03,
        corrected=True,
    ),
    Rule(
        "Correlations shift to shorter times away from the glass.",
        "4",
        "slope of log₁₀ δt of the peak (P̄_red, retrained, infinitely many runs) against the number of the state, "
        "the deepest first",
        "peak place",
        P_RED_AVERAGED,
        "slope",
        _BELOW,
        0.15,
        corrected=True,
    ),
    Rule(
        "The slow cluster goes with structures built of tetrahedra.",
        "text",
        f"mean over {', '.join(TETRAHEDRA)} of ρ of P_red with membership",
        "clusters",
        TETRAHEDRA,
        "deepest",
        _BELOW,
        0.10,
        third=False,
    ),
    Rule(
        "The fast cluster goes with structures built of square pyramids.",
        "text",
        f"ρ of P_red with membership in {', '.join(PYRAMIDS)}",
        "clusters",
        PYRAMIDS,
        "deepest",
        _ABOVE,
        0.10,
        third=False,
    ),
    Rule(
        "For Kob-Andersen the correlation with tetrahedra is weaker.",
        "text",
        "mean ρ of P_red with membership in clusters of tetrahedra, less that of each other model",
        "clusters",
        TETRAHEDRA,
        "models",
        _ABOVE,
        0.08,
    ),
)
