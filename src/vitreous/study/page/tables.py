"""The parts of a study's page that do not move: what is missing, tables, provenance, figures; as HTML."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from vitreous.errors import FileError
from vitreous.formatting import with_error
from vitreous.study.comparison import QUANTITIES, Comparison, compared, signed, told, verdict_of
from vitreous.study.supercooling import supercooling

if TYPE_CHECKING:
    from vitreous.glassformers import GlassFormer
    from vitreous.study.plan import State
    from vitreous.study.results import Measured, StateResults, StudyResults

__all__ = [
    "claims_table",
    "comparison_table",
    "figure_list",
    "provenance",
    "standing",
    "state_label",
    "states_table",
    "units_of",
]

_SIGNS = {"holds": "✓ ", "does not hold": "✗ ", "undecided": "? "}
_QUALITY = 90  # of 100, of pictures of spheres


def units_of(former: GlassFormer) -> dict[str, str]:
    """Unit of each of length, energy, temperature and time; a subscript stands behind an underscore."""
    units = former.units
    return {
        "length": units.length,
        "energy": units.energy,
        "temperature": units.temperature or units.energy,
        "time": units.time.replace("sqrt(", "√("),
    }


def state_label(state: State) -> str:
    """The state point as text, for instance "η = 0.58", or "T = 0.7"."""
    return state.former.control.equation(state.state_point)


def standing(results: StudyResults) -> str:
    """What is made, and what is missing."""
    total = len(results.provenance) + len(results.missing)
    if not results.missing:
        return f'<p class="quiet">All {total} steps are made.</p>'
    by_state: dict[str, list[str]] = {}
    for one in results.missing:
        state, _, step = one.partition(", ")
        by_state.setdefault(state, []).append(step)
    items = "".join(
        f"<li><b>{escape(state)}</b>: {escape(', '.join(steps))}</li>" for state, steps in by_state.items()
    )
    return (
        f'<details class="missing"><summary>{len(results.missing)} of {total} steps are missing so far</summary>'
        f"<ul>{items}</ul></details>"
    )


def states_table(results: StudyResults) -> str:
    """Equilibration, relaxation and diffusion times, and the mean order parameter of every state."""
    rows = []
    for former in results.formers:
        units = _subscripts(str(former.units).replace("sqrt(", "√("))
        title = f"{escape(former.title)} <small>in units of {units}</small>"
        rows.append(f'<tr class="group"><th colspan="6" scope="colgroup">{title}</th></tr>')
        found = supercooling(results.of(former))
        means = zip(found.p_red.tolist(), found.p_red_error.tolist(), strict=True)
        rows += [_state_row(state, *mean) for state, mean in zip(results.of(former), means, strict=True)]
    names = ("State", "Equilibration", "τ_α, of the fit", "τ_1e, F_s = 1/e", "τ_D = σ_A²/(6 D)", "⟨P_red⟩")
    return _table("data stack", names, rows)


def _state_row(state: StateResults, mean: float, error: float) -> str:
    cells = {
        "Equilibration": _verdict(state),
        "Relaxation time, of the fit": _measured(state.tau_alpha),
        "Relaxation time, 1/e": _measured(state.tau_1e),
        "Diffusion time": _measured(state.diffusion_time),
        "Mean order parameter": _with_error(mean, error) if np.isfinite(mean) else _nothing("not made yet"),
    }
    deepest = " <small>deepest</small>" if state.deepest else ""
    return _row(f"{state_label(state.state)}{deepest}", cells)


def _verdict(state: StateResults) -> str:
    if state.equilibration is None:
        return _nothing("not made yet")
    told = list(state.equilibration.remarks)
    if state.too_short:
        told.append(f"but for {state.equilibrated_for:.1f} only of the relaxation times of its trajectory")
    remarks = "".join(f"<small>{escape(text)}</small>" for text in told)
    return f"{escape(state.equilibration.verdict)}{remarks}"


def _measured(measured: Measured) -> str:
    if not np.isfinite(measured.value):
        return _nothing(measured.reason or "not known")
    return _with_error(measured.value, measured.error)


def _with_error(value: float, error: float) -> str:
    return with_error(value, error).replace(" ± ", "&nbsp;±&nbsp;").replace("-", "−")


def _nothing(reason: str) -> str:
    return f"–<small>{escape(reason)}</small>"


def claims_table(claims: Sequence[Mapping[str, str]]) -> str:
    """What was claimed, whether it holds, and the numbers; nothing if there are no claims."""
    if not claims:
        return ""
    rows = []
    for one in claims:
        verdict = escape(one["verdict"])
        numbers = "<br>".join(_subscripts(_minus(part)) for part in one["numbers"].split("; "))
        cells = {"Verdict": f"<b>{_SIGNS.get(verdict, '')}{verdict}</b>", "Numbers": numbers}
        rows.append(_row(_subscripts(one["claim"]), cells))
    table = _table("data stack", ("Claim", "Verdict", "Numbers"), rows)
    return f'<section aria-labelledby="claims"><h2 id="claims">Claims</h2>{table}</section>'


def comparison_table(results: StudyResults) -> str:
    """What predicts the propensity at τ_α best, in every state; nothing if no correlation is known."""
    rows: dict[str, list[str]] = {}
    for one in compared(results):
        rows.setdefault(one.state.state.former.title, []).append(_comparison_row(one))
    if not rows:
        return ""
    names = ("State, particles", *QUANTITIES.values(), "Ceiling", "Cage less P̄_red", "Cage less supervised")
    body = [
        f'<tr class="group"><th colspan="{len(names)}" scope="colgroup">{escape(title)}</th></tr>{"".join(mine)}'
        for title, mine in rows.items()
    ]
    said = "".join(f"<li>{_subscripts(_minus(sentence))}</li>" for sentence in told(results))
    return (
        '<section class="text" aria-labelledby="comparison"><h2 id="comparison">What predicts best</h2>'
        "<p>Spearman’s ρ with the propensity at δ<i>t</i> = τ<sub>α</sub>, mean over snapshots; differences are taken "
        "snapshot by snapshot, with 95 % intervals. Supervised is a regression that was trained on the propensities of "
        f"all other snapshots.</p>{_table('data stack', names, body)}<ul>{said}</ul></section>"
    )


def _comparison_row(one: Comparison) -> str:
    cells = {
        **{
            label: f"{one.rho[name].raw.value:.2f}" if name in one.rho else "–"
            for name, label in QUANTITIES.items()
        },
        "Ceiling": f"{one.ceiling:.2f}",
        "Cage less P̄_red": ", ".join(text for text in (signed(one.gain), verdict_of(one.gain)) if text),
        "Cage less supervised": signed(one.lag),
    }
    shown = {label.replace("_", " "): _minus(text.replace("nan", "–")) for label, text in cells.items()}
    return _row(f"{state_label(one.state.state)}, {escape(one.name.rpartition(', ')[2])}", shown)


def _minus(text: str) -> str:
    """With true signs, and hyphens where they are."""
    return re.sub(r"(?<![\w])-(?=[\d.])", "−", text)


def provenance(results: StudyResults) -> str:
    """Commands, seeds, versions, times, digests and the text of the plan."""
    plan = results.plan
    name = escape(plan.path.name)
    commands = "\n".join(f"vitreous study {what} {name}" for what in ("run", "status", "report"))
    seeds = sorted({state.settings.seed for state in plan.states})
    versions: dict[str, list[str]] = {}
    for record in results.provenance:
        for package, version in record.versions.items():
            if version not in versions.setdefault(package, []):
                versions[package].append(version)
    used = ", ".join(f"{package} {' and '.join(those)}" for package, those in versions.items())
    rows = (
        ("Made again by", f"<pre>{commands}</pre>"),
        ("Seed" if len(seeds) == 1 else "Seeds", ", ".join(map(str, seeds))),
        ("Versions", escape(used) or _nothing("nothing is made yet")),
        *((f"Model: {escape(one.title)}", _subscripts(one.source)) for one in results.formers),
    )
    facts = "".join(f'<tr><th scope="row">{key}</th><td>{value}</td></tr>' for key, value in rows)
    return (
        f'<table class="data facts"><tbody>{facts}</tbody></table>{_costs(results)}'
        f"<details><summary>The plan, {name}</summary><pre>{escape(_plan_text(plan.path))}</pre></details>"
        f"<details><summary>All steps that are made, with the digests of their files</summary>{_steps(results)}"
        f"</details>"
    )


def _plan_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "The file is not there any more."


def _costs(results: StudyResults) -> str:
    from vitreous.study.kinds import all_kinds

    rows = []
    total = [0.0, 0.0]
    for kind in all_kinds():
        mine = [record for record in results.provenance if record.kind == kind]
        if mine:
            times = [sum(one.processor_seconds for one in mine), sum(one.seconds for one in mine)]
            total = [before + now for before, now in zip(total, times, strict=True)]
            rows.append((kind, str(len(mine)), *map(_duration, times)))
    if not rows:
        return ""
    rows.append(("all", str(len(results.provenance)), *map(_duration, total)))
    body = (
        f'<tr><th scope="row">{kind}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for kind, *cells in rows
    )
    return _table("data costs", ("Kind of step", "Made", "Processor time", "Time"), body)


def _steps(results: StudyResults) -> str:
    rows = []
    for record in results.provenance:
        number = "" if record.snapshot is None else f" {record.snapshot + 1}"
        files = "<br>".join(
            f"<code>{escape(suffix)} {escape(digest[:16])}</code>" for suffix, digest in record.files.items()
        )
        rows.append(
            f"<tr><td>{escape(record.state)}</td><td>{escape(record.kind)}{number}</td>"
            f"<td>{_duration(record.processor_seconds)}</td><td>{files}</td></tr>"
        )
    names = ("State", "Step", "Processor time", "Files, SHA-256 (first 16 of 64 digits)")
    return f'<div class="wide">{_table("data", names, rows)}</div>'


def _duration(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200.0 else f"{seconds / 3600:.1f} h"


def figure_list(figures: Mapping[str, Path], room: int) -> str:
    """The pictures themselves, as far as there is room, in bytes; the others by name.

    Raises
    ------
    FileError
        If one cannot be read, or is no picture.
    """
    items = []
    for title, path in figures.items():
        try:
            data = base64.b64encode(_webp(path)).decode("ascii")
        except UnidentifiedImageError:
            raise FileError(f"{path}: no picture for a page; give a PNG") from None
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error.strerror or error}") from None
        if re.fullmatch(r"[a-z0-9-]+", title):  # the stem of a file
            title = title.replace("-", " ").capitalize()
        text = _subscripts(title)
        item = (
            f'<figure><img alt="{escape(title)}" src="data:image/webp;base64,{data}">'
            f"<figcaption>{text}</figcaption></figure>"
        )
        if len(item.encode()) > room - 2000:  # what the section itself takes
            item = f'<p class="quiet">{text}: left out, the page would be too large; see {escape(path.name)}.</p>'
        room -= len(item.encode())
        items.append(item)
    if not items:
        return ""
    content = "".join(items)
    return (
        f'<section aria-labelledby="figures"><h2 id="figures">Figures</h2>'
        f'<div class="figures">{content}</div></section>'
    )


def _webp(path: Path) -> bytes:
    """A picture as WebP, much smaller than a PNG: without loss, or with if that is smaller, as for shaded spheres."""
    with Image.open(path) as picture:
        whole, shaded = BytesIO(), BytesIO()
        picture.save(whole, "WEBP", lossless=True)
        picture.save(shaded, "WEBP", quality=_QUALITY)
    return min(whole.getvalue(), shaded.getvalue(), key=len)


def _table(kind: str, names: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{_subscripts(name)}</th>' for name in names)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _row(name: str, cells: Mapping[str, str]) -> str:
    """A row of cells with the labels that they have on a narrow screen."""
    data = "".join(f'<td data-label="{label}">{text}</td>' for label, text in cells.items())
    return f'<tr><th scope="row">{name}</th>{data}</tr>'


def _subscripts(text: str) -> str:
    """Escaped text in which what stands behind a symbol and an underscore is a subscript: σ_AA, P_red, τ_α."""
    symbol = r"(?<![A-Za-zα-ω])([A-Za-zα-ω]\u0304?)"
    return re.sub(rf"{symbol}_([A-Za-z]+|1e|\d+|α)(?![A-Za-z_])", r"\1<sub>\2</sub>", escape(text))
