"""The report on an equilibration run: what was measured, and the verdict by rules fixed beforehand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vitreous.configuration import Configuration
from vitreous.formatting import with_error
from vitreous.records import Json, to_object
from vitreous.simulate.ageing import Ageing, Half
from vitreous.simulate.drift import Drift

__all__ = ["CRYSTAL_LIMIT", "SIGNIFICANT", "EquilibrationReport", "Verdict", "recorded_tau_1e"]

Verdict = Literal["equilibrated", "not equilibrated", "crystallised"]

SIGNIFICANT = 3.0
"""Standard errors from which on a difference or a drift counts."""
CRYSTAL_LIMIT = 0.05
"""Share of crystalline particles above which a liquid has crystallised; supercooled liquids have below 0.005."""

# A check that could not see a liquid slow down by this factor says little.
_WEAK = 3.0


@dataclass(frozen=True, eq=False)
class EquilibrationReport:
    """Whether a run reached equilibrium, and by what measure.

    A run is *crystallised* if more than 5 % of the particles are crystalline at its end. It is *equilibrated* if

    - it lasted at least `multiple` relaxation times,
    - F_s of all particles falls to 1/e in both halves of the last stage, which are two waiting times, and the
      factor by which the second is slower differs from 1 by no more than three standard errors,
    - the drift of the pressure (hard spheres) or of the potential energy over the last stage differs from 0 by no
      more than three standard errors.

    Else it is *not equilibrated*. The limits are choices. Each of the two differences was seen beyond three
    standard errors in about 1 of 100 stages of a Kob-Andersen liquid in equilibrium. What the comparison of the
    halves can see depends on the number of particles; `smallest_factor` tells.

    Attributes
    ----------
    particles : int
    wave_number : float
        q of F_s.
    multiple : float
        Relaxation times asked for.
    duration : float
        Of the whole run.
    ageing : Ageing
        F_s in the first and second half of the last stage, and the comparison.
    quantity : "pressure" or "energy"
        What must not drift; the energy is the potential energy per particle.
    drift : Drift
        Its drift over the last stage.
    block_times, block_means : (B,) float64
        The quantity over the whole run in blocks, 32 in each stage.
    temperature : float
        Mean over the last stage.
    crystalline_at_beginning, crystalline_at_end : float
        Shares of crystalline particles in the first and in the last frame of the run, among SANN neighbours.
    swaps : (int, int), optional
        In a run with swap moves, how many were tried and accepted. Then F_s is that of the paths, which particles
        exchange, and relaxation times are those with swap moves, not those of the model.
    """

    particles: int
    wave_number: float
    multiple: float
    duration: float
    ageing: Ageing
    quantity: Literal["pressure", "energy"]
    drift: Drift
    block_times: NDArray[np.float64]
    block_means: NDArray[np.float64]
    temperature: float
    crystalline_at_beginning: float
    crystalline_at_end: float
    swaps: tuple[int, int] | None = None

    @property
    def tau_1e(self) -> float:
        """Time at which F_s, the mean of both halves, falls to 1/e; NaN if it was not reached."""
        return self.ageing.relaxation.value

    @property
    def duration_in_tau_1e(self) -> float:
        """Length of the run in `tau_1e`; NaN if that is not known."""
        return self.duration / self.tau_1e

    @property
    def smallest_factor(self) -> float:
        """Smallest factor of slowing down that the comparison of the halves would count as one."""
        return math.exp(SIGNIFICANT * self.ageing.log_ratio_error)

    @property
    def verdict(self) -> Verdict:
        """One of three."""
        if self.crystalline_at_end > CRYSTAL_LIMIT:
            return "crystallised"
        return "not equilibrated" if self._shortcomings() else "equilibrated"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What speaks against equilibrium, with the numbers and what to do, one line each."""
        remarks = []
        if self.crystalline_at_end > CRYSTAL_LIMIT:
            remarks.append(
                f"{100 * self.crystalline_at_end:.1f} % of the particles are crystalline, more than "
                f"{100 * CRYSTAL_LIMIT:.0f} %: the liquid has crystallised; discard this run and try another seed, "
                f"or a higher temperature or lower density"
            )
        remarks += self._shortcomings()
        if self.smallest_factor > _WEAK:
            remarks.append(
                f"The comparison of both waiting times is weak: with {self.particles:,} particles it would not "
                f"have seen a slowing down by less than a factor {self.smallest_factor:.1f}; take more particles "
                f"or a larger --multiple"
            )
        return tuple(remarks)

    def _shortcomings(self) -> list[str]:
        found = []
        ageing, drift = self.ageing, self.drift
        unknown = [half for half in (ageing.first, ageing.second) if not half.relaxation.found]
        if unknown:
            which = (
                "either" if len(unknown) == 2 else "the first" if unknown[0] is ageing.first else "the second"
            )
            found.append(
                f"F_s after {which} waiting time is not seen to fall to 1/e: {unknown[-1].relaxation.reason}; run "
                f"longer with a larger --longest"
            )
        if self.duration_in_tau_1e < self.multiple:
            found.append(
                f"The run lasted {self.duration_in_tau_1e:.1f} relaxation times of "
                f"{self.tau_1e:,.4g}, not {self.multiple:g}; run longer with a larger --longest"
            )
        if math.isnan(ageing.log_ratio):
            if not unknown:
                found.append("F_s falls too abruptly to compare both waiting times; check the wave number")
        elif abs(ageing.significance) > SIGNIFICANT:
            factor = max(ageing.factor, 1.0 / ageing.factor)
            found.append(
                f"F_s after the second waiting time is {'slower' if ageing.log_ratio > 0 else 'faster'} by a factor "
                f"{factor:.2f} ({abs(ageing.significance):.1f} standard errors): τ_1e {_time(ageing.second)} against "
                f"{_time(ageing.first)}; run longer with a larger --multiple or --longest"
            )
        if abs(drift.significance) > SIGNIFICANT:
            name = "pressure" if self.quantity == "pressure" else "potential energy"
            found.append(
                f"The {name} drifts by {with_error(drift.change, drift.change_error, '+')} "
                f"({100 * drift.relative:+.2g} %) over the last stage; run longer with a larger --multiple or "
                f"--longest"
            )
        return found

    def rows(self) -> list[tuple[str, str]]:
        """Names and texts for a table."""
        ageing, drift = self.ageing, self.drift
        long = f"{self.duration:,.6g}"
        if ageing.relaxation.found:
            long += f" = {self.duration_in_tau_1e:.1f} τ_1e"
        name = "pressure" if self.quantity == "pressure" else "potential energy"
        rows = [
            ("verdict", self.verdict),
            ("duration", f"{long} ({self.multiple:g} τ_1e asked for)"),
            (
                "τ_1e",
                f"{_time(ageing.first)} after the first waiting time, {_time(ageing.second)} after the second",
            ),
        ]
        if not math.isnan(ageing.log_ratio):
            rows.append(
                (
                    "slowing down",
                    f"factor {ageing.factor:.2f} ({ageing.significance:+.1f} standard errors), seen from "
                    f"{self.smallest_factor:.2f} on",
                )
            )
        rows += [
            (name, f"{drift.mean:.5g}"),
            (
                f"drift of the {name}",
                f"{with_error(drift.change, drift.change_error, '+')} over the last stage ({drift.significance:+.1f} "
                f"standard errors, {100 * drift.relative:+.2g} %)",
            ),
            ("temperature", f"{self.temperature:.5g}"),
            (
                "crystalline particles",
                f"{100 * self.crystalline_at_beginning:.2f} % at the beginning, "
                f"{100 * self.crystalline_at_end:.2f} % at the end",
            ),
        ]
        if self.swaps:
            tried, done = self.swaps
            share = f"{100 * done / tried:.2g} %" if tried else "none"
            rows.append(("swap moves", f"{tried:,} tried, {share} accepted; τ_1e is that with them"))
        return rows

    def as_dict(self) -> dict[str, Json]:
        """Everything as numbers, texts, lists and dictionaries for JSON; None instead of NaN."""
        ageing, drift = self.ageing, self.drift
        swaps = (
            {} if self.swaps is None else {"swaps": dict(zip(("tried", "accepted"), self.swaps, strict=True))}
        )
        return to_object(
            {
                **swaps,
                "verdict": self.verdict,
                "remarks": self.remarks,
                "particles": self.particles,
                "wave_number": self.wave_number,
                "multiple": self.multiple,
                "duration": self.duration,
                "duration_in_tau_1e": self.duration_in_tau_1e,
                "tau_1e": {"value": ageing.relaxation.value, "error": ageing.relaxation.error},
                "waiting_times": [
                    {
                        "waiting_time": half.waiting_time,
                        "tau_1e": {"value": half.relaxation.value, "error": half.relaxation.error},
                        "time": half.time,
                        "self_intermediate_scattering": half.value,
                        "error": half.error,
                    }
                    for half in (ageing.first, ageing.second)
                ],
                "slowing_down": {
                    "log_ratio": ageing.log_ratio,
                    "error": ageing.log_ratio_error,
                    "significance": ageing.significance,
                    "smallest_factor": self.smallest_factor,
                },
                "drift": {
                    "quantity": self.quantity,
                    "mean": drift.mean,
                    "change": drift.change,
                    "error": drift.change_error,
                    "significance": drift.significance,
                    "relative": drift.relative,
                    "begin": drift.begin,
                    "end": drift.end,
                    "block_times": self.block_times,
                    "block_means": self.block_means,
                },
                "temperature": self.temperature,
                "crystalline": {"beginning": self.crystalline_at_beginning, "end": self.crystalline_at_end},
            }
        )


def recorded_tau_1e(snapshot: Configuration) -> float:
    """τ_1e that the equilibration of a snapshot left in its metadata; NaN where the snapshot does not tell."""
    told = snapshot.metadata.get("equilibration")
    if not isinstance(told, dict):
        return math.nan
    tau = told.get("tau_1e", told.get("tau_alpha"))  # its former name
    return float(tau) if isinstance(tau, int | float) else math.nan


def _time(half: Half) -> str:
    """τ_1e ± its error, or "unknown"."""
    return with_error(half.relaxation.value, half.relaxation.error) if half.relaxation.found else "unknown"
