"""Whether a snapshot is one of a model, in the model's units."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.errors import FileWarning, InputError
from vitreous.glassformers.model import GlassFormer
from vitreous.structure.neighbors import within

__all__ = ["as_model", "packing_fraction"]

_ROUNDING = 1e-4  # relative: lengths in files are rounded
# Relative too: the box of Kob and Andersen themselves, 9.4 wide, has 1.204 and not 1.2. Other units are farther off.
_NEAR = 0.01
_OVERLAP = 1e-6  # of hard spheres, likewise
_DEEPEST = 0.5  # of particles that repel each other; thermal ones come no nearer than 0.7 of their diameters
_COMPOSITION = 0.01  # how far the share of a species may be off; more is another model


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
    """The snapshot with the model's diameters, once it is sure to be one of that model.

    Species, composition (to 1 %) and density have to be those of the model, which tells wrong units too; a density
    that is up to 1 % off is taken with a `FileWarning`. For hard spheres diameters and packing fraction have to be
    those of the model; where particles of a species differ in size, their diameters have to lie in its range. No
    particles may overlap: hard spheres by more than 1e-6 of the distance of contact, others by half their σ.

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
    if set(labels) != set(model.species):
        wrong = ", ".join(str(name) for name in labels)
        raise InputError(
            f"species: {model.name} is made of {' and '.join(model.species)}, the snapshot of {wrong}; "
            f"rename them, as in --species 1=A,2=B"
        )
    n = len(configuration)
    for name, fraction in zip(model.species, model.fractions, strict=True):
        count = int((configuration.species.astype(str) == name).sum())
        if abs(count - fraction * n) > max(1.0, _COMPOSITION * n):
            raise InputError(
                f"species: {100 * count / n:.4g} % of the particles are {name}, in {model.name} "
                f"{100 * fraction:g} % are"
            )
    if model.is_polydisperse:
        if configuration.diameters is None:
            raise InputError(f"diameters: the snapshot has none, and those of {model.name} are all different")
    elif configuration.diameters is None or not model.is_hard:
        configuration = configuration.with_diameters(model.diameter_of)
    assert configuration.diameters is not None
    for name, distribution in zip(model.species, model.distributions, strict=False):
        if distribution is not None:
            _require_between(
                configuration.diameters[configuration.species.astype(str) == name],
                distribution.bounds,
                name,
                model,
            )
    if model.density is not None:
        density = n / configuration.box.volume
        if _ROUNDING < abs(density / model.density - 1.0) <= _NEAR:
            warnings.warn(
                f"density: the snapshot has {density:.6g}, {model.name} {model.density:g} (particles per σ³); it is "
                f"taken as it is",
                FileWarning,
                stacklevel=2,
            )
        else:
            _require(density, model.density, "density", "particles per σ³", model)
        _require_apart(configuration, 1.0 - _DEEPEST)
        return configuration
    for k, (name, diameter) in enumerate(model.diameter_of.items()):
        if model.distributions and model.distributions[k] is not None:
            continue
        given = configuration.diameters[configuration.species.astype(str) == name]
        worst = float(given[np.argmax(np.abs(given - diameter))])
        _require(worst, diameter, f"diameters of {name}", "the diameter of A", model)
    if state_point is not None:
        _require(packing_fraction(configuration), state_point, "packing fraction", "", None)
    _require_apart(configuration, 1.0 - _OVERLAP)
    return configuration


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


def _require_between(
    diameters: NDArray[np.float64], bounds: tuple[float, float], name: str, model: GlassFormer
) -> None:
    for found, end, below in ((diameters.min(), bounds[0], True), (diameters.max(), bounds[1], False)):
        if (found < end * (1.0 - _ROUNDING)) if below else (found > end * (1.0 + _ROUNDING)):
            raise InputError(
                f"diameters of {name}: the snapshot has {found:.6g}, those of {model.name} lie between {bounds[0]:.6g} "
                f"and {bounds[1]:.6g}; is it in the model's units?"
            )


def _require(found: float, wanted: float, what: str, unit: str, model: GlassFormer | None) -> None:
    if abs(found / wanted - 1.0) <= _ROUNDING:
        return
    if model is None:
        raise InputError(f"{what}: the snapshot has {found:.6g}, not {wanted:g}")
    raise InputError(
        f"{what}: the snapshot has {found:.6g}, {model.name} {wanted:g} ({unit}); is it in the model's units?"
    )
