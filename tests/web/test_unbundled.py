"""The modules as they are, loaded by a browser from a server: the same page as with the one script."""

from __future__ import annotations

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import numpy as np
import pytest

from plot.devtools import CHROMIUM, browser
from study.page_results import page_results
from vitreous.configuration import Configuration
from vitreous.plot import write_page
from vitreous.study.page import write_study_page
from vitreous.web import modules_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium in PATH to open the page with")

# What is on the canvases, drawn once, and what is written.
SEEN = """
(vitreous.views ?? [vitreous]).map(({ viewer }) => {
  viewer.resize();
  viewer.samples = 0;
  viewer.sample();
  viewer.present();
  const { gl } = viewer;
  const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
  const data = new Uint32Array(width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(data.buffer));
  return data.reduce((sum, value) => (sum * 31 + value) | 0, 0);
}).concat(document.body.innerText)
"""


class Handler(SimpleHTTPRequestHandler):
    """The room's files, and the page made of them."""

    page = b""

    def do_GET(self):
        if self.path.endswith((".js", ".ico")):
            return super().do_GET() if self.path.endswith(".js") else self.send_error(204)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        return self.wfile.write(self.page)

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """Serve a page in which a module stands for the one script; its address."""
    servers = []

    def start(path, entry):
        text, scripts = re.subn(
            r"<script>\n.*?\n</script>",
            f'<script type="module" src="/{entry}"></script>',
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        text, policies = re.subn(r"script-src 'sha256-[^']+'", "script-src 'self'", text)
        assert (scripts, policies) == (1, 1)
        handler = type("PageHandler", (Handler,), {"page": text.encode()})
        folder = str(resources.files("vitreous.web"))
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder)))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def write_viewer(path):
    rng = np.random.default_rng(2)
    snapshot = Configuration(rng.uniform(0, 6, (60, 3)), 6.0, rng.choice(["A", "B"], 60))
    write_page(path, snapshot, {"value": rng.normal(size=60)}, title="made up")


def write_study(path):
    write_study_page(path, page_results(models=("wahnstrom",), states=2))


@pytest.mark.parametrize(
    ("write", "entry"), [(write_viewer, "viewer/main.js"), (write_study, "study/main.js")]
)
def test_modules_in_the_browser(tmp_path, serve, write, entry):
    path = tmp_path / "page.html"
    write(path)
    address = serve(path, entry)
    seen = []
    with browser(tmp_path) as page:
        for url in (path.as_uri(), address):
            page.open(url, 740, 620)
            assert page.run("document.documentElement.dataset.vitreous") == "ready"
            seen.append(page.run(SEEN))
            assert page.complaints == []
        loaded = {url.removeprefix(address) for url in page.requests if url.endswith(".js")}
    assert loaded == set(modules_of(entry))
    assert seen[0] == seen[1]
