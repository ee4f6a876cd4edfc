"""Output for terminals and files whose encoding lacks some characters: what is lost is characters, not work."""

from __future__ import annotations

import codecs
import io
import sys

__all__ = ["lose_characters_only"]

_JSON = "vitreous-json"


def lose_characters_only() -> None:
    """Print what standard output and standard error cannot encode as ?, in JSON as the escape that means the same.

    This is for whole runs of the command; a program that calls vitreous keeps its streams as they are.
    """
    codecs.register_error(_JSON, _escaped)
    lossy = _JSON if "--json" in sys.argv else "replace"
    for stream, errors in ((sys.stdout, lossy), (sys.stderr, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""The characters as \uXXXX, those beyond the sixteen bits as two."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (lost[k : k + 2].hex() for k in range(0, len(lost), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end
