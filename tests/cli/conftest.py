from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
import pytest

import vitreous as vt
from vitreous.cli import main

_STAGE = re.compile(r"\[ *\d+\.\d s\] \S")


class Result(NamedTuple):
    """What a run of the command left behind."""

    status: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """Lines on standard error that do not tell about progress."""
        return [line for line in self.err.splitlines() if not _STAGE.match(line)]


def run_here(*words: object) -> Result:
    """Run the command line in this process, in the current folder."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", ["vitreous", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
    return Result(status, out.getvalue(), err.getvalue())


def content(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, hidden ones too, with what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def start(*words: object, code: str = "", **options: object) -> subprocess.Popen[str]:
    """Start the command line in a process of its own, after running `code` in it."""
    listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # as from a terminal
    command = [
        sys.executable,
        "-c",
        f"{listens}\n{code}\nfrom vitreous.cli import main; main()",
        *map(str, words),
    ]
    environment = {**os.environ, "VITREOUS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    return subprocess.Popen(command, **{**pipes, **options})


@pytest.fixture(scope="session", name="run")
def _run() -> Callable[..., Result]:
    return run_here


@pytest.fixture(scope="session", name="begin")
def _begin() -> Callable[..., subprocess.Popen[str]]:
    return start


@pytest.fixture(scope="session", name="content")
def _content() -> Callable[[Path], dict[str, bytes | None]]:
    return content


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of few pixels, so that they cost little."""
    monkeypatch.setattr("vitreous.plot.style.DPI", 50)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of one's own as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refused(here: Path) -> Callable[..., None]:
    """Check that a command is refused with one line and leaves nothing behind."""

    def check(*words: object, saying: str = "") -> None:
        before = content(here)
        result = run_here(*words)
        assert result.status == 2, result
        assert len(result.errors) == 1, result.err
        assert result.err.splitlines()[-1].startswith("vitreous: ")
        assert re.search(saying, result.errors[0]), result.errors[0]
        assert "Traceback" not in result.err
        assert not result.out
        assert content(here) == before

    return check


@pytest.fixture(scope="session")
def liquid(hard_spheres: vt.Configuration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled snapshot as a file with a made-up propensity and a column of text."""
    rng = np.random.default_rng(0)
    propensity = rng.random(2000)
    with_columns = hard_spheres.with_columns(propensity=propensity, mark=np.where(propensity < 0.5, "x", "y"))
    return vt.write(tmp_path_factory.mktemp("liquid") / "liquid.extxyz", with_columns)


@pytest.fixture(scope="session")
def model(hard_spheres: vt.Configuration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file, trained quickly."""
    path = tmp_path_factory.mktemp("model") / "m.vtm"
    return vt.OrderParameter(reducer="pca").fit(hard_spheres).save(path)
