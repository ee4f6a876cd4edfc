"""The options of reading: one set, in one place, of which every command that reads takes its part.

A command declares a parameter `reading` and says with `reads` which of these options it has. It gets what they say as
keyword arguments of `vitreous.read`, `read_frames` or `read_trajectory`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_args

from vitreous.cli.options import option

__all__ = ["ANY", "FOLLOWED", "OPTIONS", "READING", "SEVERAL", "SNAPSHOT", "option_name", "reads"]

READING = "What the file says"


def _option(kind: Any, help: str, *names: str, **more: Any) -> Any:
    return Annotated[kind, option(READING, help, *names, **more)]


OPTIONS: dict[str, Any] = {
    "frame": _option(
        int | None, "Frame of a trajectory; negative counts from the end.", default="-1, the last"
    ),
    "frames": _option(
        str | None,
        "Several frames: all, or a slice as in Python (STOP is left out): 20:80, -50: or ::2.",
        metavar="START:STOP:STEP",
    ),
    "since": _option(
        float | None,
        "Leave out what is earlier, an equilibration for instance.",
        "--from",
        metavar="TIME",
        default="the first frame",
    ),
    "until": _option(
        float | None, "Leave out what is later.", "--to", metavar="TIME", default="the last frame"
    ),
    "timestep": _option(float | None, "Time of one step, where the file has steps but no times."),
    "interval": _option(float | None, "Time from one frame to the next, where the file has no steps either."),
    "unwrap": _option(bool, "Follow particles by the nearest image from frame to frame.", "--unwrap"),
    "long_steps": _option(
        bool, "Particles do go farther than half of the box between two frames.", "--long-steps"
    ),
    "format": _option(
        str | None,
        "gsd, extxyz, xyz, lammps-dump, lammps-data, sph, table or parquet, where the suffix does not say it.",
    ),
    "box": _option(
        str | None,
        "Cell, where the file has none or a wrong one; also LX,LY,LZ,XY,XZ,YZ, or a file with one for each frame.",
        metavar="LX,LY,LZ",
    ),
    "periodic": _option(
        str | None, "Periodic axes: xyz, xy, ..., or none for particle-tracking data.", metavar="AXES"
    ),
    "unwrapped": _option(bool, "The coordinates follow particles through the boundaries.", "--unwrapped"),
    "species": _option(
        str | None, "New names for species, or the column that holds the species.", metavar="1=A,2=B|COLUMN"
    ),
    "diameters": _option(str | None, "Diameters by species, where the file has none.", metavar="A=1,B=0.85"),
}
ANY = ("format", "box", "periodic", "unwrapped", "species", "diameters")
"""What every command takes that reads."""
SNAPSHOT = ("frame", *ANY)
"""What a command takes that reads one snapshot."""
SEVERAL = ("frames", "since", "until", "timestep", "interval")
"""What chooses the frames of a trajectory and gives them times."""
FOLLOWED = (*SEVERAL, "unwrap", "long_steps", *ANY)
"""What a command takes that follows particles through a trajectory."""


def option_name(name: str) -> str:
    """The option as it is typed."""
    given = get_args(OPTIONS[name])[1]
    typed = [word for word in (given.default, *(given.param_decls or ())) if isinstance(word, str)]
    return typed[0] if typed else "--" + name.replace("_", "-")


def reads(*names: str, without: Sequence[str] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options in place of its parameter `reading`, and not those that are named `without`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def called(**given: Any) -> None:
            from vitreous.cli import parse

            command(reading=parse.reading({name: given.pop(name) for name in names}), **given)

        signature = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for parameter in signature.parameters.values():
            if parameter.name == "reading":
                for name in names:
                    default = False if get_args(OPTIONS[name])[0] is bool else None
                    parameters.append(parameter.replace(name=name, default=default, annotation=OPTIONS[name]))
            elif parameter.name not in without:
                parameters.append(parameter)
        called.__name__, called.__doc__, called.__module__ = (
            command.__name__, command.__doc__, command.__module__,
        )  # fmt: skip
        called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        return called

    return decorate
