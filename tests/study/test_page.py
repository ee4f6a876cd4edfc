"""The page of a study: as a file, and in a browser in which every control is used."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from plot.devtools import CHROMIUM, browser
from study.page_results import SHARES, TYPES, page_results
from study.synthetic import nothing, without
from vitreous.errors import FileError
from vitreous.study.kinds.cage import Caged
from vitreous.study.page import write_study_page
from vitreous.study.page.tables import claims_table

EVIL = "</script><script>window.bad = 1</script><!--&amp;{{study}}{{figures}}"
CLAIM = {"claim": "P̄_red predicts", "verdict": "holds", "numbers": "A: 0.6 ± 0.1; B: 0.4 ± 0.1"}
# One pixel, black.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)


def data_of(text):
    found = re.search(r'<script id="study" type="application/json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


def test_numbers_of_claims_have_true_signs():
    table = claims_table([{**CLAIM, "numbers": "hard-spheres: -0.05 (-0.50 to +0.40); raw -.1"}])
    assert "hard-spheres: −0.05 (−0.50 to +0.40)<br>raw −.1" in table


def test_page_needs_nothing_else(tmp_path):
    (tmp_path / "figure-2.png").write_bytes(PNG)
    path = tmp_path / "page.html"
    write_study_page(
        path, page_results(label="made up"), figures={"figure-2": tmp_path / "figure-2.png"}, claims=[CLAIM]
    )
    text = path.read_text(encoding="utf-8")
    rest = text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(
        r"https?:|//\w+\.|url\((?!#)|@import|\bimport\s*[({'\"]|\bfetch\(|XMLHttpRequest", rest
    )
    assert not re.search(r"<(link|iframe|object|embed)\b|\b(href|srcset|action|onclick)=", text)
    assert re.findall(r'<img [^>]*src="(\w+:)', text) == ["data:"]
    assert "default-src 'none'" in text
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["figure-2.png", "page.html"]
    for expected in (
        "made up",
        "Figure 2",
        "✓ holds",
        "A: 0.6 ± 0.1<br>B: 0.4",
        "vitreous study run made-up.toml",
    ):
        assert expected in text


def test_numbers_come_back(tmp_path):
    results = page_results()
    write_study_page(tmp_path / "page.html", results)
    data = data_of((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert [model["name"] for model in data["models"]] == ["hard-spheres", "wahnstrom", "kob-andersen"]
    for former, model in zip(results.formers, data["models"], strict=True):
        deepest = results.of(former)[0]
        curves = deepest.pooled()
        found = model["states"][0]["curves"]["species"]["B"]["p_red_averaged"]["rho"]
        np.testing.assert_allclose(found, curves.rho[1, 1], rtol=1e-6)
        assert model["tau"] == pytest.approx(deepest.tau_alpha.value, rel=1e-6)
        assert model["clusters"]["types"] == list(TYPES[:-1])  # of the last there are none
        assert len(model["states"]) == 3


def test_text_cannot_break_out(tmp_path):
    results = page_results(label=EVIL, models=("wahnstrom",))
    results = replace(results, missing=(f"{EVIL}, relax",))
    path = tmp_path / "page.html"
    write_study_page(path, results, claims=[{"claim": EVIL, "verdict": EVIL, "numbers": EVIL}])
    text = path.read_text(encoding="utf-8")
    assert "<script>window.bad" not in text
    assert text.count("<script") == 3
    assert data_of(text)["models"][0]["name"] == "wahnstrom"


def test_an_equilibration_that_was_too_short_is_told(tmp_path):
    results = page_results(models=("wahnstrom",))
    first, *others = results.states
    short = replace(first, equilibration=replace(first.equilibration, duration=3.0 * first.tau_1e.value))
    path = tmp_path / "page.html"
    write_study_page(path, results)
    assert "relaxation times of its trajectory" not in path.read_text(encoding="utf-8")
    write_study_page(path, replace(results, states=(short, *others)))
    assert "but for 3.0 only of the relaxation times of its trajectory" in path.read_text(encoding="utf-8")


def test_figures_that_cannot_be_shown(tmp_path):
    path = tmp_path / "page.html"
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(FileError, match=r"report\.pdf: no picture"):
        write_study_page(path, nothing(), figures={"a": tmp_path / "report.pdf"})
    (tmp_path / "cut.png").write_bytes(PNG[:45])
    with pytest.raises(FileError, match=r"cut\.png: cannot be read"):
        write_study_page(path, nothing(), figures={"a": tmp_path / "cut.png"})
    with pytest.raises(FileError, match=r"none\.png"):
        write_study_page(path, nothing(), figures={"a": tmp_path / "none.png"})
    assert not path.exists()


def test_a_page_does_not_grow_beyond_its_limit(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_study_page(path, nothing())
    limit = path.stat().st_size + 10_000
    monkeypatch.setattr("vitreous.study.page.page._LARGEST_PAGE", limit)
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "large.png")
    (tmp_path / "small.png").write_bytes(PNG)
    write_study_page(path, nothing(), figures={name: tmp_path / f"{name}.png" for name in ("large", "small")})
    assert path.stat().st_size < limit
    text = path.read_text(encoding="utf-8")
    assert "Large: left out" in text
    assert text.count("data:image/webp") == 1


def test_pictures_of_the_page(tmp_path):
    """A plot comes without loss; a picture of noise, whose file would be larger than with loss, nearly so."""
    path = tmp_path / "page.html"
    plot = np.full((120, 160, 3), 255, dtype=np.uint8)
    plot[20:100:9, 10:150] = (160, 0, 20)
    noise = np.random.default_rng(0).normal(128, 30, (120, 160, 3)).clip(0, 255).astype(np.uint8)
    for name, pixels in (("plot", plot), ("noise", noise)):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    write_study_page(path, nothing(), figures={name: tmp_path / f"{name}.png" for name in ("plot", "noise")})
    shown = [
        np.asarray(Image.open(BytesIO(base64.b64decode(data))))
        for data in re.findall(r"data:image/webp;base64,([^\"]+)", path.read_text(encoding="utf-8"))
    ]
    np.testing.assert_array_equal(shown[0], plot)
    brightness = [
        np.asarray(Image.fromarray(pixels).convert("L"), dtype=float) for pixels in (noise, shown[1])
    ]
    assert np.corrcoef(brightness[0].ravel(), brightness[1].ravel())[0, 1] > 0.95


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium in PATH to open the page with")
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "page.html"
    write_study_page(path, page_results(), claims=[CLAIM])
    return path


@pytest.fixture
def opened(page, file):
    """The page as it is at the beginning."""
    if page.run("location.href") != file.as_uri():
        page.open(file, *WINDOW)
        page.run(HELPERS)
    page.run(RESET)
    yield page
    assert page.complaints == []
    assert page.requests == [file.as_uri()]


WINDOW = (740, 620)  # small views are drawn sooner

# Numbers that change if a view looks otherwise, and what stands on the page. Views are drawn once, not smoothed.
HELPERS = """
for (const { viewer } of vitreous.views) viewer.smoothFrames = 1;
window.pixels = () => vitreous.views.map(({ viewer }) => {
  const { gl } = viewer;
  viewer.resize();
  viewer.samples = 0;
  viewer.sample(0.5);
  viewer.present();
  const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
  const data = new Uint32Array(width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(data.buffer));
  return data.reduce((sum, value) => (sum * 31 + value) | 0, 0);
});
window.choose = (id, value) => {
  const control = document.getElementById(id);
  control.value = value;
  control.dispatchEvent(new Event(control.type === "range" ? "input" : "change"));
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
};
window.nodes = (selector) => [...document.querySelectorAll(selector)];
window.texts = (part) => nodes(`[data-part="${part}"]`).map((node) => node.textContent);
window.markers = (part) => nodes(`[data-part="${part}"] .marker`).map((node) => Number(node.getAttribute("x1")));
window.place = (node, x = 0.5, y = 0.5) => {
  node.scrollIntoView({ block: "center" });
  const { left, top, width, height } = node.getBoundingClientRect();
  return [left + x * width, top + y * height];
};
window.middle = (k) => place(vitreous.views[k].viewer.canvas);
"""

RESET = """
scrollTo(0, 0);
document.activeElement?.blur();
vitreous.camera.reset();
for (const view of vitreous.views) view.reader.pin(-1);
choose("type", "sp3a").then(() => choose("species", "0")).then(() => choose("time", "8"))
  .then(() => choose("colour", "p_red_averaged"));
"""


def all_differ(before, after):
    return len(before) == len(after) == 3 and all(
        one != other for one, other in zip(before, after, strict=True)
    )


def test_every_colour_is_seen(opened):
    assert opened.run("document.getElementById('colour').value") == "p_red_averaged"
    seen, legends = [opened.run("pixels()")], [opened.run("texts('legend')")]
    assert all("P̄red" in text and "+2 s.d." in text for text in legends[0])
    for colour in ("p_red", "cage_averaged", "propensity", "cluster", "species"):
        opened.run(f"choose('colour', '{colour}')")
        seen.append(opened.run("pixels()"))
        legends.append(opened.run("texts('legend')"))
    for k in range(3):
        assert len({pixels[k] for pixels in seen}) == 6
        assert len({texts[k] for texts in legends}) == 6
    assert "averaged with weights exp(−r/0.96 σAA)" in legends[2][1]  # of Wahnström, 0.8 large diameters
    assert "propensity (σA) at δt = " in legends[3][0]
    assert legends[5][0].startswith("A: 60")


def test_every_type_of_cluster_is_seen(opened):
    options = opened.run("[...document.getElementById('type').options].map((option) => option.value)")
    assert options == list(TYPES[:-1])
    seen = []
    for name, share in zip(TYPES, SHARES[:-1], strict=False):
        opened.run(f"choose('type', '{name}')")
        assert opened.run("document.getElementById('colour').value") == "cluster"
        seen.append(opened.run("pixels()"))
        for text in opened.run("texts('legend')"):
            inside, outside = map(int, re.fullmatch(rf"in a {name}: (\d+)not: (\d+)", text).groups())
            assert inside + outside == 200
            assert abs(inside / 200 - share) < 0.15
    assert all(len({pixels[k] for pixels in seen}) == 4 for k in range(3))


def test_time_moves_markers_and_recolours(opened):
    opened.run("choose('colour', 'propensity')")
    opened.run("document.getElementById('time').focus()")
    places, pictures, readouts, outputs = [], [], [], []
    for keys in (["Home"], ["ArrowRight"] * 5, ["End"]):
        for key in keys:
            opened.key(key)
        opened.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        places.append(opened.run("markers('correlations')"))
        assert opened.run("markers('others').length") == 3
        pictures.append(opened.run("pixels()"))
        readouts.append(opened.run("texts('readout')"))
        outputs.append(opened.run("document.getElementById('ratio').textContent"))
    for before, after in ((0, 1), (1, 2)):
        assert all(a < b for a, b in zip(places[before], places[after], strict=True))
        assert all_differ(pictures[before], pictures[after])
        assert all_differ(readouts[before], readouts[after])
        assert outputs[before] != outputs[after]
    assert outputs[2] == "= 3 τα"
    assert all("= 3 τα" in text for text in readouts[2])  # the same share of τ_α though the times differ
    assert len({text.split(" ")[2] for text in readouts[2]}) == 3
    assert "relaxation times" in opened.run("document.getElementById('time').getAttribute('aria-valuetext')")


def test_the_readout_tells_of_both_order_parameters(opened):
    results = page_results()
    for state, text in zip(results.states[::3], opened.run("texts('readout')"), strict=True):
        curves, large = state.pooled(), 1 if state.state.former.name == "wahnstrom" else 0
        time = float(re.search(r"δt = ([\d.,]+)", text)[1].replace(",", ""))
        k = int(np.argmin(np.abs(np.log(curves.times / time))))
        for field, name in (("p_red_averaged", "ρ of P̄red"), ("cage_averaged", "of cage")):
            value = curves.rho[curves.fields.index(field), large, k]
            assert f"{name} {value:.2f}" in text


def test_values_of_the_propensity(opened):
    """The codes in the page are the propensity of the particle, at the δt that is told."""
    propensity = page_results().states[0].snapshots[0].propensity
    for step in (0, 11):
        opened.run(f"choose('time', {step})")
        rows = dict(opened.run(f"vitreous.study.systems[0].describe(7, {step})"))
        assert float(rows["propensity"].split(" ")[0]) == pytest.approx(propensity.mean[step, 7], rel=2e-3)
    membership = page_results().states[0].snapshots[0].explained.clusters.membership
    named = [name for name, inside in zip(TYPES, membership[7], strict=True) if inside]
    assert rows["in clusters"] == (", ".join(named) or "none")


def test_playing(opened):
    opened.run("choose('time', 9)")
    opened.run("document.getElementById('play').click()")
    assert opened.run("document.getElementById('play').textContent") == "Pause"
    opened.wait("document.getElementById('play').textContent === 'Play'")
    assert opened.run("document.getElementById('time').value") == "11"


def test_species_changes_the_curves(opened):
    lines = (
        "nodes('[data-part=correlations] .plot > svg polyline').map((node) => node.getAttribute('points'))"
    )
    before, texts = opened.run(lines), opened.run("texts('about')")
    others = "nodes('[data-part=others] .plot > svg polyline').length"
    assert opened.run(others) == 18  # P̄_red and cage in three states of three models
    opened.run("choose('species', '1')")
    after = opened.run(lines)
    assert len(before) == len(after) == 12  # P_red, its average, cage, the ceiling
    assert sum(a != b for a, b in zip(before, after, strict=True)) >= 9
    assert "30 A particles" in texts[0]
    assert "70 B particles" in opened.run("texts('about')")[0]
    assert "50 A particles" in opened.run("texts('about')")[3]  # of Wahnström's the small ones are A


def test_dragging_one_view_turns_all(opened):
    x, y = opened.run("middle(1)")
    before = opened.run("pixels()")
    opened.drag(x, y, 60, 25)
    turned = opened.run("pixels()")
    assert all_differ(before, turned)
    opened.mouse("mouseWheel", x, y, deltaX=0, deltaY=-240)  # the view is in use, so the wheel zooms
    assert opened.run("vitreous.camera.zoom") > 1.2
    zoomed = opened.run("pixels()")
    assert all_differ(turned, zoomed)
    opened.key("ArrowLeft")
    assert all_differ(zoomed, opened.run("pixels()"))
    opened.run("document.getElementById('reset').click()")
    assert opened.run("pixels()") == before


def test_the_wheel_scrolls_the_page_over_a_view_that_is_not_in_use(opened):
    x, y = opened.run("middle(0)")
    before = opened.run("scrollY")
    opened.mouse("mouseWheel", x, y, deltaX=0, deltaY=120)
    opened.wait(f"scrollY > {before}")
    assert opened.run("vitreous.camera.zoom") == 1


def test_picking(opened):
    x, y = opened.run("middle(2)")
    opened.mouse("mouseMoved", x, y)
    opened.wait("!document.querySelectorAll('[data-part=tooltip]')[2].hidden")
    hovered = opened.run("texts('tooltip')")[2]
    assert re.match(r"Particle \d+species[AB], diameter", hovered)
    before = opened.run("pixels()")
    opened.click(x, y)
    pinned = opened.run("texts('pinned')")
    assert pinned[:2] == ["", ""]
    assert pinned[2] == hovered
    for part in ("position", "Pred", "P̄red", "cage", "propensity", "in clusters", "σAA at δt ="):
        assert part in pinned[2]
    opened.run("choose('time', 3)")
    assert opened.run("texts('pinned')")[2] != pinned[2]  # another δt, another propensity
    after = opened.run("pixels()")
    assert after[2] != before[2]
    number = "document.querySelectorAll('[data-part=particle]')[0]"
    opened.run(f"{number}.value = '5'; {number}.dispatchEvent(new Event('input'))")
    assert opened.run("texts('pinned')")[0].startswith("Particle 5")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("correlations", "ρ of cage"),
        ("correlations", "noise ceiling"),
        ("others", "; cage 0."),
        ("others", "T = 0.75"),
        ("means", "by snapshot 2"),
    ],
)
def test_values_on_the_curves(opened, part, words):
    plot, tip = (f"nodes('[data-part={part}] {what}')[1]" for what in (".plot > svg", ".tooltip"))
    opened.mouse("mouseMoved", *opened.run(f"place({plot})"))
    assert opened.run(f"{tip}.hidden") is False
    assert words in opened.run(f"{tip}.textContent")
    opened.mouse("mouseMoved", 2, 2)
    assert opened.run(f"{tip}.hidden")
    opened.run(f"{plot}.focus()")
    opened.key("ArrowLeft")
    last = opened.run(f"{tip}.textContent")
    opened.key("ArrowLeft")
    assert opened.run(f"{tip}.textContent") not in (last, "")


def test_a_click_on_a_curve_takes_its_time(opened):
    before = opened.run("document.getElementById('time').value")
    opened.click(*opened.run("place(nodes('[data-part=correlations] .plot > svg')[0], 0.3)"))
    assert int(opened.run("document.getElementById('time').value")) < int(before)


def test_controls_have_names_and_can_be_reached(opened):
    named = "node.labels?.length || node.textContent.trim() || node.getAttribute('aria-label')"
    controls = "nodes('select, input, button, canvas, svg[tabindex]')"
    assert opened.run(f"{controls}.filter((node) => !({named})).map((node) => node.outerHTML)") == []
    assert opened.run(f"{controls}.every((node) => node.tabIndex === 0)")


def test_on_a_phone(page, file):
    page.open(file, 390, 800, mobile=True)
    assert page.run("document.documentElement.scrollWidth") == 390
    tops = page.run("vitreous.views.map(({ viewer }) => viewer.canvas.getBoundingClientRect().top)")
    assert tops == sorted(tops)
    assert tops[1] > tops[0] + 300
    assert page.complaints == []


@pytest.mark.parametrize(
    ("parts", "disabled", "says"),
    [
        (("propensity", "curves"), {"species", "time", "play"}, "No propensity is measured yet."),
        (("explained",), {"type"}, "No clusters are found yet."),
        (("mean_p_red", "relaxation", "equilibration"), set(), ""),
        (("revealed", "explained"), {"type"}, "No clusters are found yet."),
        (
            ("revealed", "caged", "propensity", "curves", "explained", "mean_p_red", "relaxation"),
            {"colour", "reset", "type", "species", "time", "play"},
            "No snapshot is made yet.",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(page, tmp_path, parts, disabled, says):
    results = without(page_results(models=("hard-spheres",), states=1), *parts)
    results = replace(results, missing=("hard-spheres-0.58, relax",))
    write_study_page(tmp_path / "page.html", results)
    page.open(tmp_path / "page.html", *WINDOW)
    assert page.complaints == []
    assert page.run("document.documentElement.dataset.vitreous") == "ready"
    controls = "[...document.querySelectorAll('#controls select, #controls input, #controls button')]"
    assert set(page.run(f"{controls}.filter((node) => node.disabled).map((node) => node.id)")) == disabled
    assert says in page.run("document.getElementById('hint').textContent")
    assert "1 of 3 steps are missing" in page.run("document.body.textContent")
    for control in ("propensity", "explained"):
        if control in parts:
            value = {"explained": "cluster"}.get(control, control)
            option = f"document.querySelector('#colour option[value={value}]')"
            assert page.run(f"{option}.disabled && {option}.textContent.includes('yet')")
    if "curves" in parts:
        assert "not correlated yet" in page.run(
            "document.querySelector('[data-part=correlations]').textContent"
        )


def test_nothing_is_caged(page, tmp_path):
    """Then there is no curve, no colour, and it is said why."""
    results = page_results(models=("kob-andersen",), states=1)
    snapshots = []
    for one in results.states[0].snapshots:
        for curves in one.curves.values():
            curves.rho[curves.fields.index("cage_averaged")] = np.nan
        snapshots.append(replace(one, caged=Caged(None, "too hot")))
    results = replace(results, states=(replace(results.states[0], snapshots=tuple(snapshots)),))
    write_study_page(tmp_path / "page.html", results)
    page.open(tmp_path / "page.html", *WINDOW)
    assert page.complaints == []
    option = "document.querySelector('#colour option[value=cage_averaged]')"
    assert page.run(f"{option}.disabled && {option}.textContent.includes('nothing is caged')")
    assert "cage" not in page.run("document.querySelector('[data-part=correlations]').textContent")
    assert "There is no cage order parameter" in page.run("document.body.textContent")


def test_one_or_two_models_and_nothing_at_all(page, tmp_path):
    path = tmp_path / "page.html"
    for results in (page_results(models=("wahnstrom",), states=1, snapshots=1),
                    page_results(models=("hard-spheres", "kob-andersen")), nothing()):  # fmt: skip
        write_study_page(path, results)
        page.open(path, *WINDOW)
        assert page.complaints == []
        assert page.run("document.querySelectorAll('.system').length") == len(results.formers)
        assert page.run("document.documentElement.scrollWidth") <= 740


def test_size_and_memory_of_a_whole_study(page, tmp_path):
    path = tmp_path / "page.html"
    write_study_page(path, page_results(particles=2000, times=46, states=5))
    assert path.stat().st_size < 3_000_000
    page.open(path, *WINDOW)
    page.run(HELPERS)
    for control, value in (("colour", "propensity"), ("time", 10), ("type", "9B"), ("species", 1)):
        page.run(f"choose('{control}', '{value}')")
    page.drag(*page.run("middle(0)"), 40, 20)
    assert page.complaints == []
    assert page.heap() < 20e6
