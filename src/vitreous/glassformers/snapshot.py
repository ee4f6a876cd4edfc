"""Whether a snapshot is one of a model, in the model's units."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileWarning, InputError
from vitreous.glassformers.energies import local_energy
from vitreous.glassformers.model import GlassFormer
from vitreous.structure.neighbors import within

__all__ = ["as_model", "packing_fraction"]

_ROUNDING = 1e-4  # relative: lengths in files are rounded
_OVERLAP = 1e-6  # of hard spheres, likewise
_DEEPEST = 0.5  # of particles that repel each other; thermal ones come no nearer than 0.7 of their diameters
_STEEP = 100.0  # from that energy on, in units of ε and of that of particles in contact
_FAR = 2.0  # in units of contact: most particles of a liquid have a neighbour that is nearer
_COMPOSITION = 0.01  # how far the share of a species may be off before it is worth a word
# Energy per particle in units of the largest ε of a pair. Positions that are too near by a fifth, as in the other unit
# of length of Wahnström's liquid, have more than 100; the hottest liquids that anybody simulates have 10.
_ENERGY = 30.0


def packing_fraction(configuration: Configuration) -> float:
    """Volume of the spheres per volume of the box.

    Raises
    ------
    InputError
        If there are no diameters.
    """
    if configuration.diameters is None:
        raise InputError("diameters: the snapshot has none, so its packing fraction is unknown")
    return float(np.pi / 6.0 * (configuration.diameters**3).sum() / configuration.box.volume)


def as_model(
    configuration: Configuration, model: GlassFormer, state_point: float | None = None
) -> Configuration:
    """The snapshot with the model's diameters, once it is sure to be in that model's units.

    Its species have to be among those of the model. Composition (by more than 1 %) and density may be others, which is
    told by a `FileWarning`: the particles interact as in the model all the same. What cannot be is refused, because the
    units are others then: particles that overlap, hard spheres by more than 1e-6 of the distance of contact, others by
    half their σ if their potential is steep; particles most of which have no neighbour within twice that distance; a
    potential energy of more than 30 ε a particle. Diameters of hard spheres have to be those of the model, and the
    packing fraction the one asked for. Where particles of a species differ in size, their diameters have to lie in its
    range.

    Parameters
    ----------
    configuration : Configuration
        N particles; hard spheres may lack diameters.
    model : GlassFormer
    state_point : float, optional
        Packing fraction that hard spheres must have. Nothing is to be seen of a temperature.

    Returns
    -------
    Configuration

    Raises
    ------
    InputError
        Saying what differs.
    """
    labels = configuration.species_names
    if not set(labels) <= set(model.species):
        wrong = ", ".join(str(name) for name in labels)
        raise InputError(
            f"species: {model.name} is made of {' and '.join(model.species)}, the snapshot of {wrong}; "
            f"rename them, as in --species 1=A,2=B"
        )
    n = len(configuration)
    for name, fraction in zip(model.species, model.fractions, strict=True):
        count = int((configuration.species.astype(str) == name).sum())
        if abs(count - fraction * n) > max(1.0, _COMPOSITION * n):
            _say(
                f"species: {100 * count / n:.4g} % of the particles are {name}, in {model.name} "
                f"{100 * fraction:g} % are; it is taken as it is"
            )
            break
    if model.is_polydisperse:
        if configuration.diameters is None:
            raise InputError(f"diameters: the snapshot has none, and those of {model.name} are all different")
    elif configuration.diameters is None or not model.is_hard:
        configuration = configuration.with_diameters({name: model.diameter_of[name] for name in labels})
    assert configuration.diameters is not None
    for k, name in enumerate(model.species):
        given = configuration.diameters[configuration.species.astype(str) == name]
        distribution = model.distributions[k] if model.distributions else None
        if len(given) and distribution is not None:
            _require_between(given, distribution.bounds, name, model)
        elif len(given) and model.is_hard:
            worst = float(given[np.argmax(np.abs(given - model.diameters[k]))])
            _require(worst, model.diameters[k], f"diameters of {name}", model)
    if model.density is not None:
        density = n / configuration.box.volume
        if abs(density / model.density - 1.0) > _ROUNDING:
            _say(
                f"density: the snapshot has {density:.6g}, {model.name} {model.density:g} (particles per "
                f"{model.units.length}³); it is taken as it is"
            )
        if _keeps_apart(model):
            _require_apart(configuration, 1.0 - _DEEPEST)
    else:
        if state_point is not None:
            _require(packing_fraction(configuration), state_point, "packing fraction", None)
        _require_apart(configuration, 1.0 - _OVERLAP)
    _require_near(configuration, model)
    _require_energy(configuration, model)
    return configuration


def _say(remark: str) -> None:
    warnings.warn(remark, FileWarning, stacklevel=3)


def _require_apart(configuration: Configuration, share: float) -> None:
    """Refuse pairs nearer than that share of the sum of their radii."""
    diameters = configuration.diameters
    assert diameters is not None
    near = within(configuration, float(diameters.max()))
    i = np.repeat(np.arange(len(configuration)), near.counts)
    contact = 0.5 * (diameters[i] + diameters[near.indices])
    if len(near) and (near.distances < share * contact).any():
        worst = int(np.argmin(near.distances / contact))
        first, second = sorted((int(i[worst]), int(near.indices[worst])))
        raise InputError(
            f"positions: particles {first} and {second} overlap: their distance is {near.distances[worst]:.6g}, "
            f"contact {contact[worst]:.6g}; correct the positions, diameters or box"
        )


def _keeps_apart(model: GlassFormer) -> bool:
    """Whether no two particles come nearer than half their σ: soft spheres and weak charges may."""
    for _, _, pair in model.pair_potentials:
        deep, touching = pair.energy_force(pair.sigma * np.array([_DEEPEST, 0.9]))[0]
        if not deep > _STEEP * max(abs(getattr(pair, "epsilon", touching)), abs(touching)):
            return False
    return True


def _require_between(
    diameters: NDArray[np.float64], bounds: tuple[float, float], name: str, model: GlassFormer
) -> None:
    for found, end, below in ((diameters.min(), bounds[0], True), (diameters.max(), bounds[1], False)):
        if (found < end * (1.0 - _ROUNDING)) if below else (found > end * (1.0 + _ROUNDING)):
            raise InputError(
                f"diameters of {name}: the snapshot has {found:.6g}, those of {model.name} lie between {bounds[0]:.6g} "
                f"and {bounds[1]:.6g}; is it in the model's units?"
            )


def _require_near(configuration: Configuration, model: GlassFormer) -> None:
    """Refuse particles most of which have no neighbour: their lengths are in a smaller unit."""
    diameters = configuration.diameters
    assert diameters is not None
    near = within(configuration, _FAR * float(diameters.max()))
    alone = float((near.counts == 0).mean())
    if len(configuration) > 1 and alone > 0.5:
        raise InputError(
            f"positions: {100 * alone:.0f} % of the particles have no neighbour within {_FAR:g} diameters; are lengths "
            f"in the model's units ({model.units.length})?"
        )


def _require_energy(configuration: Configuration, model: GlassFormer) -> None:
    """Refuse energies that no liquid has: lengths are in a larger unit, or species are mixed up."""
    scales = [abs(getattr(pair, "epsilon", 0.0)) for _, _, pair in model.pair_potentials]
    if not scales or not all(scales):
        return  # only a table or LAMMPS knows
    energy = float(local_energy(configuration, model).mean())
    if not energy <= _ENERGY * max(scales):
        raise InputError(
            f"positions: their energy is {energy:.4g} per particle, {energy / max(scales):.3g} times the largest ε of "
            f"a pair; are lengths in the model's units ({model.units.length}), and are the species not mixed up?"
        )


def _require(found: float, wanted: float, what: str, model: GlassFormer | None) -> None:
    if abs(found / wanted - 1.0) <= _ROUNDING:
        return
    if model is None:
        raise InputError(f"{what}: the snapshot has {found:.6g}, not {wanted:g}")
    raise InputError(
        f"{what}: the snapshot has {found:.6g}, {model.name} {wanted:g}; is it in the model's units, or another model?"
    )
