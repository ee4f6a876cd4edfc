"""How the kernels of this room are compiled, and instructions that Numba does not offer.

- No fast-math, no contraction to fused multiply-add: every operation is rounded as IEEE 754 says, so that a
  trajectory is the same to the last bit wherever a pair's collision is predicted, and on every machine.
- No reference counting: kernels allocate nothing and keep nothing, and counting would cost half of the time.
- What is stored as a vector is loaded as one of the same width or less: a processor that has to put together a load
  from several stores waits until they are all in its cache, which costs more than the arithmetic between.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vitreous.structure import _compiled

__all__ = ["ENTRY", "INLINE", "INNER", "copy_lanes", "first_of_lanes", "gather_eight_rows", "prefetch"]

ENTRY: dict[str, Any] = {**_compiled.ENTRY, "_nrt": False}
INNER: dict[str, Any] = {**_compiled.INNER, "_nrt": False}
INLINE: dict[str, Any] = {**INNER, "forceinline": True}

_EIGHT = ir.VectorType(ir.DoubleType(), 8)
_LANES = 16
_I32, _I64 = ir.IntType(32), ir.IntType(64)


def _data(context: Any, builder: Any, signature: Any, args: Any, n: int) -> Any:
    return context.make_array(signature.args[n])(context, builder, value=args[n]).data


def _shuffle(builder: Any, a: Any, b: Any, *chosen: int) -> Any:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_I32, len(chosen)), list(chosen)))


def _lanes_of(context: Any, builder: Any, signature: Any, args: Any, n: int, kind: Any) -> Any:
    """Pointer to sixteen elements of array n, from the flat index in argument n + 1 on."""
    place = builder.gep(_data(context, builder, signature, args, n), [args[n + 1]])
    return builder.bitcast(place, ir.VectorType(kind, _LANES).as_pointer())


def _gather_eight_rows(
    typing_context: Any, table: Any, rows: Any, first: Any, scratch: Any, at: Any, stride: Any
) -> Any:
    """Transpose eight rows of a table of eight columns: scratch[at + d*stride + k] = table[rows[first + k], d].

    `rows` counts as flat, `table` and `scratch` are aligned to 64 bytes, `at` and `stride` are multiples of 8.
    Whole vectors are loaded and shuffled in registers: even and odd columns of two rows, then pairs of columns.
    """
    signature = types.void(table, rows, first, scratch, at, stride)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source = builder.bitcast(_data(context, builder, signature, args, 0), _EIGHT.as_pointer())
        chosen = builder.gep(_data(context, builder, signature, args, 1), [args[2]])
        target = _data(context, builder, signature, args, 3)
        loaded = []
        for k in range(8):
            row = builder.zext(builder.load(builder.gep(chosen, [_I64(k)])), _I64)
            loaded.append(builder.load(builder.gep(source, [row]), align=64))
        for odd in (0, 1):
            twos = [
                _shuffle(builder, loaded[k], loaded[k + 1], *(m + odd for m in (0, 8, 2, 10, 4, 12, 6, 14)))
                for k in (0, 2, 4, 6)
            ]
            for half in (0, 4):
                kept = [m + half for m in (0, 1, 2, 3, 8, 9, 10, 11)]
                four, other = (_shuffle(builder, twos[k], twos[k + 1], *kept) for k in (0, 2))
                for pair in (0, 2):
                    column = _shuffle(builder, four, other, *(m + pair for m in (0, 1, 4, 5, 8, 9, 12, 13)))
                    offset = builder.add(args[4], builder.mul(args[5], _I64(half + pair + odd)))
                    place = builder.bitcast(builder.gep(target, [offset]), _EIGHT.as_pointer())
                    builder.store(column, place, align=64)
        return context.get_dummy_value()

    return signature, generate


def _copy_lanes(typing_context: Any, source: Any, start: Any, target: Any, to: Any) -> Any:
    """Copy sixteen numbers: target.flat[to + k] = source.flat[start + k], both aligned to 64 bytes."""
    signature = types.void(source, start, target, to)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        taken, given = (_lanes_of(context, builder, signature, args, n, ir.DoubleType()) for n in (0, 2))
        builder.store(builder.load(taken, align=64), given, align=64)
        return context.get_dummy_value()

    return signature, generate


def _first_of_lanes(typing_context: Any, times: Any, start: Any) -> Any:
    """Which of sixteen times, none of them negative or NaN, is the least; the first one of several.

    Read as integers such numbers are in the same order, and the least integer takes no branch and no fast-math.
    """
    signature = types.int64(times, start)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _lanes_of(context, builder, signature, args, 0, _I64)
        values = least = builder.load(place, align=64)
        for half in (8, 4, 2, 1):
            a, b = (_shuffle(builder, least, least, *range(k, k + half)) for k in (0, half))
            least = builder.select(builder.icmp_signed("<", b, a), b, a)
        first = builder.insert_element(values, builder.extract_element(least, _I32(0)), _I32(0))
        everywhere = _shuffle(builder, first, first, *([0] * _LANES))
        found = builder.bitcast(builder.icmp_signed("==", values, everywhere), ir.IntType(_LANES))
        return builder.cttz(builder.zext(found, _I64), ir.IntType(1)(1))

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


gather_eight_rows: Any = intrinsic(_gather_eight_rows)
copy_lanes: Any = intrinsic(_copy_lanes)
first_of_lanes: Any = intrinsic(_first_of_lanes)
prefetch: Any = intrinsic(_prefetch)
