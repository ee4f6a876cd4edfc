"""The page of a study: three glass formers side by side in one HTML file, which needs no network."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vitreous.column_names import CAGE_AVERAGED, P_RED, P_RED_AVERAGED
from vitreous.correlation.curves import CorrelationCurves, pool
from vitreous.diameter_classes import CLASSES
from vitreous.io.atomic import atomic_path
from vitreous.plot.colors import two_sigma_limits
from vitreous.plot.page import embedded_particles, viewer_style
from vitreous.structure.neighborhood_average import averaging_length
from vitreous.study.page.tables import (
    claims_table,
    comparison_table,
    figure_list,
    provenance,
    standing,
    state_label,
    states_table,
    units_of,
)
from vitreous.study.prediction import shown_relaxation_time
from vitreous.study.supercooling import supercooling
from vitreous.web import embedded_json, fill, script_parts, web_file

if TYPE_CHECKING:
    from vitreous.ensemble.result import Propensity
    from vitreous.glassformers import GlassFormer
    from vitreous.study.results import SnapshotResults, StateResults, StudyResults

__all__ = ["write_study_page"]

_LARGEST_PAGE = 15_000_000  # bytes; figures that would make it larger are left out
_NO_NUMBER = 65_535  # code of a propensity that is NaN
_NOT_MADE = "not made yet"
_TITLES = {1: "a glass former", 2: "two glass formers", 3: "three glass formers"}


def write_study_page(
    path: str | os.PathLike[str],
    results: StudyResults,
    *,
    figures: Mapping[str, Path] = {},
    claims: Sequence[Mapping[str, str]] = (),
) -> None:
    """Write the interactive page of what a study has found so far; whole or not at all.

    The file needs no network and no other file. It holds particles, order parameters, propensities at every δt and
    clusters of the first snapshot of the deepest state of each model, and the curves and numbers of all states.
    What is not made yet is said where it would be.

    Parameters
    ----------
    path : path
        The HTML file.
    results : StudyResults
    figures : mapping of str to path
        Pictures (PNG) by what is to stand under them. They are put into the page, as WebP, as long as it stays below
        15 MB.
    claims : sequence of mapping
        Each with ``claim``, ``verdict`` and ``numbers``.

    Raises
    ------
    FileError
        If a figure cannot be read or is no picture, or the page cannot be written.
    """
    models = [_model(former, results.of(former)) for former in results.formers]
    particles = "\n".join(
        f'<script id="particles-{html.escape(model["name"])}" type="application/json">{text}</script>'
        for model, text in models
        if text
    )
    subject = _TITLES.get(len(models), f"{len(models)} glass formers")
    label = results.plan.label
    parts = {
        "title": f"Structure and dynamics of {subject}",
        "plan": html.escape(results.plan.path.name),
        "label": f'<p class="banner" role="note">{html.escape(label)}</p>' if label else "",
        "standing": standing(results),
        "states": states_table(results),
        "comparison": comparison_table(results),
        "claims": claims_table(claims),
        "provenance": provenance(results),
        "style": "\n".join((viewer_style(), web_file("study/page.css"))),
        "study": embedded_json({"plan": results.plan.path.name, "models": [model for model, _ in models]}),
        "particles": particles,
        **script_parts("study/main.js"),
    }
    template = web_file("study/page.html")
    room = _LARGEST_PAGE - len(template) - sum(len(part.encode()) for part in parts.values())
    page = fill(template, {**parts, "figures": figure_list(figures, room)})
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="replace", newline="\n")


def _model(former: GlassFormer, states: Sequence[StateResults]) -> tuple[dict[str, Any], str]:
    """What the page knows of a model, and the JSON of its particles, empty if there are none yet."""
    deepest = states[0]
    snapshot = deepest.snapshots[0]
    revealed = snapshot.revealed
    configuration = snapshot.configuration
    text = ""
    if configuration is not None:
        known = dict(configuration.columns)
        if snapshot.caged is not None and snapshot.caged.configuration is not None:
            known |= snapshot.caged.configuration.columns
        columns: dict[str, ArrayLike] = {
            name: known[name] for name in (P_RED_AVERAGED, P_RED, CAGE_AVERAGED) if name in known
        }
        text = embedded_particles(
            configuration,
            columns,
            diameters=None
            if former.is_polydisperse
            else dict(zip(former.species, former.diameters, strict=True)),
            title=deepest.state.name,
        )
    sizes = sorted(zip(former.species, former.diameters, strict=True), key=lambda pair: -pair[1])
    time, how = _time_scale(deepest)
    means = supercooling(states)
    model = {
        "name": former.name,
        "title": former.title,
        "state": state_label(deepest.state),
        "control": former.control.name,
        "units": units_of(former),
        "species": [{"name": name, "diameter": diameter} for name, diameter in sizes],  # large ones first
        "groups": CLASSES[::-1] if former.is_polydisperse else [name for name, _ in sizes],
        "particles": bool(text),
        "radius": None if revealed is None else revealed.radius,
        "cage_length": None if configuration is None else _number(averaging_length(configuration)),
        "uncaged": snapshot.caged is not None and snapshot.caged.configuration is None,
        "tau": _number(time),
        "tau_how": how,
        "propensity": _propensity(snapshot.propensity),
        "clusters": _clusters(snapshot),
        "states": [_state(state) for state in states],
        "means": {  # by the order parameters of the deepest state, that of snapshot 1 first
            "rows": [_numbers(row) for row in (means.p_red, *means.others)],
            "errors": _numbers(means.p_red_error),
        },
    }
    return model, text


def _time_scale(state: StateResults) -> tuple[float, str]:
    """τ_α of a state as the figures have it, or else what is nearest to it, and what it is."""
    shown = shown_relaxation_time(state)
    if shown.kind != "none":
        return shown.time.value, "from the fit" if shown.kind == "fit" else "where F_s falls to 1/e"
    curves = pooled_so_far(state)[0]
    if curves is not None and np.isfinite(curves.tau_1e):
        return curves.tau_1e, "where F_s falls to 1/e, in the runs of the propensity"
    for one in state.snapshots:
        if one.propensity is not None and np.isfinite(one.propensity.times[-1]):
            longest = state.state.settings.propensity_of(one.number)
            return float(one.propensity.times[-1] / longest), "as known when the propensity was measured"
    return float("nan"), _NOT_MADE


def _state(state: StateResults) -> dict[str, Any]:
    curves, count = pooled_so_far(state)
    return {
        "name": state_label(state.state),
        "point": state.state.state_point,
        "deepest": state.deepest,
        "curves": None if curves is None else _curves(curves, count, len(state.snapshots)),
        "tau": _number(_time_scale(state)[0]),
    }


def pooled_so_far(state: StateResults) -> tuple[CorrelationCurves | None, int]:
    """Correlations by the rule of the plan, pooled over the snapshots that have them, and how many these are."""
    rule = str(state.state.settings.neighbors or state.state.former.neighbors)
    made = [one.curves[rule] for one in state.snapshots if rule in one.curves]
    return (pool(made), len(made)) if made else (None, 0)


def _curves(curves: CorrelationCurves, made: int, snapshots: int) -> dict[str, Any]:
    names = [name for name in (P_RED, P_RED_AVERAGED) if name in curves.fields]
    names += [CAGE_AVERAGED] if curves.knows(CAGE_AVERAGED) else []
    interval = "95 % interval, from translations" if made == 1 else "standard error of the mean"
    of = f"{made} of {snapshots} snapshots" if made < snapshots else f"{made} snapshots"
    return {
        "times": _numbers(curves.times),
        "note": f"{of if snapshots > 1 else '1 snapshot'}; band: {interval}",
        "method": curves.method,
        "species": {
            species: {
                "particles": int(curves.particles[s]),
                "ceiling": _numbers(curves.ceiling[s]),
                "chance": [_numbers(curves.chance_low[s]), _numbers(curves.chance_high[s])],
                **{
                    name: {
                        "rho": _numbers(curves.rho[f, s]),
                        "low": _numbers(curves.low[f, s]),
                        "high": _numbers(curves.high[f, s]),
                    }
                    for name, f in ((name, curves.fields.index(name)) for name in names)
                },
            }
            for s, species in enumerate(curves.species)
        },
    }


def _propensity(propensity: Propensity | None) -> dict[str, Any] | None:
    """Every δt as 16-bit codes between its own lowest and highest value: an error of 1/130,000 of the range."""
    if propensity is None:
        return None
    codes, ends = [], []
    for values in propensity.mean:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
        share = (values - low) / (high - low) if high > low else np.where(np.isfinite(values), 0.0, np.nan)
        codes.append(np.where(np.isfinite(share), np.rint(share * (_NO_NUMBER - 1)), _NO_NUMBER))
        ends.append([low, high, *two_sigma_limits(values)])
    return {
        "times": _numbers(propensity.times),
        "runs": propensity.runs,
        "ends": [_numbers(four) for four in np.array(ends)],  # lowest, highest, white, dark red
        "codes": _base64(np.array(codes).astype("<u2")),
    }


def _clusters(snapshot: SnapshotResults) -> dict[str, Any] | None:
    """Membership in the types that there are, one bit each."""
    if snapshot.explained is None:
        return None
    types, membership = snapshot.explained.clusters.types, snapshot.explained.clusters.membership
    present = np.flatnonzero(membership.any(axis=0))
    return {
        "types": [types[k] for k in present],
        "members": membership.sum(axis=0)[present].tolist(),
        "bits": _base64(np.packbits(membership[:, present].T, axis=1, bitorder="little")),
    }


def _number(value: float) -> float | None:
    return float(f"{value:.7g}") if np.isfinite(value) else None


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    return [_number(float(value)) for value in values]


def _base64(array: NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")
