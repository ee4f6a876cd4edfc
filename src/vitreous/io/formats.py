"""The formats by name and suffix, and which of them a file has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.io import ase_file, gsd_file, lammps_data, lammps_dump, sph, tracks, xyz
from vitreous.io.frame import Entry, Frame
from vitreous.io.streams import COMPRESSIONS, Compression, compression_of, open_text, reading

__all__ = ["FORMATS", "Format", "by_compression", "by_name", "by_suffix", "format_to_read"]

_BYTES_TO_LOOK_AT = 4096


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes
    ----------
    name : str
        What ``format=`` takes.
    title : str
        What messages say.
    suffixes : tuple of str
        File suffixes, without those of a compression.
    read : callable
        Path, name for messages, and number of a frame to `Frame`, and why the file has one frame less than it should.
    read_all : callable
        Path and name to all frames, as `Entry`, one after the other.
    holds : mapping
        What it may hold, and where, by kind: the table in the documentation.
    write : callable, optional
        Path, configuration and name for messages.
    compressible : bool
        Whether the file may be compressed.
    count : callable, optional
        Path and name to the number of frames, where that is known without looking at all of them.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, str, int], tuple[Frame, FileError | None]]
    read_all: Callable[[Path, str], Iterator[Entry]]
    holds: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[Path, Configuration, str], None] | None = None
    compressible: bool = True
    count: Callable[[Path, str], int] | None = None


FORMATS = (
    Format(
        "gsd", "a GSD file", (".gsd",), gsd_file.read, gsd_file.read_all, gsd_file.HOLDS, gsd_file.write,
        compressible=False, count=gsd_file.count_frames,
    ),
    Format(
        "extxyz", "an extended xyz file", (".extxyz",), xyz.read, xyz.read_all, xyz.HOLDS_EXTENDED, xyz.write
    ),
    Format("xyz", "an xyz file", (".xyz",), xyz.read, xyz.read_all, xyz.HOLDS, xyz.write),
    Format(
        "lammps-dump", "a LAMMPS text dump", (".dump", ".lammpstrj", ".lammpsdump", ".atom"),
        lammps_dump.read, lammps_dump.read_all, lammps_dump.HOLDS,
    ),
    Format(
        "lammps-data", "a LAMMPS data file", (".lmp", ".lammps-data"),
        lammps_data.read, lammps_data.read_all, lammps_data.HOLDS,
    ),
    Format("sph", "a .sph file", (".sph",), sph.read, sph.read_all, sph.HOLDS),
    Format("table", "a table of tracks", (".csv", ".tsv"), tracks.read, tracks.read_all, tracks.HOLDS),
    Format(
        "parquet", "a parquet file", (".parquet",), tracks.read_parquet, tracks.read_all_parquet, tracks.HOLDS,
        compressible=False,
    ),
    Format(
        "ase", "a file that ASE reads", (), ase_file.read, ase_file.read_all, ase_file.HOLDS, compressible=False
    ),
)  # fmt: skip


def by_name(name: str) -> Format:
    """The format of a name; an `InputError` if there is none."""
    for entry in FORMATS:
        if entry.name == name:
            return entry
    raise InputError(
        f"format: unknown format {name!r}; known are {', '.join(entry.name for entry in FORMATS)}"
    )


def by_compression(path: Path) -> Compression | None:
    """The compression that the end of a file's name stands for."""
    return next((one for one in COMPRESSIONS if path.suffix.lower() == one.suffix), None)


def by_suffix(path: Path) -> Format | None:
    """The format that the end of a file's name, without that of a compression, stands for."""
    suffix = path.suffix if by_compression(path) is None else Path(path.stem).suffix
    return next((entry for entry in FORMATS if suffix.lower() in entry.suffixes), None)


def format_to_read(path: Path, name: str, given: str | None) -> Format:
    """Choose by name or suffix, else by content; refuse what contradicts the content."""
    asked = None if given is None else by_name(given)
    compression, found = _look_at(path, name)
    chosen = asked or by_suffix(path) or found
    if chosen is None and compression is None and ase_file.is_meant(path):
        chosen = by_name("ase")
    if chosen is None:
        known = ", ".join(suffix for entry in FORMATS for suffix in entry.suffixes)
        packed = ", ".join(one.suffix for one in COMPRESSIONS)
        raise FileError(
            f"{name}: neither the suffix nor the content tells the format; known suffixes are {known}, "
            f"the text formats also with {packed}; or give format (command line: --format)"
        )
    if found is not None and chosen.read is not found.read:
        raise FileError(
            f"{name}: this looks like {found.title}, not like {chosen.title}; rename it to end in "
            f"{found.suffixes[0]} or give format={found.name!r} (command line: --format {found.name})"
        )
    if compression is not None and not chosen.compressible:
        raise FileError(
            f"{name}: {chosen.title} inside {compression.name} cannot be read; decompress it with {compression.command}"
        )
    named = by_compression(path)
    if asked is None and compression is not named:
        looks = (
            "not compressed; remove " + named.suffix
            if compression is None and named is not None
            else f"compressed with {compression.name}; rename it to end in {compression.suffix}"  # type: ignore[union-attr]
        )
        raise FileError(f"{name}: the file looks {looks}")
    return chosen


def _look_at(path: Path, name: str) -> tuple[Compression | None, Format | None]:
    """How the file is compressed, and its format if the first bytes leave no doubt."""
    with reading(name):
        if path.is_dir():
            raise FileError(f"{name}: cannot read, this is a directory")
        if path.exists() and not path.is_file():
            raise FileError(f"{name}: cannot read, this is not a regular file")
        with path.open("rb") as raw:
            head = raw.read(_BYTES_TO_LOOK_AT)
    if not head:
        raise FileError(f"{name}: the file is empty")
    compression = compression_of(head)
    if compression is not None:
        with open_text(path, name) as text:
            head = text.peek(_BYTES_TO_LOOK_AT)
    return compression, _by_content(head)


def _by_content(head: bytes) -> Format | None:
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(gsd_file.GSD_MAGIC):
        found = "gsd"
    elif head.startswith(tracks.PARQUET_MAGIC):
        found = "parquet"
    elif head.lstrip().startswith(b"ITEM:"):
        found = "lammps-dump"
    elif b"Properties=" in b"".join(head.split(b"\n", 2)[1:2]):
        found = "extxyz"
    elif lammps_data.looks_like_data(head):
        found = "lammps-data"
    elif tracks.looks_like_table(head):
        found = "table"
    else:
        return None
    return by_name(found)
