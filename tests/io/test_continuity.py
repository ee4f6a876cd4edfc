"""In every format: displacements are right or refused, whatever a file says of images."""

from __future__ import annotations

import itertools

import gsd.hoomd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vitreous as vt
from strategies import boxes

_NUMBER = itertools.count()


def gsd_file(path, vectors, inside, images, unwrapped, every_image=True):
    """As HOOMD writes it: single precision, about the middle of the box; images in frame 0 only unless told."""
    middle = 0.5 * vectors.sum(axis=0)
    (lx, _, _), (xy, ly, _), (xz, yz, lz) = vectors.tolist()
    with gsd.hoomd.open(path, "w") as file:
        for k, x in enumerate(inside):
            frame = gsd.hoomd.Frame()
            frame.configuration.step = k
            frame.configuration.box = [lx, ly, lz, xy / ly, xz / lz, yz / lz]
            frame.particles.N = len(x)
            frame.particles.position = x - middle
            if images is not None and (every_image or k == 0):
                frame.particles.image = images[k]
            file.append(frame)


def extxyz_file(path, vectors, inside, images, unwrapped):
    lattice = " ".join(map(repr, vectors.ravel().tolist()))
    properties = "species:S:1:pos:R:3" + ("" if images is None else ":image:I:3")
    text = ""
    for k, x in enumerate(inside):
        text += (
            f'{len(x)}\nLattice="{lattice}" Properties={properties} step={k}{" unwrapped=T" * unwrapped}\n'
        )
        for i, row in enumerate(x.tolist()):
            words = [*map(repr, row), *([] if images is None else map(str, images[k, i].tolist()))]
            text += f"A {' '.join(words)}\n"
    path.write_text(text)


def dump_file(path, vectors, inside, images, unwrapped):
    (lx, _, _), (xy, ly, _), (xz, yz, lz) = vectors.tolist()
    low = [min(0, xy, xz, xy + xz), min(0, yz), 0.0]
    high = [lx + max(0, xy, xz, xy + xz), ly + max(0, yz), lz]
    bounds = "".join(f"{a!r} {b!r} {t!r}\n" for a, b, t in zip(low, high, (xy, xz, yz), strict=True))
    names = "xu yu zu" if unwrapped else "x y z" if images is None else "x y z ix iy iz"
    text = ""
    for k, x in enumerate(inside):
        text += f"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n{len(x)}\nITEM: BOX BOUNDS xy xz yz pp pp pp\n"
        text += f"{bounds}ITEM: ATOMS id {names}\n"
        for i, row in enumerate(x.tolist()):
            words = [*map(repr, row), *([] if images is None else map(str, images[k, i].tolist()))]
            text += f"{i + 1} {' '.join(words)}\n"
    path.write_text(text)


FORMATS = {"gsd": gsd_file, "extxyz": extxyz_file, "dump": dump_file}


def trajectory(data):
    """Edges, unwrapped positions, and the same wrapped, with images; steps up to 0.45 along every edge."""
    vectors = data.draw(boxes())
    n, frames = data.draw(st.integers(1, 6)), data.draw(st.integers(2, 6))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    reach = data.draw(st.sampled_from([0.02, 0.2, 0.45]))
    start = rng.random((1, n, 3))
    parts = np.concatenate([start, start + np.cumsum(rng.uniform(-reach, reach, (frames - 1, n, 3)), axis=0)])
    images = np.floor(parts).astype(int)
    inside = (parts - images) @ vectors
    images += rng.integers(1, 4, (1, n, 3))  # counted from anywhere
    return vectors, parts @ vectors, inside, images


def right_or_refused(path, truth, **options):
    """Whether it was read; what was read is right."""
    try:
        found = vt.read_trajectory(path, timestep=1.0, **options)
    except vt.InputError:
        return False
    assert found.unfollowed is None
    size = 2e-6 * max(1.0, np.abs(truth).max() / np.abs(found.box.vectors).max()) * np.abs(truth).max()
    np.testing.assert_allclose(found.positions - found.positions[0], truth - truth[0], atol=size)
    return True


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_never_wrong(kind, folder, data):
    vectors, truth, inside, images = trajectory(data)
    path = folder / f"{next(_NUMBER)}.{kind}"
    write = FORMATS[kind]
    crossed = bool((images != images[0]).any())
    # In a slanted cell 0.45 of an edge may lead to where another image is nearer, which cannot be told from a jump.
    farthest = np.linalg.norm(np.diff(truth, axis=0), axis=2).max()
    plain = farthest < 0.49 * vt.Box.of(vectors).heights.min() or (vectors == np.diag(np.diag(vectors))).all()

    write(path, vectors, inside, images, False)
    assert right_or_refused(path, truth) or not plain
    right_or_refused(path, truth, unwrap=True)

    write(path, vectors, inside, None, False)
    assert not right_or_refused(path, truth)
    right_or_refused(path, truth, unwrap=True)

    if kind != "gsd":
        write(path, vectors, truth, None, True)
        assert right_or_refused(path, truth) or not plain
        write(path, vectors, inside, None, True)  # said wrongly
        assert not (right_or_refused(path, truth) and crossed)

    stale = np.broadcast_to(images[0], images.shape)
    if kind == "gsd":
        gsd_file(path, vectors, inside, stale, False, every_image=False)
    else:
        write(path, vectors, inside, stale, False)
    assert right_or_refused(path, truth) != crossed or not plain
    right_or_refused(path, truth, unwrap=True)

    # One particle of them all is put back once, and its images do not tell.
    frame, i = data.draw(st.integers(1, len(truth) - 1)), data.draw(st.integers(0, truth.shape[1] - 1))
    wrong = images.copy()
    wrong[frame:, i, data.draw(st.integers(0, 2))] += data.draw(st.sampled_from([-1, 1]))
    write(path, vectors, inside, wrong, False)
    assert not right_or_refused(path, truth)
    right_or_refused(path, truth, unwrap=True)
    path.unlink()
