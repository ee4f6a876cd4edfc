"""The report of a study: figures, tables, claims and a page, of what is made so far."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from vitreous.errors import InputError
from vitreous.formatting import csv_text
from vitreous.io import atomic_path
from vitreous.plot import save_figure
from vitreous.records import to_json
from vitreous.study.claims import Claim, claims
from vitreous.study.comparison import QUANTITIES, Comparison, compared, signed, told, verdict_of
from vitreous.study.figures import study_figures
from vitreous.study.page import write_study_page
from vitreous.study.plan import StudyPlan
from vitreous.study.results import StudyResults, read_results
from vitreous.study.tables import study_tables

__all__ = ["write_report"]


def write_report(plan: StudyPlan, progress: Callable[[str], None] = lambda what: None) -> list[Path]:
    """Write everything that a study has to tell into the folder ``report`` of the study.

    That is each figure as ``.png`` and ``.pdf``, the numbers behind it as ``.csv``, the claims of the paper held
    against them as ``claims.md`` and ``claims.json``, what predicts best as ``predictors.md``, and ``index.html``, a
    page to explore that needs no network.

    Parameters
    ----------
    plan : StudyPlan
    progress : callable
        Told what is going on.

    Returns
    -------
    list of Path
        All files.

    Raises
    ------
    InputError
        If nothing is made yet.
    FileError
        If a file is damaged, or cannot be written.
    """
    progress("reading what is made")
    results = read_results(plan)
    if not results.provenance:
        raise InputError(f"{plan.path}: nothing is made yet; run first: vitreous study run {plan.path}")
    folder = plan.folder / "report"
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    pictures: dict[str, Path] = {}
    progress("figures")
    for name, figure in study_figures(results).items():
        for suffix in (".png", ".pdf"):
            path = folder / f"{name}{suffix}"
            save_figure(figure, path)
            written.append(path)
        pictures[name] = folder / f"{name}.png"
    progress("tables")
    for name, (header, rows) in study_tables(results).items():
        written.append(_write_text(folder / f"{name}.csv", csv_text(header, rows)))
    held = claims(results)
    written.append(_write_text(folder / "claims.md", claims_table(held, plan.label)))
    text = json.dumps(to_json(held), ensure_ascii=False, indent=1) + "\n"
    written.append(_write_text(folder / "claims.json", text))
    written.append(_write_text(folder / "predictors.md", predictors_table(results)))
    progress("page")
    page = folder / "index.html"
    shown = [{"claim": c.text, "verdict": c.verdict, "numbers": _numbers(c)} for c in held]
    write_study_page(page, results, figures=pictures, claims=shown)
    return [*written, page]


def claims_table(held: tuple[Claim, ...], label: str = "") -> str:
    """The claims as a table in Markdown."""
    lines = [f"**{label}**\n"] if label else []
    lines += ["| figure | the paper says | verdict | measured | numbers |", "|---|---|---|---|---|"]
    for claim in held:
        lines.append(
            f"| {claim.figure} | {claim.text} | **{claim.verdict}** | {claim.measure} | {_numbers(claim)} |"
        )
    return "\n".join(lines) + "\n"


def predictors_table(results: StudyResults) -> str:
    """What predicts best, as a table in Markdown, and what it comes to in sentences."""
    label = results.plan.label
    lines = [f"**{label}**\n"] if label else []
    header = [
        "State, particles", *QUANTITIES.values(), "Ceiling", "Cage less P̄_red", "",
        "Cage less supervised", "Snapshots",
    ]  # fmt: skip
    lines += [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    lines += [f"| {' | '.join(_row(one))} |" for one in compared(results)]
    return "\n".join([*lines, "", *(f"- {sentence}" for sentence in told(results))]) + "\n"


def _row(one: Comparison) -> list[str]:
    values = [f"{one.rho[name].raw.value:.2f}" if name in one.rho else "–" for name in QUANTITIES]
    return [
        one.name, *("–" if text == "nan" else text for text in (*values, f"{one.ceiling:.2f}")), signed(one.gain),
        verdict_of(one.gain), signed(one.lag), str(one.snapshots),
    ]  # fmt: skip


def _numbers(claim: Claim) -> str:
    parts = []
    for name, number in claim.numbers.items():
        verdict = f" ({claim.verdicts[name]})" if len(claim.verdicts) > 1 else ""
        parts.append(f"{name}: {number}{verdict}")
    return "; ".join(parts)


def _write_text(path: Path, text: str) -> Path:
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path
