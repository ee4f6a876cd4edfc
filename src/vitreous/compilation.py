"""Whether the kernels still have to be compiled, so that a person can be told why the first call takes long."""

from __future__ import annotations

from typing import Any

__all__ = ["cluster_kernels_are_compiled", "hard_sphere_kernels_are_compiled", "kernels_are_compiled"]


def kernels_are_compiled() -> bool:
    """Whether the slowest kernels were compiled before and are kept on disk (importing them costs 0.5 s)."""
    from vitreous.structure import _bond_order_kernel, _neighbors_kernel

    return all(map(_is_on_disk, (_neighbors_kernel.search_sann, _bond_order_kernel.bond_order)))


def hard_sphere_kernels_are_compiled() -> bool:
    """Whether the kernels of the engine of hard spheres were compiled before and are kept on disk."""
    from vitreous.simulate.event_driven import _listing_kernel, _run_kernel

    return all(map(_is_on_disk, (_listing_kernel.list_all, _run_kernel.predict_all, _run_kernel.run)))


def cluster_kernels_are_compiled() -> bool:
    """Whether the kernels of topological clusters were compiled before and are kept on disk."""
    from vitreous.structure.tcc import _pairs_kernel, _rings_kernel

    return all(map(_is_on_disk, (_pairs_kernel.pairs, _rings_kernel.rings)))


def _is_on_disk(kernel: Any) -> bool:
    """Whether it is kept, as it is now, for this processor."""
    try:
        target = kernel.targetctx.codegen().magic_tuple()
        return any(key[1] == target for key in kernel._cache._cache_file._load_index())
    except Exception:  # of Numba's own files and names: where in doubt, it is not
        return False
