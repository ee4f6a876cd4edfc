"""The file of a trained `OrderParameter`: a sealed file (see `sealed_file`), format version 1.0.

Its members are exactly:

- `model.json`: an object with `format` = "vitreous order parameter", `version` = [major, minor], `parameters`
  (of `OrderParameter`), `training` (species, number density, seed, source), `pipelines` (per pipeline its
  `name`, its `report`, `fve`, `contrast`, and the number and `epochs` of its `autoencoders`) and `provenance`
  (versions of programs, time).
- `<array name>.npy`: each array in NumPy's own format without pickle: `cutoff` (absent with SANN) and, for
  pipeline k, `k/mean`, `k/deviation`, `k/center`, `k/axes`, `k/weights`, `k/means`, `k/covariances`, `k/bic`,
  and for its autoencoder a, `k/a/weight0` ... `k/a/weight3` and `k/a/intercept0` ... `k/a/intercept3`.

A member too many or missing is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from vitreous.order_parameter.autoencoder import Autoencoder
from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.pipeline import ALL_SPECIES, Pipeline
from vitreous.order_parameter.reducer import Reducer, ReducerName
from vitreous.order_parameter.report import Report
from vitreous.order_parameter.sealed_file import consistent, read_sealed, write_sealed
from vitreous.records import from_json, to_json
from vitreous.structure.neighbors import Symmetry, cutoff_matrix

__all__ = ["FORMAT", "load", "save"]

FORMAT = "vitreous order parameter"
_VERSION = (1, 0)
_LAYERS = 4
# What the constructor of `OrderParameter` takes from the file as it is.
_PARAMETERS = ("symmetry", "l", "reducer", "bottleneck", "per_species", "members")


class _Model(Protocol):
    """What the file keeps of an `OrderParameter`."""

    symmetry: Symmetry
    l: Iterable[int]
    reducer: ReducerName
    bottleneck: int | Literal["auto"]
    per_species: bool
    members: int
    random_state_: int
    species_names_: tuple[str, ...]
    cutoff_: NDArray[np.float64] | None
    number_density_: float
    source_: str | None
    pipelines_: dict[str, Pipeline]

    def check_parameters(self) -> None: ...


_Loaded = TypeVar("_Loaded", bound=_Model)


def save(model: _Model, path: str | Path) -> Path:
    """Write a fitted model; returns the path. Raises FileError if the file cannot be written."""
    content = {
        "parameters": {
            "symmetry": model.symmetry,
            "l": [int(l) for l in model.l],
            "reducer": model.reducer,
            "bottleneck": "auto" if model.bottleneck == "auto" else int(model.bottleneck),
            "per_species": bool(model.per_species),
            "members": int(model.members),
        },
        "training": {
            "species_names": list(model.species_names_),
            "number_density": model.number_density_,
            "random_state": model.random_state_,
            "source": model.source_,
        },
        "pipelines": [
            {
                "name": name,
                "report": to_json(pipeline.report),
                "fve": pipeline.reducer.fve,
                "contrast": pipeline.mixture.contrast,
                "epochs": [network.epochs for network in pipeline.reducer.autoencoders],
                "autoencoders": len(pipeline.reducer.autoencoders),
            }
            for name, pipeline in model.pipelines_.items()
        ],
    }
    return write_sealed(path, FORMAT, _VERSION, content, _arrays(model))


def load(make: Callable[..., _Loaded], path: str | Path) -> _Loaded:
    """Read a model, an object that `make` gives for the parameters; see the module for what is refused."""
    header, arrays = read_sealed(path, FORMAT, _VERSION[0])
    with consistent(path):
        training = header["training"]
        parameters = {name: header["parameters"][name] for name in _PARAMETERS}
        cutoff = arrays.get("cutoff")
        model = make(
            neighbors="sann" if cutoff is None else cutoff.item() if cutoff.size == 1 else cutoff,
            random_state=int(training["random_state"]),
            **{**parameters, "l": tuple(parameters["l"])},
        )
        model.check_parameters()
        model.random_state_ = int(training["random_state"])
        model.species_names_ = tuple(str(name) for name in training["species_names"])
        model.cutoff_ = None if cutoff is None else cutoff_matrix(cutoff, model.species_names_)
        model.number_density_ = float(training["number_density"])
        model.source_ = training["source"]
        model.pipelines_ = {
            str(entry["name"]): _pipeline(entry, arrays, f"{k}/")
            for k, entry in enumerate(header["pipelines"])
        }
        _check_consistent(model, arrays)
    return model


def _check_consistent(model: _Model, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Find now, by putting descriptors through every chain, what would fail or mislead when it is applied."""
    if set(_arrays(model)) != set(arrays):
        raise ValueError("arrays were added")
    if list(model.pipelines_) != (list(model.species_names_) if model.per_species else [ALL_SPECIES]):
        raise ValueError("its pipelines are not those of its species")
    for pipeline in model.pipelines_.values():
        q = pipeline.mean.reshape(1, len(tuple(model.l)))
        with np.errstate(all="ignore"):
            if not np.isfinite(pipeline.probabilities(q)).all():
                raise ValueError("it computes no probabilities")


def _arrays(model: _Model) -> dict[str, NDArray[Any]]:
    arrays = {} if model.cutoff_ is None else {"cutoff": model.cutoff_}
    for k, pipeline in enumerate(model.pipelines_.values()):
        arrays |= {f"{k}/{name}": array for name, array in _arrays_of(pipeline).items()}
    return arrays


def _arrays_of(pipeline: Pipeline) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "mean": pipeline.mean,
        "deviation": pipeline.deviation,
        "center": pipeline.reducer.center,
        "axes": pipeline.reducer.axes,
        "weights": pipeline.mixture.weights,
        "means": pipeline.mixture.means,
        "covariances": pipeline.mixture.covariances,
        "bic": pipeline.mixture.bic,
    }
    for a, network in enumerate(pipeline.reducer.autoencoders):
        for layer in range(_LAYERS):
            arrays[f"{a}/weight{layer}"] = network.weights[layer]
            arrays[f"{a}/intercept{layer}"] = network.intercepts[layer]
    return arrays


def _pipeline(entry: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], prefix: str) -> Pipeline:
    def get(name: str) -> NDArray[np.float64]:
        return np.asarray(arrays[prefix + name], dtype=np.float64)

    autoencoders = tuple(
        Autoencoder(
            tuple(get(f"{a}/weight{layer}") for layer in range(_LAYERS)),
            tuple(get(f"{a}/intercept{layer}") for layer in range(_LAYERS)),
            int(entry["epochs"][a]),
        )
        for a in range(entry["autoencoders"])
    )
    return Pipeline(
        get("mean"),
        get("deviation"),
        Reducer(autoencoders, get("center"), get("axes"), float(entry["fve"])),
        Mixture(get("weights"), get("means"), get("covariances"), float(entry["contrast"]), get("bic")),
        from_json(Report, entry["report"]),
    )
