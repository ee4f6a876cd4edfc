"""What the commands `study ...` do, and what is seen meanwhile."""

from __future__ import annotations

import json as json_module
import time as clock
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from vitreous.cli.compiling import compile_clusters, compile_engine
from vitreous.cli.console import duration
from vitreous.cli.deciding import decision_lines, decision_table
from vitreous.ensemble.certificates import Certificates
from vitreous.errors import Interrupted, VitreousError
from vitreous.records import to_json
from vitreous.study.decision import decided, read_decision
from vitreous.study.kinds import all_kinds
from vitreous.study.plan import StudyPlan, read_plan
from vitreous.study.shipped import copy_shipped_plan
from vitreous.study.status import Status, study_status
from vitreous.study.step import Step, step_differences
from vitreous.study.steps import steps_of

if TYPE_CHECKING:
    from vitreous.study.run import Outcome

__all__ = ["report", "run", "status"]

_LOOK_EVERY = 1.0  # seconds, on a terminal
_LINE_EVERY = 60.0  # elsewhere
_STYLES = {"failed": "bold red", "running": "cyan", "stopped": "yellow"}


def run(
    plan: Path,
    *,
    workers: int | None,
    scheduler: str | None,
    certificates: Certificates,
    shard: tuple[int, int],
    budget: float | None,
    quiet: bool,
    json: bool,
) -> None:
    """Make what is not made yet; with a budget, in seconds of one core, then decide on further snapshots as well."""
    from vitreous.study.decide import decide, require_first_stage
    from vitreous.study.run import run_study

    begun = clock.monotonic()
    copied = copy_shipped_plan(plan)
    read = read_plan(plan)
    if scheduler is None:
        read.require_engines()
    try:
        with _Watcher(read, quiet or json) as watcher:
            if copied:
                watcher.line(
                    f"{plan}: put here, one of the plans that come with vitreous; change it as you like"
                )
            compile_engine(watcher.stage)  # here, so that no two workers compile the same
            compile_clusters(watcher.stage)

            def make() -> Outcome:
                return run_study(
                    read,
                    watcher,
                    workers=workers,
                    scheduler=scheduler,
                    certificates=certificates,
                    shard=shard,
                )

            outcome = make()
            if budget is not None and not outcome.failed:
                require_first_stage(read)
                watcher.stage("deciding on further snapshots")
                decision = decide(read, budget)
                watcher.show(decision_table(decision))
                for line in decision_lines(decision):
                    watcher.line(line)
                further = make()
                outcome = replace(further, made=outcome.made + further.made)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; what is made is kept in {read.folder}, and the same command goes on from there"
        ) from None
    facts = _facts(read, outcome)
    if json:
        print(json_module.dumps(facts, ensure_ascii=False, indent=1))
    elif not quiet:
        _summary(read, outcome, clock.monotonic() - begun)
    if outcome.failed:
        first, reason = next(iter(outcome.failed.items()))
        others = len(outcome.failed) - 1
        more = f" (and {others} more; see: vitreous study status {plan})" if others else ""
        raise VitreousError(f"{first.state.name}, {first.name}: {reason}{more}")


def status(plan: Path, *, why: bool, json: bool) -> None:
    """Show where the study stands."""
    read = read_plan(plan)
    decision = read_decision(read)
    steps, folder = steps_of(decided(read)), read.folder.resolve()
    found = study_status(steps, folder)
    missing = [step for step, standing in found.standing.items() if standing != "made"]
    differences = {step: step_differences(step, folder) for step in missing}
    if json:
        told = [
            {
                "state": step.state.name,
                "step": step.name,
                "key": step.key,
                "standing": standing,
                "what": found.told[step].what if step in found.told else None,
                "share": found.told[step].share if step in found.told else None,
                "failed": found.told[step].failed if step in found.told else None,
                "why": list(differences.get(step, ())),
                "processor_seconds_left": round(found.left[step], 1),
            }
            for step, standing in found.standing.items()
        ]
        facts = {
            "steps": told,
            "processor_seconds": round(found.spent, 1),
            "decision": to_json(decision),
        }
        print(json_module.dumps(facts, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    console.print()
    console.print(_table(steps, found))
    for step, standing in found.standing.items():
        if standing == "failed":
            console.print(f"[bold red]{step.state.name}, {step.name}:[/] {found.told[step].failed}")
    if why:
        for step, reasons in differences.items():
            console.print(Text(f"{step.state.name}, {step.name}: {'; '.join(reasons)}"), soft_wrap=True)
    if running := _running(found):
        console.print(f"\n{running}")
    if decision is not None:
        console.print()
        console.print(decision_table(decision))
        console.print("\n".join(decision_lines(decision)), soft_wrap=True)
    console.print(f"\n{_count(found)}, {duration(found.spent)} of processors spent, {_left(found, 2)}\n")


def report(plan: Path, *, quiet: bool, json: bool) -> None:
    """Figures, tables and page of what is there so far."""
    from vitreous.cli.console import stages
    from vitreous.study.report import write_report

    read = read_plan(plan)
    begun = clock.monotonic()
    with stages(quiet or json) as stage:
        written = write_report(read, stage)
    if json:
        print(json_module.dumps({"files": [str(path) for path in written]}, indent=1))
    elif not quiet:
        console = Console(highlight=False)
        console.print(f"\n{len(written)} files in {written[0].parent}, {clock.monotonic() - begun:.1f} s")
        console.print(
            f"[bold]{next(path for path in written if path.suffix == '.html')}[/] is the page to open\n"
        )


class _Watcher:
    """The table of the study on a terminal, brought up to date all the time; elsewhere lines."""

    def __init__(self, plan: StudyPlan, quiet: bool) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        self._live = Live(console=self._console, transient=True, auto_refresh=False) if (
            self._console.is_terminal and not quiet
        ) else None  # fmt: skip
        self._begun = self._looked = clock.monotonic()
        self._steps: Sequence[Step[Any]] = ()

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.update(Text(""), refresh=True)
            self._live.stop()

    def line(self, text: str, style: str = "") -> None:
        """Say something that stays."""
        if self._live is not None:
            self._console.print(Text(text, style=style))
        elif not self._quiet:
            self._console.file.write(f"[{clock.monotonic() - self._begun:7.1f} s] {text}\n")
            self._console.file.flush()

    def stage(self, what: str) -> None:
        """Something without a measure begins."""
        if self._live is not None:
            self._live.update(Text(f"{what} …"), refresh=True)
        else:
            self.line(what)

    def show(self, table: Table) -> None:
        """A table that stays."""
        self._console.print(table)

    def begins(self, steps: Sequence[Step[Any]], folder: Path, workers: int) -> None:
        """Steps are to be made."""
        self._steps, self._folder, self._workers = steps, folder, workers
        self._show()

    def look(self) -> None:
        """Some time has passed."""
        if clock.monotonic() - self._looked > (_LINE_EVERY if self._live is None else _LOOK_EVERY):
            self._show()

    def made(self, step: Step[Any], seconds: float) -> None:
        """A step is made."""
        if self._live is None:
            self.line(f"{step.state.name}: {step.name}, {duration(seconds)}")

    def failed(self, step: Step[Any], reason: str) -> None:
        """A step cannot be made."""
        self.line(f"{step.state.name}: {step.name} failed: {reason}", "bold red")

    def remark(self, step: Step[Any], text: str) -> None:
        """Something happened to a step that goes on."""
        self.line(f"{step.state.name}: {step.name}: {text}", "yellow")

    def _show(self) -> None:
        found = study_status(self._steps, self._folder)
        summary = f"{_count(found)}, {_left(found, self._workers)}"
        if self._live is not None:
            table = _table(self._steps, found)
            running = _running(found)
            table.caption = f"{running}\n{summary}; ctrl-C stops, the same command goes on"
            self._live.update(table, refresh=True)
        else:
            running = _running(found)
            self.line(f"{summary}{': ' if running else ''}{running}")
        self._looked = clock.monotonic()


def _table(steps: Sequence[Step[Any]], found: Status) -> Table:
    """States below each other, kinds of steps side by side."""
    table = Table(box=None, padding=(0, 2, 0, 0), caption_justify="left")
    table.add_column("state", no_wrap=True)
    columns: dict[str, list[str]] = {}
    for kind in all_kinds().values():
        columns.setdefault(kind.column, []).append(kind.name)
    for name in columns:
        table.add_column(name)
    states = {step.state.name: step.state for step in steps}
    for state in states.values():
        mine = [step for step in steps if step.state.name == state.name]
        cells = [_cell([step for step in mine if step.kind in kinds], found) for kinds in columns.values()]
        table.add_row(
            f"{state.former.name} {state.state_point:g} {state.former.control.unit}".rstrip(), *cells
        )
    return table


def _cell(steps: Sequence[Step[Any]], found: Status) -> Text:
    """What a table says of some steps of one state."""
    standing = [found.standing[step] for step in steps]
    done = standing.count("made")
    if done == len(steps):
        return Text("done", style="green")
    text = f"{done}/{len(steps)}" if len(steps) > 1 else ""
    for kind, style in _STYLES.items():
        if kind in standing:
            told = found.told[steps[standing.index(kind)]]
            now = _percent(told.share).strip() if kind == "running" else ""
            return Text(f"{text} {now or kind}".strip(), style=style)
    return Text(text, style="green") if done else Text("·", style="dim")


def _running(found: Status) -> str:
    """What is going on, step by step."""
    return ", ".join(
        f"{step.state.name} {found.told[step].what}{_percent(found.told[step].share)}"
        for step, standing in found.standing.items()
        if standing == "running"
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f" {100 * share:.0f} %"


def _count(found: Status) -> str:
    standing = list(found.standing.values())
    failed = f", {standing.count('failed')} failed" if "failed" in standing else ""
    return f"{standing.count('made')} of {len(standing)} steps done{failed}"


def _left(found: Status, workers: int) -> str:
    seconds = sum(found.left.values())
    if seconds == 0.0:
        return "nothing left"
    return f"about {duration(seconds / workers)} left on {workers} core{'s' if workers > 1 else ''}"


def _facts(plan: StudyPlan, outcome: Outcome) -> dict[str, Any]:
    return {
        "plan": str(plan.path),
        "folder": str(plan.folder),
        "made": outcome.made,
        "failed": [
            {"state": step.state.name, "step": step.name, "reason": reason}
            for step, reason in outcome.failed.items()
        ],
        "blocked": [{"state": step.state.name, "step": step.name} for step in outcome.blocked],
    }


def _summary(plan: StudyPlan, outcome: Outcome, seconds: float) -> None:
    console = Console(highlight=False)
    console.print(f"\n{outcome.made} steps made in {duration(seconds)}, kept in {plan.folder}")
    if outcome.blocked:
        console.print(f"[yellow]{len(outcome.blocked)} steps wait for others[/]")
    elif not outcome.failed:
        console.print(f"everything is made; next: [bold]vitreous study report {plan.path}[/]")
    console.print()
