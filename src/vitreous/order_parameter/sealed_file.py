"""Sealed files of arrays and JSON: what every trained model is kept in; no code, checked whole on reading.

A file `*.vtm` is an uncompressed zip archive whose comment, the last 64 bytes of the file, is the SHA-256 digest in
hexadecimal of the same archive without a comment. Its members are `model.json`, an object with `format`, `version`
= [major, minor] and `provenance` among others, and `<array name>.npy`, each array in NumPy's own format without
pickle. A reader refuses another `format`, another major version, and a file of which any byte was changed. A later
minor version only adds entries to `model.json` that an earlier reader may ignore, and is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.errors import FileError, ModelError
from vitreous.io.atomic import atomic_path

__all__ = ["consistent", "format_of", "provenance", "read_sealed", "seal", "unseal", "write_sealed"]

_DIGEST_LENGTH = 64
_HEADER = "model.json"


def provenance() -> dict[str, str]:
    """Versions of the programs behind a result, and the time."""
    packages = ("vitreous", "numpy", "scipy", "numba", "scikit-learn")
    return {
        **{name: version(name) for name in packages},
        "python": platform.python_version(),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_sealed(
    path: str | Path,
    format: str,
    version: tuple[int, int],
    content: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
) -> Path:
    """Write a model, whole or not at all; returns the path. Raises FileError if the file cannot be written."""
    header = {"format": format, "version": list(version), **content, "provenance": provenance()}
    members = {_HEADER: json.dumps(header, indent=1, ensure_ascii=False).encode()}
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
        members[f"{name}.npy"] = buffer.getvalue()
    target = Path(path)
    with atomic_path(target) as temporary:
        temporary.write_bytes(seal(members))
    return target


def read_sealed(path: str | Path, format: str, major: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the arrays of a model of that format.

    ModelError if the file is no model, damaged, edited, of another format or major version; FileError if it cannot be
    read at all.
    """
    members = _members(path)
    header = _header(members, path)
    if header["format"] != format:
        raise ModelError(f"{path}: holds {header['format']!r}, not a {format}")
    theirs, minor = header["version"]
    if theirs != major:
        written_by = header["provenance"].get("vitreous", "?")
        raise ModelError(
            f"{path}: the model has format version {theirs}.{minor}, this program reads {major}.x; "
            f"use the version of vitreous that wrote it ({written_by})"
        )
    with consistent(path):
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
            for name, data in members.items()
            if name != _HEADER
        }
    return header, arrays


def format_of(path: str | Path) -> str:
    """The `format` that a model file names; errors as for `read_sealed`."""
    return str(_header(_members(path), path)["format"])


@contextmanager
def consistent(path: str | Path) -> Iterator[None]:
    """Makes a ModelError of what goes wrong while a file is understood that is whole, but may make no sense."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{path}: the model is incomplete or inconsistent ({reason})") from None


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
        for entry in archive.infolist():  # a few bytes may promise any amount when they are unpacked
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > len(plain):
                raise ValueError("a member is compressed")
        return {name: archive.read(name) for name in archive.namelist()}


def _members(path: str | Path) -> dict[str, bytes]:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot read: {error.strerror}") from None
    if not data.startswith(b"PK"):
        raise ModelError(f"{path}: not a vitreous model")
    try:
        return unseal(data)
    except (ArithmeticError, EOFError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile):
        raise ModelError(
            f"{path}: not a vitreous model, or one that was truncated, damaged or edited; get a fresh copy "
            f"or train it again"
        ) from None


def _header(members: Mapping[str, bytes], path: str | Path) -> dict[str, Any]:
    """`model.json` with a version of two whole numbers and some provenance."""
    try:
        header = dict(json.loads(members[_HEADER]))
        major, minor = (int(part) for part in header["version"])
        format, written = str(header["format"]), dict(header.get("provenance", {}))
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise ModelError(f"{path}: not a vitreous model, its {_HEADER} cannot be understood") from None
    return {**header, "format": format, "version": (major, minor), "provenance": written}
