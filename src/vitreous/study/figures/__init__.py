"""All figures of a study, in the order of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitreous.study.figures.correlations import neighbor_rules_figure, states_figure
from vitreous.study.figures.snapshots import deepest_states_figure
from vitreous.study.figures.structure import bond_order_figure, clusters_figure
from vitreous.study.figures.supercooling import supercooling_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vitreous.study.results import StudyResults

__all__ = ["study_figures"]


def study_figures(results: StudyResults) -> dict[str, Figure]:
    """Draw all that a study has found so far, as Boattini et al., Nat. Commun. 11, 5479 (2020), show theirs.

    Parameters
    ----------
    results : StudyResults
        Results of one to three models and any number of states and snapshots. Figures of three are 18 cm wide. A
        panel whose numbers are not made yet is empty and says so.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        By the stem of the file: figure-2, figure-3 and figure-4 as in the paper, then topological-clusters,
        bond-order and neighbor-rules, which are in its supplement. Each has the label of the plan above it, if there
        is one, 300 dots per inch and nothing of pyplot's global state; `save_figure` writes it.
    """
    return {
        "figure-2": deepest_states_figure(results),
        "figure-3": supercooling_figure(results),
        "figure-4": states_figure(results),
        "topological-clusters": clusters_figure(results),
        "bond-order": bond_order_figure(results),
        "neighbor-rules": neighbor_rules_figure(results),
    }
