"""Event-driven molecular dynamics of hard spheres."""

from vitreous.simulate.event_driven.engine import HardSphereMD

__all__ = ["HardSphereMD"]
