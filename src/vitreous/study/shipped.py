"""The plans that come with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from vitreous.io import atomic_path

__all__ = ["copy_shipped_plan", "shipped_plans"]


def shipped_plans() -> tuple[str, ...]:
    """Names of the plans that come along: quick.toml, laptop.toml, paper.toml."""
    return ("quick.toml", "laptop.toml", "paper.toml")


def copy_shipped_plan(path: Path) -> bool:
    """Put the plan of that name where there is none yet. Returns whether one was put there."""
    if path.exists() or path.name not in shipped_plans():
        return False
    text = resources.files("vitreous.study").joinpath("plans", path.name).read_text(encoding="utf-8")
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return True
