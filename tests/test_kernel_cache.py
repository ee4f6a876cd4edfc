"""Kernels where nothing can be written: kept elsewhere or not at all, and told in one line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vitreous
from study.fixtures import QUICK
from vitreous import _kernel_cache, compilation

PACKAGE = Path(vitreous.__file__).parent
# A small kernel is called; whether it had to be compiled is printed.
CALL = """
import numpy as np
from vitreous.structure.tcc._sets_kernel import mark
marks = np.zeros(3, np.bool_)
mark(np.array([[0, 2]], np.int32), marks)
print(marks.tolist(), sum(mark.stats.cache_hits.values()), mark.stats.cache_path)
"""
SMALL = f"""
{QUICK}
[[hard-spheres]]
packing_fraction = 0.40
"""


def _namespaces():
    try:
        return subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0
    except OSError:
        return False


needs_namespaces = pytest.mark.skipif(not _namespaces(), reason="no mount namespaces (unshare -m) here")


def in_container(command, home, *, temporary, folder=None, environment=()):
    """Run a command where package and home cannot be written, nor folders for temporary files if there is none."""
    mounts = []
    if temporary is None:
        folder = home
        mounts += [f"mount --bind {place} {place}" for place in ("/tmp", "/var/tmp")]
        mounts += [f"mount -o remount,bind,ro {place}" for place in ("/tmp", "/var/tmp")]
    mounts += [f"mount --bind {PACKAGE} {PACKAGE}", f"mount -o remount,bind,ro {PACKAGE}"]
    mounts += [f"mount -t tmpfs none {home}", f"mount -o remount,ro {home}"]
    variables = {**os.environ, "HOME": str(home), **dict(environment)}
    for name in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "TMPDIR"):
        variables.pop(name, None)
    if temporary is not None:
        variables["TMPDIR"] = str(temporary)
    return subprocess.run(
        ["unshare", "-m", "bash", "-c", f'{" && ".join(mounts)} && cd "$PWD" && exec "$@"', "bash", *command],
        env=variables,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.fixture(name="home")
def _home(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return home


@needs_namespaces
def test_kernels_are_kept_in_another_folder(home, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-c", CALL]
    hits = []
    for _ in range(2):
        done = in_container(command, home, temporary=temporary)
        assert done.returncode == 0, done.stderr
        answer, count, place = done.stdout.rsplit(maxsplit=2)
        assert answer == "[True, False, True]"
        hits.append(int(count))
        folder = temporary / f"vitreous-kernels-{os.getuid()}"
        assert Path(place).parent == folder
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (
            done.stderr.count("UserWarning: neither the installation nor the home directory can be written")
            == 1
        )
        assert "Traceback" not in done.stderr
    assert hits == [0, 1]


@needs_namespaces
def test_kernels_are_not_kept_where_there_is_no_folder(home):
    done = in_container([sys.executable, "-c", CALL], home, temporary=None)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[True, False, True] 0")
    assert done.stderr.count("kernels are compiled anew at each start") == 1


@needs_namespaces
def test_a_command_tells_it_in_one_line(home, tmp_path):
    command = [sys.executable, "-c", "from vitreous.cli import main; main()", "tcc", "none.xyz"]
    done = in_container(command, home, temporary=tmp_path, folder=tmp_path)
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if "kernels" in line]
    assert len(lines) == 1
    assert lines[0].startswith(
        "vitreous: neither the installation nor the home directory can be written: compiled"
    )
    assert "Traceback" not in done.stderr


@needs_namespaces
@pytest.mark.slow
def test_every_command_works_where_nothing_can_be_written(home, tmp_path):
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    work.mkdir()
    temporary.mkdir()
    (work / "small.toml").write_text(SMALL)
    for command in (
        ["--version"],
        [
            "simulate",
            "hard-spheres",
            "--packing-fraction",
            "0.5",
            "-N",
            "300",
            "--times",
            "0.1,0.2",
            "-o",
            "eq.gsd",
        ],
        ["reveal", "eq.gsd"],
        ["tcc", "eq.gsd"],
        ["explain", "eq.vitreous.gsd"],
        ["relax", "eq.gsd", "--wave-number", "7.2"],
        ["propensity", "eq.gsd", "--runs", "2", "--times", "0.1", "--workers", "1"],
        ["correlate", "eq.propensity.gsd"],
        ["view", "eq.vitreous.gsd"],
        ["demo"],
        ["study", "run", "small.toml", "--workers", "1"],
        ["study", "status", "small.toml"],
        ["study", "report", "small.toml"],
    ):
        line = [sys.executable, "-c", "from vitreous.cli import main; main()", *command]
        done = in_container(line, home, temporary=temporary, folder=work)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        assert done.returncode == 0, (command, done.stderr)


@pytest.mark.parametrize("fault", ["of others", "open to others", "a link", "a file"])
def test_a_folder_that_is_not_ours_alone_is_not_used(tmp_path, monkeypatch, fault):
    """Whoever can write there could have us run anything."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"vitreous-kernels-{os.getuid()}"
    if fault == "a file":
        folder.write_text("")
    elif fault == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.mkdir(mode=0o700)
        if fault == "open to others":
            folder.chmod(0o777)
        elif os.getuid() == 0:
            os.chown(folder, 12345, 12345)
        else:
            pytest.skip("only root can give it away")
    assert _kernel_cache._private_folder() is None


def test_our_own_folder_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"vitreous-kernels-{os.getuid()}"
    assert _kernel_cache._private_folder() == folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert _kernel_cache._private_folder() == folder


def run(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_cache_of_another_processor(tmp_path):
    """Its kernels are not taken; those of both are kept side by side; and it is known which are there."""
    code = CALL + "\nfrom vitreous.compilation import _is_on_disk\nprint(_is_on_disk(mark))"
    other = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    ours = {"NUMBA_CACHE_DIR": str(tmp_path)}
    known = (
        "from vitreous.structure.tcc._sets_kernel import mark\nfrom vitreous.compilation import _is_on_disk"
    )
    known += "\nprint(_is_on_disk(mark))"
    assert run(known, **ours) == ["False"]
    assert run(code, **other)[3] == "0"
    assert run(known, **other) == ["True"]
    assert run(known, **ours) == ["False"]
    assert run(code, **ours)[3] == "0"
    assert run(code, **ours)[3:] == ["1", *run(code, **ours)[4:5], "True"]
    assert run(code, **other)[3] == "1"


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_files_that_are_cut_off_are_made_anew(tmp_path, suffix, part):
    ours = {"NUMBA_CACHE_DIR": str(tmp_path)}
    assert run(CALL, **ours)[3] == "0"
    assert run(CALL, **ours)[3] == "1"
    files = sorted(tmp_path.rglob(f"*.{suffix}"))
    assert files
    for file in files:
        data = file.read_bytes()
        file.write_bytes(data[: int(part * len(data))])
    assert run(CALL, **ours)[3] == "0"
    assert run(CALL, **ours)[3] == "1"


def test_an_index_cut_off_anywhere_is_seen(tmp_path):
    assert run(CALL, NUMBA_CACHE_DIR=str(tmp_path))[3] == "0"
    index = next(tmp_path.rglob("_sets_kernel.mark-*.nbi"))
    assert _kernel_cache._is_whole(index)
    data = index.read_bytes()
    for end in range(len(data)):
        index.write_bytes(data[:end])
        assert not _kernel_cache._is_whole(index)


def test_what_cannot_be_looked_up_is_not_there():
    assert not compilation._is_on_disk(object())


def test_no_kernel_is_kept_without_asking_where():
    """One that is would stop the program where neither the installation nor the home directory can be written."""
    sources = PACKAGE.rglob("*.py")
    rash = [file.name for file in sources if re.search(r"""cache"?\s*[=:]\s*True""", file.read_text())]
    assert not rash


# Sums whose order is the compiler's choice, in digests.
SUMS = """
import hashlib
import numpy as np
import vitreous as vt
rng = np.random.default_rng(1)
names = np.where(np.arange(400) % 4, "A", "B")
liquid = vt.Configuration(rng.random((400, 3)) * 7.0, 7.0, names, {"A": 1.0, "B": 0.85})
lists, field = vt.sann(liquid), rng.normal(size=400)
for values in (
    lists.vectors,
    vt.bond_order(lists, l=range(1, 9)),
    vt.averaged_bond_order(lists, l=range(1, 9)),
    vt.cage_descriptors(liquid),
    vt.neighborhood_average(liquid, field),
    vt.local_average(liquid, field, radius=2.0),
    vt.structure_factor(liquid).total,
):
    print(hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16])
"""


def test_kernels_just_compiled_give_the_same_bits_as_those_that_were_kept(tmp_path):
    """Where a function is compiled by itself and into its caller, Numba runs either: so both must be one."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    compiled, kept = (
        subprocess.run(
            [sys.executable, "-c", SUMS],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout.split()
        for _ in range(2)
    )
    assert len(compiled) == 7
    assert compiled == kept
