"""One LAMMPS inside this process: what it is told, and what becomes of it where that fails or is interrupted."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from vitreous.errors import InputError, VitreousError
from vitreous.simulate._lammps_atoms import first_line
from vitreous.simulate._lammps_library import open_lammps


class Instance:
    """LAMMPS, which is not used any more after it failed, and is built up again where an interrupt came between.

    Attributes
    ----------
    library : lammps.lammps
    """

    def __init__(self, timestep: float) -> None:
        self.library = open_lammps()
        self._timestep = timestep
        self._failure: str | None = None
        self._unfinished: Callable[[], None] | None = None

    @property
    def step(self) -> int:
        """Number of the time step."""
        return int(self.library.extract_global("ntimestep"))

    def tell(self, *commands: str) -> None:
        """Commands, one after the other."""
        for command in commands:
            try:
                self.library.command(command)
            except Exception as error:  # LAMMPS knows no other class
                self.fail(str(error))

    def fail(self, reason: str) -> NoReturn:
        """It cannot go on."""
        reason = first_line(reason)
        step = self.step
        self._failure = f"LAMMPS stopped at time {step * self._timestep:.6g} (step {step}): {reason}"
        if self._unfinished:
            raise InputError(f"LAMMPS cannot start from this: {reason}") from None
        raise VitreousError(
            f"{self._failure}; particles that overlap at the start or too long a time step do this"
        ) from None

    def rebuild(self, how: Callable[[], None]) -> None:
        """Begin anew. An interrupt may come between two commands; whoever uses it next does it again."""
        self._unfinished = how
        how()
        self._unfinished = None

    def refuse_if_failed(self) -> None:
        """Refuse to go on after a failure."""
        if self._failure:
            raise InputError(f"this simulation cannot be used any more, make a new one: {self._failure}")

    def finish(self) -> None:
        """Build up again what was interrupted."""
        if self._unfinished and not self._failure:
            self.rebuild(self._unfinished)

    def make_ready(self) -> None:
        """What has to be before it is used."""
        self.refuse_if_failed()
        self.finish()
