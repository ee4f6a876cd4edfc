"""What the commands `simulate ...` do, and what is seen meanwhile."""

from __future__ import annotations

import json as json_module
import math
import time as clock
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Task, TimeRemainingColumn
from rich.text import Text

from vitreous.cli.console import LiveLine, facts_table
from vitreous.cli.files import check_target
from vitreous.compilation import hard_sphere_kernels_are_compiled
from vitreous.configuration import Configuration
from vitreous.errors import InputError, Interrupted
from vitreous.glassformers import GlassFormer, as_model, packing_fraction
from vitreous.simulate.engine import Engine, Sample
from vitreous.simulate.equilibration_report import EquilibrationReport
from vitreous.simulate.plan import Plan
from vitreous.simulate.simulation import simulate

__all__ = ["carry_out"]

_LINE_EVERY = 15.0  # seconds, where there is no terminal


def carry_out(
    model: GlassFormer,
    state_point: float | None,
    particles: int | None,
    start: Configuration | None,
    options: dict[str, Any],
    times: Any,
    output: Path | None,
    *,
    strict: bool,
    quiet: bool,
    json: bool,
) -> None:
    """Simulate a model; None is what the person did not say."""
    begun = clock.monotonic()
    if state_point is not None:
        state = state_point
    elif start is None:
        state = model.deepest
    elif model.is_hard:
        state = float(f"{packing_fraction(as_model(start, model)):.6g}")
    else:
        raise InputError("temperature: a snapshot does not show its temperature; give --temperature")
    if particles is None:
        particles = 2000 if start is None else len(start)
    plan = Plan(model, state, particles, times=times, start=start, **options)
    target = Path(f"{model.name}-{state:g}.gsd") if output is None else output
    check_target(str(target))
    with _Watcher(quiet or json, target) as watcher:
        if model.is_hard:
            _compile(watcher)
        try:
            done = simulate(plan, target, watcher, strict=strict)
        except KeyboardInterrupt:
            raise Interrupted(
                "interrupted; what was recorded is kept, and the same command goes on from there"
            ) from None
    files = [*done.files, *([] if done.report is None else [str(watcher.picture)])]
    if json:
        report = None if done.report is None else done.report.as_dict()
        print(json_module.dumps({"check": report, "files": files}, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(model, plan, done.report, files, clock.monotonic() - begun)


def _compile(watcher: _Watcher) -> None:
    """Call the kernels once, so that the wait has its own message."""
    if hard_sphere_kernels_are_compiled():
        return
    from vitreous.simulate.event_driven import HardSphereMD

    watcher.stage("compiling the kernels (once after installation)")
    HardSphereMD.grow([1.0] * 32, 0.3, rate=1.0).run(0.1)


class _Left(TimeRemainingColumn):
    """Time left, where that is known."""

    def render(self, task: Task) -> Text:
        """As rich does, with a word."""
        if task.total is None or task.time_remaining is None:
            return Text("")
        return Text.assemble(super().render(task), " left")


class _Watcher(LiveLine):
    """Shows stages and the clock of the engine."""

    def __init__(self, quiet: bool, target: Path) -> None:
        super().__init__(quiet, _Left(compact=True))
        self.picture = target.with_suffix(".equilibration.png")
        self._what, self._measured = "", ""
        self._engine: Engine | None = None

    def stage(self, what: str) -> None:
        """Something without a clock begins."""
        self._what, self._measured, self._engine = what, "", None
        self.begin(what)
        if self.live is None:
            self.say(what)

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """The engine begins to run."""
        self._what, self._engine = what, engine
        self._begin, self._end = begin, end
        self._work, self._since = engine.work, clock.monotonic()
        self.begin(what, total=end - begin)
        if self.live is None:
            self.say(f"{what}: time {begin:,.6g} to {end:,.6g}")

    def progress(self, time: float, work: int) -> None:
        """So far it came."""
        if self._engine is None:  # growing: the end is told by the packing fraction, not by a clock
            self.update(f"{_short(work)} collisions so far")
            return
        seconds = clock.monotonic() - self._since
        rate = (work - self._work) / max(seconds, 1e-9)
        facts = (
            f"time {time:,.4g} of {self._end:,.4g}, {_short(rate)} {self._engine.work_name}/s{self._measured}"
        )
        self.update(facts, time - self._begin)
        if self.live is None and clock.monotonic() - self.said > _LINE_EVERY:
            share = max(time - self._begin, 1e-12) / (self._end - self._begin)
            left = seconds / share - seconds
            self.say(f"{self._what}: {facts}, {left:,.0f} s left")

    def measured(self, sample: Sample) -> None:
        """What it measured lately."""
        if sample.energy is not None:
            self._measured = f", energy {sample.energy:.4f}"
        elif math.isfinite(sample.pressure):
            self._measured = f", pressure {sample.pressure:.2f}"

    def checked(self, report: EquilibrationReport) -> None:
        """Equilibrium was checked; draw it."""
        from vitreous.plot import save_figure
        from vitreous.plot.equilibration import equilibration_figure

        save_figure(equilibration_figure(report), self.picture)


def _short(rate: float) -> str:
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if rate >= limit:
            return f"{rate / limit:.2f} {unit}"
    return f"{rate:.0f}"


def _summary(
    model: GlassFormer, plan: Plan, report: EquilibrationReport | None, files: list[str], seconds: float
) -> None:
    console = Console(highlight=False)
    table = facts_table()
    table.add_row("model", f"{model.name}, {model.control.name} {plan.state_point:g}")
    table.add_row("particles", f"{plan.particles:,}, seed {plan.seed}")
    if report is None:
        table.add_row("equilibrium", "[yellow]not checked: --multiple 0[/]")
    else:
        for name, text in report.rows():
            style = "green" if text == "equilibrated" else "bold red"
            table.add_row(name, f"[{style}]{text}[/]" if name == "verdict" else text)
        for remark in report.remarks:
            table.add_row("", f"[yellow]{remark}[/]")
    table.add_row("units", str(model.units))
    table.add_row("time", f"{seconds:.1f} s")
    for k, file in enumerate(files):
        table.add_row("written" if k == 0 else "", file)
    console.print()
    console.print(table, soft_wrap=False)
    console.print()
