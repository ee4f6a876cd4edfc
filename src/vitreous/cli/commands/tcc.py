"""The command `tcc`: topological clusters of a snapshot or several."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from rich.table import Table

import vitreous as vt
from vitreous.cli import parse
from vitreous.cli.compiling import clusters_of
from vitreous.cli.console import add_ending, facts_table, show, stages
from vitreous.cli.files import prefix_of, print_json, write_json
from vitreous.cli.options import OUTPUT, Debug, Json, Quiet, SnapshotFile, option, output_option
from vitreous.cli.reading import ANY, SEVERAL, reads
from vitreous.errors import InputError
from vitreous.formatting import with_error

if TYPE_CHECKING:
    from vitreous.structure.tcc import TopologicalClusters


__all__ = ["tcc"]

_SEVERAL = ("frames", "begin", "end")
_COLUMN = "tcc_"
_QUANTITIES = ("clusters", "particles", "fraction")
_CRYSTALS = ("FCC", "HCP", "BCC_9")
_ALSO_CALLED = {"sp3c": "sp3c (5A)", "sp5c": "sp5c (7A)"}


_BONDS = "Bonds"


@reads("frame", *SEVERAL, *ANY)
def tcc(
    file: SnapshotFile,
    bonds: Annotated[
        str,
        option(
            _BONDS,
            "voronoi, the modified Voronoi construction; or simple, all pairs within the cutoff.",
            metavar="RULE",
        ),
    ] = "voronoi",
    cutoff: Annotated[
        str,
        option(
            _BONDS,
            "Longest bond, in the length unit of the positions; or A-A=1.4,A-B=1.2,B-B=1.3. 1.8 fits the "
            "three models of the paper in their units.",
            metavar="DISTANCE",
        ),
    ] = "1.8",
    fc: Annotated[
        float, option(_BONDS, "Parameter of voronoi: above 0, at most 1; smaller values give fewer bonds.")
    ] = 0.82,
    reading: dict[str, Any] = {},  # noqa: B006  # the options of `reads`
    types: Annotated[
        str | None,
        option(OUTPUT, "Types of clusters to show and to write.", default="all 41", metavar="6A,13A,..."),
    ] = None,
    output: Annotated[
        str | None, output_option("PREFIX", "Start of the names of PREFIX.tcc.gsd and PREFIX.tcc.json.")
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Find the 41 topological clusters in a snapshot or several: how many, and which particles are in them."""
    from vitreous.io import atomic_path
    from vitreous.io.gsd_trajectory import TrajectoryFile

    begun = clock.monotonic()
    prefix = prefix_of(file, output)
    parameters = {"bonds": bonds, "cutoff": parse.distances("--cutoff", cutoff), "fc": fc}
    shown = _known(parse.names(types))
    several = any(name in reading for name in _SEVERAL)
    counts = _Counts(shown)
    with stages(quiet or json) as stage:
        files = [f"{prefix}.tcc.gsd", f"{prefix}.tcc.json"]
        with atomic_path(files[0]) as columns, atomic_path(files[1]) as numbers:
            trajectory = TrajectoryFile(columns)
            for k, what, snapshot in _snapshots(str(file), reading, stage):
                try:
                    clusters, remarks = clusters_of(snapshot, stage, what, **parameters)
                except InputError as error:
                    raise InputError(f"frame {k}: {error}" if several else str(error)) from None
                counts.add(k, snapshot, clusters, remarks)
                trajectory.append(_with_membership(snapshot, clusters, shown, parameters))
            document = counts.as_dict(str(file), parameters)
            write_json(numbers, document)
    if json:
        print_json(document, files)
    elif not quiet:
        _summary(counts, document, files, clock.monotonic() - begun)


def _known(types: list[str] | None) -> list[str]:
    from vitreous.structure.tcc.rules import TYPES

    for name in types or ():
        if name not in TYPES:
            known = ", ".join(_ALSO_CALLED.get(one, one) for one in TYPES)
            raise InputError(f"--types: there is no type {name!r}; known are {known}")
    return [name for name in TYPES if types is None or name in types]


def _snapshots(
    file: str, reading: dict[str, Any], stage: Callable[[str], None]
) -> Iterator[tuple[int, str, vt.Configuration]]:
    """The chosen frames: number, what to say of what is done with them, snapshot."""
    from vitreous.io import frame_numbers, numbered_frames

    stage(f"reading {Path(file).name}")
    if not any(name in reading for name in _SEVERAL):
        options = {name: value for name, value in reading.items() if name not in ("timestep", "interval")}
        yield reading.get("frame", -1), "topological clusters", vt.read(file, **options)
        return
    total = None
    if "begin" not in reading and "end" not in reading:
        total = len(frame_numbers(file, reading["frames"], format=reading.get("format")))
    for done, (k, snapshot) in enumerate(numbered_frames(file, **reading), 1):
        yield k, f"frame {k}" if total is None else f"frame {k} ({done} of {total})", snapshot


def _with_membership(
    snapshot: vt.Configuration, clusters: TopologicalClusters, types: list[str], bonds: dict[str, Any]
) -> vt.Configuration:
    """The snapshot with a column for each type, in place of those of an earlier classification."""
    earlier = {_COLUMN + name for name in clusters.types}
    columns = {name: values for name, values in snapshot.columns.items() if name not in earlier}
    columns |= {_COLUMN + name: clusters.of(name).astype("u1") for name in types}
    metadata = {**snapshot.metadata, "topological_clusters": _parameters(bonds)}
    return snapshot._replace(columns=columns, metadata=metadata)


def _parameters(bonds: dict[str, Any]) -> dict[str, Any]:
    cutoff = bonds["cutoff"]
    if isinstance(cutoff, dict):
        cutoff = {"-".join(pair): distance for pair, distance in cutoff.items()}
    return {**bonds, "cutoff": cutoff, "vitreous": version("vitreous")}


class _Counts:
    """The numbers of each frame."""

    def __init__(self, types: list[str]) -> None:
        self.types = types
        self.frames: list[int] = []
        self.times: list[float | None] = []
        self.species: dict[str, int] = {}
        """Particles of each species in the first frame."""
        self.particles: list[int] = []
        self.bonds: list[int] = []
        self.numbers: list[list[list[float]]] = []
        """A number for each frame, quantity and type."""
        self.remarks: dict[str, int] = {}
        """How many frames each is said of."""

    def add(
        self, k: int, snapshot: vt.Configuration, clusters: TopologicalClusters, remarks: list[str]
    ) -> None:
        import numpy as np

        if not self.frames:
            counts = np.bincount(snapshot.species_index).tolist()
            self.species = dict(zip(snapshot.species_names, counts, strict=True))
        columns = [clusters.types.index(name) for name in self.types]
        self.frames.append(k)
        self.times.append(snapshot.time)
        self.particles.append(len(snapshot))
        self.bonds.append(len(clusters.bonds.pairs))
        self.numbers.append(
            [values[columns].tolist() for values in (clusters.counts, clusters.particles, clusters.fractions)]
        )
        for remark in remarks:
            self.remarks[remark] = self.remarks.get(remark, 0) + 1

    def as_dict(self, file: str, bonds: dict[str, Any]) -> dict[str, Any]:
        """Everything, ready for JSON."""
        import numpy as np

        numbers = np.array(self.numbers, np.float64)
        mean = numbers.mean(axis=0)
        error = None
        if len(numbers) > 1:
            error = numbers.std(axis=0, ddof=1) / np.sqrt(len(numbers))
        return {
            "source": file,
            "frames": self.frames,
            "times": self.times,
            "particles": self.particles,
            "bonds": self.bonds,
            "types": {
                name: {
                    quantity: {
                        "frames": [one[q][t] for one in self.numbers],
                        "mean": float(mean[q, t]),
                        "standard_error": None if error is None else float(error[q, t]),
                    }
                    for q, quantity in enumerate(_QUANTITIES)
                }
                for t, name in enumerate(self.types)
            },
            "remarks": list(self.remarks),
            "parameters": _parameters(bonds),
        }


def _summary(counts: _Counts, document: dict[str, Any], files: list[str], seconds: float) -> None:
    table, absent = _table(document)
    ending = facts_table()
    if absent:
        ending.add_row("in no particle", ", ".join(absent))
    for k, remark in enumerate(_remarks(counts)):
        ending.add_row("" if k else "remarks", f"[yellow]{remark}[/]")
    add_ending(ending, seconds, files)
    show(_head(counts, document), *([table] if table.row_count else []), ending)


def _remarks(counts: _Counts) -> list[str]:
    """Each remark, or the first one if frames differ in their numbers."""
    if not counts.remarks:
        return []
    first = next(iter(counts.remarks))
    frames = sum(counts.remarks.values())
    return [first if len(counts.frames) == 1 else f"{frames} of {len(counts.frames)} frames: {first}"]


def _head(counts: _Counts, document: dict[str, Any]) -> Table:
    table = facts_table()
    several = len(counts.frames) > 1
    first, last = counts.frames[0], counts.frames[-1]
    name = Path(document["source"]).name
    table.add_row(
        "trajectory" if several else "snapshot", name if several or first == -1 else f"{name}, frame {first}"
    )
    if several:
        step = counts.frames[1] - first
        every = "" if step == 1 else f", every {step}"
        table.add_row("frames", f"{len(counts.frames):,}, from {first} to {last}{every}")
        table.add_row("", "below: mean ± standard error, frames taken as independent")
    species = ", ".join(f"{count:,} {kind}" for kind, count in counts.species.items())
    alike = len(set(counts.particles)) == 1
    table.add_row(
        "particles",
        f"{counts.particles[0]:,} ({species})"
        if alike
        else f"{min(counts.particles):,} to {max(counts.particles):,}",
    )
    per_particle = 2 * sum(counts.bonds) / sum(counts.particles)
    table.add_row("bonds", f"{_rule(document['parameters'])}; {per_particle:.2f} per particle")
    return table


def _rule(parameters: dict[str, Any]) -> str:
    cutoff = parameters["cutoff"]
    reach = (
        ", ".join(f"{pair} {distance:.6g}" for pair, distance in cutoff.items())
        if isinstance(cutoff, dict)
        else f"{cutoff:.6g}"
    )
    if parameters["bonds"] == "simple":
        return f"shorter than {reach}"
    return f"Voronoi, fc {parameters['fc']:.6g}, shorter than {reach}"


def _table(document: dict[str, Any]) -> tuple[Table, list[str]]:
    """The table of the types that occur, and the names of the others."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("type", style="bold", no_wrap=True)
    for quantity in _QUANTITIES:
        table.add_column(quantity, justify="right", no_wrap=True)
    absent, group = [], ""
    for name, told in document["types"].items():
        label = _ALSO_CALLED.get(name, name)
        if told["clusters"]["mean"] == 0:
            absent.append(label)
        else:
            if group not in ("", _group(name)):
                table.add_row()
            group = _group(name)
            table.add_row(label, *(_cell(told[quantity], quantity) for quantity in _QUANTITIES))
    return table, absent


def _group(name: str) -> str:
    """Types between which there is a gap."""
    return "rings" if name.startswith("sp") else "crystals" if name in _CRYSTALS else "clusters"


def _cell(told: dict[str, Any], quantity: str) -> str:
    form = ".4f" if quantity == "fraction" else ",.0f"
    mean, error = told["mean"], told["standard_error"]
    if error is None:
        return format(mean, form)
    return with_error(mean, error) if error > 0 else f"{mean:{form}} ± 0"
