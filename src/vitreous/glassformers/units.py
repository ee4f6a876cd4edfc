"""The units of a model: what they are called, and the constants that tie them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vitreous.records import added

__all__ = ["UNIT_STYLES", "UnitStyle", "Units"]

UnitStyle = Literal["lj", "metal", "real"]


@dataclass(frozen=True)
class Units:
    """The units of a model, each in text, and the constants of nature in them.

    Attributes
    ----------
    length, energy, time : str
    length_is : str
        Whose length it is.
    length_formula, time_formula : str
        As mathematics in LaTeX.
    mass, temperature, pressure : str
        Empty in reduced units, where they follow from length and energy.
    boltzmann : float
        k_B: the energy of a unit of temperature.
    inertia : float
        The energy of a unit of mass that moves with twice the square of a unit of velocity, m v²; 1 in reduced units.
    """

    length: str
    length_is: str
    energy: str
    time: str
    length_formula: str
    time_formula: str
    mass: str = added("")
    temperature: str = added("")
    pressure: str = added("")
    boltzmann: float = added(1.0)
    inertia: float = added(1.0)

    def __str__(self) -> str:
        whose = f" ({self.length_is})" if self.length_is else ""
        text = f"length {self.length}{whose}, energy {self.energy}, time {self.time}"
        others = {"mass": self.mass, "temperature": self.temperature, "pressure": self.pressure}
        return text + "".join(f", {name} {unit}" for name, unit in others.items() if unit)

    def at_temperature(self, temperature: float) -> str:
        """A temperature as text, with its unit if it has a name."""
        return f"{temperature:g} {self.temperature}".rstrip()

    def thermal_velocity_squared(self, temperature: float) -> float:
        """k_B T over a unit of mass: the mean square of one component of the velocity of a particle of mass 1."""
        return self.boltzmann * temperature / self.inertia


# The constants are those of LAMMPS (src/update.cpp), so that its temperature is exactly the one asked for.
UNIT_STYLES: dict[UnitStyle, Units] = {
    "lj": Units("σ", "", "ε", "sqrt(m σ²/ε)", r"\sigma", r"\sqrt{m\sigma^2/\varepsilon}"),
    "metal": Units(
        "Å", "", "eV", "ps", r"\AA", r"\mathrm{ps}", "g/mol", "K", "bar", 8.617343e-5, 1.0364269e-4
    ),
    "real": Units(
        "Å", "", "kcal/mol", "fs", r"\AA", r"\mathrm{fs}", "g/mol", "K", "atm",
        0.0019872067, 48.88821291 * 48.88821291,
    ),
}  # fmt: skip
"""Units by the name that LAMMPS gives them."""
