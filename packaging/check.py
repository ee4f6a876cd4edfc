"""Build what is released and look at it: `python packaging/check.py FOLDER` leaves the sdist and the wheel in FOLDER.

Needs the packages build, cffconvert, py-rattler-build and twine, best in an environment of their own. Ends with
status 1 and a line if anything is not as it should be.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from email.parser import Parser
from pathlib import Path

from rattler_build import Stage0Recipe

ROOT = Path(__file__).parents[1]
LARGEST = 5_000_000  # bytes, of either file
NEVER = re.compile(r"__pycache__|\.py[co]$|\.nb[ci]$|^benchmarks/data/")


def main() -> None:
    """Build, check, and print what is inside."""
    os.chdir(ROOT)
    folder = Path(sys.argv[1]).resolve()
    run("pyproject-build", "--outdir", folder, ROOT)  # the wheel is made of the sdist
    version = version_of(Path("CITATION.cff"), r"^version: (\S+)$")
    sdist, wheel = folder / f"vitreous-{version}.tar.gz", folder / f"vitreous-{version}-py3-none-any.whl"
    for file in (sdist, wheel):
        demand(file.exists(), f"{file.name} was not built")
        demand(file.stat().st_size <= LARGEST, f"{file.name} has {file.stat().st_size:,} bytes")
    run("twine", "check", "--strict", sdist, wheel)
    run("cffconvert", "--validate", "--infile", "CITATION.cff")

    contents = wheel_contents(wheel, version)
    show(wheel, contents)
    show(sdist, sdist_contents(sdist, version))

    told = version_of(Path("CHANGELOG.md"), r"^## \[(\d[^]]*)\]")
    demand(told == version, f"CHANGELOG.md ends with {told}, CITATION.cff says {version}")
    (package,) = Stage0Recipe.from_file("packaging/conda/recipe.yaml").render()
    made = package.recipe.to_dict()["package"]
    demand(made == {"name": "vitreous", "version": version}, f"the conda recipe makes {made}")
    print(f"vitreous {version} is as it should be")


def wheel_contents(wheel: Path, version: str) -> dict[str, int]:
    """Names and sizes; the files of the package are those of the repository, all of them, byte for byte."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    metadata = f"vitreous-{version}.dist-info"
    ours = {name for name in found if name.startswith("vitreous/")}
    due = {name.removeprefix("src/") for name in tracked() if name.startswith("src/vitreous/")}
    demand(ours == due, f"the wheel and src/vitreous differ by {sorted(ours ^ due)}")
    for name in ours:
        demand(found[name] == (ROOT / "src" / name).read_bytes(), f"{name} differs in the wheel")
    others = {
        f"{metadata}/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    }
    demand(found.keys() - ours == others, f"the wheel has {sorted(found.keys() - ours)} besides the package")
    for kind, least in {".vtm": 3, ".toml": 15, ".js": 20, ".html": 2, ".gsd": 1, "py.typed": 1}.items():
        demand(sum(name.endswith(kind) for name in ours) >= least, f"the wheel lacks files {kind}")
    description = str(Parser().parsestr(found[f"{metadata}/METADATA"].decode()).get_payload())
    lost = [
        target for target in re.findall(r"\]\(([^)]*)\)", description) if not target.startswith("https://")
    ]
    demand(not lost, f"the description links to {lost}, which is not where it is read")
    demand("![" not in description, "the description has pictures, which are not where it is read")
    return {name: len(data) for name, data in found.items()}


def sdist_contents(sdist: Path, version: str) -> dict[str, int]:
    """Names and sizes; all of it is in the repository, and no data of benchmarks."""
    with tarfile.open(sdist) as archive:
        found = {
            file.name.removeprefix(f"vitreous-{version}/"): file.size for file in archive if file.isfile()
        }
    foreign = {name for name in found if NEVER.search(name)} | (found.keys() - tracked() - {"PKG-INFO"})
    demand(not foreign, f"the sdist has {sorted(foreign)}, which do not belong there")
    for name in ("LICENSE", "CITATION.cff", "CHANGELOG.md", "tests/conftest.py", "src/vitreous/py.typed"):
        demand(name in found, f"the sdist lacks {name}")
    return found


def tracked() -> set[str]:
    """Files that the repository knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(listed.stdout.split("\0")) - {""}


def show(file: Path, contents: dict[str, int]) -> None:
    """Print how many files and bytes are in each folder."""
    print(f"{file.name}: {file.stat().st_size:,} bytes, {len(contents)} files")
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for name, length in contents.items():
        folder = "/".join(name.split("/")[:-1][:3]) or "."
        count[folder] += 1
        size[folder] += length
    for folder in sorted(count):
        print(f"  {folder:<40} {count[folder]:>4} files {size[folder]:>10,} bytes")


def version_of(path: Path, pattern: str) -> str:
    """The first version that a file tells."""
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    demand(found is not None, f"{path} tells no version")
    return found[1] if found else ""


def run(program: str, *arguments: object) -> None:
    """Run a program that lies beside the interpreter."""
    line = [str(Path(sys.executable).with_name(program)), *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True)
    demand(done.returncode == 0, f"{' '.join(line)}:\n{done.stdout}{done.stderr}")


def demand(condition: bool, otherwise: str) -> None:
    """Stop with a word if something is not so."""
    if not condition:
        sys.exit(f"packaging/check.py: {otherwise}")


if __name__ == "__main__":
    main()
