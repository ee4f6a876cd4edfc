"""`CageOrderParameter`: learn from one snapshot what structure says of the width of its cages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vitreous.arrays import positive, whole
from vitreous.configuration import Configuration
from vitreous.dynamics.cages import Cages
from vitreous.errors import InputError, ModelError
from vitreous.order_parameter import cage_file
from vitreous.order_parameter.cage_report import CageReport
from vitreous.order_parameter.cage_validation import agreement, blocks_of_space, explained, stability
from vitreous.order_parameter.parameters import Estimator, not_fitted
from vitreous.order_parameter.regression import Lesson, learn, predicted
from vitreous.structure.cage_descriptors import cage_descriptors
from vitreous.structure.neighborhood_average import (
    AVERAGING_LENGTH,
    averaging_length,
    standardized_within_species,
)

__all__ = ["PRETRAINED", "CageOrderParameter"]

Array = NDArray[np.float64]

PRETRAINED = ("hard-spheres", "kob-andersen", "wahnstrom")
"""Liquids of which trained models come along."""

_FEWEST = 50  # particles of each species
_SAME_DENSITY = 0.01  # relative
_SAME_SHARE = 0.01  # of a species


class CageOrderParameter(Estimator):
    r"""What the structure of a snapshot says of the width of its cages; a wider cage means a more mobile particle.

    Short runs show the cage of every particle (`sample_cages`). A ridge regression for each species learns ln v, the
    logarithm of the variance of a particle in its cage, from 76 descriptors of the mean positions in the cages
    (`cage_descriptors`). What it predicts has less noise than what it learned from; averaged over a neighbourhood
    (`neighborhood_average`), it tells where the liquid will move. No propensity is used and nothing later
    than the cages, and no sign is fitted.

    Parameters
    ----------
    unit : float, optional
        Length of the descriptors: the distance of a neighbour at contact. By default that of the liquid of the
        cages, or the mean diameter of the species where a liquid knows none.
    penalty : float
        λ of the ridge, per particle, on standardised features.
    random_state : int
        Where the blocks of space begin, and which of them make halves, in the report. The prediction does not depend
        on it.

    Attributes
    ----------
    ridges_ : dict of str to Ridge
        By species, from mean positions in the cages.
    bare_ridges_ : dict of str to Ridge
        By species, from bare positions, for snapshots without cages.
    unit_ : float
    averaging_length_ : float
        ξ with which to average what it predicts (`neighborhood_average`), in the length unit of the positions.
    species_names_ : tuple of str
    shares_ : (S,) float64
        Shares of the species among the particles.
    number_density_ : float
    liquid_ : str
    temperature_ : float or None
    source_ : str or None
        Names of the files learned from.
    report_ : CageReport

    References
    ----------
    The method is this program's. On what it builds: Widmer-Cooper, Harrowell, Phys. Rev. Lett. 96, 185701 (2006),
    doi:10.1103/PhysRevLett.96.185701; Alkemade, Smallenburg, Filion, J. Chem. Phys. 158, 134512 (2023),
    doi:10.1063/5.0144822.
    """

    def __init__(self, *, unit: float | None = None, penalty: float = 0.3, random_state: int = 0) -> None:
        self.unit = unit
        self.penalty = penalty
        self.random_state = random_state

    def fit(
        self, snapshot: Configuration | Sequence[Configuration], cages: Cages | Sequence[Cages]
    ) -> CageOrderParameter:
        """Learn from a snapshot and its cages, or from several of the same liquid together.

        Parameters
        ----------
        snapshot : Configuration, or sequence of them
            At least 50 particles of each species. Columns are not looked at.
        cages : Cages, or sequence of them
            What `sample_cages` gave for each.

        Returns
        -------
        CageOrderParameter
            Itself.

        Raises
        ------
        InputError
            If cages are those of another snapshot, there are too few particles, the structure does not vary, or a
            parameter cannot be used.
        """
        snapshots = [snapshot] if isinstance(snapshot, Configuration) else list(snapshot)
        found = [cages] if isinstance(cages, Cages) else list(cages)
        self._check(snapshots, found)
        unit = self._resolved_unit(snapshots[0], found[0])
        length = _averaging_length(found[0], unit)
        rng = np.random.default_rng(self.random_state)
        blocks = [blocks_of_space(one, rng) for one in snapshots]
        labels = [_labels(one) for one in found]
        lessons = [
            Lesson(snapshot, cage_descriptors(one.at_mean_positions, unit), label)
            for snapshot, one, label in zip(snapshots, found, labels, strict=True)
        ]
        bare = [
            Lesson(one, cage_descriptors(one, unit), label)
            for one, label in zip(snapshots, labels, strict=True)
        ]
        ridges, bare_ridges = learn(lessons, self.penalty), learn(bare, self.penalty)
        of_halves = [
            learn(
                [
                    replace(lesson, label=_labels(one, half))
                    for lesson, one in zip(lessons, found, strict=True)
                ],
                self.penalty,
            )
            for half in (0, 1)
        ]
        report = CageReport(
            particles={
                name: int(sum(one.rows(k).sum() for one in lessons))
                for k, name in enumerate(snapshots[0].species_names)
            },
            explained=explained(lessons, blocks, self.penalty),
            explained_bare=explained(bare, blocks, self.penalty),
            label_agreement=min(one.agreement for one in found),
            learned_agreement=agreement(lessons, of_halves, length),
            stability=stability(lessons, blocks, self.penalty, length, rng),
            runs=min(one.runs for one in found),
            duration=max(one.duration for one in found),
            snapshots=len(snapshots),
            remarks_of_cages=tuple(dict.fromkeys(remark for one in found for remark in one.remarks)),
        )
        # Only now, so that a fit that fails leaves an earlier one as it was.
        first = snapshots[0]
        self.ridges_, self.bare_ridges_, self.report_, self.unit_ = ridges, bare_ridges, report, unit
        self.averaging_length_ = length
        self.species_names_ = first.species_names
        self.shares_ = np.bincount(first.species_index) / len(first)
        self.number_density_ = first.number_density
        self.liquid_, self.temperature_ = found[0].liquid, found[0].temperature
        names = [Path(one.source).name for one in snapshots if one.source is not None]
        self.source_ = ", ".join(names) or None
        return self

    def predict(self, snapshot: Configuration, cages: Cages | None = None, *, force: bool = False) -> Array:
        """What structure says of the cages of a snapshot.

        Parameters
        ----------
        snapshot : Configuration
            Of the liquid that was learned from. Columns are not looked at.
        cages : Cages, optional
            Of this snapshot; their mean positions are described. Without them the bare positions are, by what was
            learned from bare positions: no run is needed, and it predicts less well.
        force : bool
            Apply it to another density or composition all the same.

        Returns
        -------
        (N,) float64
            Standardised within each species; larger means a wider cage. NaN where a descriptor is not defined.

        Raises
        ------
        ModelError
            If the snapshot has species that were not learned from, or another density or composition.
        InputError
            If the cages are those of another snapshot.
        """
        self._check_fitted()
        self.check_fits(snapshot, force=force)
        if cages is not None:
            _require_same(snapshot, cages)
        described = snapshot if cages is None else cages.at_mean_positions
        ridges = self.bare_ridges_ if cages is None else self.ridges_
        features = cage_descriptors(described, self.unit_)
        return standardized_within_species(snapshot, predicted(ridges, snapshot, features))

    def check_fits(self, snapshot: Configuration, *, force: bool = False) -> None:
        """Refuse a snapshot that is not of the liquid that was learned from.

        Raises
        ------
        ModelError
            Saying what differs. With `force` other densities and compositions pass, other species do not.
        """
        self._check_fitted()
        if snapshot.species_names != self.species_names_:
            raise ModelError(
                f"model: it was trained on species {', '.join(self.species_names_)}, the snapshot has "
                f"{', '.join(snapshot.species_names)}; rename them, as in --species 1=A,2=B, or train a new model"
            )
        differences = () if force else self.differences(snapshot)
        if differences:
            raise ModelError(
                f"model: {differences[0]}; train a new one, or apply it all the same with --force"
            )

    def differences(self, snapshot: Configuration) -> tuple[str, ...]:
        """What makes a snapshot another liquid, in words: density and composition. Empty where it is the same."""
        found = []
        if abs(snapshot.number_density / self.number_density_ - 1.0) > _SAME_DENSITY:
            found.append(
                f"it was trained at number density {self.number_density_:.4g}, the snapshot has "
                f"{snapshot.number_density:.4g}"
            )
        for name, share in zip(self.species_names_, self.shares_, strict=True):
            theirs = float((snapshot.species.astype(str) == name).mean())
            if abs(theirs - share) > _SAME_SHARE:
                found.append(
                    f"it was trained with {100 * share:.3g} % of {name}, the snapshot has {100 * theirs:.3g} %"
                )
        return tuple(found)

    def save(self, path: str | Path) -> Path:
        """Write the trained model to a file; see `vitreous.order_parameter.cage_file` for the format."""
        self._check_fitted()
        return cage_file.save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> CageOrderParameter:
        """Read a trained model; it predicts to the last bit what the saved one did.

        Raises
        ------
        ModelError
            If the file is damaged, edited, not such a model, or written by a later, incompatible version.
        FileError
            If it cannot be read at all.
        """
        return cage_file.load(cls, path)

    @classmethod
    def pretrained(cls, liquid: str) -> CageOrderParameter:
        """A model that comes along, for positions without any run: of the deepest state of one of three liquids.

        Parameters
        ----------
        liquid : str
            "hard-spheres" at packing fraction 0.58, "kob-andersen" at T = 0.5 or "wahnstrom" at T = 0.7.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if liquid not in PRETRAINED:
            raise InputError(f"model {liquid!r}: none comes along; there are {', '.join(PRETRAINED)}")
        with as_file(files("vitreous") / "data" / "cages" / f"{liquid}.vtm") as path:
            return cls.load(path)

    # What fitting is made of

    def _check(self, snapshots: list[Configuration], cages: list[Cages]) -> None:
        positive("penalty", self.penalty)
        if self.unit is not None:
            positive("unit", self.unit)
        whole("random_state", self.random_state, 0)
        if not snapshots or len(snapshots) != len(cages):
            raise InputError(
                f"cages: expected as many as snapshots, got {len(cages)} for {len(snapshots)}, and at least one"
            )
        first = snapshots[0]
        for snapshot, one in zip(snapshots, cages, strict=True):
            _require_same(snapshot, one)
            if (snapshot.species_names, one.liquid) != (first.species_names, cages[0].liquid):
                raise InputError("snapshots: they are not all of one liquid, species or interactions differ")
            denser = abs(snapshot.number_density / first.number_density - 1.0) > _SAME_DENSITY
            if denser or one.temperature != cages[0].temperature:
                raise InputError(
                    "snapshots: they are not all of one state, their densities or temperatures differ; train a model "
                    "for each"
                )
            counts = np.bincount(snapshot.species_index)
            if counts.min() < _FEWEST:
                name = snapshot.species_names[int(counts.argmin())]
                raise InputError(
                    f"cage order parameter: {counts.min()} particles of species {name} are too few to learn "
                    f"from, at least {_FEWEST} of each are needed"
                )

    def _resolved_unit(self, snapshot: Configuration, cages: Cages) -> float:
        if self.unit is not None:
            return float(self.unit)
        if cages.unit is not None:
            return cages.unit
        if snapshot.diameters is None:
            raise InputError(
                "unit: neither the liquid nor the snapshot tells the size of the particles; give the distance of "
                "a neighbour at contact as the unit of the descriptors"
            )
        kinds = range(len(snapshot.species_names))
        return float(np.mean([snapshot.diameters[snapshot.species_index == k].mean() for k in kinds]))

    def _check_fitted(self) -> None:
        if not hasattr(self, "ridges_"):
            raise not_fitted(
                "this CageOrderParameter is not fitted yet; call fit(snapshot, cages) or load a model"
            )


def _require_same(snapshot: Configuration, cages: Cages) -> None:
    theirs = cages.snapshot
    same = (
        len(theirs) == len(snapshot)
        and np.array_equal(theirs.species.astype(str), snapshot.species.astype(str))
        and np.array_equal(theirs.box.vectors, snapshot.box.vectors)
        and np.array_equal(theirs.positions, snapshot.positions)
    )
    if not same:
        raise InputError("cages: they are those of another snapshot; sample the cages of this one")


def _labels(cages: Cages, half: int | None = None) -> Array:
    return standardized_within_species(cages.snapshot, cages.log_variance(half))


def _averaging_length(cages: Cages, unit: float) -> float:
    """0.8 diameters of the largest particles, of the unit where these are not known."""
    known = cages.snapshot.diameters is not None
    return averaging_length(cages.snapshot) if known else AVERAGING_LENGTH * unit
