"""A page as one file: template, style, data, and the only script that may run there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from vitreous.web.bundling import bundle

__all__ = ["embedded_json", "fill", "script_parts", "web_file"]


def web_file(name: str) -> str:
    """Text of a file of this package, such as ``"viewer/page.html"``."""
    return resources.files("vitreous.web").joinpath(name).read_text(encoding="utf-8")


def fill(template: str, parts: Mapping[str, str]) -> str:
    """The template with ``{{name}}`` replaced by the part of that name; braces in the parts stay what they are."""
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], template)


def script_parts(entry: str) -> dict[str, str]:
    """The parts ``script`` and ``script_hash`` of a page: a module and all that it imports, and what a policy calls it.

    The script leaves no names on the page. Its template has it between line breaks. By the policy it is the only one
    that runs: nothing that is in a file by others does, even if it were taken for a script.
    """
    script = f"(() => {{\n'use strict';\n{bundle(entry)}\n}})();"
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    return {"script": script, "script_hash": f"'sha256-{base64.b64encode(digest).decode('ascii')}'"}


def embedded_json(tree: Any) -> str:
    """JSON that can stand inside a script element: nothing in it may end the element or open a comment."""
    text = json.dumps(tree, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
