"""LAMMPS in this process: what it opens besides."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LISTENING = """
import os, psutil
from vitreous.simulate._lammps_library import open_lammps
open_lammps()
assert not {"UCX_TLS", "FI_PROVIDER"} & set(os.environ)
print([place.laddr for place in psutil.Process().net_connections() if place.status == psutil.CONN_LISTEN])
"""


@pytest.mark.parametrize("below", ["ucx", "ofi"])
def test_nobody_can_reach_the_message_passing_of_lammps(below):
    """MPI would listen on every network of this machine, whichever library it stands on."""
    own = {name: value for name, value in os.environ.items() if name not in ("UCX_TLS", "FI_PROVIDER")}
    process = subprocess.run(
        [sys.executable, "-c", LISTENING],
        env=own | {"MPIR_CVAR_CH4_NETMOD": below},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == "[]\n"
