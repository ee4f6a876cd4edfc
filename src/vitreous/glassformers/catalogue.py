"""The three glass formers of Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vitreous.errors import InputError
from vitreous.glassformers.model import GlassFormer, HardContact, LennardJones, PairPotentials, Units

if TYPE_CHECKING:
    from vitreous.records import Json

__all__ = ["glass_former", "glass_formers", "model_of_record", "model_record"]

_MINIMUM = 2.0 ** (1.0 / 6.0)  # of a Lennard-Jones pair, in units of its sigma

_HARD_SPHERES = GlassFormer(
    name="hard-spheres",
    title="Hard spheres",
    species=("A", "B"),
    fractions=(0.3, 0.7),
    diameters=(1.0, 0.85),
    masses=(1.0, 1.0),
    interaction=HardContact(),
    density=None,
    ladder=(0.54, 0.55, 0.56, 0.57, 0.58),
    deepest=0.58,
    wave_number=7.2,
    scattering="total",
    neighbors="sann",
    descriptor_unit=1.0,
    shortest_time=0.01,
    timestep=None,
    cost=2.5e-5,
    relaxation_times=((0.50, 0.9), (0.54, 3.2), (0.55, 5.6), (0.56, 16.0), (0.57, 90.0), (0.58, 1650.0)),
    units=Units("σ_A", "large", "kT", "sqrt(m σ_A²/kT)", r"\sigma_A", r"\sqrt{m\sigma_A^2/k_\mathrm{B}T}"),
    source="Boattini et al., Nat. Commun. 11, 5479 (2020), doi:10.1038/s41467-020-19286-8",
)

# Purely repulsive: every pair is cut at its own minimum. B is the large species, and lengths are in σ of the
# SMALL one; much of the literature uses σ of the large one, in which this density is 1.2³ times larger.
# The wave number is a choice: the first peak of S(q) of all particles, found at 6.6 ± 0.1 (height 3.6) in ten
# snapshots over 200 time units at T = 0.7, N = 2,000.
_WAHNSTROM = GlassFormer(
    name="wahnstrom",
    title="Wahnström",
    species=("A", "B"),
    fractions=(0.5, 0.5),
    diameters=(1.0, 1.2),
    masses=(1.0, 1.0),
    interaction=PairPotentials(
        (
            ("A", "A", LennardJones(1.0, 1.0, _MINIMUM)),
            ("A", "B", LennardJones(1.0, 1.1, _MINIMUM)),
            ("B", "B", LennardJones(1.0, 1.2, _MINIMUM)),
        )
    ),
    density=0.81,
    ladder=(0.7, 0.75, 0.8, 0.9, 1.0),
    deepest=0.7,
    wave_number=6.6,
    scattering="self",
    neighbors="sann",
    descriptor_unit=1.1,
    shortest_time=0.02,
    timestep=0.005,
    cost=4.5e-5,
    relaxation_times=((0.7, 100.0), (0.75, 14.0), (0.8, 10.0), (0.9, 4.4), (1.0, 2.6)),
    units=Units(
        "σ_AA", "small", "ε", "sqrt(m σ_AA²/ε)", r"\sigma_{AA}", r"\sqrt{m\sigma_{AA}^2/\varepsilon}"
    ),
    source="Wahnström, Phys. Rev. A 44, 3752 (1991), doi:10.1103/PhysRevA.44.3752",
)

_KOB_ANDERSEN = GlassFormer(
    name="kob-andersen",
    title="Kob–Andersen",
    species=("A", "B"),
    fractions=(0.8, 0.2),
    diameters=(1.0, 0.88),
    masses=(1.0, 1.0),
    interaction=PairPotentials(
        (
            ("A", "A", LennardJones(1.0, 1.0, 2.5)),
            ("A", "B", LennardJones(1.5, 0.8, 2.5)),
            ("B", "B", LennardJones(0.5, 0.88, 2.5)),
        )
    ),
    density=1.2,
    ladder=(0.5, 0.55, 0.6, 0.7, 0.8),
    deepest=0.5,
    wave_number=7.2,
    scattering="self",
    neighbors="cutoff",
    descriptor_unit=1.0,
    shortest_time=0.02,
    timestep=0.005,
    cost=1.8e-4,
    relaxation_times=((0.5, 110.0), (0.55, 24.0), (0.6, 11.0), (0.7, 4.3), (0.8, 2.3)),
    units=Units(
        "σ_AA",
        "large",
        "ε_AA",
        "sqrt(m σ_AA²/ε_AA)",
        r"\sigma_{AA}",
        r"\sqrt{m\sigma_{AA}^2/\varepsilon_{AA}}",
    ),
    source="Kob, Andersen, Phys. Rev. E 51, 4626 (1995), doi:10.1103/PhysRevE.51.4626",
)

_ALL = {model.name: model for model in (_HARD_SPHERES, _WAHNSTROM, _KOB_ANDERSEN)}


def glass_formers() -> tuple[GlassFormer, ...]:
    """The models that come along, in the order of the paper."""
    return tuple(_ALL.values())


def glass_former(name: str | GlassFormer) -> GlassFormer:
    """A model that comes along, by its name.

    Parameters
    ----------
    name : str or GlassFormer
        "hard-spheres", "wahnstrom" or "kob-andersen"; a `GlassFormer` is given back as it is.

    Returns
    -------
    GlassFormer

    Raises
    ------
    InputError
        If there is no such model; the message lists those there are.
    """
    if isinstance(name, GlassFormer):
        return name
    if name not in _ALL:
        raise InputError(f"glass former {name!r}: there is no such model; known are {', '.join(_ALL)}")
    return _ALL[name]


def model_record(model: GlassFormer) -> dict[str, Json]:
    """What files say of a model: its name, and all of it unless it comes along."""
    if _ALL.get(model.name) == model:
        return {"model": model.name}
    from vitreous.records import to_object  # and NumPy, which the help of the command line does without

    return {"model": model.name, "definition": to_object(model)}


def model_of_record(told: Mapping[str, Json]) -> GlassFormer:
    """The model of which a file says what `model_record` gave.

    Raises
    ------
    InputError
        If it is no model that comes along, and not all of it is told.
    """
    if told.get("definition") is not None:
        from vitreous.records import from_json

        return from_json(GlassFormer, told["definition"])
    return glass_former(str(told["model"]))
