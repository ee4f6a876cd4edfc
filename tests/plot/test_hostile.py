"""Files by others full of quotes and scripts: the page shows them as text, and runs nothing."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vitreous as vt
from plot.devtools import CHROMIUM, browser
from vitreous.plot import write_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium in PATH to open the page with")

RUN = "window.bad=1"
PIECES = (
    *("<script>", "</script>", "<SCRIPT >", "</ScRiPt\n>", "<!--", "-->", "<!--<script>", "]]>", "<![CDATA["),
    *(
        "</title>",
        "</style>",
        "</textarea>",
        "</select>",
        "</body>",
        "<noscript>",
        "<template>",
        "<base href=x:>",
    ),
    *(
        f"<img src=x onerror={RUN}>",
        f"<svg onload={RUN}>",
        f"<svg><script>{RUN}</script>",
        f'"><a onfocus={RUN} autofocus tabindex=0>',
    ),
    *(
        "<iframe srcdoc='<script>parent.bad=1</script>'>",
        f"<details open ontoggle={RUN}>",
        f"javascript:{RUN}",
    ),
    *(
        "'",
        '"',
        "`",
        "\\",
        "\\\\'",
        "\\u003c",
        "&lt;",
        "&#60;script&#62;",
        "&quot;",
        "&",
        "${",
        "}",
        "{{script}}",
        "{{particles}}",
    ),
    *(
        f"';{RUN};'",
        f'";{RUN};"',
        f"`${{{RUN}}}`",
        f"*/{RUN}/*",
        f"\n{RUN}\n",
        "\u2028",
        "\u2029",
        "\u202e",
        "\x00",
        "\x0b",
        "\ufeff",
    ),
    *("\ud800", "\udcff", "=", " ", "/", RUN, "alert(1)", "P̄_red", "__proto__", "constructor", "toString"),
)
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


@pytest.fixture(name="page", scope="module")
def _page(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


def use(page, path):
    """Open it and use whatever writes text: columns, legends, tooltips, a pinned particle."""
    page.open(path, 900, 600)
    assert page.run("document.documentElement.dataset.vitreous") == "ready"
    page.run("""
        for (const option of [...document.getElementById("column").options]) {
            document.getElementById("column").value = option.value;
            document.getElementById("column").dispatchEvent(new Event("change"));
        }
        for (const number of [0, 1, 2]) {
            const field = document.getElementById("particle");
            field.value = number;
            for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind));
        }
        for (const box of document.querySelectorAll("#species input")) box.click();
    """)
    page.mouse("mouseMoved", 300, 300)
    assert page.run("window.bad ?? null") is None
    assert page.run("document.scripts.length") == 2
    assert (
        page.run("document.querySelectorAll('img, iframe, svg, a, base, object, embed, details').length") == 0
    )
    assert page.requests == [path.as_uri()]
    assert page.complaints == []  # such as a script that only the policy has stopped


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(hostile, min_size=2, max_size=3, unique=True),
    labels=st.lists(hostile, min_size=3, max_size=3),
    title=hostile,
    source=hostile,
)
def test_nothing_in_a_page_runs(page, tmp_path, names, labels, title, source):
    configuration = vt.Configuration(np.eye(3), 3.0, labels, source=f"{source}.gsd")
    columns = {name: (np.arange(3.0) if k else np.array(labels[::-1])) for k, name in enumerate(names)}
    path = tmp_path / "page.html"
    write_page(path, configuration, columns, title=title)
    use(page, path)
    if title.isprintable():
        assert page.run("document.getElementById('title').textContent") == title


def test_a_file_that_was_read(page, tmp_path):
    evil = f"<script>{RUN}</script>"
    file = tmp_path / "evil'\"<script>.extxyz"
    lines = [f"{label} {x} 0 0 {x}" for x, label in enumerate(("<img/src=x/onerror=bad=1>", "A", f"'{evil}"))]
    comment = f'Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:{evil}:R:1 note="{evil}" {evil}=1'
    file.write_text("\n".join(["3", comment, *lines, ""]))
    snapshot = vt.read(file)
    assert f"'{evil}" in snapshot.species_names
    write_page(tmp_path / "page.html", snapshot, {**snapshot.columns, evil: np.arange(3.0)})
    use(page, tmp_path / "page.html")


def test_the_policy_stops_what_would_get_through(page, tmp_path):
    """Were a script to slip in after all, no browser would run it."""
    path = tmp_path / "page.html"
    write_page(path, vt.Configuration(np.eye(3), 3.0), {"x": np.arange(3.0)})
    text = path.read_text(encoding="utf-8")
    slipped = f"<script>{RUN}</script><img src=data:, onerror={RUN}><svg onload={RUN}></svg></body>"
    path.write_text(text.replace("</body>", slipped), encoding="utf-8")
    page.open(path, 900, 600)
    assert page.run("window.bad ?? null") is None
    assert any("Content Security Policy" in complaint for complaint in page.complaints)


def test_names_of_columns_are_no_names_of_javascript(page, tmp_path):
    """Such as are there already in every object."""
    columns = {name: np.arange(3.0) for name in ("__proto__", "constructor", "hasOwnProperty")}
    path = tmp_path / "page.html"
    write_page(path, vt.Configuration(np.eye(3), 3.0), columns)
    use(page, path)
    found = re.search(r'type="application/json">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    names = [column["name"] for column in json.loads(found[1])["columns"]]
    assert (
        page.run("[...document.getElementById('column').options].map((option) => option.textContent)")
        == names
    )
