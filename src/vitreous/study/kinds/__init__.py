"""Kinds of steps, one module each: a new one is a new module here that names its `Kind` ``KIND``, and nothing else."""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vitreous.study.kind import Kind

__all__ = ["all_kinds"]


@cache
def all_kinds() -> dict[str, Kind[Any, Any]]:
    """All kinds by name, each after those that it requires."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    found: dict[str, Kind[Any, Any]] = {}
    for name in names:
        kind = import_module(f"{__name__}.{name}").KIND
        found[kind.name] = kind
    order = TopologicalSorter({name: kind.requires for name, kind in found.items()}).static_order()
    return {name: found[name] for name in order}
