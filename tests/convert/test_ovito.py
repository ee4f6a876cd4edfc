"""With the real OVITO: minutes to install, hence slow; `pip install ovito` is not a dependency."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

import vitreous as vt
from convert.test_convert import same, snapshot

pytestmark = pytest.mark.slow

SPHERES = Path(vt.__file__).parent / "data" / "hard_spheres_0.58.gsd"
PICTURE = """
from ovito.io import import_file
from ovito.modifiers import ColorCodingModifier
from ovito.vis import TachyonRenderer, Viewport
from vitreous.ovito_modifier import OrderParameterModifier
pipeline = import_file("SPHERES")
pipeline.modifiers.append(OrderParameterModifier())
pipeline.modifiers.append(ColorCodingModifier(property="P_red averaged", gradient=ColorCodingModifier.Hot()))
pipeline.add_to_scene()
view = Viewport(type=Viewport.Type.Ortho, camera_dir=(-2, -1, -1))
view.zoom_all()
view.render_image(filename="picture.png", size=(400, 300), renderer=TachyonRenderer())
"""


@pytest.fixture(name="ovito", scope="module")
def _ovito():
    return pytest.importorskip("ovito")


def data_of(before):
    from ovito.data import DataCollection

    data = DataCollection()
    particles = data.create_particles(count=len(before))
    particles.create_property("Position", data=before.positions)
    types = particles.create_property("Particle Type", data=before.species_index + 1)
    for k, name in enumerate(before.species_names):
        types.add_type_id(k + 1, particles, name)
    particles.create_property("Radius", data=before.diameters / 2)
    if before.images is not None:
        particles.create_property("Periodic Image", data=before.images)
    for name, values in before.columns.items():
        particles.create_property(name, data=values.astype(float))
    data.create_cell(np.column_stack([before.box.vectors.T, before.box.origin]), pbc=before.box.periodic)
    data.attributes["Timestep"], data.attributes["Time"] = before.step, before.time
    return data


@pytest.mark.parametrize("seed", range(5))
def test_there_and_back(ovito, seed):
    before = snapshot(seed, periodic=(True, seed % 2 == 0, True))
    after = vt.from_ovito(data_of(before))
    same(before, after, diameters=1e-7)  # radii are in single precision there
    for name, values in before.columns.items():
        np.testing.assert_allclose(after.columns[name], values, rtol=0, atol=1e-12)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_read_by_ovito_and_by_us(ovito, tmp_path):
    from ovito.io import import_file

    theirs = vt.from_ovito(import_file(str(SPHERES)))
    ours = vt.read(SPHERES)
    shift = theirs.box.fractional(theirs.positions) - ours.box.fractional(ours.positions)
    np.testing.assert_allclose(shift, np.rint(shift), atol=1e-6)
    np.testing.assert_allclose(theirs.box.vectors, ours.box.vectors, rtol=1e-6)
    np.testing.assert_allclose(theirs.diameters, ours.diameters, rtol=1e-6)
    assert theirs.species_names == ours.species_names


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_modifier_gives_what_reveal_gives(ovito, tmp_path):
    from ovito.pipeline import Pipeline, StaticSource

    from vitreous.jobs.reveal import reveal
    from vitreous.ovito_modifier import OrderParameterModifier

    (point,) = entry_points(group="OVITO.Modifier", name="Order parameter (vitreous)")
    assert point.load() is OrderParameterModifier
    before = vt.read(SPHERES)
    source = StaticSource(
        data=data_of(vt.Configuration(before.positions, before.box, before.species, before.diameters))
    )

    def computed(**parameters):
        pipeline = Pipeline(source=source)
        pipeline.modifiers.append(OrderParameterModifier(**parameters))
        data = pipeline.compute()
        found = [np.array(data.particles[name]) for name in ("P_red", "P_red averaged")]
        return found, data.attributes["vitreous.radius"]

    expected = reveal(before, vt.OrderParameter())
    (red, averaged), radius = computed()
    np.testing.assert_array_equal(red, expected.configuration.columns["p_red"])
    np.testing.assert_array_equal(averaged, expected.configuration.columns["p_red_averaged"])
    assert radius == expected.radius
    saved = expected.model.save(tmp_path / "model.vtm")
    (again, nearer), radius = computed(model=str(saved), radius=1.3)
    np.testing.assert_array_equal(again, red)
    assert radius == 1.3
    assert nearer.std() > averaged.std()
    (other, _), _ = computed(neighbors="Distance", distance=1.45)
    assert not np.array_equal(other, red)
    with pytest.raises(RuntimeError, match="give the distance"):
        computed(neighbors="Distance")


def test_ten_lines_make_a_picture(ovito, tmp_path):
    from PIL import Image

    code = PICTURE.replace("SPHERES", str(SPHERES))
    assert len(code.strip().splitlines()) <= 12
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    if "Vulkan" in done.stderr:
        pytest.skip(
            "OVITO needs a Vulkan driver to draw (mesa-vulkan-drivers is one without a graphics card)"
        )
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "picture.png") as picture:
        pixels = np.asarray(picture.convert("RGB"), dtype=float)
    seen = pixels[(pixels.min(axis=2) < 250)]
    assert len(seen) > 0.2 * pixels.shape[0] * pixels.shape[1]  # spheres, on white
    assert seen[:, 0].std() > 20  # of many colours
