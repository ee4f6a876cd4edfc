"""The league itself: everything that is known to predict mobility, on the same snapshots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.diameter_classes import particle_groups
from vitreous.dynamics.cages import Cages
from vitreous.ensemble.cage_sampling import sample_cages
from vitreous.ensemble.result import Propensity
from vitreous.errors import InputError
from vitreous.glassformers import GlassFormer, as_model, glass_former, glass_formers, model_of_record
from vitreous.predictors.across import NAMES as ACROSS
from vitreous.predictors.across import learned_from_others
from vitreous.predictors.catalogue import KERNELS, PREDICTORS, REFERENCE, predictor
from vitreous.predictors.pairing import paired
from vitreous.predictors.result import EACH, League
from vitreous.predictors.values import Subject, averaged, missing_without, values_of
from vitreous.structure.neighborhood_average import averaging_length

__all__ = ["league"]

_SAME_PLACE = 1e-4  # of a large diameter: positions in files are rounded
_SAME_DENSITY = 0.01  # relative
_ONE_GROUP = "a single group: nothing can be learned from other, independent snapshots"


@dataclass(frozen=True, eq=False)
class _AtOneTime:
    """Propensities (N,) at δt = `time`, those of both halves of the runs (2, N) if they are known."""

    time: float
    mean: NDArray[np.float64]
    halves: NDArray[np.float64] | None


def league(
    snapshots: Sequence[Configuration],
    propensities: Sequence[Propensity],
    *,
    liquid: str | GlassFormer | None = None,
    temperature: float | None = None,
    cages: Sequence[Cages] | None = None,
    groups: Sequence[int | str] | None = None,
    at: float | None = None,
    random_state: int = 0,
    timestep: float | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> League:
    """Compare everything that is known to predict mobility, on the same snapshots and particles.

    That is local structure, potential energies, many-body order, order parameters learned without a propensity, the
    first motion, and set apart a regression that was trained on propensities; each bare and averaged in two ways.
    `vitreous.predictors.catalogue` lists them with the signs that were expected of them beforehand.

    Parameters
    ----------
    snapshots : sequence of Configuration
        K snapshots of one liquid in one state, with at least 50 particles of each species.
    propensities : sequence of Propensity
        Propensities of each snapshot, in the same order.
    liquid : str or GlassFormer, optional
        "hard-spheres", "wahnstrom" or "kob-andersen"; by default what the propensities say.
    temperature : float, optional
        Temperature of Lennard-Jones models; by default what the propensities say.
    cages : sequence of Cages, optional
        Cages of each snapshot; by default `sample_cages` finds them.
    groups : sequence, optional
        A label for each snapshot: those that come from one independent run share one. What learns from other snapshots
        learns from other groups only, and intervals are those over groups. By default each snapshot is independent.
    at : float, optional
        The recorded δt nearest to it in ratio is taken; by default the one nearest to τ_1e, where F_s of the same runs
        falls to 1/e. Propensities at a single δt need neither.
    random_state : int
        Seed of training, translations and short runs.
    timestep : float, optional
        By default that of the liquid.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    League

    Raises
    ------
    InputError
        If there are no snapshots, or not as many propensities, cages or groups; if these are of other particles; if
        liquid, temperature or τ_1e are not known; if snapshots are not of the liquid, or of different states.
    """
    _check_numbers(snapshots, propensities, cages, groups)
    former = _liquid(liquid, propensities, cages)
    heat = _temperature(temperature, propensities, cages, former)
    labels = tuple(str(label) for label in (range(len(snapshots)) if groups is None else groups))
    found = [_at_one_time(one, at, k) for k, one in enumerate(propensities)]
    subjects = []
    for k, (snapshot, dynamics) in enumerate(zip(snapshots, propensities, strict=True)):
        name = _name(snapshot, k)
        model = as_model(snapshot, former)
        _require_same(model, dynamics.snapshot, "propensity", name)
        if cages is None:
            seen = sample_cages(
                model,
                former,
                temperature=heat,
                random_state=random_state,
                timestep=timestep,
                progress=_prefixed(progress, name),
            )
        else:
            seen = cages[k]
            _require_same(model, seen.snapshot, "cages", name)
            if seen.liquid != former.name:
                raise InputError(
                    f"cages of {name}: they are those of the liquid {seen.liquid}, not {former.name}"
                )
        # The particles as their cages have them, which may be in another image of the box.
        subjects.append(Subject(name, as_model(seen.snapshot, former), former, seen, random_state))
    _require_one_state(subjects)

    missing = missing_without(former)
    values = []
    for subject in subjects:
        progress(f"{subject.name}: predictors")
        values.append(values_of(subject, missing))
    if len(set(labels)) > 1:
        progress("learning from other snapshots")
        learned = learned_from_others(subjects, [one.mean for one in found], labels)
        values = [{**mine, **more} for mine, more in zip(values, learned, strict=True)]
    else:
        missing.update(dict.fromkeys(ACROSS, _ONE_GROUP))
    return _compared(subjects, found, values, labels, missing, random_state, progress)


def _compared(
    subjects: Sequence[Subject],
    propensities: Sequence[_AtOneTime],
    values: Sequence[Mapping[str, NDArray[np.float64]]],
    groups: tuple[str, ...],
    missing: Mapping[str, str],
    random_state: int,
    progress: Callable[[str], None],
) -> League:
    names = [one.name for one in PREDICTORS if one.name in values[0]]
    signs = np.array([predictor(name).sign for name in names])
    reference = names.index(REFERENCE[0]) * len(KERNELS) + KERNELS.index(REFERENCE[1])
    results = []
    for subject, dynamics, mine in zip(subjects, propensities, values, strict=True):
        progress(f"{subject.name}: correlations")
        bare = signs * np.column_stack([mine[name] for name in names])
        fields = averaged(subject.snapshot, bare, subject.radius)  # (A, N, P)
        rows = fields.transpose(2, 0, 1).reshape(-1, len(subject.snapshot))
        results.append(
            paired(subject.snapshot, rows, reference, dynamics.mean, dynamics.halves, random_state)
        )
    first = subjects[0]
    kinds = particle_groups(first.snapshot)
    species = kinds.names
    shape = (len(results), len(names), len(KERNELS), len(species))

    def each(name: str) -> NDArray[np.float64]:
        return np.array([getattr(one, name) for one in results]).reshape(shape)

    return League(
        first.liquid.name,
        first.cages.temperature,
        tuple(names),
        signs,
        KERNELS,
        species,
        np.array([np.mean(ends) for ends in kinds.diameter_ranges])
        if kinds.diameter_ranges
        else np.array([first.liquid.diameter_of[name] for name in species]),
        groups,
        tuple(one.name for one in subjects),
        np.array([one.time for one in propensities]),
        **{name: each(name) for name in EACH},
        half=np.array([one.half for one in results]),
        particles=np.array([one.particles[reference] for one in results]),
        radius=first.radius,
        length=averaging_length(first.snapshot),
        absent=missing,
        about={
            "random_state": random_state,
            "cages": [
                {"runs": one.cages.runs, "duration": one.cages.duration, "agreement": one.cages.agreement}
                for one in subjects
            ],
            "remarks": list(dict.fromkeys(remark for one in subjects for remark in one.cages.remarks)),
            "vitreous": version("vitreous"),
        },
    )


# What is asked of the input


def _check_numbers(
    snapshots: Sequence[Configuration],
    propensities: Sequence[Propensity],
    cages: Sequence[Cages] | None,
    groups: Sequence[int | str] | None,
) -> None:
    if isinstance(snapshots, Configuration) or not len(snapshots):
        raise InputError("snapshots: expected a sequence of at least one snapshot")
    for name, several in (("propensities", propensities), ("cages", cages), ("groups", groups)):
        if several is not None and len(several) != len(snapshots):
            raise InputError(
                f"{name}: expected one for each of {len(snapshots)} snapshots, got {len(several)}"
            )


def _liquid(
    liquid: str | GlassFormer | None, propensities: Sequence[Propensity], cages: Sequence[Cages] | None
) -> GlassFormer:
    if liquid is None and "model" in propensities[0].about:
        return model_of_record(propensities[0].about)
    told = liquid or (cages[0].liquid if cages else None)
    if told is None:
        names = ", ".join(repr(model.name) for model in glass_formers())
        raise InputError(f"liquid: the propensities do not say of which liquid they are; give one of {names}")
    return glass_former(told)


def _temperature(
    given: float | None,
    propensities: Sequence[Propensity],
    cages: Sequence[Cages] | None,
    liquid: GlassFormer,
) -> float | None:
    if liquid.is_hard:
        liquid.check_temperature(given)
        return None
    told = {one.temperature for one in cages or () if one.temperature is not None}
    if given is None:
        known = (one.about.get("temperature") for one in propensities)
        told |= {float(value) for value in known if isinstance(value, int | float)}
    else:
        told |= {given}
    if len(told) > 1:
        raise InputError(
            f"temperature: the snapshots are of different ones, {', '.join(f'{t:g}' for t in sorted(told))}; a league "
            f"is of one state"
        )
    return told.pop() if told else None


def _at_one_time(dynamics: Propensity, at: float | None, number: int) -> _AtOneTime:
    times = dynamics.times
    if len(times) == 1 and at is None:
        k = 0
    else:
        wanted, origin = at, "at"
        if wanted is None:
            tau = dynamics.tau_1e
            wanted, origin = tau.value, "τ_1e"
            if np.isnan(wanted):
                raise InputError(
                    f"at: τ_1e of propensity {number} is not known ({tau.reason}); give the δt to take"
                )
        if not (np.isfinite(times).all() and 0.9 * times[0] <= wanted <= 1.1 * times[-1]):
            raise InputError(
                f"at: propensity {number} was not recorded at {origin} = {wanted:g}, only from {times[0]:g} to "
                f"{times[-1]:g}"
            )
        k = int(np.argmin(np.abs(np.log(times / wanted))))
    halves = None if dynamics.halves is None else dynamics.halves[:, k]
    return _AtOneTime(float(times[k]), dynamics.mean[k], halves)


def _require_same(snapshot: Configuration, other: Configuration, what: str, name: str) -> None:
    """Refuse other particles; positions may be wrapped in one and not in the other."""
    same = (
        len(other) == len(snapshot)
        and np.array_equal(other.species.astype(str), snapshot.species.astype(str))
        and np.allclose(other.box.vectors, snapshot.box.vectors, rtol=1e-6)
    )
    if same:
        assert snapshot.diameters is not None
        apart = snapshot.box.fractional(other.positions) - snapshot.box.fractional(snapshot.positions)
        apart -= np.where(snapshot.box.periodic, np.rint(apart), 0.0)
        same = bool(np.abs(apart @ snapshot.box.vectors).max() < _SAME_PLACE * snapshot.diameters.max())
    if not same:
        raise InputError(f"{what} of {name}: it is that of other particles, or of the same elsewhere")


def _require_one_state(subjects: Sequence[Subject]) -> None:
    first = subjects[0].snapshot
    for k, subject in enumerate(subjects):
        density = subject.snapshot.number_density
        if abs(density / first.number_density - 1.0) > _SAME_DENSITY:
            raise InputError(
                f"snapshots: number {k} has the number density {density:.4g}, the first {first.number_density:.4g}; a "
                f"league is of one state"
            )


def _name(snapshot: Configuration, number: int) -> str:
    return f"snapshot {number}" if snapshot.source is None else Path(snapshot.source).name


def _prefixed(progress: Callable[[str], None], name: str) -> Callable[[str], None]:
    return lambda message: progress(f"{name}: {message}")
