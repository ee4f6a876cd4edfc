"""GSD files in the HOOMD schema, which OVITO, HOOMD-blue and freud read.

GSD holds positions in single precision, centred in a restricted triclinic cell, and knows neither open
boundaries nor text. What that leaves out goes into log chunks: ``log/particles/<name>`` for every further
column, ``log/particles/position64`` and its like for what rounding would lose, and ``log/vitreous/frame``, a
JSON text, for the rest. On reading these count only as long as they agree with the standard chunks, so that a
file edited by another program says what that program wrote.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.io.frame import Entry, Frame, check_columns
from vitreous.io.gsd_cell import StandardForm, box_of, standard_form
from vitreous.io.gsd_chunks import Chunks, diameters_of, step_of
from vitreous.io.metadata import from_json, to_json
from vitreous.io.streams import reading
from vitreous.io.text import shorten

__all__ = [
    "GSD_MAGIC",
    "HOLDS",
    "RESERVED_COLUMNS",
    "count_frames",
    "layout",
    "opened",
    "read",
    "read_all",
    "write",
    "writing",
]

HOLDS = {
    "species": "`types`, `typeid`",
    "sizes": "`diameter`, else spheres of `type_shapes`",
    "cell": "any, centred at zero",
    "faces": "all periodic, unless vitreous wrote it",
    "images": "`image`",
    "time": "`step`; time if vitreous wrote it",
    "identity": "order of the rows",
    "columns": "standard ones, `log/particles/*`",
}

GSD_MAGIC = b"\xdf\x65" * 4

_HEADER = struct.Struct("<QQQQQII64s64s80s")
_INDEX_ENTRY_BYTES, _NAME_BYTES = 32, 64
_SIDE = "log/vitreous/frame"
_LOG = "log/particles/"
RESERVED_COLUMNS = ("position64", "diameter64", "image64")
_STANDARD_COLUMNS = ("mass", "charge", "body", "velocity", "orientation", "angmom", "moment_inertia")
_STORED_AS = {"bool": "uint8", "float16": "float32"}  # types that GSD lacks


def read(path: Path, name: str, frame: int) -> tuple[Frame, None]:
    """Read one frame of a GSD file of any origin.

    A diameter counts only where the file really holds one, or the type is the shape of a sphere: GSD's default of 1
    says nothing. Everything is periodic unless vitreous wrote otherwise. ``particles/mass``, ``velocity`` and their
    like, and all ``log/particles`` chunks, become columns.
    """
    with opened(path, name) as file:
        count = file.nframes
        if count == 0:
            raise FileError(f"{name}: the file has no frames")
        if not -count <= frame < count:
            raise FileError(f"{name}: there is no frame {frame}; the file has {count} (0 to {count - 1})")
        return _read_frame(Chunks(file, frame % count, name), name), None


def read_all(path: Path, name: str) -> Iterator[Entry]:
    """All frames, one after the other."""
    with opened(path, name) as file:
        if file.nframes == 0:
            raise FileError(f"{name}: the file has no frames")
        for k in range(file.nframes):
            yield _entry(Chunks(file, k, name), k, name)


def _entry(chunks: Chunks, number: int, name: str) -> Entry:
    try:
        step = step_of(chunks)
        side = chunks.own(_SIDE)
        time = None if side is None else from_json(side.tobytes().decode()).get("time")
    except (OSError, MemoryError):
        raise
    except Exception:  # what is damaged is told when the frame is read
        step = time = None

    def load() -> Frame:
        with _damage_told(name):
            return _read_frame(chunks, name)

    return Entry(number, load, step, time if isinstance(time, float | int) else None)


def count_frames(path: Path, name: str) -> int:
    """Number of frames."""
    with opened(path, name) as file:
        return int(file.nframes)


@contextmanager
def opened(path: Path, name: str) -> Iterator[Any]:
    """The file opened for reading, after a look at its header; damage becomes one line."""
    import gsd.fl

    with reading(name):
        _check_header(path, name)
        with _damage_told(name), gsd.fl.open(name=str(path), mode="r") as file:
            if file.schema != "hoomd" or not (1, 0) <= file.schema_version < (3, 0):
                raise FileError(
                    f"{name}: a GSD file with schema {file.schema!r} {file.schema_version}; only the "
                    f"hoomd schema, 1.x or 2.x, can be read"
                )
            yield file


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except (InputError, OSError, MemoryError):
        raise
    except Exception as error:  # whatever the library makes of damaged bytes
        raise FileError(f"{name}: the GSD file is damaged: {shorten(str(error))}") from None


def _check_header(path: Path, name: str) -> None:
    """Check the places that the header points to; the library adds them up without looking for overflow."""
    with path.open("rb") as raw:
        header = raw.read(_HEADER.size)
        size = raw.seek(0, 2)
    if header[:8] != GSD_MAGIC:
        raise FileError(f"{name}: this is not a GSD file")
    if len(header) < _HEADER.size:
        raise FileError(f"{name}: the GSD file is truncated")
    _, index, entries, names, name_blocks, _, _, application, schema, _ = _HEADER.unpack(header)
    if (
        min(entries, name_blocks) == 0
        or index + _INDEX_ENTRY_BYTES * entries > size
        or names + _NAME_BYTES * name_blocks > size
        or b"\0" not in application
        or b"\0" not in schema
    ):
        raise FileError(f"{name}: the GSD file is truncated or damaged")


def _read_frame(chunks: Chunks, name: str) -> Frame:
    position = chunks.get("particles/position")
    if position is not None and position.shape[:1] == (0,):
        raise FileError(f"{name}: the frame has no particles")
    if position is None or position.ndim != 2 or position.shape[1] != 3:
        raise FileError(f"{name}: the frame has no particles with positions")
    n = len(position)
    count = chunks.get("particles/N")
    if count is None or count.tolist() != [n]:
        raise FileError(f"{name}: particles/N is not the number of positions, {n}; the file is damaged")
    box = chunks.get("configuration/box")
    if box is None or box.shape != (6,):
        raise FileError(f"{name}: the frame has no box (configuration/box)")
    dimensions = chunks.get("configuration/dimensions")
    if (dimensions is not None and dimensions.tolist() == [2]) or box[2] == 0:
        raise FileError(f"{name}: this is a two-dimensional GSD file; vitreous needs three dimensions")
    step = step_of(chunks)
    image = chunks.per_particle("particles/image", n, 3)
    if image is None and "" in chunks.names("particles/image"):
        image = np.zeros((n, 3))  # the default; that other frames have images shows that they are counted
    types = chunks.get("particles/types")
    labels = ["A"] if types is None else [bytes(row).split(b"\0")[0].decode() for row in types]
    typeid = chunks.per_particle("particles/typeid", n)
    typeid = np.zeros(n, np.uint32) if typeid is None else typeid
    if typeid.ndim != 1 or typeid.max() >= len(labels):
        raise FileError(f"{name}: a typeid has no type; the file is damaged")
    columns = {key: chunks.per_particle(f"particles/{key}", n) for key in _STANDARD_COLUMNS}
    columns |= {key: chunks.per_particle(_LOG + key, n) for key in chunks.names(_LOG)}
    frame = Frame(
        positions=position.astype(np.float64),
        box=box_of(box),
        species=np.array(labels)[typeid],
        diameters=diameters_of(chunks, n, typeid),
        images=None if image is None else image.astype(np.int64),
        step=step,
        number=chunks.frame,
        columns={key: values for key, values in columns.items() if values is not None},
    )
    side = chunks.get(_SIDE)
    if side is not None:
        try:
            side = from_json(side.tobytes().decode())
            _restore(frame, side, box)
            if [str(label) for label in side["labels"]] == labels:
                frame.species = np.array(side["labels"])[typeid]
            if chunks.own(_SIDE) is not None:
                frame.time, frame.metadata = side["time"], side["metadata"]
                frame.step = side["step"] if frame.step == _counted(side["step"]) else frame.step
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise FileError(f"{name}: the chunk {_SIDE} is damaged: {shorten(str(error))}") from None
    return frame


def _restore(frame: Frame, side: dict[str, Any], box: NDArray[np.float32]) -> None:
    """Put back what the standard chunks could not hold, where the two still agree."""
    x, y, z = side["periodic"]
    frame.box = box_of(box, (bool(x), bool(y), bool(z)))
    position, diameter, image = (frame.columns.pop(name, None) for name in RESERVED_COLUMNS)
    known = frame.diameters
    if diameter is not None and known is not None and np.array_equal(diameter.astype(np.float32), known):
        frame.diameters = diameter
    if position is not None and position.shape == frame.positions.shape and np.isfinite(position).all():
        exact = Box(side["vectors"], frame.box.periodic, side["origin"])
        images = {"none": None, "standard": frame.images, "own": image}[side["images"]]
        zeros = np.zeros(frame.positions.shape, np.int64)
        written = StandardForm(
            box, frame.positions.astype(np.float32), zeros if frame.images is None else frame.images
        )
        if standard_form(position, exact, images).agrees_with(written):
            frame.positions, frame.box, frame.images = position, exact, images
            frame.unwrapped = bool(side["unwrapped"])
    for name, spec in side["columns"].items():
        values = frame.columns.get(name)
        if values is None:
            continue
        if "categories" in spec:
            values = np.array(spec["categories"], dtype=np.str_)[values]
        elif values.dtype == _STORED_AS.get(spec["dtype"]):
            values = values.astype(spec["dtype"])
        frame.columns[name] = values.reshape(len(values), *spec["shape"])


def write(path: Path, configuration: Configuration, target: str) -> None:
    """Write one configuration, which `read` returns to the bit and other programs see in single precision.

    Raises
    ------
    FileError
        For names, labels or values that GSD cannot hold.
    """
    chunks = layout(configuration, target)
    path.touch()  # with the usual permissions; the library would deny others to read
    with writing(path, "w", target) as file:
        for name, values in chunks.items():
            file.write_chunk(name, values)
        file.end_frame()


@contextmanager
def writing(path: Path, mode: str, target: str) -> Iterator[Any]:
    """The file opened by the gsd library, whose errors become one line."""
    import gsd.fl

    try:
        with gsd.fl.open(
            name=str(path), mode=mode, application="vitreous", schema="hoomd", schema_version=[1, 4]
        ) as file:
            yield file
    except (RuntimeError, UnicodeError) as error:
        raise FileError(f"{target}: cannot write: {error}") from None


def layout(configuration: Configuration, target: str) -> dict[str, NDArray[Any]]:
    """All chunks of a frame by name; a `FileError` for names, labels or values that GSD cannot hold."""
    try:
        check_columns(configuration, RESERVED_COLUMNS, target)
        with np.errstate(all="ignore"):
            return {name: np.ascontiguousarray(values) for name, values in _layout(configuration).items()}
    except FileError:
        raise
    except ValueError as error:
        raise FileError(f"{target}: cannot write: {error}") from None


def _layout(configuration: Configuration) -> dict[str, NDArray[Any]]:
    box, images = configuration.box, configuration.images
    standard = standard_form(configuration.positions, box, images)
    labels = np.unique(configuration.species).tolist()
    names = [str(label).encode() for label in labels]
    if any(b"\0" in name for name in names):
        raise ValueError("a species label has a NUL character")
    width = max(map(len, names)) + 1
    chunks: dict[str, NDArray[Any]] = {
        "configuration/step": np.array([_counted(configuration.step)], np.uint64),
        "configuration/box": standard.box,
        "configuration/dimensions": np.array([3], np.uint8),
        "particles/N": np.array([len(configuration)], np.uint32),
        "particles/types": np.array(names, dtype=f"S{width}").view(np.int8).reshape(-1, width),
        "particles/typeid": configuration.species_index.astype(np.uint32),
        "particles/position": standard.positions,
        _LOG + "position64": configuration.positions,
    }
    diameters = configuration.diameters
    if diameters is not None:
        chunks["particles/diameter"] = diameters.astype(np.float32)
        if not np.array_equal(chunks["particles/diameter"], diameters):
            chunks[_LOG + "diameter64"] = diameters
    if images is not None or standard.images.any():
        chunks["particles/image"] = standard.images.astype(np.int32)
    kept = "none" if images is None else "standard" if np.array_equal(images, standard.images) else "own"
    if images is not None and kept == "own":
        chunks[_LOG + "image64"] = images
    specs = {}
    for name, values in configuration.columns.items():
        chunks[_LOG + name], specs[name] = _stored(values)
    side = {
        "version": 1,
        "vectors": box.vectors.tolist(),
        "origin": box.origin.tolist(),
        "periodic": box.periodic,
        "unwrapped": configuration.unwrapped,
        "images": kept,
        "labels": labels,
        "time": configuration.time,
        "step": configuration.step,
        "columns": specs,
        "metadata": dict(configuration.metadata),
    }
    chunks[_SIDE] = np.frombuffer(to_json(side).encode(), np.uint8)
    return chunks


def _stored(values: NDArray[Any]) -> tuple[NDArray[Any], dict[str, Any]]:
    """A column in a type and shape that GSD has, and how to undo it."""
    spec: dict[str, Any] = {"shape": values.shape[1:]}
    if values.dtype.kind == "U":
        categories, values = np.unique(values, return_inverse=True)
        spec["categories"] = categories.tolist()
        stored = values.astype(np.uint32)
    else:
        spec["dtype"] = values.dtype.name
        stored = values.astype(_STORED_AS.get(values.dtype.name, values.dtype.name))
    return stored.reshape((len(stored), -1) if stored.ndim > 2 else stored.shape), spec


def _counted(step: int | None) -> int:
    """The step if GSD's unsigned integer holds it, else its default, 0."""
    return step if step is not None and 0 <= step < 2**64 else 0
