"""The predictors of a league: what each is called, which way it points, and what has to be known for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["GROUPS", "KERNELS", "PREDICTORS", "REFERENCE", "Predictor", "predictor"]

KERNELS = ("bare", "sphere", "exponential")
"""How a quantity is averaged: not at all; over all particles within two large diameters, `local_average` with a radius;
with weights that decay, after standardising within species, `neighborhood_average`."""

REFERENCE = ("p_red", "sphere")
"""Predictor and kernel that the others are compared with in pairs: the order parameter of Boattini et al. (2020)."""

GROUPS = {
    "structure": "simple structure",
    "energy": "potential energy",
    "order": "many-body order",
    "unsupervised": "learned, unsupervised",
    "dynamics": "short dynamics",
    "supervised": "supervised",
}
"""Groups of predictors, in the order in which they are shown, and what they are called."""

Group = Literal["structure", "energy", "order", "unsupervised", "dynamics", "supervised"]
Needs = Literal[
    "positions",
    "interactions",
    "short runs",
    "short runs of other snapshots",
    "short runs, propensities of other snapshots",
]


@dataclass(frozen=True)
class Predictor:
    """A quantity that may tell where particles go.

    Attributes
    ----------
    name : str
        In files and arrays.
    label : str
        For a reader.
    group : str
        One of `GROUPS`.
    sign : +1 or -1
        What was expected before any correlation was looked at: +1 where a larger value means a more mobile particle.
        Correlations are those of sign times quantity, so a negative one means that it points the wrong way.
    reason : str
        For the sign, in a line, from physics or the literature.
    needs : str
        What has to be known beside the positions of the snapshot.
    """

    name: str
    label: str
    group: Group
    sign: Literal[1, -1]
    reason: str
    needs: Needs

    @property
    def needs_runs(self) -> bool:
        """Whether the snapshot itself has to be moved by its forces, in short runs."""
        return self.needs in ("short runs", "short runs, propensities of other snapshots")


# In the order in which they are shown. Signs are part of the definition and are not to be changed by any result.
PREDICTORS = (
    Predictor(
        "density", "density within 2d", "structure", -1,
        "the denser the surroundings, the less room to move", "positions",
    ),
    Predictor(
        "coordination", "coordination (SANN)", "structure", -1,
        "the more neighbours, the firmer they hold a particle", "positions",
    ),
    Predictor(
        "voronoi_volume", "Voronoi volume", "structure", +1,
        "free volume: a larger cell leaves more room to move", "positions",
    ),
    Predictor(
        "asphericity", "Voronoi asphericity", "structure", +1,
        "well packed particles, icosahedra above all, have round cells", "positions",
    ),
    Predictor(
        "energy_thermal", "energy, thermal", "energy", +1,
        "the higher the energy, the less stable the place; "
        "Berthier, Jack, Phys. Rev. E 76, 041509 (2007), doi:10.1103/PhysRevE.76.041509", "interactions",
    ),
    Predictor(
        "energy_mean", "energy at cage centres", "energy", +1,
        "as the energy, without most of the thermal displacements", "short runs",
    ),
    Predictor(
        "energy_inherent", "energy, inherent", "energy", +1,
        "as the energy, without thermal displacements", "interactions",
    ),
    Predictor(
        "packing_imperfection", "packing imperfection Θ", "order", +1,
        "neighbours that do not fit move first; "
        "Tong, Tanaka, Phys. Rev. X 8, 011041 (2018), doi:10.1103/PhysRevX.8.011041", "positions",
    ),
    Predictor(
        "tetrahedra_count", "tetrahedra", "order", -1,
        "tetrahedra slow a liquid down; Marín-Aguilar, Wensink, Foffi, Smallenburg, "
        "Phys. Rev. Lett. 124, 208005 (2020), doi:10.1103/PhysRevLett.124.208005", "positions",
    ),
    Predictor(
        "tetrahedral_order", "tetrahedral order q", "order", -1,
        "the more order, the slower; made for water, in which it holds; "
        "Errington, Debenedetti, Nature 409, 318 (2001), doi:10.1038/35053024", "positions",
    ),
    Predictor(
        "pair_entropy", "pair entropy s₂", "order", +1,
        "the less order, the more mobile; "
        "Tanaka, Kawasaki, Shintani, Watanabe, Nat. Mater. 9, 324 (2010), doi:10.1038/nmat2634", "positions",
    ),
    Predictor(
        "p_red", "P_red", "unsupervised", +1,
        "red is the component with the higher bond order, by definition, and expected to be fast; "
        "Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8", "positions",
    ),
    Predictor(
        "p_red_learned", "regression to P_red", "unsupervised", +1,
        "as P_red, which it was learned from in place of ln v", "short runs",
    ),
    Predictor(
        "cage_positions", "cage, positions only", "unsupervised", +1,
        "a wider cage opens first", "short runs of other snapshots",
    ),
    Predictor("cage", "cage order parameter", "unsupervised", +1, "a wider cage opens first", "short runs"),
    Predictor(
        "log_variance", "ln v of the cage", "dynamics", +1,
        "a wider cage opens first; "
        "Widmer-Cooper, Harrowell, Phys. Rev. Lett. 96, 185701 (2006), doi:10.1103/PhysRevLett.96.185701",
        "short runs",
    ),
    Predictor(
        "short_distance", "D(t_s) of the short runs", "dynamics", +1,
        "who has gone far has begun to move", "short runs",
    ),
    Predictor(
        "supervised", "ridge to propensity", "supervised", +1,
        "it was trained to be so, on other snapshots", "short runs, propensities of other snapshots",
    ),
)  # fmt: skip


def predictor(name: str) -> Predictor:
    """The predictor of this name.

    Raises
    ------
    KeyError
        If there is none.
    """
    return {one.name: one for one in PREDICTORS}[name]
