from __future__ import annotations

import gzip

import gsd.hoomd
import numpy as np
import pytest

import vitreous as vt
from vitreous.errors import FileError, FileWarning, InputError
from vitreous.io import read_frames
from vitreous.io.gsd_trajectory import TrajectoryFile

SIDE = (5.0, 6.0, 7.0)


@pytest.fixture(scope="module")
def walk():
    """(5, 8, 3) unwrapped positions of particles that leave the box."""
    rng = np.random.default_rng(0)
    return rng.random((8, 3)) * SIDE + np.cumsum(rng.uniform(-0.4, 0.4, (5, 8, 3)) * SIDE, axis=0)


SPECIES = list("AAABBABA")


def wrapped(x):
    box = vt.Box.of(SIDE)
    return box.wrap(x)


def dump(walk, columns="id type x y z ix iy iz", times=None, order=None):
    """Text of a LAMMPS dump whose rows are in another order in every frame."""
    text = ""
    for k, x in enumerate(walk):
        inside, images = wrapped(x)
        text += f"ITEM: TIMESTEP\n{100 * k}\n"
        text += "" if times is None else f"ITEM: TIME\n{times[k]}\n"
        text += "ITEM: NUMBER OF ATOMS\n8\nITEM: BOX BOUNDS pp pp pp\n"
        text += "".join(f"0 {side}\n" for side in SIDE) + f"ITEM: ATOMS {columns}\n"
        for i in np.random.default_rng(k).permutation(8):
            values = {"id": i + 1, "type": 1 + "AB".index(SPECIES[i])}
            values |= dict(zip(["x", "y", "z"], map(repr, inside[i].tolist()), strict=True))
            values |= dict(zip(["xu", "yu", "zu"], map(repr, x[i].tolist()), strict=True))
            values |= dict(zip(["ix", "iy", "iz"], images[i], strict=True))
            text += " ".join(str(values[column]) for column in columns.split()) + "\n"
    return text


def test_a_gsd_of_ours(tmp_path, walk):
    path = tmp_path / "a.gsd"
    file = TrajectoryFile(path)
    for k, x in enumerate(walk):
        inside, images = wrapped(x)
        file.append(vt.Configuration(inside, SIDE, SPECIES, 1.0, images=images, time=0.1 * 2**k))
    found = vt.read_trajectory(path)
    np.testing.assert_allclose(found.positions, walk, atol=1e-12)
    np.testing.assert_array_equal(found.times, 0.1 * 2.0 ** np.arange(5))
    assert len(found) == 5
    assert list(found.species) == SPECIES
    assert found.source == str(path)
    assert (found.diameters == 1.0).all()


def test_a_gsd_of_others_has_steps_only(tmp_path, walk):
    path = tmp_path / "b.gsd"
    with gsd.hoomd.open(path, "w") as file:
        for k, x in enumerate(walk):
            box = vt.Box.of(SIDE, origin=-0.5 * np.array(SIDE))
            inside, images = box.wrap(x)
            frame = gsd.hoomd.Frame()
            frame.configuration.step = 10 * k
            frame.configuration.box = [*SIDE, 0, 0, 0]
            frame.particles.N = 8
            frame.particles.position = inside
            frame.particles.image = images
            file.append(frame)
    found = vt.read_trajectory(path, timestep=0.005)
    np.testing.assert_allclose(found.times, 0.05 * np.arange(5))
    np.testing.assert_allclose(found.positions - found.positions[0], walk - walk[0], atol=1e-5)
    with pytest.raises(InputError, match=r"b\.gsd: frame 0: it has a step but no time; .*--timestep"):
        vt.read_trajectory(path)


def test_extended_xyz(put, walk):
    text = ""
    for k, x in enumerate(walk):
        text += f'8\nLattice="5 0 0 0 6 0 0 0 7" Properties=species:S:1:pos:R:3 time={k}.5 unwrapped=T\n'
        text += "".join(f"{s} {a!r} {b!r} {c!r}\n" for s, (a, b, c) in zip(SPECIES, x.tolist(), strict=True))
    found = vt.read_trajectory(put("a.extxyz", text))
    np.testing.assert_array_equal(found.positions, walk)
    np.testing.assert_array_equal(found.times, np.arange(5) + 0.5)
    wrapped_only = text.replace(" unwrapped=T", "")
    with pytest.raises(InputError, match=r"image flags|lies outside the box"):
        vt.read_trajectory(put("b.extxyz", wrapped_only))
    np.testing.assert_array_equal(
        vt.read_trajectory(put("c.extxyz", wrapped_only), unwrapped=True).positions, walk
    )


@pytest.mark.parametrize("columns", ["id type x y z ix iy iz", "type zu yu xu id"])
def test_a_dump_is_followed_by_ids(put, walk, columns):
    found = vt.read_trajectory(put("a.dump", dump(walk, columns)), timestep=0.01, species={1: "A", 2: "B"})
    np.testing.assert_allclose(found.positions, walk, atol=1e-12)
    np.testing.assert_array_equal(found.times, np.arange(5.0))
    assert list(found.species) == SPECIES


def test_a_dump_with_times_in_gzip(put, walk):
    text = dump(walk, times=[0.0, 0.1, 0.3, 0.4, 1.0])
    found = vt.read_trajectory(put("a.dump.gz", gzip.compress(text.encode())))
    np.testing.assert_array_equal(found.times, [0.0, 0.1, 0.3, 0.4, 1.0])
    np.testing.assert_allclose(found.positions, walk, atol=1e-12)


@pytest.mark.parametrize(
    ("columns", "saying"),
    [("id type x y z", "the positions are wrapped .* no image flags"), ("type xu yu zu", "the dump has no ids")],
)  # fmt: skip
def test_a_dump_that_cannot_be_followed(put, walk, columns, saying):
    with pytest.raises(InputError, match=rf"a\.dump: {saying}"):
        vt.read_trajectory(put("a.dump", dump(walk, columns)), timestep=0.01)


def test_sph_knows_no_times(put):
    text = "2\n5 5 5\na 1 1 1 0.5\nb 3 3 3 0.4\n" * 2
    path = put("a.sph", text)
    assert len(list(read_frames(path))) == 2
    with pytest.raises(InputError, match="neither a time nor a step"):
        vt.read_trajectory(path)


def test_every_frame_is_what_read_makes_of_it(put, walk, assert_same):
    path = put("a.dump", dump(walk))
    for k, frame in enumerate(read_frames(path)):
        assert_same(frame, vt.read(path, frame=k))
    assert k == 4


def test_damage_is_named(put, walk):
    text = dump(walk)
    cut = put("a.dump", text[: len(text) - 60])
    with pytest.warns(FileWarning, match=r"a\.dump: line \d+: the file ends .* last frame is left out"):
        assert len(vt.read_trajectory(cut, timestep=1.0)) == 4
    with pytest.raises(FileError, match="is empty"):
        vt.read_trajectory(put("b.dump", ""), timestep=1.0)
    with pytest.raises(FileError, match=r"nothing\.gsd"):
        vt.read_trajectory("nothing.gsd")
    with pytest.raises(InputError, match="timestep: must be positive"):
        vt.read_trajectory(put("c.dump", text), timestep=-1.0)
    with pytest.raises(InputError, match="format: unknown format 'pdb'"):
        vt.read_trajectory(put("d.dump", text), format="pdb")


def test_numpy_still_warns_between_frames(put, walk):
    frames = read_frames(put("a.dump", dump(walk)))
    before = np.geterr()
    next(frames)
    assert np.geterr() == before
