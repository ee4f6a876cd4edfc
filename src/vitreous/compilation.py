"""Whether the kernels still have to be compiled, so that a person can be told why the first call takes long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["cluster_kernels_are_compiled", "hard_sphere_kernels_are_compiled", "kernels_are_compiled"]


def kernels_are_compiled() -> bool:
    """Whether the slowest kernels were compiled before and are kept on disk (importing them costs 0.5 s)."""
    from vitreous.structure import _bond_order_kernel, _neighbors_kernel

    return all(map(_is_on_disk, (_neighbors_kernel.search_sann, _bond_order_kernel.bond_order)))


def hard_sphere_kernels_are_compiled() -> bool:
    """The same for the engine of hard spheres."""
    from vitreous.simulate.event_driven import _listing_kernel, _run_kernel

    return all(map(_is_on_disk, (_listing_kernel.list_all, _run_kernel.predict_all, _run_kernel.run)))


def cluster_kernels_are_compiled() -> bool:
    """The same for topological clusters."""
    from vitreous.structure.tcc import _pairs_kernel, _rings_kernel

    return all(map(_is_on_disk, (_pairs_kernel.pairs, _rings_kernel.rings)))


def _is_on_disk(kernel: Any) -> bool:
    folder = Path(str(kernel.stats.cache_path))
    source = Path(kernel.py_func.__code__.co_filename)
    written = source.stat().st_mtime
    kept = folder.glob(f"{source.stem}.{kernel.py_func.__qualname__}-*.nbi")
    return any(index.stat().st_mtime >= written for index in kept)
