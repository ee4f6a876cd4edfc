"""Chromium without a display, driven over its DevTools protocol; Tornado, which Dask brings, speaks WebSocket."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
BROWSER_OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_OPTIONS = [*BROWSER_OPTIONS, "--remote-debugging-port=0", "--enable-precise-memory-info"]
_PATIENCE = 30.0  # seconds
_FRAME = "requestAnimationFrame"


class Page:
    """A tab: `run` evaluates JavaScript; mouse and keys are real events; what the page complains of is kept."""

    def __init__(self, loop: IOLoop, connection: Any) -> None:
        self._loop, self._connection, self._number = loop, connection, 0
        self.complaints: list[str] = []
        self.requests: list[str] = []
        for domain in ("Runtime", "Log", "Network", "Page", "Performance"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        number = self._number

        async def exchange() -> Any:
            message = {"id": number, "method": method, "params": parameters}
            await self._connection.write_message(json.dumps(message))
            while True:
                text = await self._connection.read_message()
                assert text is not None, "the browser is gone"
                answer = json.loads(text)
                if answer.get("id") == number:
                    return answer
                self._hear(answer)

        answer = self._loop.run_sync(exchange, timeout=_PATIENCE)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _hear(self, event: dict[str, Any]) -> None:
        about = event.get("params", {})
        if event["method"] == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(about["exceptionDetails"])[:600])
        elif event["method"] == "Runtime.consoleAPICalled" and about["type"] in (
            "error",
            "warning",
            "assert",
        ):
            self.complaints.append(json.dumps(about["args"])[:600])
        elif event["method"] == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            self.complaints.append(about["entry"]["text"])

    def run(self, script: str) -> Any:
        """Value of an expression, or of the promise that it is."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Until an expression is true."""
        end = time.monotonic() + _PATIENCE
        while not self.run(condition):
            assert time.monotonic() < end, f"in vain waited for {condition}"
            time.sleep(0.02)

    def open(self, file: Path | str, width: int, height: int, mobile: bool = False) -> None:
        """A file, or an address, once its script has said how it went and what it made has been drawn."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )
        self.complaints.clear()
        self.requests.clear()
        self.call("Page.navigate", url=file if isinstance(file, str) else file.as_uri())
        self.wait("document.readyState === 'complete' && !!document.documentElement.dataset.vitreous")
        # Plots are drawn when they are told their size, which is after the callbacks of an animation frame: those of
        # the next one find them drawn.
        self.run(f"new Promise((drawn) => {_FRAME}(() => {_FRAME}(() => drawn(true))))")

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x: float, y: float) -> None:
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def drag(self, x: float, y: float, dx: float, dy: float) -> None:
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        for share in (0.3, 0.6, 1.0):
            self.mouse("mouseMoved", x + share * dx, y + share * dy, button="left", buttons=1)
        self.mouse("mouseReleased", x + dx, y + dy, button="left", clickCount=1)

    def key(self, name: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, **_codes(name))

    def screenshot(self, file: Path, whole: bool = True) -> None:
        data = self.call(
            "Page.captureScreenshot", captureBeyondViewport=whole, **(self._all() if whole else {})
        )
        file.write_bytes(base64.b64decode(data["data"]))

    def _all(self) -> dict[str, Any]:
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def heap(self) -> float:
        """Bytes of JavaScript objects that are still in use."""
        self.call("HeapProfiler.collectGarbage")
        metrics = self.call("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")


def _codes(name: str) -> dict[str, int]:
    codes = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}
    return {"windowsVirtualKeyCode": codes[name]} if name in codes else {}


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A browser of its own, which ends with the block."""
    assert CHROMIUM is not None
    with (folder / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            [CHROMIUM, *_OPTIONS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    loop = IOLoop(make_current=False)
    connection = None
    try:
        port = _port(folder / "profile" / "DevToolsActivePort", process)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=_PATIENCE) as answer:
            tab = next(one for one in json.load(answer) if one["type"] == "page")

        async def connect() -> Any:
            return await websocket_connect(tab["webSocketDebuggerUrl"], max_message_size=2**28)

        connection = loop.run_sync(connect, timeout=_PATIENCE)
        yield Page(loop, connection)
    finally:
        if connection is not None:

            async def hang_up() -> None:
                connection.close()

            loop.run_sync(hang_up, timeout=_PATIENCE)
        loop.close()
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise AssertionError("Chromium does not start")
