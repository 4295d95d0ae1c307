"""The main figures of an evaluation, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pilotage.domain.outcomes import title_of
from pilotage.report.cards.words import figure, ranged, test_title
from pilotage.report.words import DASH

HEADINGS = (
    "forecast",
    "n",
    "happened",
    "area under the curve",
    "hits in the top 10%",
    "found in the top 10% (at most)",
    "found in the top 20% (at most)",
    "calibration error (perfect)",
    "does not beat",
)


def summary_rows(metrics: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield one row per outcome and kind of test."""
    for outcome, own in metrics["outcomes"].items():
        for kind, test in own["tests"].items():
            yield _row(f"{title_of(outcome)}, {test_title(outcome, kind)}", test)


def _row(title: str, test: dict[str, Any]) -> tuple[str, ...]:
    values, drawn = test["metrics"], test["calibration"]
    lost = [baseline["label"] for baseline in test["baselines"].values() if not baseline["beaten"]["auc"]]
    return (
        title,
        f"{test['n']:,}",
        figure(values["base_rate"], "share"),
        ranged(values["auc"], "number"),
        ranged(values["precision_at_10"], "share"),
        f"{ranged(values['recall_at_10'], 'share')} ({figure(values['recall_ceiling_at_10'], 'share')})",
        f"{ranged(values['recall_at_20'], 'share')} ({figure(values['recall_ceiling_at_20'], 'share')})",
        f"{drawn['error']:.3f} ({drawn['error_of_perfect']['mean']:.3f})",
        "; ".join(lost) or DASH,
    )


def untested_reasons(metrics: dict[str, Any]) -> list[str]:
    """Return, for each outcome that could not be tested and each fold left out, why."""
    sentences = []
    for outcome, own in metrics["outcomes"].items():
        title = title_of(outcome)
        if not own["available"]:
            sentences.append(f"{title}: not tested: {own['why']}")
        else:
            sentences += [f"{title}: left out: {why}" for why in own.get("left_out", [])]
    return sentences
