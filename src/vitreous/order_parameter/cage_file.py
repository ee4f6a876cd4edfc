"""The file of a trained `CageOrderParameter`: a sealed file (see `sealed_file`), format version 1.0.

Its members are exactly:

- `model.json`: an object with `format` = "vitreous cage order parameter", `version` = [major, minor], `parameters`
  (`penalty`, `random_state`), `training` (`species_names`, `number_density`, `unit`,
  `averaging_length`, `liquid`, `temperature`, `source`), `report` and `provenance`.
- `shares.npy` (S,), and for each species s, counted from 0, from mean positions in the cages `s/mean`, `s/deviation`
  and `s/weights`, each (F,), and from bare positions `s/bare/mean`, `s/bare/deviation` and `s/bare/weights`, with the
  F columns of `cage_descriptors`.

A member too many or missing is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitreous.order_parameter.cage_report import CageReport
from vitreous.order_parameter.ridge import Ridge
from vitreous.order_parameter.sealed_file import consistent, read_sealed, write_sealed
from vitreous.records import from_json, to_json
from vitreous.structure.cage_descriptors import descriptor_names

__all__ = ["FORMAT", "load", "save"]

FORMAT = "vitreous cage order parameter"
_VERSION = (1, 0)
_PARTS = tuple(field.name for field in fields(Ridge))


class _Model(Protocol):
    """What the file keeps of a `CageOrderParameter`."""

    penalty: float
    random_state: int
    unit_: float
    averaging_length_: float
    species_names_: tuple[str, ...]
    shares_: NDArray[np.float64]
    number_density_: float
    liquid_: str
    temperature_: float | None
    source_: str | None
    ridges_: dict[str, Ridge]
    bare_ridges_: dict[str, Ridge]
    report_: CageReport


_Loaded = TypeVar("_Loaded", bound=_Model)


def save(model: _Model, path: str | Path) -> Path:
    """Write a fitted model; returns the path. Raises FileError if the file cannot be written."""
    content = {
        "parameters": {"penalty": float(model.penalty), "random_state": int(model.random_state)},
        "training": {
            "species_names": list(model.species_names_),
            "number_density": model.number_density_,
            "unit": model.unit_,
            "averaging_length": model.averaging_length_,
            "liquid": model.liquid_,
            "temperature": model.temperature_,
            "source": model.source_,
        },
        "report": to_json(model.report_),
    }
    return write_sealed(path, FORMAT, _VERSION, content, _arrays(model))


def load(make: Callable[..., _Loaded], path: str | Path) -> _Loaded:
    """Read a model, an object that `make` gives for the parameters; see `sealed_file` for what is refused."""
    header, arrays = read_sealed(path, FORMAT, _VERSION[0])
    with consistent(path):
        parameters, training = header["parameters"], header["training"]
        model = make(
            unit=float(training["unit"]),
            penalty=float(parameters["penalty"]),
            random_state=int(parameters["random_state"]),
        )
        names = tuple(str(name) for name in training["species_names"])
        model.unit_ = float(training["unit"])
        model.averaging_length_ = float(training["averaging_length"])
        model.species_names_ = names
        model.number_density_ = float(training["number_density"])
        model.liquid_ = str(training["liquid"])
        temperature = training["temperature"]
        model.temperature_ = None if temperature is None else float(temperature)
        model.source_ = training["source"]
        model.report_ = from_json(CageReport, header["report"])
        model.shares_ = np.asarray(arrays["shares"], dtype=np.float64)
        model.ridges_ = {name: _ridge(arrays, f"{s}/") for s, name in enumerate(names)}
        model.bare_ridges_ = {name: _ridge(arrays, f"{s}/bare/") for s, name in enumerate(names)}
        _check_consistent(model, arrays)
    return model


def _check_consistent(model: _Model, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Find now what would fail or mislead when the model is applied."""
    if set(_arrays(model)) != set(arrays):
        raise ValueError("arrays were added")
    for number in (model.unit_, model.averaging_length_, model.number_density_, model.penalty):
        if not (np.isfinite(number) and number > 0.0):
            raise ValueError("a length, the density or the penalty is no positive number")
    if model.random_state < 0:
        raise ValueError("its seed is negative")
    if not (model.source_ is None or isinstance(model.source_, str)):
        raise ValueError("its source is no text")
    if len(set(model.species_names_)) < len(model.species_names_):
        raise ValueError("two species have the same name")
    if model.shares_.shape != (len(model.species_names_),) or not abs(model.shares_.sum() - 1.0) < 1e-9:
        raise ValueError("its shares are not those of its species")
    features = len(descriptor_names(model.species_names_))
    for array in (a for name, a in _arrays(model).items() if name != "shares"):
        if array.shape != (features,) or not np.isfinite(array).all():
            raise ValueError(f"a regression has not {features} finite numbers")
    if any(
        (ridge.deviation <= 0.0).any() for ridge in (*model.ridges_.values(), *model.bare_ridges_.values())
    ):
        raise ValueError("a deviation is not positive")


def _arrays(model: _Model) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"shares": model.shares_}
    for s, name in enumerate(model.species_names_):
        for prefix, ridge in ((f"{s}/", model.ridges_[name]), (f"{s}/bare/", model.bare_ridges_[name])):
            arrays |= {f"{prefix}{part}": getattr(ridge, part) for part in _PARTS}
    return arrays


def _ridge(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Ridge:
    return Ridge(*(np.asarray(arrays[prefix + part], dtype=np.float64) for part in _PARTS))
