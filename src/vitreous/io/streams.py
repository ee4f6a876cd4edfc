"""Open files for reading and writing, compressed or not, with errors a person can use."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from vitreous.errors import FileError, InputError
from vitreous.io.text import TextFile

__all__ = [
    "COMPRESSIONS",
    "Compression",
    "compression_of",
    "in_file",
    "open_text",
    "open_text_for_writing",
    "reading",
]

_PACKED_AT_ONCE = 8192
_UNPACKED_AT_ONCE = 1 << 18


class _Zstandard:
    """The bytes inside a zstd file, one frame after the other, as far as it goes."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw, self._left = raw, b""
        self._frame: Any = None
        self._ready = b""

    def read1(self, size: int) -> bytes:
        import zstandard

        while not self._ready:
            packed = self._left or self._raw.read(_PACKED_AT_ONCE)
            if not packed:
                if self._frame is None:
                    return b""
                raise EOFError  # before the end of the frame
            self._left = b""
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._ready = self._frame.decompress(packed)
            if self._frame.eof:
                self._left, self._frame = self._frame.unused_data, None
        part, self._ready = self._ready[:size], self._ready[size:]
        return part


def _open_zstandard(raw: BinaryIO) -> _Zstandard:
    _need_zstandard()
    return _Zstandard(raw)


def _need_zstandard() -> None:
    try:
        import zstandard  # noqa: F401
    except ImportError:
        raise FileError(
            "files inside zstd need the package zstandard: pip install zstandard, or decompress it with unzstd"
        ) from None


def _write_gzip(raw: BinaryIO) -> Any:
    return gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=4, mtime=0)


def _write_bzip2(raw: BinaryIO) -> Any:
    return bz2.BZ2File(raw, "wb")


def _write_zstandard(raw: BinaryIO) -> Any:
    _need_zstandard()
    import zstandard

    return zstandard.ZstdCompressor().stream_writer(raw, closefd=False)


@dataclass(frozen=True)
class Compression:
    """A way to compress text files.

    Attributes
    ----------
    name, suffix : str
        What messages say, and how file names end.
    magic : bytes
        How the files begin.
    command : str
        What decompresses them.
    open, write : callable
        From a binary file to one with ``read1`` of what is inside, and to one that compresses.
    """

    name: str
    suffix: str
    magic: bytes
    command: str
    open: Callable[[BinaryIO], Any]
    write: Callable[[BinaryIO], Any]


COMPRESSIONS = (
    Compression("gzip", ".gz", b"\x1f\x8b", "gunzip", lambda raw: gzip.GzipFile(fileobj=raw), _write_gzip),
    Compression("bzip2", ".bz2", b"BZh", "bunzip2", bz2.BZ2File, _write_bzip2),
    Compression("zstd", ".zst", b"\x28\xb5\x2f\xfd", "unzstd", _open_zstandard, _write_zstandard),
)


def compression_of(head: bytes) -> Compression | None:
    """The compression of a file that begins so, if it has one."""
    return next((one for one in COMPRESSIONS if head.startswith(one.magic)), None)


class _Unpacked(io.RawIOBase):
    """What is inside a compressed file, as far as it goes; going back begins anew."""

    def __init__(self, raw: BinaryIO, compression: Compression) -> None:
        self._raw, self._compression = raw, compression
        self.cut_off = False
        self._begin()

    def _begin(self) -> None:
        self._raw.seek(0)
        self._inside, self._place = self._compression.open(self._raw), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self._inside.read1(len(buffer))
        except EOFError:
            self.cut_off, part = True, b""
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._place
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end of a compressed file is not known")
        if offset < self._place:
            self._begin()
        while self._place < offset and self.read(min(_UNPACKED_AT_ONCE, offset - self._place)):
            pass
        return self._place

    def tell(self) -> int:
        return self._place


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn whatever goes wrong while reading the file `name` into one `FileError`."""
    try:
        yield
    except gzip.BadGzipFile:
        raise FileError(f"{name}: the gzip file is damaged, or something follows its end") from None
    except (EOFError, zlib.error):
        raise FileError(f"{name}: the gzip file is truncated or damaged; copy or compress it again") from None
    except MemoryError:
        raise FileError(f"{name}: the frame does not fit into memory") from None
    except OSError as error:
        raise FileError(f"{name}: cannot read: {error.strerror or error}") from None
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise FileError(f"{name}: the zstd file is damaged: {error}") from None


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Say of what is wrong with the content of the file `name` that it is in there, unless it is said already."""
    try:
        yield
    except FileError:
        raise
    except InputError as error:
        raise FileError(f"{name}: {error}") from None


@contextmanager
def open_text(path: Path, name: str) -> Iterator[TextFile]:
    """Open a text file, compressed or not, as `TextFile`; errors carry `name`."""
    with reading(name), path.open("rb") as raw:
        compression = compression_of(raw.peek(4)[:4])
        if compression is None:
            yield TextFile(raw, name)
            return
        try:
            unpacked = _Unpacked(raw, compression)
        except FileError as error:
            raise FileError(f"{name}: {error}") from None
        stream = cast(BinaryIO, io.BufferedReader(unpacked, _UNPACKED_AT_ONCE))
        yield TextFile(stream, name, lambda: unpacked.cut_off)


@contextmanager
def open_text_for_writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for encoded text, compressed as the end of its name says, the same bytes every time."""
    compression = next((one for one in COMPRESSIONS if path.suffix == one.suffix), None)
    with path.open("wb") as raw:
        if compression is None:
            yield raw
        else:
            with compression.write(raw) as stream:
                yield cast(BinaryIO, stream)
