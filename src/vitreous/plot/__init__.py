"""Seeing a snapshot: pictures and figures without a display, an interactive page without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous._lazy import lazy

if TYPE_CHECKING:
    from vitreous.plot.camera import Camera as Camera
    from vitreous.plot.colors import red_colormap as red_colormap
    from vitreous.plot.colors import two_sigma_limits as two_sigma_limits
    from vitreous.plot.colors import value_colors as value_colors
    from vitreous.plot.correlation import correlation_figure as correlation_figure
    from vitreous.plot.equilibration import equilibration_figure as equilibration_figure
    from vitreous.plot.explanation import explanation_figure as explanation_figure
    from vitreous.plot.figure import save_figure as save_figure
    from vitreous.plot.figure import snapshot_figure as snapshot_figure
    from vitreous.plot.league import league_figure as league_figure
    from vitreous.plot.page import embedded_particles as embedded_particles
    from vitreous.plot.page import viewer_script as viewer_script
    from vitreous.plot.page import viewer_style as viewer_style
    from vitreous.plot.page import write_page as write_page
    from vitreous.plot.relaxation import relaxation_figure as relaxation_figure
    from vitreous.plot.snapshot import render_snapshot as render_snapshot
    from vitreous.plot.snapshot import render_snapshots as render_snapshots

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

__all__ = __dir__()
