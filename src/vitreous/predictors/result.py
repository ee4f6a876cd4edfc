"""The result of a league: every predictor on every snapshot, and what that says together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.correlation.rank import noise_ceiling
from vitreous.predictors.catalogue import REFERENCE, predictor
from vitreous.predictors.group_mean import GroupMean, over_groups
from vitreous.records import Json, to_object

__all__ = ["EACH", "League"]

Array = NDArray[np.float64]

EACH = ("rho", "low", "high", "difference_low", "difference_high")
"""What there is of each snapshot, predictor, kernel and species."""


@dataclass(frozen=True, eq=False)
class League:
    """Rank correlations of P predictors, averaged in A ways, with the propensity of S species, on K snapshots.

    A correlation is that of the sign of the predictor times its value, with the sign fixed beforehand: a negative one
    means that the predictor points the wrong way.

    Attributes
    ----------
    liquid : str
    temperature : float or None
        None for hard spheres.
    predictors : tuple of str, P names
        Names of the predictors that are there, in the order of `PREDICTORS`.
    signs : (P,) int64
        +1 where a larger value was expected to mean a more mobile particle, -1 where a smaller.
    kernels : tuple of str, A names
        ``bare``; ``sphere``, the plain mean over all particles within `radius`; ``exponential``, standardised within
        species, then with weights exp(-r / `length`).
    species : tuple of str, S names
    diameters : (S,) float64
        Diameters of the species, in the length unit of the positions.
    groups : tuple of str, K labels
        Snapshots of one independent run share one.
    sources : tuple of str, K names
        Names of the files of the snapshots, empty where not known.
    times : (K,) float64
        δt at which the propensities were taken; NaN where it is not known.
    rho : (K, P, A, S) float64
        Spearman's ρ with its sign.
    low, high : (K, P, A, S) float64
        95 % interval of each, `chance_interval`, from translations of one field against the other; NaN in an open box.
    difference_low, difference_high : (K, P, A, S) float64
        Likewise of ρ less that of the reference, from translations of the difference of the ranks: 1.96 times what it
        correlates by chance, somewhat too wide where correlations are strong.
    half : (K, S) float64
        Correlation of the propensities from both halves of the runs with each other; NaN where not known.
    particles : (K, S) int64
        That have a value of every predictor, and were compared.
    radius, length : float
        Radius and length of the kernels, in the length unit of the positions.
    absent : mapping of str to str
        Predictors that could not be had, with the reason.
    about : mapping
        Short runs of each snapshot, seed, versions.
    """

    liquid: str
    temperature: float | None
    predictors: tuple[str, ...]
    signs: NDArray[np.int64]
    kernels: tuple[str, ...]
    species: tuple[str, ...]
    diameters: Array
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    times: Array
    rho: Array
    low: Array
    high: Array
    difference_low: Array
    difference_high: Array
    half: Array
    particles: NDArray[np.int64]
    radius: float
    length: float
    absent: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Json] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of snapshots K."""
        return len(self.groups)

    @property
    def independent(self) -> int:
        """Number of independent groups."""
        return len(set(self.groups))

    @property
    def ceilings(self) -> Array:
        """(K, S) correlation that a perfect predictor would reach, from the halves of the runs; NaN where not known."""
        return noise_ceiling(self.half)

    @property
    def ceiling(self) -> Array:
        """(S,) its mean over the snapshots, over groups first."""
        return over_groups(self.ceilings, self.groups).value

    @property
    def differences(self) -> Array:
        """(K, P, A, S) ρ less that of the reference, P_red averaged over a sphere, on the same snapshot."""
        return np.asarray(self.rho - self._reference(self.rho)[:, None, None])

    @property
    def correlation(self) -> GroupMean:
        """ρ, (P, A, S): mean over snapshots with a 95 % Student interval over groups, NaN with fewer than two groups.

        For one snapshot: its own ρ and interval. The same holds for `corrected` and `difference`.
        """
        return self._estimate(self.rho, self.low, self.high)

    @property
    def corrected(self) -> GroupMean:
        """ρ over the noise ceiling of each snapshot, (P, A, S): what it would be with infinitely many runs."""
        ceilings = self.ceilings[:, None, None]
        return self._estimate(self.rho / ceilings, self.low / ceilings, self.high / ceilings)

    @property
    def difference(self) -> GroupMean:
        """`differences`, (P, A, S): paired, so that what snapshots have in common drops out."""
        return self._estimate(self.differences, self.difference_low, self.difference_high)

    @property
    def better(self) -> NDArray[np.int64]:
        """(P, A, S) number of snapshots on which the difference from the reference is positive."""
        return np.asarray((self.differences > 0.0).sum(axis=0))

    def _reference(self, values: Array) -> Array:
        name, kernel = REFERENCE
        return values[:, self.predictors.index(name), self.kernels.index(kernel)]

    def _estimate(self, values: Array, low: Array, high: Array) -> GroupMean:
        if len(self) == 1:
            return GroupMean(values[0], low[0], high[0])
        return over_groups(values, self.groups)

    def table(self) -> list[dict[str, str | float]]:
        """One row for each predictor, kernel and species, in this order.

        Returns
        -------
        list of dict
            ``predictor``, ``label``, ``group``, ``sign``, ``needs``, ``kernel``, ``species``; ``rho``, ``low``,
            ``high``; ``corrected``, ``corrected_low``, ``corrected_high``; ``difference``, ``difference_low``,
            ``difference_high``; ``better`` of so many ``snapshots`` in so many ``independent`` groups; ``ceiling``.
            Numbers are those of `correlation`, `corrected`, `difference`, `better` and `ceiling`, NaN where not known.
        """
        estimates = {"rho": self.correlation, "corrected": self.corrected, "difference": self.difference}
        better, ceiling = self.better, self.ceiling
        rows = []
        for index in np.ndindex(better.shape):
            p, a, s = index
            known = predictor(self.predictors[p])
            row: dict[str, str | float] = {
                "predictor": known.name,
                "label": known.label,
                "group": known.group,
                "sign": int(self.signs[p]),
                "needs": known.needs,
                "kernel": self.kernels[a],
                "species": self.species[s],
            }
            for name, estimate in estimates.items():
                prefix = "" if name == "rho" else f"{name}_"
                row[name] = float(estimate.value[index])
                row[f"{prefix}low"] = float(estimate.low[index])
                row[f"{prefix}high"] = float(estimate.high[index])
            row["better"] = int(better[index])
            row["snapshots"], row["independent"] = len(self), self.independent
            row["ceiling"] = float(ceiling[s])
            rows.append(row)
        return rows

    def as_dict(self) -> dict[str, Json]:
        """All numbers, ready for JSON; None for NaN.

        ``results`` are the rows of `table`, each with ``each``: the numbers of the single snapshots.
        """
        results = []
        for row, index in zip(self.table(), np.ndindex(self.rho.shape[1:]), strict=True):
            each = {name: getattr(self, name)[(slice(None), *index)] for name in EACH}
            results.append({**row, "each": each})
        snapshots = [
            {
                "source": self.sources[k],
                "group": self.groups[k],
                "time": self.times[k],
                "particles": dict(zip(self.species, self.particles[k].tolist(), strict=True)),
                "half": dict(zip(self.species, self.half[k], strict=True)),
                "ceiling": dict(zip(self.species, self.ceilings[k], strict=True)),
            }
            for k in range(len(self))
        ]
        reasons = {name: predictor(name).reason for name in self.predictors}
        return to_object(
            {
                "liquid": self.liquid,
                "temperature": self.temperature,
                "reference": list(REFERENCE),
                "radius": self.radius,
                "length": self.length,
                "kernels": list(self.kernels),
                "species": list(self.species),
                "diameters": self.diameters,
                "snapshots": snapshots,
                "results": results,
                "reasons": reasons,
                "absent": dict(self.absent),
                "about": dict(self.about),
            }
        )

    @staticmethod
    def from_dict(tree: Mapping[str, Json]) -> League:
        """The league of which `as_dict` told.

        Raises
        ------
        KeyError, ValueError, TypeError
            If it is something else.
        """
        given: Any = tree
        results, snapshots, species = given["results"], given["snapshots"], tuple(given["species"])
        signs = {one["predictor"]: one["sign"] for one in results}
        kernels = tuple(given["kernels"])
        shape = (len(signs), len(kernels), len(species), len(snapshots))

        def each(name: str) -> Array:
            values = np.array([one["each"][name] for one in results], dtype=np.float64)
            return np.moveaxis(values.reshape(shape), -1, 0)

        def of_species(name: str) -> list[list[Any]]:
            return [[one[name][kind] for kind in species] for one in snapshots]

        return League(
            given["liquid"],
            given["temperature"],
            tuple(signs),
            np.array(list(signs.values()), dtype=np.int64),
            kernels,
            species,
            np.array(given["diameters"], dtype=np.float64),
            tuple(one["group"] for one in snapshots),
            tuple(one["source"] for one in snapshots),
            np.array([one["time"] for one in snapshots], dtype=np.float64),
            **{name: each(name) for name in EACH},
            half=np.array(of_species("half"), dtype=np.float64),
            particles=np.array(of_species("particles"), dtype=np.int64),
            radius=float(given["radius"]),
            length=float(given["length"]),
            absent=given["absent"],
            about=given["about"],
        )
