"""The page in a browser: Chromium without a display draws with WebGL2 in software."""

from __future__ import annotations

import json
import re
import subprocess

import numpy as np
import pytest

from plot.devtools import BROWSER_OPTIONS, CHROMIUM
from vitreous.configuration import Configuration
from vitreous.plot import Camera, two_sigma_limits, write_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium in PATH to open the page with")

OPTIONS = [*BROWSER_OPTIONS, "--window-size=900,600", "--virtual-time-budget=4000", "--dump-dom"]

PROBE = """
<pre id="probe"></pre>
<script>
{
  const { viewer, camera, particles, page } = window.vitreous ?? {};
  const result = { status: document.documentElement.dataset.vitreous, message: message.textContent };
  const dots = () => {
    const { gl } = viewer;
    viewer.samples = 0;
    viewer.sample();
    viewer.present();
    return (i) => {
      const at = viewer.project(i);
      const color = new Uint8Array(4);
      const [x, y] = [at.x, viewer.canvas.clientHeight - at.y].map((c) => Math.floor(c * viewer.dot));
      gl.readPixels(x, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, color);
      return [...color];
    };
  };
  if (viewer) {
    result.bad = window.bad ?? null;
    result.title = document.getElementById("title").textContent;
    result.size = [viewer.canvas.clientWidth, viewer.canvas.clientHeight];
    result.radiusPixels = viewer.radiusPixels;
    const all = [...Array(particles.n).keys()];
    const places = () => all.map((i) => viewer.project(i)).map(({ x, y }) => [x, y, viewer.pick(x, y)]);
    result.places = places();
    result.corner = viewer.pick(2, 2);
    result.limits = particles.columns.map(({ name, low, high }) => [name, low, high]);
    result.described = particles.describe(3);
    result.colors = all.slice(0, 4).map(dots());
    viewer.setShown(1.5, null);
    result.shown = places();
    result.count = particles.count(viewer.state.column, 1.5, null, viewer.state.speciesVisible);
    viewer.setShown(null, null);
    viewer.setSpeciesVisible(0, false);
    result.species = places();
    viewer.setSpeciesVisible(0, true);
    viewer.setCut(0.5);
    result.cut = places();
    viewer.setCut(0);
    viewer.setColumn("species");
    result.legend = document.getElementById("legend").textContent;
    const canvas = document.createElement("canvas");
    document.querySelector(".view").append(canvas);
    const linked = new viewer.constructor(canvas, particles, camera);
    camera.turn(30, 10);
    camera.enlarge(1.5);
    result.turned = [viewer.project(1), linked.project(1), viewer.samples, linked.samples];
    page.reader.pin(1);
    result.pinned = document.getElementById("pinned").textContent;
  }
  document.getElementById("probe").textContent = JSON.stringify(result);
}
</script>
</body>"""


def browse(page, folder):
    """What the probe found on the page."""
    text = page.read_text(encoding="utf-8")
    probed = page.with_name("probed.html")
    text = re.sub(
        r"script-src 'sha256-[^']+'", "script-src 'unsafe-inline'", text
    )  # the probe is not its own
    probed.write_text(text.replace("</body>", PROBE), encoding="utf-8")
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={folder}", probed.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout.decode("utf-8", "replace"), re.DOTALL)
    assert found, f"Chromium gave no page: {done.stderr.decode('utf-8', 'replace')[-2000:]}"
    return json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def scene():
    """Forty spheres, with one value that is missing, and a name that wants to break out."""
    rng = np.random.default_rng(4)
    positions = rng.uniform(0, 8, (40, 3))
    species = np.where(rng.random(40) < 0.5, "</script><script>window.bad = 1</script>", "B")
    configuration = Configuration(
        positions=positions, box=8.0, species=species, diameters=rng.uniform(0.6, 1.4, 40)
    )
    values = np.arange(40) % 4 * 1.0
    values[3] = np.nan
    return configuration, values


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    configuration, values = scene()
    columns = {"value": values, "other": np.sin(np.arange(40.0)), "constant": np.full(40, 2.5)}
    write_page(folder / "page.html", configuration, columns, title="<b>Spheres</b>", color_by="value")
    return browse(folder / "page.html", folder / "profile")


def expected_picks(places, size, radius_pixels, keep):
    """For each canvas position the nearest of the kept spheres on its ray, and how safely inside its outline.

    Written apart from the viewer: rays from the eye of `Camera` through the picture plane.
    """
    configuration, _ = scene()
    positions, radii = configuration.positions, configuration.diameters / 2
    low = np.minimum((positions - radii[:, None]).min(axis=0), 0.0)
    high = np.maximum((positions + radii[:, None]).max(axis=0), 8.0)
    scene_radius = np.linalg.norm(high - low) / 2
    camera = Camera()
    centers = (positions - (low + high) / 2) @ camera.axes.T
    eye = np.array([0.0, 0.0, camera.distance * scene_radius])
    scale = radius_pixels / scene_radius
    answers = []
    for x, y, _ in places:
        through = np.array([(x - size[0] / 2) / scale, (size[1] / 2 - y) / scale, 0.0])
        direction = (through - eye) / np.linalg.norm(through - eye)
        along = (centers - eye) @ direction
        miss = np.linalg.norm(centers - eye - along[:, None] * direction, axis=1)
        entry = np.where((miss < radii) & keep, along - np.sqrt(np.maximum(radii**2 - miss**2, 0)), np.inf)
        best = int(np.argmin(entry))
        clear = (np.abs(miss - radii) > 1.5 / scale).all()
        answers.append((best if np.isfinite(entry[best]) else -1, clear))
    return answers


def check_picks(found, places, keep):
    expected = expected_picks(places, found["size"], found["radiusPixels"], keep)
    clear = [k for k in range(40) if expected[k][1]]
    assert len(clear) > 25
    # A box edge may lie in front of a sphere: there nothing is picked.
    wrong = [k for k in clear if places[k][2] != expected[k][0] and places[k][2] != -1]
    missed = [k for k in clear if places[k][2] == -1 and expected[k][0] != -1]
    assert wrong == []
    assert len(missed) <= 2


def test_webgl_draws(found):
    assert (found["status"], found["message"]) == ("ready", "")


def test_text_is_text(found):
    assert found["bad"] is None
    assert found["title"] == "<b>Spheres</b>"


def test_the_particle_under_the_pointer_is_picked(found):
    check_picks(found, found["places"], np.ones(40, dtype=bool))
    assert found["corner"] == -1
    own = sum(place[2] == k for k, place in enumerate(found["places"]))
    assert own > 20


def test_hidden_particles_are_not_picked(found):
    configuration, values = scene()
    check_picks(found, found["shown"], values >= 1.5)
    assert found["count"] == np.sum(values >= 1.5)
    check_picks(found, found["species"], configuration.species == "B")


def test_cut_from_the_front(found):
    configuration, _ = scene()
    positions, radii = configuration.positions, configuration.diameters / 2
    low = np.minimum((positions - radii[:, None]).min(axis=0), 0.0)
    high = np.maximum((positions + radii[:, None]).max(axis=0), 8.0)
    toward = (positions - (low + high) / 2) @ Camera().axes[2]
    check_picks(found, found["cut"], toward <= 0)


def test_limits_are_the_same_numbers(found):
    _, values = scene()
    limits = {name: (low, high) for name, low, high in found["limits"][1:]}
    assert limits["value"] == two_sigma_limits(values)
    assert limits["other"] == two_sigma_limits(np.sin(np.arange(40.0)))
    assert limits["constant"] == (2.5, 2.5)


def test_numbers_of_a_particle(found):
    described = dict(found["described"])
    configuration, _ = scene()
    assert float(described["x"]) == pytest.approx(configuration.positions[3, 0], abs=1e-4)
    assert float(described["diameter"]) == pytest.approx(configuration.diameters[3], abs=1e-4)
    assert described["value"] == "–"
    assert described["species"] == configuration.species[3]


def test_colors_on_the_canvas(found):
    picked = [place[2] for place in found["places"][:4]]
    for i, (red, green, blue, _) in enumerate(found["colors"]):
        if picked[i] != i:
            continue
        if i == 3:
            assert max(red, green, blue) - min(red, green, blue) < 25
        elif i == 2:
            assert red - green > 60
    # values 0, 1, 2: the higher, the darker
    brightness = [sum(found["colors"][i][1:3]) for i in range(3) if picked[i] == i]
    assert brightness == sorted(brightness, reverse=True)


def test_linked_views_turn_together(found):
    first, second, *samples = found["turned"]
    assert first == second
    assert samples == [0, 0]  # both know that they must draw again
    assert [first["x"], first["y"]] != found["places"][1][:2]


def test_pinned_particle(found):
    assert found["pinned"].startswith("Particle 1")
