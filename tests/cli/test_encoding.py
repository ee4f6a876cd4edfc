"""Terminals and files that cannot hold every character."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import numpy as np
import pytest

SOURCE = Path(__file__).parents[2] / "src"
NAME = "τ-ß-\U0001d70f"  # in no eight-bit encoding; in latin-1; beyond sixteen bits


def trajectory(path):
    """Four frames of a species with such a name."""
    rng = np.random.default_rng(0)
    text, x = "", rng.random((40, 3)) * 5
    for k in range(4):
        text += f'40\nLattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 unwrapped=T time={k}\n'
        text += "".join(f"{NAME} {a} {b} {c}\n" for a, b, c in x.tolist())
        x = x + rng.normal(0, 0.1, x.shape)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "utf-8"])
def test_characters_are_lost_and_no_work(begin, here, encoding):
    path = trajectory(here / "a.extxyz")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "VITREOUS_NUM_THREADS": "1"}
    for options in (["-o", "plain"], ["-o", "json", "--json"]):
        process = begin(
            "relax", path, "--wave-number", 5, *options, env=environment, text=None, encoding=encoding
        )
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        if "--json" in options:
            assert json.loads(out)["species"] == {NAME: 40}
        else:
            assert "number density" in out
            assert ("τ_α" in out) == (encoding == "utf-8")
    for name in ("plain", "json"):
        document = json.loads(Path(f"{name}.relaxation.json").read_bytes().decode("utf-8"))
        assert document["species"] == {NAME: 40}


def test_an_error_is_told_in_any_encoding(begin, here):
    process = begin("relax", "ö-τ.gsd", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert err.splitlines()[-1].startswith("vitreous: ?-?.gsd: cannot read")


def test_text_files_are_utf8_everywhere():
    """No text file is opened, written or read in whatever encoding the machine happens to have."""
    careless = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = {keyword.arg for keyword in node.keywords}
            words = [word.value for word in node.args if isinstance(word, ast.Constant)]
            text_open = name in ("open", "fdopen") and any(
                isinstance(mode, str) and set(mode) <= set("rwax+t") and mode for mode in words[-1:]
            )
            if (name in ("write_text", "read_text") or text_open) and "encoding" not in given:
                careless.append(f"{path.name}:{node.lineno}")
    assert not careless
