"""Read and write snapshots: LAMMPS text dumps, GSD, extended and plain xyz, ``.sph``.

`read` returns a `Configuration` from any of them, `write` makes GSD and extended xyz files, and `atomic_path`
lets any other writer replace a file completely or not at all.
"""

from __future__ import annotations

from vitreous.io.atomic import atomic_path
from vitreous.io.registry import FORMATS, Format, read, write

__all__ = ["FORMATS", "Format", "atomic_path", "read", "write"]
