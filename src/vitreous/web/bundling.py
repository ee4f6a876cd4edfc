"""One script out of JavaScript modules. The lines by which they import each other say what comes first.

A module imports names, ``import { name } from "./file.js";``, and exports declarations, ``export function name``; it
uses no other form of the two words. Then joining is to leave the words out: every module comes after those that it
imports, as in a browser, and all share one scope. So a name may be declared at the top of one module only.
"""

from __future__ import annotations

import posixpath
import re
from importlib import resources
from importlib.resources.abc import Traversable

__all__ = ["bundle", "modules_of"]

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_SIDE_EFFECT = re.compile(r'^import "(\.[^"]+)";\n', re.MULTILINE)
_DECLARATION = re.compile(
    r"^(export )?(?:(?:async )?function\*? (\w+)|class (\w+)|(?:const|let) (\w+) =)", re.MULTILINE
)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Comments that have their lines for themselves. Nothing else may look like them, not even in a string.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)\n", re.MULTILINE)


def bundle(*entries: str, folder: Traversable | None = None) -> str:
    """Join modules and all that they import into the text of one script.

    Parameters
    ----------
    *entries : str
        Modules relative to the folder, with slashes: ``"viewer/main.js"``.
    folder : path, optional
        By default the one of this package.

    Returns
    -------
    str
        Each module after those that it imports, without comments. Its names are in the scope in which it stands.

    Raises
    ------
    ValueError
        If modules import each other in a circle, two declare the same name, a name is imported that is not exported,
        or something is imported or exported in another form.
    """
    texts = modules_of(*entries, folder=folder)
    owners: dict[str, str] = {}
    exported: dict[str, set[str]] = {}
    for module, text in texts.items():
        exported[module] = set()
        for export, *names in _DECLARATION.findall(text):
            name = "".join(names)
            if name in owners:
                raise ValueError(f"{module}: {name} is declared at the top of {owners[name]} too; rename one")
            owners[name] = module
            if export:
                exported[module].add(name)
        for names, path in _IMPORT.findall(text):
            source = _resolved(module, path)
            for name in filter(None, map(str.strip, names.split(","))):
                if name not in exported[source]:
                    raise ValueError(f"{module}: imports {name} from {source}, which does not export it")
    return "\n".join(f"// {module}\n{_stripped(module, text)}" for module, text in texts.items())


def modules_of(*entries: str, folder: Traversable | None = None) -> dict[str, str]:
    """Text of the modules and of all that they import, each after those that it imports itself.

    Parameters and errors are those of `bundle`; a circle is the only one of them that is noticed here.
    """
    folder = resources.files("vitreous.web") if folder is None else folder
    texts: dict[str, str] = {}
    for entry in entries:
        _collect(entry, (), texts, folder)
    return texts


def _collect(module: str, above: tuple[str, ...], texts: dict[str, str], folder: Traversable) -> None:
    if module in above:
        circle = (*above[above.index(module) :], module)
        raise ValueError(f"modules import each other in a circle: {' → '.join(circle)}")
    if module in texts:
        return
    text = folder.joinpath(module).read_text(encoding="utf-8")
    found = [(place.start(), place[2]) for place in _IMPORT.finditer(text)]
    found += [(place.start(), place[1]) for place in _SIDE_EFFECT.finditer(text)]
    for _, path in sorted(found):
        _collect(_resolved(module, path), (*above, module), texts, folder)
    texts[module] = text


def _resolved(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))


def _stripped(module: str, text: str) -> str:
    """The module without imports, comments, and the word export before declarations."""
    text = _COMMENT.sub("", _SIDE_EFFECT.sub("", _IMPORT.sub("", text)))
    text = _DECLARATION.sub(lambda found: found[0].removeprefix("export "), text)
    if other := _OTHER_FORM.search(text):
        raise ValueError(
            f"{module}: {other[0]!r} is no form of import or export that can be joined; write "
            "'import { name } from \"./file.js\";', and 'export' before function, class, const or let"
        )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
