"""Input files with which LAMMPS or HOOMD-blue, anywhere, makes the runs of a campaign."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import numpy as np

from vitreous.arrays import whole
from vitreous.ensemble.campaign import Campaign
from vitreous.errors import FileError, InputError
from vitreous.glassformers import model_record
from vitreous.glassformers.sizes import split_by_size, with_split_species
from vitreous.io import write
from vitreous.io.record_file import write_record
from vitreous.simulate._lammps_input import start_of
from vitreous.simulate._lammps_interaction import begins_anywhere, interaction_files
from vitreous.simulate.hoomd_script import hoomd_script
from vitreous.simulate.lammps_script import isoconfigurational_script, lammps_data, lammps_velocities

__all__ = ["write_run_inputs"]

_RUN = "${run}"
_NAMES = {
    "start": "start.gsd",
    "data": "start.data",
    "velocities": f"velocities-{_RUN}.txt",
    "steps": "steps.txt",
    "script": "run.py",
}


def write_run_inputs(campaign: Campaign, folder: Path, runs: int) -> Path:
    """Write a folder with all that the runs of a campaign take, to be carried out elsewhere.

    Velocities are those that `run_campaign` draws, run by run, so that LAMMPS gives the same runs:

    ======================== ======================================================================================
    ``start.gsd``            the snapshot: what the runs are held against afterwards, and where HOOMD-blue begins
    ``start.data``           the same for LAMMPS, without velocities
    ``velocities-N.txt``     those of run N, from 0 on
    ``steps.txt``            the steps at which frames are written
    ``run.in``               a script for LAMMPS, which is told the number of the run; its tables lie beside it
    ``run.py``               the same for HOOMD-blue, if particles are Lennard-Jones ones, cut and shifted
    ``job.sh``               a job array for SLURM
    ``campaign.json``        all parameters and seeds
    ======================== ======================================================================================

    Parameters
    ----------
    campaign : Campaign
        A campaign of a model with forces.
    folder : Path
        New, or empty.
    runs : int
        At least 2.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        For hard spheres and engines of one's own, and for what LAMMPS cannot start from.
    FileError
        If the folder is not empty or cannot be written; nothing is left behind.
    """
    model = campaign.model
    if model is None:
        raise InputError("model: input files are written for models, not for an engine of your own")
    if model.is_hard:
        raise InputError(
            f"{model.name}: there are no input files for hard particles: LAMMPS has no events, and the Monte Carlo of "
            f"HOOMD-blue is another dynamics; vitreous propensity --shard spreads its runs over a cluster"
        )
    whole("runs", runs, 2)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileError(f"{folder}: exists, and is not an empty folder; choose another")
    assert campaign.temperature is not None
    assert campaign.timestep is not None
    kinds, snapshot = split_by_size(model), with_split_species(campaign.snapshot, model)
    dynamics = campaign.temperature, campaign.timestep
    steps = np.rint(campaign.times / campaign.timestep).astype(np.int64).tolist()
    lammps_names = {**_NAMES, "trajectory": f"run-{_RUN}.lammpstrj"}
    texts = {
        **interaction_files(kinds),
        "run.in": isoconfigurational_script(kinds, *dynamics, steps[-1], lammps_names),
        # LAMMPS asks for one step more than it writes.
        "steps.txt": "".join(f"{step}\n" for step in [*steps, 2 * steps[-1] + 1]),
    }
    # Lennard-Jones pairs, cut and shifted; of others there is a script for LAMMPS only.
    by_hoomd = begins_anywhere(model) and not model.is_polydisperse
    texts["job.sh"] = _job(runs, campaign.timestep, by_hoomd)
    if by_hoomd:
        texts["run.py"] = hoomd_script(model, *dynamics, {**_NAMES, "trajectory": f"run-{_RUN}.gsd"})
    seeds = [campaign.replica_seed(number) for number in range(runs)]
    texts["start.data"] = lammps_data(
        start_of(snapshot, kinds, campaign.temperature, seeds[0]), kinds, velocities=False
    )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.parent / f".vitreous-{secrets.token_hex(8)}"
        temporary.mkdir()
    except OSError as error:
        raise FileError(f"{folder}: cannot make it: {error.strerror or error}") from None
    try:
        told = {**model_record(model), "temperature": campaign.temperature}
        write(temporary / _NAMES["start"], campaign.snapshot._replace(metadata={"simulation": told}))
        for name, text in texts.items():
            (temporary / name).write_text(text, encoding="utf-8")
        for number, seed in enumerate(seeds):
            start = start_of(snapshot, kinds, campaign.temperature, seed)
            name = _NAMES["velocities"].replace(_RUN, str(number))
            (temporary / name).write_text(lammps_velocities(start), encoding="utf-8")
        write_record(
            temporary / "campaign.json", {**campaign.as_dict(), "digest": campaign.digest, "seeds": seeds}
        )
        os.replace(temporary, folder)  # takes the place of an empty folder
    except OSError as error:
        raise FileError(f"{folder}: cannot write: {error.strerror or error}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _job(runs: int, timestep: float, by_hoomd: bool) -> str:
    other, afterwards = "", ""
    if by_hoomd:
        other = ", or HOOMD-blue: python run.py ..."
        afterwards = f"""\
# and of HOOMD-blue, whose files have steps but no times:
#   vitreous propensity --from-runs 'run-*.gsd' --start start.gsd --timestep {timestep!r}
"""
    return f"""\
#!/bin/bash
#SBATCH --job-name=propensity
#SBATCH --array=0-{runs - 1}
#SBATCH --ntasks=1
#SBATCH --time=24:00:00

# A run each. On a GPU: lmp -sf gpu -pk gpu 1 -in run.in -var run ...{other}
lmp -in run.in -var run "$SLURM_ARRAY_TASK_ID" -log "run-$SLURM_ARRAY_TASK_ID.log"

# When all have ended, in this folder:
#   vitreous propensity --from-runs 'run-*.lammpstrj' --start start.gsd
{afterwards}"""
