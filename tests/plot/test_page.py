"""The interactive page as a file: whole, alone, escaped, and with the numbers it was given."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from vitreous.box import Box
from vitreous.configuration import Configuration
from vitreous.errors import FileError, InputError
from vitreous.plot import embedded_particles, two_sigma_limits, viewer_script, viewer_style, write_page

EVIL = "</script><script>window.bad = 1</script><!--&amp;"


@pytest.fixture
def configuration():
    rng = np.random.default_rng(0)
    return Configuration(
        positions=rng.uniform(0, 1, (50, 3)) @ Box.of((4, 5, 6, 1, 0.5, -1)).vectors + 1000.0,
        box=Box.of((4, 5, 6, 1, 0.5, -1), origin=(1000.0, 1000.0, 1000.0)),
        species=rng.choice(["A", "B"], 50),
        diameters={"A": 1.0, "B": 0.88},
        source="folder/liquids/snapshot.gsd",
    )


class Elements(HTMLParser):
    """Start tags with attributes, and the text of scripts, as a browser would find them."""

    def __init__(self):
        super().__init__()
        self.tags, self.scripts, self.inside = [], {}, None

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "script":
            self.inside = dict(attributes).get("id", "code")
            self.scripts[self.inside] = ""

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.scripts[self.inside] += data


def parse(path):
    elements = Elements()
    elements.feed(path.read_text(encoding="utf-8"))
    return elements


def decode(header, entry):
    return np.frombuffer(
        base64.b64decode(header["data"]), np.dtype(entry["dtype"]), entry["length"], entry["offset"]
    )


def test_page_needs_nothing_else(configuration, tmp_path):
    path = tmp_path / "page.html"
    write_page(path, configuration, {"p_red": np.arange(50.0)})
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//\w+\.|url\(|@import|\bimport\s*[({'\"]|\bfetch\(|XMLHttpRequest", text)
    for _, attributes in parse(path).tags:
        assert not {"src", "href", "srcset", "action", "onclick"} & set(attributes)
    assert "default-src 'none'" in text
    assert not re.search(r"\{\{\w+\}\}", text)
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_numbers_come_back(configuration, tmp_path):
    rng = np.random.default_rng(1)
    columns = {
        "p_red": rng.normal(size=50),
        "gaps": np.where(np.arange(50) % 7 == 0, np.nan, rng.normal(size=50)),
        "id": np.arange(50) + 2**25,
        "huge id": np.arange(50) + 2**40,
        "flag": np.arange(50) % 2 == 0,
        "cluster": rng.choice(["fast", "slow", "ß"], 50),
        "tiny": rng.normal(size=50) * 1e-60,
    }
    path = tmp_path / "page.html"
    write_page(path, configuration, columns, color_by="gaps")
    header = json.loads(parse(path).scripts["particles"])
    assert (header["n"], header["source"], header["title"]) == (50, "snapshot.gsd", "snapshot.gsd")
    assert header["color_by"] == "gaps"
    positions = decode(header, header["positions"]).reshape(50, 3) + header["center"]
    np.testing.assert_allclose(positions, configuration.positions, atol=1e-6)
    np.testing.assert_array_equal(
        decode(header, header["diameters"]), configuration.diameters.astype(np.float32)
    )
    stored = {column["name"]: column for column in header["columns"]}
    assert list(stored) == ["species", *columns]
    for name in ("species", "cluster"):
        labels = np.array(stored[name]["categories"])[decode(header, stored[name]["values"])]
        assert (labels == (configuration.species if name == "species" else columns[name])).all()
    for name in ("p_red", "gaps"):
        np.testing.assert_array_equal(
            decode(header, stored[name]["values"]), columns[name].astype(np.float32)
        )
    for name in ("id", "huge id", "flag", "tiny"):
        np.testing.assert_array_equal(decode(header, stored[name]["values"]), columns[name])
    for name in ("p_red", "gaps", "id", "flag", "tiny"):
        assert (stored[name]["low"], stored[name]["high"]) == two_sigma_limits(columns[name])


def test_column_without_a_number(configuration):
    header = json.loads(embedded_particles(configuration, {"none": np.full(50, np.nan)}))
    column = header["columns"][1]
    assert [column[key] for key in ("low", "high", "min", "max")] == [None] * 4


def test_box_edges_are_those_of_the_triclinic_box(configuration):
    header = json.loads(embedded_particles(configuration, {}))
    edges = np.array(header["box"]["edges"])
    assert edges.shape == (12, 2, 3)
    directions = edges[:, 1] - edges[:, 0]
    for vector in configuration.box.vectors:
        assert np.isclose(directions, vector).all(axis=1).sum() == 4


def test_size_of_the_file(tmp_path):
    rng = np.random.default_rng(2)
    n = 20_000
    big = Configuration(positions=rng.uniform(0, 30, (n, 3)), box=30.0)
    sizes = []
    for columns in ({}, {"x": rng.normal(size=n)}):
        write_page(tmp_path / "page.html", big, columns)
        sizes.append((tmp_path / "page.html").stat().st_size)
    assert sizes[0] / n < 27
    assert (sizes[1] - sizes[0]) / n < 6


def test_text_cannot_break_out(tmp_path):
    configuration = Configuration(
        positions=np.eye(3), box=3.0, species=["A", EVIL, "{{script}}"], source=f"{EVIL}.gsd"
    )
    path = tmp_path / "page.html"
    write_page(path, configuration, {EVIL: np.arange(3.0)}, title=EVIL)
    elements = parse(path)
    assert sum(tag == "script" for tag, _ in elements.tags) == 2
    assert "window.bad" not in elements.scripts["code"]
    header = json.loads(elements.scripts["particles"])
    assert header["title"] == EVIL
    assert header["columns"][0]["categories"] == sorted(["A", EVIL, "{{script}}"])
    assert header["columns"][1]["name"] == EVIL


def test_wrong_input(configuration, tmp_path):
    path = tmp_path / "page.html"
    with pytest.raises(InputError, match=r"'p'.*50 particles"):
        write_page(path, configuration, {"p": np.zeros(3)})
    with pytest.raises(InputError, match="numbers, flags or strings"):
        write_page(path, configuration, {"p": np.zeros(50, dtype=complex)})
    with pytest.raises(InputError, match="species"):
        write_page(path, configuration, {"species": np.zeros(50)})
    with pytest.raises(InputError, match="no column 'q'"):
        write_page(path, configuration, {"p": np.zeros(50)}, color_by="q")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileError, match="nowhere"):
        write_page(tmp_path / "nowhere" / "page.html", configuration, {})


def test_parts_for_other_pages():
    script = viewer_script()
    for name in ("Particles", "Camera", "Controls", "Viewer"):
        assert f"class {name} " in script
    assert "</script" not in script
    assert ".panel" in viewer_style()


def test_more_particles_than_a_browser_shows(configuration, tmp_path, monkeypatch):
    monkeypatch.setattr("vitreous.plot.page._MOST_PARTICLES", len(configuration) - 1)
    with pytest.raises(InputError, match="more than a browser shows"):
        write_page(tmp_path / "x.html", configuration, {})
    assert list(tmp_path.iterdir()) == []
