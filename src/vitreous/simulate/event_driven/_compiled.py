"""How the kernels of this room are compiled, and two instructions that Numba does not offer.

- No fast-math, no contraction to fused multiply-add: every operation is rounded as IEEE 754 says, so that a
  trajectory is the same to the last bit wherever a pair's collision is predicted, and on every machine.
- No reference counting: kernels allocate nothing and keep nothing, and counting would cost half of the time.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vitreous.structure import _compiled

__all__ = ["ENTRY", "INLINE", "INNER", "gather_four_rows", "prefetch"]

ENTRY: dict[str, Any] = {**_compiled.ENTRY, "_nrt": False}
INNER: dict[str, Any] = {**_compiled.INNER, "_nrt": False}
INLINE: dict[str, Any] = {**INNER, "forceinline": True}

_QUAD = ir.VectorType(ir.DoubleType(), 4)
_I32, _I64 = ir.IntType(32), ir.IntType(64)


def _data(context: Any, builder: Any, signature: Any, args: Any, n: int) -> Any:
    return context.make_array(signature.args[n])(context, builder, value=args[n]).data


def _mask(*lanes: int) -> Any:
    return ir.Constant(ir.VectorType(_I32, 4), list(lanes))


def _gather_four_rows(
    typing_context: Any, table: Any, rows: Any, first: Any, scratch: Any, at: Any, stride: Any
) -> Any:
    """Transpose four rows of a table of eight columns: scratch[at + d*stride + k] = table[rows[first + k], d].

    `rows` counts as flat, `table` and `scratch` are aligned to 32 bytes, `at` and `stride` are multiples of 4.
    Whole vectors are loaded and shuffled in registers, which takes half the time of copying number by number.
    """
    signature = types.void(table, rows, first, scratch, at, stride)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source = builder.bitcast(_data(context, builder, signature, args, 0), _QUAD.as_pointer())
        chosen = builder.gep(_data(context, builder, signature, args, 1), [args[2]])
        target = _data(context, builder, signature, args, 3)
        halves: tuple[list[Any], list[Any]] = ([], [])
        for k in range(4):
            row = builder.zext(builder.load(builder.gep(chosen, [_I64(k)])), _I64)
            pointer = builder.gep(source, [builder.shl(row, _I64(1))])
            halves[0].append(builder.load(pointer, align=32))
            halves[1].append(builder.load(builder.gep(pointer, [_I64(1)]), align=32))
        for half, (a, b, c, d) in enumerate(halves):
            shuffle = builder.shuffle_vector
            even_low, odd_low = shuffle(a, b, _mask(0, 4, 2, 6)), shuffle(a, b, _mask(1, 5, 3, 7))
            even_high, odd_high = shuffle(c, d, _mask(0, 4, 2, 6)), shuffle(c, d, _mask(1, 5, 3, 7))
            columns = (
                shuffle(even_low, even_high, _mask(0, 1, 4, 5)),
                shuffle(odd_low, odd_high, _mask(0, 1, 4, 5)),
                shuffle(even_low, even_high, _mask(2, 3, 6, 7)),
                shuffle(odd_low, odd_high, _mask(2, 3, 6, 7)),
            )
            for k, column in enumerate(columns):
                offset = builder.add(args[4], builder.mul(args[5], _I64(4 * half + k)))
                place = builder.bitcast(builder.gep(target, [offset]), _QUAD.as_pointer())
                builder.store(column, place, align=32)
        return context.get_dummy_value()

    return signature, generate


def _prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of `array.flat[index]`; what is asked for need not be right."""
    signature = types.void(array, index)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = builder.gep(_data(context, builder, signature, args, 0), [args[1]])
        place = builder.bitcast(place, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, _I32, _I32, _I32])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(function, [place, _I32(0), _I32(3), _I32(1)])  # read, keep, data
        return context.get_dummy_value()

    return signature, generate


gather_four_rows: Any = intrinsic(_gather_four_rows)
prefetch: Any = intrinsic(_prefetch)
