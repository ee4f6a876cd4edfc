"""Whether the kernels still have to be compiled, so that a person can be told why the first call takes long."""

from __future__ import annotations

from pathlib import Path

__all__ = ["kernels_are_compiled"]


def kernels_are_compiled() -> bool:
    """Whether the slowest kernels were compiled before and are kept on disk (importing them costs 0.5 s)."""
    from vitreous.structure import _bond_order_kernel, _neighbors_kernel

    for kernel in (_neighbors_kernel.search_sann, _bond_order_kernel.bond_order):
        folder = Path(str(kernel.stats.cache_path))
        name = kernel.py_func.__qualname__
        module = kernel.py_func.__module__.rsplit(".", 1)[-1]
        if not any(folder.glob(f"{module}.{name}-*.nbi")):
            return False
    return True
