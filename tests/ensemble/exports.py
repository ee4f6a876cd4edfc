"""Frames of runs as other programs write them."""

from __future__ import annotations

import gsd.hoomd
import numpy as np

import vitreous as vt
from vitreous.io.gsd_trajectory import TrajectoryFile

__all__ = ["at_time", "bare", "dump", "extxyz", "hoomd_gsd", "our_gsd", "recorded_runs", "written"]


def recorded_runs(campaign, runs):
    """Of each run of a campaign the frames at time 0 and at all times, unwrapped."""
    found = []
    for number in range(runs):
        engine = campaign.start(campaign.replica_seed(number))
        frames = [engine.frame()]
        for time in campaign.times:
            engine.advance(float(time))
            frames.append(engine.frame())
        found.append([bare(frame, k) for k, frame in enumerate(frames)])
    return found


def bare(frame, step=None, *, wrapped=False, time=True):
    """Positions, species and time, and nothing else."""
    images = None
    positions = frame.unwrapped_positions
    if wrapped:
        positions, images = frame.box.wrap(positions)
    return vt.Configuration(
        positions,
        frame.box,
        frame.species,
        unwrapped=not wrapped,
        images=images,
        time=frame.time if time else None,
        step=step,
    )


def dump(path, frames, *, columns="xu yu zu", digits="%.13g", order=None, types=True, time=True, ids=True):
    """A LAMMPS text dump; `order` (a generator of random numbers) shuffles each frame."""
    lines = []
    for frame in frames:
        n, box = len(frame), frame.box
        wrapped, images = box.wrap(frame.positions)
        values = {
            "xu yu zu": frame.positions,
            "x y z": wrapped,
            "x y z ix iy iz": np.hstack([wrapped, images]),
            "xs ys zs": box.fractional(wrapped),
            "xs ys zs ix iy iz": np.hstack([box.fractional(wrapped), images]),
        }[columns]
        if time:
            lines += ["ITEM: TIME", repr(frame.time)]
        lines += ["ITEM: TIMESTEP", str(frame.step), "ITEM: NUMBER OF ATOMS", str(n)]
        lines.append("ITEM: BOX BOUNDS pp pp pp")
        lines += [
            f"{low!r} {low + edge!r}"
            for low, edge in zip(box.origin.tolist(), box.lengths.tolist(), strict=True)
        ]
        lines.append(f"ITEM: ATOMS {'id ' if ids else ''}{'type ' if types else ''}{columns}")
        rows = np.arange(n) if order is None else order.permutation(n)
        kinds = np.searchsorted(np.unique(frame.species), frame.species) + 1
        for k in rows:
            start = f"{k + 1} " * ids + f"{kinds[k]} " * types
            whole = [digits % value if c < 3 else str(int(value)) for c, value in enumerate(values[k])]
            lines.append(start + " ".join(whole))
    path.write_text("\n".join(lines) + "\n")


def extxyz(path, frames, *, order=None, wrapped=False):
    """Extended xyz; `order` shuffles each frame, with a column of ids."""
    texts = []
    part = path.with_name("part.extxyz")
    for frame in frames:
        one = bare(frame, frame.step, wrapped=wrapped)
        if order is not None:
            rows = order.permutation(len(one))
            one = vt.Configuration(
                one.positions[rows],
                one.box,
                one.species[rows],
                unwrapped=one.unwrapped,
                images=None if one.images is None else one.images[rows],
                time=one.time,
                step=one.step,
                columns={"id": rows + 1},
            )
        vt.write(part, one)
        texts.append(part.read_text())
    part.unlink()
    path.write_text("".join(texts))


def our_gsd(path, frames, *, wrapped=False):
    """As vitreous writes trajectories: in double precision, with times."""
    file = TrajectoryFile(path)
    for frame in frames:
        file.append(bare(frame, frame.step, wrapped=wrapped))


def hoomd_gsd(path, frames):
    """As HOOMD-blue writes them: single precision, centred, images, steps and no times."""
    with gsd.hoomd.open(path, "w") as file:
        for frame in frames:
            box = frame.box
            wrapped, images = box.wrap(frame.positions)
            one = gsd.hoomd.Frame()
            one.configuration.step = frame.step
            one.configuration.box = [*box.lengths, 0, 0, 0]
            one.particles.N = len(frame)
            one.particles.position = (wrapped - box.origin - box.lengths / 2).astype(np.float32)
            one.particles.image = images.astype(np.int32)
            one.particles.types = list(frame.species_names)
            one.particles.typeid = frame.species_index.astype(np.uint32)
            file.append(one)


def written(folder, frames, write, suffix, **how):
    """Each run in a file of its own; the pattern that matches them."""
    for number, run in enumerate(frames):
        write(folder / f"run-{number}.{suffix}", run, **how)
    return str(folder / f"run-*.{suffix}")


def at_time(frame, time):
    """The frame with another time."""
    return vt.Configuration(
        frame.positions, frame.box, frame.species, unwrapped=True, time=time, step=frame.step
    )
