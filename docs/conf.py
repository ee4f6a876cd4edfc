"""Sphinx configuration: `sphinx-build -b html docs docs/_build/html`."""

from __future__ import annotations

import inspect
import os
import re
from importlib.metadata import version as installed_version
from pathlib import Path

project = "vitreous"
author = "The vitreous developers"
copyright = "The vitreous developers"
release = version = installed_version("vitreous")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx-mathjax-offline",  # formulas need no network either
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build", "results/*/*.md"]

# Markdown. Pages that begin with `file_format: mystnb` are notebooks; each is executed whenever it is built, in a
# folder of its own that is thrown away. An error in a cell, or a warning, is an error of the documentation.
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_output_stderr = "remove-warn"
nb_merge_streams = True
nb_render_markdown_format = "myst"  # tables and mathematics in what cells print as Markdown
os.environ["MATPLOTLIBRC"] = str(Path(__file__).with_name("figures.mplstyle"))
# Where a notebook finds the results of the study, for it does not know where it is.
os.environ["LAPTOP_STUDY"] = str(Path(__file__).parent / "results" / "study")

# Docstrings: numpy style; single backticks name Python objects.
default_role = "py:obj"
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
# Names that would otherwise be spelled out over three lines.
autodoc_type_aliases = {
    name: name
    for name in (
        "ArrayLike",
        "NDArray",
        "Symmetry",
        "ReducerName",
        "Diameters",
        "Lengths",
        "NeighborRule",
        "Json",
        "Said",
        "SaidOfObject",
        "SaidOfParticles",
        "FileKeywords",
    )
}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"vitreous {release}"
html_copy_source = False
html_extra_path = ["results/study/laptop.html"]  # the page of the study
html_show_sourcelink = False


def _plainer(
    app: object,
    what: str,
    name: str,
    obj: object,
    options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Signatures as a person would write them."""

    def plain(text: str | None) -> str | None:
        if text is None:
            return None
        text = re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text)
        text = re.sub(
            r"[\w.~]*ndarray\[tuple\[[\w.~]*Any, \.\.\.\], [\w.~]*dtype\[[\w.~]*?(\w+)\]\]",
            r"NDArray[\1]",
            text,
        )
        return text.replace("<factory>", "{}").replace("lambda message: ...", "...")

    if name == "vitreous.Configuration":  # its annotations say what is kept; the docstring, what is taken
        names = inspect.signature(obj).parameters.values()  # type: ignore[arg-type]
        defaults = {"unwrapped": "False", "columns": "{}", "metadata": "{}"}
        words = [
            p.name if p.default is p.empty else f"{p.name}={defaults.get(p.name, 'None')}" for p in names
        ]
        return f"({', '.join(words)})", None
    return plain(signature), plain(returns)


def setup(app: object) -> None:
    """Hook into autodoc."""
    app.connect("autodoc-process-signature", _plainer)  # type: ignore[attr-defined]
