"""The isoconfigurational ensemble: many runs from the same positions, each with velocities of its own."""
