from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vitreous.configuration import Configuration

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of snapshots by others, which are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared/data with snapshots by others is not here")
    return SHARED


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples of a property test."""
    return tmp_path_factory.mktemp("io")


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write text or bytes to a new file and return its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _equal(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, np.ndarray):
        same = isinstance(right, np.ndarray) and left.shape == right.shape
        return same and _kind(left) == _kind(right) and _values_equal(left, right)
    if isinstance(left, float) and isinstance(right, float):
        return left == right or (left != left and right != right)
    return type(left) is type(right) and left == right


def _kind(values: np.ndarray) -> str:
    return values.dtype.kind.replace("u", "i")


def _values_equal(left: np.ndarray, right: np.ndarray) -> bool:
    return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")


@pytest.fixture(scope="session")
def assert_same() -> Callable[[Configuration, Configuration], None]:
    """Assert that two configurations are equal in everything but their source, to the bit."""

    def check(left: Configuration, right: Configuration) -> None:
        for name in ("positions", "species", "diameters", "images", "unwrapped", "time", "step"):
            assert _equal(getattr(left, name), getattr(right, name)), name
        assert _equal(left.box.vectors, right.box.vectors)
        assert _equal(left.box.origin, right.box.origin)
        assert left.box.periodic == right.box.periodic
        assert list(left.columns) == list(right.columns)
        for name, values in left.columns.items():
            assert _equal(values, right.columns[name]), name
        assert list(left.metadata) == list(right.metadata)
        for name, value in left.metadata.items():
            assert _equal(value, right.metadata[name]), name

    return check
