from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import FileError

SNAPSHOT = Configuration(positions=np.zeros((3, 3)), box=1.0)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, SystemExit])
@pytest.mark.parametrize("old", [None, "old content"])
def test_nothing_is_left_behind(tmp_path, error, old):
    target = tmp_path / "a.txt"
    if old is not None:
        target.write_text(old)
    with pytest.raises(error), io.atomic_path(target) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise error
    assert [path.name for path in tmp_path.iterdir()] == ([] if old is None else ["a.txt"])
    assert old is None or target.read_text() == old


def test_errors_of_the_block_tell_the_name_that_a_person_knows(tmp_path):
    first, second = tmp_path / "a.gsd", tmp_path / "b.png"
    with pytest.raises(FileError) as caught, ExitStack() as stack:  # noqa: PT012
        one, two = (stack.enter_context(io.atomic_path(path)) for path in (first, second))
        two.write_text("half")
        raise FileError(f"{one}: cannot write: no space left on device")
    assert str(caught.value) == f"{first}: cannot write: no space left on device"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.gsd", ".gsd"),
        ("a.extxyz.gz", ".extxyz.gz"),
        ("a.b.png", ".png"),
        ("none", ""),
        ("x" * 250 + ".gsd", ".gsd"),
    ],
)
def test_the_temporary_file_has_the_suffix_of_the_target(tmp_path, name, suffix):
    with io.atomic_path(tmp_path / name) as temporary:
        assert temporary.parent == tmp_path
        assert not temporary.exists()
        assert temporary.name.endswith(suffix)
        temporary.write_text("new")
    assert (tmp_path / name).read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_old_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path):
    old, new, usual = tmp_path / "old.gsd", tmp_path / "new.gsd", tmp_path / "usual"
    old.write_text("old")
    old.chmod(0o640)
    usual.touch()
    io.write(old, SNAPSHOT)
    io.write(new, SNAPSHOT)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real.gsd").write_text("old")
    link = tmp_path / "link.gsd"
    link.symlink_to("real.gsd")
    io.write(link, SNAPSHOT)
    assert link.is_symlink()
    assert len(io.read(tmp_path / "real.gsd")) == 3


@pytest.mark.parametrize("suffix", ["gsd", "extxyz", "extxyz.gz"])
def test_an_interrupted_write_keeps_the_old_file(tmp_path, monkeypatch, suffix):
    path = io.write(tmp_path / f"a.{suffix}", SNAPSHOT)
    before = path.read_bytes()

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        io.write(path, SNAPSHOT.with_columns(x=[1, 2, 3]))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_as_target(tmp_path):
    (tmp_path / "a.gsd").mkdir()
    with pytest.raises(FileError, match=r"a\.gsd: cannot write, this is a directory"):
        io.write(tmp_path / "a.gsd", SNAPSHOT)


def test_a_missing_directory(tmp_path):
    with pytest.raises(FileError, match=r"directory .*missing does not exist"):
        io.write(tmp_path / "missing" / "a.gsd", SNAPSHOT)


def test_a_device_is_not_replaced():
    with pytest.raises(FileError, match="not a regular file"), io.atomic_path("/dev/null"):
        pass
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize("suffix", ["gsd", "extxyz"])
def test_a_directory_without_permission(tmp_path, monkeypatch, suffix):
    def refuse(*args, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(FileError, match="cannot write: Permission denied"):
        io.write(tmp_path / f"a.{suffix}", SNAPSHOT)


def test_a_block_that_writes_nothing(tmp_path):
    with pytest.raises(FileError, match="No such file"), io.atomic_path(tmp_path / "a.txt"):
        pass


FULL_DISK = """
import sys, numpy as np
import vitreous.io as io
from vitreous.configuration import Configuration
from vitreous.errors import FileError
try:
    io.write(sys.argv[1], Configuration(positions=np.random.default_rng(0).random((20000, 3)), box=1.0))
except FileError as error:
    print(error)
"""


@pytest.mark.parametrize("suffix", ["gsd", "extxyz", "extxyz.gz"])
def test_a_full_disk(tmp_path, suffix):
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    target = tmp_path / f"a.{suffix}"
    target.write_text("old")
    command = [sys.executable, "-B", "-c", FULL_DISK, str(target)]
    result = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=True)
    assert f"{target}: cannot write" in result.stdout
    assert "File too large" in result.stdout
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_importing_is_light():
    heavy = ("gsd", "scipy", "numba", "sklearn", "ase")
    code = f"import sys, vitreous.io; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
