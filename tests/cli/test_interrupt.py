"""Ctrl-C: exit status 130, one line, nothing left behind."""

from __future__ import annotations

import signal

import pytest

SAID = "vitreous: interrupted; nothing half-written was left behind"


def interrupted_at(begin, stage, *words):
    """Status and lines of a run that is sent SIGINT when it tells that a stage begins."""
    with begin(*words) as process:
        for line in process.stderr:
            if stage in line:
                process.send_signal(signal.SIGINT)
                break
        else:
            pytest.fail(f"the stage {stage!r} never came")
        out, err = process.communicate(timeout=120)
    return process.returncode, out, [line for line in err.splitlines() if not line.startswith("[")]


QUICK = ("--reducer", "pca")


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        pytest.param("reading", QUICK, marks=pytest.mark.slow),
        ("neighbours", QUICK),
        ("8 autoencoders", ()),
        pytest.param("mixture", QUICK, marks=pytest.mark.slow),
        pytest.param("order parameter", QUICK, marks=pytest.mark.slow),
        pytest.param("local average", QUICK, marks=pytest.mark.slow),
        ("picture and files", QUICK),
    ],
)
def test_reveal(begin, here, liquid, content, stage, words):
    (here / "x.gsd").write_text("an old file")
    before = content(here)
    assert interrupted_at(begin, stage, "reveal", liquid, "-o", "x", *words) == (130, "", [SAID])
    assert content(here) == before


@pytest.mark.parametrize(
    ("module", "error"),
    [("typer", "KeyboardInterrupt"), ("vitreous.cli.app", "ImportError"), ("numba", "ImportError")],
)
def test_while_modules_are_loaded(begin, here, liquid, module, error):
    """Some compiled modules turn the interrupt into an ImportError."""
    code = (
        "import signal, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *rest):\n"
        f"        if name == {module!r}:\n"
        "            try: signal.raise_signal(signal.SIGINT)\n"
        f"            except KeyboardInterrupt: raise {error} from None\n"
        "sys.meta_path.insert(0, Interrupt())"
    )
    with begin("reveal", liquid, code=code) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (130, "", f"{SAID}\n")
    assert list(here.iterdir()) == []


def test_in_a_finalizer(begin, here, liquid):
    """Where Python prints an error and goes on."""
    code = (
        "import signal, sys\n"
        "class Finalized:\n"
        "    def __del__(self): signal.raise_signal(signal.SIGINT)\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'typer': Finalized()\n"
        "sys.meta_path.insert(0, Interrupt())"
    )
    with begin("reveal", liquid, code=code) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (130, "", f"{SAID}\n")
    assert list(here.iterdir()) == []
