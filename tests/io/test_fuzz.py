"""Whatever bytes a file has, reading ends soon, in a configuration or in one clear error."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import os
import random
import re
import resource
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore::vitreous.errors.FileWarning")

# How many times as many inputs as usual.
FACTOR = int(os.environ.get("VITREOUS_FUZZ", "1"))
LATTICE = 'Lattice="10 0 0 1 10 0 0 -2 10" pbc="T T F" Origin="1 2 3"'
EXTENDED = (
    f"3\n{LATTICE} Properties=species:S:1:pos:R:3:n:I:1:hot:L:1:v:R:2 time=1.5 step=3 T=0.5 "
    "note='a b' l=[1, 2]\n"
    "A 1 2 3 4 T .1 .2\nB 4 5 6 7 F .3 .4\nB 7 8 9 -7 F 1e-3 nan\n"
)
PLAIN = "3\nstep:4 columns:name,pos,tag,n cell:10,10,10 dt:1\nA 1 2 3 1_2 5\nB 4 5 6 2_3 6.5\nA 7 8 9 3_4 7\n"
SPH = "2\n10 10 10\na 1 2 3 0.5\nb 4 5 6 0.4\n"
DUMP = (
    "ITEM: TIMESTEP\n100\nITEM: TIME\n0.5\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp ff\n"
    "0 10\n0 10\n0 10\nITEM: ATOMS id type x y z ix iy iz radius c_q[1]\n"
    "3 1 1 2 3 0 0 1 .5 0\n1 2 4 5 6 -1 0 0 .4 .5\n2 2 7 8 9 0 0 0 .4 1\n"
)
TRICLINIC = (
    "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n"
    "-1 12 1\n0 11 -1\n0 10 1\nITEM: ATOMS id element type xsu ysu zsu q\n1 A 1 .1 .2 .3 a\n2 B 2 .4 5 .6 b\n"
)
GENERAL = (
    "ITEM: UNITS\nlj\nITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS abc origin pp fs pp\n"
    "0 10 0 1\n-10 0 0 2\n0 1 10 3\nITEM: ATOMS xs ys zs\n.1 .2 .3\n"
)
RUMD = (
    "2\nioformat=2 timeStepIndex=200 numTypes=2 integrator=IntegratorNVT,0.004,0.5,0.4,0 "
    "sim_box=RectangularSimulationBox,4.0,5.0,6.0 mass=1.0,1.0 columns=type,x,y,z,imx,imy,imz,pe\n"
    "0 0.5 0.5 0.5 0 0 1 -5.1\n1 -1.5 0.5 0.5 0 -2 0 -5.2\n"
)
PLAIN_LAMMPS = "3\n Atoms. Timestep: 50\n1 1 2 3\n2 4 5 6\n2 7 8 9\n"
SLAB = '3\nLattice="9 0 0 1 9 0 0 0 0" Properties=Z:I:1:pos:R:3 Time=0.5\n28 1 2 3\n15 4 5 6\n28 7 8 9\n'
DATA = (
    "title, timestep = 7\n\n3 atoms\n2 atom types\n0 10 xlo xhi\n0 10 ylo yhi\n-1 10 zlo zhi\n1 0 -1 xy xz yz\n\n"
    "Masses\n\n1 1.0\n2 2.5\n\nAtom Type Labels\n\n1 A\n2 B\n\nPair Coeffs # lj\n\n1 1 1\n2 1 1\n\n"
    "Atoms # full\n\n1 1 1 0.5 1 2 3 0 0 1\n3 1 2 0 4 5 6 0 -1 0\n2 2 1 -.5 7 8 9 0 0 0\n\n"
    "Velocities\n\n1 0 0 1\n2 0 1 0\n3 1 0 0\n\nBonds\n\n1 1 1 2\n"
)
TRACKS = (
    ",frame,x,y,z,mass,size,note,particle,t\n0,0,10.2,5.1,3.3,251.0,2.1,a,0,0.5\n1,0,11.3,5.4,3.2,,2.1,b,1,0.5\n"
    '2,1,10.8,6.3,3.9,250.0,2.1,"c, d",1,0.75\n3,1,10.7,6.2,4.9,250.0,2.1,c,0,0.75\n'
)
BOXES = "#iter Lx Ly Lz\n0 10 11 12\n1 10 11 12 0.5\n"
TEXTS = {
    "a.extxyz": 2 * EXTENDED,
    "b.xyz": 2 * PLAIN,
    "c.xyz": f"2\n{LATTICE}\n1 1 2 3 4\n2 4 5 6 5.5\n\n",
    "d.sph": 2 * SPH,
    "e.dump": 2 * DUMP,
    "f.lammpstrj": 2 * TRICLINIC,
    "g.dump": GENERAL,
    "h.xyz": 2 * RUMD,
    "i.xyz": 2 * PLAIN_LAMMPS,
    "j.extxyz": 2 * SLAB,
    "k.lmp": DATA,
    "l.csv": TRACKS,
}
WORDS = [
    "nan", "inf", "-inf", "1e999", "-1", "0", "1e308", "-1e308", "1e-320", "2147483648", "9" * 20,
    "1000000000000000", "x", "1_0", "é", "\u0663", "\0", "", " ", "\n", "\r", "\t", "T", '"', "'", "[",
    "{", "[[", "=", ":", "9" * 5000, "_JSON", '"_JSON [1"', "Lattice", "Properties=pos:R:3",
    "Properties=pos:R:999999", "cell:", "columns:pos", "columns:", "time=", "unwrapped=T", "pbc=F",
    "Time=", "timestep:", "dt:1e-3", "columns=type,x,y,z", "sim_box=RectangularSimulationBox,", "xlo xhi", "1 atoms",
    "Atoms", "Atoms # full", "Velocities", ",", ";", ",,", "particle", "\ufeff", "ITEM: TIMESTEP\n1\n", "2\n",
    "ITEM:", "ITEM: ATOMS", "pp", "xy xz yz", "abc origin",
]  # fmt: skip
NUMBER = re.compile(rb"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?")
SETTINGS = settings(max_examples=1000 * FACTOR, deadline=None, derandomize=True, database=None)


def change_byte(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([rng.randrange(256)]) + data[place + rng.randrange(2) :]


def flip_bit(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def change_line(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    other = lines[rng.randrange(len(lines))]
    lines[place : place + rng.randrange(2)] = rng.choice([[], [other], [lines[place]] * 2])
    return b"".join(lines)


def change_number(data: bytes, rng: random.Random) -> bytes:
    numbers = list(NUMBER.finditer(data))
    if not numbers:
        return data
    found = rng.choice(numbers)
    return data[: found.start()] + rng.choice(WORDS).encode() + data[found.end() :]


def insert_word(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(WORDS).encode() + data[place:]


def move_block(data: bytes, rng: random.Random) -> bytes:
    start, length, to = rng.randrange(len(data)), rng.randrange(1, 64), rng.randrange(len(data))
    return data[:to] + data[start : start + length] + data[to + length * rng.randrange(2) :]


MUTATIONS = [
    change_byte,
    flip_bit,
    truncate,
    change_line,
    change_number,
    change_number,
    insert_word,
    move_block,
]


def mutate(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        data = rng.choice(MUTATIONS)(data, rng) or b"\n"
    return data


def read_anything(path, rng: random.Random) -> None:
    options = rng.choice(
        [{}, {}, {"periodic": (False,) * 3}, {"box": (10, 10, 10)}, {"unwrapped": True}, {"diameters": 1.0}]
    )
    message = ""
    try:
        if rng.random() < 0.7:
            snapshots = [io.read(path, frame=rng.choice([-1, -1, 0, 1, -2]), **options)]
        else:
            choice = rng.choice(
                [{}, {"frames": slice(0, None)}, {"frames": slice(-1, None)}, {"timestep": 0.5, "end": 9.0},
                 {"interval": 0.5, "follow": True}]
            )  # fmt: skip
            snapshots = list(io.read_frames(path, **choice, **options))
        for snapshot in snapshots:
            assert np.isfinite(snapshot.positions).all()
    except InputError as error:
        message = str(error)
    assert "\n" not in message
    assert len(message) < 1000


@pytest.mark.parametrize("name", TEXTS)
def test_mutated_text(folder, name):
    path = folder / name

    @SETTINGS
    @given(st.integers(0, 2**64))
    def check(seed):
        rng = random.Random(seed)
        path.write_bytes(mutate(TEXTS[name].encode(), rng))
        read_anything(path, rng)

    check()


@pytest.mark.parametrize("name", ["a.extxyz.gz", "e.dump.gz", "b.xyz.bz2", "e.dump.zst", "l.csv.gz"])
def test_mutated_compressed(folder, name):
    path = folder / name
    pack = {"gz": gzip.compress, "bz2": bz2.compress}.get(name.rpartition(".")[2])
    if pack is None:
        pack = pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress
    whole = pack(TEXTS[name.rpartition(".")[0]].encode())

    @SETTINGS
    @given(st.integers(0, 2**64))
    def check(seed):
        rng = random.Random(seed)
        path.write_bytes(mutate(whole, rng))
        read_anything(path, rng)

    check()


def test_mutated_boxes(folder):
    snapshot, path = folder / "boxed.xyz", folder / "box.txt"
    snapshot.write_text(2 * PLAIN_LAMMPS)

    @SETTINGS
    @given(st.integers(0, 2**64))
    def check(seed):
        path.write_bytes(mutate(BOXES.encode(), random.Random(seed)))
        message = ""
        try:
            io.read(snapshot, box=path)
        except InputError as error:
            message = str(error)
        assert "\n" not in message

    check()


@pytest.mark.parametrize("origin", ["own", "foreign"])
def test_mutated_gsd(folder, origin):
    import gsd.hoomd

    whole = folder / f"{origin}.gsd"
    positions = np.arange(12.0).reshape(4, 3) % 7
    if origin == "own":
        columns = {"x": [0.5, 1, 2, 3], "hot": [True, False, True, True], "name": list("abab")}
        snapshot = Configuration(
            positions=positions, box=[[0, 8, 0], [8, 1, 0], [0, 0, 8]], diameters=0.7, images=np.ones((4, 3)),
            columns=columns, metadata={"a": np.arange(3.0)}, time=2.5, step=7, periodic=(True, True, False),
        )  # fmt: skip
        io.write(whole, snapshot)
    else:
        with gsd.hoomd.open(whole, "w") as trajectory:
            for step in range(2):
                frame = gsd.hoomd.Frame()
                frame.configuration.step = step + 1
                frame.configuration.box = [8, 8, 8, 0, 0, 0]
                frame.particles.N = 4
                frame.particles.position = positions - 4
                frame.particles.typeid = [0, 1, 0, step]
                frame.particles.types = ["A", "B"]
                frame.particles.type_shapes = [{"type": "Sphere", "diameter": 1.0}] * 2
                trajectory.append(frame)
    data = whole.read_bytes()
    # most of the file is empty space reserved for the index, so changes go where something is
    busy = [place for place, byte in enumerate(data) if byte]
    path = folder / "mutated.gsd"

    @settings(SETTINGS, max_examples=1500 * FACTOR)
    @given(st.integers(0, 2**64))
    def check(seed):
        rng = random.Random(seed)
        changed = bytearray(data)
        for _ in range(rng.choice([1, 1, 2, 4, 16])):
            place = min(rng.choice(busy) + rng.choice([0, 0, 0, 1, -1]), len(data) - 1)
            changed[place] = rng.choice([0, 1, 2, 255, 128, rng.randrange(256)])
        content = bytes(changed)
        path.write_bytes(truncate(content, rng) if rng.random() < 0.1 else content)
        read_anything(path, rng)

    check()


@pytest.mark.parametrize(
    "name",
    [
        "r.extxyz",
        "r.xyz",
        "r.dump",
        "r.sph",
        "r.gsd",
        "r.xyz.gz",
        "r.xyz.bz2",
        "r.xyz.zst",
        "r.lmp",
        "r.csv",
        "r.unknown",
    ],
)
def test_random_bytes(folder, name):
    path = folder / name

    @settings(SETTINGS, max_examples=300 * FACTOR)
    @given(st.binary(max_size=300))
    def check(content):
        path.write_bytes(content)
        read_anything(path, random.Random(len(content)))

    check()


@pytest.mark.parametrize("name", ["r.extxyz", "r.xyz", "r.dump", "r.sph", "r.lmp", "r.csv"])
def test_random_words(folder, name):
    path = folder / name
    texts = (EXTENDED, DUMP, SPH, RUMD, DATA, TRACKS)
    words = st.sampled_from(
        [*WORDS, *(word for text in texts for word in text.split(" ")), "\n", "\n", " ", "1"]
    )

    @settings(SETTINGS, max_examples=300 * FACTOR)
    @given(st.lists(words, max_size=40), st.sampled_from([b"", b"2\n", b"ITEM: TIMESTEP\n1\n"]))
    def check(chosen, start):
        path.write_bytes(start + " ".join(chosen).encode())
        read_anything(path, random.Random(len(chosen)))

    check()


MANY = 10**12


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.extxyz", EXTENDED.replace("3\n", f"{MANY}\n", 1)),
        ("m.xyz", PLAIN.replace("3\n", f"{MANY}\n", 1)),
        ("m.xyz", RUMD.replace("2\n", f"{MANY}\n", 1)),
        ("m.sph", SPH.replace("2\n", f"{MANY}\n", 1)),
        ("m.dump", DUMP.replace("ATOMS\n3\n", f"ATOMS\n{MANY}\n")),
        ("m.lmp", DATA.replace("3 atoms", f"{MANY} atoms")),
        ("m.lmp", DATA.replace("2 atom types", f"{MANY} atom types")),
        ("m.csv", TRACKS.replace(",0,10.2", f",{MANY},10.2")),
        ("m.extxyz", EXTENDED.replace("v:R:2", "v:R:999999")),
        ("m.xyz", PLAIN.replace("tag,n", "tag," + "n," * 1000)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_promises_take_no_memory(folder, name, text, suffix):
    path = folder / (name + suffix)
    path.write_bytes(gzip.compress(text.encode()) if suffix else text.encode())
    assert str(MANY) in text or len(text) > 1000 or "999999" in text
    for frame in (0, -1):
        tracemalloc.start()
        with contextlib.suppress(InputError):
            io.read(path, frame=frame)
        assert tracemalloc.get_traced_memory()[1] < 8e6
        tracemalloc.stop()


def test_promises_of_a_gsd_take_no_memory(folder):
    path = folder / "m.gsd"
    whole = io.write(
        folder / "whole.gsd", Configuration(np.eye(3), 2.0, columns={"x": np.ones(3)})
    ).read_bytes()
    start, entries = struct.unpack_from("<QQ", whole, 8)
    for number in range(entries):
        place = start + 32 * number + 8  # the rows of the chunk, behind its frame
        if struct.unpack_from("<Q", whole, place)[0] != 3:
            continue
        path.write_bytes(whole[:place] + struct.pack("<Q", MANY) + whole[place + 8 :])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(InputError):  # room that is asked for and never used is none
            io.read(path)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
