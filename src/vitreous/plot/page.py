"""The interactive page: one HTML file with particles and viewer inside, which needs no network."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.configuration import Configuration, Diameters
from vitreous.errors import InputError
from vitreous.io.atomic import atomic_path
from vitreous.plot._particles import displayed_diameters, displayed_positions, particle_column
from vitreous.plot.camera import Camera
from vitreous.plot.colors import NO_VALUE_RGB, red_table, two_sigma_limits
from vitreous.plot.snapshot import box_edges
from vitreous.web import bundle, embedded_json, fill, script_parts, web_file

__all__ = ["embedded_particles", "viewer_script", "viewer_style", "write_page"]

# Paul Tol's "bright" scheme, safe for colour-blind readers; further categories go round the hues.
_CATEGORIES = (
    (68, 119, 170),
    (238, 102, 119),
    (34, 136, 51),
    (204, 187, 68),
    (102, 204, 238),
    (170, 51, 119),
)
_LARGEST_CATEGORIES = 65_536
_MOST_PARTICLES = (
    4_000_000  # a quarter of a gigabyte with a few columns; browsers end at half a gigabyte of text
)


def write_page(
    path: str | os.PathLike[str],
    configuration: Configuration,
    columns: Mapping[str, ArrayLike],
    *,
    diameters: Diameters | None = None,
    title: str | None = None,
    color_by: str | None = None,
) -> None:
    """Write a page that shows the particles in three dimensions; whole or not at all.

    The file needs no network and no other file. It holds 23 bytes a particle, and 5 more for each column.

    Parameters
    ----------
    path : path
        The HTML file.
    configuration : Configuration
        N particles in any box, shown inside it along its periodic axes.
    columns : mapping of name to (N,) array_like
        Numbers, flags or labels to colour by and to read off. Species is always among them. Numbers are
        kept as float32, integers exactly; NaN and infinite ones are grey and read "–".
    diameters : (N,) array_like, float or mapping from species label, optional
        As in `render_snapshot`.
    title : str, optional
        By default the name of the file that the configuration came from.
    color_by : str, optional
        Column to begin with; by default the first one.

    Raises
    ------
    InputError
        If columns or diameters do not fit the configuration, `color_by` is not among the columns, or there are more
        than four million particles, which browsers do not show.
    FileError
        If the file cannot be written.
    """
    if len(configuration) > _MOST_PARTICLES:
        raise InputError(
            f"page: {len(configuration):,} particles are more than a browser shows, {_MOST_PARTICLES:,}; write a part "
            f"of them to a file and view that, or look at the picture that reveal draws"
        )
    particles = embedded_particles(
        configuration, columns, diameters=diameters, title=title, color_by=color_by
    )
    parts = {
        "title": html.escape(title or _source_name(configuration) or "Particles"),
        "style": viewer_style(),
        "particles": particles,
        **script_parts("viewer/main.js"),
    }
    page = fill(web_file("viewer/page.html"), parts)
    with atomic_path(path) as temporary:
        # A file's name may have bytes that are no text.
        temporary.write_text(page, encoding="utf-8", errors="replace", newline="\n")


def viewer_script() -> str:
    """JavaScript that defines Particles, Camera, Controls, Viewer and ParticleReader, for a page of several views.

    Its names are in the scope in which it stands; there are others than these five, so let it stand in a function.
    """
    return bundle("scene/particles.js", "scene/viewer.js", "scene/particle_reader.js")


def viewer_style() -> str:
    """The page's style sheet."""
    return web_file("style.css")


def embedded_particles(
    configuration: Configuration,
    columns: Mapping[str, ArrayLike],
    *,
    diameters: Diameters | None = None,
    title: str | None = None,
    color_by: str | None = None,
) -> str:
    """JSON of the particles for the viewer, with the numbers as base64; safe inside a script element.

    Parameters and errors are those of `write_page`.
    """
    n = len(configuration)
    if "species" in columns:
        raise InputError(
            "columns: 'species' is taken by the labels of the configuration; choose another name"
        )
    if color_by is not None and color_by != "species" and color_by not in columns:
        names = ", ".join(["species", *columns])
        raise InputError(f"color_by: there is no column {color_by!r}; there are {names}")
    positions = displayed_positions(configuration)
    sizes = displayed_diameters(configuration, diameters)
    edges = box_edges(configuration)
    low = np.minimum((positions - sizes[:, None] / 2).min(axis=0), edges.min(axis=(0, 1)))
    high = np.maximum((positions + sizes[:, None] / 2).max(axis=0), edges.max(axis=(0, 1)))
    center = (low + high) / 2
    camera = Camera()
    block = _Block()
    labels = np.array(configuration.species_names)[configuration.species_index]
    header = {
        "n": n,
        "title": title or _source_name(configuration) or "Particles",
        "source": _source_name(configuration),
        "center": center.tolist(),
        "positions": block.add((positions - center).astype(np.float32)),
        "diameters": block.add(sizes.astype(np.float32)),
        "box": {"edges": (edges - center).tolist()},
        "view": {
            "azimuth": camera.azimuth,
            "elevation": camera.elevation,
            "distance": camera.distance,
            "radius": float(np.linalg.norm(high - low)) / 2,
            "reach": 1.3 * float(np.median(sizes)),
        },
        "columns": [
            _column("species", labels, block),
            *(
                _column(name, particle_column(f"column {name!r}", values, n), block)
                for name, values in columns.items()
            ),
        ],
        "color_by": color_by or next(iter(columns), "species"),
        "palettes": {name: _base64(table.tobytes()) for name, table in _palettes().items()},
        "no_value": list(NO_VALUE_RGB),
        "data": _base64(block.data),
    }
    return embedded_json(header)


class _Block:
    """Arrays one after another, each at a multiple of eight bytes, little-endian."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, array: NDArray[Any]) -> dict[str, Any]:
        self.data.extend(b"\0" * (-len(self.data) % 8))
        entry = {"dtype": array.dtype.name, "offset": len(self.data), "length": array.size}
        self.data.extend(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return entry


def _column(name: str, values: NDArray[Any], block: _Block) -> dict[str, Any]:
    if values.dtype.kind == "U":
        categories, codes = np.unique(values, return_inverse=True)
        if len(categories) > _LARGEST_CATEGORIES:
            raise InputError(f"column {name!r}: has {len(categories)} different labels, too many to show")
        stored = codes.astype(np.uint8 if len(categories) <= 256 else np.uint16)
        return {
            "name": name,
            "kind": "category",
            "categories": [str(label) for label in categories],
            "values": block.add(stored),
        }
    stored = _compact(values)
    numbers = stored.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    low, high = two_sigma_limits(values)
    return {
        "name": name,
        "kind": "number",
        "low": None if np.isnan(low) else low,
        "high": None if np.isnan(high) else high,
        "min": float(finite.min()) if finite.size else None,
        "max": float(finite.max()) if finite.size else None,
        "values": block.add(stored),
    }


def _compact(values: NDArray[Any]) -> NDArray[Any]:
    """The numbers in the smallest type that keeps them: float32, and integers exactly."""
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    if values.dtype.kind in "iu":
        if values.min() >= -(2**31) and values.max() < 2**31:
            return values.astype(np.int32)
        return values.astype(np.float64)
    finite = np.abs(values[np.isfinite(values)])
    within = finite.size == 0 or (finite.max() < 3e38 and finite.max() > 1e-30)
    return values.astype(np.float32) if within or not finite.any() else values


def _palettes() -> dict[str, NDArray[np.uint8]]:
    """(256, 3) sRGB tables by the names that the viewer knows."""
    from matplotlib import colormaps
    from matplotlib.colors import hsv_to_rgb

    steps = np.linspace(0.0, 1.0, 256)
    hues = np.stack([np.arange(256) * 0.61803399 % 1.0, np.full(256, 0.55), np.full(256, 0.80)], axis=1)
    categories = np.rint(255 * hsv_to_rgb(hues)).astype(np.uint8)
    categories[: len(_CATEGORIES)] = _CATEGORIES
    return {
        "red": red_table(),
        "sequential": colormaps["viridis"](steps, bytes=True)[:, :3].copy(),
        "diverging": colormaps["RdBu_r"](steps, bytes=True)[:, :3].copy(),
        "categories": categories,
    }


def _source_name(configuration: Configuration) -> str | None:
    """The file's name without the directories, which say more about the machine than about the particles."""
    return PurePath(configuration.source).name if configuration.source else None


def _base64(data: bytes | bytearray) -> str:
    return base64.b64encode(data).decode("ascii")
