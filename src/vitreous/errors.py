"""The errors a person can cause, each one clear line: what is wrong, where, and what to do."""

from __future__ import annotations

__all__ = [
    "FileError",
    "FileWarning",
    "InputError",
    "Interrupted",
    "ModelError",
    "NoPeakError",
    "NoPlateauError",
    "VitreousError",
]


class VitreousError(Exception):
    """Base of every error that vitreous raises on purpose; the command line turns it into exit status 2."""


class InputError(VitreousError, ValueError):
    """Arrays, a box or a parameter that cannot be used."""


class FileError(InputError):
    """A file that cannot be read or written; the message names the file and, in a text file, the line."""


class NoPeakError(InputError):
    """A structure factor in which no first peak stands out, so that nothing tells a wave number."""


class NoPlateauError(InputError):
    """A liquid in which nothing is caged, so that there are no cages to be seen."""


class FileWarning(UserWarning):
    """What a person should know of a file that was read all the same; the command line prints it as a note."""


class ModelError(VitreousError, ValueError):
    """A model file that is damaged or foreign, or a model that does not fit the data it is applied to."""


class Interrupted(VitreousError):  # noqa: N818
    """A person's ctrl-C, where there is more to tell than that; the command line makes exit status 130 of it."""
