"""The gap's back-test in the same measures as other outcomes, and in those of its distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.evaluation.baselines import BASELINE, GAP_NOW
from pilotage.risk.evaluation.fairness import attributes, group_table
from pilotage.risk.evaluation.figures import rounded
from pilotage.risk.evaluation.folds import RARE
from pilotage.risk.evaluation.gap_backtest import GapTest, evaluate_gap
from pilotage.risk.evaluation.measures import measured
from pilotage.risk.spec.gap import GapSpec

IN_TIME, BY_AUTHORITY = "widens_in_time", "widens_by_authority"
NOTHING_LATER = "no school has a gap published after a day on which one was known"


def gap_tests(
    panel: SchoolPanel, scenario: Scenario, spec: GapSpec, resamples: int, level: float
) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """Return the tests of the gap, and their predictions: ``y`` is 1 where the published gap widened by over the limit.

    ``distribution`` holds what a probability cannot show: the continuous ranked probability score of the forecast
    change beside that of "gap now, shrunk", and how often its 80% interval held what came.
    """
    test = evaluate_gap(panel, scenario, spec, scenario.solver.seed)
    if test is None:
        return {"available": False, "why": NOTHING_LATER, "tests": {}}, []
    rows = _rows(panel, test)
    seed = scenario.solver.seed
    kinds = {kind: part.reset_index(drop=True) for kind, part in rows.groupby("kind", sort=True) if _both(part)}
    if not kinds:
        return {"available": False, "why": "too few gaps widened, or too few did not", "tests": {}}, []
    tests = {str(kind): _kind(part, resamples, seed, level) for kind, part in kinds.items()}
    entry = {"available": True, "why": "", "left_out": [], "tests": tests}
    entry |= {"distribution": test.metrics, "distribution_notes": list(test.notes)}
    return entry, [part.assign(outcome=spec.outcome) for part in kinds.values()]


def _rows(panel: SchoolPanel, test: GapTest) -> pd.DataFrame:
    """Return the predictions of the chance that the gap widens, as ``measured`` takes them."""
    predicted = test.predictions
    kind = np.where(predicted["fold"].str.startswith("authorities"), BY_AUTHORITY, IN_TIME)
    columns = {
        "urn": predicted["urn"].to_numpy(dtype=np.int64),
        "kind": kind,
        "fold": [f"{kind_of_test}/{fold}" for kind_of_test, fold in zip(kind, predicted["fold"], strict=True)],
        "as_of": predicted["as_of"].to_numpy(),
        "p": predicted["p"].to_numpy(dtype=float),
        "y": predicted["y_widens"].to_numpy(dtype=float),
        f"{BASELINE}{GAP_NOW}": predicted["baseline_p"].to_numpy(dtype=float),
        **dict(attributes(panel, predicted["urn"].to_numpy(dtype=np.int64))),
    }
    return pd.DataFrame(columns)


def _both(rows: pd.DataFrame) -> bool:
    hits = int(rows["y"].sum())
    return min(hits, len(rows) - hits) >= RARE


def _kind(rows: pd.DataFrame, resamples: int, seed: int, level: float) -> dict[str, Any]:
    return {
        **measured(rows, resamples, seed, level),
        "groups": group_table(rows, resamples, seed, level),
        "folds": [_fold(str(fold), part) for fold, part in rows.groupby("fold", sort=True)],
        "stability": {"between_resamples": {"spearman": None, "top_tenth_shared": None}, "between_folds": []},
    }


def _fold(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "fold": name,
        "kind": "temporal" if name.startswith(IN_TIME) else "held_out_authorities",
        "as_of": str(rows["as_of"].max()),
        "n": len(rows),
        "positives": int(rows["y"].sum()),
        "mean_forecast": rounded(float(rows["p"].mean())),
    }
