"""Snapshots there and back: to rounding, or to single precision where the other program has that."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitreous as vt
from vitreous.convert.mdanalysis import edge_vectors

SINGLE = 3e-6  # of the box


def snapshot(seed, *, species="letters", images=True, periodic=(True, True, True)):
    """Forty particles in a triclinic box whose corner is anywhere, with all that a snapshot may have."""
    rng = np.random.default_rng(seed)
    vectors = np.diag(rng.uniform(3, 9, 3))
    vectors[1, 0], vectors[2, 0], vectors[2, 1] = rng.uniform(-2, 2, 3)
    box = vt.Box(vectors, periodic, rng.uniform(-5, 5, 3))
    n = 40
    labels = {
        "letters": rng.choice(["A", "B", "large one"], n),
        "integers": rng.integers(1, 4, n),
        "elements": rng.choice(["Ni", "P"], n),
    }[species]
    return vt.Configuration(
        rng.random((n, 3)) @ vectors + box.origin,
        box,
        labels,
        rng.uniform(0.8, 1.2, n),
        images=rng.integers(-3, 4, (n, 3)) if images else None,
        time=float(rng.uniform(0, 100)),
        step=int(rng.integers(0, 10**9)),
        columns={"propensity": rng.random(n), "velocity": rng.random((n, 3)), "flag": rng.random(n) < 0.5},
        metadata={"note": "made up"},
    )


def same(before, after, diameters=0.0):
    if before.diameters is not None:
        np.testing.assert_allclose(after.diameters, before.diameters, rtol=diameters)
    for name in ("positions", "species", "images"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)
    for name in ("vectors", "origin", "periodic"):
        np.testing.assert_array_equal(getattr(after.box, name), getattr(before.box, name), err_msg=name)
    assert (after.time, after.step, after.unwrapped) == (before.time, before.step, before.unwrapped)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    species=st.sampled_from(["letters", "integers", "elements"]),
    images=st.booleans(),
    periodic=st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_ase_there_and_back(seed, species, images, periodic):
    pytest.importorskip("ase")
    before = snapshot(seed, species=species, images=images, periodic=periodic)
    atoms = vt.to_ase(before)
    after = vt.from_ase(atoms)
    same(before, after)
    assert after.species.dtype.kind == before.species.dtype.kind
    assert dict(after.metadata) == dict(before.metadata)
    assert set(after.columns) == set(before.columns)
    for name, values in before.columns.items():
        np.testing.assert_array_equal(after.columns[name], values)
    if species == "elements":
        assert atoms.get_chemical_symbols() == before.species.tolist()
        assert "species" not in atoms.arrays
    else:
        assert len(set(atoms.numbers.tolist())) == len(before.species_names)


def test_ase_unwrapped_and_bare():
    ase = pytest.importorskip("ase")
    x = np.arange(15.0).reshape(5, 3) ** 1.5
    before = vt.Configuration(x, 4.0, unwrapped=True)
    assert vt.from_ase(vt.to_ase(before)).unwrapped
    same(before, vt.from_ase(vt.to_ase(before)))
    bare = vt.from_ase(ase.Atoms("CuZr3", positions=x[:4]))
    assert bare.species.tolist() == ["Cu", "Zr", "Zr", "Zr"]
    assert bare.periodic == (False, False, False)
    slab = ase.Atoms("CuZr3", positions=x[:4], cell=[60, 60, 0], pbc=(True, True, False))
    assert vt.from_ase(slab).periodic == (True, True, False)
    with pytest.raises(vt.InputError, match="no cell"):
        vt.from_ase(ase.Atoms("CuZr3", positions=x[:4], pbc=True))
    assert (
        vt.from_ase(ase.Atoms("CuZr3", positions=x[:4], pbc=True), box=60.0).box.lengths.tolist()
        == [60.0] * 3
    )
    with pytest.raises(vt.InputError, match="outside the box"):
        vt.from_ase(ase.Atoms("CuZr3", positions=x[:4], cell=[4, 4, 4], pbc=True))
    assert (
        vt.from_ase(bare_of(ase, x), species={"Cu": "A"}, diameters={"A": 1.0, "Zr": 2.0}).diameters[0] == 1.0
    )


def bare_of(ase, x):
    return ase.Atoms("CuZr3", positions=x[:4])


def test_names_that_to_ase_needs():
    pytest.importorskip("ase")
    with pytest.raises(vt.InputError, match="'images' has a name"):
        vt.to_ase(vt.Configuration(np.eye(3), 5.0, columns={"images": [1, 2, 3]}))


@pytest.mark.parametrize(
    ("name", "tolerance"), [("snapshot.traj", 0.0), ("POSCAR", 1e-12), ("s.cif", 1e-5), ("s.xsf", 1e-9)]
)
def test_files_that_ase_reads(tmp_path, name, tolerance):
    """And we have no reader for."""
    ase_io = pytest.importorskip("ase.io")
    before = snapshot(3, species="elements", images=False)
    sorting = np.argsort(before.species, kind="stable")
    atoms = vt.to_ase(before)[sorting]
    atoms.set_celldisp(np.zeros(3))
    ase_io.write(tmp_path / name, atoms)
    after = vt.read(tmp_path / name)
    np.testing.assert_array_equal(after.species, before.species[sorting])
    off = after.box.fractional(after.positions) - vt.Box(before.box.vectors).fractional(
        before.positions[sorting]
    )
    np.testing.assert_allclose(off, np.rint(off), atol=max(tolerance, 1e-12))
    np.testing.assert_allclose(after.box.lengths, before.box.lengths, rtol=1e-6)
    if name.endswith(".traj"):
        np.testing.assert_array_equal(after.positions, before.positions[sorting])


def test_frames_that_ase_reads(tmp_path):
    ase_io = pytest.importorskip("ase.io")
    frames = [vt.to_ase(snapshot(seed, images=False)) for seed in range(4)]
    ase_io.write(tmp_path / "run.traj", frames)
    for k in (0, 2, -1):
        found = vt.read(tmp_path / "run.traj", frame=k)
        np.testing.assert_array_equal(found.positions, frames[k].positions)
        assert found.time == frames[k].info["time"]
    with pytest.raises(vt.FileError, match=r"run\.traj: ASE cannot read it"):
        vt.read(tmp_path / "run.traj", frame=9)


def test_files_that_ase_does_not_read(tmp_path):
    pytest.importorskip("ase")
    (tmp_path / "POSCAR").write_text("a title\n1.0\nnothing else\n")
    with pytest.raises(vt.FileError, match="POSCAR: ASE cannot read it") as caught:
        vt.read(tmp_path / "POSCAR")
    assert "\n" not in str(caught.value)
    (tmp_path / "letter.odt").write_text("dear")
    with pytest.raises(vt.FileError, match="neither the suffix nor the content"):
        vt.read(tmp_path / "letter.odt")
    with pytest.raises(vt.FileError, match="is nothing that ASE would read"):
        vt.read(tmp_path / "letter.odt", format="ase")
    (tmp_path / "old.trj").write_bytes(b"PickleTrajectory" + b"cos\nsystem\n(S'touch run'\ntR.")
    with pytest.raises(vt.FileError):
        vt.read(tmp_path / "old.trj")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), integers=st.booleans())
def test_mdanalysis(seed, integers):
    mda = pytest.importorskip("MDAnalysis")
    before = snapshot(seed, species="integers" if integers else "letters")
    universe = mda.Universe.empty(40, trajectory=True)
    universe.add_TopologyAttr("types", before.species.astype(str))
    universe.atoms.positions = before.positions
    edges = before.box.vectors
    universe.dimensions = [*before.box.lengths, *angles(edges)]
    after = vt.from_mdanalysis(universe, images=before.images, diameters=before.diameters)
    scale = before.box.lengths.max()
    # the corner of the box is zero there
    np.testing.assert_allclose(after.positions, before.positions, atol=2 * SINGLE * scale)
    np.testing.assert_allclose(after.box.vectors, edges, atol=SINGLE * scale)
    np.testing.assert_array_equal(after.species, before.species)
    np.testing.assert_array_equal(after.images, before.images)
    assert after.box.periodic == (True, True, True)
    part = vt.from_mdanalysis(universe.atoms[10:20])
    np.testing.assert_array_equal(part.positions, after.positions[10:20])


def angles(edges):
    a, b, c = edges / np.linalg.norm(edges, axis=1)[:, None]
    return np.degrees(np.arccos([b @ c, a @ c, a @ b]))


def test_edges_from_angles():
    for seed in range(20):
        edges = snapshot(seed).box.vectors
        found = edge_vectors(np.array([*np.linalg.norm(edges, axis=1), *angles(edges)]))
        np.testing.assert_allclose(found, edges, atol=1e-12)
    assert (
        edge_vectors(np.array([3.0, 4.0, 5.0, 90.0, 90.0, 90.0])).tolist()
        == np.diag([3.0, 4.0, 5.0]).tolist()
    )


def test_mdanalysis_labels_and_what_it_lacks():
    mda = pytest.importorskip("MDAnalysis")
    universe = mda.Universe.empty(3, trajectory=True)
    universe.atoms.positions = 3 * np.eye(3)
    bare = vt.from_mdanalysis(universe)
    assert bare.periodic == (False, False, False)
    assert bare.species_names == ("A",)
    universe.add_TopologyAttr("names", ["OW", "HW", "HW"])
    universe.add_TopologyAttr("types", ["01", "2", "2"])
    assert vt.from_mdanalysis(universe).species.tolist() == ["01", "2", "2"]
    assert vt.from_mdanalysis(universe, species="names").species.tolist() == ["OW", "HW", "HW"]
    with pytest.raises(vt.InputError, match="have no 'charges'"):
        vt.from_mdanalysis(universe, species="charges")


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    periodic=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    pair=st.booleans(),
)
def test_freud(seed, periodic, pair):
    freud = pytest.importorskip("freud")
    before = snapshot(seed, periodic=periodic)
    lengths, vectors = np.diag(before.box.vectors), before.box.vectors
    tilts = (vectors[1, 0] / lengths[1], vectors[2, 0] / lengths[2], vectors[2, 1] / lengths[2])
    box = freud.box.Box(*lengths, *tilts)
    box.periodic = periodic
    centre = before.box.origin + vectors.sum(axis=0) / 2
    points = before.positions - centre
    system = (
        (box, points) if pair else freud.locality.AABBQuery(box, points) if all(periodic) else (box, points)
    )
    options = {"images": before.images, "species": before.species, "diameters": before.diameters}
    for after in (vt.from_freud(system, **options), vt.from_freud(box, points, **options)):
        scale = before.box.lengths.max()
        np.testing.assert_allclose(after.positions + centre, before.positions, atol=2 * SINGLE * scale)
        np.testing.assert_allclose(after.box.vectors, vectors, atol=SINGLE * scale)
        np.testing.assert_allclose(after.box.origin + centre, before.box.origin, atol=SINGLE * scale)
        np.testing.assert_array_equal(after.species, before.species)
        np.testing.assert_array_equal(after.images, before.images)
        assert after.box.periodic == periodic
        # where freud wraps, we wrap
        wrapped, _ = after.box.wrap(after.positions + 1.5 * vectors[0] * periodic[0])
        theirs = np.asarray(box.wrap(after.positions + 1.5 * vectors[0] * periodic[0]))
        shift = after.box.fractional(wrapped) - after.box.fractional(theirs.astype(float))
        np.testing.assert_allclose(shift * periodic, np.rint(shift) * periodic, atol=1e-4)


def test_freud_in_two_dimensions():
    freud = pytest.importorskip("freud")
    with pytest.raises(vt.InputError, match="two-dimensional"):
        vt.from_freud(freud.box.Box.square(5.0), np.zeros((3, 3)))


class Property(np.ndarray):
    """What OVITO has, as far as it is asked."""

    types = ()


def ovito_data(before, names=("A", "B", "large one")):
    types = np.array([names.index(label) + 1 for label in before.species.tolist()]).view(Property)
    types.types = [SimpleNamespace(id=k + 1, name=name) for k, name in enumerate(names)]
    matrix = np.column_stack([before.box.vectors.T, before.box.origin])
    cell = type(
        "Cell", (), {"pbc": before.box.periodic, "is2D": False, "__getitem__": lambda self, k: matrix[k]}
    )()
    particles = {
        **{"Position": before.positions, "Particle Type": types, "Radius": before.diameters / 2},
        **{"Periodic Image": before.images, "Color": np.zeros((40, 3)), "Structure Type": np.arange(40)},
    }
    attributes = {"Timestep": before.step, "Time": before.time, "SourceFile": "/somewhere/run.dump"}
    return SimpleNamespace(particles=particles, cell=cell, attributes=attributes)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), periodic=st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_ovito(seed, periodic):
    """With objects that have what OVITO's have; with its own in test_ovito.py."""
    before = snapshot(seed, periodic=periodic)
    data = ovito_data(before)
    same(before, vt.from_ovito(data))
    same(before, vt.from_ovito(SimpleNamespace(compute=lambda: data)))
    after = vt.from_ovito(data)
    assert set(after.columns) == {"Structure_Type"}
    assert after.source == "run.dump"


def test_ovito_types_without_names():
    before = snapshot(1)
    data = ovito_data(before)
    data.particles["Particle Type"].types[0].name = ""
    assert set(vt.from_ovito(data).species.tolist()) <= {1, 2, 3}
    data.particles["Radius"] = np.zeros(40)
    assert vt.from_ovito(data).diameters is None
    data.cell.__class__.is2D = True
    with pytest.raises(vt.InputError, match="two-dimensional"):
        vt.from_ovito(data)


@pytest.mark.parametrize("convert", [vt.from_ase, vt.from_mdanalysis, vt.from_freud, vt.from_ovito])
@pytest.mark.parametrize(
    "thing", [None, 3, "file.xyz", np.eye(3), {}, SimpleNamespace(atoms=1, particles=None)]
)
def test_something_else(convert, thing):
    with pytest.raises(vt.InputError) as caught:
        convert(thing)
    assert "\n" not in str(caught.value)


def test_an_option_that_is_none():
    pytest.importorskip("ase")
    with pytest.raises(vt.InputError, match="colour: no such option"):
        vt.from_ase(vt.to_ase(snapshot(1)), colour=3)


def test_nothing_is_imported_that_is_not_there():
    code = """
import sys
for name in ("ase", "MDAnalysis", "freud", "ovito"):
    sys.modules[name] = None
import vitreous as vt, numpy as np
for name in ("from_ase", "from_mdanalysis", "from_freud", "from_ovito"):
    try:
        getattr(vt, name)(3)
    except vt.InputError as error:
        print(error)
try:
    vt.to_ase(vt.Configuration(np.eye(3), 5.0))
except vt.InputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "to_ase: ASE is not installed; pip install ase"
    assert len(done.stdout.splitlines()) == 5
