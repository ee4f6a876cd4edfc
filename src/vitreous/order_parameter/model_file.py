"""The model file: arrays and JSON in one zip archive, no code, checked whole on reading.

Format, version 1.0. A file `*.vtm` is an uncompressed zip archive whose comment, the last 64 bytes of the
file, is the SHA-256 digest in hexadecimal of the same archive without a comment. Its members are exactly:

- `model.json`: an object with `format` = "vitreous order parameter", `version` = [major, minor], `parameters`
  (of `OrderParameter`), `training` (species, number density, seed, source), `pipelines` (per pipeline its
  `name`, its `report`, `fve`, `contrast`, and the number and `epochs` of its `autoencoders`) and `provenance`
  (versions of programs, time).
- `<array name>.npy`: each array in NumPy's own format without pickle: `cutoff` (absent with SANN) and, for
  pipeline k, `k/mean`, `k/deviation`, `k/center`, `k/axes`, `k/weights`, `k/means`, `k/covariances`, `k/bic`,
  and for its autoencoder a, `k/a/weight0` ... `k/a/weight3` and `k/a/intercept0` ... `k/a/intercept3`.

A reader refuses another `format`, another major version, a member too many or missing, and a file of which
any byte was changed. A later minor version only adds entries to `model.json` that an earlier reader may
ignore, and is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError, ModelError
from vitreous.io.atomic import atomic_path
from vitreous.order_parameter.mixture import Mixture
from vitreous.order_parameter.pipeline import ALL_SPECIES, Pipeline
from vitreous.order_parameter.reducer import Autoencoder, Reducer
from vitreous.order_parameter.report import Report
from vitreous.structure.neighbors import cutoff_matrix

if TYPE_CHECKING:
    from vitreous.order_parameter.estimator import OrderParameter

__all__ = ["load", "provenance", "save", "seal", "unseal"]

_FORMAT = "vitreous order parameter"
_VERSION = (1, 0)
_LAYERS = 4
_DIGEST_LENGTH = 64
# What the constructor of `OrderParameter` takes from the file as it is.
_PARAMETERS = ("symmetry", "l", "reducer", "bottleneck", "per_species", "members")


def provenance() -> dict[str, str]:
    """Versions of the programs behind a result, and the time."""
    packages = ("vitreous", "numpy", "scipy", "numba", "scikit-learn")
    return {
        **{name: version(name) for name in packages},
        "python": platform.python_version(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def save(model: OrderParameter, path: str | Path) -> Path:
    """Write a fitted model; returns the path. Raises FileError if the file cannot be written."""
    header = {
        "format": _FORMAT,
        "version": list(_VERSION),
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
                "report": pipeline.report.as_dict(),
                "fve": pipeline.reducer.fve,
                "contrast": pipeline.mixture.contrast,
                "epochs": [network.epochs for network in pipeline.reducer.autoencoders],
                "autoencoders": len(pipeline.reducer.autoencoders),
            }
            for name, pipeline in model.pipelines_.items()
        ],
        "provenance": provenance(),
    }
    members = {"model.json": json.dumps(header, indent=1, ensure_ascii=False).encode()}
    for name, array in _arrays(model).items():
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
        members[f"{name}.npy"] = buffer.getvalue()
    target = Path(path)
    with atomic_path(target) as temporary:
        temporary.write_bytes(seal(members))
    return target


def seal(members: Mapping[str, bytes]) -> bytes:
    """The zip archive of named members with its digest as the comment."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    plain = buffer.getvalue()  # ends with the length of the comment, two bytes, zero
    return plain[:-2] + _DIGEST_LENGTH.to_bytes(2, "little") + hashlib.sha256(plain).hexdigest().encode()


def unseal(data: bytes) -> dict[str, bytes]:
    """The members of what `seal` made; ValueError if it is anything else, even by one bit."""
    body, digest = data[:-_DIGEST_LENGTH], data[-_DIGEST_LENGTH:]
    plain = body[:-2] + bytes(2)
    if body[-2:] != _DIGEST_LENGTH.to_bytes(2, "little"):
        raise ValueError("no digest")
    if hashlib.sha256(plain).hexdigest().encode() != digest:
        raise ValueError("the digest does not match")
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def load(path: str | Path) -> OrderParameter:
    """Read a model; see the module for what is refused."""
    from vitreous.order_parameter.estimator import OrderParameter

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot read: {error.strerror}") from None
    if not data.startswith(b"PK"):
        raise ModelError(f"{path}: not a vitreous model")
    try:
        members = unseal(data)
    except (ValueError, zipfile.BadZipFile):
        raise ModelError(
            f"{path}: not a vitreous model, or one that was truncated, damaged or edited; get a fresh copy "
            f"or train it again"
        ) from None
    header = _header(members, path)
    try:
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
            for name, data in members.items()
            if name != "model.json"
        }
        training = header["training"]
        parameters = {name: header["parameters"][name] for name in _PARAMETERS}
        cutoff = arrays.get("cutoff")
        model = OrderParameter(
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
    except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{path}: the model is incomplete or inconsistent ({reason})") from None
    return model


def _check_consistent(model: OrderParameter, arrays: Mapping[str, NDArray[Any]]) -> None:
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


def _arrays(model: OrderParameter) -> dict[str, NDArray[Any]]:
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
        Report.from_dict(entry["report"]),
    )


def _header(members: Mapping[str, bytes], path: str | Path) -> dict[str, Any]:
    try:
        header = json.loads(members["model.json"])
        format = header["format"]
        major, minor = (int(part) for part in header["version"])
        written_by = header.get("provenance", {}).get("vitreous", "?")
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise ModelError(f"{path}: not a vitreous model, its model.json cannot be understood") from None
    if format != _FORMAT:
        raise ModelError(f"{path}: holds {format!r}, not a {_FORMAT}")
    if major != _VERSION[0]:
        raise ModelError(
            f"{path}: the model has format version {major}.{minor}, this program reads {_VERSION[0]}.x; "
            f"use the version of vitreous that wrote it ({written_by})"
        )
    return dict(header)
