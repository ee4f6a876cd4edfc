"""The commands `simulate MODEL`: a glass former from nothing, and what is seen meanwhile."""

from __future__ import annotations

import math
import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Task, TimeRemainingColumn
from rich.text import Text
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import vitreous as vt
from vitreous.cli import parse
from vitreous.cli.compiling import compile_engine
from vitreous.cli.console import LiveLine, add_ending, facts_table, show
from vitreous.cli.files import check_target, print_json
from vitreous.cli.liquids import AllowShell, model_files
from vitreous.cli.options import OUTPUT, Debug, Json, Quiet, option, output_option
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.errors import InputError, Interrupted
from vitreous.glassformers.catalogue import library, liquid, looked_at
from vitreous.io.keywords import SnapshotKeywords

if TYPE_CHECKING:
    from vitreous.glassformers import GlassFormer
    from vitreous.simulate.engine import Engine, Sample
    from vitreous.simulate.equilibration_report import EquilibrationReport
    from vitreous.simulate.plan import Plan

__all__ = ["app"]

_LINE_EVERY = 15.0  # seconds, where there is no terminal


class _OfModel(TyperCommand):
    """Stands for the command of a model until it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return _command(str(self.name)).make_context(info_name, args, parent, **extra)


class _Models(TyperGroup):
    """The models of the library by name, and any model by its file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = {name: _OfModel(name, help=looked_at(name)[0]) for name in library()}

    def get_command(self, ctx: Any, name: str) -> Any:
        return _OfModel(name) if name.endswith(".toml") else super().get_command(ctx, name)

    def load(self) -> None:
        """Put in the commands themselves, so that their options can be looked at."""
        self.commands = {name: _command(name) for name in self.commands}

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        item = type(super().shell_complete(ctx, "")[0])  # of Typer's own click or another, whichever it uses
        return [*super().shell_complete(ctx, incomplete), *map(item, model_files(incomplete))]


app = typer.Typer(
    name="simulate",
    cls=_Models,
    help="Make an equilibrated glass former from nothing, and record how it moves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_SYSTEM, _EQUILIBRIUM = "System", "Equilibration"

Particles = Annotated[
    int | None,
    option(
        _SYSTEM, "Number of particles.", "-N", "--particles", default="2000, or those of --start", metavar="N"
    ),
]
Seed = Annotated[int, option(_SYSTEM, "Seed of everything random.", min=0)]
Start = Annotated[
    Path | None, option(_SYSTEM, "A snapshot to begin with, in place of making one.", metavar="FILE")
]
PackingFraction = Annotated[
    float | None,
    option(_SYSTEM, "Packing fraction of all spheres.", default="the deepest, or that of --start"),
]
Temperature = Annotated[
    float | None,
    option(_SYSTEM, "In the model's unit. With --start it has to be given.", "--temperature", "-T"),
]
Timestep = Annotated[float | None, option(_SYSTEM, "In the model's time unit.", default="that of the model")]
Multiple = Annotated[
    float,
    option(_EQUILIBRIUM, "Equilibrate for this many relaxation times, which are measured; 0 leaves it out."),
]
Swaps = Annotated[
    bool,
    option(
        _EQUILIBRIUM, "Let particles exchange their places while equilibrating, never afterwards.", "--swap"
    ),
]
Longest = Annotated[float, option(_EQUILIBRIUM, "Stop equilibrating at this time.")]
Strict = Annotated[bool, option(_EQUILIBRIUM, "Write no result unless the check is passed.", "--strict")]
Times = Annotated[
    str | None,
    option(
        OUTPUT,
        "Record then at log:FIRST:LAST:COUNT, linear:FIRST:LAST:COUNT or T1,T2,...",
        default="the equilibrated configuration only",
        metavar="TIMES",
    ),
]
Output = Annotated[
    Path | None,
    output_option(
        "FILE.gsd",
        "The trajectory; its neighbours FILE.equilibration.* show how it came about.",
        "by model and state",
    ),
]


@app.callback()
def _of_any_model() -> None:
    """Nothing is done before a model is chosen."""


def _command(name: str) -> Any:
    """The command that simulates a model, which is read when it is called."""
    title, hard = looked_at(name)
    how = "by event-driven molecular dynamics" if hard else "by LAMMPS at constant temperature"
    help = (
        f"{title}, {how}.\n\nWhat it is made of, and its units, are shown by: vitreous model {name}. A run that was "
        f"stopped goes on with the same command."
    )

    def of_model(
        packing_fraction: PackingFraction = None,
        temperature: Temperature = None,
        particles: Particles = None,
        seed: Seed = 0,
        start: Start = None,
        reading: SnapshotKeywords = {},  # noqa: B006  # the options of `reads`
        timestep: Timestep = None,
        multiple: Multiple = 10.0,
        longest: Longest = 50_000.0,
        swap: Swaps = False,
        strict: Strict = False,
        times: Times = None,
        output: Output = None,
        allow_shell: AllowShell = False,
        quiet: Quiet = False,
        json: Json = False,
        debug: Debug = False,
    ) -> None:
        from vitreous.simulate.plan import Plan
        from vitreous.simulate.simulation import simulate
        from vitreous.simulate.swap import Swap

        begun = clock.monotonic()
        model = liquid(name, allow_shell=allow_shell)
        given = packing_fraction if hard else temperature
        snapshot = None if start is None else vt.read(start, **reading)
        state = _state(model, snapshot) if given is None else given
        if particles is None:
            particles = 2000 if snapshot is None else len(snapshot)
        plan = Plan(
            model,
            state,
            particles,
            seed=seed,
            times=parse.times(times),
            multiple=multiple,
            longest=longest,
            timestep=timestep,
            start=snapshot,
            swap=Swap() if swap else None,
        )
        target = Path(f"{model.name}-{state:g}.gsd") if output is None else output
        check_target(str(target))
        with _Watcher(quiet or json, target) as watcher:
            if model.is_hard:
                compile_engine(watcher.stage)
            try:
                done = simulate(plan, target, watcher, strict=strict)
            except KeyboardInterrupt:
                raise Interrupted(
                    "interrupted; what was recorded is kept, and the same command goes on from there"
                ) from None
        files = [*done.files, *([] if done.report is None else [str(watcher.picture)])]
        if json:
            print_json({"check": None if done.report is None else done.report.as_dict()}, files)
        elif not quiet:
            _summary(model, plan, done.report, files, clock.monotonic() - begun)

    others = ("temperature", "timestep") if hard else ("packing_fraction",)
    found = typer.Typer(add_completion=False, context_settings=app.info.context_settings)
    found.command(name, help=help)(reads(*SNAPSHOT, without=others)(of_model))
    return get_command(found)


def _state(model: GlassFormer, start: vt.Configuration | None) -> float:
    """The state that is simulated where nobody says one."""
    from vitreous.glassformers import as_model, packing_fraction

    if start is None:
        if model.deepest is None:
            option = f"--{model.control.name.replace(' ', '-')}"
            raise InputError(f"{model.control.name}: {model.name} names no state of its own; give {option}")
        return model.deepest
    if model.is_hard:
        return float(f"{packing_fraction(as_model(start, model)):.6g}")
    raise InputError("temperature: a snapshot does not show its temperature; give --temperature")


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

    def run(self, what: str, engine: Engine, begin: float, end: float) -> None:
        """The engine begins to run, or goes on where a former sitting left it."""
        self._what, self._engine = what, engine
        self._begin, self._end = begin, end
        self._from, self._work, self._since = engine.time, engine.work, clock.monotonic()
        said = f"{what}: time {self._from:,.6g} to {end:,.6g}"
        self.begin(what, end - begin, self._from - begin, said=said)

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
            left = seconds * (self._end - time) / max(time - self._from, 1e-12)
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
    table = facts_table()
    table.add_row("model", f"{model.name}, {model.control.at(plan.state_point)}")
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
    add_ending(table, seconds, files)
    show(table)
