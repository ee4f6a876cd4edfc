"""Simulations of the glass formers: hard spheres by our own engine, the mixtures by LAMMPS."""
