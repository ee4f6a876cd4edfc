"""Every command that prints JSON, on small input, and the shape of what it prints: names and types, no numbers.

``python tests/json_trees.py FOLDER`` carries all of them out in a folder and leaves there what they print; with
``--keep`` the shapes of what lies there are put into tests/data/json_trees.json.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from unittest import mock

from vitreous.cli import main

PLAN = """\
particles = 100
equilibration = 2.0
trajectory = 4.0
snapshots = 1
runs = 4
propensity = 1.0
times_per_decade = 1
reducer = "pca"
[[hard-spheres]]
packing_fraction = 0.40
"""

# In this order: later ones take files of earlier ones.
COMMANDS = {
    "simulate": "simulate hard-spheres -N 150 --packing-fraction 0.4 --seed 1 --multiple 4 "
    "--times 0.1,0.2,0.5,1,2,4,8,12 -o a.gsd",
    "propensity": "propensity a.gsd --runs 4 --times 0.1,1 --seed 1 --workers 1 -o a.propensity.gsd --folder a.runs",
    "reveal": "reveal a.propensity.gsd --reducer pca --seed 1 -o r",
    "demo": "demo -o d",
    "reveal-cage": "reveal d.gsd --by cage --liquid hard-spheres --runs 4 --duration 1 --workers 1 -o c",
    "relax": "relax a.gsd --wave-number 7 -o x",
    "correlate": "correlate a.propensity.gsd --model r.vtm -o k",
    "tcc": "tcc a.gsd --frame -1 -o t",
    "explain": "explain a.gsd --frame -1 --model r.vtm -o e",
    "study-run": "study run plan.toml --workers 1",
    "study-status": "study status plan.toml",
    "study-report": "study report plan.toml",
}


def trees(folder: Path, names: tuple[str, ...] = tuple(COMMANDS)) -> dict[str, object]:
    """What the commands print, by name."""
    (folder / "plan.toml").write_text(PLAN)
    printed = {}
    with contextlib.chdir(folder):
        for name in names:
            out = io.StringIO()
            words = ["vitreous", *COMMANDS[name].split(), "--json"]
            with mock.patch.object(sys, "argv", words), contextlib.redirect_stdout(out):
                main()
            printed[name] = json.loads(out.getvalue())
    return printed


def shape(tree: object) -> object:
    """Names and types; of a list the shapes of its items, each once, so that their number does not matter."""
    if isinstance(tree, dict):
        return {name: shape(part) for name, part in tree.items()}
    if isinstance(tree, list):
        shapes = [shape(part) for part in tree]
        return [one for k, one in enumerate(shapes) if one not in shapes[:k]]
    if isinstance(tree, bool) or tree is None:
        return "true or false" if tree is not None else "null"
    return "number" if isinstance(tree, int | float) else "text"


if __name__ == "__main__":
    here = Path(sys.argv[1]).resolve()
    if "--keep" not in sys.argv:
        here.mkdir(parents=True, exist_ok=True)
        for key, value in trees(here).items():
            (here / f"{key}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    else:
        shapes = {key: shape(json.loads((here / f"{key}.json").read_text())) for key in COMMANDS}
        golden = Path(__file__).parent / "data" / "json_trees.json"
        golden.write_text(json.dumps(shapes, indent=1, ensure_ascii=False) + "\n")
