"""The three glass formers of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8."""

from __future__ import annotations

from vitreous.errors import InputError
from vitreous.glassformers.model import GlassFormer, LennardJones

__all__ = ["glass_former"]

_MINIMUM = 2.0 ** (1.0 / 6.0)  # of a Lennard-Jones pair, in units of its sigma

_HARD_SPHERES = GlassFormer(
    name="hard-spheres",
    species=("A", "B"),
    fractions=(0.3, 0.7),
    diameters=(1.0, 0.85),
    pairs=None,
    density=None,
    control="packing fraction",
    ladder=(0.54, 0.55, 0.56, 0.57, 0.58),
    deepest=0.58,
    wave_number=7.2,
    neighbors="sann",
    descriptor_unit=1.0,
    units="length σ_A (large), energy kT, time sqrt(m σ_A²/kT)",
    source="Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8",
)

# Purely repulsive: every pair is cut at its own minimum. B is the large species, and lengths are in σ of the
# SMALL one; much of the literature uses σ of the large one, in which this density is 1.2³ times larger.
# The wave number is a choice: the first peak of S(q) of all particles, found at 6.6 ± 0.1 (height 3.6) in ten
# snapshots over 200 time units at T = 0.7, N = 2,000.
_WAHNSTROM = GlassFormer(
    name="wahnstrom",
    species=("A", "B"),
    fractions=(0.5, 0.5),
    diameters=(1.0, 1.2),
    pairs=(
        ("A", "A", LennardJones(1.0, 1.0, _MINIMUM)),
        ("A", "B", LennardJones(1.0, 1.1, _MINIMUM)),
        ("B", "B", LennardJones(1.0, 1.2, _MINIMUM)),
    ),
    density=0.81,
    control="temperature",
    ladder=(0.7, 0.75, 0.8, 0.9, 1.0),
    deepest=0.7,
    wave_number=6.6,
    neighbors="sann",
    descriptor_unit=1.1,
    units="length σ_AA (small), energy ε, time sqrt(m σ_AA²/ε)",
    source="Wahnström, Phys. Rev. A 44, 3752 (1991), doi:10.1103/PhysRevA.44.3752",
)

_KOB_ANDERSEN = GlassFormer(
    name="kob-andersen",
    species=("A", "B"),
    fractions=(0.8, 0.2),
    diameters=(1.0, 0.88),
    pairs=(
        ("A", "A", LennardJones(1.0, 1.0, 2.5)),
        ("A", "B", LennardJones(1.5, 0.8, 2.5)),
        ("B", "B", LennardJones(0.5, 0.88, 2.5)),
    ),
    density=1.2,
    control="temperature",
    ladder=(0.5, 0.55, 0.6, 0.7, 0.8),
    deepest=0.5,
    wave_number=7.2,
    neighbors="cutoff",
    descriptor_unit=1.0,
    units="length σ_AA (large), energy ε_AA, time sqrt(m σ_AA²/ε_AA)",
    source="Kob, Andersen, Phys. Rev. E 51, 4626 (1995), doi:10.1103/PhysRevE.51.4626",
)

_ALL = {model.name: model for model in (_HARD_SPHERES, _WAHNSTROM, _KOB_ANDERSEN)}


def glass_former(name: str) -> GlassFormer:
    """The glass former called `name`: "hard-spheres", "wahnstrom" or "kob-andersen".

    Raises
    ------
    InputError
        If there is no such model; the message lists those there are.
    """
    if name not in _ALL:
        raise InputError(f"glass former {name!r}: there is no such model; known are {', '.join(_ALL)}")
    return _ALL[name]
