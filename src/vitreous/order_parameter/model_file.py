"""The model file: arrays and JSON in one zip archive, no code, checked whole on reading.

Format, version 1.0. A file `*.vtm` is an uncompressed zip archive with exactly these members:

- `model.json`: an object with `format` = "vitreous order parameter", `version` = [major, minor], `parameters`
  (of `OrderParameter`), `training` (species, number density, seed, source), `pipelines` (per pipeline its
  `name`, its `report` and the number of `autoencoders`) and `provenance` (versions of programs, time).
- `<array name>.npy`: each array in NumPy's own format without pickle: `cutoff` (absent with SANN) and, for
  pipeline k, `k/mean`, `k/deviation`, `k/center`, `k/axes`, `k/weights`, `k/means`, `k/covariances`, and for its
  autoencoder a, `k/a/weight0` ... `k/a/weight3` and `k/a/intercept0` ... `k/a/intercept3`.
- `sha256`: a line "digest name" for every other member.

A reader refuses another `format`, a later major version, a member too many or missing, and any digest that
does not match. A later minor version only adds entries to `model.json` that an earlier reader may ignore, and
is read.
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
from vitreous.order_parameter.pipeline import Pipeline
from vitreous.order_parameter.reducer import Autoencoder, Reducer
from vitreous.order_parameter.report import Report

if TYPE_CHECKING:
    from vitreous.order_parameter.estimator import OrderParameter

__all__ = ["load", "provenance", "save"]

_FORMAT = "vitreous order parameter"
_VERSION = (1, 0)
_LAYERS = 4


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
    arrays: dict[str, NDArray[Any]] = {}
    if model.cutoff_ is not None:
        arrays["cutoff"] = model.cutoff_
    pipelines = []
    for k, (name, pipeline) in enumerate(model.pipelines_.items()):
        pipelines.append(
            {
                "name": name,
                "report": pipeline.report.as_dict(),
                "fve": pipeline.reducer.fve,
                "contrast": pipeline.mixture.contrast,
                "epochs": [network.epochs for network in pipeline.reducer.autoencoders],
                "autoencoders": len(pipeline.reducer.autoencoders),
            }
        )
        arrays |= {f"{k}/{name}": array for name, array in _arrays_of(pipeline).items()}
    header = {
        "format": _FORMAT,
        "version": list(_VERSION),
        "parameters": {
            "symmetry": model.symmetry,
            "l": [int(l) for l in model.l],
            "reducer": model.reducer,
            "bottleneck": model.bottleneck,
            "per_species": bool(model.per_species),
            "members": int(model.members),
        },
        "training": {
            "species_names": list(model.species_names_),
            "number_density": model.number_density_,
            "random_state": model.random_state_,
            "source": model.source_,
        },
        "pipelines": pipelines,
        "provenance": provenance(),
    }
    members = {"model.json": json.dumps(header, indent=1, ensure_ascii=False).encode()}
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
        members[f"{name}.npy"] = buffer.getvalue()
    digests = "".join(f"{hashlib.sha256(data).hexdigest()} {name}\n" for name, data in members.items())
    members["sha256"] = digests.encode()
    target = Path(path)
    with atomic_path(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target


def load(path: str | Path) -> OrderParameter:
    """Read a model; see the module for what is refused."""
    from vitreous.order_parameter.estimator import OrderParameter

    members = _members(Path(path))
    header = _header(members, path)
    try:
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
            for name, data in members.items()
            if name.endswith(".npy")
        }
        parameters, training = header["parameters"], header["training"]
        cutoff = arrays.get("cutoff")
        model = OrderParameter(
            neighbors="sann" if cutoff is None else cutoff.item() if cutoff.size == 1 else cutoff,
            random_state=int(training["random_state"]),
            **{**parameters, "l": tuple(parameters["l"])},
        )
        model.check_parameters()
        model.cutoff_ = cutoff
        model.random_state_ = int(training["random_state"])
        model.species_names_ = tuple(str(name) for name in training["species_names"])
        model.number_density_ = float(training["number_density"])
        model.source_ = training["source"]
        model.pipelines_ = {
            str(entry["name"]): _pipeline(entry, arrays, f"{k}/")
            for k, entry in enumerate(header["pipelines"])
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: the model is incomplete or inconsistent ({error})") from None
    return model


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


def _members(path: Path) -> dict[str, bytes]:
    """All members of the archive but the digests, which are checked."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror})") from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            members = {name: archive.read(name) for name in names}
        digests: dict[str, str] = {}
        for line in members.pop("sha256").decode().splitlines():
            digest, name = line.split(" ", 1)
            digests[name] = digest
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError, OSError):
        raise ModelError(f"{path}: not a vitreous model, or a truncated or damaged one") from None
    if len(names) != len(set(names)) or set(digests) != set(members):
        raise ModelError(f"{path}: parts of the model are missing or were added")
    for name, content in members.items():
        if hashlib.sha256(content).hexdigest() != digests[name]:
            raise ModelError(f"{path}: the model was edited or damaged ({name} does not match its digest)")
    return members


def _header(members: Mapping[str, bytes], path: str | Path) -> dict[str, Any]:
    try:
        header = json.loads(members["model.json"])
        if header["format"] != _FORMAT:
            raise ModelError(f"{path}: holds {header['format']!r}, not a {_FORMAT}")
        major, minor = (int(part) for part in header["version"])
    except (KeyError, TypeError, ValueError):
        raise ModelError(f"{path}: not a vitreous model, its model.json cannot be understood") from None
    if major != _VERSION[0]:
        raise ModelError(
            f"{path}: the model has format version {major}.{minor}, this program reads {_VERSION[0]}.x; "
            f"use the version of vitreous that wrote it ({header.get('provenance', {}).get('vitreous', '?')})"
        )
    return dict(header)
