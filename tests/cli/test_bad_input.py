"""Bad input: one clear line, exit status 2, nothing left behind."""

from __future__ import annotations

import errno
import os
import resource

import numpy as np
import pytest

import vitreous as vt

COLUMNS = "Properties=species:S:1:pos:R:3"
LATTICE = 'Lattice="10 0 0 0 10 0 0 0 10"'


def extended(positions, lattice=LATTICE):
    rows = "".join(f"A {x} {y} {z}\n" for x, y, z in positions)
    return f"{len(positions)}\n{lattice} {COLUMNS}\n{rows}".encode()


def dump(rows):
    return (
        f"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{len(rows)}\nITEM: BOX BOUNDS pp pp pp\n"
        f"0 10\n0 10\n0 10\nITEM: ATOMS id type x y z\n" + "\n".join(rows) + "\n"
    ).encode()


def scattered(n, size=10.0):
    return np.round(np.random.default_rng(0).random((n, 3)) * size, 4)


TWO_DIMENSIONS = b"100\n" + f"{LATTICE} Properties=species:S:1:pos:R:2\n".encode() + b"A 1 2\n" * 100

BAD = {
    "empty": ("a.gsd", b"", "the file is empty"),
    "truncated text": ("a.xyz", extended(scattered(300))[:3000], "line|truncated"),
    "binary junk": ("a.xyz", np.random.default_rng(0).bytes(5000), "a.xyz"),
    "binary junk as gsd": ("a.gsd", np.random.default_rng(0).bytes(5000), "GSD"),
    "unknown suffix": ("a.nothing", b"ATOM 1\n" * 50, "neither the suffix nor the content"),
    "wrong suffix": ("a.gsd", extended(scattered(300)), "this looks like an extended xyz file"),
    "nan": ("a.xyz", extended([["nan", 1, 1], *scattered(300)]), "nan|NaN"),
    "infinity": ("a.xyz", extended([["inf", 1, 1], *scattered(300)]), "inf"),
    "duplicate ids": ("a.dump", dump(["1 1 1 2 3", "1 1 4 5 6"]), "id 1"),
    "outside the box": ("a.dump", dump(["1 1 1 2 3", "2 1 4 55 6"]), "atom id 2 .* lies outside the box"),
    "zero box": ("a.xyz", extended(scattered(300), 'Lattice="0 0 0 0 0 0 0 0 0"'), "no cell in the file"),
    "flat box": ("a.xyz", extended(scattered(300), 'Lattice="10 0 0 20 0 0 0 0 9"'), "no volume"),
    "1 particle": ("a.xyz", extended(scattered(1)), "1 particles are too few to learn from"),
    "2 particles": ("a.xyz", extended(scattered(2)), "2 particles are too few to learn from"),
    "10 particles": ("a.xyz", extended(scattered(10)), "10 particles are too few to learn from"),
    "99 particles": ("a.xyz", extended(scattered(99, 4.0)), "99 particles are too few to learn from"),
    "no particles": ("a.xyz", extended([]), "a.xyz"),
    "two dimensions": ("a.xyz", TWO_DIMENSIONS, "pos:R:3"),
    "missing cell": ("a.xyz", b"300\n\n" + b"A 1 2 3\n" * 300, "no cell in the file; give box"),
}


@pytest.mark.parametrize("kind", BAD)
def test_files(refused, here, kind):
    name, data, saying = BAD[kind]
    (here / name).write_bytes(data)
    refused("reveal", name, saying=saying)


@pytest.mark.parametrize(
    "kind", ["empty", "truncated text", "binary junk", "nan", "zero box", "missing cell"]
)
def test_view_refuses_the_same_files(refused, here, kind):
    name, data, saying = BAD[kind]
    (here / name).write_bytes(data)
    refused("view", name, saying=saying)


@pytest.mark.parametrize("options", [[], ["--diameters", "1"], ["--radius", "2"], ["--neighbors", "1.4"]])
def test_all_particles_coincide(refused, here, options):
    (here / "a.xyz").write_bytes(extended([[5, 5, 5]] * 300))
    refused("reveal", "a.xyz", *options, saying="at the same place|no clear first peak")


def test_two_particles_coincide(refused, here):
    x = scattered(300)
    x[7] = x[200]
    (here / "a.xyz").write_bytes(extended(x))
    refused(
        "reveal", "a.xyz", "--radius", "2", saying=r"particle (7|200) and particle (7|200) are at the same"
    )


def test_a_truncated_gsd(refused, here, hard_spheres):
    data = vt.write(here / "a.gsd", hard_spheres).read_bytes()
    for length in range(300, len(data), len(data) // 7):
        (here / "a.gsd").write_bytes(data[:length])
        refused("reveal", "a.gsd", saying="a.gsd: ")


def test_a_box_too_small_for_its_neighbourhoods(refused, here):
    (here / "a.xyz").write_bytes(extended(scattered(400) * [0.2, 1, 1], 'Lattice="2 0 0 0 10 0 0 0 10"'))
    refused("reveal", "a.xyz", "--radius", "0.5", saying="reaches over half the box")


def test_a_perfect_crystal(refused, here):
    (here / "a.xyz").write_bytes(extended(np.array(list(np.ndindex(10, 10, 10))) + 0.5))
    refused("reveal", "a.xyz", "--neighbors", "1.2", saying="as in a perfect crystal")


def test_too_few_pairs_for_a_radius(refused, here, model):
    (here / "a.xyz").write_bytes(extended(scattered(20)))
    said = "radius: g.r. of these 20 particles has no clear first peak, and diameters are not known; give the"
    refused("reveal", "a.xyz", "--model", model, saying=said)


def test_no_such_file(refused, here):
    refused("reveal", "none.gsd", saying="none.gsd: .*No such file")
    refused("view", "none.gsd", saying="none.gsd: .*No such file")


def test_a_folder_as_file(refused, here):
    (here / "folder.gsd").mkdir()
    refused("reveal", "folder.gsd", saying="this is a directory")
    refused("view", "folder.gsd", saying="this is a directory")


def test_an_unreadable_file(refused, here, liquid):
    path = here / "a.xyz"
    path.write_bytes(liquid.read_bytes())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(PermissionError):
        path.read_bytes()
    refused("reveal", "a.xyz", saying="Permission denied")


@pytest.mark.parametrize("command", ["reveal", "view"])
def test_a_folder_in_which_nothing_may_be_written(refused, here, liquid, monkeypatch, command):
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and may(path, mode))
    refused(command, liquid, saying="is not writable; choose another with --output")


@pytest.mark.parametrize("target", ["none/x", "folder/", "file/x", ""])
def test_targets_that_cannot_be(refused, here, liquid, target):
    (here / "folder").mkdir()
    (here / "file").write_text("")
    refused("reveal", liquid, "-o", target, saying="does not exist|needs a name")


@pytest.mark.parametrize("suffix", ["png", "gsd", "extxyz", "vtm"])
def test_a_folder_where_a_file_should_be(refused, here, liquid, suffix):
    (here / f"x.{suffix}").mkdir()
    refused("reveal", liquid, "--reducer", "pca", "-o", "x", saying=f"x.{suffix}: .*directory")


# The files are written in the order of their size: the model, GSD, extended xyz, the picture.
@pytest.mark.parametrize(
    ("room", "suffix"), [(1_000, "vtm"), (100_000, "gsd"), (200_000, "extxyz"), (300_000, "png")]
)
def test_no_room_for_a_file(refused, here, liquid, monkeypatch, room, suffix):
    monkeypatch.setattr("vitreous.plot.style.DPI", 150)
    (here / "x.gsd").write_text("an old file")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        refused(
            "reveal", liquid, "--reducer", "pca", "-o", "x", saying=rf"x\.{suffix}: cannot write: File too"
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("command", [["reveal", "--reducer", "pca"], ["view"]])
def test_a_full_disk(refused, here, liquid, monkeypatch, command):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(*command, liquid, saying="cannot write: No space left on device")


def test_in_a_process_of_its_own(begin, here, content):
    (here / "a.xyz").write_bytes(extended([["nan", 1, 1], *scattered(300)]))
    before = content(here)
    with begin("reveal", "a.xyz") as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert err.splitlines()[-1].startswith("vitreous: a.xyz: ")
    assert "Traceback" not in err
    assert not out
    assert content(here) == before


def test_a_full_standard_output(begin, here):
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    with open("/dev/full", "w") as full, begin("--help", stdout=full) as process:
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (2, "vitreous: standard output: No space left on device\n")


def test_nobody_listens(begin, here):
    read, write = os.pipe()
    os.close(read)
    with begin("--help", stdout=write) as process:
        os.close(write)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (1, "")
