"""The command `explain`: what red and white particles are made of."""

from __future__ import annotations

import math
import time as clock
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from rich.console import Console
from rich.table import Table

import vitreous as vt
from vitreous.cli.compiling import clusters_of
from vitreous.cli.console import NO_INTERVAL, facts_table, stages
from vitreous.cli.files import prefix_of, print_json, write_with_figure
from vitreous.cli.options import METHOD, Debug, Json, Quiet, Radius, Seed, SnapshotFile, option, output_option
from vitreous.cli.reading import SNAPSHOT, reads
from vitreous.column_names import P_RED, P_RED_AVERAGED
from vitreous.errors import InputError
from vitreous.io.keywords import SnapshotKeywords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["explain"]

_NONE = "–"


@reads(*SNAPSHOT)
def explain(
    file: SnapshotFile,
    model: Annotated[
        Path | None,
        option(
            METHOD,
            "Explain this trained model only.",
            default="one with SANN and one with a cutoff, trained here",
            metavar="FILE.vtm",
        ),
    ] = None,
    cutoff: Annotated[
        float | None,
        option(METHOD, "Cutoff of the model that is trained with one.", default="the first minimum of g(r)"),
    ] = None,
    radius: Radius = None,
    seed: Seed = 0,
    reading: SnapshotKeywords = {},  # noqa: B006  # the options of `reads`
    output: Annotated[
        str | None,
        output_option("PREFIX", "Start of the names of PREFIX.explanation.json and PREFIX.explanation.png."),
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Say what red and white particles are made of: bond order, topological clusters, inputs that matter."""
    from vitreous.plot.explanation import explanation_figure

    begun = clock.monotonic()
    prefix = prefix_of(file, output)
    models = _models(model, cutoff, seed)
    with stages(quiet or json) as stage:
        stage(f"reading {file.name}")
        snapshot = vt.read(file, **reading)
        clusters, remarks = clusters_of(snapshot, stage, "topological clusters")
        found = []
        for number, one in enumerate(models, 1):

            def show(what: str, number: int = number) -> None:
                stage(f"model {number} of {len(models)}: {what}")

            found.append(
                vt.explain(snapshot, one, clusters=clusters, radius=radius, seed=seed, progress=show)
            )
        facts = _facts(found, remarks, seed)
        stage("figure and files")
        files = write_with_figure(facts, explanation_figure(found), f"{prefix}.explanation")
    if json:
        print_json(facts, files)
    elif not quiet:
        _summary(found, facts, files, clock.monotonic() - begun)


def _models(model: Path | None, cutoff: float | None, seed: int) -> list[vt.OrderParameter]:
    if model is not None:
        if cutoff is not None:
            raise InputError("--cutoff: it is for training, but --model is applied unchanged; leave one out")
        return [vt.OrderParameter.load(model)]
    rules = ("sann", "cutoff" if cutoff is None else cutoff)
    return [vt.OrderParameter(neighbors=rule, random_state=seed) for rule in rules]


def _facts(found: list[vt.Explanation], remarks: list[str], seed: int) -> dict[str, Any]:
    """Everything, ready for JSON."""
    agreement = None
    if len(found) > 1:
        first, second = (one.revelation for one in found)
        agreement = {
            P_RED: _agreement(first.p_red, second.p_red),
            P_RED_AVERAGED: _agreement(first.p_red_averaged, second.p_red_averaged),
        }
    return {
        "source": found[0].revelation.configuration.source,
        "explanations": [one.as_dict() for one in found],
        "agreement": agreement,
        "remarks": remarks,
        "seed": seed,
        "vitreous": version("vitreous"),
    }


def _agreement(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    import numpy as np
    from scipy.stats import spearmanr

    known = np.isfinite(a) & np.isfinite(b)
    return float(spearmanr(a[known], b[known])[0])


def _summary(found: list[vt.Explanation], facts: dict[str, Any], written: list[str], seconds: float) -> None:
    from vitreous.correlation.rank import FEWEST_PAIRS

    console = Console(highlight=False)
    console.print()
    console.print(_head(found, facts))
    console.print("\n[bold]Spearman's ρ with membership in topological clusters[/], all particles\n")
    console.print(_clusters(found))
    console.print(
        f"\n± half the 95 % interval; * it does not hold 0; few: no interval, fewer than {FEWEST_PAIRS} particles are "
        f"members, or are not"
        if any(map(math.isfinite, found[0].clusters.low.flat))
        else f"\n{NO_INTERVAL}"
    )
    console.print("\n[bold]Mean q̄_l ± standard deviation[/], and the difference in standard deviations\n")
    console.print(_bond_order(found))
    console.print("\n[bold]Which q̄_l the order parameter needs[/]\n")
    console.print(_relevance(found))
    console.print(
        "\nexplained: share of its variance in the reconstruction; shuffled, left out: ρ of P_red with what it was, if "
        "q̄_l is shuffled among particles, or left out of training (± over seeds); error: growth of that of the "
        "reconstruction if shuffled, in units of the variance; held: share of q̄_l in that growth if held at its mean"
    )
    console.print(f"\n{seconds:.1f} s; written {', '.join(written)}\n", soft_wrap=True)


def _head(found: list[vt.Explanation], facts: dict[str, Any]) -> Table:
    table = facts_table()
    table.add_row("snapshot", Path(str(facts["source"])).name)
    for one in found:
        reports = one.revelation.model.reports_.values()
        unstable = "" if all(report.stable for report in reports) else "; [yellow]not stable, see reveal[/]"
        white, red = one.particles[0]
        table.add_row("neighbours", f"{one.revelation.model.rule}: {red:,} red, {white:,} white{unstable}")
    if facts["agreement"] is not None:
        table.add_row(
            "agreement",
            f"ρ of one with the other: P_red {facts['agreement'][P_RED]:+.2f}, "
            f"P̄_red {facts['agreement'][P_RED_AVERAGED]:+.2f}",
        )
    for remark in facts["remarks"]:
        table.add_row("remark", f"[yellow]{remark}[/]")
    return table


def _table(*titles: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, no_wrap=True)
    return table


def _clusters(found: list[vt.Explanation]) -> Table:
    first = found[0].clusters
    heads = (f"{_rule(one)}\n{name}" for one in found for name in ("P_red", "P̄_red"))
    table = _table("", "\nmembers", *heads)
    order = list(first.order())
    for k in [*order, *(k for k in range(len(first.types)) if k not in order)]:
        members = f"{first.members[0, k]:,}"
        if k not in order:
            table.add_row(first.types[k], members, first.remark(0, k), style="dim")
        else:
            cells = (_correlation(one, f, k) for one in found for f in range(2))
            table.add_row(first.types[k], members, *cells)
    return table


def _correlation(one: vt.Explanation, f: int, k: int) -> str:
    rho, low, high = (values[f, 0, k] for values in (one.clusters.rho, one.clusters.low, one.clusters.high))
    if math.isnan(low):
        few = one.clusters.remark(0, k).endswith(("particle", "particles"))
        return f"{_number(rho, '{:+.2f}')} {'few' if few else ''}".rstrip()
    return f"{rho:+.2f} ± {(high - low) / 2:.2f}{'*' if one.clusters.resolved[f, 0, k] else ''}"


def _bond_order(found: list[vt.Explanation]) -> Table:
    table = _table("", "\nl", "\nwhite", "\nred", *(f"difference\n{group}" for group in found[0].groups))
    for one in found:
        for k, l in enumerate(one.l):
            cells = (
                f"{_number(one.mean[0, color, k], '{:.3f}')} ± {_number(one.deviation[0, color, k], '{:.3f}')}"
                for color in range(2)
            )
            contrasts = (_number(value, "{:+.2f}") for value in one.contrast[:, k])
            table.add_row(_rule(one) if k == 0 else "", str(l), *cells, *contrasts)
    return table


def _relevance(found: list[vt.Explanation]) -> Table:
    table = _table("", "l", "explained", "shuffled", "left out", "error", "held")
    for one in found:
        for name, relevance in one.relevance.items():
            label = _rule(one) if len(one.relevance) == 1 else f"{_rule(one)}, {name}"
            for k, l in enumerate(relevance.l):
                table.add_row(
                    label if k == 0 else "",
                    str(l),
                    f"{100 * relevance.explained[k]:.0f} %",
                    _spread(relevance.shuffled_agreement[k], relevance.shuffled_agreement_deviation[k]),
                    _spread(relevance.dropped_agreement[k], relevance.dropped_agreement_deviation[k]),
                    f"{relevance.shuffled_loss[k]:.3f}",
                    f"{100 * relevance.held_share[k]:.0f} %",
                )
            again = _spread(relevance.retrained_agreement, relevance.retrained_agreement_deviation)
            table.add_row("", "none", "", "", again, style="dim")
    return table


def _rule(one: vt.Explanation) -> str:
    """SANN, or the cutoff, in a word or two."""
    cutoff = one.revelation.model.cutoff_
    if cutoff is None:
        return "SANN"
    return f"r < {cutoff.item():.4g}" if cutoff.size == 1 else "cutoffs"


def _number(value: float, form: str) -> str:
    return _NONE if math.isnan(value) else form.format(value)


def _spread(value: float, deviation: float) -> str:
    return _number(value, "{:.3f}") + ("" if math.isnan(deviation) else f" ± {deviation:.3f}")
