"""vitreous: see structure in glass.

One snapshot of a supercooled liquid in, the order parameter that its structure suggests out. The names below
are the public interface; each is imported when it is first used, so that `import vitreous` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vitreous.box import Box
    from vitreous.configuration import Configuration
    from vitreous.correlation import Correlation, spearman
    from vitreous.errors import FileError, InputError, ModelError, VitreousError
    from vitreous.io import read, write
    from vitreous.order_parameter import OrderParameter
    from vitreous.structure.bond_order import averaged_bond_order, bond_order, lechner_dellago
    from vitreous.structure.local_average import local_average
    from vitreous.structure.neighbors import NeighborList, sann, within
    from vitreous.structure.radial_distribution import RadialDistribution, radial_distribution

_HOMES = {
    "vitreous.box": ("Box",),
    "vitreous.configuration": ("Configuration",),
    "vitreous.correlation": ("Correlation", "spearman"),
    "vitreous.errors": ("FileError", "InputError", "ModelError", "VitreousError"),
    "vitreous.io": ("read", "write"),
    "vitreous.order_parameter": ("OrderParameter",),
    "vitreous.structure.bond_order": ("averaged_bond_order", "bond_order", "lechner_dellago"),
    "vitreous.structure.local_average": ("local_average",),
    "vitreous.structure.neighbors": ("NeighborList", "sann", "within"),
    "vitreous.structure.radial_distribution": ("RadialDistribution", "radial_distribution"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Box",
    "Configuration",
    "Correlation",
    "FileError",
    "InputError",
    "ModelError",
    "NeighborList",
    "OrderParameter",
    "RadialDistribution",
    "VitreousError",
    "averaged_bond_order",
    "bond_order",
    "lechner_dellago",
    "local_average",
    "radial_distribution",
    "read",
    "sann",
    "spearman",
    "within",
    "write",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("vitreous")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'vitreous' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
