"""Instructions that Numba does not offer, and what the kernels here keep to; flags are those of `structure`.

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

from vitreous.simulate.event_driven._layout import LANES, MEETING
from vitreous.structure._compiled import asked_for

_DOUBLE, _EIGHT = ir.DoubleType(), ir.VectorType(ir.DoubleType(), 8)
_I32, _I64 = ir.IntType(32), ir.IntType(64)


def element(context: Any, builder: Any, signature: Any, args: Any, n: int) -> Any:
    """Address in bytes of the element of array n whose number is argument n + 1."""
    data = context.make_array(signature.args[n])(context, builder, value=args[n]).data
    return builder.bitcast(builder.gep(data, [args[n + 1]]), ir.IntType(8).as_pointer())


def _shuffle(builder: Any, a: Any, b: Any, *chosen: int) -> Any:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_I32, len(chosen)), list(chosen)))


class Eight:
    """Eight numbers in a vector register, in code that is being built; written as if they were one.

    Comparisons give masks, which `&` and `|` combine.
    """

    def __init__(self, builder: Any, value: Any) -> None:
        self._builder, self.value = builder, value

    @classmethod
    def all(cls, builder: Any, value: Any) -> Eight:
        """The same number eight times."""
        if isinstance(value, float):
            return cls(builder, ir.Constant(_EIGHT, [value] * 8))
        one = builder.insert_element(ir.Constant(_EIGHT, ir.Undefined), value, _I32(0))
        return cls(builder, _shuffle(builder, one, one, *([0] * 8)))

    @classmethod
    def at(cls, builder: Any, address: Any, offset: Any) -> Eight:
        """The numbers in memory from so many bytes after that address on, which is aligned to 64 bytes."""
        place = builder.bitcast(builder.gep(address, [offset]), _EIGHT.as_pointer())
        return cls(builder, builder.load(place, align=64))

    def put(self, address: Any, offset: Any) -> None:
        """Write them into memory there."""
        place = self._builder.bitcast(self._builder.gep(address, [offset]), _EIGHT.as_pointer())
        self._builder.store(self.value, place, align=64)

    def _with(self, what: str, other: Any) -> Eight:
        if isinstance(other, float):
            other = Eight.all(self._builder, other)
        return Eight(self._builder, getattr(self._builder, what)(self.value, other.value))

    def __add__(self, other: Any) -> Eight:
        return self._with("fadd", other)

    def __sub__(self, other: Any) -> Eight:
        return self._with("fsub", other)

    def __mul__(self, other: Any) -> Eight:
        return self._with("fmul", other)

    def __truediv__(self, other: Any) -> Eight:
        return self._with("fdiv", other)

    def __and__(self, other: Any) -> Eight:
        return self._with("and_", other)

    def __or__(self, other: Any) -> Eight:
        return self._with("or_", other)

    def _compared(self, how: str, other: Any) -> Eight:
        if isinstance(other, float):
            other = Eight.all(self._builder, other)
        return Eight(self._builder, self._builder.fcmp_ordered(how, self.value, other.value))

    def __lt__(self, other: Any) -> Eight:
        return self._compared("<", other)

    def __gt__(self, other: Any) -> Eight:
        return self._compared(">", other)

    def __ge__(self, other: Any) -> Eight:
        return self._compared(">=", other)

    def where(self, mask: Eight, other: float) -> Eight:
        """These where the mask holds, elsewhere the other."""
        otherwise = Eight.all(self._builder, other)
        return Eight(self._builder, self._builder.select(mask.value, self.value, otherwise.value))

    def sqrt(self) -> Eight:
        """Their square roots."""
        kind = ir.FunctionType(_EIGHT, [_EIGHT])
        function = cgutils.get_or_insert_function(self._builder.module, kind, "llvm.sqrt.v8f64")
        return Eight(self._builder, self._builder.call(function, [self.value]))


def numbers(context: Any, builder: Any, signature: Any, args: Any, n: int, count: int) -> list[Any]:
    """The first numbers of array n."""
    data = context.make_array(signature.args[n])(context, builder, value=args[n]).data
    return [builder.load(builder.gep(data, [_I64(k)])) for k in range(count)]


def eight_rows(builder: Any, table: Any, numbers: Any) -> list[Eight]:
    """The eight columns of eight rows of a table of eight columns, aligned to 64 bytes.

    `numbers` is the address of the numbers of the rows. Whole rows are loaded and shuffled in registers: even and odd
    columns of two rows, then pairs of columns.
    """
    source = builder.bitcast(table, _EIGHT.as_pointer())
    chosen = builder.bitcast(numbers, _I32.as_pointer())
    loaded = []
    for k in range(8):
        row = builder.zext(builder.load(builder.gep(chosen, [_I64(k)])), _I64)
        loaded.append(builder.load(builder.gep(source, [row]), align=64))
    columns: dict[int, Eight] = {}
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
                columns[half + pair + odd] = Eight(builder, column)
    return [columns[k] for k in range(8)]


def _first_of_lanes(typing_context: Any, row: Any, i: Any) -> Any:
    """Which of the sixteen times of meeting in row[i], none negative or NaN, is the least; of several the first.

    Read as integers such numbers are in the same order, and the least integer takes no branch and no fast-math.
    """
    signature = types.int64(row, i)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = builder.gep(element(context, builder, signature, args, 0), [_I64(MEETING)])
        values = builder.load(builder.bitcast(place, ir.VectorType(_I64, LANES).as_pointer()), align=64)
        least = values
        for half in (8, 4, 2, 1):
            a, b = (_shuffle(builder, least, least, *range(k, k + half)) for k in (0, half))
            least = builder.select(builder.icmp_signed("<", b, a), b, a)
        first = builder.insert_element(values, builder.extract_element(least, _I32(0)), _I32(0))
        everywhere = _shuffle(builder, first, first, *([0] * LANES))
        found = builder.bitcast(builder.icmp_signed("==", values, everywhere), ir.IntType(LANES))
        return builder.cttz(builder.zext(found, _I64), ir.IntType(1)(1))

    return signature, generate


def _lane_of(typing_context: Any, row: Any, i: Any, j: Any) -> Any:
    """Which of the sixteen neighbours in row[i] is particle j; at least sixteen if none is."""
    signature = types.int64(row, i, types.int64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = element(context, builder, signature, args, 0)
        neighbors = builder.load(builder.bitcast(place, ir.VectorType(_I32, LANES).as_pointer()), align=64)
        wanted = builder.insert_element(neighbors, builder.trunc(args[2], _I32), _I32(0))
        everywhere = _shuffle(builder, wanted, wanted, *([0] * LANES))
        found = builder.bitcast(builder.icmp_signed("==", neighbors, everywhere), ir.IntType(LANES))
        return builder.cttz(builder.zext(found, _I64), ir.IntType(1)(0))

    return signature, generate


def _prefetch(typing_context: Any, array: Any, i: Any, line: Any) -> Any:
    """Ask for the cache line so many lines after the beginning of array[i]; what is asked for need not be right."""
    signature = types.void(array, i, line)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = element(context, builder, signature, args, 0)
        place = builder.gep(place, [builder.mul(args[2], _I64(64))])
        return asked_for(context, builder, place)

    return signature, generate


first_of_lanes: Any = intrinsic(_first_of_lanes)
lane_of: Any = intrinsic(_lane_of)
prefetch: Any = intrinsic(_prefetch)
