"""What can be said of a given trajectory: displacements, scattering, relaxation."""
