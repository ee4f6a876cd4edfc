"""Seeing a snapshot: pictures and figures without a display, an interactive page without a network."""

from vitreous.plot.camera import Camera
from vitreous.plot.colors import red_colormap, two_sigma_limits, value_colors
from vitreous.plot.figure import save_figure, snapshot_figure
from vitreous.plot.page import embedded_particles, viewer_script, viewer_style, write_page
from vitreous.plot.snapshot import render_snapshot, render_snapshots

__all__ = [
    "Camera",
    "embedded_particles",
    "red_colormap",
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
