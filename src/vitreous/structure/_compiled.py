"""How kernels are compiled: `@njit(**ENTRY)` if Python calls them, `@njit(**INNER)` if only other kernels do.

Without the wrappers that nobody calls, compilation takes a quarter less time. A number written out as an argument is a
type of its own, for which the kernel that takes it is compiled once more; `np.int64(0)` is none.

`@njit(**LEAN)` is for kernels that make no array, those that Python calls (`LEAN_ENTRY`) and others: without reference
counting, which takes up to half of the time where many small functions are given arrays.

`@njit(**FUSED)` is for inner kernels that always become part of their caller: small ones, and with `fastmath` those
whose sums the compiler may reorder. Of a function that is compiled by itself and into its caller too, a process that
compiles runs the one and a process that finds both kept the other, and the two may differ in the last digits.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vitreous._kernel_cache import can_be_kept

ENTRY: dict[str, Any] = {
    "cache": can_be_kept(),
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}
INNER: dict[str, Any] = {**ENTRY, "no_cpython_wrapper": True}
LEAN_ENTRY: dict[str, Any] = {**ENTRY, "_nrt": False}
LEAN: dict[str, Any] = {**INNER, "_nrt": False}
FUSED: dict[str, Any] = {**LEAN, "forceinline": True}


def asked_for(context: Any, builder: Any, place: Any) -> Any:
    """Code that asks for the cache line of an address in bytes; the address need not be right."""
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(function, [place, number(0), number(3), number(1)])  # read, keep, data
    return context.get_dummy_value()


def _prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of `array.flat[index]`; what is asked for need not be right."""
    signature = types.void(array, index)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, value=args[0]).data
        place = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(8).as_pointer())
        return asked_for(context, builder, place)

    return signature, generate


prefetch: Any = intrinsic(_prefetch)
