"""Open files for reading and writing, compressed or not, with errors a person can use."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from vitreous.errors import FileError
from vitreous.io.text import TextFile

__all__ = ["GZIP_MAGIC", "open_text", "open_text_for_writing", "reading"]

GZIP_MAGIC = b"\x1f\x8b"


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


@contextmanager
def open_text(path: Path, name: str) -> Iterator[TextFile]:
    """Open a text file, gzip-compressed or not, as `TextFile`; errors carry `name`."""
    with reading(name), path.open("rb") as raw:
        compressed = raw.peek(2)[:2] == GZIP_MAGIC
        stream = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=raw))) if compressed else raw
        yield TextFile(stream, name)


@contextmanager
def open_text_for_writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for encoded text, compressed if its name ends in ``.gz``, the same bytes every time."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=4, mtime=0) as stream:
                yield cast(BinaryIO, stream)
        else:
            yield raw
