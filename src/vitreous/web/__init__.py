"""The JavaScript, style and templates of the interactive pages, and how they become one file without a network.

Each folder has the modules of one subject: ``scene`` draws particles in three dimensions, ``plot`` draws curves,
``viewer`` and ``study`` are the two pages. They run in a browser as they are; for a page in one file, `bundle` joins
them.
"""

from vitreous.web.bundling import bundle, modules_of
from vitreous.web.pages import embedded_json, fill, script_parts, web_file

__all__ = ["bundle", "embedded_json", "fill", "modules_of", "script_parts", "web_file"]
