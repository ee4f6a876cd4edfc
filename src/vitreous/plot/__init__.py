"""Seeing a snapshot: pictures and figures without a display, an interactive page without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.plot.camera import Camera
    from vitreous.plot.colors import red_colormap, two_sigma_limits, value_colors
    from vitreous.plot.correlation import correlation_figure
    from vitreous.plot.equilibration import equilibration_figure
    from vitreous.plot.explanation import explanation_figure
    from vitreous.plot.figure import save_figure, snapshot_figure
    from vitreous.plot.league import league_figure
    from vitreous.plot.page import embedded_particles, viewer_script, viewer_style, write_page
    from vitreous.plot.relaxation import relaxation_figure
    from vitreous.plot.snapshot import render_snapshot, render_snapshots

__all__ = [
    "Camera",
    "correlation_figure",
    "embedded_particles",
    "equilibration_figure",
    "explanation_figure",
    "league_figure",
    "red_colormap",
    "relaxation_figure",
    "render_snapshot",
    "render_snapshots",
    "save_figure",
    "snapshot_figure",
    "two_sigma_limits",
    "value_colors",
    "viewer_script",
    "viewer_style",
    "write_page",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "camera": ("Camera",),
        "colors": ("red_colormap", "two_sigma_limits", "value_colors"),
        "correlation": ("correlation_figure",),
        "equilibration": ("equilibration_figure",),
        "explanation": ("explanation_figure",),
        "figure": ("save_figure", "snapshot_figure"),
        "league": ("league_figure",),
        "page": ("embedded_particles", "viewer_script", "viewer_style", "write_page"),
        "relaxation": ("relaxation_figure",),
        "snapshot": ("render_snapshot", "render_snapshots"),
    },
)
